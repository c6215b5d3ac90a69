#!/usr/bin/python3
"""The lab itself: comes up, shows the states it promises, and leaves no trace, even when killed.

Speaks TAP.  As root it runs once more as an ordinary user (nobody).
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
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "demo", "labd"))

import topology as top  # noqa: E402

FAILURES = 0


def check(holds, what):
    global FAILURES
    FAILURES += not holds
    print(f"{'ok' if holds else 'not ok'} - {what}", flush=True)


def until(condition, seconds):
    """Whether the condition came to hold before the deadline."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def lab(*arguments):
    done = subprocess.run((LAB,) + arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True, errors="replace", check=False,
                          timeout=120)
    return done.returncode, done.stdout


def state(directory):
    with open(os.path.join(directory, "lab.json"), encoding="ascii") as text:
        return json.load(text)


def namespaces(pid):
    return {os.readlink(f"/proc/{pid}/ns/{kind}") for kind in ("user", "net", "mnt")} - \
           {os.readlink(f"/proc/self/ns/{kind}") for kind in ("user", "net", "mnt")}


def members(spaces):
    """Processes that live in one of the namespaces."""
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if spaces & {os.readlink(f"/proc/{pid}/ns/{kind}") for kind in ("user", "net", "mnt")}:
                found.add(int(pid))
        except OSError:
            pass
    return found


def traces(place):
    """What the machine itself shows of a lab: its links by name, mounts below its place."""
    ours = {"mgmt", "ix"} | {f"{node.name}-ix0" for node in top.ROUTERS + top.HOSTS}
    with open("/proc/net/dev", encoding="ascii") as text:
        seen = [name for name in (line.partition(":")[0].strip() for line in text) if name in ours]
    with open("/proc/self/mounts", encoding="utf-8", errors="replace") as text:
        return seen + [line for line in text if place in line]


def wrong_states(directory):
    status, text = lab("status", directory, "--json")
    if status:
        return ["no status"]
    return [row for row in json.loads(text) if row["state"] != row["expected"]]


def far_count(directory, host, protocol):
    text = lab("shell", directory, host, "birdc", "show", "route", "protocol", protocol, "count")[1]
    return int(text.splitlines()[-1].split()[0])


def test_states(directory):
    check(until(lambda: not wrong_states(directory), 20),
          "every session is in the state that the topology names")
    for router, announced in (("r1", 8), ("r2", 12), ("r3", 12), ("r4", 12)):
        check(until(lambda router=router, announced=announced: far_count(
            directory, "p10", f"{router}_v4") == announced, 10),
            f"{router} announces {announced} prefixes to AS64496")


def test_ssh(directory):
    commands = {"frr": "vtysh -c 'show bgp summary json'", "bird": "birdc show protocols",
                "openbgpd": "sudo -n bgpctl show", "gobgp": "gobgp neighbor"}
    for router in top.ROUTERS:
        status, text = lab(
            "run", directory, "--", "ssh", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR",
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-F", "none", "-i", f"{directory}/keys/noc", "-p", str(router.port),
            f"noc@{top.management(router)}", commands[router.os])
        check(status == 0 and len(text) > 500, f"{router.os} answers over ssh with default paths")


def test_hooks(directory):
    """The include files that peerdeck edits do at the far side what they shall."""
    bird = f"{directory}/nodes/r2/etc/bird/peerdeck.conf"
    with open(bird, encoding="ascii") as text:
        before = text.read()
    with open(bird, "w", encoding="ascii") as out:
        out.write(before.replace("define PD_as64496_v4 = 0;", "define PD_as64496_v4 = 2;"))
    lab("shell", directory, "r2", "birdc", "configure")
    check(until(lambda: far_count(directory, "p10", "r2_v4") == 0, 5), "BIRD's hook withdraws")
    with open(bird, "w", encoding="ascii") as out:
        out.write(before)
    lab("shell", directory, "r2", "birdc", "configure")
    check(until(lambda: far_count(directory, "p10", "r2_v4") == 12, 5), "and restores")
    openbgpd = f"{directory}/nodes/r3/etc/bgpd/peerdeck.conf"
    for line, count, word in (("deny quick to 192.0.2.10\n", 0, "OpenBGPD's hook withdraws"),
                              ("", 12, "and restores")):
        with open(openbgpd, "w", encoding="ascii") as out:
            out.write(line)
        lab("shell", directory, "r3", "bgpctl", "reload")
        check(until(lambda count=count: far_count(directory, "p10", "r3_v4") == count, 5), word)


def test_flap(directory):
    def established():
        text = lab("shell", directory, "p16", "birdc", "show", "protocols")[1]
        return {line.split()[0]: line.split()[4] for line in text.splitlines()
                if "Established" in line}
    before = established()
    lab("flap", directory, "AS4200000001", "0.5")
    check(until(lambda: len(established()) == len(before) and not
                set(established().items()) & set(before.items()), 60),
          "a flap takes every session of the peer down and up again")


def test_down(directory, spaces):
    status, text = lab("down", directory)
    check(status == 0 and not os.path.exists(directory), f"down removes the files {text}")
    check(until(lambda: not members(spaces), 5), "no process and no namespace is left")
    check(not traces(directory), "no link and no mount is left")


def test_kill(place, who):
    """Kill one of the three processes that hold a lab, and look for what is left."""
    directory = os.path.join(place, f"kill-{who}")
    owner = subprocess.Popen((LAB, "run", directory, "--", "sleep", "600"),
                             stdin=subprocess.DEVNULL)
    if not until(lambda: os.path.exists(f"{directory}/lab.json") and "nodes" in state(directory),
                 30):
        check(False, f"a lab to kill the {who} of comes up")
        owner.kill()
        owner.wait()
        return
    spaces = namespaces(state(directory)["init"])
    victim = {"owner": owner.pid, "keeper": state(directory)["keeper"],
              "process 1": state(directory)["init"]}[who]
    os.kill(victim, signal.SIGKILL)
    check(until(lambda: not members(spaces), 10), f"{who} killed: no process or namespace is left")
    check(until(lambda: not os.path.exists(directory), 10), f"{who} killed: no file is left")
    owner.kill()
    owner.wait()


def test_kill_all(place):
    """Both who could clean up killed at once: the files remain, and `down` removes them."""
    directory = os.path.join(place, "kill-all")
    lab("up", directory)
    spaces, pids = namespaces(state(directory)["init"]), state(directory)
    os.kill(pids["keeper"], signal.SIGSTOP)
    os.kill(pids["init"], signal.SIGKILL)
    os.kill(pids["keeper"], signal.SIGKILL)
    check(until(lambda: not members(spaces), 10), "all killed: no process or namespace is left")
    lab("down", directory)
    check(not os.path.exists(directory), "all killed: down removes the files")


def test_snapshot():
    """The PeeringDB rows of the demo speak of the lab's own networks and addresses."""
    rows = {}
    for tag in ("net", "poc", "netixlan", "ix", "ixlan", "ixpfx", "org", "fac", "netfac"):
        with open(f"{ROOT}/demo/peeringdb/{tag}.json", encoding="utf-8") as text:
            rows[tag] = json.load(text)["data"]
    names = {row["asn"]: row["name"] for row in rows["net"]}
    known = [peer for peer in top.PEERS + (top.TRANSIT,) if peer.asn in names]
    check(len(known) == len(names) - 1 and all(names[p.asn] == p.name for p in known),
          "PeeringDB rows bear the names of the lab's networks")
    addresses = {row["ipaddr4"]: row["asn"] for row in rows["netixlan"]}
    check(all(addresses[top.ix_address(p.suffix, 4)] == p.asn for p in known if p.suffix),
          "and their addresses on the exchange")
    nets = {row["id"] for row in rows["net"]}
    check(all(row["net_id"] in nets for row in rows["poc"] + rows["netixlan"] + rows["netfac"]),
          "and every row belongs to a network")


def as_ordinary_user(place):
    """Root only: the same from a copy that the user `nobody` can read, started by that user."""
    copy = os.path.join(place, "copy")
    for folder in ("demo", "tests/lab"):
        shutil.copytree(f"{ROOT}/{folder}", f"{copy}/{folder}")
    own = os.path.join(place, "own")
    os.mkdir(own)
    os.chmod(place, 0o755)
    os.chown(own, 65534, 65534)
    print("# as an ordinary user", flush=True)
    status = subprocess.run(
        ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--no-new-privs",
         "env", f"TMPDIR={own}", "HOME=/nonexistent", f"{copy}/tests/lab/test_lab.py"),
        check=False, cwd="/").returncode
    check(status == 0, "the whole test holds for an ordinary user")


def main():
    place = tempfile.mkdtemp(prefix="peerdeck-test-lab-")
    first, second = os.path.join(place, "first"), os.path.join(place, "second")
    try:
        test_snapshot()
        began = time.monotonic()
        status, text = lab("up", first)
        if "cannot make a user namespace" in text:
            print(f"ok - a lab comes up # skip {text.splitlines()[0]}")
            return 0
        check(status == 0, f"a lab comes up ({text.strip()})")
        if status:
            return 1
        check(not traces(first), "the machine shows no link and no mount of it")
        took = time.monotonic() - began
        check(took < 10, f"in {took:.1f} s, less than 10")
        check(lab("up", first)[0] == 1, "a second one in the same place is refused")
        status, text = lab("up", second)
        check(status == 0, f"a second lab comes up beside it ({text.strip()})")
        spaces = namespaces(state(first)["init"])
        other = namespaces(state(second)["init"])
        check(bool(spaces) and not spaces & other, "and shares nothing with it")
        test_states(first)
        test_ssh(first)
        test_hooks(second)
        test_flap(first)
        test_down(second, other)
        check(bool(members(spaces)), "the first lab still runs")
        test_down(first, spaces)
        for who in ("owner", "keeper", "process 1"):
            test_kill(place, who)
        test_kill_all(place)
        if os.geteuid() == 0:
            as_ordinary_user(place)
    finally:
        for directory in (first, second):
            if os.path.exists(os.path.join(directory, "lab.json")):
                lab("down", directory)
        shutil.rmtree(place, ignore_errors=True)
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
