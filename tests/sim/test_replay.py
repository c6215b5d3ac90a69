#!/usr/bin/env python3
"""What the console records of a router of every OS is what a replay shows: before, while and after a session is shut.

usage: tests/sim/test_replay.py [WORD ...]     only tests whose name holds a word
"""
import glob
import json
import os
import pty
import re
import subprocess
import sys
import threading
import time

from simlab import PEERDECK, SCRIPTS, Lab
from test_sim import offered, planned, remarks, run_all, test

PASSING = ("age_s", "uptime_s", "messages_in", "messages_out")  # go on between two readings
SECRETS = ("letmein", "HUSH")


def told(done):
    """The rows of a reading by what they are, without what passes."""
    assert done.stdout.strip(), f"nothing read: {done.stderr}"
    rows = json.loads(done.stdout)
    for r in rows:
        (r["last_error"] or {}).pop("ago_s", None)
    return {(r["router"], r["vrf"], r["neighbor"], r["afi_safi"]): {k: v for k, v in r.items() if k not in PASSING}
            for r in rows}


def difference(then, shown):
    """What differs, row by row."""
    return [(key, name, then.get(key, {}).get(name), shown.get(key, {}).get(name)) for key in sorted(then.keys() | shown.keys(), key=str)
            for name in sorted(then.get(key, {}).keys() | shown.get(key, {}).keys())
            if then.get(key, {}).get(name) != shown.get(key, {}).get(name)]


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def settle(lab):
    """A time that lies between what was heard before it and what will be heard."""
    time.sleep(3.2)
    at = now()
    row = told(lab.run("sessions", "--json", "--timeout", "30"))
    time.sleep(1.2)
    return at, row


def recorded_test(script):
    """Three moments: as it was, with a session shut, and with it open again."""
    def run():
        says = remarks(script)
        with Lab(script, says.get("os")) as lab:
            address = lab.neighbors()[0]["address"]
            acts = {"suspend", "resume"} <= set(offered(says.get("os", script))) and \
                f"suspend:{address}" not in says.get("prepared", "") + says.get("refused", "")
            file = lab.path("r.recording")
            with lab.begin("record", "--all", "--to", file, "--every", "1s", "--for", "10m") as recorder:
                moments = []
                try:
                    moments.append(settle(lab))
                    for verb in ("suspend", "resume") if acts else ():
                        done = lab.run(verb, f"{lab.name}/{address}", "--yes", "--reason", "test", "--json")
                        assert done.returncode == 0, f"{verb}: {done.stdout}{done.stderr}"
                        moments.append(settle(lab))
                finally:
                    recorder.terminate()
                    _, err = recorder.communicate(timeout=30)
            assert recorder.returncode == 0, err
            lab.stop()  # no router is there any more
            for at, before in moments:
                done = lab.run("sessions", "--json", "--replay", file, "--at", at)
                assert done.returncode == 0, done.stderr
                shown = told(done)
                assert shown == before, f"at {at}: then, and in the replay: {difference(before, shown)}"
            if acts:
                states = [m[1] for m in moments]
                assert states[0] != states[1] and states[1] != states[2], "the session was not seen to go"
            with open(file, "rb") as f:
                octets = f.read()
            assert not [s for s in SECRETS if s.encode() in octets], "a secret is in the recording"
            # cut anywhere, it is still read, and says so
            with open(lab.path("cut.recording"), "wb") as f:
                f.write(octets[:len(octets) * 2 // 3])
            done = lab.run("replay", "--list", lab.path("cut.recording"))
            assert done.returncode == 0 and "cut off" in done.stdout, done.stdout + done.stderr
    return run


def transcript_test(script):
    """The transcript of a bug report is a recording, too, and can still be talked to."""
    def run():
        with Lab(script, remarks(script).get("os")) as lab:
            done = lab.run("record", lab.name)
            assert done.returncode == 0, done.stderr
            with open(lab.path("t.txt"), "w") as f:
                f.write(done.stdout)
            check = lab.run("record", "--check", lab.path("t.txt"))
            assert check.returncode == 0, check.stderr
            live = told(lab.run("sessions", "--json"))
            shown = told(lab.run("sessions", "--json", "--replay", lab.path("t.txt")))
            assert shown == live, f"live, and in the replay: {difference(live, shown)}"
    return run


def lost_test():
    """A router that goes away: the replay knows when and why, and shows nothing as fresh."""
    with Lab("ios") as lab:
        file = lab.path("r.recording")
        with lab.begin("record", lab.name, "--to", file, "--every", "1s", "--for", "10m") as recorder:
            try:
                time.sleep(3)
                lab.stop()
                time.sleep(3)
            finally:
                recorder.terminate()
                recorder.communicate(timeout=30)
        with open(file) as f:
            text = f.read()
        assert re.search(r"^@ link \S+ sim1 ios waiting network ", text, re.M), text[-500:]
        done = lab.run("replay", "--list", file)
        assert re.search(r"sim1 \(ios\): [0-9]+ looks every 1s, [1-9][0-9]* failures", done.stdout), done.stdout


def console_test():
    """The console keeps what it hears, from the configuration's word on until the operator's, and what it asked besides."""
    with Lab("ios") as lab:
        with open(lab.path("peerdeck.conf"), "a") as f:
            f.write("record = yes\nevidence { ping-every = 5s\n probe-gap = 1s }\n")
        folder = lab.path("data/recordings")
        ours, theirs = pty.openpty()
        env = dict(os.environ, TERM="xterm", LC_ALL="C.UTF-8")
        with subprocess.Popen([PEERDECK, "--config", lab.path("peerdeck.conf")], stdin=theirs, stdout=theirs, stderr=theirs,
                              env=env, start_new_session=True) as console:
            os.close(theirs)
            reader = threading.Thread(target=swallow, args=(ours,), daemon=True)
            reader.start()
            try:
                assert until(lambda: heard(folder).count("@ end ") >= 3, 60), "nothing is recorded: " + heard(folder)[-300:]
                os.write(ours, b":record\r")
                time.sleep(2)
                before = heard(folder)
                time.sleep(4)
                assert heard(folder) == before, "it goes on although it was switched off"
                os.write(ours, b"\x03")
                time.sleep(0.5)
                os.write(ours, b"y")
                console.wait(20)
            finally:
                console.kill()
        assert " asked\n" in before, "questions about a neighbor are not in it"
        live = told(lab.run("sessions", "--json"))
        shown = told(lab.run("sessions", "--json", "--replay", folder))
        assert shown == live, f"live, and in the replay: {difference(live, shown)}"


def swallow(fd):
    """What the terminal shows; nobody looks."""
    try:
        while os.read(fd, 65536):
            pass
    except OSError:
        pass


def heard(folder):
    """All that is recorded so far."""
    text = ""
    for path in sorted(glob.glob(os.path.join(folder, "*.recording"))):
        with open(path, errors="replace") as f:
            text += f.read()
    return text


def until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


for path in sorted(glob.glob(os.path.join(SCRIPTS, "*.sim"))):
    name = os.path.basename(path)[:-len(".sim")]
    test(f"{name}: recorded and replayed", recorded_test(name))
    test(f"{name}: a transcript is a recording", transcript_test(name))
test("a router that is lost", lost_test)
test("the running console records", console_test)

if __name__ == "__main__":
    sys.exit(1 if run_all() else 0)
