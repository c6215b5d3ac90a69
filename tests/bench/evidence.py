#!/usr/bin/env python3
"""Evidence: consistency of ten sessions of 200,000 prefixes beside Python's json and sets; a macro beside bgpq4.

usage: evidence.py
"""
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build", "release", "tests", "bench")
SETS, PREFIXES = 10, 200000


def consistency():
    out = subprocess.run([os.path.join(BUILD, "consistency"), str(SETS), str(PREFIXES)], check=True, capture_output=True, text=True).stdout
    ours = {k: float(v) for k, v in (line.split() for line in out.splitlines())}
    table = json.dumps({f"{1 + (i >> 16)}.{i >> 8 & 255}.{i & 255}.0/24": {"nextHop": "192.0.2.10", "path": "64496 65550", "valid": True,
                                                                           "origin": "IGP", "weight": 0} for i in range(PREFIXES)})
    start = time.process_time()
    sets = [set(json.loads(table)) for _ in range(SETS)]
    everything = set().union(*sets)
    for s in sets:
        everything - s  # pylint: disable=pointless-statement
    python = (time.process_time() - start) * 1000
    whole = ours["read_ms"] + ours["compare_ms"]
    print(f"consistency of {SETS} sessions x {PREFIXES} prefixes, from the routers' JSON: peerdeck {whole:.0f} ms CPU (reading "
          f"{ours['read_ms']:.0f}, comparing {ours['compare_ms']:.0f}; aim < 2000), Python's json and sets {python:.0f} ms, ratio {whole / python:.2f}")
    print(f"held: {ours['set_kib'] / 1024:.0f} MB in sets, {ours['peak_kib'] / 1024:.0f} MB at most in the process (aim < 200); "
          f"one set against 500,000 ROA payloads: {ours['validate_ms']:.0f} ms")


def stall():
    """How long the console's thread is kept by taking such sets in."""
    out = subprocess.run([os.path.join(BUILD, "stall"), str(SETS), str(PREFIXES)], check=True, capture_output=True, text=True).stdout
    ours = {k: float(v) for k, v in (line.split() for line in out.splitlines())}
    print(f"taking them in, beside the screen: its thread is kept for {ours['stall_ms']:.1f} ms at most (aim < 40, a frame); "
          f"all compared after {ours['took_ms'] / 1000:.1f} s")


def database(path):
    random.seed(4)
    asns = [20000 + i for i in range(2400)]
    sets = {"AS-BENCH": [f"AS-B{i}" for i in range(8)]}
    for i in range(8):
        sets[f"AS-B{i}"] = [f"AS{a}" for a in asns[i * 300:(i + 1) * 300]]
    routes = {str(a): [f"{random.randrange(1, 223)}.{random.randrange(256)}.{random.randrange(256)}.0/24" for _ in range(40)] +
              [f"2a{random.randrange(16, 256):02x}:{a:x}::/32"] for a in asns}
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"sources": {"RADB": {"sets": sets, "routes": routes}}}, f)


def cpu():
    u = resource.getrusage(resource.RUSAGE_CHILDREN)
    return u.ru_utime + u.ru_stime


def timed(commands):
    start, before, out = time.monotonic(), cpu(), ""
    for c in commands:
        out += subprocess.run(c, check=True, capture_output=True, text=True).stdout
    return time.monotonic() - start, cpu() - before, set(out.split())


def expansion():
    if shutil.which("bgpq4") is None:
        print("expansion beside bgpq4: skipped, bgpq4 is not installed")
        return
    with tempfile.TemporaryDirectory(prefix="peerdeck-bench-irr-") as folder:
        path = os.path.join(folder, "irr.json")
        database(path)
        for old in (False, True):
            server = subprocess.Popen([sys.executable, os.path.join(ROOT, "tests", "data", "irr_server.py"), path], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True, env={**os.environ, **({"IRR_NO_WHOLE": "1"} if old else {})})
            try:
                port = server.stdout.readline().strip()
                theirs = timed([["bgpq4", "-h", f"127.0.0.1:{port}", f, "-S", "RADB", "-F", "%n/%l\\n", "AS-BENCH"] for f in ("-4", "-6")])
                ours = timed([[os.path.join(BUILD, "irr"), port, "AS-BENCH", "RADB"]])
                print(f"AS-BENCH, 2,400 AS numbers, {'one by one' if old else 'as a whole'}: peerdeck {ours[0]:.2f} s ({ours[1]:.2f} CPU), "
                      f"bgpq4 {theirs[0]:.2f} s ({theirs[1]:.2f} CPU), ratio {ours[0] / theirs[0]:.2f} (aim <= 1); "
                      f"{len(ours[2])} prefixes, {'the same' if ours[2] == theirs[2] else 'NOT the same'}")
            finally:
                server.stdin.close()
                server.wait()


consistency()
stall()
expansion()
