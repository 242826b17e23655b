"""The supervisor and its workers: whatever happens to a worker costs its unit at most, signals end a batch cleanly or not at all, and nobody who does not read holds it up."""
import json
import os
import shutil
import signal
import subprocess
import time
import unittest

import harness
from harness import Case, optreel, parts, tree

# Films of runs and a race, as frames, too, and as a PDF, which wants a process of its own.
MIXED = harness.SMALL.replace("formats: [mp4, gif]", "formats: {mp4: {}, png: {frames: all}, pdf: {}}").replace("length: 3", "length: 1")


def start(*arguments, **more):
    return subprocess.Popen([harness.PROGRAM, *arguments], stdin=subprocess.DEVNULL, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more})


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [int(p) for p in f.read().split()]
    except FileNotFoundError:
        return []


def is_worker(pid):
    """It has become a worker: before that it is still a copy of its supervisor."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            return b"--worker" in f.read()
    except (FileNotFoundError, ProcessLookupError):
        return False


def new_workers(process, seen):
    """Workers that were not seen before; waits for one, or for the end. The list is then seen."""
    while process.poll() is None:
        fresh = [p for p in children(process.pid) if p not in seen and is_worker(p)]
        seen.update(fresh)
        if fresh:
            return fresh
    return []


class Workers(Case):
    def setUp(self):
        super().setUp()
        self.experiment = self.write("mixed.yaml", MIXED)
        optreel("render", self.experiment, "-o", self.path("golden"), check=0)
        self.good = tree(self.path("golden"))

    def end(self, process, code=0):
        out, err = process.communicate(timeout=harness.TIMEOUT)
        self.assertEqual(process.returncode, code, err.decode())
        return out.decode(), err.decode()

    def test_workers_that_die_before_they_are_ready(self):
        for kills in (1, 3):
            out, seen, killed = self.path(f"out-{kills}"), set(), 0
            process = start("render", self.experiment, "-o", out, "-j", "1")
            while killed < kills and (fresh := new_workers(process, seen)):
                for worker in fresh:
                    os.kill(worker, signal.SIGKILL)
                    killed += 1
            self.end(process)
            self.assertEqual(killed, kills)
            self.assertEqual(tree(out), self.good)

    def test_a_worker_that_dies_with_work_costs_nothing(self):
        """Killed once it has drawn a segment: its unit is done by another, and the bytes are the same."""
        out, seen, killed = self.path("out"), set(), 0
        process = start("render", self.experiment, "-o", out, "-j", "1")
        while process.poll() is None and killed < 1:
            working = any(name.endswith(".part") for name in os.listdir(os.path.join(out, ".optreel"))) if os.path.isdir(os.path.join(out, ".optreel")) else False
            workers = [p for p in children(process.pid) if is_worker(p)]
            if working and workers:
                os.kill(workers[0], signal.SIGKILL)
                killed += 1
        self.end(process)
        self.assertEqual(killed, 1)
        self.assertEqual(tree(out), self.good)

    def test_a_worker_that_stands_still_meets_the_timeout(self):
        out, seen = self.path("out"), set()
        process = start("render", self.experiment, "-o", out, "-j", "1", "--timeout", "4")
        first = new_workers(process, seen)
        begin = time.monotonic()
        os.kill(first[0], signal.SIGSTOP)
        self.end(process)
        self.assertGreater(time.monotonic() - begin, 4)
        self.assertEqual(tree(out), self.good)

    def test_asked_to_leave_it_goes_on_later(self):
        out = self.path("out")
        process = start("render", self.experiment, "-o", out, "-j", "1")
        while not os.path.isdir(os.path.join(out, "traces")):
            time.sleep(0.005)
        process.send_signal(signal.SIGUSR1)
        _, err = self.end(process, 75)
        self.assertIn("left early", err)
        self.assertEqual(parts(out), [])
        self.assertLess(set(tree(out)), set(self.good))
        optreel("render", self.experiment, "-o", out, check=0)
        self.assertEqual(tree(out), self.good)


class Inputs(Case):
    """What is replaced while the program runs fails what would be made of it, and poisons nothing."""

    def begin(self, *formats):
        self.experiment = self.write("e.yaml", harness.SMALL.replace("[mp4, gif]", f"[{', '.join(formats)}]").replace("length: 3", "length: 1").replace(
            "preset: draft", "preset: draft\n  font: f.ttf") + "runs: {add: [{trace: t.csv, name: t, problem: parabola}]}\n")
        shutil.copy("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", self.path("f.ttf"))
        self.write("t.csv", "step,loss,alpha,beta,gamma\n" + "".join(f"{k},{9 / (k + 1)},{k},1,2\n" for k in range(20)))
        optreel("render", self.experiment, "-o", self.path("good"), check=0)
        return start("render", self.experiment, "-o", self.path("out"), "-j", "1")

    def replaced(self, process, name, other, wanted):
        """Once the first worker has read it."""
        os.rename(self.path(name), self.path("kept"))
        shutil.copy(other, self.path(name))
        _, err = process.communicate(timeout=harness.TIMEOUT)
        self.assertEqual(process.returncode, wanted[0], err.decode())
        self.assertIn(wanted[1], err.decode())
        os.rename(self.path("kept"), self.path(name))
        optreel("render", self.experiment, "-o", self.path("out"), check=0)
        self.assertEqual(tree(self.path("out")), tree(self.path("good")))

    def until(self, *names):
        deadline = time.monotonic() + 60
        while not os.path.exists(self.path("out", *names)) and time.monotonic() < deadline:
            time.sleep(0.001)

    def test_a_font(self):
        """PDFs are drawn in fresh processes, which read it anew."""
        process = self.begin("pdf")
        self.until("traces")
        self.replaced(process, "f.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf", (4, "a font file changed while the program ran"))

    def test_a_trace(self):
        """Its film is made of what was read, but its copy would be of another."""
        process = self.begin("mp4", "gif")
        self.until("traces", "parabola-t.csv")
        self.replaced(process, "t.csv", self.write("other.csv", "step,loss,alpha,beta,gamma\n0,1,1,1,1\n1,1,1,1,1\n"), (1, "t.csv' changed while the program ran"))


class Signals(Case):
    def setUp(self):
        super().setUp()
        self.experiment = self.write("small.yaml", harness.SMALL)

    def test_what_is_ignored_stays_ignored(self):
        """nohup ignores HUP, a shell's & ignores INT."""
        for number in (signal.SIGHUP, signal.SIGINT):
            process = start("render", self.experiment, "-o", self.path(number.name), preexec_fn=lambda n=number: signal.signal(n, signal.SIG_IGN))
            time.sleep(0.4)
            process.send_signal(number)
            _, err = process.communicate(timeout=harness.TIMEOUT)
            self.assertEqual(process.returncode, 0, err.decode())

    def test_a_second_one_leaves_nothing_behind(self):
        for round_ in range(8):
            out = self.path(f"out-{round_}")
            process = start("render", self.experiment, "-o", out, "--set", "films.0.length=20")
            time.sleep(0.6)
            process.send_signal(signal.SIGINT)
            time.sleep(0.004 * round_)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=harness.TIMEOUT)
            self.assertEqual(process.returncode, -signal.SIGINT)
            self.assertEqual(parts(out), [])


class Events(Case):
    def test_lines_of_json(self):
        """Each run, file and failure is a line of its own, and the end with its code."""
        experiment = self.write("small.yaml", harness.SMALL.replace("length: 3", "length: 1"))
        out = self.path("out")
        os.makedirs(os.path.join(out, "parabola-adam.gif"))
        done = optreel("render", experiment, "-o", out, "--force", "--progress", "json", check=5)
        events = [json.loads(line) for line in done.err.splitlines() if line.startswith("{")]
        by_kind = {kind: [e for e in events if e.get("event") == kind] for kind in ("run", "file", "failure", "end", "progress")}
        self.assertEqual({e["name"]: e["status"] for e in by_kind["run"]}, {"parabola/sgd": "finished", "parabola/adam": "finished"})
        self.assertEqual([e["what"] for e in by_kind["failure"]], ["parabola-adam.gif"])
        self.assertEqual(by_kind["failure"][0]["code"], 5)
        self.assertEqual({e["path"]: e["sha256"] for e in by_kind["file"]}, {f["path"]: f["sha256"] for f in harness.summary(out)["films"] if f["sha256"]})
        self.assertEqual([e["code"] for e in by_kind["end"]], [5])
        self.assertIs(events[-1], by_kind["end"][0])


class Readers(Case):
    def test_nobody_reads_the_messages(self):
        """Standard error is a full pipe: the films are made, and the end comes soon after."""
        experiment = self.write("small.yaml", harness.SMALL)
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        try:
            while True:
                os.write(writing, b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(writing, True)
        process = start("render", experiment, "-o", self.path("out"), "--progress", "always", stderr=writing)
        begin = time.monotonic()
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertLess(time.monotonic() - begin, 30)
        self.assertTrue(os.path.exists(self.path("out/summary.json")))
        os.close(reading)
        os.close(writing)

    def test_results_wait_for_a_slow_reader(self):
        """Standard output is a pipe that is full until the work is done: every line arrives all the same."""
        experiment = self.write("small.yaml", harness.SMALL)
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        filled = 0
        try:
            while True:
                filled += os.write(writing, b"x" * 4096)
        except BlockingIOError:
            os.set_blocking(writing, True)
        process = start("render", experiment, "-o", self.path("out"), stdout=writing)
        os.close(writing)
        deadline = time.monotonic() + 60
        while not os.path.exists(self.path("out/summary.json")) and time.monotonic() < deadline:
            time.sleep(0.05)
        with os.fdopen(reading, "rb") as f:
            text = f.read()[filled:].decode()
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(len(text.splitlines()), 9, text)

    def test_a_folder_with_escapes_is_shown_as_what_it_is(self):
        experiment = self.write("small.yaml", harness.SMALL)
        done = optreel("run", experiment, "-o", self.path("a\x1b[31m\nx"), check=0)
        self.assertNotIn("\x1b", done.out + done.err)
        self.assertIn("a\\x1b[31m\\x0ax", done.err)


class Program(Case):
    def test_replaced_while_it_runs(self):
        """The workers are the program that was started, whatever has its name by now; the new one does not believe what the old one made."""
        experiment = self.write("small.yaml", harness.SMALL)
        program, other = self.path("program"), self.path("other")
        for name in os.listdir(os.path.dirname(harness.PROGRAM)):
            if name == os.path.basename(harness.PROGRAM) or ".so" in name:
                shutil.copy2(os.path.join(os.path.dirname(harness.PROGRAM), name), self.path(name))
        os.rename(self.path(os.path.basename(harness.PROGRAM)), program)
        with open(other, "w", encoding="ascii") as f:
            f.write("#!/bin/sh\nexit 99\n")
        os.chmod(other, 0o755)
        process = subprocess.Popen([program, "render", experiment, "-o", self.path("out")], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.rename(other, program)
        _, err = process.communicate(timeout=harness.TIMEOUT)
        self.assertEqual(process.returncode, 0, err.decode())
        again = optreel("render", experiment, "-o", self.path("out"), check=0)
        self.assertIn("nothing to do", again.err)


if __name__ == "__main__":
    harness.main()
