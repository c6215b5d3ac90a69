"""OpenBGPD: r3 among our routers; p21, the route server.

Hook that peerdeck needs on an OpenBGPD router: the filters of /etc/bgpd.conf end with
`include "/etc/bgpd/peerdeck.conf"`; peerdeck writes `deny quick to ADDRESS` (withdraw) or
`match to ADDRESS set community GRACEFUL_SHUTDOWN` there and reloads.  The file is empty
at first.  A second, restricted socket is at /run/openbgpd/bgpd.rsock.
"""
import topology as top

CONFIG = "bgpd.conf"
HOOKS = "bgpd/peerdeck.conf"


def daemons():
    return (("/usr/sbin/bgpd", "-d", "-f", f"/etc/{CONFIG}"),)


def ready_socket():
    return "openbgpd/bgpd.sock.0"


def files(node):
    if node in top.ROUTERS:
        return {CONFIG: _router(node), HOOKS: "# kept by peerdeck\n"}
    return {CONFIG: _far(node)}


def _neighbor(row):
    peer = row.peer
    lines = [f"neighbor {row.remote} {{", f"\tremote-as {peer.asn}", f'\tdescr "{peer.name}"',
             f"\tlocal-address {row.local}", f"\tannounce IPv{row.family} unicast"]
    if peer.md5:
        lines.append(f"\ttcp md5sig password {top.MD5_KEY}")
    if row.limit is not None:
        restart = " restart 30" if row.private else ""
        lines.append(f"\tmax-prefix {row.limit}{restart}")
    if peer.state == "shut-by-us":
        lines.append(f'\tdown "{peer.text}"')
    return lines + ["}"]


def _router(node):
    lines = [f"AS {top.OUR_AS}", f"router-id 192.0.2.{node.number}", "fib-update no",
             f"holdtime {top.HOLD_TIME}", "connect-retry 3",
             'socket "/run/openbgpd/bgpd.rsock" restricted']
    lines += [f"network {prefix}" for prefix in top.OWN_V4 + top.OWN_V6]
    lines.append("prefix-set own { " + " ".join(top.OWN_V4 + top.OWN_V6) + " }")
    lines += ['group "transit" {']
    lines += ["\t" + line for row in top.sessions(node) if row.private for line in _neighbor(row)]
    lines += ["}", 'group "ix" {']
    lines += ["\t" + line for row in top.sessions(node) if not row.private
              for line in _neighbor(row)]
    lines += ["}", "deny from any", "deny to any",
              "allow from ebgp prefix 0.0.0.0/0 prefixlen 8 - 24 set localpref 200",
              "allow from ebgp prefix ::/0 prefixlen 16 - 48 set localpref 200",
              "deny from group transit prefix 10.160.0.0/24",
              "allow to ebgp prefix-set own",
              f'include "/etc/{HOOKS}"']
    return "\n".join(lines) + "\n"


def _far(node):
    pairs = top.far_sessions(node)
    peer = pairs[0][1].peer
    lines = [f"AS {peer.asn}", f"router-id 10.255.0.{node.number}", "fib-update no",
             "connect-retry 2"]
    own = top.prefixes(peer, 4) + top.prefixes(peer, 6)
    lines += [f"network {prefix}" for prefix in own]
    for router, row in pairs:
        lines += [f"neighbor {row.local} {{", f"\tremote-as {top.OUR_AS}",
                  f'\tdescr "{router.name}-v{row.family}"', f"\tlocal-address {row.remote}",
                  f"\tannounce IPv{row.family} unicast", "}"]
    lines += ["prefix-set own { " + " ".join(own) + " }", "allow from ebgp", "deny to any",
              "allow to ebgp prefix-set own"]
    return "\n".join(lines) + "\n"
