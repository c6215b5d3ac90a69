"""Who is in the lab: our four routers, their peers, and in which state each session shall end.

This is the only place that names addresses, AS numbers and states; the renderers
(frr.py, bird.py, openbgpd.py, gobgp.py) turn these rows into configurations, and
the tests read the expected states from here.

    console 198.51.100.254 --- management 198.51.100.0/24 --- r1 .1  r2 .2  r3 .3  r4 .4
    Lab-IX 192.0.2.0/24, 2001:db8:100::/64:  r1 .1  r2 .2  r3 .3  r4 .4  and the peers' .10-.21
    private links 203.0.113.(4n)/30, 2001:db8:200:n::/64 between rN and the transit t1
"""
import os
from collections import namedtuple

OUR_AS = 64500
CONSOLE = "198.51.100.254"
IX_NAME = "Lab-IX"
MD5_KEY = "north-pier-7"
MD5_WRONG = "south-pier-8"
# seconds; a test of silent ends does not want to wait so long
HOLD_TIME = int(os.environ.get("PEERDECK_LAB_HOLD", "90"))

# os: what runs there; port: where its sshd listens; dir: the place of its BGP configuration
Router = namedtuple("Router", "name os number port")
ROUTERS = (
    Router("r1", "frr", 1, 22),
    Router("r2", "bird", 2, 2202),
    Router("r3", "openbgpd", 3, 2203),
    Router("r4", "gobgp", 4, 2204),
)

# Where the far sides live: a node for each peer, named after its last octet on the exchange.
Host = namedtuple("Host", "name os number")
HOSTS = (
    Host("p10", "bird", 10), Host("p11", "bird", 11), Host("p12", "bird", 12),
    Host("p14", "bird", 14), Host("p15", "bird", 15), Host("p16", "bird", 16),
    Host("p17", "bird", 17), Host("p20", "frr", 20), Host("p21", "openbgpd", 21),
    Host("t1", "frr", 40),      # the transit, on private links only
)

# state: established | max-prefix | wrong-md5 | absent | shut-by-us | shut-by-peer
# v4, v6: how many prefixes the peer announces; None where it has no session of that family
# limit4, limit6: our maximum-prefix, None for none; md5: TCP-MD5 in use
# text: the RFC 9003 message of whoever shuts the session
Peer = namedtuple("Peer", "asn name host suffix state v4 v6 limit4 limit6 md5 text tags")


def _peer(asn, name, host, suffix, state, v4, v6, limit4=None, limit6=None, md5=False,
          text=None, tags=()):
    return Peer(asn, name, host, suffix, state, v4, v6, limit4, limit6, md5, text, tags)


SHUT_BY_US = "CHG-1042 fibre works until 06:00 UTC"
SHUT_BY_PEER = "Wartung: Glasfaser in K\u00f6ln bis 04:00 UTC"
SHUT_QUOTED = 'CHG-77 moving to port "xe-0/1", back 05:00 UTC'

PEERS = (
    _peer(64496, "Aldermoor Hosting", "p10", 10, "established", 300, 60, 1000, 200, md5=True,
          tags=("soft-reconfiguration", "own-prefix-list-out")),
    _peer(64497, "Brightfell Broadband", "p11", 11, "max-prefix", 260, 40, 200, 30),
    _peer(64498, "Cairnwood CDN", "p12", 12, "wrong-md5", 50, 10, 500, 100, md5=True),
    _peer(64499, "Old Quay Internet", None, 13, "absent", 0, 0, 100, 50),
    _peer(65540, "Dunmere Cloud", "p14", 14, "shut-by-us", 100, 20, 400, 100, text=SHUT_BY_US),
    _peer(65550, "Eastvale Research Network", "p15", 15, "shut-by-peer", 100, 20, 400, 100,
          text=SHUT_BY_PEER),
    _peer(4200000001, "Fenwick Mobile", "p16", 16, "established", 120, 20, 300, 100,
          tags=("flapping", "soft-reconfiguration")),
    _peer(65551, "Granby Media", "p17", 17, "established", 190, None, 200, None,
          tags=("near-limit", "no-hook", "own-route-map-out")),
    _peer(65536, "Harrow and Vale Telecom", "p20", 20, "shut-by-peer", 30, 10, 100, 50,
          text=SHUT_QUOTED),
    _peer(65537, "Lab-IX Route Server", "p21", 21, "established", 400, 100, None, None,
          tags=("route-server",)),
)

TRANSIT = _peer(4200000002, "Jarlsholm Transit", "t1", None, "established", 240, 48, 2000, 500)

OWN_V4 = tuple(f"198.18.{n}.0/24" for n in range(12))
OWN_V6 = tuple(f"2001:db8:f{n:02x}::/48" for n in range(4))


def management(node):
    return f"198.51.100.{node.number}"


def ix_address(suffix, family):
    return f"192.0.2.{suffix}" if family == 4 else f"2001:db8:100::{suffix:x}"


def link_addresses(router, family):
    """Both ends of the private link of a router: (ours, the transit's)."""
    n = router.number
    if family == 4:
        return f"203.0.113.{4 * n + 1}", f"203.0.113.{4 * n + 2}"
    return f"2001:db8:200:{n}::1", f"2001:db8:200:{n}::2"


def prefixes(peer, family):
    """The peer's announcements, a /24 or /48 each, different for every peer."""
    if family == 4:
        block = peer.suffix or 40
        return [f"10.{4 * block + k // 256}.{k % 256}.0/24" for k in range(peer.v4 or 0)]
    block = peer.suffix or 40
    return [f"2001:db8:{0x1000 + 0x100 * block + k:x}::/48" for k in range(peer.v6 or 0)]


# One BGP session of one of our routers, seen from the router.
Session = namedtuple("Session", "peer family local remote limit private")


def sessions(router):
    """All sessions of one of our routers, IX first, then the private link."""
    rows = []
    for peer in PEERS:
        for family, count, limit in ((4, peer.v4, peer.limit4), (6, peer.v6, peer.limit6)):
            if count is not None:
                rows.append(Session(peer, family, ix_address(router.number, family),
                                    ix_address(peer.suffix, family), limit, False))
    for family, limit in ((4, TRANSIT.limit4), (6, TRANSIT.limit6)):
        if family == 6 and router.os == "frr":
            continue        # that session carries both families over IPv4
        local, remote = link_addresses(router, family)
        rows.append(Session(TRANSIT, family, local, remote, limit, True))
    return rows


def far_sessions(host):
    """The same sessions as the host of the peers sees them: (router, session) pairs."""
    return [(router, row) for router in ROUTERS for row in sessions(router)
            if row.peer.host == host.name]
