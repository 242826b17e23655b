"""NIST's certified nonlinear regression: the folder that OPTREEL_NIST_DIR names holds data files, as many as there are, and a
table of them (summary.csv: name, formula, n_obs, start1, start2, certified, certified_sd, certified_rss)."""
import csv
import math
import os
import re
import unittest

import harness
from harness import Case, optreel, summary

FOLDER = os.environ.get("OPTREEL_NIST_DIR")
FIRST_DATA_LINE = 60
STEPS = 20000
ROUNDING = 1e-20  # a certified sum of squares below it is that of rounding: deviations have fewer digits


@unittest.skipUnless(FOLDER, "OPTREEL_NIST_DIR is not set")
class Nist(Case):
    def write_set(self, row):
        """The points as a table, and the problem's lines: a second predictor comes with the logarithm of the response (Nelson)."""
        with open(os.path.join(FOLDER, row["name"] + ".dat"), encoding="ascii") as f:
            points = [line.split() for line in f.read().split("\n")[FIRST_DATA_LINE:FIRST_DATA_LINE + int(row["n_obs"])]]
        two = len(points[0]) == 3
        rows = "".join(",".join(p[1:] + p[:1]) + "\n" for p in points)
        self.write(row["name"] + ".csv", ("x1,x2,y\n" if two else "x,y\n") + rows)
        return f"    data: {{file: {row['name']}.csv, response: {'log(y)' if two else 'y'}}}\n"

    def runs(self, row, names, optimizer):
        text = f"steps: {STEPS}\nstop: {{change: 1e-300}}\nrecord: {{rows: 100}}\nproblems:\n"
        data = self.write_set(row)
        for start in ("start1", "start2"):
            begin = ", ".join(f"{n}: {v}" for n, v in zip(names, row[start].split()))
            text += f"  {start}:\n    model: {row['formula']}\n    start: {{{begin}}}\n    loss: sse\n{data}"
        out = self.path(row["name"])
        optreel("run", self.write("e.yaml", text + f"optimizers:\n  o: {optimizer}\n"), "-o", out, "-q", "--force", check=0)
        return summary(out)["runs"]

    def missed(self, optimizer):
        """The starts from which a parameter is not met to four digits. Where all are met to six, so are their standard errors to
        five and the residual standard deviation to six."""
        missed = []
        with open(os.path.join(FOLDER, "summary.csv"), encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f):
                names = sorted(set(re.findall(r"b\d", row["formula"])))
                certified = dict(zip(names, map(float, row["certified"].split())))
                for run in self.runs(row, names, optimizer):
                    away = max(abs(run["parameters"][n] / v - 1) for n, v in certified.items())
                    if away > 1e-4:
                        missed.append(row["name"] + " " + run["problem"])
                    if away <= 1e-6:
                        self.check_fit(row, names, run["fit"])
        return missed

    def check_fit(self, row, names, fit):
        exact = float(row["certified_rss"]) < ROUNDING
        self.assertTrue(fit["arrived"], row["name"])
        for name, sd in zip(names, map(float, row["certified_sd"].split())):
            self.assertAlmostEqual(fit["standard_errors"][name] / sd, 1, delta=1e-2 if exact else 1e-5, msg=row["name"] + " " + name)
        certified = math.sqrt(float(row["certified_rss"]) / (int(row["n_obs"]) - len(names)))
        self.assertAlmostEqual(fit["residual_sd"] / certified, 1, delta=1e-2 if exact else 1e-6, msg=row["name"])

    def check_misses(self, optimizer, most):
        missed = self.missed(optimizer)
        self.assertLessEqual(len(missed), most, missed)

    def test_levenberg_marquardt(self):
        self.check_misses("{kind: levenberg-marquardt}", 1)

    def test_gauss_newton(self):
        self.check_misses("{kind: gauss-newton}", 3)

    def test_newton(self):
        self.check_misses("{kind: newton}", 6)

    def test_lbfgs(self):
        self.check_misses("{kind: lbfgs, line_search: strong-wolfe}", 8)


if __name__ == "__main__":
    harness.main()
