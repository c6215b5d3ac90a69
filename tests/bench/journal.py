"""make bench: appending to the journal, planning 1,000 sessions, and an action end to end on FRR, each beside its peer."""
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "tests", "sim"))
sys.path.insert(0, os.path.join(ROOT, "tests", "torture"))

import daemons  # noqa: E402
import routers  # noqa: E402

ROUNDS = 600
ACTIONS = 10


def append_and_plan():
    # Beside the build, which is on a disk: /tmp may be memory.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=routers.BUILD) as folder:
        out = subprocess.run([os.path.join(routers.BUILD, "tests", "bench", "journal"), folder, str(ROUNDS)], check=True,
                             capture_output=True, text=True).stdout
    f = {name: float(value) for name, value in (line.split() for line in out.splitlines())}
    print(f"journal append of an intent ({f['record_octets']:.0f} octets): p50 {f['append_p50']:.0f} us, p99 "
          f"{f['append_p99']:.0f} us; raw write and fdatasync of as many: p50 {f['fdatasync_p50']:.0f} us, p99 "
          f"{f['fdatasync_p99']:.0f} us; ratio p50 {f['append_p50'] / f['fdatasync_p50']:.2f}, p99 "
          f"{f['append_p99'] / f['fdatasync_p99']:.2f}")
    print(f"plan of 1,000 sessions of one FRR, from its answers to the sealed digest: {f['plan_us'] / 1000:.1f} ms; "
          f"journalling their intents at the median above: {f['append_p50']:.0f} ms, ratio "
          f"{f['plan_us'] / 1000 / f['append_p50']:.2f}")
    for name, words in (("plan", "suspend"), ("withdraw", "withdraw"), ("gshut", "graceful shutdown")):
        print(f"{words} of 1,000: {f[name + '_us'] / 1000:.1f} ms, of 4,000: {f[name + '_more_us'] / 1000:.1f} ms: "
              f"{f[name + '_more_us'] / f[name + '_us']:.1f} times as long")


def typed(router, lines):
    """The same lines by ssh(1) and vtysh, as a person's script sends them: nothing is read before, nothing proven after."""
    words = " ".join(f"-c '{line}'" for line in lines)
    began = time.monotonic()
    subprocess.run(["ssh", "-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
                    "LogLevel=ERROR", "-i", router.path("key"), "-p", str(router.ports[2]), f"{daemons.USER}@127.0.0.1",
                    f"vtysh --vty_socket {router.path('near')} --config_dir {router.path('near')} {words}"],
                   check=True, capture_output=True, env=routers.environment())
    return time.monotonic() - began


def acted(router, verb):
    began = time.monotonic()
    subprocess.run([routers.PEERDECK, "--config", router.config(False), verb, f"{router.name}/{router.neighbor}", "--yes",
                    "--reason", "bench"], check=True, capture_output=True, env=routers.environment())
    return time.monotonic() - began


def action():
    if routers.possible("frr"):
        print("action end to end: skipped, bgpd and sshd are not there")
        return
    router = routers.make("frr")
    try:
        bgp = ["configure terminal", "router bgp 64500"]
        ours, theirs = [], []
        for _ in range(ACTIONS):
            ours.append(acted(router, "suspend"))
            theirs.append(typed(router, bgp + [f"no neighbor {router.neighbor} shutdown", "end"]))
            theirs.append(typed(router, bgp + [f"neighbor {router.neighbor} shutdown", "end"]))
            ours.append(acted(router, "resume"))
        mine, other = statistics.median(ours), statistics.median(theirs)
        print(f"action end to end on FRR, a new process and login each: peerdeck (plan, intent, re-read, lines, proof, outcome) "
              f"{mine * 1000:.0f} ms, the lines alone by ssh router vtysh -c {other * 1000:.0f} ms, ratio {mine / other:.2f}")
    finally:
        router.close(False)


append_and_plan()
action()
