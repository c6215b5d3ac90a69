#!/usr/bin/env python3
"""The console against a simulated router of every OS: reading, acting, and what goes wrong.

usage: tests/sim/test_sim.py [WORD ...]     only tests whose name holds a word
"""
import concurrent.futures
import glob
import json
import os
import random
import re
import sys
import traceback

from simlab import LEGACY, SCRIPTS, Lab, records

FAMILIES = {"ipv4": "ipv4-unicast", "ipv6": "ipv6-unicast"}
AT_ONCE = 6  # tests mostly wait; each has its own router, folder and port
planned = []  # (name, what to run, or None and why it is skipped)


def test(name, run):
    planned.append((name, run, None))


def skip(name, why):
    planned.append((name, None, why))


def ran(run):
    """None when it passed, else why not."""
    try:
        run()
    except AssertionError as e:
        return str(e)
    except Exception:  # a test that breaks is a test that failed
        return traceback.format_exc()
    return None


def run_all():
    """Runs what was planned and says how each ended, in TAP and in order; the number of failures."""
    failed = 0
    chosen = [t for t in planned if not sys.argv[1:] or any(word in t[0] for word in sys.argv[1:])]
    with concurrent.futures.ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        results = [pool.submit(ran, run) if run and not why else None for _, run, why in chosen]
        for (name, _, skipped), result in zip(chosen, results):
            why = result.result() if result else None
            failed += why is not None
            print(f"{'ok' if why is None else 'not ok'} - {name}{' # skip ' + skipped if skipped else ''}", flush=True)
            for line in (why or "").splitlines():
                print("# " + line, flush=True)
    return failed


def remarks(script):
    """What a script says to the tests: "# test: os=vrp tells=received,accepted until=up"."""
    with open(os.path.join(SCRIPTS, script + ".sim")) as f:
        found = re.search(r"^# test: (.*)$", f.read(), re.M)
    return dict(word.split("=", 1) for word in found[1].split()) if found else {}


def expected(neighbor, tells):
    """The row that the console must show for one neighbor of the state."""
    up = neighbor["admin"] != "down" and neighbor.get("target", "Established") == "Established"
    row = {"remote_as": int(neighbor["asn"]), "state": "Established" if up else
           "Idle" if neighbor["admin"] == "down" else neighbor["target"]}
    if neighbor["admin"] == "down":
        row["admin_down"] = True
    if up:
        row["admin_down"] = False
        if "received" in tells:
            row["prefixes_received"] = int(neighbor["routes_in"])
        if "accepted" in tells:
            row["prefixes_accepted"] = int(neighbor["routes_kept"])
        if "advertised" in tells:
            row["prefixes_advertised"] = 0 if neighbor.get("denied") == "yes" else int(neighbor["routes_out"])
    if "max" in tells and neighbor.get("max"):
        row["max_prefixes"] = int(neighbor["max"])
    if "desc" in tells:
        row["description"] = neighbor["desc"]
    return row


def compare(lab, tells):
    """Every neighbor of the state is one row of the console, and no row is anything else."""
    rows, done = lab.sessions()
    assert done.returncode == 0, f"exit {done.returncode}: {done.stdout[:300]}{done.stderr}"
    wrong = []
    for n in lab.neighbors():
        key = (n.get("vrf") or "default", n["address"], n.get("afi") or FAMILIES[n["family"]])
        row = rows.pop(key, None)
        if row is None:
            wrong.append(f"{key}: no row")
            continue
        for field, value in expected(n, tells).items():
            if row[field] != value:
                wrong.append(f"{key}: {field} is {row[field]!r}, the router has {value!r}")
    wrong += [f"{key}: nothing of the router" for key in rows]
    if done.stderr.strip():
        wrong.append("said: " + done.stderr.strip())
    assert not wrong, "\n".join(wrong)


def read_test(script):
    def run():
        says = remarks(script)
        with Lab(script, says.get("os")) as lab:
            compare(lab, says.get("tells", "received,accepted,advertised,max,desc").split(","))
    return run


def enroll_test(script):
    """What enrolling says of the OS: that of the entry fits, and another is found out, by what the router says."""
    def run():
        says = remarks(script)
        own = says.get("os", script)
        wrong = "junos" if own != "junos" else "ios"
        for os_name in (own, wrong):
            with Lab(script, os_name) as lab:
                done = lab.run("enroll", "--accept", lab.said["hostkey"].split()[1], lab.name)
                assert done.returncode == 0, done.stderr
                want = f"os = {own} fits" if os_name == own else f"suggested:\n    os = {own}\n"
                assert want in done.stdout, f"as {os_name}: {done.stdout}"
                by = "prompt" if own == "vyos" else "version"  # whose host is no part of the simulation
                assert os_name == own or f"(by its {by})" in done.stdout, done.stdout
    return run


RECEIVED = [("203.0.113.0/24", "192.0.2.1", "64501 64502"), ("203.0.112.0/25", "192.0.2.1", "64501")]
SENT = [("198.51.100.0/24", "192.0.2.254", "64500")]


def routes_test(script):
    """The routes of the first neighbor, of every side that the OS tells."""
    def run():
        says = remarks(script)
        with Lab(script, says.get("os")) as lab:
            for side in says["routes"].split(","):
                done = lab.run("routes", f"{lab.name}/192.0.2.1", side, "--json")
                assert done.returncode == 0, f"{side}: {done.stderr}"
                got = [(r["prefix"], r["next_hop"], r["as_path"]) for r in json.loads(done.stdout)["routes"]]
                kept = RECEIVED[:1] if "accepted" in says["routes"] else RECEIVED
                want = {"received": RECEIVED, "accepted": kept, "advertised": SENT}[side]
                assert got == want, f"{side}: {got}"
    return run


def port_test(script):
    """The port toward the first neighbor, found and read."""
    def run():
        says = remarks(script)
        with Lab(script, says.get("os")) as lab:
            done = lab.run("interface", f"{lab.name}/192.0.2.1", "--json")
            assert done.returncode == 0, done.stderr
            got = json.loads(done.stdout)[0]
            want = {"name": says["port"], "input_octets": 123456789, "output_octets": 987654321, "input_errors": 3,
                    "output_errors": 1}
            wrong = {k: got.get(k) for k, v in want.items() if got.get(k) != v}
            assert not wrong, f"{wrong} in {done.stdout}"
    return run


def scripts():
    return sorted(os.path.basename(p)[:-4] for p in glob.glob(os.path.join(SCRIPTS, "*.sim")))


# ---- acting ----

def offered(os_name):
    """The verbs of a driver, by its own word."""
    done = Lab.console("drivers", "--json")
    return next((d["verbs"] for d in json.loads(done.stdout) if d["name"] == os_name), [])


def lines_of(steps):
    return [s["line"] for s in steps]


def settled(text):
    """A state without what moves by itself."""
    return re.sub(r' (up_s|denied|message)="[^"]*"', "", text)


def is_subsequence(part, whole):
    rest = iter(whole)
    return all(line in rest for line in part)


def act(lab, verb, address, *more):
    """Acts on one neighbor; what was sent must be what was shown."""
    lab.forget_log()
    done = lab.run(verb, f"{lab.name}/{address}", *more, "--yes", "--reason", "test", "--json")
    plan = json.loads(done.stdout)
    item = plan["sessions"][0]
    assert item["skip"] is None, f"{verb} {address}: {item['skip']}"
    assert item["outcome"] == "done", f"{verb} {address}: {item['outcome']}, {item['words']}\n{done.stderr}"
    sent = [line for _, line in lab.log() if line]
    shown = [s["line"] for s in item["apply"] + item["confirm"] if not s["only_after_refusal"]]
    assert is_subsequence(shown, sent), f"shown: {shown}\nsent: {sent}"
    return plan, sent


def state_of(lab, address):
    return next(n for n in lab.neighbors() if n["address"] == address)


def cycle(script, do, undo, address, check):
    def run():
        says = remarks(script)
        with Lab(script, says.get("os")) as lab:
            before = settled(lab.state())
            act(lab, do, address)
            check(state_of(lab, address))
            others = [n for n in lab.neighbors() if n["address"] != address]
            assert all(n["up_s"] != "0" or n["admin"] == "down" for n in others), "another session was touched"
            act(lab, undo, address)
            assert settled(lab.state()) == before, f"before:\n{before}\nafter:\n{settled(lab.state())}"
    return run


def is_shut(n):
    assert n["admin"] == "down" or n.get("inactive") == "yes", f"not shut: {n}"


def is_withdrawn(n):
    assert n["denied"] == "yes", f"still announced: {n}"
    assert n["up_s"] != "0", f"the session was reset: {n}"


CHOSEN = "203.0.113.0/24"


def advertised(lab, address):
    done = lab.run("routes", f"{lab.name}/{address}", "advertised", "--json")
    assert done.returncode == 0, done.stderr
    return [r["prefix"] for r in json.loads(done.stdout)["routes"]]


def chosen_test(script, address):
    """A chosen prefix goes and comes back; the other stays all the time, and so does the session."""
    def run():
        says = remarks(script)
        with Lab(script, says.get("os")) as lab:
            before = settled(lab.state())
            assert CHOSEN in advertised(lab, address)
            others = [p for p in advertised(lab, address) if p != CHOSEN]
            assert others, "nothing that could stay"
            act(lab, "withdraw", address, "--prefix", CHOSEN)
            assert advertised(lab, address) == others, f"advertised: {advertised(lab, address)}"
            n = state_of(lab, address)
            assert n["up_s"] != "0" and n.get("denied") != "yes", f"more than the prefix is gone: {n}"
            act(lab, "restore", address)
            assert sorted(advertised(lab, address)) == sorted(others + [CHOSEN])
            assert settled(lab.state()) == before, f"before:\n{before}\nafter:\n{settled(lab.state())}"
    return run


def refused_test(script, verb, address):
    """What is not provisioned is refused with the reason, and the router hears no line that changes anything."""
    def run():
        says = remarks(script)
        with Lab(script, says.get("os")) as lab:
            before = lab.state()
            done = lab.run(verb, f"{lab.name}/{address}", "--yes", "--reason", "test", "--json")
            item = json.loads(done.stdout)["sessions"][0]
            assert item["skip"] and done.returncode != 0, f"not refused: {item}"
            assert lab.state() == before, "the router was changed"
    return run


def prepared_test(script, verb, address, check, *more):
    """What is only prepared is not sent; once a person has typed it, reading proves it."""
    def run():
        says = remarks(script)
        with Lab(script, says.get("os")) as lab:
            plan = json.loads(lab.run("plan", verb, f"{lab.name}/{address}", *more, "--json").stdout)["sessions"][0]
            assert plan["skip"] is None and plan["prepare_only"], f"not prepared: {plan}"
            lines = lines_of(plan["apply"])
            lab.forget_log()
            with lab.begin(verb, f"{lab.name}/{address}", *more, "--yes", "--reason", "test", "--json") as console:
                try:
                    for line in console.stderr:
                        if ": awaiting" in line:
                            break
                    assert not set(lines) & {line for _, line in lab.log()}, "a prepared line was sent"
                    lab.paste(["enable", "letmein"] * (says.get("enable") == "yes") + lines +
                              says.get("and", "").replace("_", " ").split(",") + [says.get("bye", "exit")])
                    out, err = console.communicate(timeout=90)
                finally:
                    console.kill()
            item = json.loads(out)["sessions"][0]
            assert item["outcome"] == "done", f"{item['outcome']}, {item['words']}\n{err}"
            check(state_of(lab, address))
            if more:
                assert CHOSEN not in advertised(lab, address) and advertised(lab, address), advertised(lab, address)
    return run


def is_announced(n):
    assert n.get("denied") != "yes" and n["up_s"] != "0", f"more than the prefix is gone: {n}"


def acting_of(script):
    says = remarks(script)
    verbs = offered(says.get("os", script))
    with open(os.path.join(SCRIPTS, script + ".sim")) as f:
        neighbors = records(f.read(), "neighbor")
    if "chosen" in says:
        test(f"{script}: a chosen prefix is withdrawn and restored, {says['chosen']}", chosen_test(script, says["chosen"]))
    if "pasted" in says:
        test(f"{script}: the withdraw of a chosen prefix is prepared and proven, {says['pasted']}",
             prepared_test(script, "withdraw", says["pasted"], is_announced, "--prefix", CHOSEN))
    for n in neighbors:
        if n["admin"] == "down" or n.get("target", "Established") != "Established":
            continue
        where = n["family"] + (" in a VRF" if n["vrf"] not in ("", "default") else "") + f" {n['address']}"
        for do, undo, check in (("suspend", "resume", is_shut), ("withdraw", "restore", is_withdrawn)):
            name = f"{script}: {do} and {undo}, {where}"
            if do not in verbs:
                skip(name, "the driver does not offer it")
            elif f"{do}:{n['address']}" in says.get("prepared", "").split(","):
                test(f"{script}: {do} is prepared, {where}", prepared_test(script, do, n["address"], check))
            elif f"{do}:{n['address']}" in says.get("refused", "").split(","):
                test(f"{script}: {do} is refused, {where}", refused_test(script, do, n["address"]))
            else:
                test(name, cycle(script, do, undo, n["address"], check))


def broken_act_test(script, at):
    """The router goes away while line number `at` of an action is typed: nothing is sent twice, and what is said is so."""
    def run():
        says = remarks(script)
        address = ""
        with Lab(script, says.get("os")) as lab:
            address = lab.neighbors()[0]["address"]
            plan, sent = act(lab, "suspend", address)
            first = sent.index(lines_of(plan["sessions"][0]["apply"])[0])
        with Lab(script, says.get("os"), faults=[f"reload={first + 1 + at}/once"], timeout=5) as lab:
            done = lab.run("suspend", f"{lab.name}/{address}", "--yes", "--reason", "test", "--json")
            item = json.loads(done.stdout)["sessions"][0]
            shut = state_of(lab, address)["admin"] == "down"
            assert (item["outcome"] == "done") == shut, f"said {item['outcome']}, shut: {shut}: {item['words']}"
            assert (done.returncode == 0) == (item["outcome"] == "done"), f"exit {done.returncode}, {item['outcome']}"
            changing = [line for mode, line in lab.log() if line in lines_of(item["apply"])[1:2]]
            assert len(changing) <= 1, f"sent twice: {changing}"
            assert done.seconds < 60, f"took {done.seconds:.0f} s"
    return run


# What a router says when another holds its configuration, and when it does not take a commit: the first line that tells.
REFUSED = {
    "eos": {"commit-refused": "Commit failed", "locked": "Maximum number of pending sessions"},
    "iosxr": {"commit-refused": "Failed to commit", "locked": "Cannot enter exclusive mode"},
    "junos": {"commit-refused": "configuration check-out failed", "locked": "configuration database locked"},
    "srlinux": {"commit-refused": "was not validated", "locked": "is locked by another session"},
    "sros-md": {"commit-refused": "MGMT_CORE #4001", "locked": "Exclusive datastore access unavailable"},
    "vrp": {"commit-refused": "was not committed", "locked": "is locked by another user"},
    "vyos": {"commit-refused": "failed"},
}


def refused_commit_test(script, fault, words):
    """Failed in the device's words; nothing is half done, no candidate is left, and what comes next works."""
    def run():
        says = remarks(script)
        with Lab(script, says.get("os"), faults=[fault + "/once"]) as lab:
            address = lab.neighbors()[0]["address"]
            before = settled(lab.state())
            done = lab.run("suspend", f"{lab.name}/{address}", "--yes", "--reason", "test", "--json")
            item = json.loads(done.stdout)["sessions"][0]
            assert item["outcome"] == "failed" and done.returncode != 0, f"{item['outcome']}: {item['words']}"
            assert words in item["words"], f"not in the device's words: {item['words']}"
            assert settled(lab.state()) == before, f"half done:\n{settled(lab.state())}"
            act(lab, "suspend", address)
            is_shut(state_of(lab, address))
    return run


# ---- every OS through every fault while it is acted on ----

MATRIX = ([f"cut={n}" for n in range(1500, 12000, 1500)] + [f"error={n}/once" for n in range(4, 20)] +
          [f"hang={n}/once" for n in range(4, 20, 3)] + [f"reload={n}/once" for n in range(4, 20, 3)] +
          [f"changed-prompt={n}" for n in range(4, 20, 4)] + ["syslog=97", "syslog=0", "dup-echo", "no-echo",
                                                              "late-echo=200", "auth-failed", "vty-full", "slow-aaa=4",
                                                              "half-open=4000", "pager-refused"])
SAMPLE = 3  # of them per OS; PEERDECK_MATRIX=all runs them all, PEERDECK_SEED chooses others


def matrix_test(script, fault):
    """Whatever happens: one true outcome.  Done is shut, failed is not, and nothing is left unsaid."""
    def run():
        says = remarks(script)
        with Lab(script, says.get("os"), faults=[fault], timeout=5) as lab:
            address = lab.neighbors()[0]["address"]
            done = lab.run("suspend", f"{lab.name}/{address}", "--yes", "--reason", "test", "--json", limit=200)
            n = state_of(lab, address)
            shut = n["admin"] == "down" or n.get("inactive") == "yes"
            if not done.stdout.strip():
                assert done.returncode != 0 and done.stderr.strip(), "ended without a word"
                assert not shut, f"nothing was said of it, and it is shut: {done.stderr}"
                return
            item = json.loads(done.stdout)["sessions"][0]
            if item["skip"]:
                assert not shut and done.returncode != 0, f"skipped, and shut: {item['skip']}"
                return
            told = f"said {item['outcome']}, shut: {shut}: {item['words']}"
            assert item["outcome"] in ("done", "failed", "unverified", "unknown"), told
            assert item["outcome"] != "done" or shut, told
            assert item["outcome"] != "failed" or not shut, told
            assert (done.returncode == 0) == (item["outcome"] == "done"), f"exit {done.returncode}, {told}"
    return run


def matrix_of(script, verbs):
    if "suspend" not in verbs:
        return
    chosen = MATRIX if os.environ.get("PEERDECK_MATRIX") == "all" else \
        random.Random(os.environ.get("PEERDECK_SEED", "1") + script).sample(MATRIX, SAMPLE)
    for fault in chosen:
        test(f"{script}: suspend through {fault}", matrix_test(script, fault))


# ---- what goes wrong ----

def fault_test(script, fault, words=None, rows=None, more="", timeout=3, limit=40):
    """The console ends in bounded time, with words; with `rows` it has read all the same."""
    def run():
        says = remarks(script)
        with Lab(script, says.get("os"), faults=[fault], timeout=timeout, more=more) as lab:
            found, done = lab.sessions(patience=60 if rows or timeout > 8 else 15)
            assert done.seconds < limit, f"took {done.seconds:.0f} s"
            if rows:
                assert len(found) == len(lab.neighbors()), f"{len(found)} rows: {done.stderr}"
            else:
                assert not found, f"{len(found)} rows out of an incomplete read"
                assert done.returncode != 0, "an incomplete read counts as success"
                assert re.search(words or r"\w+ \w+", done.stderr, re.I), f"said: {done.stderr!r}"
            assert ("HELP" not in [line for _, line in lab.log()]), "a help key was sent"
    return run


FAULTS = [
    ("cut=10", None, False), ("cut=600", None, False), ("cut=1500", None, False),
    ("half-open=400", "time|deadline", False), ("hang=3", "time|deadline", False),
    ("reload=4", None, False), ("no-prompt", "prompt", False), ("auth-failed", "authori[sz]ation", False),
    ("vty-full", None, False), ("flood=104857600", "longer|limit|octets|MiB", False),
    ("slow=1", None, None), ("changed-prompt=5", "time|prompt", False),
    ("syslog=0", None, True), ("pager-refused", None, True), ("late-echo=300", None, True), ("dup-echo", None, True),
    ("slow-aaa=2", None, True),
]


def faults_of(script):
    for fault, words, rows in FAULTS:
        if rows is None:
            test(f"{script}: {fault}", fault_test(script, fault, rows=True, timeout=60))
        else:
            # A flood ends at the ceiling, by its octets: the time that a busy machine takes for them must not end it first.
            patient = 30 if fault.startswith("flood") else 8 if rows else 3
            test(f"{script}: {fault}", fault_test(script, fault, words, rows, timeout=patient, limit=120))


def main():
    for script in scripts():
        test(f"{script}: sessions", read_test(script))
        test(f"{script}: enrolling tells the OS", enroll_test(script))
        if "routes" in remarks(script):
            test(f"{script}: routes of one neighbor", routes_test(script))
        if "port" in remarks(script):
            test(f"{script}: port toward one neighbor", port_test(script))
    for script in scripts():
        acting_of(script)
        if "suspend" in offered(remarks(script).get("os", script)):
            for at in range(3):
                test(f"{script}: broken at line {at + 1} of a suspend", broken_act_test(script, at))
        for fault, words in REFUSED.get(script, {}).items():
            test(f"{script}: suspend, {fault}", refused_commit_test(script, fault, words))
        matrix_of(script, offered(remarks(script).get("os", script)))
    test("ios: sessions over old algorithms", lambda: legacy("ios"))
    for script in ("ios", "junos", "vrp"):
        if os.path.exists(os.path.join(SCRIPTS, script + ".sim")):
            faults_of(script)
    return 1 if run_all() else 0


def legacy(script):
    with Lab(script, args=["--legacy"], more=LEGACY) as lab:
        compare(lab, ["accepted"])
    with Lab(script) as lab:
        lab.stop()
        lab.args.append("--legacy")
        lab.start(enroll=False)
        _, done = lab.sessions()
        assert done.returncode != 0, "old algorithms were taken without being named"


if __name__ == "__main__":
    sys.exit(main())
