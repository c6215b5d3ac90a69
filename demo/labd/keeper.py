"""The two processes that hold a lab: the keeper, and the lab's process 1.

The keeper stands outside.  It makes a user and a PID namespace, starts process 1 in them, and
waits for the end: of process 1, of the lab's owner, or of its own by SIGTERM.  Process 1
(boot.py) holds all other namespaces.  When process 1 ends, the kernel ends every process
of the lab, and with the last of them go the namespaces, the mounts and the devices.

Files: the keeper removes them when process 1 is gone; if the keeper itself is killed,
process 1 sees its pipe close, removes them, and ends.  Only when both are killed at the
same moment do files remain, and `demo/lab down` removes those.
"""
import json
import os
import select
import shutil
import signal
import sys
import traceback

import boot
import kernel

STATE = "lab.json"

NO_USERNS = """cannot make a user namespace: {error}
This system forbids them to ordinary users. Either run this command with sudo, or, as root:
    sysctl -w user.max_user_namespaces=15000
    sysctl -w kernel.unprivileged_userns_clone=1               (some Debian kernels)
    sysctl -w kernel.apparmor_restrict_unprivileged_userns=0   (Ubuntu 24.04)
In a container, start it with --privileged or --security-opt seccomp=unconfined."""


class LabError(Exception):
    """Something that the user should read; no stack trace is needed."""


def start_time(pid):
    """Ticks since boot at which pid was started: tells it from a later process of that number.

    A zombie counts as gone: not every process 1 of a container collects the dead.
    """
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        fields = stat.read().rpartition(")")[2].split()
    if fields[0] == "Z":
        raise ProcessLookupError(pid)
    return int(fields[19])


def read_state(directory):
    try:
        with open(os.path.join(directory, STATE), encoding="ascii") as text:
            return json.load(text)
    except (FileNotFoundError, NotADirectoryError):
        raise LabError(f"no lab in {directory}") from None


def is_alive(state):
    try:
        return start_time(state["keeper"]) == state["keeper_start"]
    except (FileNotFoundError, ProcessLookupError):
        return False


def remove_files(directory, made):
    """Take away the lab's files; the directory itself only if the lab made it."""
    for name in os.listdir(directory):
        target = os.path.join(directory, name)
        if os.path.isdir(target) and not os.path.islink(target):
            shutil.rmtree(target, ignore_errors=True)
        else:
            os.unlink(target)
    if made:
        os.rmdir(directory)


def start(directory, made, owner):
    """Start a lab in the background; returns when every router answers, or raises LabError."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.setsid()
        if os.fork() == 0:
            _keep(directory, made, owner, writer)
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, encoding="utf-8") as answers:
        answer = answers.readline()
    if not answer:
        raise LabError(f"the lab died while it started: see {directory}/log")
    answer = json.loads(answer)
    if "error" in answer:
        raise LabError(answer["error"])
    return answer


def _keep(directory, made, owner, writer):
    """The keeper's life; never returns."""
    status = 1
    try:
        log = os.open(os.path.join(directory, "log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        null = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((null, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        os.chdir("/")
        _hold(directory, made, owner, writer)
        status = 0
    except LabError as error:
        _say(writer, {"error": str(error)})
        remove_files(directory, made)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        _say(writer, {"error": traceback.format_exc()})
        remove_files(directory, made)
    os._exit(status)


def _say(writer, answer):
    try:
        os.write(writer, (json.dumps(answer) + "\n").encode())
    except BrokenPipeError:
        pass        # whoever started us is gone


def _hold(directory, made, owner, writer):
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    owner_fd = os.pidfd_open(owner) if owner else None
    _own_namespaces()
    alive, held = os.pipe()
    reader, answer_writer = os.pipe()
    child = os.fork()
    if child == 0:
        for fd in (held, reader, wake, woken, writer):
            os.close(fd)
        boot.main(directory, alive, answer_writer,
                  lambda: remove_files(directory, made))
    os.close(alive)
    os.close(answer_writer)
    state = {"keeper": os.getpid(), "keeper_start": start_time(os.getpid()), "init": child,
             "made": made}
    _write_state(directory, state)
    try:
        _watch(directory, state, reader, writer, wake, owner_fd)
    finally:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(child, 0)
        if os.path.isdir(directory):
            remove_files(directory, made)


def _own_namespaces():
    uid, gid = os.geteuid(), os.getegid()
    try:
        kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID)
        kernel.map_single_user(uid, gid)
        kernel.set_dumpable()
    except OSError as error:
        if uid != 0:
            raise LabError(NO_USERNS.format(error=error)) from None
        # root needs none
        kernel.unshare(kernel.CLONE_NEWPID)


def _write_state(directory, state):
    target = os.path.join(directory, STATE)
    with open(target + ".new", "w", encoding="ascii") as out:
        json.dump(state, out)
    os.rename(target + ".new", target)


def _watch(directory, state, reader, writer, wake, owner_fd):
    """Until the lab shall end: process 1 gone, owner gone, or a signal."""
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    poll.register(wake, select.POLLIN)
    if owner_fd is not None:
        poll.register(owner_fd, select.POLLIN)
    text = b""
    while True:
        ready = [fd for fd, _ in poll.poll()]
        if owner_fd in ready or wake in ready:
            return
        part = os.read(reader, 65536)
        text += part
        if not part:
            return
        if text.endswith(b"\n"):
            answer = json.loads(text)
            state.update(answer)
            _write_state(directory, state)
            _say(writer, answer)
            os.close(writer)
            if "error" in answer:
                return
            poll.unregister(reader)
