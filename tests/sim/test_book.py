#!/usr/bin/env python3
"""The contact book's "do not suspend without asking ..." before an action of the command line: in the plan and in the act.

Speaks TAP.
"""
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from simlab import Lab  # noqa: E402

WORDS = "do not suspend without asking Kim: carries our mail"
FAILURES = 0


def check(holds, what, shown=""):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)
    if not holds:
        print("\n".join("# " + line for line in str(shown).splitlines()), flush=True)


def main():
    with Lab("eos") as lab:
        rows, done = lab.sessions()
        if not rows:
            check(False, "sessions are read", done.stdout + done.stderr)
            return
        (_, address, _), row = next(iter(rows.items()))
        asn = row["remote_as"]
        warned = f"AS{asn}: {WORDS}"
        before = lab.run("plan", "suspend", f"{lab.name}/{address}")
        check(WORDS not in before.stdout, "without an entry nothing is warned of", before.stdout)
        with open(lab.path("noc.contacts"), "w", encoding="utf-8") as f:
            f.write(f"network AS{asn} {{\n  warn = {WORDS}\n}}\n")
        with open(lab.path("peerdeck.conf"), "a", encoding="utf-8") as f:
            f.write(f'contacts = "{lab.path("noc.contacts")}"\n')
        shown = lab.run("plan", "suspend", f"{lab.name}/{address}")
        check(warned in shown.stdout, "the plan shows the warning", shown.stdout + shown.stderr)
        told = lab.run("plan", "suspend", f"{lab.name}/{address}", "--json")
        check(warned in json.loads(told.stdout)["warnings"], "the plan's JSON has it", told.stdout)
        acted = lab.run("suspend", f"{lab.name}/{address}", "--yes", "--reason", "test")
        check(warned in acted.stdout + acted.stderr and acted.returncode == 0, "suspend shows it before it acts", acted.stdout + acted.stderr)


main()
sys.exit(FAILURES > 0)
