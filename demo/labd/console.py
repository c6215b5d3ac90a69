"""DIR/peerdeck.conf: the configuration with which the console meets the lab."""
import os

import topology as top

_ROUTER = """router {name} {{
    os       = {os}
    address  = {address}
    port     = {port}
    user     = noc
    key      = "{key}"
{more}}}
"""


def write(directory, snapshot):
    key = os.path.join(directory, "keys", "noc")
    # /usr/local/sbin/sudo of the lab's routers answers to `sudo -n`
    more = {"openbgpd": '    prefix   = "sudo -n"\n'}
    text = f"local-as = {top.OUR_AS}\n\n"
    text += "\n".join(_ROUTER.format(name=router.name, os=router.os, port=router.port, key=key,
                                     address=top.management(router),
                                     more=more.get(router.os, "")) for router in top.ROUTERS)
    text += f'\npeeringdb {{ snapshot = "{snapshot}" }}\n'
    target = os.path.join(directory, "peerdeck.conf")
    with open(target, "w", encoding="ascii") as out:
        out.write(text)
    os.chmod(target, 0o600)
