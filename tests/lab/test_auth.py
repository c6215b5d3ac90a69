#!/usr/bin/python3
"""Every way to log in, at the lab's routers: key, passphrase, certificate, agent, password, keyboard-interactive.

Speaks TAP.  r1 to r3 take a password as such, r4 by keyboard-interactive only.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAB = os.path.join(ROOT, "demo", "lab")
POLLPRINT = os.path.join(ROOT, "build", "release", "tests", "dialog", "pollprint")
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "demo", "labd"))

import node  # noqa: E402
import ssh   # noqa: E402

ROUTERS = ("r1", "r2", "r3", "r4")
SECONDS = "8"
FAILURES = 0


def check(holds, what):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)


def store_of(lab, directory):
    """The routers' keys as if enrolled."""
    os.makedirs(directory, mode=0o700)
    with open(os.path.join(lab, "hostkeys"), encoding="ascii") as keys:
        for line in keys:
            router, kind, key = line.split()[:3]
            with open(os.path.join(directory, router + ".hostkey"), "w", encoding="ascii") as out:
                out.write(f"{kind} {key} 2026-01-01T00:00:00Z test of the lab\n")
    return directory


def variant(lab, work, name, lines):
    """The lab's configuration with other credentials."""
    with open(os.path.join(lab, "peerdeck.conf"), encoding="ascii") as conf:
        text, count = re.subn(r'(?m)^\s*key\s*=.*$', lines, conf.read())
    if count != len(ROUTERS):
        raise SystemExit("the lab's configuration looks different from what this test knows")
    path = os.path.join(work, name + ".conf")
    with open(path, "w", encoding="ascii") as out:
        out.write(text)
    os.chmod(path, 0o600)
    return path


def poll(lab, conf, store, wrap=()):
    words = [LAB, "run", lab, "--", *wrap, POLLPRINT, conf, store, SECONDS]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout + done.stderr


def everybody(lab, work, store, name, lines, wrap=()):
    out = poll(lab, variant(lab, work, name, lines), store, wrap)
    for router in ROUTERS:
        holds = re.search(rf"(?m)^{router} snap [1-9]", out) is not None
        check(holds, f"{name}: {router}")
        if not holds:
            print("".join(f"# {line}\n" for line in out.splitlines() if line.startswith(router)))


def nobody(lab, work, store, name, lines, words):
    out = poll(lab, variant(lab, work, name, lines), store)
    check(out.count(" snap ") == 0, f"{name}: nobody gets in")
    for router in ROUTERS:
        check(re.search(rf"(?m)^{router} state waiting: .*{words}", out) is not None, f"{name}: {router} says why")


def run(lab, work):
    keys = os.path.join(lab, "keys")
    store = store_of(lab, os.path.join(work, "store"))
    secret = os.path.join(work, "secret")
    for path, text in ((secret, node.PASSWORD), (secret + "-wrong", "wrong")):
        with open(path, "w", encoding="ascii") as out:
            out.write(text + "\n")
        os.chmod(path, 0o600)
    everybody(lab, work, store, "key", f'key = "{keys}/noc"')
    everybody(lab, work, store, "passphrase",
              f'key = "{keys}/noc-locked"\n    passphrase-command = "echo {ssh.PASSPHRASE}"')
    everybody(lab, work, store, "certificate",
              f'key = "{keys}/noc-key"\n    certificate = "{keys}/noc-key-cert.pub"')
    everybody(lab, work, store, "password-file", f'password-file = "{secret}"')
    everybody(lab, work, store, "password-command", f'password-command = "cat {secret}"')
    everybody(lab, work, store, "agent", "agent = true",
              ("ssh-agent", "sh", "-c", f'ssh-add -q {keys}/noc && exec "$@"', "sh"))
    nobody(lab, work, store, "wrong-password", f'password-file = "{secret}-wrong"', "refused")


def main():
    if not os.access(POLLPRINT, os.X_OK):
        print("1..0 # SKIP build/release/tests/dialog/pollprint is not built")
        return 0
    work = tempfile.mkdtemp(prefix="peerdeck-auth.")
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
