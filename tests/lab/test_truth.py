#!/usr/bin/python3
"""peerdeck against the lab: it says what the daemons say, and what it does is seen at the far side.

Speaks TAP.  Every field of every session is compared with a second reading (reading.py); then
each of the four routers is acted on, and the far side asked what it sees: the text, the routes.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAB = os.path.join(ROOT, "demo", "lab")
PROGRAM = os.path.join(ROOT, "build", "release", "peerdeck")
sys.dont_write_bytecode = True

import reading  # noqa: E402

ROUTERS = {"r1": "frr", "r2": "bird", "r3": "openbgpd", "r4": "gobgp"}
# AS4200000001 (p16): 120 prefixes to us, everything of ours to it
PEER, FAR = "192.0.2.16", "p16"
OTHER, OTHER_FAR = "192.0.2.10", "p10"
TEXT = "CASE-7 back 04:00 UTC"
SENT = {"r1": 12, "r2": 12, "r3": 12, "r4": 12}
FAILURES = 0


def check(holds, what, detail=""):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)
    if not holds and detail:
        print("".join(f"# {line}\n" for line in str(detail).splitlines()[:40]), end="", flush=True)


def until(condition, seconds):
    """Whether the condition came to hold before the deadline."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


class Lab:
    """A running lab; peerdeck() runs the program in it, ask() a command in a node."""

    def __init__(self, directory):
        self.directory = directory

    def command(self, *arguments):
        return subprocess.run((LAB,) + arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, text=True, errors="replace", check=False,
                              timeout=120)

    def ask(self, node, *command):
        return self.command("shell", self.directory, node, *command).stdout

    def peerdeck(self, *arguments):
        done = self.command("run", self.directory, "--", PROGRAM, *arguments)
        return done.returncode, done.stdout + done.stderr

    def sessions(self, *arguments):
        done = self.command("run", self.directory, "--", PROGRAM, "sessions", "--json", *arguments)
        return json.loads(done.stdout)

    def session(self, selector):
        return self.sessions(selector)[0]

    def file(self, node, *name):
        with open(os.path.join(self.directory, "nodes", node, *name), encoding="utf-8") as text:
            return text.read()

    def config(self, router):
        """What the router is configured to do, as it says itself or as its files say."""
        if router == "r1":
            return self.ask("r1", "vtysh", "-c", "show running-config")
        if router == "r2":
            return self.file("r2", "etc", "bird", "bird.conf") + \
                self.file("r2", "etc", "bird", "peerdeck.conf")
        if router == "r3":
            return self.file("r3", "etc", "bgpd.conf") + self.file("r3", "etc", "bgpd", "peerdeck.conf")
        return self.ask("r4", "gobgp", "global", "policy") + json.dumps(sorted(
            json.dumps(peer["conf"]) for peer in json.loads(self.ask("r4", "gobgp", "-j", "neighbor"))))

    def far(self, router, node=FAR):
        """What the far side (BIRD) says of its session with the router."""
        return self.ask(node, "birdc", "show", "protocols", "all", f"{router}_v4")

    def far_up(self, router, node=FAR):
        return "BGP state:          Established" in self.far(router, node)

    def far_since(self, router, node=FAR):
        return self.far(router, node).splitlines()[2].split()[4]

    def far_table(self, router, node=FAR):
        """Every route that the far side has from the router, attributes included."""
        text = self.ask(node, "birdc", "show", "route", "protocol", f"{router}_v4", "all")
        # when it came and which of several is best has nothing to do with what was announced
        return sorted(re.sub(r"\[.*?\]( \*)?", "", text).splitlines()[1:])


# ---- saying what the daemons say


def policies(value):
    return set(value.split(", ")) if value else set()


def same(key, got, want, slack):
    if key in ("uptime_s", "messages_in", "messages_out") and None not in (got, want):
        return abs(got - want) <= slack
    if key.endswith("_policy"):
        return policies(got) == {name for name in want if name}
    if key == "state" and {got, want} == {"Connect", "Active"}:
        return True     # toward an absent host a router goes to and fro between the two
    return got == want


def differences(rows, truth, slack):
    mine = {(row["vrf"], row["neighbor"], row["afi_safi"], row["handle"]): row for row in rows}
    found = [f"{key}: only {'peerdeck' if key in mine else 'the router'} knows it"
             for key in set(mine) ^ set(truth)]
    for key in set(mine) & set(truth):
        found += [f"{key} {field}: peerdeck {mine[key][field]!r}, the router {want!r}"
                  for field, want in truth[key].items()
                  if not same(field, mine[key][field], want, slack)]
    return sorted(found)


def compare(lab, router):
    began = time.monotonic()
    rows = lab.sessions(f"router:{router}")
    truth = reading.read(ROUTERS[router], lambda *command: lab.ask(router, *command))
    fields = sum(len(row) for row in truth.values())
    return differences(rows, truth, time.monotonic() - began + 3), fields


def test_reading(lab, router):
    found, fields = compare(lab, router)
    for _ in range(3):      # what moved between two readings is no difference
        if found:
            found = sorted(set(found) & set(compare(lab, router)[0]))
    check(not found, f"{router} ({ROUTERS[router]}): {fields} fields as the router says", "\n".join(found))


# ---- acting


def act(lab, verb, selector, *more):
    return lab.peerdeck(verb, selector, "--reason", "test", "--yes", *more)


def test_suspend(lab, router):
    before, table = lab.config(router), lab.far_table(router)
    status, words = act(lab, "suspend", f"{router}/{PEER}", "--message", TEXT)
    check(status == 0, f"{router}: suspend says done", words)
    check(until(lambda: not lab.far_up(router), 5) and TEXT in lab.far(router),
          f"{router}: the far side is down and shows the text", lab.far(router))
    row = lab.session(f"{router}/{PEER}")
    check(row["state"] != "Established" and row["admin_down"], f"{router}: shown as shut", row)
    check(act(lab, "suspend", f"{router}/{PEER}")[0] == 4, f"{router}: a second suspend is refused")
    status, words = act(lab, "resume", f"{router}/{PEER}")
    check(status == 0, f"{router}: resume says done", words)
    check(until(lambda: lab.far_up(router) and lab.far_table(router) == table, 30),
          f"{router}: the far side is up with the same table")
    after = lab.config(router)
    check(after == before, f"{router}: its configuration is as before", after)


def test_withdraw(lab, router, peer=PEER, node=FAR):
    before, table, since = lab.config(router), lab.far_table(router, node), lab.far_since(router, node)
    status, words = act(lab, "withdraw", f"{router}/{peer}")
    check(status == 0, f"{router} {peer}: withdraw says done", words)
    check(until(lambda: lab.far_table(router, node) != table, 5) and
          "via" not in "".join(lab.far_table(router, node)),
          f"{router} {peer}: the far side has no route left", lab.far_table(router, node))
    check(lab.session(f"{router}/{peer}")["prefixes_advertised"] == 0, f"{router} {peer}: 0 shown")
    status, words = act(lab, "restore", f"{router}/{peer}")
    check(status == 0, f"{router} {peer}: restore says done", words)
    check(until(lambda: lab.far_table(router, node) == table, 10),
          f"{router} {peer}: the far side has the same table again")
    check(lab.far_since(router, node) == since, f"{router} {peer}: the session stayed up")
    after = lab.config(router)
    check(after == before, f"{router} {peer}: its configuration is as before", after)


def test_refusal(lab):
    status, words = act(lab, "withdraw", f"r4/{OTHER}")
    check(status == 4 and "4.6.0" in words, "gobgp: withdraw is refused and says from when on", words)
    check("via" in "".join(lab.far_table("r4", OTHER_FAR)), "gobgp: and nothing happened")


def test_held_through_reload(lab, router):
    """A withdraw reloads the configuration; what we hold suspended must stay suspended."""
    act(lab, "suspend", f"{router}/{OTHER}", "--message", TEXT)
    check(until(lambda: not lab.far_up(router, OTHER_FAR), 5), f"{router}: another session is shut")
    for verb in ("withdraw", "restore"):
        status, words = act(lab, verb, f"{router}/{PEER}")
        check(status == 0, f"{router}: {verb} beside it", words)
        row = lab.session(f"{router}/{OTHER}")
        check(row["state"] != "Established" and row["admin_down"] and row["own_message"] == TEXT and
              not lab.far_up(router, OTHER_FAR), f"{router}: it stays shut through {verb}", row)
    check(act(lab, "resume", f"{router}/{OTHER}")[0] == 0 and
          until(lambda: lab.far_up(router, OTHER_FAR), 30), f"{router}: and comes up again by resume")


def test_changed_by_others(lab):
    """Who put another prefix-list into the slot after us wins; restore does not undo theirs."""
    configure = ("vtysh", "-c", "configure terminal", "-c", "router bgp 64500", "-c",
                 "address-family ipv4 unicast", "-c")
    act(lab, "withdraw", f"r1/{PEER}")
    lab.ask("r1", *configure, f"neighbor {PEER} prefix-list OWN out")
    config = lab.config("r1")
    status, words = act(lab, "restore", f"r1/{PEER}")
    check(status == 4 and "OWN" in words, "frr: restore refuses where somebody else changed it", words)
    check(lab.config("r1") == config, "frr: and leaves it alone")
    lab.ask("r1", *configure, f"neighbor {PEER} prefix-list PEERDECK-DENY-ALL out")
    check(act(lab, "restore", f"r1/{PEER}")[0] == 0, "frr: put back, it is restored")
    act(lab, "withdraw", f"r2/{PEER}")
    path = os.path.join(lab.directory, "nodes", "r2", "etc", "bird", "peerdeck.conf")
    with open(path, encoding="ascii") as text:
        ours = text.read()
    with open(path, "w", encoding="ascii") as out:
        out.write(ours.replace("PD_as4200000001_v4 = 2", "PD_as4200000001_v4 = 1"))
    status, words = act(lab, "restore", f"r2/{PEER}")
    check(status == 4 and "somebody else" in words, "bird: restore refuses where the hook was changed", words)
    with open(path, "w", encoding="ascii") as out:
        out.write(ours)
    check(act(lab, "restore", f"r2/{PEER}")[0] == 0, "bird: put back, it is restored")


def test_records(lab):
    status, words = lab.peerdeck("journal", "verify")
    check(status == 0, "the journal is whole", words)
    status, words = lab.peerdeck("suspend", "r9/192.0.2.16", "--reason", "x", "--yes")
    check(status == 2, "an unknown router: 2, nothing tried", words)
    status, words = lab.peerdeck("suspend", f"r1/{PEER}", "--reason", "x")
    check(status == 4, "not confirmed: 4", words)
    status, words = lab.peerdeck("--read-only", "suspend", f"r1/{PEER}", "--reason", "x", "--yes")
    check(status == 4, "read-only: 4", words)
    check(lab.far_up("r1"), "and nothing of it reached the router")


def tests(lab):
    check(until(lambda: all(row["state"] == row["expected"] for row in json.loads(
        lab.command("status", lab.directory, "--json").stdout)), 20), "the lab stands")
    for router in ROUTERS:
        test_reading(lab, router)
    for router in ROUTERS:
        test_suspend(lab, router)
    for router in ("r1", "r2", "r3"):
        test_withdraw(lab, router)
    test_withdraw(lab, "r1", OTHER, OTHER_FAR)      # with the operator's own prefix-list in the slot
    test_refusal(lab)
    test_changed_by_others(lab)
    for router in ("r2", "r3"):
        test_held_through_reload(lab, router)
    test_records(lab)


def main():
    with tempfile.TemporaryDirectory(prefix="peerdeck-test-truth-") as place:
        lab = Lab(os.path.join(place, "lab"))
        done = lab.command("up", "--owner", str(os.getpid()), lab.directory)
        if "cannot make a user namespace" in done.stderr:
            print(f"ok - a lab comes up # skip {done.stderr.splitlines()[0]}")
            return 0
        check(done.returncode == 0, "a lab comes up", done.stderr)
        try:
            if done.returncode == 0:
                tests(lab)
        finally:
            lab.command("down", lab.directory)
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
