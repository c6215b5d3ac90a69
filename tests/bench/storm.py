"""make bench: 20,000 sessions flap; events kept, memory, and the time from a key to the screen, beside a calm console.

The real console on a terminal, only its workers replaced (storm.c).  STORM_SECONDS shortens the long storm.
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(ROOT, "build", "release", "tests", "bench", "storm")
ROUTERS, SESSIONS = 20, 1000
LONG = int(os.environ.get("STORM_SECONDS", "60"))
AIM_MS = 30


def weather(seconds, share):
    # Beside the build, which is on a disk: /tmp may be memory.
    with tempfile.TemporaryDirectory(prefix="storm-", dir=os.path.join(ROOT, "build")) as folder:
        run = subprocess.run([PROGRAM, folder, str(ROUTERS), str(SESSIONS), str(seconds), str(share)], capture_output=True,
                             text=True, errors="replace", check=False)
    if run.returncode != 0:
        sys.exit(f"bench: storm ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    return {name: float(value) for name, value in (line.split() for line in run.stdout.splitlines())}


def keys(f):
    return (f"key to screen p50 {f['key_p50_ms']:.1f} ms, p99 {f['key_p99_ms']:.1f} ms, max {f['key_max_ms']:.1f} ms "
            f"({f['keys']:.0f} keys, {f['key_late']:.0f} above {AIM_MS} ms); without waiting for a processor that others had: "
            f"p50 {f['own_p50_ms']:.1f} ms, p99 {f['own_p99_ms']:.1f} ms, max {f['own_max_ms']:.1f} ms")


def main():
    calm = weather(0, 10)
    print(f"calm console, {ROUTERS * SESSIONS} sessions on {ROUTERS} routers, 200x50: {keys(calm)}; peak {calm['peak_kib'] / 1024:.0f} MiB")
    for name, seconds, share in ((f"storm, all flap within {LONG} s", LONG, 10), ("storm of 12 s", 12, 10),
                                 ("storm of 12 s, half of them at a time", 12, 50)):
        f = weather(seconds, share)
        print(f"{name}: {f['per_second']:.0f} events a second, {f['made']:.0f} made, {f['kept']:.0f} in the event log, "
              f"{f['lost']:.0f} lost (aim 0); peak {f['peak_kib'] / 1024:.0f} MiB, CPU {f['cpu_s']:.1f} s")
        print(f"  {keys(f)} (aim p99 <= {AIM_MS} ms); p99 {f['own_p99_ms'] / calm['own_p99_ms']:.2f} of the calm console's")


main()
