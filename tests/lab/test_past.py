#!/usr/bin/python3
"""What the console keeps of the past, on the real daemons of the lab: prefixes lost with the session up, as an event, an
incident and the answer of `peerdeck why`, and samples of them for the plots.  Speaks TAP."""
import json
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAB = os.path.join(ROOT, "demo", "lab")
PEERDECK = os.environ.get("PEERDECK", os.path.join(ROOT, "build", "release", "peerdeck"))
PEER = "192.0.2.10"  # Aldermoor Hosting: 300 routes to every router
FAILURES = 0


def check(holds, what):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)
    return holds


def run(lab, *words):
    done = subprocess.run([LAB, "run", lab, "--", PEERDECK, *words], capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return []


def until(seconds, holds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(1)
    return holds()


def why(lab):
    rows = run(lab, "why", f"r1/{PEER}", "--json")
    return rows[0] if len(rows) == 1 else {"how": None}


def is_full(lab):
    rows = [r for r in run(lab, "sessions", "AS64496", "--json") if r["neighbor"] == PEER]
    return len(rows) == 4 and all((r["prefixes_received"] or r["prefixes_accepted"]) == 300 for r in rows)


def start_console(lab):
    """In a terminal of its own, whose output nobody reads but must not fill up."""
    master, slave = pty.openpty()
    console = subprocess.Popen([LAB, "run", lab, "--", PEERDECK], stdin=slave, stdout=slave, stderr=slave,
                               env={**os.environ, "TERM": "xterm-256color"}, start_new_session=True)
    os.close(slave)

    def drain():
        try:
            while os.read(master, 65536):
                pass
        except OSError:
            pass
    threading.Thread(target=drain, daemon=True).start()
    return console


def birdc(lab, *words):
    subprocess.run([LAB, "shell", lab, "p10", "birdc", *words], stdout=subprocess.DEVNULL, check=False, timeout=30)


def samples(data):
    try:
        with sqlite3.connect(f"file:{os.path.join(data, 'history.db')}?mode=ro", uri=True, timeout=20) as db:
            return [row[0] for row in db.execute(
                "SELECT value FROM sample JOIN series ON series.id = sample.series WHERE name = ? ORDER BY seq",
                (f"session/r1//{PEER}/ipv4-unicast/received",))]
    except sqlite3.Error:
        return []  # not there yet


def test(lab, data):
    if not check(until(90, lambda: is_full(lab)), "the lab's sessions are up with their prefixes"):
        return
    console = start_console(lab)
    try:
        check(until(60, lambda: 300 in samples(data)),
              "the console keeps what is received")
        check(why(lab)["how"] == "up", "nothing is wrong: why says so")
        birdc(lab, "disable", "own_v4")

        def events():
            return [e for e in run(lab, "events", "--router", "r1", "--json")
                    if e["neighbor"] == PEER and "lost all prefixes: 300 -> 0" in e["words"]]
        check(until(60, lambda: len(events()) == 1), "losing them all with the session up is an event")
        check(events()[:1] != [] and events()[0]["severity"] == "alarm", "which is an alarm")
        said = why(lab)
        check(said["state"] == "Established" and said["how"] == "prefixes-lost" and "300 were received, 0 now" in said["words"],
              f"why says what became of them: {said.get('words')}")
        check(len(said.get("next", [])) > 0, "and what to try next")
        check(until(30, lambda: 0 in samples(data)), "the history has the dip")
        birdc(lab, "enable", "own_v4")
        check(until(60, lambda: why(lab)["how"] == "up"), "they are back: why says so")
    finally:
        os.killpg(console.pid, signal.SIGTERM)
        console.wait(timeout=30)


def main():
    folder = tempfile.mkdtemp(prefix="peerdeck-past-")
    lab = os.path.join(folder, "lab")
    up = subprocess.run([LAB, "up", "--owner", str(os.getpid()), lab], capture_output=True, text=True, check=False)
    try:
        if check(up.returncode == 0, "the lab comes up"):
            test(lab, os.path.join(lab, "data"))
        else:
            print("# " + up.stderr)
    finally:
        subprocess.run([LAB, "down", lab], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if FAILURES else 0


sys.exit(main())
