#!/usr/bin/env python3
"""A small RTR cache (RFC 8210, version 1 and 0) for tests.

usage: rtr_server.py MODE     prints the port it listens on, serves until stdin closes

MODE: good, old (version 0 only), changing (one payload more at each query), empty (no payload), nodata (error 2),
garbage, stall (never ends its data), cut (closes before the end).
"""
import ipaddress
import os
import socketserver
import struct
import sys
import threading
import time

VRPS = [("192.0.2.0/24", 24, 64501), ("198.51.100.0/22", 24, 64502), ("2001:db8::/32", 48, 64501)]


def pdu(version, kind, field, body=b""):
    return struct.pack("!BBHI", version, kind, field, 8 + len(body)) + body


def payload(version, prefix, longest, asn):
    net = ipaddress.ip_network(prefix, strict=False)
    return pdu(version, 4 if net.version == 4 else 6, 0, struct.pack("!BBBB", 1, net.prefixlen, longest, 0) +
               net.network_address.packed + struct.pack("!I", asn))


class Session(socketserver.BaseRequestHandler):
    def handle(self):
        mode, session = self.server.mode, 4711
        try:
            while True:
                head = self.request.recv(8, 0x100)  # MSG_WAITALL
                if len(head) < 8:
                    return
                version, kind, _, length = struct.unpack("!BBHI", head)
                self.request.recv(length - 8, 0x100) if length > 8 else None
                if mode == "garbage":
                    self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    return
                if mode == "nodata":
                    self.request.sendall(pdu(version, 10, 2, struct.pack("!II", 0, 7) + b"not yet"))
                    continue
                if mode == "old" and version > 0:
                    self.request.sendall(pdu(0, 10, 4, struct.pack("!I", 8) + head + struct.pack("!I", 0)))
                    return
                self.server.asked += 1
                more = [(f"203.0.113.{4 * i}/30", 32, 64503) for i in range(self.server.asked - 1)][:1 if mode == "changing" else 0]
                self.request.sendall(pdu(version, 3, session))
                if kind == 2 or more:
                    for v in (VRPS if mode != "empty" and kind == 2 else []) + more:
                        self.request.sendall(payload(version, *v))
                if mode == "cut":
                    return
                if mode == "stall":
                    time.sleep(3600)
                end = struct.pack("!I", self.server.asked if more else 1) + (struct.pack("!III", 3600, 600, 7200) if version == 1 else b"")
                self.request.sendall(pdu(version, 7, session, end))
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


server = Server(("127.0.0.1", 0), Session)
server.mode = sys.argv[1]
server.asked = 0
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
