"""The few Linux calls that Python 3.11's os module lacks, and nothing else.

Every function raises OSError with the call's name; none of them knows the lab.
"""
import ctypes
import fcntl
import os
import platform
import socket
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18

PR_SET_PDEATHSIG = 1
PR_SET_SECCOMP = 22

# setgroups(2) by machine, with the AUDIT_ARCH that a filter must look at first.
_SETGROUPS = {
    "x86_64": (0xC000003E, 116),
    "aarch64": (0xC00000B7, 159),
    "riscv64": (0xC00000F3, 159),
}

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result, name):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def unshare(flags):
    _check(_libc.unshare(flags), "unshare")


def setns(fd, kind):
    _check(_libc.setns(fd, kind), "setns")


def mount(source, target, fstype=None, flags=0, data=None):
    def raw(text):
        return text.encode() if text is not None else None
    _check(_libc.mount(raw(source), raw(target), raw(fstype), ctypes.c_ulong(flags), raw(data)),
           f"mount {target}")


def bind(source, target):
    mount(source, target, None, MS_BIND | MS_REC)


def sethostname(name):
    raw = name.encode()
    _check(_libc.sethostname(raw, len(raw)), "sethostname")


def die_with_parent(signal_number):
    _check(_libc.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal_number), 0, 0, 0), "prctl")


def ignore_setgroups():
    """From here on setgroups(2) answers 0 and does nothing, for this process and its children.

    An unprivileged user namespace has one uid and may not call setgroups; sshd and
    bgpd give up without it.  There are no other groups to drop, so nothing is lost.
    """
    arch, number = _SETGROUPS.get(platform.machine(), (0, 0))
    if not arch:
        return

    def op(code, jt, jf, k):
        return struct.pack("HBBI", code, jt, jf, k)
    program = b"".join((
        op(0x20, 0, 0, 4),                  # load arch
        op(0x15, 0, 3, arch),               # another one: allow
        op(0x20, 0, 0, 0),                  # load the call's number
        op(0x15, 0, 1, number),
        op(0x06, 0, 0, 0x00050000),         # setgroups: ERRNO 0, that is "done"
        op(0x06, 0, 0, 0x7FFF0000),         # all else: allow
    ))
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(code))
    header = ctypes.create_string_buffer(header, len(header))
    _check(_libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(2), header, 0, 0), "seccomp")


def loopback_up():
    """Set lo up without starting an ip(8): ioctl SIOCSIFFLAGS."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, 0x8914, struct.pack("16sH14x", b"lo", 0x1 | 0x40))


def map_single_user(outer_uid, outer_gid, inner_uid=0, inner_gid=0):
    """In a fresh user namespace: be inner_uid here and outer_uid outside."""
    try:
        _write("/proc/self/setgroups", "deny")
    except FileNotFoundError:
        pass
    _write("/proc/self/uid_map", f"{inner_uid} {outer_uid} 1")
    _write("/proc/self/gid_map", f"{inner_gid} {outer_gid} 1")


def _write(path, text):
    with open(path, "w", encoding="ascii") as out:
        out.write(text)


def set_dumpable():
    """Let our own user look at /proc/PID/fd and ns of this process again.

    Making a user namespace takes that right away from it.
    """
    _check(_libc.prctl(4, ctypes.c_ulong(1), 0, 0, 0), "prctl")
