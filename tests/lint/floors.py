#!/usr/bin/env python3
"""Proves the floors of HACKING.md from the includes.

base <- model <- judge, act <- backends | tui <- app; inside backends: parse <- drivers <- link, and sources and store
see neither them nor each other.  Each third-party header has the few includers named here.  No circle of files.
"""
import os
import re
import sys

# room -> rooms whose headers it may include (its own always)
MAY = {
    "core/base": [],
    "core/model": ["core/base"],
    "core/judge": ["core/base", "core/model"],
    "core/act": ["core/base", "core/model"],
    "backends/parse": ["core/base", "core/model"],
    "backends/drivers": ["core/base", "core/model", "core/act", "backends/parse"],
    "backends/link": ["core/base", "core/model", "core/act", "backends/parse", "backends/drivers"],
    "backends/store": ["core/base", "core/model"],
    "backends/sources": ["core/base", "core/model", "backends/parse"],
    "tui": ["core/base", "core/model", "core/judge", "core/act"],
    "tui/views": ["core/base", "core/model", "core/judge", "core/act", "tui"],
    "app": None,  # sees everything below
    "app/commands": None,
}
# tui/ui.c names the views in one table: the only arrow from tui into tui/views.
EXTRA = {("tui/view.c", "tui/views"), ("tui/ui.c", "tui/views")}
# third-party header -> files that may include it
ONLY = {
    r"^n?curses|^ncursesw|^term\.h$": ["tui/screen"],
    r"^libssh/": ["backends/link/ssh"],
    r"^curl/": ["backends/sources/http"],
    r"^sqlite3\.h$": ["backends/store/sqlite"],
    r"^confuse\.h$": ["core/model/config"],
    r"^expat\.h$": ["backends/parse/xml"],
    r"^utf8proc\.h$": ["core/base/text"],
    r"^zlib\.h$": ["backends/sources/"],
    r"^jansson\.h$": ["core/act/journal", "core/act/chain", "core/act/ledger", "core/act/record", "core/act/claim", "backends/sources/",
                      "app/output", "app/commands/"],
    r"^pcre2": ["core/base/match", "backends/link/dialog_match", "tui/pattern"],
    r"^openssl/": ["core/act/", "backends/link/hostkey", "core/base/sha256"],
    r"^uthash\.h$": ["core/model/", "core/judge/", "backends/", "tui/", "core/act/", "app/collect"],
}


def sources():
    for top in ("app", "core", "backends", "tui"):
        for folder, _, files in os.walk(top):
            for name in sorted(files):
                if name.endswith((".c", ".h")):
                    yield os.path.join(folder, name)


def unit_of(path):
    """x.c, x.h and what its files share in x_priv.h are one unit."""
    return re.sub(r"_priv$", "", os.path.splitext(path)[0])


def includes(path):
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            m = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if m:
                yield number, m[1] == '"', m[2]


def main():
    faults, graph = [], {}
    for path in sources():
        room = os.path.dirname(path)
        if room not in MAY:
            faults.append(f"{path}: the folder {room} is no room of the house; name it in HACKING.md and in floors.py")
            continue
        unit = unit_of(path)
        for number, own, target in includes(path):
            where = f"{path}:{number}"
            if own and "/" not in target:
                faults.append(f'{where}: "{target}" must be named from the top of the tree')
            if own and "/" in target:
                to = os.path.dirname(target)
                allowed = MAY[room]
                if to != room and allowed is not None and to not in allowed and (path, to) not in EXTRA:
                    faults.append(f"{where}: {room} may not see {to}")
                if unit_of(target) != unit:
                    graph.setdefault(unit, set()).add(unit_of(target))
            if not own:
                for pattern, files in ONLY.items():
                    if re.search(pattern, target) and not any(path.startswith(f) for f in files):
                        faults.append(f"{where}: <{target}> may be included by {', '.join(files)} only")
    faults += circles(graph)
    for fault in faults:
        print(fault)
    print(f"{'not ok' if faults else 'ok'} - floors: {len(graph)} units, {len(faults)} faults")
    return 1 if faults else 0


def circles(graph):
    """A unit is x.c and x.h together; a circle of units is named once."""
    state, stack, found = {}, [], []

    def visit(unit):
        state[unit] = 1
        stack.append(unit)
        for nxt in sorted(graph.get(unit, ())):
            if state.get(nxt) == 1:
                found.append("circle: " + " -> ".join(stack[stack.index(nxt):] + [nxt]))
            elif nxt not in state:
                visit(nxt)
        stack.pop()
        state[unit] = 2

    for unit in sorted(graph):
        if unit not in state:
            visit(unit)
    return found


sys.exit(main())
