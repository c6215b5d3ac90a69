#!/usr/bin/python3
"""The quality guard on the lab: a peer that drops pings of some routers, what is proposed, and what a policy does by itself.

Not on one bad window; never the last path; one key makes the plan; without automatic = yes nothing is done, with it once
per hour, on record, and not by a read-only console.  Speaks TAP.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "tests", "screen"))

import test_console as seen  # noqa: E402

ASN = 4200000001  # on p16, 192.0.2.16
CLAUSE = """
clause quality {
	check = quality
	text = "Loss stays below five percent."
	severity = critical
	on-fail = propose-suspend
	loss = 5%%
	latency = 5000ms
	over-baseline = 5000ms
	jitter = 5000ms
	windows = 2 of 3
	recover = 2
%s}
"""
EVIDENCE = "\nevidence {\n  ping-every = 1h\n  ping-count = %d\n  probe-gap = 0s\n  routes-every = 0\n  interface-every = 0\n}\n"
check = seen.check


def lab(*words):
    return subprocess.run((seen.LAB, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          text=True, errors="replace", check=False, timeout=120)


def drops(directory, verb, *routers):
    """The replies of the peer to these routers get lost, or no longer; BGP is left alone."""
    for n in routers:
        lab("shell", directory, "p16", "ip", "rule", verb, "to", f"192.0.2.{n}", "ipproto", "icmp", "blackhole", "pref", str(10 + n))


def write(directory, more, rules="", count=2):
    """A configuration of our own beside the lab's, with a policy of one clause; rules: more blocks."""
    with open(os.path.join(directory, "peerdeck.conf"), encoding="utf-8") as f:
        lines = [line for line in f.read().splitlines() if not line.startswith("policy")]
    policy, conf = os.path.join(directory, "guard.policy"), os.path.join(directory, "guard.conf")
    head = 'network {\n\tasn = 64500\n\tname = "Lab Network"\n}\n'
    for path, text in ((policy, head + CLAUSE % more), (conf, f'policy = "{policy}"\n' + "\n".join(lines) + EVIDENCE % count + rules)):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(path, 0o600)
    return conf


def open_console(terminal, directory, conf, *more):
    terminal.line(f"clear; '{seen.LAB}' run '{directory}' -- '{seen.PROGRAM}' --config '{conf}' {' '.join(more)}")
    check(terminal.shows("routers 4/4 up", 20), "the console is open", terminal.screen())


def probed(terminal, words, seconds, every=5):
    """Windows come as fast as the key that asks for them is pressed."""
    def shown():
        if words in terminal.screen():
            return True
        terminal.keys("Q")
        return seen.until(lambda: words in terminal.screen(), every)
    return seen.until(shown, seconds)


def open_policy(terminal):
    terminal.keys("/")
    terminal.line("router:r1 neighbor:192.0.2.16$")
    terminal.shows("1 of ")
    terminal.keys("V")
    check(terminal.shows("quality", 10), "the policy of the network is shown", terminal.screen())


def leave(terminal):
    for key in ("Escape", "Escape", "q", "y"):
        terminal.keys(key)
        time.sleep(0.4)
    check(terminal.shows("ready>", 10), "the console is left", terminal.screen())


def facts(directory, kind):
    found = []
    for folder, _, names in os.walk(os.path.join(directory, "data")):
        for name in names:
            if name.startswith("journal"):
                with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as f:
                    found += [json.loads(line) for line in f if f'"{kind}"' in line and line.startswith("{")]
    return [f for f in found if f.get("kind") == kind]


def state(directory, router):
    return seen.state_of(directory, router, "192.0.2.16")


def proposed(directory, terminal):
    open_console(terminal, directory, write(directory, ""))
    open_policy(terminal)
    check(probed(terminal, "loss of 2 probes", 90), "the neighbors are pinged", terminal.screen())
    check("proposes to" not in terminal.screen(), "nothing is proposed while all is well", terminal.screen())
    drops(directory, "add", 1)
    check(probed(terminal, "proposes to suspend r1 192.0.2.16", 120), "loss at r1 leads to a proposal", terminal.screen())
    check("2 of the last" in terminal.screen() or "3 of the last" in terminal.screen(), "and not on one window", terminal.screen())
    check(state(directory, "r1") == "established", "it is proposed, not done")
    terminal.keys("P")
    check(terminal.shows("nothing has been sent", 20), "one key makes the plan", terminal.screen())
    check("suspend" in terminal.screen() and "quality" in terminal.screen(), "which names the clause", terminal.screen())
    terminal.keys("Escape")
    time.sleep(1)
    check(state(directory, "r1") == "established", "a plan that is closed does nothing")
    drops(directory, "add", 2, 3, 4)
    check(probed(terminal, "no suspend is proposed", 150) and "last IPv4 path" in terminal.screen(), "never the last path", terminal.screen())
    drops(directory, "del", 2, 3, 4)
    leave(terminal)


def automatic(directory, terminal):
    conf = write(directory, "\tautomatic = yes\n\tat-most = 1 per hour\n")
    open_console(terminal, directory, conf, "--read-only")
    open_policy(terminal)
    check(probed(terminal, "proposes to suspend r1 192.0.2.16", 150), "a read-only console proposes", terminal.screen())
    time.sleep(6)
    check(state(directory, "r1") == "established" and not facts(directory, "automatic"), "and does nothing")
    leave(terminal)
    open_console(terminal, directory, conf)
    open_policy(terminal)
    probed(terminal, "acts automatically", 60)
    check(seen.until(lambda: state(directory, "r1") == "admin-down", 60), "automatic = yes suspends r1's session", terminal.screen())
    drops(directory, "add", 2)
    done = facts(directory, "automatic")
    check(len(done) == 1 and done[0]["more"] == {"clause": "quality", "verb": "suspend"}, f"the journal says so: {done}")
    check(probed(terminal, "r2 192.0.2.16", 150), "r2 is bad now as well", terminal.screen())
    time.sleep(10)
    check(state(directory, "r2") == "established" and len(facts(directory, "automatic")) == 1, "but not more than once per hour")
    leave(terminal)
    verified = lab("run", directory, "--", seen.PROGRAM, "journal", "verify")
    check(verified.returncode == 0, f"the journal verifies {verified.stderr}")


def main():
    reason = seen.why_not()
    if reason:
        print(f"ok - the guard on the lab # skip {reason}")
        return 0
    place = tempfile.mkdtemp(prefix="peerdeck-guard-", dir="/tmp")
    directory = os.path.join(place, "lab")
    terminal = None
    try:
        up = lab("up", "--owner", str(os.getpid()), directory)
        if check(up.returncode == 0, "the lab is up", up.stdout + up.stderr):
            terminal = seen.Terminal(place, 100, 30)
            terminal.shows("ready>")
            proposed(directory, terminal)
            automatic(directory, terminal)
    finally:
        if terminal is not None:
            terminal.end()
        lab("down", directory)
        shutil.rmtree(place, ignore_errors=True)
    return 1 if seen.FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
