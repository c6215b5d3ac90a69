#!/usr/bin/env python3
"""Runs every case of a corpus of router outputs through `peerdeck parse`.

usage: corpus.py PEERDECK CORPUS [OS ...]

A case is <os>/<command>/<case>.txt with <case>.json beside it: the values
that a reader must find.  null there is no claim.  Prints the share of values
found, per OS, and each value that differs.  Exit status 0 only if all are
found; 77 (skipped) where there is no corpus.
"""
import json
import os
import re
import subprocess
import sys

DEFAULT_VRF = (None, "", "default", "master", "global")
COUNTERS = ("prefixes_received", "prefixes_accepted", "prefixes_advertised", "prefixes_active")
SKIPPED = 77


def parse(peerdeck, case, text):
    proc = subprocess.run([peerdeck, "parse", "--os", case["os"], "--command", case["command"]],
                          input=text, capture_output=True, timeout=60)
    if proc.returncode != 0:
        return None, proc.stderr.decode(errors="replace").strip()
    return json.loads(proc.stdout), None


def same(key, want, got, row):
    if key == "vrf":
        return (want in DEFAULT_VRF) == (got in DEFAULT_VRF) and (want in DEFAULT_VRF or want == got)
    if key in COUNTERS and row.get("state") != "Established" and want == 0:
        return got in (0, None)
    if isinstance(want, float) or isinstance(got, float):
        return got is not None and abs(want - got) < 1e-6
    return want == got


def compare_dict(where, want, got, misses):
    found = total = 0
    for key, value in want.items():
        if value is None:
            continue
        if isinstance(value, dict):
            f, t = compare_dict(f"{where}.{key}", value, (got or {}).get(key) or {}, misses)
        else:
            t, f = 1, int(got is not None and same(key, value, got.get(key), want))
            if not f:
                misses.append(f"{where}.{key}: wanted {value!r}, got {got.get(key) if got else None!r}")
        found, total = found + f, total + t
    return found, total


def identity(kind, row):
    if kind == "sessions":
        vrf = row.get("vrf")
        return (row.get("neighbor"), "" if vrf in DEFAULT_VRF else vrf)
    return (row.get("prefix") or row.get("name"),)


def likeness(want, got):
    return sum(1 for k, v in want.items() if v is not None and same(k, v, got.get(k), want))


def compare_rows(kind, want, got, misses):
    """Each wanted row takes the likest row of its identity that is left."""
    found = total = 0
    left = {}
    for row in got:
        left.setdefault(identity(kind, row), []).append(row)
    for row in want:
        same_id = left.get(identity(kind, row), [])
        best = max(same_id, key=lambda r: likeness(row, r), default=None)
        if best is not None:
            same_id.remove(best)
        f, t = compare_dict(str(identity(kind, row)[0]), row, best, misses)
        found, total = found + f, total + t
    extra = sum(len(rows) for rows in left.values())
    if extra:
        misses.append(f"{extra} rows more than there are")
        total += extra
    return found, total


def compare(case, got, misses):
    kind = case["kind"]
    rows = {"sessions": "sessions", "routes": "prefixes", "interfaces": "interfaces"}.get(kind)
    head = {"sessions": ("router_id", "local_as"), "status": ("status",),
            "ping": ("destination", "sent", "received", "rtt_ms")}.get(kind, ())
    found, total = compare_dict("", {k: case.get(k) for k in head}, got, misses)
    if rows:
        f, t = compare_rows(kind, case[rows], (got or {}).get(rows) or [], misses)
        found, total = found + f, total + t
    return found, total


def run_case(peerdeck, path, verbose):
    with open(path + ".json") as f:
        case = json.load(f)
    with open(path + ".txt", "rb") as f:
        text = f.read()
    if case.get("raw_indent"):
        text = re.sub(rb"(?m)^ {1,%d}" % case["raw_indent"], b"", text)
    misses = []
    got, error = parse(peerdeck, case, text)
    found, total = compare(case, got, misses)
    if error:
        misses = [error]
    if misses and verbose:
        print(f"  {path}: {found}/{total}")
        for miss in misses[:6]:
            print(f"    {miss}")
    return found, total


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    peerdeck, corpus, wanted = sys.argv[1], sys.argv[2], sys.argv[3:]
    if not os.path.isdir(corpus):
        print(f"skipped: there is no corpus at {corpus}")
        return SKIPPED
    all_found = all_total = 0
    for os_name in wanted or sorted(os.listdir(corpus)):
        found = total = cases = 0
        for folder, _, files in sorted(os.walk(os.path.join(corpus, os_name))):
            for name in sorted(files):
                if not name.endswith(".json"):
                    continue
                f, t = run_case(peerdeck, os.path.join(folder, name[:-5]), True)
                found, total, cases = found + f, total + t, cases + 1
        if cases:
            print(f"{os_name} {found}/{total} {100 * found / max(total, 1):.1f} % ({cases} cases)")
        all_found, all_total = all_found + found, all_total + total
    return 0 if all_found == all_total else 1


if __name__ == "__main__":
    sys.exit(main())
