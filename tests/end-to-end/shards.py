"""Shards: several processes, in any order, killed or not, make the bytes that one makes; who joins them makes nothing again."""
import os
import random
import signal
import subprocess
import time
import unittest

import harness
from harness import Case, optreel, summary, tree

EXPERIMENT = harness.SMALL.replace("formats: [mp4, gif]", "formats: {mp4: {}, gif: {}, png: {frames: all}, pdf: {}}")


class Shards(Case):
    @classmethod
    def setUpClass(cls):
        import shutil
        import tempfile
        cls.kept = tempfile.mkdtemp(prefix="orl-e2e-")
        cls.addClassCleanup(shutil.rmtree, cls.kept, ignore_errors=True)
        with open(os.path.join(cls.kept, "e.yaml"), "w", encoding="utf-8") as f:
            f.write(EXPERIMENT)
        optreel("render", os.path.join(cls.kept, "e.yaml"), "-o", os.path.join(cls.kept, "golden"), check=0)
        cls.good = tree(os.path.join(cls.kept, "golden"))

    def setUp(self):
        super().setUp()
        self.experiment = os.path.join(self.kept, "e.yaml")
        self.out = self.path("out")

    def shard(self, k, n, *more, **how):
        return optreel("render", self.experiment, "-o", self.out, "--shard", f"{k}/{n}", *more, **how)

    def test_any_order_gives_the_same_bytes(self):
        order = [1, 2, 3, 4, 5]
        random.Random(3).shuffle(order)
        for k in order:
            self.assertIn(f"shard {k} of 5", self.shard(k, 5, check=0).err)
        self.assertFalse(os.path.exists(os.path.join(self.out, "summary.json")))
        done = optreel("join", self.out, check=0)
        self.assertRegex(done.err, r"0 runs and \d+ files made, 0 files were up to date")
        self.assertEqual(tree(self.out), self.good)
        left = [name for name in os.listdir(os.path.join(self.out, ".optreel")) if not name.endswith(".story")]
        self.assertEqual(sorted(left), ["lock", "manifest", "plan"])
        self.assertIn("nothing to do", optreel("render", self.experiment, "-o", self.out, check=0).err)

    def test_more_shards_than_work(self):
        """Most have nothing to do, and say so by ending well."""
        for k in range(24, 0, -1):
            self.shard(k, 24, "-q", check=0)
        optreel("join", self.out, check=0)
        self.assertEqual(tree(self.out), self.good)

    def test_what_is_missing_is_named(self):
        for k in (1, 3):
            self.shard(k, 3, check=0)
        done = optreel("join", self.out, check=1)
        self.assertRegex(done.err, r"error: parabola-[a-z]+\.\w+: segments are missing: ")
        made = tree(self.out)
        self.assertTrue(made)
        for path in set(made) - harness.REPORT - {p for p in made if p.endswith(".alt.txt")}:
            self.assertEqual(made[path], self.good[path])
        self.shard(2, 3, check=0)
        optreel("join", self.out, check=0)
        self.assertEqual(tree(self.out), self.good)

    def test_a_killed_one_is_run_again(self):
        dice = random.Random(4)
        for k in (2, 1):
            process = subprocess.Popen([harness.PROGRAM, "render", self.experiment, "-o", self.out, "--shard", f"{k}/2"], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
            time.sleep(dice.uniform(0.2, 1.0))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self.shard(k, 2, check=0)
        optreel("join", self.out, check=0)
        self.assertEqual(tree(self.out), self.good)

    def test_side_by_side(self):
        """Two at once; meanwhile nobody takes the folder for himself, and no shard is done twice."""
        running = [subprocess.Popen([harness.PROGRAM, "render", self.experiment, "-o", self.out, "-j", "1", "--shard", f"{k}/2"], stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for k in (1, 2)]
        while not all(os.path.exists(os.path.join(self.out, f".optreel/shard-{k}-of-2/manifest")) for k in (1, 2)):
            time.sleep(0.002)
        for command in (("render", self.experiment, "-o", self.out), ("render", self.experiment, "-o", self.out, "--shard", "1/2"), ("join", self.out)):
            optreel(*command, check=6)
        self.assertEqual([p.wait() for p in running], [0, 0])
        optreel("join", self.out, check=0)
        self.assertEqual(tree(self.out), self.good)

    def test_array_jobs_say_which_it_is(self):
        for name, variables, shard in (("Slurm", {"SLURM_ARRAY_TASK_ID": "12", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "10"}, "3 of 4"),
                                       ("AWS Batch", {"AWS_BATCH_JOB_ARRAY_INDEX": "0", "AWS_BATCH_JOB_ARRAY_SIZE": "2"}, "1 of 2"),
                                       ("Kubernetes", {"JOB_COMPLETION_INDEX": "4", "JOB_COMPLETIONS": "5"}, "5 of 5"),
                                       ("GitLab", {"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "6"}, "1 of 6")):
            done = optreel("run", self.experiment, "-o", self.path(name), "--shard", "auto", env={**os.environ, **variables}, check=0)
            self.assertIn(f"shard {shard}, from {name}", done.err)
        optreel("render", self.experiment, "-o", self.out, "--shard", "auto", check=2)
        optreel("render", self.experiment, "-o", self.out, "--shard", "auto", env={**os.environ, "JOB_COMPLETION_INDEX": "4"}, check=2)
        for bad in ("0/4", "5/4", "1/0", "x/2", "1/", "1", "1/2/3", "-1/2"):
            self.shard(*bad.split("/", 1) if bad.count("/") == 1 else (bad, ""), check=2) if "/" in bad else optreel(
                "render", self.experiment, "-o", self.out, "--shard", bad, check=2)
        self.assertFalse(os.path.exists(self.out))


class Report(Case):
    def test_it_is_rebuilt_from_the_folder(self):
        experiment, out = self.write("e.yaml", harness.SMALL.replace("length: 3", "length: 1")), self.path("out")
        optreel("render", experiment, "-o", out, check=0)
        good = tree(out)
        for name in harness.REPORT:
            os.remove(os.path.join(out, name))
        os.rename(experiment, self.path("elsewhere.yaml"))  # it is not needed
        optreel("report", out, check=0)
        self.assertEqual(tree(out), good)
        os.remove(os.path.join(out, "parabola-sgd.mp4"))
        optreel("report", out, check=1)
        films = {f["path"]: f for f in summary(out)["films"]}
        self.assertNotIn("parabola-sgd.mp4", {p for p, f in films.items() if f.get("sha256")})
        self.assertIn("parabola-adam.mp4", {p for p, f in films.items() if f.get("sha256")})

    def test_a_folder_without_a_plan(self):
        os.mkdir(self.path("none"))
        for command in ("join", "report"):
            self.assertIn("holds no plan", optreel(command, self.path("none"), check=3).err)
            optreel(command, check=2)

    def test_another_experiments_folder(self):
        one, two, out = self.write("one.yaml", harness.SMALL), self.write("two.yaml", harness.SMALL), self.path("out")
        optreel("run", one, "-o", out, check=0)
        before = tree(out, hidden=True)
        done = optreel("run", two, "-o", out, check=5)
        self.assertIn("holds what the experiment 'one' made", done.err)
        after = tree(out, hidden=True)
        for name in (".optreel/lock", ".optreel/manifest"):
            del before[name], after[name]
        self.assertEqual(after, before)
        optreel("run", two, "-o", out, "--force", check=0)
        optreel("run", one, "-o", out, check=5)


if __name__ == "__main__":
    harness.main()
