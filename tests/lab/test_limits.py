#!/usr/bin/python3
"""The lines that are suggested to set a prefix limit, entered on the real routers of the lab and read back.  Speaks TAP.

The route server of the lab has no limit on any of them.
"""
import json
import os
import re
import shutil
import sys
import tempfile

import test_verdicts
from test_verdicts import SERVER, House, check, until

PEER = "192.0.2.21"


def limits(house, router):
    done = house.peerdeck("peerdeck.conf", "sessions", "--json")
    return {r["neighbor"]: r["max_prefixes"] for r in json.loads(done.stdout or "[]") if r["router"] == router and r["remote_as"] == SERVER}


def lines(house, router):
    """What the verdict says to enter for the IPv4 session."""
    policy = os.path.join(test_verdicts.ROOT, "policies", "as54600.policy")
    found = test_verdicts.verdicts(house, "peerdeck.conf", (SERVER,), "--quick", "--policy", policy, "--clause", "max-prefixes")
    said, mine = [], False
    for e in found[SERVER]["prefix-limit"]["evidence"]:
        if e["words"].startswith("    "):
            said += [e["words"].strip()] if mine else []
        else:
            mine = e["about"] == f"{router} {PEER} ipv4" and "enter on" in e["words"]
    return said


def frr(house, said):
    house.shell("r1", "vtysh", *(w for line in said for w in ("-c", line)))


def bird(house, said):
    """"in the file that holds protocol P: ipv4 { import limit N action restart; };" """
    m = re.match(r"in the file that holds protocol (\S+): (ipv4) \{ (.*;) \};$", said[0])
    house.edit("r2", "bird/bird.conf", (f"export filter out_{m[1]};", f"export filter out_{m[1]};\n\t\t{m[3]}"))
    house.shell("r2", *said[1].split())


def openbgpd(house, said):
    """"in bgpd.conf, neighbor A: max-prefix N" """
    m = re.match(r"in bgpd.conf, neighbor (\S+): (.*)$", said[0])
    house.edit("r3", "bgpd.conf", (f"neighbor {m[1]} {{", f"neighbor {m[1]} {{\n\t{m[2]}"))
    house.shell("r3", "sh", "-c", said[1])


def main():
    folder = tempfile.mkdtemp(prefix="peerdeck-limits-")
    house = House(folder)
    try:
        if not house.up():
            return 1
        shutil.copy(os.path.join(house.lab, "peerdeck.conf"), house.path("peerdeck.conf"))
        for router, enter in (("r1", frr), ("r2", bird), ("r3", openbgpd)):
            check(until(lambda r=router: limits(house, r).get(PEER) == 0, 30), f"{router}: no limit is read as none", limits(house, router))
            said = lines(house, router)
            if check(any("1000" in line for line in said), f"{router}: the verdict says what to enter: {said}"):
                enter(house, said)
                check(until(lambda r=router: limits(house, r).get(PEER) == 1000, 30), f"{router}: entered as it stands, the limit is read back",
                      limits(house, router))
                check(lines(house, router) == [], f"{router}: and nothing more is said to enter")
    finally:
        house.down()
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if test_verdicts.FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
