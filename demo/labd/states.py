"""What the routers say of their sessions, in one vocabulary, to see that the lab stands.

This is not how peerdeck reads a router: it is a second, independent reading for tests.
A reading is {(router, neighbor address): word}, word being one of
established, max-prefix, admin-down, down.
"""
import json
import re

import topology as top

EXPECTED = {"established": "established", "max-prefix": "max-prefix", "wrong-md5": "down",
            "absent": "down", "shut-by-us": "admin-down", "shut-by-peer": "down"}

COMMANDS = {
    "frr": ("vtysh", "-c", "show bgp vrf default summary json"),
    "bird": ("birdc", "show protocols all"),
    "openbgpd": ("bgpctl", "-j", "show", "neighbor"),
    "gobgp": ("gobgp", "-j", "neighbor"),
}


def expected(router):
    return {row.remote: EXPECTED[row.peer.state] for row in top.sessions(router)}


def read(router, text):
    return _READERS[router.os](text)


def _frr(text):
    words = {"Established": "established", "Idle (PfxCt)": "max-prefix",
             "Idle (Admin)": "admin-down"}
    families = json.loads(text)
    found = {}
    for family in families.values():
        for address, peer in family.get("peers", {}).items():
            found[address] = words.get(peer["state"], "down")
    return found


def _bird(text):
    found, address, word = {}, None, "down"
    for line in text.splitlines():
        fields = line.split()
        if len(fields) > 4 and fields[1] == "BGP":
            word = {"up": "established", "down": "admin-down"}.get(fields[3], "down")
            if "Route limit exceeded" in line:
                word = "max-prefix"
        elif line.startswith("    Neighbor address:"):
            address = fields[2]
            found[address] = word
    return found


def _openbgpd(text):
    # 7.7 does not escape what stands in a shutdown text, so that its JSON may be none
    text = re.sub(r'(?m)^(\s*"\w+_shutdown_reason": ).*?(,?)$', r'\1""\2', text)
    found = {}
    for peer in json.loads(text)["neighbors"]:
        word = "established" if peer["state"] == "Established" else "down"
        if peer.get("config", {}).get("down"):
            word = "admin-down"
        elif "max-prefix" in peer.get("last_error_sent", ""):
            word = "max-prefix"
        found[peer["remote_addr"]] = word
    return found


def _gobgp(text):
    found = {}
    for peer in json.loads(text):
        state = peer["state"]
        word = "established" if state.get("session_state") == 6 else "down"
        word = {1: "admin-down", 2: "max-prefix"}.get(state.get("admin_state", 0), word)
        found[state.get("neighbor_address", peer["conf"]["neighbor_address"])] = word
    return found


_READERS = {"frr": _frr, "bird": _bird, "openbgpd": _openbgpd, "gobgp": _gobgp}
