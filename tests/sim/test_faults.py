#!/usr/bin/env python3
"""What the machine does to a console in the middle of an action: disk full, failed fsync, read-only journal, a terminal that
hangs up.  After each, router and journal agree, and the next start settles what was left.

usage: tests/sim/test_faults.py [WORD ...]     only tests whose name holds a word
"""
import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback

from simlab import PEERDECK, Lab

WHO = "192.0.2.1"
SUSPEND = ["suspend", f"sim1/{WHO}", "--yes", "--reason", "fault"]


def environment():
    return {k: v for k, v in os.environ.items() if k != "SSH_AUTH_SOCK"}


def shut(lab):
    return next(n for n in lab.neighbors() if n["address"] == WHO)["admin"] == "down"


def records(lab, kind):
    try:
        with open(lab.path("data/journal.jsonl")) as f:
            found = [json.loads(line) for line in f if line.endswith("\n")]
    except FileNotFoundError:
        found = []
    return [r for r in found if r["kind"] == kind]


def verified(lab):
    done = lab.run("journal", "verify")
    assert done.returncode == 0, done.stdout + done.stderr


def settled(lab):
    """The next start finds out what became of it; every intent has one outcome then."""
    done = lab.run("held", "--json")
    held = json.loads(done.stdout)
    assert not held["unsettled"], held
    intents, outcomes = records(lab, "intent"), records(lab, "outcome")
    assert [i["id"] for i in intents] == [o["id"] for o in outcomes], (intents, outcomes)
    verified(lab)
    return held, outcomes


def injected(lab, *injections):
    """The console with system calls on its journal that fail."""
    args = ["strace", "-f", "-qq", "-o", lab.path("strace"), "-P", lab.path("data/journal.jsonl"), "-e", "trace=write,fdatasync"]
    for one in injections:
        args += ["-e", "inject=" + one]
    return subprocess.run(args + [PEERDECK, "--config", lab.path("peerdeck.conf")] + SUSPEND, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=90, env=environment())


def in_small_place(lab, prepare, *words):
    """The console on a data directory that is a small file system of its own, after `prepare` has been done to it."""
    script = ('set -e; mount -t tmpfs -o size=2m,mode=700 none "$1/small"; cp -a "$1/data/." "$1/small"; cd "$1/small"; '
              f'{prepare}; cd "$1"; shift; code=0; "$@" || code=$?; cp small/journal.jsonl after.jsonl 2>/dev/null || :; '
              'exit $code')
    os.makedirs(lab.path("small"), exist_ok=True)
    return subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", lab.folder, PEERDECK,
                           "--config", lab.path("peerdeck.conf"), "--data-dir", lab.path("small"), *words],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90, env=environment())


def refused_in(lab, prepare, words):
    before = lab.state()
    done = in_small_place(lab, prepare, *SUSPEND)
    assert done.returncode == 4, f"exit {done.returncode}: {done.stdout}{done.stderr}"
    assert words in done.stderr, done.stderr
    assert lab.state() == before and not shut(lab)


def disk_full():
    """No room for intent and outcome: nothing is begun."""
    with Lab("ios", timeout=5) as lab:
        refused_in(lab, "dd if=/dev/zero of=filler bs=64k 2>/dev/null || :", "the disk is full")


def read_only_journal():
    with Lab("ios", timeout=5) as lab:
        refused_in(lab, 'touch journal.jsonl; cd /; mount -o remount,ro "$1/small"', "no action is possible")


def disk_full_at_the_intent():
    with Lab("ios", timeout=5) as lab:
        done = injected(lab, "write:error=ENOSPC:when=1")
        assert done.returncode == 1 and "nothing was sent" in done.stdout, done.stdout + done.stderr
        assert not shut(lab) and not records(lab, "intent")
        settled(lab)


def disk_full_at_the_outcome():
    """Done, but not on record: the next start reads it back."""
    with Lab("ios", timeout=5) as lab:
        done = injected(lab, "write:error=ENOSPC:when=2+")
        assert "COULD NOT BE JOURNALLED" in done.stdout, done.stdout + done.stderr
        assert shut(lab) and len(records(lab, "intent")) == 1 and not records(lab, "outcome")
        held, outcomes = settled(lab)
        assert outcomes[0]["outcome"] == "done" and outcomes[0]["settled"], outcomes
        assert held["held"][0]["state"] == "held", held


def failed_fsync_of_the_intent():
    """Not known to be durable, so nothing is sent; what the file holds is settled as not done."""
    with Lab("ios", timeout=5) as lab:
        done = injected(lab, "fdatasync:error=EIO:when=1")
        assert done.returncode == 1 and "nothing was sent" in done.stdout, done.stdout + done.stderr
        assert not shut(lab)
        held, outcomes = settled(lab)
        assert all(o["outcome"] == "failed" for o in outcomes) and not held["held"]


def failed_fsync_of_the_outcome():
    with Lab("ios", timeout=5) as lab:
        done = injected(lab, "fdatasync:error=EIO:when=2+")
        assert "COULD NOT BE JOURNALLED" in done.stdout, done.stdout + done.stderr
        held, outcomes = settled(lab)
        assert shut(lab) and outcomes[0]["outcome"] == "done" and held["held"], (outcomes, held)


def terminal_hangs_up():
    """The operator's terminal goes away while lines are sent: the action ends, proven and on record."""
    with Lab("ios", timeout=5) as lab:
        pid, master = pty.fork()
        if pid == 0:
            os.execve(PEERDECK, [PEERDECK, "--config", lab.path("peerdeck.conf")] + SUSPEND, environment())
        seen = b""
        while b"sending" not in seen:
            seen += os.read(master, 4096)
        os.close(master)
        _, status = os.waitpid(pid, 0)
        assert not os.WIFSIGNALED(status), f"ended by signal {os.WTERMSIG(status)}"
        outcomes = records(lab, "outcome")
        assert shut(lab) and len(outcomes) == 1 and outcomes[0]["outcome"] == "done" and not outcomes[0].get("settled")
        settled(lab)


def killed_and_seen_by_a_second_console():
    """While one is at it another is refused, with who and since when; once it is dead the other settles it."""
    with Lab("ios", timeout=5) as lab:
        first = lab.begin(*SUSPEND)
        end = time.monotonic() + 30
        while not records(lab, "intent"):
            assert time.monotonic() < end, "no intent came"
            time.sleep(0.01)
        first.send_signal(signal.SIGSTOP)
        second = lab.run("suspend", f"sim1/{WHO}", "--yes", "--reason", "me too")
        said = second.stdout + second.stderr
        assert second.returncode != 0, said
        assert "is acting on sim1 192.0.2.1 (suspend) since" in said or "already shut" in said or \
            "locked by another process" in said, said
        first.kill()
        first.wait()
        first.stdout.close()
        first.stderr.close()
        told = lab.run("doctor").stdout
        assert "the suspend of 192.0.2.1" in told and "has no outcome yet" in told, told
        _, outcomes = settled(lab)
        assert outcomes[0]["settled"] and outcomes[0]["outcome"] == ("done" if shut(lab) else "failed"), outcomes
        assert "has no outcome yet" not in lab.run("doctor").stdout


def drained():
    """Marked, waited for, shut: two actions, one operation."""
    with Lab("junos", timeout=5) as lab:
        who = next(n["address"] for n in lab.neighbors() if n["admin"] == "up" and "target" not in n)
        done = lab.run("drain", f"sim1/{who}", "--yes", "--reason", "fault", "--wait", "1s")
        assert done.returncode == 0, done.stdout + done.stderr
        intents = records(lab, "intent")
        assert [i["verb"] for i in intents] == ["gshut", "suspend"], intents
        assert intents[0]["op"] == intents[1]["op"]
        assert [r["more"]["state"] for r in records(lab, "drain")] == ["waiting 1", "done"]
        settled(lab)


def drain_stopped():
    """An interrupt while it waits: the marks stand, nothing is shut."""
    with Lab("junos", timeout=5) as lab:
        who = next(n["address"] for n in lab.neighbors() if n["admin"] == "up" and "target" not in n)
        drain = lab.begin("drain", f"sim1/{who}", "--yes", "--reason", "fault", "--wait", "1h")
        end = time.monotonic() + 40
        while not records(lab, "drain"):
            assert time.monotonic() < end and drain.poll() is None, drain.communicate()
            time.sleep(0.05)
        drain.send_signal(signal.SIGINT)
        out, err = drain.communicate(timeout=30)
        assert drain.returncode == 1 and "stopped" in out, out + err
        assert [i["verb"] for i in records(lab, "intent")] == ["gshut"]
        held, _ = settled(lab)
        assert [h["verb"] for h in held["held"]] == ["gshut"], held


def drain_goes_on_after_a_kill():
    """The wait of a killed console is another's to go on with: here the next drain's, which ends both."""
    with Lab("junos", timeout=5) as lab:
        one, two = [n["address"] for n in lab.neighbors() if n["admin"] == "up" and "target" not in n][:2]
        first = lab.begin("drain", f"sim1/{one}", "--yes", "--reason", "fault", "--wait", "2s")
        end = time.monotonic() + 40
        while not records(lab, "drain"):
            assert time.monotonic() < end and first.poll() is None, first.communicate()
            time.sleep(0.02)
        first.kill()
        first.communicate()
        done = lab.run("drain", f"sim1/{two}", "--yes", "--reason", "fault", "--wait", "20s")
        assert done.returncode == 0, done.stdout + done.stderr
        states = [r["more"]["state"] for r in records(lab, "drain")]
        assert sorted(states) == sorted(["waiting 1", "waiting 1", "waiting 2", "done", "done"]), states
        held, _ = settled(lab)
        assert sorted(h["verb"] for h in held["held"]) == ["gshut", "gshut", "suspend", "suspend"], held


def half_open(when):
    """The link stays open, and nothing comes any more: the action ends by its own deadlines, as unknown or not begun, and
    is settled by reading once the router speaks again."""
    with Lab("ios", timeout=3) as lab:
        action = lab.begin(*SUSPEND)
        end = time.monotonic() + 40
        while not when(lab):
            assert time.monotonic() < end and action.poll() is None, action.communicate()
            time.sleep(0.002)
        lab.router.send_signal(signal.SIGSTOP)
        try:
            out, err = action.communicate(timeout=120)
        finally:
            lab.router.send_signal(signal.SIGCONT)
        outcome = records(lab, "outcome")
        assert action.returncode != 0 and not [o for o in outcome if o["outcome"] == "done"], out + err
        time.sleep(1)
        sent = [line for _, line in lab.log() if line == f"neighbor {WHO} shutdown"]
        assert len(sent) <= 1, sent
        done = lab.run("held", "--look", "--json")
        rows = json.loads(done.stdout)
        assert not rows["unsettled"], rows
        last = records(lab, "outcome")[-1]
        assert last["outcome"] in (("done", "unknown") if shut(lab) else ("failed", "unknown")), last
        assert len([line for _, line in lab.log() if line == f"neighbor {WHO} shutdown"]) == len(sent), "sent again"
        verified(lab)


def half_open_at_the_intent():
    half_open(lambda lab: records(lab, "intent"))


def half_open_at_the_line():
    half_open(lambda lab: f"neighbor {WHO} shutdown" in [line for _, line in lab.log()])


def heads_go_to_the_syslog():
    """Each record's place and hash are a datagram at /dev/log, here a socket of the test's: a cut tail is known by it."""
    script = ('set -e; mkdir "$1/dev"; mount -t tmpfs none "$1/dev"; for n in null zero random urandom tty; do '
              ': > "$1/dev/$n"; mount --bind "/dev/$n" "$1/dev/$n"; done; ln -s "$1/heads" "$1/dev/log"; '
              'mount --rbind "$1/dev" /dev; shift; exec "$@"')
    with Lab("ios", timeout=5) as lab, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heads:
        heads.bind(lab.path("heads"))
        heads.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        heads.setblocking(False)
        done = subprocess.run(["unshare", "-r", "-m", "sh", "-c", script, "sh", lab.folder, PEERDECK, "--config",
                               lab.path("peerdeck.conf")] + SUSPEND, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=90, env=environment())
        assert done.returncode == 0, done.stdout + done.stderr
        found = {}
        while True:
            try:
                words = heads.recv(4096).decode()
            except BlockingIOError:
                break
            match = re.search(r"journal (\S+) head (\d+):([0-9a-f]{64})", words)
            if match:
                assert match[1] == lab.path("data/journal.jsonl"), words
                found[int(match[2])] = match[3]
        with open(lab.path("data/journal.jsonl")) as f:
            chain = [json.loads(line) for line in f]
        with open(lab.path("data/journal.jsonl.head")) as f:
            head = f.read()
        intent, last = next(r["seq"] for r in chain if r["kind"] == "intent"), chain[-1]["seq"]
        assert set(range(intent, last + 1)) <= set(found), (intent, last, found)
        for record in chain: # each record names the one before it by the hash that was told
            assert found.get(record["seq"] - 1, record["prev"]) == record["prev"], (record, found)
        assert found[last] in head, (found, head)


class Console:
    """The screen on a terminal of its own, left alone."""

    def __init__(self, lab):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execve(PEERDECK, [PEERDECK, "--config", lab.path("peerdeck.conf")], dict(environment(), TERM="xterm"))
        self.reader = threading.Thread(target=self._drain, daemon=True)
        self.reader.start()

    def _drain(self):
        try:
            while os.read(self.master, 65536):
                pass
        except OSError:
            pass

    def end(self, sig=signal.SIGTERM):
        os.kill(self.pid, sig)
        os.waitpid(self.pid, 0)


def until(what, test, seconds=60):
    end = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < end, f"{what} did not come within {seconds} s"
        time.sleep(0.1)


def held_until_ends_by_itself():
    """A running console resumes when the time has come, and sees the session come back."""
    with Lab("ios", timeout=5, more="    interval = 2s") as lab:
        done = lab.run(*SUSPEND, "--until", "4s")
        assert done.returncode == 0 and shut(lab), done.stdout + done.stderr
        console = Console(lab)
        try:
            until("the resume", lambda: [o for o in records(lab, "outcome") if o["verb"] == "resume"])
            until("the way back", lambda: records(lab, "back"))
        finally:
            console.end()
        resumed = next(o for o in records(lab, "outcome") if o["verb"] == "resume")
        assert resumed["outcome"] == "done" and "held until" in resumed["reason"] and not shut(lab), resumed
        assert records(lab, "back")[0]["more"]["state"] == "back", records(lab, "back")
        held, _ = settled(lab)
        assert not held["held"] and not held["returning"], held


def overdue_when_the_router_is_away():
    with Lab("ios", timeout=5, more="    interval = 2s") as lab:
        done = lab.run(*SUSPEND, "--until", "3s")
        assert done.returncode == 0, done.stdout + done.stderr
        lab.stop()
        console = Console(lab)
        try:
            until("the reminder", lambda: records(lab, "until"))
        finally:
            console.end()
        assert records(lab, "until")[0]["more"]["state"] == "overdue"
        held = json.loads(lab.run("held", "--offline", "--json").stdout)
        assert held["held"][0]["state"] == "overdue" and held["held"][0]["overdue"], held


def not_ended_when_somebody_else_shut_it_again():
    """Another message than ours: left as it is, and told."""
    with Lab("ios", timeout=5, more="    interval = 2s") as lab:
        done = lab.run("suspend", f"sim1/{WHO}", "--yes", "--reason", "fault", "--until", "3s")
        assert done.returncode == 0, done.stdout + done.stderr
        lab.paste(["enable", "letmein", "configure terminal", "router bgp 64500", f"no neighbor {WHO} shutdown", "end", "exit"])
        assert not shut(lab)
        console = Console(lab)
        try: # somebody opened it: nothing is sent any more, reading closes the entry
            until("the end", lambda: [o for o in records(lab, "outcome") if o["verb"] == "resume"] or records(lab, "until"))
        finally:
            console.end()
        assert not shut(lab)
        for intent in records(lab, "intent"):
            assert intent["verb"] == "suspend" or not intent.get("send"), intent


def a_console_settles_what_another_left():
    with Lab("ios", timeout=5, more="    interval = 2s") as lab:
        first = lab.begin(*SUSPEND)
        until("the intent", lambda: records(lab, "intent"), 30)
        first.kill()
        first.communicate()
        if records(lab, "outcome"):
            return # it was quicker
        console = Console(lab)
        try:
            until("the outcome", lambda: records(lab, "outcome"))
        finally:
            console.end(signal.SIGHUP)
        outcome = records(lab, "outcome")[0]
        assert outcome["settled"] and outcome["outcome"] == ("done" if shut(lab) else "failed"), outcome


TESTS = [half_open_at_the_intent, half_open_at_the_line, heads_go_to_the_syslog, disk_full, read_only_journal, disk_full_at_the_intent, disk_full_at_the_outcome, failed_fsync_of_the_intent,
         failed_fsync_of_the_outcome, terminal_hangs_up, killed_and_seen_by_a_second_console, drained,
         drain_stopped, drain_goes_on_after_a_kill, held_until_ends_by_itself, overdue_when_the_router_is_away,
         not_ended_when_somebody_else_shut_it_again, a_console_settles_what_another_left]


def main():
    failed = 0
    for test in TESTS:
        name = test.__name__.replace("_", " ")
        if sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
            continue
        if "injected" in test.__code__.co_names and shutil.which("strace") is None:
            print(f"ok - {name} # skip strace is not there (demo/packages test)", flush=True)
            continue
        why = None
        try:
            test()
        except Exception:
            why = traceback.format_exc()
        failed += why is not None
        print(f"{'ok' if why is None else 'not ok'} - {name}", flush=True)
        for line in (why or "").splitlines():
            print("# " + line, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
