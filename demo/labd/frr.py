"""FRR: r1 among our routers; p20 and t1 among the far sides.

Nothing must be provisioned on an FRR router for peerdeck: suspend, withdraw and
restore use what every FRR has (`neighbor shutdown message`, the out prefix-list slot).
r1 has on purpose: one neighbor with the operator's own prefix-list in that slot
(AS64496), one with a route-map of its own (AS65551), soft-reconfiguration on some,
one session that carries both families (the transit), limits that shut, restart
and only warn, and a VRF with one neighbor that can never come up.
"""
import topology as top

BINARIES = "/usr/lib/frr"
CONFIG = "frr/frr.conf"


def daemons():
    return (
        (f"{BINARIES}/zebra", "-f", "/etc/frr/zebra.conf", "-A", "127.0.0.1"),
        (f"{BINARIES}/bgpd", "-f", f"/etc/{CONFIG}", "-A", "127.0.0.1"),
    )


def ready_socket():
    return "frr/bgpd.vty"


def files(node):
    text = _router(node) if node in top.ROUTERS else _far(node)
    return {
        CONFIG: text,
        "frr/zebra.conf": f"hostname {node.name}\nvrf cust-a\nexit-vrf\n",
        "frr/vtysh.conf": "service integrated-vtysh-config\n",
    }


def _limit(row):
    if row.limit is None:
        return ""
    if row.peer.asn == 64496:
        return f"{row.limit} 80 warning-only"
    return f"{row.limit} 90 restart 30" if row.private else str(row.limit)


def _neighbor(row):
    peer, lines = row.peer, []
    lines.append(f" neighbor {row.remote} remote-as {peer.asn}")
    lines.append(f" neighbor {row.remote} description {peer.name}")
    if peer.md5:
        lines.append(f" neighbor {row.remote} password {top.MD5_KEY}")
    if peer.state == "shut-by-us":
        lines.append(f" neighbor {row.remote} shutdown message {peer.text}")
    lines.append(f" neighbor {row.remote} timers {top.HOLD_TIME // 3} {top.HOLD_TIME}")
    lines.append(f" neighbor {row.remote} timers connect 3")
    return lines


def _activate(row, family):
    peer, lines = row.peer, [f"  neighbor {row.remote} activate"]
    kind = "TRANSIT" if row.private else "IX"
    if "soft-reconfiguration" in peer.tags or row.private:
        lines.append(f"  neighbor {row.remote} soft-reconfiguration inbound")
    if "own-prefix-list-out" in peer.tags:
        lines.append(f"  neighbor {row.remote} prefix-list AS{peer.asn}-OUT out")
    lines.append(f"  neighbor {row.remote} route-map {kind}-IN in")
    out = f"AS{peer.asn}-OUT" if "own-route-map-out" in peer.tags else f"{kind}-OUT"
    lines.append(f"  neighbor {row.remote} route-map {out} out")
    limit = row.limit if family == row.family else peer.limit6
    if limit is not None:
        lines.append(f"  neighbor {row.remote} maximum-prefix {_limit(row._replace(limit=limit))}")
    return lines


def _policies():
    lines = [
        "ip prefix-list OWN seq 5 permit 198.18.0.0/15 le 24",
        "ipv6 prefix-list OWN seq 5 permit 2001:db8:f00::/40 le 48",
        "ip prefix-list AS64496-OUT seq 5 permit 198.18.0.0/21 le 24",
        "ipv6 prefix-list AS64496-OUT seq 5 permit 2001:db8:f00::/46 le 48",
        "ip prefix-list BOGONS seq 5 deny 127.0.0.0/8 le 32",
        "ip prefix-list BOGONS seq 10 deny 10.160.0.0/24",
        "ip prefix-list BOGONS seq 15 permit 0.0.0.0/0 le 24",
        "ipv6 prefix-list BOGONS seq 5 permit 2001:db8::/32 le 48",
    ]
    for name, preference in (("IX-IN", 200), ("TRANSIT-IN", 100)):
        for sequence, family in ((10, "ip"), (20, "ipv6")):
            lines += [f"route-map {name} permit {sequence}",
                      f" match {family} address prefix-list BOGONS",
                      f" set local-preference {preference}"]
    for name, community in (("IX-OUT", None), ("TRANSIT-OUT", "64500:10"),
                            ("AS65551-OUT", "64500:551")):
        for sequence, family in ((10, "ip"), (20, "ipv6")):
            lines += [f"route-map {name} permit {sequence}",
                      f" match {family} address prefix-list OWN"]
            if community:
                lines.append(f" set community {community} additive")
    return lines


def _router(node):
    rows = top.sessions(node)
    lines = ["frr defaults traditional", f"hostname {node.name}",
             "log file /run/frr/frr.log informational"]
    lines += _policies()
    lines += [f"router bgp {top.OUR_AS}", f" bgp router-id 192.0.2.{node.number}",
              " bgp log-neighbor-changes", " no bgp default ipv4-unicast",
              " no bgp network import-check"]
    for row in rows:
        lines += _neighbor(row)
    for family, own in ((4, top.OWN_V4), (6, top.OWN_V6)):
        lines.append(f" address-family ipv{family} unicast")
        lines += [f"  network {prefix}" for prefix in own]
        for row in rows:
            if row.family == family or row.private:
                lines += _activate(row, family)
        lines.append(" exit-address-family")
    lines += [f"router bgp {top.OUR_AS} vrf cust-a", " bgp router-id 192.0.2.1",
              " no bgp default ipv4-unicast",
              " neighbor 100.64.0.2 remote-as 65541",
              " neighbor 100.64.0.2 description Isenford Games (VRF)",
              " address-family ipv4 unicast", "  neighbor 100.64.0.2 activate",
              "  neighbor 100.64.0.2 maximum-prefix 50", " exit-address-family", "line vty"]
    return "\n".join(lines) + "\n"


def _far(node):
    """One AS that announces its prefixes to all our routers and accepts everything."""
    pairs = top.far_sessions(node)
    peer = pairs[0][1].peer
    lines = ["frr defaults traditional", f"hostname {node.name}",
             "log file /run/frr/frr.log informational", f"router bgp {peer.asn}",
             f" bgp router-id 10.255.0.{node.number}", " no bgp ebgp-requires-policy",
             " no bgp default ipv4-unicast", " no bgp network import-check"]
    for router, row in pairs:
        lines += [f" neighbor {row.local} remote-as {top.OUR_AS}",
                  f" neighbor {row.local} description {router.name}",
                  f" neighbor {row.local} timers connect 2",
                  f" neighbor {row.local} advertisement-interval 0"]
    for family in (4, 6):
        lines.append(f" address-family ipv{family} unicast")
        lines += [f"  network {prefix}" for prefix in top.prefixes(peer, family)]
        for router, row in pairs:
            if row.family == family or (row.private and router.os == "frr"):
                lines += [f"  neighbor {row.local} activate",
                          f"  neighbor {row.local} soft-reconfiguration inbound"]
                # what is announced must not travel on from one of our routers to the other
                lines.append(f"  neighbor {row.local} filter-list OWN out")
        lines.append(" exit-address-family")
    lines.insert(3, "bgp as-path access-list OWN seq 5 permit ^$")
    return "\n".join(lines) + "\n"
