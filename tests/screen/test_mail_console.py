#!/usr/bin/python3
"""A network that we have no session with, in the real console in a real terminal (tmux): found by its AS number, its ladder with
what a local number registry says, its presence, a call; and a mail, edited in $EDITOR and handed to mailers that work, fail and hang.

Speaks TAP.  PeeringDB and the registry are a server on the loopback.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from test_console import PROGRAM, ROOT, Terminal, until  # noqa: E402

FAILURES = 0


def check(holds, what, shown=""):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)
    if not holds and shown:
        print("\n".join("# " + line for line in shown.splitlines()), flush=True)
    return holds


def script(path, words):
    with open(path, "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\n" + words + "\n")
    os.chmod(path, 0o700)
    return path


class House:
    """A configuration, a contact book, an editor and a mailer whose manners a file decides."""

    def __init__(self, place, url):
        self.place = place
        self.conf = self.path("peerdeck.conf")
        self.editor = script(self.path("editor"), 'echo "P.S. the fibre is in Sampletown" >>"$1"')
        self.mailer = script(self.path("mailer"), f'case "$(cat {self.path("manners")})" in\n'
                             f'fail) echo "554 no route to them" >&2; exit 69;;\n'
                             f'hang) echo $$ >{self.path("hanging")}; exec sleep 600;;\n'
                             f'*) cat >{self.path("sent")};;\nesac')
        with open(self.path("team.contacts"), "w", encoding="utf-8") as f:
            f.write('network AS64503 "Silent" {\n  warn = ask Kim first\n}\n')
        with open(self.conf, "w", encoding="utf-8") as f:
            f.write(f'local-as = 64500\noperator = alice\ndata-dir = "{self.path("data")}"\ncontacts = "{self.path("team.contacts")}"\n'
                    f'router r1 {{ os = frr  address = 127.0.0.1  port = 1  user = noc }}\n'
                    f'peeringdb {{ url = "{url}/api"  query-gap = 10ms }}\n'
                    f'rdap {{ enabled = yes  url = "{url}/rdap" }}\n'
                    f'mail {{ from = "noc@as64500.example"  command = "{self.mailer}" }}\n')
        os.chmod(self.conf, 0o600)
        self.manners("work")

    def path(self, name):
        return os.path.join(self.place, name)

    def manners(self, how):
        with open(self.path("manners"), "w", encoding="utf-8") as f:
            f.write(how)

    def run(self, *words):
        return subprocess.run([PROGRAM, "--config", self.conf, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=False)

    def open(self, terminal):
        terminal.line(f"clear; EDITOR={self.editor} VISUAL= '{PROGRAM}' --config '{self.conf}'")
        return terminal.shows("Sessions")


def escape(terminal):
    """A key right behind it would be taken for one with Alt."""
    terminal.keys("Escape")
    time.sleep(0.4)


def find(terminal, asn, name):
    terminal.keys(":")
    terminal.line(f"find-network AS{asn}")
    return check(terminal.shows(name), f"AS{asn} is found without a session", terminal.screen())


def ladder_and_presence(terminal, house):
    find(terminal, 64501, "Northwind")
    terminal.keys("c")
    check(terminal.shows("+12025550101") and terminal.shows("noc@as64501.example"), "its ladder has a phone number", terminal.screen())
    check(terminal.shows("rdap") or terminal.shows("Abuse"), "abuse is the last rung", terminal.screen())
    escape(terminal)
    terminal.keys("E")
    check(terminal.shows("Presence of AS64501"), "its presence is shown", terminal.screen())
    escape(terminal)
    out = house.run("ladder", "AS64503", "--json")
    rungs = json.loads(out.stdout)[0]["rungs"] if out.stdout else []
    check(bool(rungs) and rungs[-1].get("source") == "rdap", "the registry's abuse contact is the last rung of one without contacts",
          out.stdout + out.stderr)


def call(terminal, house):
    terminal.keys("C")
    check(terminal.shows("note a call: AS64501"), "C asks what came of it", terminal.screen())
    terminal.keys("n")
    check(terminal.shows("noted: AS64501"), "one key notes it", terminal.screen())
    out = house.run("journal", "--json").stdout
    check("no-answer" in out and "+12025550101" in out, "it stands in the journal", out[-2000:])


def begin_mail(terminal):
    terminal.keys("m")
    return check(terminal.shows("nothing has been sent") and terminal.shows("noc@as64501.example"), "m shows a mail", terminal.screen())


def edited(terminal):
    terminal.keys("e")
    shown = terminal.shows("nothing has been sent")
    for _ in range(6):
        if "P.S. the fibre" in terminal.screen():
            break
        terminal.keys("NPage")
        until(lambda: "P.S. the fibre" in terminal.screen(), 1)
    check(shown and "P.S. the fibre is in Sampletown" in terminal.screen(), "what the editor added is in the mail", terminal.screen())


def mailers(terminal, house):
    house.manners("fail")
    terminal.keys("S")
    check(terminal.shows("NOT sent") and terminal.shows("554 no route"), "a mailer that fails is told in its words", terminal.screen())
    check("mail-sent" not in house.run("journal", "--json").stdout, "and no mail is noted")
    house.manners("work")
    terminal.keys("S")
    check(terminal.shows("noted: AS64501 mail sent"), "a mailer that works: noted", terminal.screen())
    with open(house.path("sent"), encoding="utf-8") as f:
        sent = f.read()
    check("To: noc@as64501.example" in sent and "P.S. the fibre is in Sampletown" in sent and "From:" in sent, "it got what was shown", sent)
    check("mail-sent" in house.run("journal", "--json").stdout, "the mail is in the journal")
    house.manners("hang")
    begin_mail(terminal)
    terminal.keys("S")
    check(until(lambda: os.path.exists(house.path("hanging")), 10), "a mailer that hangs was started", terminal.screen())
    escape(terminal)
    check(until(lambda: "nothing has been sent" not in terminal.screen(), 3), "the console goes on meanwhile: the mail is left", terminal.screen())
    terminal.keys("9")
    check(terminal.shows("Help"), "and other views open", terminal.screen())
    escape(terminal)
    terminal.keys("C-c")
    terminal.shows("Leave peerdeck?")
    terminal.keys("y")
    check(terminal.shows("ready>", 10), "it can be left", terminal.screen())
    with open(house.path("hanging"), encoding="ascii") as f:
        pid = int(f.read())
    check(until(lambda: not os.path.exists(f"/proc/{pid}"), 5), "and takes the mailer with it")


def look(place):
    server = subprocess.Popen([os.path.join(ROOT, "tests", "data", "pdb_server.py"), os.path.join(ROOT, "tests", "data", "pdb")],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    terminal = None
    try:
        house = House(place, json.loads(server.stdout.readline())["url"])
        terminal = Terminal(place, 80, 24)
        terminal.shows("ready>")
        if not check(house.open(terminal), "the console opens", terminal.screen()):
            return
        ladder_and_presence(terminal, house)
        call(terminal, house)
        if begin_mail(terminal):
            edited(terminal)
            mailers(terminal, house)
    finally:
        if terminal is not None:
            terminal.end()
        server.stdin.close()
        server.wait()


def main():
    if shutil.which("tmux") is None:
        print("ok - mail from the console # skip no tmux here")
        return 0
    place = tempfile.mkdtemp(prefix="peerdeck-mail-", dir="/tmp")
    try:
        look(place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
