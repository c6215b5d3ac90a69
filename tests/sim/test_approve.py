#!/usr/bin/python3
"""Four eyes with real eyes: two logins of one host, each a uid of its own, share a data directory by their group.

The one who proposes cannot approve; a stranger to the group can neither see nor approve; the second person's word lets
the very plan happen, of a drain both its steps.  Needs root, to become two others.  Speaks TAP.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import traceback

sys.dont_write_bytecode = True
from simlab import CONF, PEERDECK, Lab  # noqa: E402

GROUP, GID = "users", 100
FIRST, SECOND, STRANGER = 20001, 20002, 20003


class Desk(Lab):
    """A lab whose commands are run by somebody."""

    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="peerdeck-eyes-")
        os.chmod(self.home, 0o755)
        os.mkdir(os.path.join(self.home, "shared"))
        os.chown(os.path.join(self.home, "shared"), FIRST, GID)
        for uid in (FIRST, SECOND, STRANGER):
            os.mkdir(self.of(uid), 0o700)
            for name, words in (("secret", "secret\n"), ("enable", "letmein\n")):
                self.put(uid, name, words)
            os.chown(self.of(uid), uid, 65534 if uid == STRANGER else GID)
        super().__enter__()
        return self

    def __exit__(self, *details):
        super().__exit__(*details)
        shutil.rmtree(self.home)

    def of(self, uid, *names):
        return os.path.join(self.home, str(uid), *names)

    def put(self, uid, name, words):
        with open(self.of(uid, name), "w") as f:
            f.write(words)
        os.chmod(self.of(uid, name), 0o600)
        os.chown(self.of(uid, name), uid, -1)

    def configure(self):
        for uid in (FIRST, SECOND, STRANGER):
            text = CONF.format(local_as=64500, folder=self.of(uid), name=self.name, os=self.os, port=self.said["port"],
                               timeout=self.timeout, more=self.more)
            text = text.replace(f'"{self.of(uid)}/data"', f'"{self.home}/shared/data"')
            self.put(uid, "peerdeck.conf", text + f"data-group = {GROUP}\napproval {{ routers = {self.name} }}\n")

    def begin(self, *words, who=FIRST):
        env = {"PATH": os.environ["PATH"], "HOME": self.of(who), "TERM": "dumb"}
        return subprocess.Popen([PEERDECK, "--config", self.of(who, "peerdeck.conf")] + list(words), env=env,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                user=who, group=65534 if who == STRANGER else GID, extra_groups=[], umask=0o077)

    def run(self, *words, limit=60, who=FIRST):
        process = self.begin(*words, who=who)
        process.stdout_text, process.stderr_text = process.communicate(timeout=limit)
        done = subprocess.CompletedProcess(words, process.returncode, process.stdout_text, process.stderr_text)
        done.said = process.stdout_text + process.stderr_text
        return done

    def journal(self):
        with open(os.path.join(self.home, "shared", "data", "journal.jsonl")) as f:
            return [json.loads(line) for line in f]

    def of_kind(self, kind):
        return [record for record in self.journal() if record["kind"] == kind]

    def up(self):
        return [n["address"] for n in self.neighbors() if n["admin"] == "up" and "target" not in n]


class Proposal:
    """A command that waits for a second person."""

    def __init__(self, lab, *words, who=FIRST):
        self.process = lab.begin(*words, "--yes", "--reason", "eyes", who=who)
        timer = threading.Timer(40, self.process.kill)
        timer.start()
        self.said = ""
        for line in self.process.stderr:
            self.said += line
            if "peerdeck approve" in line:
                break
        timer.cancel()
        found = re.search(r"peerdeck approve ([0-9a-f]{12})", self.said)
        assert found, self.said + self.process.communicate()[0]
        self.digest = found[1]

    def end(self, sig=None, limit=60):
        if sig is not None:
            self.process.send_signal(sig)
        out, err = self.process.communicate(timeout=limit)
        return self.process.returncode, out, self.said + err


def nobody_approves_his_own_plan():
    with Desk("junos", timeout=5) as lab:
        asked = Proposal(lab, "suspend", f"sim1/{lab.up()[0]}")
        again = lab.run("approve", asked.digest, "--yes")
        assert again.returncode == 4 and "you proposed this plan yourself" in again.said, again.said
        assert not lab.of_kind("approve")
        status, out, err = asked.end(signal.SIGINT)
        assert status != 0 and "nothing was sent" in err, out + err
        assert not lab.of_kind("intent")


def a_stranger_to_the_group_sees_nothing():
    with Desk("junos", timeout=5) as lab:
        asked = Proposal(lab, "suspend", f"sim1/{lab.up()[0]}")
        for words in (("approve",), ("approve", asked.digest, "--yes")):
            done = lab.run(*words, who=STRANGER)
            assert done.returncode != 0 and asked.digest not in done.stdout, done.said
        assert not lab.of_kind("approve")
        asked.end(signal.SIGINT)


def the_second_person_lets_it_happen():
    with Desk("junos", timeout=5) as lab:
        who = lab.up()[0]
        asked = Proposal(lab, "suspend", f"sim1/{who}")
        listed = lab.run("approve", who=SECOND)
        assert asked.digest in listed.stdout and "eyes" in listed.stdout, listed.said
        given = lab.run("approve", asked.digest, "--yes", who=SECOND)
        assert given.returncode == 0 and who in given.stdout and "suspend 1 session" in given.stdout, given.said
        status, out, err = asked.end()
        assert status == 0 and "approved by" in err, out + err
        word, intent = lab.of_kind("approve")[0], lab.of_kind("intent")[0]
        assert (word["who"]["uid"], intent["who"]["uid"]) == (SECOND, FIRST), (word, intent)
        assert word["id"] == intent["digest"], (word, intent)
        twice = lab.run("approve", asked.digest, "--yes", who=SECOND)
        assert twice.returncode == 4, twice.said


def one_word_covers_both_steps_of_a_drain():
    with Desk("junos", timeout=5) as lab:
        who = lab.up()[0]
        asked = Proposal(lab, "drain", f"sim1/{who}", "--wait", "2s", "--message", "back at 06:00")
        given = lab.run("approve", asked.digest, "--yes", who=SECOND)
        assert given.returncode == 0 and "suspend of what was marked, after 2s" in given.stdout and \
            'shutdown notify-message "back at 06:00"' in given.stdout, given.said
        status, out, err = asked.end()
        assert status == 0 and "drain done" in out, out + err
        assert [(r["verb"], r["outcome"]) for r in lab.of_kind("outcome")] == [("gshut", "done"), ("suspend", "done")]
        assert len(lab.of_kind("approve")) == 1


def an_approval_covers_no_other_lines():
    """Somebody changes what the suspend would send while it waits: it is not shut on the strength of that word."""
    with Desk("junos", timeout=5) as lab:
        who = lab.up()[0]
        asked = Proposal(lab, "drain", f"sim1/{who}", "--wait", "3s")
        assert lab.run("approve", asked.digest, "--yes", who=SECOND).returncode == 0
        plans = os.path.join(lab.home, "shared", "data", "plans")
        name = next(n for n in os.listdir(plans) if n.startswith(asked.digest))
        for line in asked.process.stderr: # once it is marked
            asked.said += line
            if "done: marked" in line:
                break
        with open(os.path.join(plans, name), "a") as f:
            f.write("and more\n")
        status, out, err = asked.end()
        assert status != 0 and "drain unshut" in out, out + err
        assert [r["verb"] for r in lab.of_kind("intent")] == ["gshut"], out + err


TESTS = [nobody_approves_his_own_plan, a_stranger_to_the_group_sees_nothing, the_second_person_lets_it_happen,
         one_word_covers_both_steps_of_a_drain, an_approval_covers_no_other_lines]


def main():
    failed = 0
    if os.getuid() != 0:
        print("ok - four eyes # skip to be two other persons takes root")
        return 0
    if open("/proc/self/loginuid").read().strip() not in ("4294967295", ""):
        print("ok - four eyes # skip the system keeps the login uid: all of them would be the same person")
        return 0
    for test in TESTS:
        why = None
        try:
            test()
        except Exception:
            why = traceback.format_exc()
        failed += why is not None
        print(f"{'ok' if why is None else 'not ok'} - {test.__name__.replace('_', ' ')}", flush=True)
        for line in (why or "").splitlines():
            print("# " + line, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
