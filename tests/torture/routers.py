"""The routers that are acted on: simulated ones here, real daemons in daemons.py; all on this machine alone."""
import os
import re
import shutil

import daemons
import simlab
from proxy import CutProxy

BUILD = simlab.BUILD
PEERDECK = simlab.PEERDECK


def environment():
    return {k: v for k, v in os.environ.items() if k != "SSH_AUTH_SOCK"}


class Sim:
    """A simulated router: its state is a file, and every line that it gets stands in its log."""
    neighbor = "192.0.2.1"
    trial_s = 0  # how long an unconfirmed change may stand
    READ_ONLY = {"exec", "priv", "password"}

    def __init__(self, kind):
        self.kind, self.name, self.totals = kind, "sim1", {}
        self.lab = simlab.Lab(kind, timeout=4)
        self.lab.__enter__()
        self.proxy = CutProxy(int(self.lab.said["port"]))
        with open(self.path("peerdeck.conf")) as f:
            text = f.read()
        with open(self.path("cut.conf"), "w") as f:
            f.write(text.replace(f"port     = {self.lab.said['port']}", f"port     = {self.proxy.port}"))
        os.chmod(self.path("cut.conf"), 0o600)

    def path(self, name):
        return self.lab.path(name)

    def config(self, cut):
        return self.path("cut.conf" if cut else "peerdeck.conf")

    def journal(self):
        return self.path("data/journal.jsonl")

    def renew(self):
        """A new router and an empty journal; the range of faults stays."""
        self.lab.stop()
        for name in ("data/journal.jsonl", "data/journal.jsonl.head", "state", "log"):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        shutil.rmtree(self.path("data/hostkeys"), ignore_errors=True)
        self.proxy.close()
        self.lab.start()
        self.proxy = CutProxy(int(self.lab.said["port"]))
        with open(self.path("peerdeck.conf")) as f:
            text = f.read()
        with open(self.path("cut.conf"), "w") as f:
            f.write(text.replace(f"port     = {self.lab.said['port']}", f"port     = {self.proxy.port}"))
        os.chmod(self.path("cut.conf"), 0o600)

    def after_unknown(self):
        """The next action begins from what is there."""

    def close(self, keep):
        self.proxy.close()
        if keep:
            print(f"# kept: {self.lab.folder}")
            self.lab.stop()
            self.lab.folder_holder._finalizer.detach()
        else:
            self.lab.__exit__()

    def state(self):
        n = next(n for n in self.lab.neighbors() if n["address"] == self.neighbor)
        return {"shut": n["admin"] == "down", "list": n.get("plist", "")}

    def next_verb(self, state, rng):
        if state["shut"]:
            return "resume"
        if state["list"]:
            return "restore"
        return rng.choice(("suspend", "withdraw"))

    def intended(self, before, verb):
        after = dict(before)
        after.update({"suspend": {"shut": True}, "resume": {"shut": False},
                      "withdraw": {"list": "PEERDECK-DENY-ALL"}, "restore": {"list": ""}}[verb])
        return after

    def log_mark(self):
        return len(self.lab.log())

    def changes_since(self, mark):
        """Lines that change something, as the router got them: what configuration modes got, and clears and saves."""
        return [line for mode, line in self.lab.log()[mark:]
                if mode not in self.READ_ONLY or re.match(r"(configure|clear|write|copy)\b", line)]


class Junos(Sim):
    """`commit confirmed`: what is not confirmed goes back by itself, after seconds where a router takes minutes."""
    trial_s = 7
    POLICY = "NOC-192.0.2.1-OUT"

    def state(self):
        n = next(n for n in self.lab.neighbors() if n["address"] == self.neighbor)
        p = next(p for p in simlab.records(self.lab.state(), "policy") if p["name"] == self.POLICY)
        return {"shut": n["admin"] == "down", "list": p["active"] == "yes"}

    def intended(self, before, verb):
        return daemons.intended(before, verb)


def possible(kind):
    """None, or why not."""
    return daemons.MISSING[kind]() if kind in daemons.KINDS else None


def make(kind):
    if kind in daemons.KINDS:
        return daemons.KINDS[kind](kind)
    return Junos(kind) if kind == "junos" else Sim(kind)
