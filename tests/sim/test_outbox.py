#!/usr/bin/env python3
"""Alerts of the whole console on their way to outputs: a simulated router behind a gate that is shut and opened, a sink
that behaves and misbehaves, one console and two, stopped and killed.  TAP."""
import contextlib
import fcntl
import json
import os
import pty
import re
import select
import signal
import socket
import struct
import sys
import termios
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "app"))
from alert_sink import Sink  # noqa: E402
from simlab import PEERDECK, Lab  # noqa: E402

FAILURES = 0


def check(holds, what, shown=""):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)
    if not holds:
        print("\n".join("# " + line for line in str(shown).splitlines()[-30:]), flush=True)


def until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


class Gate:
    """A port that leads to the router while it is open; shut, it cuts what runs and refuses the rest."""

    def __init__(self, port):
        self.to, self.open, self.pairs = port, True, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if not self.open:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.to))
            self.pairs += [near, far]
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(a, b), daemon=True).start()

    @staticmethod
    def pump(a, b):
        try:
            while data := a.recv(65536):
                b.sendall(data)
        except OSError:
            pass
        for s in (a, b):
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)

    def shut(self):
        self.open = False
        for s in self.pairs:
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)
        self.pairs = []

    def unlock(self):
        self.open = True


class Console:
    def __init__(self, lab):
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            env = {"HOME": lab.folder, "PATH": os.environ["PATH"], "TERM": "xterm", "LANG": "C.UTF-8"}
            os.execve(PEERDECK, [PEERDECK, "--config", lab.path("peerdeck.conf")], env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        self.alive = True
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                return
            if not data:
                return
            self.seen += data

    def keys(self, data):
        os.write(self.fd, data)

    def screen(self, seconds=1.0):
        """All words of the screen, drawn anew."""
        at = len(self.seen)
        self.keys(b"\x0c")
        time.sleep(seconds)
        return re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[()][A-Z0-9])", " ", self.seen[at:].decode("utf-8", "replace"))

    def end(self, sig=signal.SIGTERM):
        if not self.alive:
            return None
        os.kill(self.pid, sig)
        self.alive = False
        begun = time.monotonic()
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        return time.monotonic() - begun


class Stage:
    """A router, its gate, a sink, and the configuration that names them."""

    def __init__(self, outputs, to, rule="severity = alarm\n repeat = 0"):
        self.outputs, self.to, self.rule = outputs, to, rule
        self.consoles = []

    def __enter__(self):
        self.sink = Sink()
        self.lab = Lab("ios", os_name="ios").__enter__()
        self.gate = Gate(int(self.lab.said["port"]))
        key = self.lab.path("key")
        with open(key, "w", encoding="utf-8") as f:
            f.write("a-key-of-nobody")
        os.chmod(key, 0o600)
        path = self.lab.path("peerdeck.conf")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        text = text.replace(f"port     = {self.lab.said['port']}", f"port     = {self.gate.port}\n    interval = 1s")
        text += self.outputs.replace("URL", self.sink.url).replace("KEY", key)
        text += f'alert lost {{ on = router-lost\n for = 1s\n {self.rule}\n to = "{self.to}" }}\n'
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        done = self.lab.run("enroll", "--no-detect", "--accept", self.lab.said["hostkey"].split()[1], self.lab.name)
        assert done.returncode == 0, done.stdout + done.stderr
        return self

    def console(self, ready=True):
        c = Console(self.lab)
        self.consoles.append(c)
        if ready:
            assert until(lambda: b"routers 1/1 up" in c.seen or "routers 1/1 up" in c.screen(0.5), 20), c.screen()
        return c

    def __exit__(self, *_):
        for c in self.consoles:
            c.end(signal.SIGKILL)
        self.gate.listener.close()
        self.gate.shut()
        self.sink.stop()
        self.lab.__exit__()


def hook(name, path, more=""):
    return f'output {name} {{ kind = webhook\n url = "URL{path}"\n timeout = 2s\n {more} }}\n'


def news(stage, path):
    return [n["news"] for n in stage.sink.notices(path)]


def fires_and_is_resolved():
    outputs = (hook("own", "/ok/own") + hook("pd", "/pagerduty", 'template = pagerduty\n token-file = "KEY"') +
               hook("am", "/ok/am", "template = alertmanager") + hook("chat", "/ok/chat", "template = slack") +
               hook("floor", "/ok/floor", "severity = alarm") + hook("night", "/ok/night", 'quiet = "00:00-23:59"'))
    with Stage(outputs, "own pd am chat floor night", "severity = warning\n repeat = 0") as s:
        s.console()
        check(not s.sink.got, "nothing is told while all is well", s.sink.got)
        s.gate.shut()
        check(until(lambda: len(s.sink.posts()) >= 4, 20), "all four are told when the router is lost", s.sink.posts())
        s.gate.unlock()
        check(until(lambda: len(s.sink.posts()) >= 8, 60), "all four are told that it is back", [g["path"] for g in s.sink.posts()])
        time.sleep(2)
        check(news(s, "/ok/own") == ["firing", "resolved"], "own shape: firing, then resolved, each once", news(s, "/ok/own"))
        a, b = s.sink.notices("/ok/own")
        check(a["key"] == b["key"] and a["since"] == b["since"] and a["router"] == "sim1", "both are about the same thing", (a, b))
        pd = s.sink.taken("/pagerduty")
        check([p["event_action"] for p in pd] == ["trigger", "resolve"] and pd[0]["dedup_key"] == pd[1]["dedup_key"],
              "pagerduty: trigger and resolve with one dedup_key", pd)
        am = [b[0] for b in s.sink.taken("/ok/am")]
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        check(am[0]["labels"] == am[1]["labels"] and am[0]["endsAt"] > now >= am[1]["endsAt"],
              "alertmanager: the same labels, first an end in the future, then one that is past", am)
        check(len(s.sink.taken("/ok/chat")) == 2, "slack: two messages", s.sink.taken("/ok/chat"))
        check(not s.sink.posts("/ok/floor"), "what is less than an output's severity is not told to it")
        check(not s.sink.posts("/ok/night"), "in its quiet hours an output is told nothing, nor an end without a beginning")


def retries():
    with Stage(hook("own", "/ok/own"), "own") as s:
        c = s.console()
        s.sink.mode = "fail"
        s.gate.shut()
        check(until(lambda: len(s.sink.posts()) >= 3, 30), "500: it is tried again", s.sink.posts())
        at = [g["at"] for g in s.sink.posts()]
        check(at[2] - at[1] > (at[1] - at[0]) * 0.7 and at[1] - at[0] > 1, "with pauses that grow", at)
        ids = {json.loads(g["body"])["notices"][0]["id"] for g in s.sink.posts()}
        check(len(ids) == 1, "it is the same notice each time", ids)
        c.keys(b"Z")
        shown = c.screen()
        check("FAILS (" in shown and "HTTP 500: it is broken here" in shown and "1 wait" in shown and "again in" in shown,
              "the alerts view says so", shown)
        s.sink.mode, s.sink.seconds = "later", 6
        n = len(s.sink.posts())
        check(until(lambda: len(s.sink.posts()) > n, 40), "tried again", "")
        s.sink.mode = None
        check(until(lambda: news(s, "/ok/own"), 40), "told in the end")
        at = [g["at"] for g in s.sink.posts()]
        check(at[-1] - at[-2] >= 6, "Retry-After is kept", at)
        works = lambda: "FAILS" not in c.screen() and re.search(r"own\s+sent \d+s ago", c.screen())  # the answer comes back after the post came in
        check(until(works, 20), "and the view that it works again", c.screen())
        time.sleep(1)
        check(news(s, "/ok/own") == ["firing"], "told once", news(s, "/ok/own"))


def restart():
    with Stage(hook("own", "/ok/own"), "own") as s:
        c = s.console()
        s.gate.shut()
        check(until(lambda: news(s, "/ok/own") == ["firing"], 20), "told", s.sink.got)
        took = c.end()
        check(took < 10, "the console ends soon", took)
        c = s.console(ready=False)
        time.sleep(8)
        check(news(s, "/ok/own") == ["firing"], "after a restart it is not told again", news(s, "/ok/own"))
        c.keys(b"Z")
        check("lost" in c.screen(), "it still stands in the list", c.screen())
        c.end(signal.SIGKILL)
        s.gate.unlock()
        s.console()
        check(until(lambda: news(s, "/ok/own") == ["firing", "resolved"], 40), "killed, and over meanwhile: the end is told", news(s, "/ok/own"))
        time.sleep(3)
        check(news(s, "/ok/own") == ["firing", "resolved"], "once", news(s, "/ok/own"))


def absent_over_a_restart():
    with Stage(hook("own", "/ok/own"), "own") as s:
        port = s.sink.port
        c = s.console()
        s.sink.stop()
        s.gate.shut()
        c.keys(b"Z")
        check(until(lambda: "1 wait" in c.screen(0.5), 20), "the sink is absent: the notice waits", c.screen())
        c.end()
        s.sink = Sink(port)
        s.console(ready=False)
        check(until(lambda: news(s, "/ok/own") == ["firing"], 20), "it outlives the console, and is told by the next", s.sink.got)
        time.sleep(5)
        check(news(s, "/ok/own") == ["firing"], "once", news(s, "/ok/own"))


def damaged_store():
    with Stage(hook("own", "/ok/own"), "own") as s:
        os.makedirs(s.lab.path("data"), mode=0o700, exist_ok=True)
        with open(s.lab.path("data/outbox.db"), "wb") as f:
            f.write(b"this is no database at all " * 1000)
        s.console()
        s.gate.shut()
        check(until(lambda: news(s, "/ok/own") == ["firing"], 20), "a damaged file stops nothing", s.sink.got)
        check(os.path.exists(s.lab.path("data/outbox.db.damaged")), "it is set aside", os.listdir(s.lab.path("data")))


def two_consoles():
    with Stage(hook("own", "/ok/own"), "own") as s:
        first = s.console()
        second = s.console()
        s.gate.shut()
        check(until(lambda: news(s, "/ok/own") == ["firing"], 20), "two consoles: told", s.sink.got)
        time.sleep(4)
        check(news(s, "/ok/own") == ["firing"], "two consoles: once", news(s, "/ok/own"))
        second.keys(b"Z")
        shown = second.screen()
        check("another console on this host tells them" in shown and re.search(r"own\s+sent \d+s ago", shown),
              "the second shows how the first fares", shown)
        first.keys(b"Z")
        time.sleep(0.5)
        first.keys(b"a")
        check(until(lambda: "acked" in second.screen(0.7), 10), "an acknowledgement is seen by the other", second.screen())
        first.end(signal.SIGKILL)
        time.sleep(3)
        check(news(s, "/ok/own") == ["firing"], "the first is killed: nothing is told twice", news(s, "/ok/own"))
        s.gate.unlock()
        check(until(lambda: news(s, "/ok/own") == ["firing", "resolved"], 60), "the second takes over and tells the end", news(s, "/ok/own"))
        s.gate.shut()
        check(until(lambda: news(s, "/ok/own") == ["firing", "resolved", "firing"], 30), "and what is new", news(s, "/ok/own"))


def never_waits():
    outputs = hook("hang", "/hang", "") + hook("drip", "/drip") + 'output gone { kind = webhook\n url = "http://peerdeck-test.invalid/x" }\n'
    with Stage(outputs + hook("own", "/ok/own"), "hang drip gone own") as s:
        c = s.console()
        s.gate.shut()
        check(until(lambda: news(s, "/ok/own") and s.sink.posts("/hang"), 20), "one that hangs delays no other", s.sink.got)
        took = []
        for n in range(60):
            at, begun = len(c.seen), time.monotonic()
            c.keys(b"Z" if n % 2 else b"1")
            while len(c.seen) == at and time.monotonic() - begun < 5:
                time.sleep(0.0005)
            took.append((time.monotonic() - begun) * 1000)
            time.sleep(0.15)
        took.sort()
        print(f"# from key to screen while outputs hang, drip and do not resolve: median {took[30]:.1f} ms, worst {took[-1]:.1f} ms")
        check(took[-1] < 250, "keys are answered at once while outputs hang", took[-5:])
        took = c.end()
        check(took < 12, "and it can be left", took)


def test_key():
    with Stage(hook("own", "/ok/own") + hook("bad", "/fail/bad"), "own") as s:
        c = s.console()
        c.keys(b"Z")
        time.sleep(0.5)
        c.keys(b"t")
        time.sleep(0.3)
        check(not s.sink.got, "t asks first")
        c.keys(b"\r")
        check(until(lambda: s.sink.notices("/ok/own"), 10), "t: a test goes out", s.sink.got)
        check(s.sink.notices("/ok/own")[0]["test"] is True, "it is marked")
        check(until(lambda: b"test of own: taken: HTTP 200: ok" in c.seen, 5), "and the answer is shown, without another key", c.seen[-900:])
        c.keys(b":alert-test bad\r")
        check(until(lambda: "test of bad: NOT taken: HTTP 500" in c.screen(0.5), 10), "one that fails says so", c.screen())
        c.keys(b":alert-test nobody\r")
        check(until(lambda: b"is no output; there are: own, bad" in c.seen, 5), "an unknown one names the known", c.seen[-600:])


def main():
    tests = [fires_and_is_resolved, retries, restart, absent_over_a_restart, damaged_store, two_consoles, never_waits, test_key]
    for t in tests:
        if not sys.argv[1:] or any(w in t.__name__ for w in sys.argv[1:]):
            t()
    return 1 if FAILURES else 0


sys.exit(main())
