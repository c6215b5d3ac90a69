"""BIRD: r2 among our routers; most of the far sides.

Hook that peerdeck needs on a BIRD router (BIRD has no runtime export switch):
/etc/bird/bird.conf says `include "/etc/bird/peerdeck.conf";` and that file holds,
for every BGP protocol with a hook, `define PD_<protocol name> = 0;`.  The export filter
of the protocol rejects everything where it is 2 (withdraw) and adds 65535:0 where it
is 1 (graceful shutdown).  A set `define PD_WD_<protocol name> = [ ... ];` holds what is
withdrawn alone, beside a member that is never announced.  as65551_v4 has no hook, on purpose.
"""
import topology as top

CONFIG = "bird/bird.conf"
HOOKS = "bird/peerdeck.conf"
NEVER = {4: "192.0.2.255/32", 6: "2001:db8::ffff/128"}


def daemons():
    return (("/usr/sbin/bird", "-f", "-c", f"/etc/{CONFIG}", "-s", "/run/bird/bird.ctl"),)


def ready_socket():
    return "bird/bird.ctl"


def protocol(row):
    return f"as{row.peer.asn}_v{row.family}"


def far_protocol(router, row):
    return f"{router.name}_v{row.family}"


def files(node):
    if node not in top.ROUTERS:
        return {CONFIG: _far(node)}
    hooks = [line for row in top.sessions(node) if "no-hook" not in row.peer.tags
             for line in (f"define PD_{protocol(row)} = 0;",
                          f"define PD_WD_{protocol(row)} = [ {NEVER[row.family]} ];")]
    return {CONFIG: _router(node), HOOKS: "\n".join(hooks) + "\n"}


def _static(family, prefixes):
    lines = [f"protocol static own_v{family} {{", f"\tipv{family};"]
    lines += [f"\troute {prefix} blackhole;" for prefix in prefixes]
    return lines + ["}"]


def _router(node):
    lines = [f"# {node.name}: see the hooks in peerdeck.conf",
             'log "/run/bird/bird.log" all;', f"router id 192.0.2.{node.number};",
             f'include "/etc/{HOOKS}";', "protocol device {}"]
    lines += _static(4, top.OWN_V4) + _static(6, top.OWN_V6)
    lines += ["filter ix_in { if net.len > 48 then reject; bgp_local_pref = 200; accept; }",
              "filter transit_in { if net = 10.160.0.0/24 then reject; bgp_local_pref = 100; "
              "accept; }",
              "function own() { return source = RTS_STATIC; }"]
    for row in top.sessions(node):
        lines += _export_filter(row) + _protocol(row)
    return "\n".join(lines) + "\n"


def _export_filter(row):
    name = protocol(row)
    lines = [f"filter out_{name} {{"]
    if "no-hook" not in row.peer.tags:
        lines += [f"\tif PD_{name} = 2 then reject;",
                  f"\tif net ~ PD_WD_{name} then reject;",
                  f"\tif PD_{name} = 1 then bgp_community.add((65535,0));"]
    return lines + ["\tif !own() then reject;", "\taccept;", "}"]


def _protocol(row):
    peer, name = row.peer, protocol(row)
    lines = [f"protocol bgp {name} {{", f'\tdescription "{peer.name}";',
             f"\tlocal {row.local} as {top.OUR_AS};", f"\tneighbor {row.remote} as {peer.asn};",
             f"\thold time {top.HOLD_TIME};", "\tconnect retry time 3;",
             "\tconnect delay time 1;"]
    if peer.md5:
        lines.append(f'\tpassword "{top.MD5_KEY}";')
    lines.append(f"\tipv{row.family} {{")
    if "soft-reconfiguration" in peer.tags:
        lines.append("\t\timport table on;")
    else:
        lines.append("\t\timport keep filtered on;")
    lines.append(f"\t\timport filter {'transit_in' if row.private else 'ix_in'};")
    lines.append(f"\t\texport filter out_{name};")
    if row.limit is not None:
        word = "receive" if peer.asn == 65551 else "import"
        action = "warn" if peer.asn == 64496 else "disable"
        lines.append(f"\t\t{word} limit {row.limit} action {action};")
    return lines + ["\t};", "}"]


def _far(node):
    """`show route protocol r2_v4` is here what our r2 announced to this peer over IPv4."""
    peer = next(peer for peer in top.PEERS if peer.host == node.name)
    lines = [f"# {peer.name}", 'log "/run/bird/bird.log" all;',
             f"router id 192.0.2.{peer.suffix};", "protocol device {}"]
    lines += _static(4, top.prefixes(peer, 4)) + _static(6, top.prefixes(peer, 6))
    for router, row in top.far_sessions(node):
        lines += _far_protocol(router, row)
    return "\n".join(lines) + "\n"


def _far_protocol(router, row):
    peer = row.peer
    lines = [f"protocol bgp {far_protocol(router, row)} {{",
             f"\tlocal {row.remote} as {peer.asn};", f"\tneighbor {row.local} as {top.OUR_AS};",
             "\tconnect delay time 1;", "\tconnect retry time 2;",
             "\terror wait time 2, 10;", "\terror forget time 3;"]
    if peer.md5:
        key = top.MD5_WRONG if peer.state == "wrong-md5" else top.MD5_KEY
        lines.append(f'\tpassword "{key}";')
    lines += [f"\tipv{row.family} {{ import all; export where source = RTS_STATIC; }};", "}"]
    return lines
