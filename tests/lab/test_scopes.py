#!/usr/bin/python3
"""An exchange taken out and put back: peerdeck's scope over the four daemons, judged by the far sides' tables.

`withdraw --exchange` must reach every session on the LAN that is up and no other; what was down before
stays as it was, is said to be skipped, and is not put up by the restore; what somebody else changed in
between is shown and not overwritten; and in the end every far side has exactly the table it had.

Speaks TAP.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAB = os.path.join(ROOT, "demo", "lab")
PROGRAM = os.environ.get("PEERDECK", os.path.join(ROOT, "build", "release", "peerdeck"))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "demo", "labd"))

import topology as top  # noqa: E402

FAILURES = 0
FAR = [host for host in top.HOSTS if host.os == "bird"]


def check(holds, what, more=""):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)
    if not holds and more:
        print("# " + str(more)[-3000:].replace("\n", "\n# "), flush=True)


def until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.3)
    return True


def lab(*arguments, timeout=120):
    done = subprocess.run((LAB,) + arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, text=True, errors="replace", check=False, timeout=timeout)
    return done.returncode, done.stdout, done.stderr


def peerdeck(directory, *arguments):
    return lab("run", directory, "--", PROGRAM, *arguments, timeout=200)


def table(directory, host, router, family):
    """What this far side has from one of our routers: prefix -> path and communities."""
    text = lab("shell", directory, host.name, "birdc", "show", "route", "protocol", f"{router.name}_v{family}", "all")[1]
    routes, prefix = {}, None
    for line in text.splitlines():
        match = re.match(r"^([0-9a-f.:]+/\d+)\s", line)
        if match:
            prefix = match[1]
            routes[prefix] = []
        elif prefix and re.match(r"^\s+BGP\.(as_path|community|large_community|med):", line):
            routes[prefix].append(" ".join(line.split()))
    return routes


def tables(directory):
    found = {}
    for host in FAR:
        for router in top.ROUTERS:
            for family in (4, 6):
                found[host.name, router.name, family] = table(directory, host, router, family)
    return found


def wrong_states(directory):
    status, text, _ = lab("status", directory, "--json")
    return ["no status"] if status else [row for row in json.loads(text) if row["state"] != row["expected"]]


def sessions_of(text):
    return {(row["router"], row["neighbor"]): row for row in json.loads(text)["sessions"]}


def place_of(router, neighbor):
    """(far host, router, family) of a session on the LAN; None where no BIRD is behind it."""
    for row in top.sessions(next(r for r in top.ROUTERS if r.name == router)):
        if row.remote == neighbor and row.peer.host in [host.name for host in FAR]:
            return row.peer.host, router, row.family
    return None


def plan_is_the_exchange(directory):
    status, text, errors = peerdeck(directory, "plan", "withdraw", "--exchange", top.IX_NAME, "--json")
    check(status == 0, "a plan of the exchange is made", errors)
    plan = json.loads(text)
    rows = sessions_of(text)
    private = {row.remote for router in top.ROUTERS for row in top.sessions(router) if row.private}
    check(plan["scope"].startswith(f"exchange {top.IX_NAME}: {len(rows)} sessions on 4 routers"),
          f"it names and counts its scope: {plan['scope']}")
    text_plan = peerdeck(directory, "plan", "withdraw", "--exchange", top.IX_NAME)[1]
    check("takes neighbors inside 192.0.2.0/24, 2001:db8:100::/64 (PeeringDB)" in text_plan and
          "on no LAN that is known (r1 203.0.113." in text_plan,
          "it tells which prefixes make the exchange, and who is on none", text_plan[:900])
    check(not private & {neighbor for _, neighbor in rows}, "no private link is in it")
    todo = {key for key, row in rows.items() if row["skip"] is None}
    able = {router.name for router in top.ROUTERS if router.os != "gobgp"}
    check({router for router, _ in todo} == able, "something is to be done on FRR, BIRD and OpenBGPD", sorted(todo))
    check(all(row["skip"] for key, row in rows.items() if key[0] not in able),
          "and GoBGP, which has no withdraw of one neighbor, is in the plan with the reason")
    dead = [key for key, row in rows.items() if row["skip"] and "not Established" in row["skip"]]
    check(len(dead) > 8, f"{len(dead)} dead sessions are skipped, with the reason")
    check(plan["impact"] is not None, "it says what stays of each network", plan["impact"])
    status, text, errors = peerdeck(directory, "plan", "suspend", "--exchange", top.IX_NAME, "--blast", "--json")
    blast = json.loads(text)["blast"] if status == 0 else None
    check(blast is not None and "prefixes" in blast["words"] and blast["sessions_not_known"] > 0 and
          "GoBGP" in errors, "it tells on demand what has no other path, and who could not be asked", blast or errors)
    check(blast is not None and blast["prefixes"] is None, "and a bound is no count")


def withdraw(directory, before):
    status, text, errors = peerdeck(directory, "withdraw", "--exchange", top.IX_NAME, "--reason", "fabric works",
                                    "--ticket", "CHG-9", "--yes", "--json")
    rows = sessions_of(text)
    done = {key for key, row in rows.items() if row["outcome"] == "done"}
    todo = {key for key, row in rows.items() if row["skip"] is None}
    check(status == 0 and done == todo, f"{len(done)} of {len(todo)} sessions are withdrawn and proven", errors)
    places = {place_of(*key) for key in done} - {None}
    after = tables(directory)
    check(all(not after[place] for place in places), "their far sides have nothing from us any more",
          {place: len(after[place]) for place in places if after[place]})
    others = set(before) - places
    check(all(after[place] == before[place] for place in others), "every other far table is as it was",
          {place: (len(before[place]), len(after[place])) for place in others if after[place] != before[place]})
    return done


def restore(directory, foreign):
    """Everything that is ours but what somebody changed meanwhile."""
    status, text, errors = peerdeck(directory, "restore", "--exchange", top.IX_NAME, "--reason", "works over",
                                    "--yes", "--json")
    rows = sessions_of(text)
    done = {key for key, row in rows.items() if row["outcome"] == "done"}
    row = rows[foreign]
    said = " ".join(str(row[key]) for key in ("skip", "words", "warnings"))
    check(foreign not in done and len(said) > 30, f"what was changed meanwhile is told: {said[:160]}", errors)
    check(status != 0 or row["skip"] is not None, "and the command does not claim that all is done")
    return done


def main():
    place = tempfile.mkdtemp(prefix="peerdeck-test-scopes-")
    directory = os.path.join(place, "lab")
    try:
        status, text, errors = lab("up", directory)
        if "cannot make a user namespace" in text + errors:
            print("ok - an exchange is taken out # skip no user namespaces here")
            return 0
        check(status == 0, "the lab comes up", text + errors)
        check(until(lambda: not wrong_states(directory), 25), "every session is in its state")
        check(peerdeck(directory, "pdb", "import", f"{ROOT}/demo/peeringdb")[0] == 0, "the lab's PeeringDB is read")
        check(until(lambda: len(table(directory, FAR[0], top.ROUTERS[0], 4)) == 8 and
                    len(table(directory, FAR[0], top.ROUTERS[3], 4)) == 12, 15), "the far sides have our prefixes")
        before = tables(directory)
        plan_is_the_exchange(directory)
        done = withdraw(directory, before)

        # Somebody, meanwhile, gives one of the neighbors an out-filter by hand.
        foreign = ("r1", "192.0.2.16")
        check(foreign in done, "r1 192.0.2.16 is among them")
        vtysh = ("vtysh", "-c", "configure terminal", "-c", "ip prefix-list BY-HAND seq 5 permit 198.18.3.0/24",
                 "-c", f"router bgp {top.OUR_AS}", "-c", "address-family ipv4 unicast")
        check(lab("shell", directory, "r1", *vtysh, "-c", "neighbor 192.0.2.16 prefix-list BY-HAND out")[0] == 0,
              "somebody changes one of them by hand")
        back = restore(directory, foreign)
        check(done - back == {foreign}, "all others are restored and proven", sorted(done - back))
        hand = ("p16", "r1", 4)
        check(until(lambda: len(table(directory, FAR[0], top.ROUTERS[0], 4)) == 8, 10), "prefixes come back")
        time.sleep(1)
        after = tables(directory)
        check(set(after[hand]) <= {"198.18.3.0/24"}, "the filter set by hand still stands", after[hand])
        check(all(after[p] == before[p] for p in before if p != hand), "every other far table is as at first",
              {p: (len(before[p]), len(after[p])) for p in before if p != hand and after[p] != before[p]})
        check(not wrong_states(directory), "no dead session was brought up", wrong_states(directory))
        held = json.loads(peerdeck(directory, "held", "--offline", "--json")[1])["held"]
        check([(row["router"], row["neighbor"]) for row in held] == [foreign], "the ledger holds that one alone", held)
        bundle = peerdeck(directory, "evidence", held[0]["id"])
        check(bundle[0] == 0 and "verified" in bundle[1] and "fabric works" in bundle[1],
              "and its evidence can be bundled", bundle[1] + bundle[2])
    finally:
        if os.path.exists(os.path.join(directory, "lab.json")):
            lab("down", directory)
        shutil.rmtree(place, ignore_errors=True)
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
