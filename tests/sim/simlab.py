"""Simulated routers and the console against them, for the tests of this folder.

Everything lives in one temporary folder and ends with it; ports are free ones; only processes started here are
ended, by their id.
"""
import json
import os
import re
import shlex
import subprocess
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build", os.environ.get("KIND", "release"))
SIM = os.path.join(BUILD, "tests", "sim", "simrouter")
PEERDECK = os.path.join(BUILD, "peerdeck")
SCRIPTS = os.path.join(ROOT, "tests", "sim", "os")

CONF = """local-as = {local_as}
data-dir = "{folder}/data"
peeringdb {{ enabled = no }}
router {name} {{
    os       = {os}
    address  = 127.0.0.1
    port     = {port}
    user     = noc
    password-file = "{folder}/secret"
    enable-file   = "{folder}/enable"
    timeout  = {timeout}s
{more}
}}
"""
LEGACY = """    kex = "diffie-hellman-group14-sha1"
    host-key-algorithms = "ssh-rsa"
    ciphers = "aes256-cbc,aes128-cbc"
    macs = "hmac-sha1"
"""


def records(text, kind):
    """The records of a kind in the state's own form, as dicts."""
    found = []
    for line in text.splitlines():
        if line.startswith(kind + " "):
            found.append(dict(word.split("=", 1) for word in shlex.split(line)[1:]))
    return found


class Lab:
    """One simulated router, and a configuration of the console that knows it."""

    def __init__(self, script, os_name=None, faults=(), sets=(), args=(), timeout=15, more="", settle=True):
        self.script, self.os = script, os_name or script
        self.folder_holder = tempfile.TemporaryDirectory(prefix="peerdeck-sim-")
        self.folder = self.folder_holder.name
        self.router = None
        self.args = list(args)
        for fault in faults:
            self.args += ["--fault", fault]
        for one in sets:
            self.args += ["--set", one]
        self.timeout, self.more = timeout, more
        self.name = "sim1"

    def __enter__(self):
        for name, words in (("secret", "secret\n"), ("enable", "letmein\n")):
            with open(self.path(name), "w") as f:
                f.write(words)
            os.chmod(self.path(name), 0o600)
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        self.folder_holder.cleanup()

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, enroll=True):
        self.router = subprocess.Popen(
            [SIM, "--script", os.path.join(SCRIPTS, self.script + ".sim"), "--state", self.path("state"),
             "--log", self.path("log")] + self.args, stdout=subprocess.PIPE, text=True)
        self.said = {}
        while "port" not in self.said:
            line = self.router.stdout.readline()
            if not line:
                raise RuntimeError("the simulated router did not start")
            key, _, rest = line.strip().partition(" ")
            self.said[key] = rest
        self.configure()
        if enroll:
            done = self.run("enroll", "--no-detect", "--accept", self.said["hostkey"].split()[1], self.name)
            if done.returncode != 0:
                raise RuntimeError("enroll: " + done.stdout + done.stderr)

    def configure(self):
        with open(self.path("peerdeck.conf"), "w") as f:
            f.write(CONF.format(local_as=64500, folder=self.folder, name=self.name, os=self.os,
                                port=self.said["port"], timeout=self.timeout, more=self.more))
        os.chmod(self.path("peerdeck.conf"), 0o600)

    def stop(self):
        if self.router is not None:
            self.router.kill()
            self.router.wait()
            self.router.stdout.close()
            self.router = None

    def run(self, *words, limit=90):
        """One command of the console; its own deadline is what a hang would miss."""
        env = {k: v for k, v in os.environ.items() if k != "SSH_AUTH_SOCK"}
        began = time.monotonic()
        done = subprocess.run([PEERDECK, "--config", self.path("peerdeck.conf")] + list(words),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit, env=env)
        done.seconds = time.monotonic() - began
        return done

    @staticmethod
    def console(*words):
        """A command that needs no configuration."""
        return subprocess.run([PEERDECK] + list(words), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=30)

    def begin(self, *words):
        """One command of the console, left running."""
        env = {k: v for k, v in os.environ.items() if k != "SSH_AUTH_SOCK"}
        return subprocess.Popen([PEERDECK, "--config", self.path("peerdeck.conf")] + list(words),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)

    def paste(self, lines, limit=30):
        """A person's terminal: logs in with ssh(1) and types the lines."""
        ask = self.path("ask")
        with open(ask, "w") as f:
            f.write("#!/bin/sh\necho secret\n")
        os.chmod(ask, 0o700)
        env = dict(os.environ, SSH_ASKPASS=ask, SSH_ASKPASS_REQUIRE="force", DISPLAY=":0")
        env.pop("SSH_AUTH_SOCK", None)
        command = ["ssh", "-tt", "-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                   "-o", "LogLevel=ERROR", "-p", self.said["port"], "noc@127.0.0.1"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env,
                              start_new_session=True) as ssh:
            timer = threading.Timer(limit, ssh.kill)
            timer.start()
            try:
                for line in lines: # each behind its prompt
                    seen = b""
                    while not re.search(rb"([]#>] ?|[Pp]assword: ?)$", seen):
                        octets = os.read(ssh.stdout.fileno(), 4096)
                        assert octets, f"the terminal closed before {line!r}, after {seen!r}"
                        seen += octets
                    os.write(ssh.stdin.fileno(), line.encode() + b"\n")
                ssh.wait()
            finally:
                timer.cancel()
                ssh.kill()

    def sessions(self, patience=60):
        """What the console reads: rows by (vrf, neighbor, family), and the whole run."""
        done = self.run("sessions", "--json", "--timeout", str(patience))
        try:
            rows = json.loads(done.stdout)
        except ValueError:
            rows = []
        return {(r["vrf"], r["neighbor"], (r["afi_safi"] or "?")): r for r in rows}, done

    def state(self):
        """What the router is."""
        with open(self.path("state")) as f:
            return f.read()

    def neighbors(self):
        return records(self.state(), "neighbor")

    def log(self):
        """(mode, line) of every line that the router has received."""
        try:
            with open(self.path("log")) as f:
                return [tuple(line.rstrip("\n").split("\t", 1)) for line in f]
        except FileNotFoundError:
            return []

    def forget_log(self):
        if os.path.exists(self.path("log")):
            os.unlink(self.path("log"))
