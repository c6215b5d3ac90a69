"""GoBGP: r4 among our routers.

Its configuration file has no static routes, so ours are added by its CLI after the start.
Before 4.6.0 it cannot withdraw from one peer at all, so there is no hook to provision.
"""
import topology as top

CONFIG = "gobgpd.conf"


def daemons():
    return (("/usr/bin/gobgpd", "-f", f"/etc/{CONFIG}", "--api-hosts", "127.0.0.1:50051",
             "--pprof-disable"),)


def ready_socket():
    return None


def files(node):
    return {CONFIG: _router(node)}


def own_routes():
    """One shell script: 16 starts of the CLI from one shell."""
    lines = ["n=0; until gobgp global >/dev/null 2>&1; do n=$((n+1)); [ $n -lt 100 ] || exit 1;"
             " sleep 0.1; done"]
    lines += [f"gobgp global rib add {prefix}" for prefix in top.OWN_V4]
    lines += [f"gobgp global rib add -a ipv6 {prefix}" for prefix in top.OWN_V6]
    return "\n".join(lines)


def _neighbor(row):
    peer = row.peer
    lines = ["[[neighbors]]", "[neighbors.config]", f'neighbor-address = "{row.remote}"',
             f"peer-as = {peer.asn}", f"local-as = {top.OUR_AS}",
             f'description = "{peer.name}"']
    if peer.md5:
        lines.append(f'auth-password = "{top.MD5_KEY}"')
    if peer.state == "shut-by-us":
        lines.append("admin-down = true")
    lines += ["[neighbors.timers.config]", f"hold-time = {top.HOLD_TIME}", "connect-retry = 3",
              "idle-hold-time-after-reset = 3", "[neighbors.transport.config]",
              f'local-address = "{row.local}"', "[[neighbors.afi-safis]]",
              "[neighbors.afi-safis.config]", f'afi-safi-name = "ipv{row.family}-unicast"']
    if row.limit is not None:
        lines += ["[neighbors.afi-safis.prefix-limit.config]", f"max-prefixes = {row.limit}",
                  "shutdown-threshold-pct = 80"]
    return lines


def _router(node):
    lines = ["[global.config]", f"as = {top.OUR_AS}", f'router-id = "192.0.2.{node.number}"',
             "[global.apply-policy.config]", 'export-policy-list = ["own-out"]',
             'default-export-policy = "reject-route"', 'import-policy-list = ["no-test"]',
             'default-import-policy = "accept-route"']
    for name, prefixes in (("own-v4", top.OWN_V4), ("own-v6", top.OWN_V6),
                           ("test-v4", ("10.160.0.0/24",))):
        lines += ["[[defined-sets.prefix-sets]]", f'prefix-set-name = "{name}"']
        for prefix in prefixes:
            lines += ["[[defined-sets.prefix-sets.prefix-list]]", f'ip-prefix = "{prefix}"']
    lines += ["[[policy-definitions]]", 'name = "own-out"']
    lines += _statement("own-v4", "accept-route") + _statement("own-v6", "accept-route")
    lines += ["[[policy-definitions]]", 'name = "no-test"']
    lines += _statement("test-v4", "reject-route")
    for row in top.sessions(node):
        lines += _neighbor(row)
    return "\n".join(lines) + "\n"


def _statement(prefix_set, disposition):
    return ["[[policy-definitions.statements]]",
            "[policy-definitions.statements.conditions.match-prefix-set]",
            f'prefix-set = "{prefix_set}"', "[policy-definitions.statements.actions]",
            f'route-disposition = "{disposition}"']
