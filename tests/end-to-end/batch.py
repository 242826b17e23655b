"""Batches: the same bytes however the work is cut, skipping, killing, signals, locks, workers that die, full disks."""
import os
import random
import re
import shutil
import signal
import subprocess
import time
import unittest

import harness
from harness import Case, optreel, parts, summary, tree


def start(*arguments, **more):
    return subprocess.Popen([harness.PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        return [int(p) for p in f.read().split()]


class SameBytes(Case):
    def test_one_worker_two_workers_another_folder(self):
        experiment = self.write("small.yaml", harness.SMALL)
        trees = []
        for folder, jobs in (("a", "1"), ("b", "2"), ("c", "3")):
            optreel("render", experiment, "-o", self.path(folder), "-j", jobs, check=0)
            trees.append(tree(self.path(folder)))
        self.assertGreaterEqual(len(trees[0]), 15)
        self.assertEqual(trees[0], trees[1])
        self.assertEqual(trees[0], trees[2])

    def test_a_german_locale_changes_nothing(self):
        experiment = self.write("small.yaml", harness.SMALL)
        optreel("run", experiment, "-o", self.path("a"), check=0)
        optreel("run", experiment, "-o", self.path("b"), check=0, env={**os.environ, "LC_ALL": "de_DE.UTF-8"})
        self.assertEqual(tree(self.path("a")), tree(self.path("b")))


class Resume(Case):
    def setUp(self):
        super().setUp()
        self.experiment = self.write("small.yaml", harness.SMALL)

    def test_nothing_changed_nothing_done(self):
        out = self.path("out")
        optreel("render", self.experiment, "-o", out, check=0)
        before = {p: os.stat(os.path.join(out, p)).st_mtime_ns for p in tree(out) if p not in harness.REPORT}
        again = optreel("render", self.experiment, "-o", out, check=0)
        self.assertIn("nothing to do", again.err)
        self.assertEqual(again.out.count("(up to date)"), 9)
        made = {p: os.stat(os.path.join(out, p)).st_ino for p in before}
        for p, moment in before.items():  # touched, for make
            self.assertGreater(os.stat(os.path.join(out, p)).st_mtime_ns, moment, p)
        optreel("render", self.experiment, "-o", out, check=0)
        self.assertEqual({p: os.stat(os.path.join(out, p)).st_ino for p in before}, made)
        os.remove(os.path.join(out, "parabola-sgd.mp4"))
        os.mkdir(os.path.join(out, "parabola-sgd.mp4"))
        moments = {p: os.stat(os.path.join(out, p)).st_mtime_ns for p in before}
        optreel("render", self.experiment, "-o", out, check=5)  # one fails: nothing is touched
        self.assertEqual({p: os.stat(os.path.join(out, p)).st_mtime_ns for p in before}, moments)

    def test_only_what_changed_is_made_again(self):
        out = self.path("out")
        optreel("render", self.experiment, "-o", out, check=0)
        before = {p: os.stat(os.path.join(out, p)).st_ino for p in tree(out)}  # what is up to date is touched
        optreel("render", self.experiment, "-o", out, "--set", "optimizers.adam.learning_rate=0.06", check=0)
        after = {p: os.stat(os.path.join(out, p)).st_ino for p in tree(out)}
        changed = {p for p in after if before.get(p) != after[p]} - harness.REPORT
        expected = {f"parabola-{n}.{e}" for n in ("adam", "race") for e in ("mp4", "gif", "png", "vtt", "alt.txt")}
        self.assertEqual(changed, expected | {"experiment.yaml", "traces/parabola-adam.csv", "logs/parabola-adam.log"})

    def test_a_damaged_file_is_made_again(self):
        out = self.path("out")
        optreel("render", self.experiment, "-o", out, check=0)
        good = tree(out)
        with open(os.path.join(out, "parabola-sgd.mp4"), "r+b") as f:
            f.seek(2000)
            f.write(b"damage")
        os.remove(os.path.join(out, "traces/parabola-adam.csv"))
        with open(os.path.join(out, ".optreel/manifest"), "r+b") as f:
            f.seek(-20, 2)
            f.write(b"x")
        optreel("render", self.experiment, "-o", out, check=0)
        after = tree(out)
        for p in harness.REPORT:  # they tell of the damaged manifest
            del good[p], after[p]
        self.assertEqual(good, after)

    def test_killed_at_any_moment(self):
        """kill -9 of everything: what is under a final name is whole, and the same command ends with the same bytes."""
        golden = self.path("golden")
        begin = time.monotonic()
        optreel("render", self.experiment, "-o", golden, check=0)
        whole = time.monotonic() - begin
        good = tree(golden)
        dice = random.Random(20)
        for round_ in range(6):
            out = self.path(f"killed-{round_}")
            process = start("render", self.experiment, "-o", out, start_new_session=True)
            time.sleep(whole * dice.uniform(0.05, 0.95))
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            for path, digest in (tree(out) if os.path.isdir(out) else {}).items():
                self.assertEqual(good.get(path), digest, f"{path} is under its final name, but not whole")
            optreel("render", self.experiment, "-o", out, check=0)
            self.assertEqual(tree(out), good)
            left = [name for name in os.listdir(os.path.join(out, ".optreel")) if not name.endswith(".story")]
            self.assertEqual(sorted(left), ["lock", "manifest", "plan"])
            shutil.rmtree(out)


class Many(Case):
    def test_thousands_of_films_take_little_memory(self):
        rates = ", ".join(repr(1e-4 + 1e-6 * i) for i in range(4999))
        experiment = self.write("e.yaml", "steps: 5\nproblems: {p: {model: a*x, start: {a: 1}, data: {x: [1, 2], truth: {a: 2}}}}\n"
                                f"optimizers: {{sgd: {{learning_rate: [{rates}]}}}}\nfilms: [{{each: run, length: 1, panels: [loss]}}]\n"
                                "output: {formats: [png], size: 64x64}\n")
        process = subprocess.Popen([harness.PROGRAM, "check", experiment], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        self.assertEqual(status, 0)
        if not os.environ.get("OPTREEL_SANITIZED"):
            self.assertLess(usage.ru_maxrss, 30000)  # kB


class Estimates(Case):
    def test_bytes_and_seconds_before_the_start(self):
        """Of films of one run and of a race, in sizes and lengths that differ: what check says is near what render makes."""
        for size, length, formats in (("320x180", 2, "[mp4, gif, webp, apng]"), ("960x540", 6, "[mp4, gif]"), ("640x360", 1, "{png: {frames: all}, pdf: {}}")):
            text = harness.SMALL.replace("length: 3", f"length: {length}").replace("[mp4, gif]", formats).replace("preset: draft", f"preset: draft\n  size: {size}")
            experiment, out = self.write("e.yaml", text), self.path(size)
            plan = optreel("check", experiment, check=0).out
            said = re.search(r"on the disk about ([0-9.]+) (kB|MB)", plan)
            self.assertRegex(plan, r"time about [0-9.]+ (s|min) with \d+ worker")
            done = optreel("render", experiment, "-o", out, check=0)
            made = sum(os.path.getsize(os.path.join(out, p)) for p in tree(out))
            said = float(said[1]) * (1e3 if said[2] == "kB" else 1e6)
            self.assertTrue(0.4 < said / made < 2.5, f"{size}: {said} said, {made} made")
            self.assertRegex(done.err, r"optreel: 2 runs and \d+ files to make: about [0-9.]+ s with")
        self.assertNotIn("to make", optreel("render", experiment, "-o", out, check=0).err)

    def test_shards(self):
        """From how long the files of the folder took. A film of one segment cannot be cut: of so many shards most have nothing to do."""
        experiment, out = self.write("e.yaml", harness.SMALL), self.path("out")
        share = lambda n: re.search(r"(?m)^(\d+) shards: (\d+) % efficient; .* \(times of (\d+) of (\d+) files", optreel("check", experiment, "--shards", str(n), "-o", out, check=0).out).groups()
        self.assertEqual(share(1)[:3], ("1", "100", "0"))
        optreel("render", experiment, "-o", out, check=0)
        one, two, many = share(1), share(2), share(60)
        self.assertEqual(one[1], "100")
        self.assertEqual(two[2:], ("12", "12"))
        self.assertTrue(100 > int(two[1]) > int(many[1]), (two, many))
        self.assertLess(int(many[1]), 30)


class Upkeep(Case):
    def test_what_is_no_longer_made(self):
        experiment, out = self.write("e.yaml", harness.SMALL.replace("length: 3", "length: 1")), self.path("out")
        optreel("render", experiment, "-o", out, check=0)
        self.write("out/notes.txt", "mine")
        self.write("e.yaml", harness.SMALL.replace("length: 3", "length: 1").replace("  adam: {learning_rate: 0.05}\n", "").replace("[mp4, gif]", "[mp4]"))
        stale = {"parabola-adam.mp4", "parabola-adam.gif", "parabola-adam.png", "parabola-adam.vtt", "parabola-adam.alt.txt", "traces/parabola-adam.csv",
                 "parabola-sgd.gif", "parabola-race.gif"}
        partly = optreel("render", experiment, "-o", out, "--only", "parabola-sgd", check=0)
        self.assertNotIn("no longer", partly.err)
        done = optreel("render", experiment, "-o", out, check=0)
        self.assertIn("8 files in", done.err)
        self.assertIn("no longer made by this experiment (--prune removes): ", done.err)
        self.assertTrue(all(os.path.exists(os.path.join(out, p)) for p in stale))
        for part in (["--only", "*"], ["--formats", "mp4"], ["--preset", "draft"]):
            optreel("render", experiment, "-o", out, "--prune", *part, check=2)
        before = tree(out)
        done = optreel("render", experiment, "-o", out, "--prune", check=0)
        self.assertIn("8 files in", done.err)
        self.assertEqual(set(before) - set(tree(out)), stale | {"logs/parabola-adam.log"})
        self.assertNotIn("no longer", optreel("render", experiment, "-o", out, check=0).err)

    def test_the_report_tells_of_the_whole(self):
        """After --only and --formats, too, it lists what the folder holds; what is not there is not told of."""
        experiment, out = self.write("e.yaml", harness.SMALL.replace("length: 3", "length: 1")), self.path("out")
        told = lambda: ([r["name"] for r in summary(out)["runs"]], {f["path"] for f in summary(out)["films"]})
        optreel("render", experiment, "-o", out, "--only", "parabola-adam", check=0)
        adam = {f"parabola-adam.{e}" for e in ("mp4", "gif", "png")}
        self.assertEqual(told(), (["parabola/adam"], adam))
        optreel("render", experiment, "-o", out, "--only", "parabola-sgd", "--formats", "mp4", check=0)
        some = adam | {"parabola-sgd.mp4", "parabola-sgd.png"}
        self.assertEqual(told(), (["parabola/sgd", "parabola/adam"], some))
        with open(os.path.join(out, "index.html"), encoding="utf-8") as f:
            page = f.read()
        self.assertEqual([p for p in sorted(some) if f'"{p}"' not in page], [])
        self.assertNotIn("parabola-sgd.gif", page)
        os.remove(os.path.join(out, "parabola-adam.mp4"))
        optreel("render", experiment, "-o", out, "--only", "parabola-race", "--formats", "webp", check=0)
        self.assertEqual(told()[1], some - {"parabola-adam.mp4"} | {"parabola-race.webp", "parabola-race.png"})
        optreel("render", experiment, "-o", out, check=0)
        full = summary(out)
        optreel("render", experiment, "-o", out, "--only", "*sgd", check=0)
        self.assertEqual(summary(out), full)

    def test_make_runs_once(self):
        """A rule with what --deps says: nothing to do the second time; something after an input has changed."""
        self.write("d $1.csv", "x,y\n" + "".join(f"{k},{2 * k}\n" for k in range(9)))
        self.write("e.yaml", "steps: 9\nproblems: {p: {model: a*x, start: {a: 1}, data: {file: 'd $1.csv', response: y}}}\noptimizers: {sgd: {learning_rate: 0.001}}\n"
                   "films: [{length: 1}]\noutput: {formats: [mp4], preset: draft}\n")
        self.write("Makefile", f"out/p-sgd.mp4:\n\t'{harness.PROGRAM}' render e.yaml -o out --deps e.d\n-include e.d\n")
        make = lambda: subprocess.run(["make", "out/p-sgd.mp4"], cwd=self.folder, capture_output=True, check=True, text=True).stdout
        self.assertIn("render e.yaml", make())
        with open(self.path("e.d"), encoding="utf-8") as f:
            text = f.read()
        for words in ("out/p-sgd.mp4", "e.yaml", "./d\\ $$1.csv"):
            self.assertIn(words, text)
        self.assertIn("up to date", make())
        os.utime(self.path("d $1.csv"), (time.time() + 5, time.time() + 5))
        time.sleep(0.01)
        os.utime(self.path("d $1.csv"))
        self.assertIn("render e.yaml", make())
        self.assertIn("up to date", make())


class Frames(Case):
    FILM = harness.SMALL.replace("formats: [mp4, gif]", "formats: {png: {frames: all}}").replace("length: 3", "length: 2")

    def test_a_failure_leaves_the_frames_of_before(self):
        experiment, out = self.write("e.yaml", self.FILM), self.path("out")
        optreel("render", experiment, "-o", out, "--only", "parabola-sgd", check=0)
        before = tree(os.path.join(out, "parabola-sgd.frames"))
        self.assertGreater(len(before), 30)
        self.write("out/parabola-sgd.frames/notes.txt", "mine")
        done = optreel("render", experiment, "-o", out, "--only", "parabola-sgd", "--set", "output.max_size=2 kB", check=1)
        self.assertIn("cannot be made to fit", done.err)
        optreel("render", experiment, "-o", out, "--only", "parabola-sgd", check=0)
        after = tree(os.path.join(out, "parabola-sgd.frames"))
        self.assertEqual(after.pop("notes.txt") and after, before)

    def test_killed_at_any_moment_they_are_old_or_new(self):
        experiment, golden = self.write("e.yaml", self.FILM), []
        for name, rate in (("old", "0.1"), ("new", "0.2")):
            optreel("render", experiment, "-o", self.path(name), "--only", "parabola-sgd", "--set", f"optimizers.sgd.learning_rate={rate}", check=0)
            golden.append(tree(self.path(name, "parabola-sgd.frames")))
        dice = random.Random(5)
        for round_ in range(8):
            out = self.path(f"killed-{round_}")
            shutil.copytree(self.path("old"), out)
            process = start("render", experiment, "-o", out, "--only", "parabola-sgd", "--set", "optimizers.sgd.learning_rate=0.2", start_new_session=True)
            time.sleep(dice.uniform(0.05, 0.8))
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            self.assertIn(tree(os.path.join(out, "parabola-sgd.frames")), golden)


class Signals(Case):
    def setUp(self):
        super().setUp()
        self.experiment = self.write("long.yaml", harness.SMALL.replace("length: 3", "length: 30").replace("steps: 300", "steps: 3000"))

    def test_interrupt_terminate_hangup(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            out = self.path(number.name)
            process = start("render", self.experiment, "-o", out)
            time.sleep(1.0)
            begin = time.monotonic()
            process.send_signal(number)
            _, err = process.communicate(timeout=harness.TIMEOUT)
            self.assertLess(time.monotonic() - begin, 2.5)
            self.assertEqual(process.returncode, -number)
            self.assertIn("interrupted", err.decode())
            self.assertEqual(parts(out), [])

    def test_workers_die_with_their_supervisor(self):
        process = start("render", self.experiment, "-o", self.path("out"), "-j", "2")
        time.sleep(1.0)
        workers = children(process.pid)
        self.assertTrue(workers)
        process.kill()
        process.communicate()
        deadline = time.monotonic() + 2.0
        while any(os.path.exists(f"/proc/{w}") for w in workers) and time.monotonic() < deadline:
            time.sleep(0.05)
        for worker in workers:
            state = ""
            if os.path.exists(f"/proc/{worker}/stat"):
                with open(f"/proc/{worker}/stat", encoding="ascii") as f:
                    state = f.read().rsplit(")", 1)[1].split()[0]
            self.assertIn(state, ("", "Z", "X"))

    def test_a_killed_worker_costs_nothing(self):
        out = self.path("out")
        process = start("render", self.experiment, "-o", out, "-j", "2", "--only", "parabola-sgd", "--set", "films.0.length=15")
        time.sleep(1.0)
        for worker in children(process.pid)[:1]:
            os.kill(worker, signal.SIGKILL)
        _, err = process.communicate(timeout=harness.TIMEOUT)
        self.assertEqual(process.returncode, 0, err.decode())
        self.assertEqual(parts(out), [])


class Folder(Case):
    def setUp(self):
        super().setUp()
        self.experiment = self.write("small.yaml", harness.SMALL)

    def test_in_use(self):
        out = self.path("out")
        long = self.write("long.yaml", harness.SMALL.replace("length: 3", "length: 30"))
        process = start("render", long, "-o", out)
        time.sleep(0.7)
        second = optreel("render", self.experiment, "-o", out, check=6)
        self.assertIn(f"in use by process {process.pid}", second.err)
        process.send_signal(signal.SIGTERM)
        process.communicate()

    def test_what_others_made_is_left_alone(self):
        out = self.path("thesis")
        os.mkdir(out)
        self.write("thesis/chapter.tex", "precious")
        refused = optreel("render", self.experiment, "-o", out, check=5)
        self.assertIn("--force", refused.err)
        self.assertEqual(os.listdir(out), ["chapter.tex"])

    def test_a_file_in_the_place_of_the_folder(self):
        out = self.write("file", "precious")
        optreel("render", self.experiment, "-o", out, check=5)
        optreel("render", self.experiment, "-o", os.path.join(out, "below"), check=5)

    def test_a_link_is_replaced_and_a_folder_refused(self):
        out = self.path("out")
        precious = self.write("precious", "keep me")
        optreel("run", self.experiment, "-o", out, check=0)
        os.symlink(precious, os.path.join(out, "parabola-sgd.png"))
        os.mkdir(os.path.join(out, "parabola-adam.png"))
        done = optreel("render", self.experiment, "-o", out, check=5)
        self.assertIn("parabola-adam.png", done.err)
        with open(precious, encoding="ascii") as f:
            self.assertEqual(f.read(), "keep me")
        self.assertFalse(os.path.islink(os.path.join(out, "parabola-sgd.png")))
        self.assertTrue(os.path.exists(os.path.join(out, "parabola-adam.mp4")))
        failed = [f for f in summary(out)["films"] if f.get("failure")]
        self.assertEqual([f["path"] for f in failed], ["parabola-adam.png"])

    def test_closed_standard_descriptors(self):
        for redirect in (">&-", "2>&-", "<&-", ">&- 2>&-", ">&- 2>&- <&-"):
            out = self.path("closed")
            code = subprocess.run(f"'{harness.PROGRAM}' render '{self.experiment}' -o '{out}' {redirect}", shell=True, timeout=harness.TIMEOUT,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
            self.assertEqual(code, 0, redirect)
            stream, _ = harness.probe(os.path.join(out, "parabola-sgd.mp4"))
            self.assertEqual(int(stream["nb_read_frames"]), 90)
            shutil.rmtree(out)

    def test_a_reader_that_goes_away(self):
        code = subprocess.run(f"'{harness.PROGRAM}' render '{self.experiment}' -o '{self.path('out')}' | head -n 1; exit ${{PIPESTATUS[0]}}",
                              shell=True, executable="/bin/bash", timeout=harness.TIMEOUT, capture_output=True).returncode
        self.assertEqual(code, 0)


class FullDisk(Case):
    """A small tmpfs as the disk; needs the right to mount one."""

    def setUp(self):
        super().setUp()
        self.experiment = self.write("small.yaml", harness.SMALL)
        self.disk = self.path("disk")
        os.mkdir(self.disk)

    def mount(self, size):
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.disk], capture_output=True, text=True)
        if done.returncode != 0:
            self.skipTest("no right to mount: " + done.stderr.strip())

    def unmount(self):
        subprocess.run(["umount", "-l", self.disk], capture_output=True)

    def test_refused_beforehand(self):
        self.mount("300k")
        try:
            done = optreel("render", self.experiment, "-o", os.path.join(self.disk, "out"), check=5)
            self.assertRegex(done.err, r"about [0-9.]+ MB are needed .* [0-9.]+ MB are free")
            self.assertEqual(os.listdir(self.disk), [])
        finally:
            self.unmount()

    def test_full_in_the_middle(self):
        """With --force the estimate does not count; what is there afterwards is whole."""
        good = self.path("good")
        optreel("render", self.experiment, "-o", good, check=0)
        golden = tree(good)
        for size in ("64k", "160k", "320k", "480k"):
            self.mount(size)
            try:
                out = os.path.join(self.disk, "out")
                done = optreel("render", self.experiment, "-o", out, "--force", check=5)
                self.assertIn("No space left on device", done.err)
                self.assertRegex(done.err, r"needed")
                self.assertEqual(parts(out), [])
                for path, digest in tree(out).items():
                    if path not in harness.REPORT:
                        self.assertEqual(golden[path], digest, path)
            finally:
                self.unmount()


if __name__ == "__main__":
    harness.main()
