#!/usr/bin/python3
"""The real console in a real terminal (tmux) on the real lab: seen, acted with, left, killed.

Speaks TAP.  The lab and the tmux server are its own, so that two can run at once.
"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LAB = os.path.join(ROOT, "demo", "lab")
PROGRAM = os.environ.get("PEERDECK", os.path.join(ROOT, "build", "release", "peerdeck"))
FAILURES = 0


def check(holds, what, shown=""):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)
    if not holds and shown:
        print("\n".join("# " + line for line in shown.splitlines()), flush=True)
    return holds


def why_not():
    """Why this cannot run here; empty if it can."""
    if shutil.which("tmux") is None:
        return "no tmux here"
    if subprocess.run(("unshare", "--user", "--map-root-user", "--net", "--mount", "true"),
                      stderr=subprocess.DEVNULL, check=False).returncode != 0:
        return "no user namespaces here"
    return "" if os.path.exists("/usr/sbin/sshd") else "no sshd here"


def until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def descendants(pid):
    """All processes below this one."""
    parents = {}
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                parents[int(entry)] = int(stat.read().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    found, more = set(), {pid}
    while more:
        found |= more
        more = {child for child, parent in parents.items() if parent in more} - found
    return found - {pid}


class Terminal:
    """A shell in a tmux of its own."""

    def __init__(self, place, width, height):
        # its socket: short, because the path of a socket must be
        self.tmux = ("tmux", "-f", "/dev/null", "-S", os.path.join(place, "tmux"))
        self.run("new-session", "-d", "-s", "console", "-x", str(width), "-y", str(height),
                 "env", "PS1=ready>", "sh", "-i")

    def run(self, *arguments):
        return subprocess.run(self.tmux + arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True, errors="replace", check=False).stdout

    def screen(self):
        return self.run("capture-pane", "-p", "-t", "console:")

    def keys(self, *names):
        self.run("send-keys", "-t", "console:", *names)

    def line(self, text):
        self.run("send-keys", "-t", "console:", "-l", text)
        self.keys("Enter")

    def shows(self, words, seconds=20):
        return until(lambda: words in self.screen(), seconds)

    def modes(self):
        """Whether curses' screen and hidden cursor are on; and the tty's own settings."""
        tty = self.run("display-message", "-p", "-t", "console:", "#{pane_tty}").strip()
        settings = subprocess.run(("stty", "-F", tty, "-g"), stdout=subprocess.PIPE, text=True, check=False).stdout
        return self.run("display-message", "-p", "-t", "console:", "#{alternate_on} #{cursor_flag}").strip(), settings

    def console(self):
        """The process id of peerdeck, None if there is none."""
        shell = self.run("display-message", "-p", "-t", "console:", "#{pane_pid}").strip()
        for pid in descendants(int(shell)):
            try:
                with open(f"/proc/{pid}/comm", encoding="ascii", errors="replace") as comm:
                    if comm.read().strip() == "peerdeck":
                        return pid
            except OSError:
                continue
        return None

    def end(self):
        self.run("kill-server")


def open_console(terminal, lab):
    terminal.line(f"clear; '{LAB}' run '{lab}' -- '{PROGRAM}'")
    return terminal.shows("routers 4/4 up", 15)


def state_of(lab, router, neighbor):
    rows = json.loads(subprocess.run((LAB, "status", lab, "--json"), stdout=subprocess.PIPE,
                                     text=True, check=True).stdout)
    return next(row["state"] for row in rows if (row["router"], row["neighbor"]) == (router, neighbor))


def shows_all_routers(terminal):
    for router in ("r1", "r2", "r3", "r4"):
        terminal.keys("/")
        terminal.line(f"router:{router}")
        check(terminal.shows(" of ") and until(lambda name=router: f"  {name} " in terminal.screen() or
                                               f" {name} " in terminal.screen().split("AGE")[-1], 10),
              f"the sessions of {router} are shown", terminal.screen())
        terminal.keys("/")
        terminal.keys("C-u")
        terminal.keys("Enter")


def act(terminal, key, name, done):
    terminal.keys(key)
    check(terminal.shows(f"{name} 1 session"), f"{key} opens the form", terminal.screen())
    terminal.line("test of the console")
    terminal.keys("Enter")
    if name == "suspend":
        terminal.line("back soon")
    check(terminal.shows("nothing has been sent"), f"{name}: the plan is shown", terminal.screen())
    terminal.line("yes")
    check(terminal.shows(f"{name} 1 session: ended", 30) and "1 done" in terminal.screen(), f"{name}: done",
          terminal.screen())
    check(done in terminal.screen(), f"{name}: says '{done}'", terminal.screen())
    terminal.keys("Escape")
    until(lambda: "Esc: close" not in terminal.screen(), 5)


def suspend_and_resume(terminal, lab):
    terminal.keys("/")
    terminal.line("router:r1 neighbor:192.0.2.10$")
    check(terminal.shows("1 of "), "one session is chosen", terminal.screen())
    act(terminal, "s", "suspend", "shut by us")
    check(state_of(lab, "r1", "192.0.2.10") == "admin-down", "the router says that it is shut")
    check(terminal.shows("suspended") and terminal.shows("1 held"), "it stands as held", terminal.screen())
    act(terminal, "u", "resume", "1 done")
    check(until(lambda: state_of(lab, "r1", "192.0.2.10") == "established", 30), "the router says that it is up again")
    check(terminal.shows("● up") or terminal.shows("+ up"), "the console says so too", terminal.screen())


def leave_and_kill(terminal, lab, before):
    terminal.keys("q")
    check(terminal.shows("Leave peerdeck?"), "q asks", terminal.screen())
    terminal.keys("y")
    check(terminal.shows("ready>") and until(lambda: terminal.modes() == before, 5),
          "the terminal is as before after leaving", f"{before} {terminal.modes()}")
    check(open_console(terminal, lab), "it opens again", terminal.screen())
    os.kill(terminal.console(), signal.SIGTERM)
    check(terminal.shows("ready>") and until(lambda: terminal.modes() == before, 5),
          "the terminal is as before after SIGTERM", f"{before} {terminal.modes()}")
    check(open_console(terminal, lab), "it opens once more", terminal.screen())
    os.kill(terminal.console(), signal.SIGSEGV)
    check(terminal.shows("ready>") and until(lambda: terminal.modes() == before, 5),
          "the terminal is as before after a crash", f"{before} {terminal.modes()}")


def look(place):
    lab = os.path.join(place, "lab")
    up = subprocess.run((LAB, "up", "--owner", str(os.getpid()), lab), stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT, text=True, check=False)
    if not check(up.returncode == 0, "the lab is up", up.stdout):
        return
    terminal = Terminal(place, 80, 24)
    try:
        terminal.shows("ready>")
        before = terminal.modes()
        began = time.monotonic()
        opened = open_console(terminal, lab)
        check(opened, f"the console shows four routers in {time.monotonic() - began:.1f} s", terminal.screen())
        if opened:
            shows_all_routers(terminal)
            suspend_and_resume(terminal, lab)
            leave_and_kill(terminal, lab, before)
            verified = subprocess.run((LAB, "run", lab, "--", PROGRAM, "journal", "verify"),
                                      stdout=subprocess.PIPE, text=True, check=False)
            check(verified.returncode == 0, "the journal verifies", verified.stdout)
    finally:
        terminal.end()
        subprocess.run((LAB, "down", lab), stdout=subprocess.DEVNULL, check=False)


def main():
    reason = why_not()
    if reason:
        print(f"ok - the console on the lab # skip {reason}")
        return 0
    place = tempfile.mkdtemp(prefix="peerdeck-console-", dir="/tmp")
    try:
        look(place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
