"""Going into a running lab from outside: `demo/lab shell` and `demo/lab run`."""
import os
import signal
import sys

import kernel

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
FLAGS = {"net": kernel.CLONE_NEWNET, "mnt": kernel.CLONE_NEWNS, "uts": kernel.CLONE_NEWUTS}


def _open_spaces(state, name):
    """Descriptors in the order in which they must be entered: (fd, flag)."""
    init = state["init"]
    spaces = []
    if not os.path.samefile(f"/proc/{init}/ns/user", "/proc/self/ns/user"):
        spaces.append((os.open(f"/proc/{init}/ns/user", os.O_RDONLY), kernel.CLONE_NEWUSER))
    spaces.append((os.open(f"/proc/{init}/ns/pid", os.O_RDONLY), kernel.CLONE_NEWPID))
    for kind, fd in state["nodes"][name].items():
        spaces.append((os.open(f"/proc/{init}/fd/{fd}", os.O_RDONLY), FLAGS[kind]))
    return spaces


def run(state, name, command, ordinary):
    """Run a command in a node ("console": where the console runs); its exit status.

    ordinary: as the ordinary user that we are, rather than as root of the lab.
    """
    uid, gid, here = os.geteuid(), os.getegid(), os.getcwd()
    spaces = _open_spaces(state, name)
    sys.stdout.flush()
    child = os.fork()
    if child:
        return _await(child)
    try:
        kernel.die_with_parent(signal.SIGKILL)
        for fd, flag in spaces:
            kernel.setns(fd, flag)
            os.close(fd)
        # a process enters a PID namespace by its children only
        inner = os.fork()
        if inner:
            os._exit(_await(inner))
        kernel.die_with_parent(signal.SIGKILL)
        _become(uid, gid, here, ordinary)
        os.execvp(command[0], command)
    except OSError as error:
        print(f"{command[0]}: {error}", file=sys.stderr)
    os._exit(127)


def _become(uid, gid, here, ordinary):
    if ordinary:
        os.chdir(here)
        if uid != 0:
            kernel.unshare(kernel.CLONE_NEWUSER)
            kernel.map_single_user(0, 0, uid, gid)
            kernel.die_with_parent(signal.SIGKILL)
    else:
        os.chdir("/")
        os.environ["PATH"] = PATH
        os.environ["HOME"] = "/run/noc"


def _await(child):
    """Wait, leaving the terminal's signals to the command."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(number, signal.SIG_IGN)
    status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
