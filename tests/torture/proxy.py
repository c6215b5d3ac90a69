"""A TCP proxy that cuts a connection at an exact byte, for the tests of this folder."""
import random
import select
import socket
import struct
import threading


class CutProxy:
    """Forwards to a port of the loopback.  `arm(way, at)` cuts the next connection after `at` octets of one way
    ("up" toward the router, "down" from it); all later ones pass, so that what follows can be read."""

    def __init__(self, target):
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.armed = None
        self.cut = False
        self.totals = {"up": 0, "down": 0}  # of the last connection
        self.ends = False
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def arm(self, way, at, hard):
        self.armed, self.cut = (way, at, hard), False

    def disarm(self):
        self.armed = None

    def close(self):
        self.ends = True
        self.listener.close()

    def _accept(self):
        while not self.ends:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            plan, self.armed = self.armed, None
            threading.Thread(target=self._pump, args=(near, plan), daemon=True).start()

    @staticmethod
    def _drop(near, far, hard):
        for s in (near, far):
            try:
                if hard:  # a reset, as a dead router or a firewall sends it
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                s.close()
            except OSError:
                pass

    def _pump(self, near, plan):
        try:
            far = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            near.close()
            return
        for s in (near, far):
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        count = {"up": 0, "down": 0}
        self.totals = count
        while True:
            ready, _, _ = select.select([near, far], [], [])
            for s in ready:
                way, to = ("up", far) if s is near else ("down", near)
                try:
                    octets = s.recv(65536)
                except OSError:
                    octets = b""
                if not octets:
                    self._drop(near, far, False)
                    return
                if plan and plan[0] == way and count[way] + len(octets) >= plan[1]:
                    octets = octets[:max(0, plan[1] - count[way])]
                    self._send(to, octets)
                    self.cut = True
                    self._drop(near, far, plan[2])
                    return
                count[way] += len(octets)
                if not self._send(to, octets):
                    self._drop(near, far, False)
                    return

    @staticmethod
    def _send(to, octets):
        try:
            to.sendall(octets)
            return True
        except OSError:
            return False


def choose(rng: random.Random, totals):
    """A way and a byte of it, anywhere in a connection of about that many octets."""
    way = rng.choice(("up", "down"))
    return way, rng.randint(1, max(1, int(totals[way] * 1.02))), rng.random() < 0.5
