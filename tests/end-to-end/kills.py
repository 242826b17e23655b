"""Ends at any moment. A batch of MP4, GIF, frames, PDF and report is killed whole, loses single workers, is interrupted, terminated, hung up;
afterwards every name stands for something whole, and the same command goes on to the bytes that nothing disturbed. A few of each here;
OPTREEL_KILLS=N makes it N times as many (scripts/test --faults nightly)."""
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import harness
from harness import Case, optreel, parts, tree

TIMES = int(os.environ.get("OPTREEL_KILLS", "1"))
# Small pictures: what is tried are moments, and most of them fall between files, not between pixels.
EXPERIMENT = harness.SMALL.replace("formats: [mp4, gif]", "formats: {mp4: {}, gif: {}, png: {frames: all}, pdf: {}}").replace(
    "length: 3, hold: {first: 0.3, last: 0.5}", "length: 0.6, hold: {first: 0.1, last: 0.2}").replace("length: 3", "length: 0.6").replace(
    "preset: draft", "preset: draft\n  size: 320x180")


@unittest.skipIf(os.environ.get("OPTREEL_SANITIZED") == "1", "moments are those of the release build")
class Kills(Case):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.mkdtemp(prefix="orl-e2e-")
        cls.addClassCleanup(shutil.rmtree, cls.kept, ignore_errors=True)
        cls.experiment = os.path.join(cls.kept, "e.yaml")
        with open(cls.experiment, "w", encoding="utf-8") as f:
            f.write(EXPERIMENT)
        start = time.monotonic()
        optreel("render", cls.experiment, "-o", os.path.join(cls.kept, "good"), check=0)
        cls.seconds = time.monotonic() - start
        optreel("render", cls.experiment, "-o", os.path.join(cls.kept, "before"), "--set", "optimizers.sgd.learning_rate=0.2", check=0)
        cls.good, cls.before = (tree(os.path.join(cls.kept, name)) for name in ("good", "before"))
        cls.dice = random.Random(int(os.environ.get("OPTREEL_SEED", "5")))

    def begin(self, fresh, *prefix, more=()):
        """Into an empty folder, or into one that holds what another experiment's run has made."""
        self.out = self.path("out")
        shutil.rmtree(self.out, ignore_errors=True)
        if not fresh:
            shutil.copytree(os.path.join(self.kept, "before"), self.out)
        return subprocess.Popen([*prefix, harness.PROGRAM, "render", self.experiment, "-o", self.out, "-j", "2", "-q", *more], stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                                preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))  # whoever runs the tests may have said nohup

    def whole(self, what):
        """Complete or absent: of before or of now, frames of one film all of one run."""
        found, folders = tree(self.out), {}
        for path, digest in found.items():
            if path in harness.REPORT or path.endswith(".alt.txt"):
                continue
            self.assertIn(digest, (self.good.get(path), self.before.get(path)), f"{what}: {path}")
            if ".frames/" in path and self.good.get(path) != self.before.get(path):
                folders.setdefault(os.path.dirname(path), set()).add(digest == self.good.get(path))
        for folder, ages in folders.items():
            self.assertEqual(len(ages), 1, f"{what}: {folder} holds frames of two runs")
            wanted = {p for p in self.good if os.path.dirname(p) == folder}
            self.assertEqual({p for p in found if os.path.dirname(p) == folder}, wanted, f"{what}: {folder} is not whole")

    def resume(self, what):
        optreel("render", self.experiment, "-o", self.out, "-j", "2", check=0)
        self.assertEqual(tree(self.out), self.good, what)
        self.assertEqual(parts(self.out), [], what)

    def wait(self, process):
        try:
            return process.wait(timeout=harness.TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise

    def test_all_killed(self):
        hits = 0
        for i in range(5 * TIMES):
            process = self.begin(fresh=i % 2 == 0)
            after = self.dice.uniform(0, self.seconds)
            time.sleep(after)
            hits += process.poll() is None
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.wait(process)
            what = f"kill {i} after {after:.3f} s"
            self.whole(what)
            self.resume(what)
        print(f"all killed: {5 * TIMES} tries, {hits} hits", file=sys.stderr)
        self.assertGreater(hits, 0)

    def test_workers_killed(self):
        """Half of them as soon as they are there, before they are ready."""
        hits = 0
        for i in range(2 * TIMES):
            process = self.begin(fresh=True)
            if i % 2:
                time.sleep(self.dice.uniform(0.15, self.seconds))
            victims = []
            while not victims and process.poll() is None:
                victims = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
            if victims:
                try:
                    os.kill(int(self.dice.choice(victims)), signal.SIGKILL)
                    hits += 1
                except ProcessLookupError:
                    pass
            self.assertEqual(self.wait(process), 0, f"worker {i}")
            self.assertEqual(tree(self.out), self.good, f"worker {i}")
        print(f"workers killed: {2 * TIMES} tries, {hits} hits", file=sys.stderr)
        self.assertGreater(hits, 0)

    def ended(self, number):
        hits, slowest = 0, 0.0
        for i in range(TIMES):
            process = self.begin(fresh=i % 2 == 0)
            time.sleep(self.dice.uniform(0.02, self.seconds))
            told = time.monotonic()
            process.send_signal(number)
            code = self.wait(process)
            slowest = max(slowest, time.monotonic() - told)
            what = f"signal {number}, {i}"
            self.assertIn(code, (0, -number), what)
            hits += code != 0
            if os.path.isdir(self.out):
                self.assertEqual(parts(self.out), [], what)
                self.whole(what)
            self.resume(what)
        print(f"signal {number}: {TIMES} tries, {hits} hits, the slowest end {slowest:.2f} s", file=sys.stderr)
        self.assertLess(slowest, 2.0 if TIMES > 1 else 10.0)

    def test_interrupted(self):
        self.ended(signal.SIGINT)

    def test_terminated(self):
        self.ended(signal.SIGTERM)

    def test_hung_up(self):
        self.ended(signal.SIGHUP)

    def test_shards_killed(self):
        """Some of many are killed on their way and run again, with others in between: joined, the bytes are those of one process alone."""
        count, victims = (64, 10) if TIMES >= 20 else (8, 2)
        order = list(range(1, count + 1))
        self.dice.shuffle(order)
        dead, hits, fresh = set(self.dice.sample(order, victims)), 0, True
        for k in order + sorted(dead):  # those that were killed come a second time
            process = self.begin(fresh, more=("--shard", f"{k}/{count}")) if fresh else subprocess.Popen(
                [harness.PROGRAM, "render", self.experiment, "-o", self.out, "--shard", f"{k}/{count}", "-q"], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            fresh = False
            if k in dead:
                dead.discard(k)
                time.sleep(self.dice.uniform(0.02, self.seconds / 4))
                hits += process.poll() is None
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
                self.wait(process)
            else:
                self.assertEqual(self.wait(process), 0, f"shard {k}")
        optreel("join", self.out, check=0)
        alone = self.path("alone")
        optreel("render", self.experiment, "-o", alone, "-j", "1", check=0)
        self.assertEqual(tree(self.out), tree(alone))
        print(f"{count} shards, {victims} killed: {hits} hits", file=sys.stderr)

    def test_hung_up_under_nohup(self):
        for i in range(max(1, TIMES // 5)):
            process = self.begin(True, "nohup")
            time.sleep(self.dice.uniform(0.1, self.seconds))
            process.send_signal(signal.SIGHUP)
            self.assertEqual(self.wait(process), 0, f"nohup {i}")
            self.assertEqual(tree(self.out), self.good)


if __name__ == "__main__":
    harness.main()
