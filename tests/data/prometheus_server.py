#!/usr/bin/env python3
"""A Prometheus for tests: Debian's own ("real"), which scrapes a page served here, or a stand-in with faults ("fake").

usage: prometheus_server.py fake|real|table FILE.json     prints the port of the API, serves until stdin closes

The stand-in answers by the query: good, bad, unavailable, empty, nan, two, html, cut, stall.  With a table, {"query": value},
it answers that the value was the same all the time, and nothing to what stands not in it.
"""
import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

PAGE = b'# TYPE port_bps gauge\nport_bps{port="ix0"} 950000000\nport_bps{port="ix1"} 1000\n'


TABLE = None


def constant(url):
    """The value of the query over the whole range that is asked for, in its steps."""
    asked = {k: v[0] for k, v in urllib.parse.parse_qs(url.query).items()}
    if asked.get("query") not in TABLE:
        return matrix()
    start, end, step = (float(asked[k]) for k in ("start", "end", "step"))
    return matrix([[start + i * step, str(TABLE[asked["query"]])] for i in range(int((end - start) / step) + 1)])


def matrix(*series):
    return {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": s} for s in series]}}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def reply(self, status, body, cut=0):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) + cut))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        if url.path == "/metrics":
            return self.reply(200, PAGE)
        if TABLE is not None:
            return self.reply(200, json.dumps(constant(url)).encode())
        query = urllib.parse.parse_qs(url.query).get("query", [""])[0]
        now = time.time()
        answers = {
            "good": (200, matrix([[now - 30, "1"], [now - 15, "1234"]])),
            "bad": (400, {"status": "error", "errorType": "bad_data", "error": "no"}),
            "empty": (200, matrix()),
            "nan": (200, matrix([[now, "NaN"], [now, "NaN"]])),
            "two": (200, matrix([[now, "1"]], [[now, "2"]])),
        }
        if query in answers:
            return self.reply(answers[query][0], json.dumps(answers[query][1]).encode())
        if query == "stall":
            time.sleep(3600)
        if query == "cut":
            return self.reply(200, b'{"status":"succ', 100)
        return self.reply(503, b"Service Unavailable") if query == "unavailable" else self.reply(200, b"<html>")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def main():
    global TABLE
    if sys.argv[1] == "table":
        with open(sys.argv[2], encoding="utf-8") as f:
            TABLE = json.load(f)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if sys.argv[1] != "real":
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        os._exit(0)
    folder, port = tempfile.mkdtemp(prefix="peerdeck-prometheus-"), free_port()
    with open(os.path.join(folder, "prometheus.yml"), "w", encoding="utf-8") as f:
        f.write("global: {scrape_interval: 1s}\nscrape_configs:\n - job_name: ports\n   static_configs:\n"
                f"   - targets: ['127.0.0.1:{server.server_address[1]}']\n")
    child = subprocess.Popen(["/usr/bin/prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                              f"--web.listen-address=127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        print(port, flush=True)
        sys.stdin.read()
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait()
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


main()
