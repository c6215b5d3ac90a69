#!/usr/bin/env python3
"""How fast answers are read, beside Python on the same text in the same run.

The answers are made here, the TextFSM templates are our own.  TextFSM is the peer where text is printed; where the
router prints JSON or XML the peer is Python's own reader of it, which is what a tool in Python would use.
"""
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HARNESS = os.path.join(ROOT, "build", "release", "tests", "bench", "parse")
DEBIAN = "/usr/bin/python3"
ROWS = 500
ROUTES = 200000
SECONDS = 1.0  # of CPU per measurement, about


def neighbor(i):
    return f"10.{i // 250}.{i % 250}.1"


def ios():
    lines = ["BGP router identifier 192.0.2.254, local AS number 64500", "BGP table version is 4711, main routing table version 4711", "",
             "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd"]
    for i in range(ROWS):
        state = "Idle (Admin)" if i % 50 == 7 else "Active" if i % 20 == 3 else str(i * 13)
        lines.append(f"{neighbor(i):15} 4 {4200000000 + i:12} {i * 100:7} {i * 90:7}     4711    0    0 {i % 50:02}:{i % 60:02}:11 {state}")
    return "\n".join(lines) + "\n"


# Our reader knows headings of families and VRFs, wrapped rows and refusals; a template that is used knows them too.
IOS_TEMPLATE = r"""Value Filldown ROUTER_ID (\d+\.\d+\.\d+\.\d+)
Value Filldown LOCAL_AS (\d+(\.\d+)?)
Value Filldown FAMILY (.+)
Value Filldown VRF (\S+)
Value Required NEIGHBOR (\d+\.\d+\.\d+\.\d+|[0-9a-fA-F:]+:[0-9a-fA-F:.]*)
Value AS (\d+)
Value RECEIVED (\d+)
Value SENT (\d+)
Value UP (\S+)
Value STATE (\S.*?)

Start
  ^BGP router identifier ${ROUTER_ID}, local AS number ${LOCAL_AS}
  ^For address family: ${FAMILY}\s*$$
  ^BGP summary information for VRF ${VRF}, address family ${FAMILY}
  ^BGP table version is
  ^Neighbor\s+V\s+AS
  ^% -> Error
  ^\*?${NEIGHBOR}\s+\d\s+${AS}\s+${RECEIVED}\s+${SENT}\s+\d+\s+\d+\s+\d+\s+${UP}\s+${STATE}\s*$$ -> Record
  ^\*?${NEIGHBOR}\s*$$
  ^\s+\d\s+${AS}\s+${RECEIVED}\s+${SENT}\s+\d+\s+\d+\s+\d+\s+${UP}\s+${STATE}\s*$$ -> Record
  ^\s*$$
  ^. -> Error

EOF
"""


def sros():
    lines = ["=" * 79, " BGP Router ID:192.0.2.254       AS:64500       Local AS:64500", "=" * 79, "BGP Admin State         : Up          BGP Oper State              : Up",
             "", "=" * 79, "BGP Summary", "=" * 79, "Legend : D - Dynamic Neighbor", "=" * 79, "Neighbor", "Description",
             "                   AS PktRcvd InQ  Up/Down   State|Rcv/Act/Sent (Addr Family)", "                      PktSent OutQ", "-" * 79]
    for i in range(ROWS):
        state = "Active" if i % 20 == 3 else f"{i * 13}/{i * 12}/{i} (IPv4)"
        lines += [neighbor(i), f"         {4200000000 + i:12} {i * 100:7}    0 {i % 50:02}h{i % 60:02}m11s {state}", f"                      {i * 90:7}    0"]
    return "\n".join(lines + ["-" * 79]) + "\n"


SROS_TEMPLATE = r"""Value NEIGHBOR (\d+\.\d+\.\d+\.\d+)
Value AS (\d+)
Value RECEIVED (\d+)
Value UP (\S+)
Value STATE (\S.*?)

Start
  ^${NEIGHBOR}\s*$$
  ^\s+${AS}\s+${RECEIVED}\s+\d+\s+${UP}\s+${STATE}\s*$$ -> Record
"""


def routes_table():
    lines = ["BGP table version is 1, local router ID is 192.0.2.254", "     Network          Next Hop            Metric LocPrf Weight Path"]
    for i in range(ROWS * 10):
        lines.append(f" *>  {f'10.{i // 250 + 1}.{i % 250}.0/24':16} {f'192.0.2.{i % 200 + 1}':20} {0:5}        {0:6} {64500 + i % 500} {65000 + i % 77} i")
    return "\n".join(lines) + "\n"


ROUTES_TEMPLATE = r"""Value NETWORK (\d+\.\d+\.\d+\.\d+/\d+)
Value HOP (\d+\.\d+\.\d+\.\d+)
Value METRIC (\d+)
Value WEIGHT (\d+)
Value PATH (\d[\d ]*)

Start
  ^BGP table version is
  ^\s+Network\s+Next Hop
  ^% -> Error
  ^\s?\S+\s+${NETWORK}\s+${HOP}\s+${METRIC}\s+${WEIGHT}\s+${PATH}\s\S\s*$$ -> Record
  ^\s?\S+\s+${NETWORK}\s*$$
  ^\s+${HOP}\s+${METRIC}\s+${WEIGHT}\s+${PATH}\s\S\s*$$ -> Record
  ^\s*$$
  ^. -> Error
"""


def frr():
    peers = {neighbor(i): {"hostname": f"peer{i}", "remoteAs": 4200000000 + i, "localAs": 64500, "version": 4, "msgRcvd": i * 100,
                           "msgSent": i * 90, "tableVersion": 0, "outq": 0, "inq": 0, "peerUptime": "01w2d03h", "peerUptimeMsec": 780000000,
                           "peerUptimeEstablishedEpoch": 1700000000, "pfxRcd": i, "pfxSnt": 12, "state": "Established", "peerState": "OK",
                           "connectionsEstablished": 1, "connectionsDropped": 0, "desc": f"member {i} of the exchange", "idType": "ipv4"}
             for i in range(ROWS)}
    return json.dumps({"default": {"ipv4Unicast": {"routerId": "192.0.2.254", "as": 64500, "vrfName": "default", "peerCount": ROWS,
                                                   "peers": peers, "totalPeers": ROWS}}}, indent=2) + "\n"


def eos():
    peers = {neighbor(i): {"asn": str(4200000000 + i), "peerState": "Established", "prefixReceived": i, "prefixAccepted": i, "inMsgQueue": 0,
                           "outMsgQueue": 0, "upDownTime": 1700000000.5, "underMaintenance": False, "msgReceived": i * 100,
                           "msgSent": i * 90, "version": 4, "description": f"member {i}"} for i in range(ROWS)}
    return json.dumps({"vrfs": {"default": {"routerId": "192.0.2.254", "vrf": "default", "asn": "64500", "peers": peers}}}, indent=4) + "\n"


def junos():
    rows = "".join(
        f"<bgp-peer><peer-address>{neighbor(i)}+179</peer-address><peer-as>{4200000000 + i}</peer-as><local-address>192.0.2.254+50000"
        f"</local-address><local-as>64500</local-as><description>member {i}</description><peer-group>ix</peer-group><peer-state>Established"
        f"</peer-state><flap-count>{i % 7}</flap-count><bgp-option-information><import-policy>in</import-policy><export-policy>out"
        f"</export-policy><holdtime>90</holdtime></bgp-option-information><bgp-rib><name>inet.0</name><active-prefix-count>{i}"
        f"</active-prefix-count><received-prefix-count>{i}</received-prefix-count><accepted-prefix-count>{i}</accepted-prefix-count>"
        f"<suppressed-prefix-count>0</suppressed-prefix-count><advertised-prefix-count>12</advertised-prefix-count></bgp-rib></bgp-peer>\n"
        for i in range(ROWS))
    return f'<rpc-reply xmlns:junos="http://xml.juniper.net/junos/21.4R0/junos"><bgp-information>\n{rows}</bgp-information></rpc-reply>\n'


def textfsm_reader(template):
    import textfsm
    compiled = textfsm.TextFSM(io.StringIO(template))

    def read(text):
        compiled.Reset()
        return len(compiled.ParseText(text))
    return read


def json_reader(text):
    return len(json.loads(text))


def xml_reader(text):
    return len(list(ElementTree.fromstring(text).iter("bgp-peer")))


SHAPES = [
    ("IOS table, 500 rows", "ios", "show bgp all summary", ios, "TextFSM", lambda: textfsm_reader(IOS_TEMPLATE), ROWS),
    ("SR OS rows of two lines", "sros", "show router bgp summary", sros, "TextFSM", lambda: textfsm_reader(SROS_TEMPLATE), ROWS),
    ("table of 5,000 routes", "ios", "show bgp ipv4 unicast neighbors 192.0.2.1 routes", routes_table, "TextFSM",
     lambda: textfsm_reader(ROUTES_TEMPLATE), ROWS * 10),
    ("FRR JSON, 500 rows", "frr", "show bgp vrf all summary json", frr, "Python json", lambda: json_reader, None),
    ("EOS JSON, 500 rows", "eos", "show ip bgp summary vrf all | json", eos, "Python json", lambda: json_reader, None),
    ("Junos XML, 500 rows", "junos", "show bgp neighbor | display xml", junos, "Python etree", lambda: xml_reader, None),
]


def python_ms(read, text, rows):
    """Best of the rounds: what else runs on this machine only ever adds."""
    best, spent = None, 0.0
    while spent < SECONDS:
        began = time.process_time()
        got = read(text)
        took = time.process_time() - began
        if rows is not None and got != rows:
            sys.exit(f"bench: the peer read {got} rows of {rows}")
        best = took if best is None else min(best, took)
        spent += max(took, 1e-4)
    return best * 1000


def ours_ms(os_name, command, path, rows):
    """Likewise: the best of many rounds of five runs."""
    best = None
    rounds = 100
    for _ in range(5):
        out = subprocess.run([HARNESS, os_name, command, path, str(rounds)], check=True, capture_output=True, text=True).stdout
        ms, got = out.split()
        if int(got) != rows:
            sys.exit(f"bench: {got} rows of {rows} read of {os_name} {command}")
        best = float(ms) if best is None else min(best, float(ms))
    return best


def main():
    try:
        import textfsm  # noqa: F401
        have = True
    except ImportError:
        have = False
        if os.path.exists(DEBIAN) and os.path.realpath(sys.executable) != os.path.realpath(DEBIAN):
            os.execv(DEBIAN, [DEBIAN] + sys.argv)  # where Debian's package is
        print("python3-textfsm is not installed: no ratio to it")
    with tempfile.TemporaryDirectory(prefix="peerdeck-bench-") as folder:
        for name, os_name, command, make, peer, reader, peer_rows in SHAPES:
            if peer == "TextFSM" and not have:
                continue
            text = make()
            path = os.path.join(folder, re.sub(r"\W+", "-", name))
            with open(path, "w", encoding="ascii") as f:
                f.write(text)
            rows = ROWS * 10 if "routes" in name else ROWS
            ours = ours_ms(os_name, command, path, rows)
            theirs = python_ms(reader(), text, peer_rows)
            megabytes = len(text) / 1e6
            aim = ", aim 30" if peer == "TextFSM" else ""
            print(f"{name}: {megabytes / ours * 1000:.0f} MB/s, {ours:.3f} ms; {peer} {megabytes / theirs * 1000:.1f} MB/s, {theirs:.2f} ms; "
                  f"{theirs / ours:.0f} times as fast{aim}")
    for form, what in (("frr", "FRR JSON"), ("eos", "EOS JSON"), ("junos", "Junos text"), ("junos-xml", "Junos XML"), ("junos-json", "Junos JSON")):
        kib, ms, megabytes = subprocess.run([HARNESS, "routes", form, str(ROUTES)], check=True, capture_output=True, text=True).stdout.split()
        print(f"{ROUTES} routes of {what} ({megabytes} MB) streamed: {int(kib) / 1024:.2f} MiB extra memory at its peak (aim <= 4), "
              f"{float(megabytes) / float(ms) * 1000:.0f} MB/s with the making of the text")


main()
