"""The routers' sshd, and the keys of the lab.

DIR/keys holds noc (no passphrase), noc-locked (passphrase below), noc-cert (noc-key signed
by ca; accepted by every router).  The password of every user is node.PASSWORD: r1 to r3 take
it as a password, r4 by keyboard-interactive.  r4 has a banner, r3 refuses terminals.
"""
import os
import shutil
import subprocess

import node as nodes
import topology as top

PASSPHRASE = "lab-passphrase"
HOST_KEY = "ssh/ssh_host_ed25519_key"

_CONFIG = """# {name}
{more}Port {port}
ListenAddress {address}
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile /run/sshd.pid
AuthorizedKeysFile /etc/ssh/authorized_keys
TrustedUserCAKeys /etc/ssh/ca.pub
StrictModes no
UsePAM no
# every user of the lab is uid 0 of its user namespace
PermitRootLogin yes
PasswordAuthentication yes
PrintMotd no
PrintLastLog no
UseDNS no
MaxStartups 100:30:200
"""


def daemon():
    return (shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin") or "/usr/sbin/sshd",
            "-D", "-e", "-f", "/etc/ssh/sshd_config")


def _keygen(*arguments):
    subprocess.run(("ssh-keygen", "-q") + arguments, check=True, stdin=subprocess.DEVNULL)


def make_keys(directory):
    keys = os.path.join(directory, "keys")
    os.makedirs(keys, mode=0o700)
    for name, phrase in (("noc", ""), ("noc-locked", PASSPHRASE), ("noc-key", ""), ("ca", "")):
        _keygen("-t", "ed25519", "-a", "1", "-N", phrase, "-C", f"{name} of the lab",
                "-f", os.path.join(keys, name))
    _keygen("-s", os.path.join(keys, "ca"), "-I", "lab", "-n", "noc",
            os.path.join(keys, "noc-key.pub"))


def _read(*parts):
    with open(os.path.join(*parts), encoding="ascii") as text:
        return text.read()


def files(directory, router):
    """The router's /etc/ssh, its host key aside."""
    # the first mention of an option counts
    more = {
        "r3": "PermitTTY no\n",
        "r4": "Banner /etc/ssh/banner\nUsePAM yes\nPasswordAuthentication no\n"
              "KbdInteractiveAuthentication yes\n",
    }.get(router.name, "")
    keys = os.path.join(directory, "keys")
    return {
        "ssh/sshd_config": _CONFIG.format(name=router.name, port=router.port, more=more,
                                          address=top.management(router)),
        "ssh/authorized_keys": _read(keys, "noc.pub") + _read(keys, "noc-locked.pub"),
        "ssh/ca.pub": _read(keys, "ca.pub"),
        "ssh/banner": "Authorized use only.\nAll sessions are recorded.\n",
    }


def make_host_keys(directory):
    """A host key per router; DIR/hostkeys lists them: name, type, key."""
    lines = []
    for router in top.ROUTERS:
        target = nodes.path(directory, router, "etc", HOST_KEY)
        _keygen("-t", "ed25519", "-N", "", "-C", router.name, "-f", target)
        kind, key = _read(target + ".pub").split()[:2]
        lines.append(f"{router.name} {kind} {key}\n")
    with open(os.path.join(directory, "hostkeys"), "w", encoding="ascii") as out:
        out.writelines(lines)
