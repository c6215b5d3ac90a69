"""DIR/peerdeck.conf: the configuration with which the console meets the lab."""
import os

import topology as top

_ROUTER = """router {name} {{
    os        = {os}
    address   = {address}
    port      = {port}
    user      = noc
    key       = "{key}"
    interval  = 5s
{more}}}
"""

_MORE = {
    "bird": '    hook-file = "/etc/bird/peerdeck.conf"\n',
    # the lab's sudo, which shows that a prefix works
    "openbgpd": '    prefix    = "sudo -n"\n    hook-file = "/etc/bgpd/peerdeck.conf"\n',
}


_DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir)
_BESIDE = {"lab.policy": "policy", "lab.contacts": "contacts"}


def _put(target, text):
    with open(target, "w", encoding="utf-8") as out:
        out.write(text)
    os.chmod(target, 0o600)


def write(directory):
    """The configuration, and the routers' host keys as if `peerdeck enroll` had been run."""
    key = os.path.join(directory, "keys", "noc")
    # copies, because a policy or book that others could write is refused, whatever the checkout's umask was
    for name in _BESIDE:
        with open(os.path.join(_DEMO, name), encoding="utf-8") as source:
            _put(os.path.join(directory, name), source.read())
    text = f'local-as = {top.OUR_AS}\ndata-dir = "{directory}/data"\n'
    text += "".join(f'{key} = "{directory}/{name}"\n' for name, key in _BESIDE.items()) + "\n"
    text += "\n".join(_ROUTER.format(name=router.name, os=router.os, port=router.port, key=key,
                                     address=top.management(router),
                                     more=_MORE.get(router.os, "")) for router in top.ROUTERS)
    text += "\npeeringdb {\n    enabled = no\n}\n"
    _put(os.path.join(directory, "peerdeck.conf"), text)
    _enroll(directory)


def _enroll(directory):
    data = os.path.join(directory, "data")
    store = os.path.join(data, "hostkeys")
    os.mkdir(data, 0o700)
    os.mkdir(store, 0o700)
    with open(os.path.join(directory, "hostkeys"), encoding="ascii") as keys:
        for line in keys:
            router, kind, key = line.split()
            _put(os.path.join(store, f"{router}.hostkey"),
                 f"{kind} {key} 2026-01-01T00:00:00Z lab made by demo/lab\n")
