#!/usr/bin/env python3
"""make bench: a full-size PeeringDB (34,000 networks, 270,000 objects) imported and synced beside python3 and SQLite,
a network looked up in it, and the console's keys while it is being synced.

usage: pdb.py [SCALE]     1.0 is full size

python3 does in the same run what a script would: json.load of each file, executemany into a table of SQLite with the same
columns that peerdeck keeps, its indexes made at the end, one transaction.  "few columns" keeps seven at most and no index.
"""
import fcntl
import http.server
import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build", "release")
PEERDECK = os.path.join(BUILD, "peerdeck")
TURNS = 3  # of which the cheapest counts
FEW = ("id", "status", "updated", "asn", "name", "net_id", "ix_id")


def columns(path):
    """Of each table in a cache: its columns, and those that are indexed."""
    db = sqlite3.connect(path)
    tables = {}
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='table' AND name LIKE 'pdb\\_%' ESCAPE '\\'").fetchall():
        names = [r[1] for r in db.execute(f"PRAGMA table_info({name})") if r[1] != "reading"]
        indexed = [db.execute(f"PRAGMA index_info({i[1]})").fetchone()[2] for i in db.execute(f"PRAGMA index_list({name})").fetchall()]
        tables[name[4:]] = (names, indexed)
    db.close()
    return tables


def load(folder, path, tables, few):
    """What the script does; run in a process of its own (see below)."""
    db = sqlite3.connect(path)
    for tag, (names, indexed) in tables.items():
        names = [n for n in names if n in FEW] if few else names
        with open(os.path.join(folder, tag + "-0.json"), encoding="utf-8") as f:
            rows = json.load(f)["data"]
        kinds = ",".join(f'"{n}" INTEGER PRIMARY KEY' if n == "id" else f'"{n}"' for n in names)
        db.execute(f"CREATE TABLE {tag} ({kinds})")
        db.executemany(f"INSERT INTO {tag} VALUES ({','.join('?' * len(names))})", ([row.get(n) for n in names] for row in rows))
        for n in indexed if not few else ():
            db.execute(f'CREATE INDEX {tag}_{n} ON {tag}("{n}")')
    db.commit()
    db.close()


def measured(command):
    """CPU seconds and peak MB of a child."""
    pid = os.spawnvp(os.P_NOWAIT, command[0], command)
    _, status, used = os.wait4(pid, 0)
    if status != 0:
        sys.exit("bench: " + " ".join(command) + " failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


class Files(http.server.BaseHTTPRequestHandler):
    """The API's whole tables, out of the files; nothing changed since."""
    protocol_version = "HTTP/1.1"
    folder = ""

    def do_GET(self):
        tag, _, query = self.path.rsplit("/", 1)[-1].partition("?")
        path = os.path.join(self.folder, tag + "-0.json")
        whole = "__in" not in query and os.path.exists(path)
        body = b'{"data": [], "meta": {}}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(os.path.getsize(path) if whole else len(body)))
        self.end_headers()
        if not whole:
            self.wfile.write(body)
            return
        with open(path, "rb") as f:
            self.wfile.flush()
            at = 0
            while (n := os.sendfile(self.connection.fileno(), f.fileno(), at, 1 << 20)) > 0:
                at += n

    def log_message(self, *_):
        pass


class Place:
    """A configuration and a cache of their own."""

    def __init__(self, folder, url):
        self.folder = folder
        self.data = os.path.join(folder, "data")
        self.conf = os.path.join(folder, "peerdeck.conf")
        with open(self.conf, "w", encoding="utf-8") as f:
            f.write(f'local-as = 64500\ndata-dir = "{self.data}"\nrouter r1 {{ os = frr  address = 127.0.0.1  port = 1  user = noc }}\n'
                    f'peeringdb {{ url = "{url}"  query-gap = 1ms }}\n')
        os.chmod(self.conf, 0o600)

    def afresh(self):
        shutil.rmtree(self.data, ignore_errors=True)

    def command(self, *words):
        return [PEERDECK, "--config", self.conf, *words]


def quietly(command):
    return ["sh", "-c", 'exec "$@" >/dev/null', "sh", *command]


def storing(place, rows, scratch):
    """All of it in turns, so that what else the machine does falls on everybody; of each the cheapest turn counts."""
    database, tables = os.path.join(scratch, "python.db"), os.path.join(scratch, "columns.json")
    measured(quietly(place.command("pdb", "import", rows)))
    with open(tables, "w", encoding="utf-8") as f:
        json.dump(columns(os.path.join(place.data, "cache.db")), f)

    def no_database():
        if os.path.exists(database):
            os.unlink(database)

    def python(few):
        return [sys.executable, os.path.abspath(__file__), "--load", rows, database, tables, few]

    runs = {"python": (python(""), no_database), "few": (python("few"), no_database),
            "import": (quietly(place.command("pdb", "import", rows)), place.afresh),
            "first sync": (quietly(place.command("pdb", "sync")), place.afresh),
            "full sync again": (quietly(place.command("pdb", "sync", "--full")), lambda: None)}
    figures = {name: [] for name in runs}
    for _ in range(TURNS):
        for name, (command, before) in runs.items():
            before()
            figures[name].append(measured(command))
    best = {name: (min(f[0] for f in turns), max(f[1] for f in turns)) for name, turns in figures.items()}
    octets = sum(os.path.getsize(os.path.join(rows, name)) for name in os.listdir(rows))
    print(f"python3 into SQLite, {octets / 1e6:.0f} MB: {best['python'][0]:.2f} s CPU, peak {best['python'][1]:.0f} MB with the same "
          f"columns; {best['few'][0]:.2f} s with few columns and no index")
    for what in ("import", "first sync", "full sync again"):
        cpu, peak = best[what]
        print(f"PeeringDB {what}: {cpu:.2f} s CPU, ratio {cpu / best['python'][0]:.2f} (aim <= 0.5), with few columns "
              f"{cpu / best['few'][0]:.2f}; peak {peak:.0f} MB (aim < 64)")


def looking_up(place, networks):
    rounds = 500
    out = subprocess.run([os.path.join(BUILD, "tests", "bench", "pdb_lookup"), place.data, str(rounds), "1001",
                          str(max(1, networks // rounds - 1))], check=True, capture_output=True, text=True).stdout
    f = {name: float(value) for name, value in (line.split() for line in out.splitlines())}
    print(f"look-up by AS number, cache opened for each: p50 {f['whole_p50']:.0f} us CPU, p99 {f['whole_p99']:.0f} us with opening and "
          f"closing (aim < 1000); without {f['only_p50']:.0f} and {f['only_p99']:.0f} us")


class Console:
    """The console in a terminal of 80x24."""

    def __init__(self, place):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(PEERDECK, place.command())
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def read(self, seconds):
        """What comes, up to a pause of that length."""
        out = b""
        while select.select([self.fd], [], [], seconds)[0]:
            try:
                part = os.read(self.fd, 65536)
            except OSError:
                break
            out += part
            if not part:
                break
        return out

    def key(self, key):
        """Milliseconds until something is drawn."""
        self.read(0.002)
        began = time.monotonic()
        os.write(self.fd, key)
        if not select.select([self.fd], [], [], 5)[0]:
            sys.exit("bench: the console did not answer a key within 5 s")
        took = (time.monotonic() - began) * 1000
        return took, self.read(0.004)

    def end(self):
        os.kill(self.pid, signal.SIGTERM)
        self.read(0.5)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def quantile(figures, part):
    return sorted(figures)[min(len(figures) - 1, int(len(figures) * part))]


def keys(console, seconds, until=None):
    """Help opened and closed again and again: each key changes the whole screen."""
    took, end, seen = [], time.monotonic() + seconds, b""
    while time.monotonic() < end and (until is None or not until(seen)):
        for key in (b"?", b"q"):
            ms, drawn = console.key(key)
            took.append(ms)
            seen = (seen + drawn)[-20000:]
        time.sleep(0.01)
    return took


def rows_stored(place):
    try:
        db = sqlite3.connect(f"file:{place.data}/cache.db?mode=ro", uri=True)
        n = db.execute("SELECT count(*) FROM mark").fetchone()[0]
        db.close()
        return n
    except sqlite3.Error:
        return 0


def responding(place):
    place.afresh()
    console = Console(place)
    console.read(1.5)
    still = keys(console, 2)
    os.write(console.fd, b":sync-peers\r")
    began = time.monotonic()
    console.read(0.05)
    during = keys(console, 60, lambda _: rows_stored(place) >= 13)
    took = time.monotonic() - began
    console.end()
    if rows_stored(place) < 13:
        sys.exit("bench: the console's sync did not end within 60 s")
    print(f"key to screen: p50 {quantile(still, 0.5):.1f} ms, p99 {quantile(still, 0.99):.1f} ms idle; during a sync of {took:.1f} s p50 "
          f"{quantile(during, 0.5):.1f} ms, p99 {quantile(during, 0.99):.1f} ms, worst {max(during):.1f} ms of {len(during)} keys")


def main():
    if sys.argv[1:2] == ["--load"]:
        with open(sys.argv[4], encoding="utf-8") as f:
            load(sys.argv[2], sys.argv[3], json.load(f), sys.argv[5] == "few")
        return
    scale = sys.argv[1] if len(sys.argv) > 1 else "1.0"
    with tempfile.TemporaryDirectory(prefix="peerdeck-bench-") as scratch:
        rows = os.path.join(scratch, "rows")
        subprocess.run([sys.executable, os.path.join(ROOT, "tests", "bench", "pdb_data.py"), rows, scale], check=True)
        Files.folder = rows
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        place = Place(scratch, f"http://127.0.0.1:{server.server_port}/api")
        storing(place, rows, scratch)
        looking_up(place, int(34000 * float(scale)))
        responding(place)
        server.shutdown()


main()
