#!/usr/bin/env python3
"""Kills the console between any two of its system calls while it acts, and cuts its link at any byte.

After each run the console is started again to settle what was left, and journal and router must agree:
    lost    every line that the router got and that changes something stands in a durable intent
    twice   no line of an action reached the router more often than the action holds it
    final   every intent has exactly one outcome, and the journal is whole (checked here, by code of its own)
    true    done: the router is as intended; failed: as before; nothing else is claimed

usage: tests/torture/torture.py [--seed N] [--runs N] [--lanes N] [--on ios,junos,frr,bird] [--only RUN] [--keep]
Run K of seed S is the same choice each time; --only K repeats one (the interleaving of threads stays the machine's).
"""
import argparse
import collections
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(ROOT, "tests", "sim"))

import proxy  # noqa: E402
import routers  # noqa: E402

KILLER = os.path.join(routers.BUILD, "tests", "torture", "killer")
AHEAD = os.path.join(routers.BUILD, "tests", "torture", "ahead.so")
SETTLE_TRIES = 8
TRIAL_S = 700  # so long after an action, an unconfirmed change has been taken back on every router


class Violation(Exception):
    pass


# ---- the journal, read by other code than peerdeck's ----

def journal(path):
    """All records, after checking the chain; a torn tail is left out."""
    records, prev = [], "0" * 64
    try:
        with open(path, "rb") as f:
            data = f.read()
    except FileNotFoundError:
        return []
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        record = json.loads(line)
        said = record.pop("hash")
        body = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
        if hashlib.sha256(body).hexdigest() != said:
            raise Violation(f"journal: record {number} does not hash to what it says")
        if record["seq"] != number or record["prev"] != prev:
            raise Violation(f"journal: record {number} does not follow the one before it")
        prev = said
        records.append(record)
    return records


def lines_of(intent, *keys):
    found = collections.Counter()
    for key in keys:
        for step in intent.get(key, []):
            if "line" in step:
                found[step["line"]] += 1
            elif "file" in step:
                found["file " + step["file"]] += 1
    return found


# ---- one run ----

class Run:
    def __init__(self, router, seed, number):
        self.router, self.number = router, number
        self.rng = random.Random(f"{seed}/{number}")
        self.told = []

    def say(self, words):
        self.told.append(words)

    def command(self, *words, fault=None, later=False):
        """One command of the console, under `fault` = ("kill", call) or ("cut", way, byte, hard) or None; `later`: by a
        clock that has passed the time of all trials."""
        if fault and fault[0] == "cut":
            self.router.proxy.arm(*fault[1:])
        args = [routers.PEERDECK, "--config", self.router.config(fault and fault[0] == "cut")] + list(words)
        if fault and fault[0] == "kill":
            args = [KILLER, "--from", fault[2], "--at", str(fault[1]), "--count", self.router.path("count"), "--"] + args
        done = subprocess.run(args, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=150,
                              env=routers.environment() | ({"LD_PRELOAD": AHEAD, "AHEAD_S": str(TRIAL_S)} if later else {}))
        self.router.proxy.disarm()
        self.say(f"{' '.join(words)} {fault or ''}: exit {done.returncode} {done.stdout[-300:]!r} {done.stderr[-300:]!r}")
        return done

    def choose_fault(self, verb):
        totals = self.router.totals
        if self.rng.random() < 0.6:
            whole = self.rng.random() < 0.1  # anywhere in the program, not only in the action
            key = ("execve:1" if whole else "flock:3")
            return ("kill", self.rng.randint(1, max(50, int(totals[key] * 1.02))), key)
        return ("cut",) + proxy.choose(self.rng, totals)

    def settle(self):
        """Starts the console until nothing is open; now and then it is killed at that, too.  What may still be taken back
        by the router itself is left open until then: that is waited for."""
        later = False
        for attempt in range(SETTLE_TRIES):
            fault = None
            if attempt == 0 and self.rng.random() < 0.1:
                fault = ("kill", self.rng.randint(1, int(self.router.totals["execve:1"])), "execve:1")
            done = self.command("held", "--json", fault=fault, later=later)
            if fault is None and done.stdout:
                held = json.loads(done.stdout)
                if not [u for u in held["unsettled"] if not u["under_way"]]:
                    return held
            time.sleep(0.3)
            if attempt == 1 and self.router.trial_s > 0:
                time.sleep(self.router.trial_s)
                later = True
        raise Violation("what was left could not be settled")

    def check_lines(self, intents, got):
        allowed, sendable = collections.Counter(), collections.Counter()
        for i in intents:
            allowed += lines_of(i, "send", "confirm", "undo")
            sendable += lines_of(i, "send", "confirm")
        for line, count in collections.Counter(got).items():
            if line not in allowed:
                raise Violation(f"the router got a line that no intent holds: {line!r}")
            if count > allowed[line]:
                raise Violation(f"the router got {line!r} {count} times, the action holds it {allowed[line]} times")
        return sendable

    def check(self, before, after, verb, records, got):
        intents = [r for r in records if r["kind"] == "intent"]
        outcomes = collections.Counter(r["id"] for r in records if r["kind"] == "outcome")
        if len(intents) > 1:
            raise Violation(f"{len(intents)} intents of one action")
        self.check_lines(intents, got)
        for i in intents:
            if outcomes[i["id"]] != 1:
                raise Violation(f"intent {i['id']} has {outcomes[i['id']]} outcomes")
        if not intents:
            if before != after:
                raise Violation(f"the router changed without an intent: {before} -> {after}")
            return "not begun"
        outcome = next(r for r in records if r["kind"] == "outcome")
        said = outcome["outcome"]
        if said == "done" and after != self.router.intended(before, verb):
            raise Violation(f"said done ({outcome['words']}), but {before} -> {after}")
        if said == "failed" and after != before:
            raise Violation(f"said failed ({outcome['words']}), but {before} -> {after}")
        return ("settled " if outcome.get("settled") else "") + said

    def go(self):
        r = self.router
        before = r.state()
        verb = r.next_verb(before, self.rng)
        fault = self.choose_fault(verb)
        mark, seen = r.log_mark(), len(journal(r.journal()))
        self.command(verb, f"{r.name}/{r.neighbor}", "--yes", "--reason", "torture", fault=fault)
        self.settle()
        time.sleep(0.05)
        how = self.check(before, r.state(), verb, journal(r.journal())[seen:], r.changes_since(mark))
        if "unknown" in how:
            r.after_unknown()
        return fault[0], how


def calibrate(router):
    """How many calls and octets an undisturbed action takes: the range that faults are chosen from."""
    for key in ("flock:3", "execve:1"):
        verb = router.next_verb(router.state(), random.Random(0))
        subprocess.run([KILLER, "--from", key, "--count", router.path("count"), "--", routers.PEERDECK, "--config",
                        router.config(False), verb, f"{router.name}/{router.neighbor}", "--yes", "--reason", "calibrate"],
                       stdin=subprocess.DEVNULL, capture_output=True, timeout=150, env=routers.environment(), check=True)
        with open(router.path("count")) as f:
            router.totals[key] = int(f.read().split()[1])
    verb = router.next_verb(router.state(), random.Random(0))
    subprocess.run([routers.PEERDECK, "--config", router.config(True), verb, f"{router.name}/{router.neighbor}", "--yes",
                    "--reason", "calibrate"], stdin=subprocess.DEVNULL, capture_output=True, timeout=150,
                   env=routers.environment(), check=True)
    router.totals.update(router.proxy.totals)


# ---- many ----

class Torture:
    def __init__(self, options):
        self.o = options
        self.lock = threading.Lock()
        self.next = options.only if options.only is not None else 1
        self.last = options.only if options.only is not None else options.runs
        self.tally = collections.Counter()
        self.failed = []
        self.began = time.monotonic()

    def take(self):
        with self.lock:
            if self.next > self.last or time.monotonic() - self.began > self.o.seconds:
                return None
            self.next += 1
            return self.next - 1

    def one(self, router, number):
        run = Run(router, self.o.seed, number)
        try:
            kind, how = run.go()
            with self.lock:
                self.tally[f"{router.kind} {kind}: {how}"] += 1
            return
        except Violation as e:
            why = str(e)
        except Exception:
            why = traceback.format_exc()
        with self.lock:
            self.failed.append((number, router.kind, why))
            print(f"not ok - {router.kind} run {number} of seed {self.o.seed}: {why}", flush=True)
            for line in run.told:
                print("#   " + line, flush=True)
        router.renew()

    def lane(self, kind):
        router = None
        try:
            router = routers.make(kind)
            calibrate(router)
        except Exception:
            if router is not None:
                router.close(self.o.keep)
            with self.lock:
                self.failed.append((0, kind, traceback.format_exc()))
                print(f"not ok - {kind}: {traceback.format_exc()}", flush=True)
            return
        try:
            done = 0
            while (number := self.take()) is not None:
                self.one(router, number)
                done += 1
                if done % 60 == 0:
                    router.renew()  # a short journal keeps runs short
        finally:
            router.close(self.o.keep)

    def all(self):
        kinds = self.o.on.split(",")
        lanes = [threading.Thread(target=self.lane, args=(kinds[i % len(kinds)],)) for i in range(self.o.lanes)]
        for lane in lanes:
            lane.start()
        for lane in lanes:
            lane.join()
        runs = sum(self.tally.values())
        for how, count in sorted(self.tally.items()):
            print(f"# {count:6} {how}", flush=True)
        seconds = time.monotonic() - self.began
        print(f"# seed {self.o.seed}: {runs} runs without a fault of ours, {len(self.failed)} with, {seconds:.0f} s")
        wanted = self.last if self.o.only is None else 1
        if runs + len(self.failed) < wanted:
            print(f"# {wanted} were asked for; the time was over")
        ok = not self.failed and runs > 0
        print(f"{'ok' if ok else 'not ok'} - {runs} actions killed or cut at any point end true and final")
        return 0 if ok else 1


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--seed", type=int, default=int(os.environ.get("SEED", "1")))
    p.add_argument("--runs", type=int, default=int(os.environ.get("RUNS", "1000")))
    p.add_argument("--lanes", type=int, default=4)
    p.add_argument("--on", default="ios,nxos,junos,frr,bird,openbgpd,gobgp")
    p.add_argument("--seconds", type=int, default=1 << 30)
    p.add_argument("--only", type=int)
    p.add_argument("--keep", action="store_true")
    options = p.parse_args()
    for kind in set(options.on.split(",")):
        why = routers.possible(kind)
        if why:
            print(f"ok - {kind} # skip {why}")
            options.on = ",".join(k for k in options.on.split(",") if k != kind)
    return Torture(options).all()


if __name__ == "__main__":
    sys.exit(main())
