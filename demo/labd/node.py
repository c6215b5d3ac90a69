"""One node of the lab: its files below DIR/nodes/NAME, and its view of the file system.

A node sees its own /etc, /run and /var/tmp, so that every daemon and every CLI works with
its default paths, and nothing of the machine's /etc is read or written.  All user names
are uid 0 of the lab's user namespace, which is the uid of whoever started the lab.
"""
import os
import shutil

import kernel

USERS = ("root", "noc", "sshd", "frr", "bird", "_openbgpd", "_bgpd", "nobody")
GROUPS = ("root", "noc", "frr", "frrvty", "bird", "_openbgpd", "_bgpd", "nogroup")
PASSWORD = "lab-password"
# crypt(3) of PASSWORD
PASSWORD_HASH = ("$6$peerdecklab$Ap8/4qqR9SSsfOMkRN8bsrNUIoD9vLZ7OyV"
                 "gkbX1e63tc0ZsQg.NqK92FEx1yYjfERmlWdFkNQ04XnUMrtE/j/")

# What programs need of the machine's own /etc (the dynamic linker, time zone, TLS).
_COPIED = ("ld.so.cache", "ld.so.conf", "localtime", "protocols", "services", "rpc", "gai.conf",
           "login.defs", "shells", "environment", "inputrc")

# A stand-in for sudo: the real one is set-uid root, which means nothing in here.
_SUDO = """#!/bin/sh
# sudo of the lab: everybody is root here already
while [ $# -gt 0 ]; do
	case $1 in -n|-E|-H) shift ;; --) shift; break ;; *) break ;; esac
done
exec "$@"
"""


def path(directory, node, *rest):
    return os.path.join(directory, "nodes", node.name, *rest)


def _put(target, text, mode=0o644):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", encoding="utf-8") as out:
        out.write(text)
    os.chmod(target, mode)


def prepare(directory, node, files):
    """Write the node's /etc (files: path below /etc -> text) and empty /run and /var/tmp."""
    etc = path(directory, node, "etc")
    for sub in ("etc", "run/frr", "run/bird", "run/openbgpd", "run/sshd", "run/lock", "run/noc",
                "var-tmp", "sbin"):
        os.makedirs(path(directory, node, sub))
    for name in _COPIED:
        source = os.path.join("/etc", name)
        if os.path.isfile(source):
            shutil.copyfile(source, os.path.join(etc, name))
    _put(f"{etc}/passwd", "".join(f"{user}:x:0:0:{user}:/run/noc:/bin/sh\n" for user in USERS))
    _put(f"{etc}/group", "".join(f"{group}:x:0:\n" for group in GROUPS))
    _put(f"{etc}/shadow", "".join(f"{user}:{PASSWORD_HASH}:19000:0:99999:7:::\n"
                                  for user in USERS), 0o600)
    _put(f"{etc}/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files\n")
    _put(f"{etc}/hosts", f"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 {node.name}\n")
    # vtysh asks PAM even when root runs it; sshd of one router does
    _put(f"{etc}/pam.d/other", "account required pam_permit.so\nsession required pam_permit.so\n"
                               "auth required pam_unix.so\n")
    _put(f"{etc}/pam.d/frr", "auth sufficient pam_permit.so\naccount required pam_permit.so\n")
    _put(path(directory, node, "sbin", "sudo"), _SUDO, 0o755)
    for name, text in files.items():
        _put(os.path.join(etc, name), text)


def enter_files(directory, node):
    """In a mount namespace of one's own: put the node's folders in place."""
    fds = [(os.open(path(directory, node, source), os.O_PATH), target)
           for source, target in (("etc", "/etc"), ("var-tmp", "/var/tmp"),
                                  ("sbin", "/usr/local/sbin"), ("run", "/run"))]
    kernel.mount("devpts", "/dev/pts", "devpts", kernel.MS_NOSUID | kernel.MS_NOEXEC,
                 "newinstance,ptmxmode=0666,mode=0620")
    kernel.bind("/dev/pts/ptmx", "/dev/ptmx")
    for fd, target in fds:
        # by descriptor: one of the targets may hide the lab's own directory
        kernel.bind(f"/proc/self/fd/{fd}", target)
        os.close(fd)
