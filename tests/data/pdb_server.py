#!/usr/bin/env python3
"""A PeeringDB on loopback that behaves as the real one (server 2.82): for tests and for trying things out.

usage: pdb_server.py [--tls] [--throttle] DIR

Serves the rows of DIR (net.json, poc.json.gz ...; {"data": [...]}) under /api, prints one line of JSON with its
ports and files, and ends when its standard input does: whoever started it cannot leave it behind.

Filters are ANDed, unknown parameters ignored; deleted rows only with `since`; rows are sliced before hidden
contacts are taken out; lists with depth > 0 are cut at 250.  Keys: "good", "inactive"; others are unknown.
/control/fault?name=N[&tag=T][&count=C] makes the next C answers (default: all) for tag T (default: any) faulty,
/control/counters tells what was asked, /control/set?switch=value sets a switch: retry_after (seconds, 0: none),
/control/put?tag=T&id=N&field=value changes a row (as JSON, else as text) and its `updated`, /control/drop?tag=T&id=N
deletes one as the server does; /control/reset takes all that back.  /TAG-0.json is the public
dump.  A second port answers everything with a redirect to the first.
"""
import argparse
import copy
import gzip
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

TAGS = ("org", "fac", "net", "ix", "ixlan", "ixpfx", "ixfac", "netixlan", "netfac", "poc", "carrier", "carrierfac", "campus")
CAP = 250
# What belongs below a row at depth > 0: field, tag of the children, their column.
SETS = {
    "net": (("netixlan_set", "netixlan", "net_id"), ("poc_set", "poc", "net_id"), ("netfac_set", "netfac", "net_id")),
    "ix": (("ixlan_set", "ixlan", "ix_id"),),
    "ixlan": (("ixpfx_set", "ixpfx", "ixlan_id"),),
}
OPS = ("in", "lt", "lte", "gt", "gte", "contains", "startswith")


def load(folder):
    rows = {tag: [] for tag in TAGS}
    for tag in TAGS:
        for name, opener in ((f"{tag}.json", open), (f"{tag}.json.gz", gzip.open)):
            path = os.path.join(folder, name)
            if os.path.exists(path):
                with opener(path, "rt", encoding="utf-8") as f:
                    rows[tag] = json.load(f)["data"]
    return rows


def epoch(text):
    return time.mktime(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone if text else 0


def as_json(word):
    try:
        return json.loads(word)
    except ValueError:
        return word


def alike(value, word):
    """Exact match as the server does it: ignoring case, numbers by value."""
    if isinstance(value, bool):
        return word.lower() in (("true", "1") if value else ("false", "0"))
    return value is not None and str(value).lower() == word.lower()


def holds(value, op, word):
    if op == "in":
        return any(alike(value, w) for w in word.split(","))
    if op is None:
        return alike(value, word)
    if value is None:
        return False
    if op == "contains":
        return word.lower() in str(value).lower()
    if op == "startswith":
        return str(value).lower().startswith(word.lower())
    try:
        a, b = (float(value), float(word)) if isinstance(value, (int, float)) else (str(value), word)
    except ValueError:
        return False
    return {"lt": a < b, "lte": a <= b, "gt": a > b, "gte": a >= b}[op]


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, rows, throttle, kind="api", target=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.loaded, self.kind, self.target, self.throttle = rows, kind, target, throttle
        self.lock = threading.Lock()
        self.stop = threading.Event()
        self.reset()

    def handle_error(self, request, client_address):
        pass  # a client that went away is what some tests are about

    def reset(self):
        self.rows = copy.deepcopy(self.loaded)
        self.faults, self.switches, self.times, self.large = [], {"retry_after": 3000}, {}, {}
        self.counters = {"total": 0, "tags": {}, "urls": [], "keys": 0, "agents": [], "gaps_ms": [], "statuses": []}
        self.last = None

    def fault_for(self, tag):
        for fault in self.faults:
            if fault["tag"] in (None, tag) and fault["count"] != 0:
                fault["count"] -= 1
                return fault["name"]
        return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: the second would wait for an acknowledgment

    def log_message(self, *args):
        pass

    def do_GET(self):
        url = urlsplit(self.path)
        query = parse_qsl(url.query, keep_blank_values=True)
        if url.path.startswith("/control/"):
            return self.control(url.path[9:], dict(query))
        if self.server.kind == "redirect":
            self.count("redirected")
            return self.answer(301, b"", {"Location": self.server.target + self.path})
        parts = url.path.strip("/").split("/")
        tag = parts[1] if len(parts) > 1 and parts[0] == "api" else None
        dump = url.path[1:].removesuffix("-0.json") if url.path.endswith("-0.json") else None
        if dump in TAGS:
            tag = dump
        if parts[:2] == ["rdap", "autnum"]:
            tag = "rdap"
        self.count(tag)
        with self.server.lock:
            fault = self.server.fault_for(tag)
        if fault:
            return getattr(self, "fault_" + fault)(tag, query)
        if dump in TAGS:
            return self.dump(dump)
        if tag == "rdap":
            return self.rdap(parts[2])
        if parts[:2] == ["api", "as_set"] and len(parts) == 3:
            return self.as_set(parts[2])
        if tag not in TAGS or url.path.endswith("/"):
            return self.html(404, "Not Found")
        user = self.user()
        if user is None:
            return None
        if self.server.throttle and self.throttled(user):
            return self.too_many()
        return self.rows_of(tag, parts[2] if len(parts) > 2 else None, query, user)

    def dump(self, tag):
        """The public copy: everything that is live and public, without limits."""
        rows = [r for r in self.server.rows[tag] if r.get("status", "ok") == "ok" and self.visible(tag, r, "")]
        body = {"data": rows, "meta": {"generated": round(time.time(), 3)}}
        self.answer(200, json.dumps(body, ensure_ascii=False).encode())

    def fault_loop(self, tag, query):
        self.answer(302, b"", {"Location": f"http://{self.headers['Host']}{self.path}"})

    def fault_plain(self, tag, query):
        self.answer(302, b"", {"Location": "http://127.0.0.1:1" + self.path})

    def rdap(self, asn):
        """A registry beside it: every network of the rows has an abuse desk, two entities down."""
        if not any(str(r["asn"]) == asn for r in self.server.rows["net"]):
            return self.error(404, "no such autnum")
        card = ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Abuse desk"], ["email", {}, "text", f"abuse@as{asn}.example"],
                          ["tel", {"type": "voice"}, "uri", "tel:+12025550199"]]]
        abuse = {"objectClassName": "entity", "roles": ["abuse"], "vcardArray": card}
        holder = {"objectClassName": "entity", "roles": ["registrant"], "entities": [abuse]}
        return self.answer(200, json.dumps({"objectClassName": "autnum", "handle": "AS" + asn, "entities": [holder]}).encode())

    def as_set(self, asn):
        sets = {str(r["asn"]): r.get("irr_as_set") for r in self.server.rows["net"] if str(r["asn"]) == asn and r["status"] == "ok"}
        if not sets:
            return self.error(404, "Entity not found")
        return self.answer(200, json.dumps({"data": [sets], "meta": {}}).encode())

    # --- accounts and limits

    def refusals(self):
        """More than ten 401 and 403 a minute bring a throttle."""
        now = time.monotonic()
        with self.server.lock:
            times = [t for t in self.server.times.get("refused", []) if now - t < 60] + [now]
            self.server.times["refused"] = times
        return len(times) > 10

    def user(self):
        """"" for nobody, "good" for the key's owner; None if refused already."""
        auth = self.headers.get("Authorization")
        if auth is None:
            return ""
        kind, _, key = auth.partition(" ")
        if (kind != "Api-Key" or key != "good") and self.refusals():
            self.too_many()
        elif kind == "Basic":
            self.error(403, "Basic authentication is no longer supported")
        elif kind != "Api-Key":
            self.error(400, "Unknown authorization method")
        elif key == "inactive":
            self.error(401, "Inactive API key")
        elif key != "good":
            self.error(401, "Invalid API key")
        else:
            return "good"
        return None

    def throttled(self, user):
        """Twenty a minute without a key, forty with one; the same question without a key twice a minute, and once an hour if its
        answer was longer than 100 kB."""
        now = time.monotonic()
        with self.server.lock:
            if not user and now - self.server.large.get(self.path, -3600) < 3600:
                return True
            for key, limit in ((user, 40 if user else 20), (None if user else self.path, 2)):
                if key is None:
                    continue
                times = [t for t in self.server.times.get(key, []) if now - t < 60]
                if len(times) >= limit:
                    return True
                self.server.times[key] = times + [now]
        return False

    def too_many(self):
        after = int(self.server.switches["retry_after"])
        body = {"message": f"Request was throttled. Expected available in {after // 3600} hours.",
                "meta": {"error": "Too Many Requests"}}
        self.answer(429, json.dumps(body).encode(), {"Retry-After": str(after)} if after else {})

    # --- rows

    def visible(self, tag, row, user):
        return tag != "poc" or row.get("visible") == "Public" or (user and row.get("visible") == "Users")

    def expand(self, tag, row, depth, user):
        row = dict(row)
        for field, child, column in SETS.get(tag, ()) if depth > 0 else ():
            below = [r for r in self.server.rows[child] if r[column] == row["id"] and r["status"] == "ok"
                     and self.visible(child, r, user)]
            row[field] = [self.expand(child, r, depth - 1, user) if depth > 1 else r["id"] for r in below]
        return row

    def rows_of(self, tag, ident, query, user):
        params = dict(query)
        depth = min(int(params.get("depth", 0)), 2)
        rows = self.server.rows[tag]
        since = int(params["since"]) if "since" in params else None
        if ident is not None:
            rows = [r for r in rows if str(r["id"]) == ident]
        if since is not None:
            rows = sorted((r for r in rows if epoch(r["updated"]) > since), key=lambda r: r["updated"])
        else:
            rows = [r for r in rows if r.get("status", "ok") == "ok"]
        fields = set().union(*(r.keys() for r in self.server.rows[tag])) if self.server.rows[tag] else set()
        for name, word in query:
            column, _, op = name.rpartition("__")
            if not column or op not in OPS:
                column, op = name, None
            if column == "asn" and op == "in" and len(word.split(",")) > 150:
                return self.error(400, "asn__in holds more than 150 values")
            if column in fields:
                rows = [r for r in rows if holds(r.get(column), op, word)]
        skip, limit = int(params.get("skip", 0)), int(params.get("limit", 0))
        rows = rows[skip:skip + limit] if limit else rows[skip:]
        meta = {}
        if depth and ident is None and len(rows) > CAP:
            rows, meta = rows[:CAP], {"truncated": f"Your search query returned more than {CAP} rows"}
        rows = [self.expand(tag, r, depth, user) for r in rows if self.visible(tag, r, user)]
        if "fields" in params:
            keep = params["fields"].split(",")
            rows = [{k: v for k, v in r.items() if k in keep} for r in rows]
        if not rows and (ident is not None or (tag == "net" and "asn" in params)):
            return self.error(404, "Entity not found")
        body = json.dumps({"data": rows, "meta": meta}, ensure_ascii=False).encode()
        if not user and len(body) > 100000:
            with self.server.lock:
                self.server.large[self.path] = time.monotonic()
        return self.answer(200, body)

    # --- answers

    def count(self, tag):
        now = time.monotonic()
        with self.server.lock:
            c = self.server.counters
            c["total"] += 1
            c["tags"][tag] = c["tags"].get(tag, 0) + 1
            c["urls"].append(self.path)
            c["keys"] += self.headers.get("Authorization") is not None
            c["agents"].append(self.headers.get("User-Agent"))
            if self.server.last is not None:
                c["gaps_ms"].append(int((now - self.server.last) * 1000))
            self.server.last = now

    def answer(self, status, body, headers=None):
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 200:
            body = gzip.compress(body, 1)
            headers = dict(headers or {}, **{"Content-Encoding": "gzip"})
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def error(self, status, words):
        self.answer(status, json.dumps({"meta": {"error": words}}).encode())

    def html(self, status, words):
        body = f"<html><body><h1>{status} {words}</h1></body></html>".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def change(self, tag, ident, fields):
        rows = self.server.rows[tag]
        row = next((r for r in rows if str(r["id"]) == ident), None)
        if row is None:
            row = {"id": int(ident), "status": "ok"}
            rows.append(row)
        row["updated"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        row.update(fields)

    def control(self, what, args):
        server = self.server
        with server.lock:
            if what == "fault":
                server.faults.append({"name": args["name"], "tag": args.get("tag"), "count": int(args.get("count", -1))})
            elif what == "reset":
                server.reset()
            elif what == "set":
                server.switches.update(args)
            elif what == "drop":  # a row is deleted: ?tag=poc&id=5
                change = {"status": "deleted"}
                if args["tag"] == "poc":
                    change.update(name="", phone="", email="", url="")
                self.change(args["tag"], args["id"], change)
            elif what == "put":
                self.change(args.pop("tag"), args.pop("id"), {k: as_json(v) for k, v in args.items()})
            body = json.dumps(server.counters).encode()
        self.answer(200, body)

    # --- faults

    def fault_stall(self, *_):
        self.server.stop.wait(60)

    def fault_drip(self, *_):
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        while not self.server.stop.wait(0.05):
            self.wfile.write(b" ")
            self.wfile.flush()

    def fault_cut(self, *_):
        self.answer(200, b'{"data":[{"id":1,"asn":64500,"name":"Cut')

    def fault_cut_between_rows(self, *_):
        self.answer(200, b'{"data":[{"id":1,"asn":64500,"name":"Cut","status":"ok"}')

    def fault_length(self, *_):
        self.send_response(200)
        self.send_header("Content-Length", "5000")
        self.end_headers()
        self.wfile.write(b'{"data":[]}')
        self.close_connection = True

    def fault_reset(self, *_):
        self.close_connection = True

    def fault_html502(self, *_):
        self.html(502, "Bad Gateway")

    def fault_html200(self, *_):
        self.html(200, "Welcome to the hotel network")

    def fault_empty(self, *_):
        self.answer(200, b"")

    def fault_huge(self, *_):
        """60 MB of well-formed rows, which compress well: the ceiling must count what comes out."""
        row = b'{"id":1,"asn":64500,"name":"' + b"x" * 1000 + b'","status":"ok"},'
        self.answer(200, b'{"data":[' + row * 60000 + b'{"id":2,"asn":64501}]}')

    def fault_deep(self, *_):
        self.answer(200, b'{"data":' + b"[" * 100000 + b"]" * 100000 + b"}")

    def fault_no_data(self, *_):
        self.answer(200, b'{"meta":{}}')

    def fault_data_object(self, *_):
        self.answer(200, b'{"data":{},"meta":{}}')

    def fault_data_text(self, *_):
        self.answer(200, b'{"data":"none","meta":{}}')

    def fault_truncated(self, *_):
        self.answer(200, b'{"data":[],"meta":{"truncated":"more"}}')

    def fault_401(self, *_):
        self.error(401, "Invalid API key")

    def fault_403(self, *_):
        self.error(403, "Forbidden")

    def fault_404(self, *_):
        self.error(404, "Entity not found")

    def fault_404html(self, *_):
        self.html(404, "Not Found")

    def fault_429(self, *_):
        self.too_many()

    def fault_500(self, *_):
        self.error(500, "Internal \x1b[2J error")

    def rows_answer(self, tag, change):
        """All rows of a table, changed by a function that gets the list."""
        rows = [dict(r) for r in self.server.rows[tag] if r["status"] == "ok" and self.visible(tag, r, "good")]
        self.answer(200, json.dumps({"data": change(rows), "meta": {}}).encode())

    def fault_wrong_types(self, tag, _):
        """Every field that is neither id nor link is something else, and one row has no usable id."""
        def twist(rows):
            for row in rows:
                row.update({k: {"a": [1]} if isinstance(v, str) else "seven" for k, v in row.items()
                            if not k.endswith("id") and k not in ("asn", "status", "updated")})
            return rows + [dict(rows[0], id="x"), 5, None, "row", []]
        self.rows_answer(tag, twist)

    def fault_null_numbers(self, tag, _):
        keep = ("id", "asn", "net_id", "ix_id", "ixlan_id", "fac_id", "status", "updated")
        self.rows_answer(tag, lambda rows: [{k: v if k in keep or isinstance(v, str) else None for k, v in r.items()} for r in rows])

    def fault_asn_max(self, tag, _):
        self.rows_answer(tag, lambda rows: rows + [dict(rows[0], id=9001, asn=4294967295, name="Last of all"),
                                                   dict(rows[0], id=9002, asn=4294967296, name="One too many")])

    def fault_duplicates(self, tag, _):
        """Each row twice, the second one changed but not newer."""
        self.rows_answer(tag, lambda rows: [x for r in rows for x in (dict(r, name="first"), r)])

    def fault_orphans(self, tag, _):
        self.rows_answer(tag, lambda rows: rows + [dict(rows[0], id=9100, net_id=2147483647), dict(rows[0], id=9101, net_id=None)])

    def fault_invalid_utf8(self, tag, _):
        rows = [dict(r, name="MARK") for r in self.server.rows[tag] if r["status"] == "ok"]
        body = json.dumps({"data": rows, "meta": {}}).encode()
        self.answer(200, body.replace(b"MARK", b"Broken \xff\xc3( name"))

    def fault_repeat(self, tag, _):
        row = json.dumps(self.server.rows[tag][0]).encode()
        self.answer(200, b'{"data":[' + b",".join([row] * 5000) + b"]}")

    def fault_no_rows(self, tag, _):
        self.answer(200, b'{"data":[],"meta":{}}')

    def fault_unfiltered(self, tag, _):
        """What a misspelt parameter does: the whole table."""
        self.rows_of(tag, None, [], "good")


def make_certificates(folder):
    """A CA of our own and a certificate for 127.0.0.1 signed by it."""
    def openssl(*args):
        subprocess.run(["openssl", *args], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=peerdeck test CA", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=127.0.0.1",
            "-keyout", "server.key", "-out", "server.csr")
    with open(os.path.join(folder, "ext"), "w", encoding="ascii") as f:
        f.write("subjectAltName=IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "ext", "-out", "server.pem")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--throttle", action="store_true", help="enforce the real limits")
    parser.add_argument("dir")
    args = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="peerdeck-pdb-")
    try:
        server = Server(load(args.dir), args.throttle)
        scheme, said = "http", {}
        if args.tls:
            make_certificates(folder)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(os.path.join(folder, "server.pem"), os.path.join(folder, "server.key"))
            server.socket = context.wrap_socket(server.socket, server_side=True)
            scheme, said = "https", {"ca": os.path.join(folder, "ca.pem")}
        port = server.server_address[1]
        away = Server({}, False, "redirect", f"{scheme}://127.0.0.1:{port}")
        for s in (server, away):
            threading.Thread(target=s.serve_forever, daemon=True).start()
        said.update(url=f"{scheme}://127.0.0.1:{port}", redirect=f"http://127.0.0.1:{away.server_address[1]}")
        print(json.dumps(said), flush=True)
        while os.read(0, 4096):
            pass
        server.stop.set()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
