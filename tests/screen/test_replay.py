#!/usr/bin/python3
"""A replay in a real terminal (tmux): its time, its keys, and that it reaches nobody.

Speaks TAP.  The configuration names a router, PeeringDB and a webhook that all are one listener here, which must hear
nothing, and a data directory that must not be made.
"""
import os
import socket
import sys
import tempfile
import time

from test_console import Terminal, PROGRAM, check, until, why_not
import test_console

BEGIN = 1795144365  # 2026-11-20T03:12:45Z
DOWN, BACK, LOOKS, EVERY = 20, 40, 60, 10

CONF = """local-as = 64500
data-dir = "{place}/data"
peeringdb {{ enabled = yes
 url = "http://127.0.0.1:{port}" }}
router r1 {{ os = gobgp
 address = 127.0.0.1
 port = {port}
 user = noc
 agent = true
 exchange = "Test-IX" }}
output hook {{ kind = webhook
 url = "http://127.0.0.1:{port}/hook" }}
alert down {{ on = state
 severity = alarm
 for = 1s
 to = "screen hook" }}
"""


def when(seconds, ms=0):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(BEGIN + seconds)) + f".{ms:03d}Z"


def peer(number, up):
    return ('{"conf":{"neighbor_address":"192.0.2.%d","peer_asn":%d},"state":{"session_state":%d,"neighbor_address":"192.0.2.%d",'
            '"peer_asn":%d},"afi_safis":[{"config":{"family":{"afi":1,"safi":1},"enabled":true},"state":{"received":7,"accepted":7}}]}'
            % (number, 64500 + number, 6 if up else 3, number, 64500 + number))


def recording():
    """Ten minutes of a router with four sessions; three fall and come back."""
    program = 'env PATH="$PATH":/usr/sbin:/sbin gobgp'
    text = "@ recording 2 local-as 64500 peerdeck test\n"
    for i in range(LOOKS):
        t, down = i * EVERY, DOWN <= i < BACK
        text += f"@ look {when(t)} r1 gobgp poll\n"
        for question, answer in (("--version", "gobgp version 3.10.0"),
                                 ("-j neighbor", "[" + ",".join(peer(n, not (down and n < 4)) for n in range(1, 5)) + "]"),
                                 ("neighbor", "Peer       AS Up/Down State       |#Received  Accepted")):
            text += f"> {program} {question}\n| {answer}\n@ done {when(t, 100)}\n"
        text += f"@ end {when(t, 200)}\n"
    return text


def status(terminal):
    lines = terminal.screen().rstrip().split("\n")
    return lines[-2] if len(lines) > 1 else ""


def at(terminal, words, seconds=20):
    return until(lambda: all(w in status(terminal) for w in words), seconds)


def look(terminal, place):
    replay = f"TMPDIR={place}/tmp PEERDECK_CONF={place}/peerdeck.conf {PROGRAM} replay --paused {place}/r.recording"
    down, back = when(DOWN * EVERY)[11:19], when(BACK * EVERY)[11:19]
    terminal.line(replay)
    check(at(terminal, ["REPLAY 11-20 03:12:45Z x1 PAUSED", "routers 1/1 up"]), "it begins at the beginning and says so", terminal.screen())
    check("192.0.2.1 " in terminal.screen() and "03:12:45Z" in terminal.screen().split("\n")[0], "the clock is the recording's",
          terminal.screen())
    terminal.keys(".")
    check(at(terminal, [f"REPLAY 11-20 {down}Z", "PAUSED"]), "the next event is found, and time stands there", terminal.screen())
    terminal.keys(".")
    check(at(terminal, [f"REPLAY 11-20 {back}Z", "PAUSED"]), "and the one after it", terminal.screen())
    terminal.keys(",")
    check(at(terminal, [f"REPLAY 11-20 {down}Z", "PAUSED"]), "and back to the one before", terminal.screen())
    check(terminal.shows("✗ "), "the sessions are down again", terminal.screen())
    terminal.keys("0")
    check(terminal.shows("3 of"), "what fell together is one incident", terminal.screen())
    terminal.keys("J")
    terminal.line(when(590)[11:19])
    check(at(terminal, [f"REPLAY 11-20 {when(590)[11:19]}Z"]), "a jump goes to the second", terminal.screen())
    terminal.keys("J")
    terminal.line(" -5m") # a dash first would be an option of tmux
    check(at(terminal, [f"REPLAY 11-20 {when(290)[11:19]}Z", "PAUSED"]), "and five minutes back", terminal.screen())
    terminal.keys("1")
    for key, words in (("s", "replay: no router is touched"), ("C-r", "replay: no router is touched"),
                       ("L", "replay: no router is touched"), ("U", "replay: no router is touched")):
        terminal.keys("Escape")
        time.sleep(0.3)
        terminal.keys(key)
        check(terminal.shows(words, 5), f"{key} is refused with words", terminal.screen())
    for _ in range(9):
        terminal.keys("}")
    terminal.keys("!")
    check(at(terminal, ["x512 END"]), "it runs as fast as is asked, to its end", terminal.screen())
    temporary = os.listdir(f"{place}/tmp")
    check(len(temporary) == 1 and "history.db" in os.listdir(f"{place}/tmp/{temporary[0]}"),
          "what it keeps is in a folder of its own", str(temporary))
    terminal.keys("C-c")
    terminal.keys("y")
    check(until(lambda: "ready>" in terminal.screen() and terminal.console() is None, 10), "it ends", terminal.screen())
    check(os.listdir(f"{place}/tmp") == [], "and its folder goes with it", str(os.listdir(f"{place}/tmp")))


def main():
    why = why_not() if __name__ == "__main__" else ""
    if why:
        print(f"ok - a replay in a terminal # skip {why}")
        return 0
    with tempfile.TemporaryDirectory(prefix="peerdeck-rs-") as place, socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        os.mkdir(f"{place}/tmp")
        with open(f"{place}/peerdeck.conf", "w", encoding="utf-8") as f:
            f.write(CONF.format(place=place, port=listener.getsockname()[1]))
        os.chmod(f"{place}/peerdeck.conf", 0o600)
        with open(f"{place}/r.recording", "w", encoding="utf-8") as f:
            f.write(recording())
        terminal = Terminal(place, 80, 24)
        try:
            look(terminal, place)
        finally:
            terminal.end()
        try:
            listener.accept()
            heard = True
        except BlockingIOError:
            heard = False
        check(not heard, "no router, no PeeringDB and no webhook was reached")
        check(not os.path.exists(f"{place}/data"), "the data directory was not touched")
    return 1 if test_console.FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
