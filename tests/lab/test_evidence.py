#!/usr/bin/python3
"""What is collected about a network on the real daemons of the lab, against what the far side sent.  Speaks TAP."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAB = os.path.join(ROOT, "demo", "lab")
PEERDECK = os.path.join(ROOT, "build", "release", "peerdeck")
ASN = 4200000001  # Fenwick Mobile: 120 routes of IPv4 and 20 of IPv6 to every router
PEER = "192.0.2.16"
FAILURES = 0


def check(holds, what):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)


def run(lab, *words):
    done = subprocess.run([LAB, "run", lab, "--", PEERDECK, *words], capture_output=True, text=True, timeout=200,
                          stdin=subprocess.DEVNULL, check=False)
    return done.returncode, done.stdout, done.stderr


def is_up(lab):
    status, out, _ = run(lab, "sessions", "--json")
    rows = [r for r in json.loads(out or "[]") if r["neighbor"] == PEER]
    return len(rows) == 4 and all(r["state"] == "Established" and (r["prefixes_accepted"] or r["prefixes_received"]) == 120
                                  for r in rows)


def sent(lab, router):
    """What the router itself says that it received, by another way than collecting: peerdeck routes."""
    status, out, _ = run(lab, "routes", f"{router}/{PEER}", "received", "--json")
    return {r["prefix"] for r in json.loads(out)["routes"]} if status == 0 else set()


def sources(lab, folder):
    """Payloads that make one prefix valid and one invalid."""
    prefixes = sorted(sent(lab, "r1"))
    with open(os.path.join(folder, "vrps.json"), "w", encoding="utf-8") as f:
        json.dump({"roas": [{"asn": f"AS{ASN}", "prefix": prefixes[1], "maxLength": 24},
                            {"asn": 64511, "prefix": prefixes[2], "maxLength": 24}]}, f)
    return prefixes


def test(lab, folder):
    end = time.monotonic() + 60
    while not is_up(lab):
        if time.monotonic() > end:
            check(False, "the lab's sessions are up")
            return
    status, out, err = run(lab, "collect", f"AS{ASN}", "--json")
    check(status == 0, f"collect: {err[-200:] if status else 'done'}")
    got = json.loads(out)
    check(len(got["sessions"]) == 8, "eight sessions: four routers, two families")
    for s in got["sessions"]:
        count = 120 if s["family"] == "ipv4-unicast" else 20
        name = f"{s['router']} {s['family']}"
        check(s["received"]["known"] and not s["received"]["after_policy"] and s["received"]["count"] == count,
              f"{name}: received {s['received'].get('count')} {s['received'].get('missing') or ''}")
        check(s["received"]["next_hops"]["known"] and s["received"]["next_hops"]["bad"] == 0, f"{name}: next hops")
        check(s["received"]["registered"]["known"] is False and "irr" in s["received"]["registered"]["missing"],
              f"{name}: without a registry nothing is known of registration")
        q = s["quality"]
        check(q["known"] and q["windows"] and q["windows"][0]["sent"] == q["windows"][0]["received"] == 10 and
              q["windows"][0]["avg_ms"] > 0, f"{name}: pinged {q.get('missing') or ''}")
        check(s["port"] is not None, f"{name}: its port is known")
    for k in ("consistent_ipv4", "consistent_ipv6"):
        check(got[k]["known"] and got[k]["compared"] == 4 and got[k]["unread"] == 0 and got[k]["total"] == got[k]["in_all"] and
              got[k]["differences"] == [], f"{k}: the same everywhere")
    check({p["interface"] for p in got["ports"]} == {"ix0"} and len(got["ports"]) == 4, "one port on each router")
    prefixes = sources(lab, folder)
    check(len(prefixes) == 120, "120 prefixes by the other way too")
    conf = os.path.join(lab, "peerdeck.conf")
    with open(conf, encoding="utf-8") as f:
        text = f.read()
    with open(os.path.join(folder, "peerdeck.conf"), "w", encoding="utf-8") as f:
        f.write(text + f'\nrpki {{ vrp-file = "{folder}/vrps.json" }}\n')
    os.chmod(os.path.join(folder, "peerdeck.conf"), 0o600)
    status, out, err = run(lab, "--config", os.path.join(folder, "peerdeck.conf"), "collect", f"AS{ASN}", "--json")
    got = json.loads(out) if status == 0 else {"sessions": []}
    check(status == 0, f"collect with payloads: {err[-200:] if status else 'done'}")
    for s in (s for s in got["sessions"] if s["family"] == "ipv4-unicast"):
        r = s["received"]["rpki"]
        check(r["known"] and (r["good"], r["bad"], r["open"]) == (1, 1, 118) and
              r["examples"] == [f"{prefixes[2]} AS{ASN}"], f"{s['router']}: one valid, one invalid {r}")


def main():
    folder = tempfile.mkdtemp(prefix="peerdeck-evidence-")
    lab = os.path.join(folder, "lab")
    up = subprocess.run([LAB, "up", "--owner", str(os.getpid()), lab], capture_output=True, text=True, check=False)
    try:
        check(up.returncode == 0, "the lab comes up")
        if up.returncode == 0:
            test(lab, folder)
        else:
            print("# " + up.stderr)
    finally:
        subprocess.run([LAB, "down", lab], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if FAILURES else 0


sys.exit(main())
