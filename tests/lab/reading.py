"""A second reading of the routers, for tests: what the daemons say of every session.

It shares nothing with peerdeck's drivers: other commands where there are any (texts instead of
JSON, routes counted one by one), and its own code.  read(os, ask) gives
{(vrf, neighbor, family, name of BIRD's protocol): {key: value}}, the keys being those of `peerdeck sessions --json`.
A key that is missing is not claimed; UNKNOWN claims that nobody can know it.
ask(command...) gives the standard output of a command on the router.
"""
import json
import re

UNKNOWN = None
FAMILIES = {"ipv4Unicast": "ipv4-unicast", "ipv6Unicast": "ipv6-unicast", "ipv4": "ipv4-unicast",
            "ipv6": "ipv6-unicast", "IPv4 unicast": "ipv4-unicast", "IPv6 unicast": "ipv6-unicast"}


def read(os, ask):
    return {"frr": frr, "bird": bird, "openbgpd": openbgpd, "gobgp": gobgp}[os](ask)


def clock(word):
    """01:02:03, 2d04h05m, 01w2d03h -> seconds; None for never."""
    if word in ("never", "Never"):
        return None
    match = re.fullmatch(r"(\d+):(\d\d):(\d\d)", word)
    if match:
        hours, minutes, seconds = map(int, match.groups())
        return hours * 3600 + minutes * 60 + seconds
    units = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
    return sum(int(count) * units[unit] for count, unit in re.findall(r"(\d+)([wdhms])", word))


def find(pattern, text, group=1, default=None):
    match = re.search(pattern, text, re.M)
    return match[group] if match else default


def number(pattern, text):
    found = find(pattern, text)
    return int(found) if found is not None else None


# ---- FRR: the texts of `show bgp ... neighbors`, a summary per instance and family, the configuration


def _frr_instances(ask):
    """(name, selector) of every BGP instance of the running configuration."""
    text = ask("vtysh", "-c", "show running-config bgpd")
    for match in re.finditer(r"^router bgp (\d+)(?: (vrf|view) (\S+))?$", text, re.M):
        yield match[3] or "default", f"vrf {match[3]} " if match[3] else "", text


def _frr_block(config, name):
    body = []
    inside = False
    for line in config.splitlines():
        if line.startswith("router bgp "):
            words = line.split()
            inside = (words[4] if len(words) > 4 else "default") == name
        elif line == "exit":
            inside = False
        elif inside:
            body.append(line)
    return "\n".join(body)


def frr(ask):
    rows = {}
    for name, select, config in _frr_instances(ask):
        block = _frr_block(config, name)
        for family, words in (("ipv4-unicast", "ipv4 unicast"), ("ipv6-unicast", "ipv6 unicast")):
            peers = json.loads(ask("vtysh", "-c", f"show bgp {select}{words} summary json") or "{}")
            for neighbor, peer in peers.get("peers", {}).items():
                text = ask("vtysh", "-c", f"show bgp {select}neighbors {neighbor}")
                own = _frr_section(text, words)
                row = _frr_row(neighbor, peer, text, own, block)
                # only the JSON has it
                said = json.loads(ask("vtysh", "-c", f"show bgp {select}neighbors {neighbor} json"))
                row["shutdown_message"] = _frr_text(
                    next(iter(said.values())).get("lastShutdownDescription"))
                rows[name, neighbor, family, None] = row
    return rows


def _frr_text(said):
    """Octets beyond ASCII, and quotes, come as \\xc3."""
    if said is None:
        return UNKNOWN
    octets = re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), said.encode("latin-1"))
    return octets.decode("utf-8", "replace")


def _frr_section(text, words):
    title = {"ipv4 unicast": "IPv4 Unicast", "ipv6 unicast": "IPv6 Unicast"}[words]
    return find(rf"^ For address family: {title}\n((?:.+\n)*)", text, default="")


def _frr_policies(own, way):
    """In the order in which peerdeck names them there is no meaning: a set."""
    side = {"in": "incoming", "out": "outgoing"}[way]
    found = [("", rf"Route map for {side} advertisements is \*?(\S+)"),
             ("prefix-list ", rf"(?:Incoming|Outgoing) update prefix filter list is \*?(\S+)"),
             ("filter-list ", rf"(?:Incoming|Outgoing) update AS path filter list is \*?(\S+)"),
             ("distribute-list ", rf"(?:Incoming|Outgoing) update network filter list is \*?(\S+)")]
    names = set()
    for kind, pattern in found:
        for line in own.splitlines():
            if kind and not line.strip().lower().startswith(side):
                continue
            match = re.search(pattern, line)
            if match:
                names.add(kind + match[1])
    return names


def _frr_row(neighbor, peer, text, own, block):
    state = find(r"BGP state = (\w+)", text)
    limit = re.search(r"Maximum prefixes allowed (\d+)( \(warning-only\))?\n\s+"
                      r"Threshold for warning message (\d+)%(?:, restart interval (\d+) min)?", own)
    action = None
    if limit:
        action = "warn" if limit[2] else "restart" if limit[4] else "teardown"
    uptime = peer["peerUptime"]
    shut = re.search(rf"^ neighbor {re.escape(neighbor)} shutdown(?: message (.*))?$", block, re.M)
    row = {
        "remote_as": number(r"remote AS (\d+)", text), "local_as": number(r"local AS (\d+)", text),
        "state": state, "admin_down": "Administratively shut down" in text,
        "prefixes_received": peer["pfxRcd"],
        "prefixes_accepted": number(r"(\d+) accepted prefixes", own),
        "prefixes_advertised": peer["pfxSnt"],
        "max_prefixes": int(limit[1]) if limit else 0, "limit_action": action,
        "limit_warn_pct": int(limit[3]) if limit else None,
        "limit_restart_s": int(limit[4]) * 60 if limit and limit[4] else None,
        "limit_tripped": peer["state"] == "Idle (PfxCt)",
        "uptime_s": clock(uptime),
        "description": find(r"^ Description: (.*)$", text, default=UNKNOWN),
        "group": find(r"Member of peer-group (\S+) for session", text, default=""),
        "hold_time_s": number(r"^  Hold time is (\d+)", text),
        "flaps": number(r"dropped (\d+)", text),
        "messages_in": peer["msgRcvd"], "messages_out": peer["msgSent"],
        "auth": "md5" if "Peer Authentication Enabled" in text else "none",
        "import_policy": _frr_policies(own, "in"), "export_policy": _frr_policies(own, "out"),
        "soft_reconfiguration": "Inbound soft reconfiguration allowed" in own,
        "local_address": find(r"^Local host: (\S+),", text),
        "own_message": shut[1] if shut and shut[1] else UNKNOWN,
        "dynamic": "Belongs to the subnet range group" in text,
    }
    if shut and not shut[1]:
        row["own_message"] = ""
    return row


# ---- BIRD: `show protocols all`, and routes counted


BIRD_STATES = {"Passive": "Active", "Down": "Idle", "Close": "Idle"}


def bird(ask):
    text = ask("birdc", "show", "status")
    now = find(r"Current server time is (\S+ \S+)", text)
    rows = {}
    for line in ask("birdc", "show", "protocols").splitlines():
        fields = line.split()
        if len(fields) < 5 or fields[1] != "BGP":
            continue
        whole = ask("birdc", "show", "protocols", "all", f"'{fields[0]}'")
        neighbor = find(r"^    Neighbor address: +(\S+)", whole)
        if neighbor is None:
            continue
        for part in re.split(r"^  Channel ", whole, flags=re.M)[1:]:
            family = FAMILIES[part.split()[0]]
            vrf = find(r"^  VRF: +(\S+)", whole, default="default")
            rows[vrf, neighbor, family, fields[0]] = _bird_row(ask, fields, whole, part, now)
    return rows


def _count(ask, *words):
    return number(r"^(\d+) of \d+ routes", ask("birdc", "show", "route", *words, "count"))


def _bird_row(ask, fields, whole, part, now):
    name, up = fields[0], "Established" in fields[5:6] or " Established" in whole.splitlines()[2]
    quoted = f"'{name}'"
    state = find(r"^  BGP state: +(\S+)", whole)
    limits = {kind: (int(count), action) for kind, count, action in re.findall(
        r"^    (Import|Receive) limit: +(\d+)(?: \[HIT\])?\n      Action: +(\w+)", part, re.M)}
    limit, action = limits.get("Import", limits.get("Receive", (0, None)))
    info = whole.splitlines()[2].split(None, 5)[5:] if len(fields) > 5 else [""]
    down = fields[3] == "down"
    row = {
        "remote_as": number(r"Neighbor AS: +(\d+)", whole),
        "local_as": number(r"Local AS: +(\d+)", whole),
        "state": BIRD_STATES.get(state, state),
        "admin_down": down and "Automatic shutdown" not in whole.splitlines()[2],
        "description": find(r"^  Description: +(.*)$", whole, default=UNKNOWN),
        "max_prefixes": limit,
        "limit_action": {"disable": "teardown"}.get(action, action),
        "limit_tripped": "limit exceeded" in " ".join(info),
        "import_policy": {find(r"Input filter: +(.*)$", part)},
        "export_policy": {find(r"Output filter: +(.*)$", part)},
        "handle": name, "uptime_s": _bird_since(fields, now),
    }
    if up:
        table = find(r"^    Table: +(\S+)", part)
        row["prefixes_accepted"] = _count(ask, "table", table, "protocol", quoted)
        row["prefixes_advertised"] = number(r"(\d+) exported", part)
        filtered = number(r"(\d+) filtered", part)
        if filtered is not None:
            row["prefixes_received"] = row["prefixes_accepted"] + filtered
        elif "import table" not in part:
            row["prefixes_received"] = UNKNOWN
        row["hold_time_s"] = number(r"Hold timer: +\S+/(\d+)", whole)
        row["local_address"] = find(r"Source address: +(\S+)", whole)
    message = find(r"^  Message: +(.*)$", whole)
    if row["admin_down"]:
        row["own_message"] = message or ""
        row["shutdown_message"] = UNKNOWN
    elif not up:
        row["shutdown_message"] = message
    else:
        row["shutdown_message"] = UNKNOWN
    return row


def _bird_since(fields, now):
    from datetime import datetime, timedelta
    moment = datetime.fromisoformat(now[:19])
    since = fields[4]
    if re.match(r"\d{4}-", since):
        if len(fields) > 5 and re.match(r"\d\d:", fields[5]):
            return (moment - datetime.fromisoformat(f"{since} {fields[5][:8]}")).total_seconds()
        return (moment - datetime.fromisoformat(since)).total_seconds()
    then = datetime.fromisoformat(f"{now[:10]} {since[:8]}")
    if then > moment + timedelta(seconds=2):
        then -= timedelta(days=1)
    return max((moment - then).total_seconds(), 0)


# ---- OpenBGPD: the texts of `show neighbor`, and routes counted


def openbgpd(ask):
    rows = {}
    heads = re.findall(r"^BGP neighbor is (\S+), remote AS (\d+)", ask("bgpctl", "show", "neighbor"), re.M)
    for neighbor, asn in heads:
        if "/" in neighbor:
            continue        # a template, not a neighbor
        text = ask("bgpctl", "show", "neighbor", neighbor)
        state = find(r"BGP state = (\w+)", text)
        said = ask("bgpctl", "-j", "show", "neighbor", neighbor)
        families = [FAMILIES[family] for family in re.findall(
            r'"(IPv[46] unicast)"', find(r'"capabilities": \{((?:.*\n)*?)\t{4}\}', said, default="")
            .split('"graceful')[0])]
        if state == "Established":
            named = find(r"Negotiated capabilities:\n +Multiprotocol extensions: +(.*)$", text)
            families = [FAMILIES[f.strip()] for f in (named or "IPv4 unicast").split(",")]
        family = families[0] if len(families) == 1 else None
        rows["default", neighbor, family, None] = _openbgpd_row(ask, neighbor, asn, state, text)
    return rows


def _openbgpd_row(ask, neighbor, asn, state, text):
    updown = find(r"BGP state = \w+.*, (?:up|down) for (\S+)", text)
    row = {
        "remote_as": int(asn), "state": state,
        "admin_down": "marked down" in text,
        "description": find(r"^ Description: (.*)$", text, default=UNKNOWN),
        "max_prefixes": number(r"Max-prefix: (\d+)", text) or 0,
        "limit_restart_s": None, "uptime_s": clock(updown) if updown else None,
        "prefixes_received": number(r"^  Prefixes +\d+ +(\d+)", text),
        "prefixes_advertised": number(r"^  Prefixes +(\d+)", text),
        "messages_out": number(r"^  Total +(\d+)", text),
        "messages_in": number(r"^  Total +\d+ +(\d+)", text),
        "limit_tripped": "max-prefix exceeded" in text,
        "shutdown_message": find(r'Last received shutdown reason: "(.*)"$', text),
        "local_address": find(r"Local host: +(\S+),", text),
    }
    restart = number(r"Max-prefix: \d+ \(restart (\d+)\)", text)
    if row["max_prefixes"]:
        row["limit_restart_s"] = restart * 60 if restart else None
    if state == "Established":
        row["prefixes_accepted"] = UNKNOWN
        row["hold_time_s"] = number(r"holdtime (\d+)s", text)
        received = json.loads(ask("bgpctl", "-j", "show", "rib", "in", "neighbor", neighbor) or "{}")
        sent = json.loads(ask("bgpctl", "-j", "show", "rib", "out", "neighbor", neighbor) or "{}")
        row["prefixes_received"] = len(received.get("rib", []))
        row["prefixes_advertised"] = len(sent.get("rib", []))
    if row["shutdown_message"]:
        octets = re.sub(rb"\\(\d{3})", lambda m: bytes([int(m[1], 8)]),
                        row["shutdown_message"].encode())
        row["shutdown_message"] = octets.decode("utf-8", "replace")
    return row


# ---- GoBGP: the texts of `neighbor`, and routes counted


GOBGP_STATES = {"Establ": "Established", "Idle": "Idle", "Active": "Active", "Connect": "Connect",
                "OpenSent": "OpenSent", "OpenConfirm": "OpenConfirm", "BGP_FSM_OPENSENT": "OpenSent"}


def gobgp(ask):
    rows = {}
    for line in ask("gobgp", "neighbor").splitlines()[1:]:
        fields = line.replace("|", " ").split()
        neighbor, asn, since, word = fields[:4]
        address = neighbor.split("(")[0]
        text = ask("gobgp", "neighbor", address)
        said = json.loads(ask("gobgp", "-j", "neighbor", address))
        families = {"1/1": "ipv4-unicast", "2/1": "ipv6-unicast"}
        for part in said.get("afi_safis", []):
            of = part["config"]["family"]
            name = families.get(f"{of.get('afi', 0)}/{of.get('safi', 0)}")
            rows["default", address, name, None] = _gobgp_row(
                ask, address, asn, since, word, text, said, name, len(said["afi_safis"]))
    return rows


def _gobgp_row(ask, neighbor, asn, since, word, text, said, family, families):
    word, _, admin = word.partition("(")
    limit = re.search(rf"^    {family}:\tMaximum prefixes allowed (\d+)"
                      r"(?:, Threshold for warning message (\d+)%)?", text, re.M)
    row = {
        "remote_as": int(asn), "state": GOBGP_STATES[word], "admin_down": admin == "Admin)",
        "limit_tripped": admin == "PfxCt)", "flaps": number(r"Flops = (\d+)", text),
        "description": said["conf"].get("description"),
        "max_prefixes": int(limit[1]) if limit else 0,
        "limit_warn_pct": int(limit[2]) if limit and limit[2] else None,
        "messages_out": number(r"^    Total: +(\d+)", text),
        "messages_in": number(r"^    Total: +\d+ +(\d+)", text),
        "group": said["conf"].get("peer_group"),
        "auth": "md5" if said["conf"].get("auth_password") else "none",
        "hold_time_s": number(r"Configured hold time is (\d+)", text),
    }
    if row["state"] == "Established":
        row["hold_time_s"] = number(r"Hold time is (\d+)", text)
        row["uptime_s"] = clock(since)
        short = family.split("-", maxsplit=1)[0]
        found = json.loads(ask("gobgp", "-j", "neighbor", neighbor, "adj-in", "-a", short) or "{}")
        row["prefixes_received"] = len(found or {})
        sent = json.loads(ask("gobgp", "-j", "neighbor", neighbor, "adj-out", "-a", short) or "{}")
        row["prefixes_advertised"] = len(sent or {})
        if families == 1:
            row["prefixes_accepted"] = number(r"^    Accepted: +(\d+)", text)
    return row
