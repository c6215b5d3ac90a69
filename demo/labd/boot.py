"""Process 1 of the lab: makes the nodes, starts their daemons, collects the dead.

It runs with every capability of its user namespace and holds the namespaces of all nodes as
open descriptors; keeper.py tells the world their numbers, so that enter.py can
find them as /proc/PID/fd/N.
"""
import json
import os
import select
import signal
import subprocess
import sys
import time
import traceback

import bird
import console
import frr
import gobgp
import kernel
import net
import node as nodes
import openbgpd
import ssh
import topology as top

OS = {"frr": frr, "bird": bird, "openbgpd": openbgpd, "gobgp": gobgp}
PATH = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
DEADLINE = 30.0
KINDS = (("net", kernel.CLONE_NEWNET), ("mnt", kernel.CLONE_NEWNS), ("uts", kernel.CLONE_NEWUTS))


class Lab:
    """directory: where the files are; spaces: node name -> {"net": fd, "mnt": fd, "uts": fd}."""

    def __init__(self, directory):
        self.directory = directory
        self.spaces = {}
        self.all = top.ROUTERS + top.HOSTS


def main(directory, alive, writer, clean):
    """The life of process 1; never returns. alive: a pipe that closes when the keeper is gone."""
    try:
        wake, woken = os.pipe()
        os.set_blocking(woken, False)
        signal.set_wakeup_fd(woken)
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, lambda *_: None)
        kernel.die_with_parent(signal.SIGTERM)
        lab = Lab(directory)
        _build(lab)
        answer = {"nodes": lab.spaces}
    except BaseException as error:
        traceback.print_exc()
        sys.stderr.flush()
        answer = {"error": f"the lab cannot start: {error}"}
    os.write(writer, (json.dumps(answer) + "\n").encode())
    if "error" not in answer:
        _wait(alive, wake)
    else:
        # the keeper reads the answer and then ends us
        select.select([alive], [], [], DEADLINE)
    try:
        clean()
    finally:
        os._exit(0)


def _wait(alive, wake):
    while True:
        ready, _, _ = select.select([alive, wake], [], [])
        if alive in ready:
            return
        numbers = os.read(wake, 4096)
        if signal.SIGTERM in numbers:
            return
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass


def _build(lab):
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWUTS)
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    try:
        kernel.mount("proc", "/proc", "proc",
                     kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
    except OSError as error:
        # in some containers: then /proc shows the machine's processes, which does no harm
        print(f"no own /proc: {error}", file=sys.stderr)
    kernel.ignore_setgroups()
    _write_files(lab)
    _make_spaces(lab)
    _wire(lab)
    _start_daemons(lab)
    _shut_by_peers(lab)
    _wait_for_sshd(lab)


def _write_files(lab):
    ssh.make_keys(lab.directory)
    for node in lab.all:
        files = OS[node.os].files(node)
        if node in top.ROUTERS:
            files.update(ssh.files(lab.directory, node))
        nodes.prepare(lab.directory, node, files)
    ssh.make_host_keys(lab.directory)
    console.write(lab.directory)


def _make_spaces(lab):
    """Make each node's namespaces by walking into new ones and back."""
    home = {kind: os.open(f"/proc/self/ns/{kind}", os.O_RDONLY) for kind, _ in KINDS}
    for node in lab.all:
        for _, flag in KINDS:
            kernel.unshare(flag)
        kernel.sethostname(node.name)
        nodes.enter_files(lab.directory, node)
        lab.spaces[node.name] = {kind: os.open(f"/proc/self/ns/{kind}", os.O_RDONLY)
                                 for kind, _ in KINDS}
        for kind, flag in KINDS:
            kernel.setns(home[kind], flag)
    lab.spaces["console"] = home


def spawn(lab, name, command, **options):
    """Start a command in a node."""
    def enter():
        for kind, flag in KINDS:
            kernel.setns(lab.spaces[name][kind], flag)
        os.chdir("/")
        signal.set_wakeup_fd(-1)
    environment = {"PATH": PATH, "HOME": "/run/noc", "LANG": "C.UTF-8", "USER": "root"}
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.Popen(command, preexec_fn=enter, start_new_session=True, env=environment,
                            **options)


def ask(lab, name, *command):
    """Run a command in a node; its standard output."""
    with spawn(lab, name, command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
               text=True, errors="replace") as process:
        return process.communicate(timeout=DEADLINE)[0]


def _batch(lab, name, lines, fds=()):
    with spawn(lab, name, ("ip", "-batch", "-"), stdin=subprocess.PIPE, text=True,
               pass_fds=fds) as process:
        process.communicate("\n".join(lines) + "\n", timeout=DEADLINE)
    if process.returncode:
        raise OSError(f"ip -batch failed for {name}")


def _wire(lab):
    fds = [lab.spaces[node.name]["net"] for node in lab.all]
    paths = {node.name: f"/proc/self/fd/{fd}" for node, fd in zip(lab.all, fds)}
    _batch(lab, "console", net.main_batch(paths), fds)
    for node in lab.all:
        _batch(lab, node.name, net.node_batch(node))


def _start_daemons(lab):
    # far sides first, so that a router finds its peers at its first attempt
    for node in reversed(lab.all):
        log = os.path.join(lab.directory, "nodes", node.name, "log")
        with open(log, "ab") as out:
            commands = OS[node.os].daemons()
            if node in top.ROUTERS:
                commands += (ssh.daemon(),)
            for command in commands:
                if command[0].endswith("bgpd") and node.os == "frr":
                    wait_for_file(lab, node, "run/frr/zserv.api")
                spawn(lab, node.name, command, stdout=out, stderr=out)
    for node in top.ROUTERS:
        if node.os == "gobgp":
            spawn(lab, node.name, ("/bin/sh", "-c", gobgp.own_routes()),
                  stdout=subprocess.DEVNULL)
        if node.os == "bird":
            _shut_bird(lab, node)


def until(what, condition):
    """Poll until the condition holds; an error that names it when it never does."""
    end = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"after {DEADLINE:.0f} s: {what}")
        time.sleep(0.05)


def wait_for_file(lab, node, name):
    path = nodes.path(lab.directory, node, name)
    until(f"{path} does not appear", lambda: os.path.exists(path))


def _shut_bird(lab, router):
    """What BIRD's configuration cannot say: shut by us, with a text."""
    for row in top.sessions(router):
        if row.peer.state == "shut-by-us":
            name = bird.protocol(row)
            until(f"bird of {router.name} does not answer", lambda name=name: name in ask(
                lab, router.name, "birdc", "disable", name, f'"{row.peer.text}"'))


def _shut_by_peers(lab):
    """The peers that shut their side: a text is only sent on a session that stands."""
    todo = []
    for host in top.HOSTS:
        for router, row in top.far_sessions(host):
            if row.peer.state == "shut-by-peer":
                todo.append((host, router, row))
    _shut_far_bird(lab, [item for item in todo if item[0].os == "bird"])
    _shut_far_frr(lab, [item for item in todo if item[0].os == "frr"])


def _shut_far_bird(lab, todo):
    waiting = {(host.name, bird.far_protocol(router, row)): row.peer.text
               for host, router, row in todo}

    def shut_those_up():
        for host in {name for name, _ in waiting}:
            up = {line.split()[0] for line in ask(lab, host, "birdc", "show", "protocols")
                  .splitlines() if "Established" in line}
            for key in [key for key in waiting if key[0] == host and key[1] in up]:
                ask(lab, host, "birdc", "disable", key[1], f'"{waiting.pop(key)}"')
        return not waiting
    until("peers that shall shut their session do not get it up", shut_those_up)


def _shut_far_frr(lab, todo):
    waiting = {(host.name, row.local): row.peer for host, _, row in todo}

    def shut_those_up():
        for host in {name for name, _ in waiting}:
            try:
                found = json.loads(ask(lab, host, "vtysh", "-c", "show bgp summary json"))
            except json.JSONDecodeError:
                return False        # not there yet
            up = {address for family in found.values() for address, peer
                  in family.get("peers", {}).items() if peer["state"] == "Established"}
            for key in [key for key in waiting if key[0] == host and key[1] in up]:
                peer = waiting.pop(key)
                ask(lab, host, "vtysh", "-c", "configure terminal", "-c", f"router bgp {peer.asn}",
                    "-c", f"neighbor {key[1]} shutdown message {peer.text}")
        return not waiting
    until("peers that shall shut their session do not get it up", shut_those_up)


def _wait_for_sshd(lab):
    def listening(router):
        lines = ask(lab, router.name, "cat", "/proc/net/tcp").splitlines()
        return any(f":{router.port:04X} 00000000:0000 0A" in line for line in lines)
    for router in top.ROUTERS:
        until(f"sshd of {router.name} does not listen", lambda router=router: listening(router))
