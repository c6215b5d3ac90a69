#!/usr/bin/python3
"""Staged incidents on the lab: is the sentence right, is the grouping right, how many keys to the cause?

Speaks TAP.  What is said is compared with what the daemons print, read here and not by peerdeck.  The exchange of the lab has
no name that peerdeck knows: neither its configuration nor PeeringDB tells of it.
"""
import json
import os
import re
import sys
import tempfile
import time

sys.dont_write_bytecode = True
os.environ["PEERDECK_LAB_HOLD"] = "12"  # what ends silently ends soon
import test_truth
from test_truth import LAB, Lab, act, until

PROGRAM = test_truth.PROGRAM = os.environ.get("PEERDECK", test_truth.PROGRAM)

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "screen"))
import test_console as seen

CONF = """
incident {
    window = 20s
    quiet  = 6s
}
alert down {
    on = state
    for = 1s
    to = screen
}
alert lost {
    on = router-lost
    for = 1s
    to = screen
}
alert gone {
    on = prefixes-lost
    for = 1s
    to = screen
}
alert fresh {
    on = incident
    for = 1s
    to = screen
}
"""
LAN = "192.0.2.0/24 + 2001:db8:100::/64"
TEXT = "rack move, back 05:00 UTC"
REASON = "CASE-9 loss on the fabric"


def check(holds, what, detail=""):
    test_truth.check(holds, what, detail)
    return holds


class Stage(Lab):
    def json(self, *words):
        status, out = self.peerdeck(*words, "--json")
        start = out.find("[")
        try:
            return json.JSONDecoder().raw_decode(out[start:])[0] if start >= 0 else []
        except ValueError:
            return []

    def why(self, selector):
        rows = self.json("why", selector)
        return rows[0] if rows else {}

    def incidents(self, *words):
        return self.json("incidents", *words)

    def incident(self, text, *words):
        """The one whose sentence holds the text."""
        return next((i for i in self.incidents(*words) if text in i["words"]), None)

    def console(self, *command):
        return self.command("shell", self.directory, "console", *command)

    def port(self, name, bridge):
        """Packets of a port go nowhere (bridge None) or to the bridge; its carrier stays."""
        self.console("ip", "link", "set", name, *(("master", bridge) if bridge else ("nomaster",)))

    def kill(self, node, comm):
        """Ends the lab's daemon of this node at once, by its number; found by the network that it is in."""
        return self.ask(node, "sh", "-c", f"""for p in /proc/[0-9]*; do
            [ "$(cat $p/comm 2>/dev/null)" = {comm} ] && [ "$(readlink $p/ns/net)" = "$(readlink /proc/self/ns/net)" ] &&
            kill -9 ${{p#/proc/}} && echo killed; done""")

    def vtysh(self, node, *lines):
        return self.ask(node, "vtysh", *(word for line in lines for word in ("-c", line)))


def prepare(lab):
    path = os.path.join(lab.directory, "peerdeck.conf")
    with open(path, encoding="utf-8") as conf:
        text = conf.read().replace("interval  = 5s", "interval  = 2s")
    with open(path, "w", encoding="utf-8") as conf:
        conf.write(text + CONF)
    os.makedirs(os.path.join(lab.directory, "t"), exist_ok=True)


def lab_is_up(lab):
    for router, node in (("r1", "p10"), ("r2", "p16"), ("r3", "p17"), ("r4", "p17")):
        if not lab.far_up(router, node):
            return False
    return all(row["state"] == row["expected"] for row in json.loads(
        lab.command("status", lab.directory, "--json").stdout) if row["expected"] == "established")


# ---- several at once, each of another network


def password_in(lab, old, new):
    path = os.path.join(lab.directory, "nodes", "p10", "etc", "bird", "bird.conf")
    with open(path, encoding="utf-8") as conf:
        text = conf.read()
    head, tail = text.split("protocol bgp r1_v4 {", 1)
    with open(path, "w", encoding="utf-8") as conf:
        conf.write(head + "protocol bgp r1_v4 {" + tail.replace(old, new, 1))
    lab.ask("p10", "birdc", "configure")


def more_routes(lab, more):
    path = os.path.join(lab.directory, "nodes", "p17", "etc", "bird", "bird.conf")
    with open(path, encoding="utf-8") as conf:
        text = re.sub(r"\troute 10\.250\.\S+ blackhole;\n", "", conf.read())
    if more:
        routes = "".join(f"\troute 10.250.{n}.0/24 blackhole;\n" for n in range(30))
        text = text.replace("\tipv4;\n", "\tipv4;\n" + routes, 1)
    with open(path, "w", encoding="utf-8") as conf:
        conf.write(text)
    lab.ask("p17", "birdc", "configure")


def break_it(lab):
    lab.port("p16-ix0", None)                                           # hold timer: packets dropped
    password_in(lab, "north-pier-7", "south-pier-8")                    # wrong password after a change
    more_routes(lab, True)                                              # max-prefix at all four
    lab.ask("p21", "bgpctl", "neighbor", "192.0.2.1", "down", TEXT)     # the peer's shutdown, at r1 ...
    lab.ask("p21", "bgpctl", "neighbor", "192.0.2.2", "down", TEXT)     # ... and r2
    lab.kill("t1", "bgpd")                                              # the peer's daemon
    lab.ask("p10", "birdc", "disable", "own_v6")                        # prefixes lost, the session stays up
    return act(lab, "suspend", "r3/192.0.2.21", "--message", REASON)


def mend_it(lab):
    lab.port("p16-ix0", "ix")
    password_in(lab, "south-pier-8", "north-pier-7")
    more_routes(lab, False)
    for address in ("192.0.2.1", "192.0.2.2"):
        lab.ask("p21", "bgpctl", "neighbor", address, "up")
    lab.ask("t1", "sh", "-c", "setsid /usr/lib/frr/bgpd -f /etc/frr/frr.conf -A 127.0.0.1 >/dev/null 2>&1 </dev/null &")
    lab.ask("p10", "birdc", "enable", "own_v6")
    act(lab, "resume", "r3/192.0.2.21")
    lab.vtysh("r1", "clear bgp 192.0.2.17")
    lab.ask("r2", "birdc", "enable", "as65551_v4")
    lab.ask("r3", "bgpctl", "neighbor", "192.0.2.17", "clear")
    lab.ask("r4", "gobgp", "neighbor", "192.0.2.17", "reset")
    lab.ask("r4", "gobgp", "neighbor", "192.0.2.17", "enable")


def said(lab, selector, who, how, *words):
    y = lab.why(selector)
    sentence = y.get("words") or ""
    check(y.get("who") == who and y.get("how") == how and all(w in sentence for w in words),
          f"{selector}: {how}, {who}: {sentence}", f"{y.get('who')}, {y.get('how')}; wanted {who}, {how}, {words}")
    return y


def test_sentences(lab):
    facts = lab.vtysh("r1", "show bgp neighbors 192.0.2.21") + lab.vtysh("r1", "show bgp neighbors 192.0.2.21 json")
    check("received (Cease/Administrative Shutdown)" in facts and TEXT in facts, "r1: FRR itself says: shut by the peer, with the text", facts[-900:])
    y = said(lab, "r1/192.0.2.21", "the peer", "peer-shut", "received 6/2 Cease: administrative shutdown", f'the peer says: "{TEXT}"')
    since = time.time() - (y.get("since_s") or 0)
    check(abs(since - lab.broken_at) < 6, f"r1/192.0.2.21: since when: {y.get('since_s')} s")
    check(TEXT in lab.ask("r2", "birdc", "show", "protocols", "all", "as65537_v4"), "r2: BIRD itself has the text")
    said(lab, "r2/192.0.2.21", "the peer", "peer-shut", TEXT)
    said(lab, "r3/192.0.2.21", "we", "suspended", "suspended with peerdeck by")
    facts = lab.vtysh("r1", "show bgp neighbors 192.0.2.17")
    check("Maximum Number of Prefixes Reached" in facts, "r1: FRR itself says: max-prefix", facts[-700:])
    said(lab, "r1/192.0.2.17", "we", "max-prefix", "sent 6/1 Cease: maximum number of prefixes reached", "limit 200")
    check("limit exceeded" in lab.ask("r2", "birdc", "show", "protocols", "all", "as65551_v4"), "r2: BIRD itself says: limit exceeded")
    said(lab, "r2/192.0.2.17", "we", "max-prefix", "limit 200")
    said(lab, "r3/192.0.2.17", "we", "max-prefix", "sent 6/1", "limit 200")
    said(lab, "r4/192.0.2.17", "we", "max-prefix", "limit 200")
    facts = lab.vtysh("r1", "show bgp neighbors 192.0.2.16")
    check("Hold Timer Expired" in facts and "Notification sent" in facts.replace("NOTIFICATION", "Notification") or
          "Hold Timer Expired" in facts, "r1: FRR itself says: hold timer", facts[-700:])
    for router in ("r1", "r2", "r3"):
        said(lab, f"{router}/192.0.2.16", "the path", "hold-timer", "sent 4 Hold timer expired", "nothing came from the peer")
    said(lab, "r4/192.0.2.16", "the path", "no-answer", "how it ended the router does not tell")
    y = said(lab, "r1/192.0.2.10", "the peer", "notification", "received 6/", "password", "one is configured")
    check("password" in " ".join(y.get("next", [])), "r1/192.0.2.10: and what to try: compare passwords", y.get("next"))
    for router in ("r1", "r2"):
        address = {"r1": "203.0.113.6", "r2": "203.0.113.10"}[router]
        y = lab.why(f"{router}/{address}")
        check(y.get("how") in ("refused", "closed") and y.get("who") == "the peer",
              f"{router}/{address}: the peer's daemon is gone: {y.get('words')}", y)
    y = said(lab, "r2/2001:db8:100::a", "unknown", "prefixes-lost", "60 were received, 0 now")
    check(y.get("state") == "Established", "r2/2001:db8:100::a: and it is up")


def test_grouping(lab):
    for words, fell in (("8 of 8 sessions with AS4200000001: most likely the network itself", 8),
                        ("4 of 4 sessions with AS65551", 4), ("7 of 7 sessions with AS4200000002", 7),
                        ("sessions with AS64496  lost prefixes", None)):
        i = lab.incident(words.replace("  ", " "))
        check(i is not None and fell in (None, i["fell"]), f"one incident: {words}", [x["words"] for x in lab.incidents()])
    members = {(m["router"], m["neighbor"]) for i in lab.incidents() for m in i["sessions"]}
    check(("r3", "192.0.2.21") not in members, "what we suspended is in no incident")
    check({("r1", "192.0.2.21"), ("r2", "192.0.2.21"), ("r1", "192.0.2.10")} <= members, "what no group explains is listed too", members)
    status, out = lab.peerdeck("alerts")
    check("r3 192.0.2.21" not in out and "r1 192.0.2.21" in out, "our own suspend alarms nobody, the peer's shutdown does", out)
    row = lab.session("r3/192.0.2.21")
    check(row["admin_down"] is True and row["own_message"] == REASON, "and the sessions tell it apart", row)


def test_restored(lab):
    def closed():
        all_of = lab.incidents("--all")
        return bool(all_of) and all(i["closed"] for i in all_of)
    check(until(closed, 55), "everything is back: all incidents closed by themselves after the quiet time",
          [(i["words"], i["closed"], [m for m in i["sessions"] if not m["back"]]) for i in lab.incidents("--all") if not i["closed"]])
    status, out = lab.peerdeck("handover", "--since", "1h")
    ended = out.partition("Incidents that ended")[2].partition("What we did")[0]
    check("8 of 8 sessions with AS4200000001" in ended and "all back after" in ended and "quiet since" in ended,
          "the handover tells what ended, and that it was quiet", out)
    check("suspend" in out and "r3 192.0.2.21" in out, "and what we did", out)
    check(out.count("192.0.2.16") == 0, "and the eight sessions of one incident are not eight lines more", out)


# ---- the exchange is cut; the console


def test_cut(lab, terminal):
    lab.console("ip", "link", "set", "ix", "down")
    words = f"28 of 28 sessions in {LAN}: the fabric or our port"
    keys = ["0"]
    terminal.keys("0")
    check(until(lambda: "28/28 28 of 28 sessions in" in terminal.screen(), 30), "console: 28 of 28 sessions in one line", terminal.screen())
    check(sum("NEW" in line for line in terminal.screen().splitlines()) == 1, "console: and no line more", terminal.screen())
    terminal.keys("Enter")
    keys.append("Enter")
    check(terminal.shows("hold-timer", 5), f"console: cause after {len(keys)} keys: {' '.join(keys)}", terminal.screen())
    work_on(terminal)
    check(until(lambda: lab.incident(words) is not None, 20), "incidents: the same from elsewhere, while it still forms",
          [i["words"] for i in lab.incidents()])
    i = lab.incident(words) or {}
    check(i.get("fell") == 28 and i.get("of") == 28 and i.get("shared") == "lan", "incidents: 28 of 28, shared: lan", i)
    transit = lab.why("r2/203.0.113.10")
    check(transit.get("how") == "up", "what does not go over the exchange stands", transit)
    status, out = lab.peerdeck("handover", "--since", "1h")
    still = out.partition("Incidents still open")[2].partition("What we hold")[0]
    check(words in still and "seen by" in still, "handover: open, and who saw it", out)
    lab.console("ip", "link", "set", "ix", "up")


def work_on(terminal):
    terminal.keys("a")
    check(terminal.shows("seen by", 5) and until(lambda: "nobody yet" not in terminal.screen(), 5), "console: acknowledged by 1 key: a",
          terminal.screen())


def tests(lab, terminal):
    if not check(until(lambda: lab_is_up(lab), 40), "the lab's sessions are up"):
        return
    terminal.line(f"clear; '{LAB}' run '{lab.directory}' -- '{PROGRAM}'")
    if not check(terminal.shows("routers 4/4 up", 15), "the console has read them", terminal.screen()):
        return
    lab.broken_at = time.time()
    status, words = break_it(lab)
    check(status == 0, "one session is suspended by us", words)
    check(until(lambda: (lab.incident("8 of 8 sessions with AS4200000001") or {}).get("fell") == 8, 50), "what fell is told",
          [i["words"] for i in lab.incidents()])
    test_sentences(lab)
    test_grouping(lab)
    mend_it(lab)
    test_restored(lab)
    test_cut(lab, terminal)


def main():
    if seen.why_not():
        print(f"ok - staged incidents # skip {seen.why_not()}")
        return 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="peerdeck-incidents-") as place:
        lab = Stage(os.path.join(place, "lab"))
        done = lab.command("up", "--owner", str(os.getpid()), lab.directory)
        if not check(done.returncode == 0, "a lab comes up", done.stderr):
            return 1
        terminal = None
        try:
            prepare(lab)
            terminal = seen.Terminal(place, 80, 24)
            tests(lab, terminal)
        finally:
            if terminal is not None:
                terminal.end()
            lab.command("down", lab.directory)
    print(f"# {time.monotonic() - began:.0f} s")
    return 1 if test_truth.FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
