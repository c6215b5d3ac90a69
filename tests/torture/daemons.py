"""Real daemons as routers, each behind a real sshd: FRR, BIRD, OpenBGPD, GoBGP.  The far side is always FRR's bgpd; they
speak BGP over the loopback.  Everything lives in one folder; ports are free ones."""
import json
import os
import pwd
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import time

from proxy import CutProxy

BGPD = "/usr/lib/frr/bgpd"
USER = pwd.getpwuid(os.getuid()).pw_name
NEAR, FAR = "127.0.0.1", "127.0.0.2"


def intended(before, verb):
    """What the router must be after a verb that is done."""
    after = dict(before)
    after.update({"suspend": {"shut": True}, "resume": {"shut": False}, "withdraw": {"list": True},
                  "restore": {"list": False}}[verb])
    return after


class Daemon:
    """What the daemons have in common.  A child starts the near one (`start_near`) and tells its state; `cli`, `os` and
    `more` go into the console's configuration."""
    neighbor = FAR
    verbs = ("suspend", "withdraw")
    trial_s = 0  # how long an unconfirmed change may stand
    os = cli = None
    more = ""
    changing = None  # which lines change something, as sshd gets them

    def __init__(self, kind):
        self.kind, self.name, self.totals = kind, "r1", {}
        self.holder = tempfile.TemporaryDirectory(prefix="peerdeck-torture-")
        self.folder = self.holder.name
        self.children = []
        os.chmod(self.folder, 0o755)
        self.ports = [self.free_port() for _ in range(4)]
        try:
            self.start_near()
            self.frr("far", FAR, self.ports[1], 64501, NEAR, self.ports[0], 64500, 30)
            self._sshd()
            self.proxy = CutProxy(self.ports[2])
            self._configure("peerdeck.conf", self.ports[2])
            self._configure("cut.conf", self.proxy.port)
            self.wait("Established", self.is_up)
        except BaseException:
            self._end_children()
            raise

    @staticmethod
    def free_port():
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            return s.getsockname()[1]

    @staticmethod
    def wait(what, test, seconds=60):
        end = time.monotonic() + seconds
        while not test():
            if time.monotonic() > end:
                raise RuntimeError(f"{what} did not come within {seconds} s")
            time.sleep(0.1)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o600):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as f:
            f.write(text)
        os.chmod(self.path(name), mode)

    def read(self, name):
        with open(self.path(name)) as f:
            return f.read()

    def start(self, command, log=None):
        out = open(self.path(log), "ab") if log else subprocess.DEVNULL
        self.children.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out))
        if log:
            out.close()

    def frr(self, name, address, port, asn, peer, peer_port, peer_as, networks):
        block = 10 if name == "near" else 20
        lines = ["log commands", f"log file {self.path(name + '.log')} informational", f"router bgp {asn}",
                 f" bgp router-id {address}", " bgp allow-martian-nexthop", " no bgp ebgp-requires-policy", " no bgp network import-check",
                 " no bgp default ipv4-unicast", f" neighbor {peer} remote-as {peer_as}", f" neighbor {peer} port {peer_port}",
                 f" neighbor {peer} update-source {address}", f" neighbor {peer} disable-connected-check",
                 f" neighbor {peer} ebgp-multihop 2", f" neighbor {peer} timers connect 1", " address-family ipv4 unicast",
                 f"  neighbor {peer} activate"]
        lines += [f"  network 10.{block}.{k}.0/24" for k in range(networks)]
        folder = name
        self.write(f"{folder}/bgpd.conf", "\n".join(lines) + "\n")
        self.write(f"{folder}/vtysh.conf", "no service integrated-vtysh-config\n")
        self.start([BGPD, "-n", "-Z", "-p", str(port), "-l", address, "-f", self.path(f"{folder}/bgpd.conf"), "-i",
                    self.path(f"{folder}/pid"), "--vty_socket", self.path(folder), "-P", "0", "-S"])
        self.wait("bgpd", lambda: os.path.exists(self.path(f"{folder}/bgpd.vty")))

    def _sshd(self):
        for name in ("key", "host"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path(name)], check=True)
        shutil.copy(self.path("key.pub"), self.path("authorized"))
        forced = ""
        if self.changing:
            # Each command is noted before it begins; one that waits a minute for its confirmation waits seconds here.
            self.write("forced", f"#!/bin/sh\nprintf '%s\\n' \"$SSH_ORIGINAL_COMMAND\" >>{self.path('got')}\n"
                       f"exec /bin/sh -c \"$(printf '%s' \"$SSH_ORIGINAL_COMMAND\" | "
                       f"sed 's/configure timeout [0-9]*/configure timeout {self.trial_s - 1}/')\"\n", 0o755)
            forced = f"ForceCommand {self.path('forced')}\n"
        self.write("sshd_config", f"Port {self.ports[2]}\nListenAddress 127.0.0.1\nHostKey {self.path('host')}\n"
                   f"AuthorizedKeysFile {self.path('authorized')}\nUsePAM no\nStrictModes no\nPidFile none\n"
                   "PermitRootLogin yes\nMaxSessions 100\nMaxStartups 200\n" + forced)
        if os.getuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        self.start(["/usr/sbin/sshd", "-D", "-f", self.path("sshd_config"), "-E", self.path("sshd.log")])

        def answers():
            with socket.socket() as s:
                return s.connect_ex(("127.0.0.1", self.ports[2])) == 0
        self.wait("sshd", answers)

    def _configure(self, name, port):
        with open(self.path("host.pub")) as f:
            key = " ".join(f.read().split()[:2])
        self.write("data/hostkeys/r1.hostkey", key + " 2026-01-01T00:00:00Z torture made here\n")
        for folder in ("data", "data/hostkeys"):
            os.chmod(self.path(folder), 0o700)
        more = self.more.format(folder=self.folder)
        self.write(name, f'local-as = 64500\ndata-dir = "{self.path("data")}"\npeeringdb {{ enabled = no }}\n'
                   f'router r1 {{\n os = {self.os}\n address = 127.0.0.1\n port = {port}\n user = {USER}\n'
                   f' key = "{self.path("key")}"\n timeout = 5s\n'
                   f' cli = "{self.cli.format(folder=self.folder)}"\n{more}}}\n')

    @staticmethod
    def output(*command):
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout

    def config(self, cut):
        return self.path("cut.conf" if cut else "peerdeck.conf")

    def journal(self):
        return self.path("data/journal.jsonl")

    def renew(self):
        for name in ("data/journal.jsonl", "data/journal.jsonl.head"):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        self.put_back()

    def after_unknown(self):
        """Neither as before nor as intended, and said so: what a person does then."""
        self.renew()
        self.wait("Established", self.is_up)

    def _end_children(self):
        for child in self.children:
            child.terminate()
        for child in self.children:
            child.wait()

    def close(self, keep):
        self.proxy.close()
        self._end_children()
        if keep:
            print(f"# kept: {self.folder}")
            self.holder._finalizer.detach()
        else:
            self.holder.cleanup()

    def next_verb(self, state, rng):
        if state["shut"]:
            return "resume"
        self.wait("Established", self.is_up)
        return "restore" if state["list"] else rng.choice(self.verbs)

    def intended(self, before, verb):
        return intended(before, verb)

    def log_mark(self):
        try:
            return os.path.getsize(self.path("got"))
        except FileNotFoundError:
            return 0

    def changes_since(self, mark):
        """What sshd was asked for, as the lines of the CLI; a file that is written as "file PATH"."""
        found, cli = [], self.cli.format(folder=self.folder)
        try:
            with open(self.path("got"), errors="replace") as f:
                f.seek(mark)
                asked = f.read().splitlines()
        except FileNotFoundError:
            return []
        for command in asked:
            if 'cat >"$t"' in command:
                found.append("file " + re.search(r"f=(\S+?)[;' ]", command).group(1))
            elif command.startswith(cli + " "):
                line = " ".join(shlex.split(command)[len(shlex.split(cli)):])
                if re.match(self.changing, line):
                    found.append(line)
        return found


class Frr(Daemon):
    os, cli = "frr", "vtysh --vty_socket {folder}/near --config_dir {folder}/near"

    def start_near(self):
        self.frr("near", NEAR, self.ports[0], 64500, FAR, self.ports[1], 64501, 12)

    def _vtysh(self, *commands):
        words = [w for c in commands for w in ("-c", c)]
        return self.output("vtysh", "--vty_socket", self.path("near"), "--config_dir", self.path("near"), *words)

    def is_up(self):
        try:
            peer = json.loads(self._vtysh("show bgp ipv4 unicast summary json"))["peers"][FAR]
            return peer["state"] == "Established" and (peer["pfxSnt"] > 0 or self.state()["list"])
        except (ValueError, KeyError):
            return False

    def put_back(self):
        self._vtysh("configure", "router bgp 64500", f"no neighbor {FAR} shutdown", "address-family ipv4 unicast",
                    f"no neighbor {FAR} prefix-list PEERDECK-DENY-ALL out")

    def state(self):
        config = self._vtysh("show running-config bgpd")
        return {"shut": f" neighbor {FAR} shutdown" in config,
                "list": f" neighbor {FAR} prefix-list PEERDECK-DENY-ALL out" in config}

    def log_mark(self):
        return os.path.getsize(self.path("near.log")) if os.path.exists(self.path("near.log")) else 0

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


class Bird(Daemon):
    """State is what BIRD runs with and what its file says: they must not fall apart unseen."""
    os, cli, more = "bird", "birdc -s {folder}/near/ctl", ' hook-file = "{folder}/near/hook.conf"\n'
    changing = r"(disable|enable|configure|reload|restart)\b"
    trial_s = 6

    def start_near(self):
        self.write("near/hook.conf", "define PD_peer = 0;\n")
        self.write("near/bird.conf", f'log "{self.path("near/log")}" all;\nrouter id {NEAR};\n'
                   f'include "{self.path("near/hook.conf")}";\nprotocol device {{}}\n'
                   "protocol static own { ipv4; " + " ".join(f"route 10.10.{k}.0/24 blackhole;" for k in range(12)) + " }\n"
                   "filter to_peer { if PD_peer = 2 then reject; if PD_peer = 1 then bgp_community.add((65535,0));\n"
                   " if source != RTS_STATIC then reject; accept; }\n"
                   f"protocol bgp peer {{ local {NEAR} port {self.ports[0]} as 64500; neighbor {FAR} port {self.ports[1]} as 64501;\n"
                   " multihop 2; connect retry time 1; connect delay time 1; error wait time 1, 2; passive;\n"
                   " ipv4 { import all; export filter to_peer; }; }\n")
        self.start(["/usr/sbin/bird", "-f", "-c", self.path("near/bird.conf"), "-s", self.path("near/ctl"), "-P",
                    self.path("near/pid")])
        self.wait("bird", lambda: "up" in self._birdc("show status"))

    def _birdc(self, command):
        return self.output("birdc", "-s", self.path("near/ctl"), command)

    def _row(self):
        return next(line for line in self._birdc("show protocols").splitlines() if line.startswith("peer "))

    def is_up(self):
        return "Established" in self._row()

    def put_back(self):
        self.write("near/hook.conf", "define PD_peer = 0;\n")
        self._birdc("configure")
        self._birdc("enable peer")

    def state(self):
        said = re.search(r"PD_peer = (\d)", self.read("near/hook.conf")).group(1)
        runs = self._birdc("eval PD_peer").split()[-1]
        both = said if said == runs else f"the file says {said}, BIRD runs with {runs}"
        return {"shut": self._row().split()[3] == "down", "list": {"0": False, "2": True}.get(both, both)}


class OpenBgpd(Daemon):
    """State is the rule in its file, and whether anything is announced."""
    os, cli = "openbgpd", "bgpctl -s {folder}/near/sock"
    more = ' hook-file = "{folder}/near/hook.conf"\n config-file = "{folder}/near/bgpd.conf"\n'
    changing = r"(reload$|neighbor \S+ (up|down|clear|refresh|destroy))"
    RULE = f"deny quick to {FAR}"

    def start_near(self):
        os.makedirs(pwd.getpwnam("_openbgpd").pw_dir, mode=0o755, exist_ok=True)  # where its parts lock themselves in
        self.write("near/hook.conf", "# kept by peerdeck\n")
        self.write("near/bgpd.conf", f'AS 64500\nrouter-id {NEAR}\nfib-update no\nlisten on {NEAR} port {self.ports[0]}\n'
                   f'socket "{self.path("near/sock")}"\n' + "".join(f"network 10.10.{k}.0/24\n" for k in range(12)) +
                   f"neighbor {FAR} {{\n remote-as 64501\n local-address {NEAR}\n multihop 2\n passive\n enforce neighbor-as no\n}}\n"
                   f'allow from any\nallow to any\ninclude "{self.path("near/hook.conf")}"\n')
        self.start(["/usr/sbin/bgpd", "-d", "-f", self.path("near/bgpd.conf")], "near/log")
        self.wait("bgpd", lambda: self._neighbor() is not None)

    def _bgpctl(self, *words):
        return self.output("bgpctl", "-s", self.path("near/sock"), *words)

    def _neighbor(self):
        try:
            return json.loads(self._bgpctl("-j", "show", "neighbor"))["neighbors"][0]
        except (ValueError, KeyError, IndexError):
            return None

    def is_up(self):
        n = self._neighbor()
        return n is not None and n["state"] == "Established" and self._announces() == (not self._rule())

    def _announces(self):
        return "10.10." in self._bgpctl("-j", "show", "rib", "out", "neighbor", FAR)

    def _rule(self):
        return self.RULE in self.read("near/hook.conf").splitlines()

    def put_back(self):
        self.write("near/hook.conf", "# kept by peerdeck\n")
        self._bgpctl("reload")
        self._bgpctl("neighbor", FAR, "up")

    def state(self):
        rule, n = self._rule(), self._neighbor()
        if n["state"] == "Established":
            end = time.monotonic() + 5
            while (announces := self._announces()) == rule and time.monotonic() < end:
                time.sleep(0.2)
            if announces == rule:
                rule = f"the rule is {'there' if rule else 'not there'}, bgpd announces {'all' if announces else 'nothing'}"
        # A reload wipes the mark of a session that was shut; it stays Idle all the same.
        return {"shut": n["state"] == "Idle", "list": rule}


class GoBgp(Daemon):
    os, cli = "gobgp", "gobgp"
    changing = r"neighbor \S+ (enable|disable|shutdown|reset|softreset)"
    verbs = ("suspend",)

    def start_near(self):
        # "gobgp -p PORT --version" is refused by gobgp: its version is told only without a port
        self.write("near/gobgp", f'#!/bin/sh\n[ "$1" = --version ] && exec gobgp --version\nexec gobgp -p {self.ports[3]} "$@"\n', 0o700)
        self.cli = self.path("near/gobgp")
        self.write("near/gobgpd.conf", f'[global.config]\nas = 64500\nrouter-id = "{NEAR}"\nport = {self.ports[0]}\n'
                   f'local-address-list = ["{NEAR}"]\n[[neighbors]]\n[neighbors.config]\nneighbor-address = "{FAR}"\n'
                   "peer-as = 64501\n[neighbors.timers.config]\nconnect-retry = 1\nidle-hold-time-after-reset = 1\n"
                   f'[neighbors.transport.config]\npassive-mode = true\nlocal-address = "{NEAR}"\n'
                   "[neighbors.ebgp-multihop.config]\nenabled = true\nmultihop-ttl = 2\n"
                   '[[neighbors.afi-safis]]\n[neighbors.afi-safis.config]\nafi-safi-name = "ipv4-unicast"\n')
        self.start(["/usr/bin/gobgpd", "-f", self.path("near/gobgpd.conf"), "--api-hosts", f"127.0.0.1:{self.ports[3]}",
                    "--pprof-disable"], "near/log")
        self.wait("gobgpd", lambda: self._neighbor() is not None)
        for k in range(12):
            self._gobgp("global", "rib", "add", f"10.10.{k}.0/24")

    def _gobgp(self, *words):
        return self.output("gobgp", "-p", str(self.ports[3]), *words)

    def _neighbor(self):
        try:
            return json.loads(self._gobgp("-j", "neighbor", FAR))["state"]
        except (ValueError, KeyError):
            return None

    def is_up(self):
        state = self._neighbor()
        return state is not None and state.get("session_state") == 6

    def put_back(self):
        self._gobgp("neighbor", FAR, "enable")

    def state(self):
        return {"shut": self._neighbor().get("admin_state", 0) != 0, "list": False}


def _lacks(*paths, root=False):
    def why():
        missing = [p for p in (BGPD, "/usr/bin/vtysh", "/usr/sbin/sshd") + paths if not os.path.exists(p)]
        if missing:
            return f"no {missing[0]} (demo/packages lab)"
        return "its parts lock themselves in, which only root may do" if root and os.getuid() != 0 else None
    return why


KINDS = {"frr": Frr, "bird": Bird, "openbgpd": OpenBgpd, "gobgp": GoBgp}
MISSING = {"frr": _lacks(), "bird": _lacks("/usr/sbin/bird", "/usr/sbin/birdc"),
           "openbgpd": _lacks("/usr/sbin/bgpd", "/usr/sbin/bgpctl", root=True),
           "gobgp": _lacks("/usr/bin/gobgpd", "/usr/bin/gobgp")}
