"""The routers that are acted on: simulated ones, and FRR's bgpd behind a real sshd, both on this machine alone."""
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time

import simlab
from proxy import CutProxy

BUILD = simlab.BUILD
PEERDECK = simlab.PEERDECK
BGPD = "/usr/lib/frr/bgpd"
USER = pwd.getpwuid(os.getuid()).pw_name


def environment():
    return {k: v for k, v in os.environ.items() if k != "SSH_AUTH_SOCK"}


def frr_possible():
    return all(os.path.exists(p) for p in (BGPD, "/usr/bin/vtysh", "/usr/sbin/sshd"))


class Sim:
    """A simulated router: its state is a file, and every line that it gets stands in its log."""
    neighbor = "192.0.2.1"
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


class Frr:
    """Two bgpds that speak BGP with each other over the loopback; the first is the router, behind an sshd of ours.
    Everything lives in one folder; ports are free ones."""
    neighbor = "127.0.0.2"

    def __init__(self, kind):
        self.kind, self.name, self.totals = kind, "r1", {}
        self.holder = tempfile.TemporaryDirectory(prefix="peerdeck-torture-")
        self.folder = self.holder.name
        self.children = []
        os.chmod(self.folder, 0o755)
        self.ports = [self._free_port() for _ in range(3)]
        self._bgpd("near", "127.0.0.1", self.ports[0], 64500, "127.0.0.2", self.ports[1], 64501, 12)
        self._bgpd("far", "127.0.0.2", self.ports[1], 64501, "127.0.0.1", self.ports[0], 64500, 30)
        self._sshd()
        self.proxy = CutProxy(self.ports[2])
        self._configure("peerdeck.conf", self.ports[2])
        self._configure("cut.conf", self.proxy.port)
        self._wait("Established", lambda: self._established())

    @staticmethod
    def _free_port():
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            return s.getsockname()[1]

    @staticmethod
    def _wait(what, test, seconds=60):
        end = time.monotonic() + seconds
        while not test():
            if time.monotonic() > end:
                raise RuntimeError(f"{what} did not come within {seconds} s")
            time.sleep(0.1)

    def path(self, name):
        return os.path.join(self.folder, name)

    def _write(self, name, text, mode=0o600):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as f:
            f.write(text)
        os.chmod(self.path(name), mode)

    def _start(self, command):
        self.children.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def _bgpd(self, name, address, port, asn, peer, peer_port, peer_as, networks):
        block = 10 if name == "near" else 20
        lines = ["log commands", f"log file {self.path(name + '.log')} informational", f"router bgp {asn}",
                 f" bgp router-id {address}", " bgp allow-martian-nexthop", " no bgp ebgp-requires-policy", " no bgp network import-check",
                 " no bgp default ipv4-unicast", f" neighbor {peer} remote-as {peer_as}", f" neighbor {peer} port {peer_port}",
                 f" neighbor {peer} update-source {address}", f" neighbor {peer} disable-connected-check",
                 f" neighbor {peer} ebgp-multihop 2", f" neighbor {peer} timers connect 1", " address-family ipv4 unicast",
                 f"  neighbor {peer} activate"]
        lines += [f"  network 10.{block}.{k}.0/24" for k in range(networks)]
        folder = name
        self._write(f"{folder}/bgpd.conf", "\n".join(lines) + "\n")
        self._write(f"{folder}/vtysh.conf", "no service integrated-vtysh-config\n")
        self._start([BGPD, "-n", "-Z", "-p", str(port), "-l", address, "-f", self.path(f"{folder}/bgpd.conf"), "-i",
                     self.path(f"{folder}/pid"), "--vty_socket", self.path(folder), "-P", "0", "-S"])
        self._wait("bgpd", lambda: os.path.exists(self.path(f"{folder}/bgpd.vty")))

    def _sshd(self):
        for name in ("key", "host"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path(name)], check=True)
        shutil.copy(self.path("key.pub"), self.path("authorized"))
        self._write("sshd_config", f"Port {self.ports[2]}\nListenAddress 127.0.0.1\nHostKey {self.path('host')}\n"
                    f"AuthorizedKeysFile {self.path('authorized')}\nUsePAM no\nStrictModes no\nPidFile none\n"
                    "PermitRootLogin yes\nMaxSessions 100\nMaxStartups 200\n")
        if os.getuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        self._start(["/usr/sbin/sshd", "-D", "-f", self.path("sshd_config"), "-E", self.path("sshd.log")])

        def answers():
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", self.ports[2])) == 0
        self._wait("sshd", answers)

    def _configure(self, name, port):
        with open(self.path("host.pub")) as f:
            key = " ".join(f.read().split()[:2])
        self._write("data/hostkeys/r1.hostkey", key + " 2026-01-01T00:00:00Z torture made here\n")
        for folder in ("data", "data/hostkeys"):
            os.chmod(self.path(folder), 0o700)
        self._write(name, f'local-as = 64500\ndata-dir = "{self.path("data")}"\npeeringdb {{ enabled = no }}\n'
                    f'router r1 {{\n os = frr\n address = 127.0.0.1\n port = {port}\n user = {USER}\n'
                    f' key = "{self.path("key")}"\n timeout = 5s\n'
                    f' cli = "vtysh --vty_socket {self.path("near")} --config_dir {self.path("near")}"\n}}\n')

    def _vtysh(self, command):
        return subprocess.run(["vtysh", "--vty_socket", self.path("near"), "--config_dir", self.path("near"), "-c", command],
                              capture_output=True, text=True, timeout=30).stdout

    def _established(self):
        try:
            peers = json.loads(self._vtysh("show bgp ipv4 unicast summary json"))["peers"]
            return peers[self.neighbor]["state"] == "Established" and peers[self.neighbor]["pfxSnt"] > 0
        except (ValueError, KeyError):
            return False

    def config(self, cut):
        return self.path("cut.conf" if cut else "peerdeck.conf")

    def journal(self):
        return self.path("data/journal.jsonl")

    def renew(self):
        for name in ("data/journal.jsonl", "data/journal.jsonl.head"):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        for line in (f"no neighbor {self.neighbor} shutdown",):
            subprocess.run(["vtysh", "--vty_socket", self.path("near"), "--config_dir", self.path("near"), "-c", "configure",
                            "-c", "router bgp 64500", "-c", line, "-c", "address-family ipv4 unicast", "-c",
                            f"no neighbor {self.neighbor} prefix-list PEERDECK-DENY-ALL out"], capture_output=True)

    def close(self, keep):
        self.proxy.close()
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait()
        if keep:
            print(f"# kept: {self.folder}")
            self.holder._finalizer.detach()
        else:
            self.holder.cleanup()

    def state(self):
        config = self._vtysh("show running-config bgpd")
        return {"shut": f" neighbor {self.neighbor} shutdown" in config,
                "list": f" neighbor {self.neighbor} prefix-list PEERDECK-DENY-ALL out" in config}

    def next_verb(self, state, rng):
        if state["shut"]:
            return "resume"
        self._wait("Established", self._up)
        return "restore" if state["list"] else rng.choice(("suspend", "withdraw"))

    def _up(self):
        try:
            return json.loads(self._vtysh("show bgp ipv4 unicast summary json"))["peers"][self.neighbor]["state"] == \
                "Established"
        except (ValueError, KeyError):
            return False

    def intended(self, before, verb):
        after = dict(before)
        after.update({"suspend": {"shut": True}, "resume": {"shut": False}, "withdraw": {"list": True},
                      "restore": {"list": False}}[verb])
        return after

    def log_mark(self):
        try:
            return os.path.getsize(self.path("near.log"))
        except FileNotFoundError:
            return 0

    def changes_since(self, mark):
        """bgpd logs each command that it gets, as it was typed; reads are left out."""
        try:
            with open(self.path("near.log"), errors="replace") as f:
                f.seek(mark)
                text = f.read()
        except FileNotFoundError:
            return []
        lines = [line.strip() for line in re.findall(r"vty\[\d+\]@[^#>]*[#>] (.*)$", text, re.M)]
        return [line for line in lines if re.match(r"(no )?(neighbor|ip prefix-list|ipv6 prefix-list|clear)\b", line)]


def make(kind):
    return Frr(kind) if kind == "frr" else Sim(kind)
