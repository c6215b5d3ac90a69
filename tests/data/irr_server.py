#!/usr/bin/env python3
"""A stand-in for an IRRd: its whois protocol over registries in a JSON file, with faults by name.

usage: irr_server.py DATABASE.json [PORT]      prints the port it listens on, serves until stdin closes

The file: {"sources": {"RADB": {"sets": {"AS-X": ["AS64501", "AS-Y"]}, "routes": {"64501": ["192.0.2.0/24"]}}}}.
Sets with these names misbehave when they are asked for: AS-STALL never answers, AS-DRIP answers one octet a second,
AS-D, AS-E, AS-F answer so, AS-SHORT and AS-LONG have a wrong length, AS-CLOSE ends in the middle, AS-GARBAGE speaks
another protocol, AS-NOEND leaves the end away, AS-HTML answers prefixes that are none, AS-HUGE claims a length
beyond reason, AS-TWENTY sends 20 MB of prefixes.
"""
import json
import os
import socket
import socketserver
import sys
import threading
import time


def frame(words):
    if not words:
        return b"C\n"
    data = (" ".join(words) + "\n").encode()
    return b"A%d\n%sC\n" % (len(data), data)


class Registry:
    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            self.sources = {k.upper(): v for k, v in json.load(f)["sources"].items()}
        for source in self.sources.values():
            source["sets"] = {k.upper(): v for k, v in source.get("sets", {}).items()}

    def members(self, name, sources, deep):
        """None: there is no such set."""
        direct = next((self.sources[s]["sets"][name] for s in sources if name in self.sources[s]["sets"]), None)
        if direct is None or not deep:
            return direct
        seen, found, todo = {name}, [], list(direct)
        while todo:
            word = todo.pop(0)
            if "/" in word:
                found.append(word)
            elif word[2:].isdigit():
                found.append(word.upper())
            elif word.upper() not in seen:
                seen.add(word.upper())
                todo += self.members(word.upper(), sources, False) or []
        return sorted(set(found))

    def prefixes(self, asn, sources, version):
        """None: no route object."""
        found = set()
        for s in sources:
            found.update(p for p in self.sources[s].get("routes", {}).get(str(asn), ()) if (":" in p) == (version == 6))
        return sorted(found) or None


def twenty_megabytes():
    return [f"{1 + (n >> 16)}.{n >> 8 & 255}.{n & 255}.0/24" for n in range(1_250_000)]


class Session(socketserver.StreamRequestHandler):
    def fault(self, name):
        send = self.wfile.write
        if name == "AS-STALL":
            time.sleep(3600)
        elif name == "AS-DRIP":
            for c in frame(["AS64501"]):
                send(bytes([c]))
                time.sleep(1)
        elif name in ("AS-D", "AS-E"):
            send(name[3:].encode() + b"\n")
        elif name == "AS-F":
            send(b"F the database is being \x1b[31mrebuilt\n")
        elif name == "AS-SHORT":
            send(b"A10\nAS64501 AS64502\nC\n")
        elif name == "AS-LONG":
            send(b"A30\nAS64501 AS64502\nC\n")
        elif name == "AS-CLOSE":
            send(b"A300\nAS64501 AS64502 ")
            self.connection.shutdown(socket.SHUT_RDWR)
        elif name == "AS-GARBAGE":
            send(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        elif name == "AS-NOEND":
            send(b"A16\nAS64501 AS64502\n!\n")
        elif name == "AS-HTML":
            send(frame(["<html>", "AS64501"]))
        elif name == "AS-HUGE":
            send(b"A99999999999\nAS64501\n")
        else:
            return False
        return True

    def answer(self, line):
        data, word = self.server.registry, line[2:].strip()
        asn = word[2:] if word[:2].upper() == "AS" else word
        if line.startswith("!n") or line.startswith("!t"):
            return b"C\n"
        if line.startswith("!v"):
            return frame(["IRRd -- version 4.2.8"])
        if line == "!s-lc":
            return frame([",".join(self.sources)])
        if line.startswith("!s"):
            asked = word.upper().split(",")
            if not all(s in data.sources for s in asked):
                return b"F One or more selected sources are unavailable.\n"
            self.sources = asked
            return b"C\n"
        if line.startswith("!i"):
            name, _, deep = word.upper().partition(",")
            got = data.members(name, self.sources, deep == "1")
            return b"D\n" if got is None else frame(got)
        if line.startswith("!g") or line.startswith("!6"):
            if asn == "64999":
                return frame(twenty_megabytes())
            got = data.prefixes(asn, self.sources, 4 if line[1] == "g" else 6)
            return b"D\n" if got is None else frame(got)
        if line.startswith("!a") and not self.server.whole:
            return b"F unrecognized command\n"
        if line == "!a":
            return b"F Missing required set name for A query\n"
        if line.startswith("!a"):
            version = int(word[0]) if word[0] in "46" else 0
            got = data.members(word[1:].upper() if version else word.upper(), self.sources, True)
            if got is None:
                return b"D\n"
            found = set(p for p in got if "/" in p)
            for v in ((version,) if version else (4, 6)):
                for member in (m for m in got if "/" not in m):
                    found.update(data.prefixes(member[2:], self.sources, v) or ())
            return frame(sorted(found))
        return b"F unrecognized command\n"

    def handle(self):
        try:
            self.serve()
        except OSError:
            pass  # whoever asked has gone

    def serve(self):
        self.sources = list(self.server.registry.sources)
        for raw in self.rfile:
            line = raw.decode(errors="replace").strip()
            if self.server.log:
                print(line, file=self.server.log, flush=True)
            if line in ("!q", "q", "exit"):
                return
            if line == "!!":
                continue
            if line.startswith("!i") and self.fault(line[2:].split(",")[0].upper()):
                continue
            self.wfile.write(self.answer(line))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main():
    server = Server(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0), Session)
    server.registry = Registry(sys.argv[1])
    server.log = open(os.environ["IRR_LOG"], "a", encoding="utf-8") if "IRR_LOG" in os.environ else None
    server.whole = "IRR_NO_WHOLE" not in os.environ  # an older IRRd knows no !a
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    os._exit(0)


main()
