"""The assignment's numbers, through the program: experiment in, traces and logs out."""
import csv
import os
import re
import subprocess
import unittest

import harness
from harness import Case, optreel, summary

# assignment.md of the course, worked out with x = linspace(0, 1, 100) and no noise: alpha, beta, gamma after 5000 steps.
END_POINTS = {
    "sgd": (3.347, 4.045, 9.885),
    "momentum": (3.262, 4.522, 9.426),
    "nesterov": (3.262, 4.522, 9.426),
    "adagrad": (4.218, 0.250, 7.259),
}


class Assignment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.case = Case()
        cls.case.setUp()
        cls.addClassCleanup(cls.case.doCleanups)
        cls.out = cls.case.path("out")
        optreel("run", "assignment", "-o", cls.out, check=0)
        cls.runs = {r["name"]: r for r in summary(cls.out)["runs"]}

    def test_twelve_runs(self):
        names = {f"{p}/{o}" for p in ("quadratic", "badscale") for o in ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")}
        self.assertEqual(set(self.runs), names)

    def test_end_points_to_three_decimals(self):
        for optimizer, expected in END_POINTS.items():
            got = self.runs[f"quadratic/{optimizer}"]["parameters"]
            for name, value in zip(("alpha", "beta", "gamma"), expected):
                # The published table has 9.426 for momentum's 9.42546: a last digit is rounded up.
                self.assertLessEqual(abs(got[name] - value), 0.0006, f"{optimizer} {name}")

    def test_part_three_gamma_stays(self):
        for optimizer in ("sgd", "momentum", "nesterov"):
            run = self.runs[f"badscale/{optimizer}"]
            self.assertLess(abs(run["parameters"]["gamma"] - 6), 1e-3)
            self.assertEqual(run["truth"]["gamma"], 8e6)
        # The adaptive ones move it by about their learning rate a step, RMSProp by less still: its epsilon, 1e-6 inside the root, is
        # far above the square of such a gradient. Nothing of it counts against eight million.
        for optimizer, least in (("adagrad", 0.5), ("rmsprop", 0.005), ("adam", 0.5)):
            moved = abs(self.runs[f"badscale/{optimizer}"]["parameters"]["gamma"] - 6)
            self.assertGreater(moved, least)
            self.assertLess(moved, 100)

    def test_trace_and_log_tell_the_same(self):
        """Every parameter's gradient and new value, in the words of the assignment; the log's numbers are the trace's."""
        for run in self.runs.values():
            with open(os.path.join(self.out, run["trace"]), encoding="ascii", newline="") as f:
                rows = list(csv.DictReader(f))
            self.assertEqual([int(r["step"]) for r in rows], list(range(5001)))
            with open(os.path.join(self.out, run["log"]), encoding="utf-8") as f:
                log = f.read()
            blocks = re.split(r"^step (\d+)\n", log, flags=re.M)
            self.assertEqual(blocks[0], "")
            self.assertEqual([int(k) for k in blocks[1::2]], list(range(1, 5001)))
            for k in (1, 2, 777, 4999):
                block = blocks[2 * k]
                for name in ("alpha", "beta", "gamma"):
                    gradient = float(re.search(rf"^derivative of loss wrt {name}: (\S+)$", block, re.M).group(1))
                    value = float(re.search(rf"^new {name}: (\S+)$", block, re.M).group(1))
                    self.assertEqual(gradient, float(rows[k - 1]["grad_" + name]))
                    self.assertEqual(value, float(rows[k][name]))
            problem, optimizer = run["name"].split("/")
            last = re.search(rf"^MSE {problem} with {optimizer}: (\S+)$", log, re.M)
            self.assertEqual(float(last.group(1)), float(rows[-1]["loss"]))

    def test_sgd_follows_its_rule(self):
        with open(os.path.join(self.out, "traces/quadratic-sgd.csv"), encoding="ascii", newline="") as f:
            rows = list(csv.DictReader(f))
        for k in (0, 1, 100, 4999):
            for name in ("alpha", "beta", "gamma"):
                expected = float(rows[k][name]) - 0.01 * float(rows[k]["grad_" + name])
                self.assertAlmostEqual(float(rows[k + 1][name]), expected, delta=1e-14)


class Report(Case):
    def test_a_report_video_is_short_and_moves(self):
        """Twelve runs, two races and the table in less than a minute, of which at most 35 % stands still."""
        out = self.path("out")
        optreel("render", "assignment", "--only", "report", "--formats", "mp4", "--preset", "draft", "-o", out, check=0)
        path = os.path.join(out, "report.mp4")
        stream, container = harness.probe(path)
        seconds = float(container["duration"])
        self.assertLess(seconds, 60)
        self.assertGreater(seconds, 45)
        said = subprocess.run(["ffmpeg", "-hide_banner", "-nostats", "-i", path, "-vf", "freezedetect=n=-55dB:d=0.3", "-f", "null", "-"],
                              capture_output=True, check=True, text=True, timeout=harness.TIMEOUT).stderr
        starts = [float(s) for s in re.findall(r"freeze_start: ([0-9.]+)", said)]
        ends = [float(s) for s in re.findall(r"freeze_end: ([0-9.]+)", said)] + [seconds]  # the last page stands to the end
        still = sum(end - start for start, end in zip(starts, ends))
        self.assertGreater(still, 4)  # the table alone
        self.assertLessEqual(still / seconds, 0.35)


if __name__ == "__main__":
    harness.main()
