#!/usr/bin/python3
"""Withdrawing chosen prefixes, and a graceful shutdown of one FRR neighbor, seen at the far side.

Speaks TAP.  The far side's whole table, attributes included, is compared before, meanwhile and after; another
session is suspended all the time, which a reload of BIRD or OpenBGPD must not undo.

usage: tests/lab/test_prefixes.py [r1|r2|r3|gshut|list ...]
"""
import os
import sys
import tempfile

import test_truth
from test_truth import OTHER, OTHER_FAR, PEER, FAR, TEXT, Lab, act, check, until

ONE, TWO = "198.18.3.0/24", "198.18.7.0/24"
BOTH = f"{ONE},{TWO}"


def routes(table):
    """Prefixes in a far side's table."""
    return {line.split()[0] for line in table if line[:1].isdigit()}


def gone(lab, router, node, *prefixes):
    return not routes(lab.far_table(router, node)) & set(prefixes)


def test_prefixes(lab, router, peer=PEER, node=FAR):
    before, table, since = lab.config(router), lab.far_table(router, node), lab.far_since(router, node)
    there = routes(table)
    check({ONE, TWO} <= there, f"{router} {peer}: both prefixes are announced at first", there)
    status, words = act(lab, "withdraw", f"{router}/{peer}", "--prefix", ONE)
    check(status == 0, f"{router} {peer}: withdraw --prefix says done", words)
    check(until(lambda: gone(lab, router, node, ONE), 5), f"{router} {peer}: the far side has lost it")
    check(routes(lab.far_table(router, node)) == there - {ONE}, f"{router} {peer}: and nothing else",
          there ^ routes(lab.far_table(router, node)))
    status, words = act(lab, "withdraw", f"{router}/{peer}", "--prefix", BOTH)
    check(status == 0 and "left out" in words, f"{router} {peer}: a second one stands beside it", words)
    check(until(lambda: gone(lab, router, node, ONE, TWO), 5), f"{router} {peer}: the far side has lost both")
    status, words = act(lab, "withdraw", f"{router}/{peer}", "--prefix", TWO)
    check(status == 4 and "by us already" in words, f"{router} {peer}: a third of the same is refused", words)
    status, words = act(lab, "withdraw", f"{router}/{peer}")
    check(status == 0 and until(lambda: not routes(lab.far_table(router, node)), 5),
          f"{router} {peer}: all of it can be withdrawn over that", words)
    for left in ({ONE, TWO}, {ONE}, set()):
        status, words = act(lab, "restore", f"{router}/{peer}")
        check(status == 0, f"{router} {peer}: restore says done", words)
        check(until(lambda: routes(lab.far_table(router, node)) == there - left, 10),
              f"{router} {peer}: the far side lacks {sorted(left) or 'nothing'}",
              there ^ routes(lab.far_table(router, node)))
    check(until(lambda: lab.far_table(router, node) == table, 10), f"{router} {peer}: the same table as at first",
          lab.far_table(router, node))
    check(lab.far_since(router, node) == since, f"{router} {peer}: the session stayed up all the time")
    check(lab.config(router) == before, f"{router} {peer}: its configuration is as before", lab.config(router))


def test_not_announced(lab, router):
    for prefix, why in (("198.18.3.0/25", "only 198.18.3.0/24"), ("198.18.0.0/16", "inside of it"),
                        ("10.99.0.0/16", "not advertised"), ("2001:db8:f00::/48", "carries no IPv6")):
        status, words = act(lab, "withdraw", f"{router}/{PEER}", "--prefix", prefix)
        check(status == 4 and why in words, f"{router}: {prefix} is refused: {why}", words)


def test_gshut(lab, peer, node):
    before, table, since = lab.config("r1"), lab.far_table("r1", node), lab.far_since("r1", node)
    status, words = act(lab, "gshut", f"r1/{peer}")
    check(status == 0, f"r1 {peer}: gshut says done", words)
    marked = lambda: "".join(lab.far_table("r1", node)).count("(65535,0)")
    check(until(lambda: marked() == len(routes(table)), 10), f"r1 {peer}: every route carries 65535:0", marked())
    strip = [line.replace(" (65535,0)", "").replace("(65535,0)", "").rstrip() for line in lab.far_table("r1", node)]
    strip = [line for line in strip if line.strip() != "BGP.community:"]
    check(strip == [line.rstrip() for line in table], f"r1 {peer}: and nothing else has changed",
          "\n".join(sorted(set(strip) ^ {line.rstrip() for line in table})))
    status, words = act(lab, "restore", f"r1/{peer}")
    check(status == 0 and until(lambda: lab.far_table("r1", node) == table, 10),
          f"r1 {peer}: restore brings the same table back", words)
    check(lab.far_since("r1", node) == since, f"r1 {peer}: the session stayed up")
    check(lab.config("r1") == before, f"r1 {peer}: its configuration is as before", lab.config("r1"))


def tests(lab, wanted):
    for router in (r for r in ("r1", "r2", "r3") if r in wanted):
        act(lab, "suspend", f"{router}/{OTHER}", "--message", TEXT)
        check(until(lambda: not lab.far_up(router, OTHER_FAR), 5), f"{router}: another session is shut")
        test_prefixes(lab, router)
        test_not_announced(lab, router)
        row = lab.session(f"{router}/{OTHER}")
        check(row["state"] != "Established" and row["admin_down"] and row["own_message"] == TEXT and
              not lab.far_up(router, OTHER_FAR), f"{router}: it stayed shut through all of it", row)
        check(act(lab, "resume", f"{router}/{OTHER}")[0] == 0 and
              until(lambda: lab.far_up(router, OTHER_FAR), 30), f"{router}: and comes up again by resume")
    if "gshut" in wanted:
        for peer, node in ((PEER, FAR), (OTHER, OTHER_FAR)):
            test_gshut(lab, peer, node)
    if "list" in wanted:
        test_prefixes(lab, "r1", OTHER, OTHER_FAR)      # with the operator's own prefix-list in the slot
    status, words = lab.peerdeck("journal", "verify")
    check(status == 0, "the journal is whole", words)


def main():
    with tempfile.TemporaryDirectory(prefix="peerdeck-test-prefixes-") as place:
        lab = Lab(os.path.join(place, "lab"))
        done = lab.command("up", "--owner", str(os.getpid()), lab.directory)
        if "cannot make a user namespace" in done.stderr:
            print(f"ok - a lab comes up # skip {done.stderr.splitlines()[0]}")
            return 0
        check(done.returncode == 0, "a lab comes up", done.stderr)
        try:
            if done.returncode == 0:
                until(lambda: all(lab.far_up(r, n) for r in ("r1", "r2", "r3") for n in (FAR, OTHER_FAR)), 30)
                tests(lab, sys.argv[1:] or ["r1", "r2", "r3", "gshut", "list"])
        finally:
            lab.command("down", lab.directory)
    return 1 if test_truth.FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
