#!/usr/bin/env python3
"""Drift as peerdeck finds it, beside an independent join: a simulated router with sessions to ports that PeeringDB lists, and
copies of the rows in which addresses are gone or changed, belong to another network, are out of operation, or limits are far off.

Speaks TAP.  Rows: our own made-up ones and, where they are, real ones from ../shared/peeringdb.
"""
import gzip
import ipaddress
import json
import os
import random
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from simlab import ROOT, SCRIPTS, Lab  # noqa: E402

SHARED = os.path.join(os.path.dirname(ROOT), "shared", "peeringdb")
TAGS = ("net", "netixlan", "netfac", "ix", "ixlan", "ixpfx", "fac")
SUBJECTS = 36
FAILURES = 0


def check(holds, what, shown=""):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)
    if not holds:
        print("\n".join("# " + line for line in str(shown)[:3000].splitlines()), flush=True)


def table(folder, tag):
    for name, opener in ((f"{tag}.json", open), (f"{tag}.json.gz", gzip.open)):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            with opener(path, "rt", encoding="utf-8") as f:
                return [r for r in json.load(f)["data"] if r.get("status", "ok") == "ok"]
    return []


class Rows:
    """Tables of one folder, thinned to who matters, and what a join of our own makes of them."""

    def __init__(self, folder):
        self.t = {tag: table(folder, tag) for tag in TAGS}
        ports = {}
        for r in self.t["netixlan"]:
            ports.setdefault(r["net_id"], []).append(r)
        self.own = max(self.t["net"], key=lambda n: len(ports.get(n["id"], ())))
        here = {(r["ix_id"], r["ixlan_id"]) for r in ports[self.own["id"]]}
        self.met = {}  # net id: a port of theirs on a LAN of ours
        for n in self.t["net"]:
            for r in ports.get(n["id"], ()):
                if n is not self.own and r["ipaddr4"] and (r["ix_id"], r["ixlan_id"]) in here:
                    self.met.setdefault(n["id"], r)

    def lan_of(self, address):
        a, best = ipaddress.ip_address(address), None
        for p in self.nets4:
            if a in p[0] and (best is None or p[0].prefixlen > best[0].prefixlen):
                best = p
        return best[1] if best else None

    def thin(self, keep):
        ids = {n["id"] for n in keep} | {self.own["id"]}
        self.t["net"] = [n for n in self.t["net"] if n["id"] in ids]
        for tag in ("netixlan", "netfac"):
            self.t[tag] = [r for r in self.t[tag] if r["net_id"] in ids]
        lans = {r["id"]: r for r in self.t["ixlan"]}
        self.nets4 = [(ipaddress.ip_network(p["prefix"]), lans[p["ixlan_id"]]) for p in self.t["ixpfx"]
                      if ":" not in p["prefix"] and p["ixlan_id"] in lans]

    def write(self, folder):
        for tag, rows in self.t.items():
            with open(os.path.join(folder, tag + ".json"), "w", encoding="utf-8") as f:
                json.dump({"data": rows, "meta": {"generated": 1795000000}}, f)

    def ports(self, net):
        return [r for r in self.t["netixlan"] if r["net_id"] == net["id"]]

    def drift(self, net, sessions):
        """{(kind, address or port id)} of one network."""
        found, mine = set(), self.ports(net)
        for s in sessions:
            port = next((r for r in mine if r["ipaddr4"] == s["address"]), None)
            lan = self.lan_of(s["address"])
            if port and s["asn"] not in (net["asn"], port["asn"]):
                found.add(("other-asn", s["address"]))
            if s["asn"] != net["asn"]:
                continue
            owner = any(r["ipaddr4"] == s["address"] for r in self.t["netixlan"])
            if not port and (lan or owner):  # whose it is, is known without a row of its LAN
                there = lan and any(r["ipaddr4"] and r["ixlan_id"] == lan["id"] for r in mine)
                found.add(("other-asn" if owner else "address-changed" if there else "address-gone", s["address"]))
            limit = net["info_prefixes4"]
            if limit is not None and s["received"] > limit:
                found.add(("over-limit", s["address"]))
            elif limit is not None and limit > 10 * s["received"] and limit - s["received"] >= 500:
                found.add(("far-limit", s["address"]))
        ours = {(r["ix_id"], r["ixlan_id"]): r for r in self.ports(self.own)}
        common = {(r["ix_id"], r["ixlan_id"]) for r in mine} & set(ours)
        for r in mine + self.ports(self.own):
            if (r["ix_id"], r["ixlan_id"]) in common and r["operational"] is False:
                found.add(("not-operational", r["id"]))
        return found


def seen(view):
    return {(d["kind"], d["port_id"] if d["kind"] == "not-operational" else d["address"]) for d in view["drift"]}


def mutate(rows, chosen, rng):
    """One change to each of the chosen networks' rows, or none."""
    taken = {r["ipaddr4"] for r in rows.t["netixlan"]}
    for i, net in enumerate(chosen):
        port = rows.met[net["id"]]
        what = i % 7
        if what == 1:
            rows.t["netixlan"] = [r for r in rows.t["netixlan"] if r["net_id"] != net["id"] or r["ixlan_id"] != port["ixlan_id"]]
        elif what == 2:
            lan = next((p for p, one in rows.nets4 if one["id"] == port["ixlan_id"]), None)
            free = next((str(a) for a in lan.hosts() if str(a) not in taken), None) if lan else None
            port["ipaddr4"] = free
            taken.add(free)
        elif what == 3:
            other = chosen[(i + 1) % len(chosen)]
            port["net_id"], port["asn"] = other["id"], other["asn"]
        elif what == 4:
            port["operational"] = False
        elif what == 5:
            net["info_prefixes4"] = 10 * net["test_received"] + 1 + rng.choice((0, 498, 499, 500, 5000))
        elif what == 6:
            net["info_prefixes4"] = net["test_received"] - rng.choice((0, 1))


def script(folder, sessions):
    """The simulated router of EOS, with these neighbors; where it lies, without its ending."""
    path = os.path.join(folder, "drift")
    with open(os.path.join(SCRIPTS, "eos.sim"), encoding="utf-8") as f:
        lines = [x for x in f if not x.startswith("neighbor ")]
    at = next(i for i, x in enumerate(lines) if x.startswith("policy "))
    made = [f'neighbor address={s["address"]} asn={s["asn"]} vrf="" family=ipv4 desc="x" admin=up routes_in={s["received"]} '
            f'routes_kept={s["received"]} routes_out=1 up_s=1000 max=100000 plist="" in=1 out=1\n' for s in sessions]
    with open(path + ".sim", "w", encoding="utf-8") as f:
        f.writelines(lines[:at] + made + lines[at:])
    return path


def compare(folder, label):
    rng = random.Random(label)
    rows = Rows(folder)
    chosen = [n for n in rows.t["net"] if n["id"] in rows.met]
    chosen = rng.sample(chosen, min(SUBJECTS, len(chosen)))
    rows.thin(chosen)
    sessions = []
    for net in chosen:
        net["test_received"] = rng.choice((1, 40, 50, 120, 3000))
        sessions.append({"address": rows.met[net["id"]]["ipaddr4"], "asn": net["asn"], "received": net["test_received"]})
    mutate(rows, chosen, rng)
    with tempfile.TemporaryDirectory(prefix="peerdeck-drift-") as folder, Lab(script(folder, sessions), "eos") as lab:
        os.mkdir(lab.path("rows"))
        rows.write(lab.path("rows"))
        with open(lab.path("peerdeck.conf"), encoding="utf-8") as f:
            conf = f.read()
        with open(lab.path("peerdeck.conf"), "w", encoding="utf-8") as f:
            f.write(conf.replace("local-as = 64500", f"local-as = {rows.own['asn']}"))
        done = lab.run("pdb", "import", lab.path("rows"))
        kinds, wrong = {}, []
        for net in chosen:
            done = lab.run("presence", f"AS{net['asn']}", "--json")
            try:
                got = seen(json.loads(done.stdout))
            except (ValueError, KeyError):
                wrong.append(f"AS{net['asn']}: {done.stdout[:200]}{done.stderr[:300]}")
                continue
            want = rows.drift(net, sessions)
            for kind, _ in want:
                kinds[kind] = kinds.get(kind, 0) + 1
            if got != want:
                wrong.append(f"AS{net['asn']}: {sorted(got - want, key=str)} too many, {sorted(want - got, key=str)} too few")
        check(not wrong and chosen, f"{label}: drift of {len(chosen)} networks, {kinds}", "\n".join(wrong))
        check(label == "made-up rows" or len(kinds) >= 6, f"{label}: every kind of drift came up", kinds)


compare(os.path.join(ROOT, "tests", "data", "pdb"), "made-up rows")
for one in ("corpus", "2026-04-16"):
    if os.path.isdir(os.path.join(SHARED, one)):
        compare(os.path.join(SHARED, one), one)
    else:
        print(f"ok - {one} # skip {os.path.join(SHARED, one)} is not there")
sys.exit(FAILURES > 0)
