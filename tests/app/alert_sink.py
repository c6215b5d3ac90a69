#!/usr/bin/python3
"""A local HTTP server that stands in for webhooks: it records what is posted, and can misbehave.

The path says how: /ok, /fail (500), /bad (400), /hang, /drip (200, then a body without end), /long (a body of 2 MB),
/redirect, /later (429 with Retry-After), /close (reads, then closes without an answer), /hostile (400 with control bytes).
`SECONDS` of /later and what is answered at all can be changed while it runs: Sink.mode replaces what every path does.
"""
import http.server
import json
import threading
import time


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"ok", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while not self.server.sink.ending.wait(0.2):
            self.wfile.write(b".")
            self.wfile.flush()

    def do_GET(self):
        self.server.sink.got.append({"method": "GET", "path": self.path, "at": time.monotonic()})
        self.answer(200)

    def do_POST(self):
        sink = self.server.sink
        body = self.rfile.read(int(self.headers["Content-Length"]))
        mode = sink.mode or self.path.strip("/").split("/")[0]
        sink.got.append({"method": "POST", "path": self.path, "headers": dict(self.headers), "body": body, "mode": mode,
                         "at": time.monotonic(), "wall": time.time()})
        try:
            self.act(sink, mode)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def act(self, sink, mode):
        if mode == "hang":
            sink.ending.wait(300)
        elif mode == "drip":
            self.drip()
        elif mode == "close":
            self.close_connection = True
        elif mode == "redirect":
            self.answer(307, b"", Location=sink.elsewhere)
        elif mode == "later":
            self.answer(429, b"slow down", Retry_After=sink.seconds)
        elif mode == "fail":
            self.answer(500, b"it is broken here")
        elif mode == "bad":
            self.answer(400, b"no such field\nand more")
        elif mode == "hostile":
            self.answer(400, b"\x1b]0;owned\x07 \xff\xfe \xe2\x80\xae evil")
        elif mode == "long":
            self.answer(200, b"x" * 2000000)
        elif mode == "pagerduty":
            self.answer(202, json.dumps({"status": "success", "message": "Event processed"}).encode())
        else:
            self.answer(200)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass


class Sink:
    def __init__(self, port=0):
        self.got, self.mode, self.seconds, self.elsewhere = [], None, 2, "http://127.0.0.1:1/"
        self.ending = threading.Event()
        self.server = Server(("127.0.0.1", port), Handler)
        self.server.sink = self
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def posts(self, path=None):
        return [g for g in list(self.got) if g["method"] == "POST" and (path is None or g["path"] == path)]

    def taken(self, path=None):
        """Bodies that were answered with a good status, read as JSON."""
        return [json.loads(g["body"]) for g in self.posts(path) if g["mode"] in ("ok", "pagerduty", "long", "drip")]

    def notices(self, path=None):
        return [n for b in self.taken(path) for n in b["notices"]]

    def stop(self):
        self.ending.set()
        self.server.shutdown()
        self.server.server_close()


def main():
    """For tests in C: prints its port, ends when standard input closes."""
    import sys
    sink = Sink()
    print(sink.port, flush=True)
    sys.stdin.read()
    sink.stop()


if __name__ == "__main__":
    main()
