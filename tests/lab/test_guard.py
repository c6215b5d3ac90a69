#!/usr/bin/python3
"""A policy that acts by itself, in short: held by four eyes, once per hour, never the last path.  Speaks TAP.

guard.py goes through all of it and takes minutes (make guard).
"""
import os
import shutil
import sys
import tempfile

import guard
from guard import check, drops, facts, lab, leave, open_console, open_policy, probed, seen, state, write

AUTOMATIC = "\tautomatic = yes\n\tat-most = 1 per hour\n"
OTHERS = ("r2", "r3", "r4")


def held(directory, terminal):
    """What would need a second person is proposed, whatever the policy may do by itself."""
    open_console(terminal, directory, write(directory, AUTOMATIC, '\napproval {\n  routers = "r1"\n}\n', 1))
    open_policy(terminal)
    check(probed(terminal, "loss of 1 probes", 30, 2), "the neighbors are pinged", terminal.screen())
    check("proposes to" not in terminal.screen(), "nothing is proposed while all is well")
    drops(directory, "add", 1)
    check(probed(terminal, "proposes to suspend r1 192.0.2.16", 40, 2), "loss at r1 leads to a proposal", terminal.screen())
    check("2 of the last" in terminal.screen() or "3 of the last" in terminal.screen(), "not on one window", terminal.screen())
    check(terminal.shows("actions on r1 need a second person", 5), "which needs a second person", terminal.screen())
    check(state(directory, "r1") == "established" and not facts(directory, "automatic"), "and is not carried out")
    leave(terminal)


def acts(directory, terminal):
    open_console(terminal, directory, write(directory, AUTOMATIC, "", 1))
    open_policy(terminal)
    probed(terminal, "acts automatically", 40, 2)
    check(seen.until(lambda: state(directory, "r1") == "admin-down", 30), "without that rule r1's session is suspended", terminal.screen())
    done = facts(directory, "automatic")
    check(len(done) == 1 and done[0]["more"] == {"clause": "quality", "verb": "suspend"}, f"the journal says so: {done}")
    drops(directory, "add", 2)
    check(probed(terminal, "proposes to suspend r2 192.0.2.16", 40, 2), "r2 is bad now as well", terminal.screen())
    drops(directory, "add", 3, 4)
    check(probed(terminal, "no suspend is proposed", 40, 2) and "last IPv4 path" in terminal.screen(), "the last path is not proposed",
          terminal.screen())
    check(all(state(directory, r) == "established" for r in OTHERS) and len(facts(directory, "automatic")) == 1,
          "and more than once per hour nothing is done")
    leave(terminal)
    verified = lab("run", directory, "--", seen.PROGRAM, "journal", "verify")
    check(verified.returncode == 0, f"the journal verifies {verified.stderr}")


def main():
    reason = seen.why_not()
    if reason:
        print(f"ok - a policy that acts by itself # skip {reason}")
        return 0
    place = tempfile.mkdtemp(prefix="peerdeck-guard-", dir="/tmp")
    directory = os.path.join(place, "lab")
    terminal = None
    try:
        up = lab("up", "--owner", str(os.getpid()), directory)
        if check(up.returncode == 0, "the lab is up", up.stdout + up.stderr):
            terminal = seen.Terminal(place, 100, 30)
            terminal.shows("ready>")
            held(directory, terminal)
            acts(directory, terminal)
    finally:
        if terminal is not None:
            terminal.end()
        guard.lab("down", directory)
        shutil.rmtree(place, ignore_errors=True)
    return 1 if seen.FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
