"""The matrix of failures, in a program that was built with -DOPTREEL_FAULTS=ON: every call of the file layer is failed once with ENOSPC and once with EIO, every allocation of ours once, and from some on all. Each leaves a mark: a recipe that fails nothing proves nothing.

    OPTREEL=build/faults/optreel tests/end-to-end/matrix.py      all of it (scripts/test --faults nightly)
    OPTREEL_FAULTS_EVERY=7 ...                                    every seventh call alone
"""
import os
import shutil
import sys
import tempfile

import harness
from harness import Case, optreel, parts, tree

EVERY = int(os.environ.get("OPTREEL_FAULTS_EVERY", "1"))
EXPERIMENT = harness.SMALL.replace("formats: [mp4, gif]", "formats: {mp4: {}, gif: {}, png: {frames: all}}").replace(
    "length: 3, hold: {first: 0.3, last: 0.5}", "length: 0.3, hold: {first: 0.1, last: 0.1}").replace("preset: draft", "preset: draft\n  size: 160x90").replace(
    '  - {each: problem, name: "{problem}-race", length: 3}\n', "").replace("  adam: {learning_rate: 0.05}\n", "").replace("steps: 300", "steps: 20")
WORDS = {"ENOSPC": "No space left on device", "EIO": "Input/output error"}
# What may be passed over: a close after the file is safe, or of what was only read; the number in the lock, which people alone read; what is only looked at.
SOFT = {"close", "open", "read"}


class Matrix(Case):
    @classmethod
    def setUpClass(cls):
        cls.kept = os.path.realpath(tempfile.mkdtemp(prefix="orl-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.kept, ignore_errors=True)
        cls.experiment = os.path.join(cls.kept, "e.yaml")
        with open(cls.experiment, "w", encoding="utf-8") as f:
            f.write(EXPERIMENT)
        for name, change in (("before", ["--set", "optimizers.sgd.learning_rate=0.2"]), ("good", [])):
            optreel("render", cls.experiment, "-o", os.path.join(cls.kept, name), *change, check=0)
        cls.before, cls.good = (tree(os.path.join(cls.kept, name)) for name in ("before", "good"))

    def run_once(self, recipe, turn=1):
        """Over what another experiment has made: the end of it, and how many came to the call; of these the one whose turn it was has failed."""
        out, mark = self.path("out"), self.path("mark")
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(os.path.join(self.kept, "before"), out)
        if os.path.exists(mark):
            os.remove(mark)
        # The sandbox would keep a worker from writing the mark, which lies outside of the output folder.
        env = {**os.environ, "OPTREEL_SANDBOX": "off", "OPTREEL_FAULT": recipe, "OPTREEL_FAULT_MARK": mark, "OPTREEL_FAULT_TURN": str(turn)}
        done = optreel("render", self.experiment, "-o", out, "-j", "1", "--timeout", "60", env=env)
        if not os.path.exists(mark):
            return done, 0
        with open(mark, encoding="ascii") as f:
            return done, len(f.readlines())

    def whole(self, what):
        """Every name stands for something whole, of before or of now, and nothing unfinished lies about."""
        out = self.path("out")
        self.assertEqual(parts(out), [], what)
        for path, digest in tree(out).items():
            if path not in harness.REPORT and path != "experiment.yaml" and not path.endswith(".alt.txt"):
                self.assertIn(digest, (self.before.get(path), self.good.get(path)), f"{path}: {what}")

    def goes_on(self, what):
        optreel("render", self.experiment, "-o", self.path("out"), check=0)
        self.assertEqual(tree(self.path("out")), self.good, what)

    def sweep(self, point, least):
        """Each call until there are no more; `least` of them there must be."""
        for error, words in WORDS.items():
            hits, at, turn = 0, 1, 1
            while True:
                recipe = f"{point}@{at}={error}"
                done, came = self.run_once(recipe, turn)
                what = f"{recipe}, turn {turn}: exit {done.returncode}\n{done.err}"
                if came < turn:  # every process and the module of every worker that comes so far has had its turn
                    self.assertEqual(done.returncode, 0, what)
                    if turn == 1:
                        break
                    at, turn = at + (1 if EVERY == 1 else 1 + (at * 7919) % EVERY), 1  # no rhythm of the program's own
                    continue
                hits, turn = hits + 1, turn + 1
                allowed = (0, 1, 3, 4, 5) if point in SOFT else (0, 5) if (point, at) == ("write", 1) else (5,)
                self.assertIn(done.returncode, allowed, what)
                if done.returncode == 5:
                    self.assertIn(words, done.err, what)
                    self.assertRegex(done.err, r"'/[^']*'|[a-z-]+\.(mp4|gif|png|csv|log|json|html|frames|yaml|txt|md|tex|vtt)", what)
                    if error == "ENOSPC":
                        self.assertRegex(done.err, r"about [0-9.]+ MB are needed in all, [0-9.]+ MB are free", what)
                self.whole(what)
                self.goes_on(what)
            print(f"{point} {error}: {hits} calls failed", file=sys.stderr)
            self.assertGreaterEqual(hits, max(1, least // EVERY), f"{point} was hardly reached: this proves nothing")

    def test_write(self):
        self.sweep("write", 40)

    def test_sync(self):
        self.sweep("sync", 30)

    def test_rename(self):
        self.sweep("rename", 12)

    def test_mkdir(self):
        self.sweep("mkdir", 3)

    def test_close(self):
        self.sweep("close", 30)

    def test_open(self):
        self.sweep("open", 30)

    def test_read(self):
        self.sweep("read", 15)

    def memory(self, sticky):
        """No wrong file, and an end that says why: 4, or 0 where the second try or another worker did it. 3 and 5: who ran short while reading or writing."""
        hits, at, counts = 0, 0, {}
        while True:
            at += max(EVERY, 1 + at // 40)  # thousands of them: the farther the wider
            recipe = f"memory@{at}{'+' if sticky else ''}"
            done, struck = self.run_once(recipe)
            what = f"{recipe}: exit {done.returncode}\n{done.err}"
            if not struck:
                self.assertEqual(done.returncode, 0, what)
                break
            hits += 1
            counts[done.returncode] = counts.get(done.returncode, 0) + 1
            self.assertIn(done.returncode, (0, 1, 3, 4, 5) if not sticky else (1, 3, 4, 5), what)
            if done.returncode:
                self.assertIn("error", done.err, what)
            self.whole(what)
            if hits % 5 == 0:
                self.goes_on(what)
        print(f"memory{' and all after' if sticky else ''}: {hits} points, exit codes {counts}", file=sys.stderr)
        self.assertGreater(hits, 20)

    def test_memory_once(self):
        self.memory(False)

    def test_memory_from_there_on(self):
        self.memory(True)


class Recipes(Case):
    def test_what_is_no_recipe(self):
        done = optreel("--version", env={**os.environ, "OPTREEL_FAULT": "write@0=EIO"})
        self.assertEqual(done.returncode, 70)

    def test_a_recipe_that_fails_nothing_leaves_no_mark(self):
        optreel("--version", env={**os.environ, "OPTREEL_FAULT": "write@100000=EIO", "OPTREEL_FAULT_MARK": self.path("mark")}, check=0)
        self.assertFalse(os.path.exists(self.path("mark")))


if __name__ == "__main__":
    harness.main()
