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


def _put(target, text):
    with open(target, "w", encoding="ascii") as out:
        out.write(text)
    os.chmod(target, 0o600)


def write(directory):
    """The configuration, and the routers' host keys as if `peerdeck enroll` had been run."""
    key = os.path.join(directory, "keys", "noc")
    text = f'local-as = {top.OUR_AS}\ndata-dir = "{directory}/data"\n\n'
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
