#!/usr/bin/python3
"""Routes, ping and interface of one neighbor, on the real daemons of the lab.  Speaks TAP."""
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
PEER = "192.0.2.16"  # Fenwick Mobile: 120 routes to every router, 12 back
FAILURES = 0


def check(holds, what):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)


def run(lab, *words):
    done = subprocess.run([LAB, "run", lab, "--", PEERDECK, *words], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, check=False)
    return done.returncode, done.stdout, done.stderr


def routes(lab, router, side, *more):
    status, out, err = run(lab, "routes", f"{router}/{PEER}", side, "--json", *more)
    try:
        return status, json.loads(out)
    except ValueError:
        return status, {"error": err}


def is_up(lab):
    status, out, _ = run(lab, "sessions", "--json")
    rows = [r for r in json.loads(out or "[]") if r["neighbor"] == PEER]
    return len(rows) == 4 and all(r["state"] == "Established" and (r["prefixes_accepted"] or r["prefixes_received"]) == 120
                                  and r["prefixes_advertised"] == 12 for r in rows)


def test(lab):
    end = time.monotonic() + 60
    while not is_up(lab):
        if time.monotonic() > end:
            check(False, "the lab's sessions are up")
            return
    for router in ("r1", "r2", "r3", "r4"):
        for side, count in (("received", 120), ("accepted", 120), ("advertised", 12)):
            status, got = routes(lab, router, side)
            if (router, side) == ("r4", "accepted"):
                check(status == 4, "r4: GoBGP cannot tell accepted routes, and that is said")
                continue
            check(status == 0 and got["total"] == count == len(got["routes"]) and got["ipv4_lengths"] == {"24": count} and
                  got["rows_seen"] == got["rows_parsed"], f"{router}: {side} {got.get('total')} {got.get('error')}")
        status, got = routes(lab, router, "received", "--count")
        check(status == 0 and "routes" not in got and got["next_hops"] == [{"next_hop": PEER, "routes": 120}],
              f"{router}: counted only")
        status, out, err = run(lab, "ping", f"{router}/{PEER}", "--number", "2", "--json")
        got = json.loads(out) if status == 0 else {}
        check(status == 0 and got["sent"] == 2 == got["received"] and 0 < got["min_ms"] <= got["max_ms"],
              f"{router}: ping {err}")
        status, out, err = run(lab, "interface", f"{router}/{PEER}", "--json")
        got = json.loads(out)[0] if status == 0 else {}
        check(status == 0 and got["name"] == "ix0" and got["link"] == "up" and got["input_octets"] > 0 and
              got["input_bps"] >= 0 and got["output_errors"] == 0, f"{router}: interface {err}")
    status, out, err = run(lab, "routes", "r2/192.0.2.17", "received", "--count")
    check(status == 1 and "import table on" in err, "BIRD without an import table says what is missing")
    status, out, err = run(lab, "routes", f"r1/{PEER}", "accepted", "--family", "ipv6", "--count")
    check(status == 2 and "IPv6" in err, "a family that the neighbor has not is refused")
    status, out, err = run(lab, "routes", "router:r1", "accepted")
    check(status == 2 and "ROUTER/NEIGHBOR" in err, "one neighbor is wanted")


def main():
    folder = tempfile.mkdtemp(prefix="peerdeck-questions-")
    lab = os.path.join(folder, "lab")
    up = subprocess.run([LAB, "up", "--owner", str(os.getpid()), lab], capture_output=True, text=True, check=False)
    try:
        check(up.returncode == 0, "the lab comes up")
        if up.returncode == 0:
            test(lab)
        else:
            print("# " + up.stderr)
    finally:
        subprocess.run([LAB, "down", lab], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if FAILURES else 0


sys.exit(main())
