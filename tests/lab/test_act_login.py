#!/usr/bin/python3
"""Two logins a router: one that reads, one that acts.

Each is shown to be the one in use by taking it away: with an act-key that the routers do not know reading goes on and
nothing can be done; with one that they know an action is done and proven; with a reading key that they do not know
nothing is read, whatever the other may.

Speaks TAP.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAB = os.path.join(ROOT, "demo", "lab")
PROGRAM = os.environ.get("PEERDECK", os.path.join(ROOT, "build", "release", "peerdeck"))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "demo", "labd"))

import ssh  # noqa: E402

FAILURES = 0


def check(holds, what, more=""):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)
    if not holds and more:
        print("# " + str(more)[-2000:].replace("\n", "\n# "), flush=True)


def peerdeck(lab, conf, *arguments):
    done = subprocess.run([LAB, "run", lab, "--", PROGRAM, "--config", conf, *arguments], capture_output=True,
                          stdin=subprocess.DEVNULL, text=True, check=False, timeout=100)
    return done.returncode, done.stdout, done.stderr


def variant(lab, work, name, lines):
    with open(os.path.join(lab, "peerdeck.conf"), encoding="ascii") as conf:
        text, count = re.subn(r'(?m)^\s*key\s*=.*$', lines, conf.read())
    if count == 0:
        raise SystemExit("the lab's configuration looks different from what this test knows")
    path = os.path.join(work, name + ".conf")
    with open(path, "w", encoding="ascii") as out:
        out.write(text)
    os.chmod(path, 0o600)
    return path


def up_on_r1(lab, conf):
    """Neighbors of r1 that are Established; None: r1 cannot be read."""
    _, text, _ = peerdeck(lab, conf, "sessions", "--json")
    rows = [row for row in json.loads(text or "[]") if row["router"] == "r1"]
    return sorted({row["neighbor"] for row in rows if row["state"] == "Established"}) if rows else None


def act(lab, conf, verb, neighbor):
    return peerdeck(lab, conf, verb, f"r1/{neighbor}", "--reason", "test of logins", "--yes")


def run(lab, work):
    keys = os.path.join(lab, "keys")
    unknown = os.path.join(work, "unknown")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", unknown], check=True)
    reads = variant(lab, work, "reads", f'key = "{keys}/noc"\n    act-key = "{unknown}"')
    acts = variant(lab, work, "acts", f'key = "{keys}/noc"\n    act-key = "{keys}/noc-locked"\n'
                                      f'    act-passphrase-command = "echo {ssh.PASSPHRASE}"')
    other = variant(lab, work, "other", f'key = "{keys}/noc"\n    act-user = "nobody-here"')
    blind = variant(lab, work, "blind", f'key = "{unknown}"\n    act-key = "{keys}/noc"')
    before = up_on_r1(lab, reads)
    check(before, "the login that reads does not need the one that acts")
    if not before:
        return
    victim = next(n for n in before if ":" not in n)
    status, out, errors = act(lab, reads, "suspend", victim)
    check(status != 0 and "the login that may act (noc)" in out + errors, "without it nothing is done, in words",
          out + errors)
    check(victim in (up_on_r1(lab, reads) or ()), "and the session is up")
    status, out, errors = act(lab, other, "suspend", victim)
    check(status != 0 and "the login that may act (nobody-here)" in out + errors, "another act-user is another login",
          out + errors)
    status, out, errors = act(lab, acts, "suspend", victim)
    check(status == 0, "with it the suspend is done and proven", out + errors)
    check(victim not in (up_on_r1(lab, reads) or (victim,)), "the session is down")
    status, out, errors = act(lab, acts, "resume", victim)
    check(status == 0, "and the resume", out + errors)
    check(up_on_r1(lab, blind) is None, "a login that may only act reads nothing")


def main():
    if not os.access(PROGRAM, os.X_OK):
        print("1..0 # SKIP the program is not built")
        return 0
    work = tempfile.mkdtemp(prefix="peerdeck-act-login.")
    lab = os.path.join(work, "lab")
    try:
        subprocess.run([LAB, "up", "--owner", str(os.getpid()), lab], check=True, stdout=subprocess.DEVNULL,
                       timeout=120)
        run(lab, work)
    finally:
        subprocess.run([LAB, "down", lab], check=False, stdout=subprocess.DEVNULL, timeout=60)
        shutil.rmtree(work, ignore_errors=True)
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
