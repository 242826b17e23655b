"""NIST's certified nonlinear regression: the folder that OPTREEL_NIST_DIR names holds the data files and summary.csv."""
import csv
import os
import re
import unittest

import harness
from harness import Case, optreel, summary

FOLDER = os.environ.get("OPTREEL_NIST_DIR")
FIRST_DATA_LINE = 60


@unittest.skipUnless(FOLDER, "OPTREEL_NIST_DIR is not set")
class Nist(Case):
    def solved(self, optimizer, start, steps=3000):
        """How many sets are met to six digits in every parameter, and with them to five digits in every standard error and to six
        in the residual standard deviation."""
        count = 0
        with open(os.path.join(FOLDER, "summary.csv"), encoding="utf-8", newline="") as f:
            sets = list(csv.DictReader(f))
        for row in sets:
            with open(os.path.join(FOLDER, row["name"] + ".dat"), encoding="ascii") as f:
                points = [line.split() for line in f.read().split("\n")[FIRST_DATA_LINE:FIRST_DATA_LINE + int(row["n_obs"])]]
            self.write("points.csv", "x,y\n" + "".join(f"{p[1]},{p[0]}\n" for p in points))
            names = sorted(set(re.findall(r"b\d", row["formula"])))
            begin = ", ".join(f"{n}: {v}" for n, v in zip(names, row[start].split()))
            text = f"steps: {steps}\nproblems:\n  p:\n    model: {row['formula']}\n    start: {{{begin}}}\n    loss: sse\n"
            text += f"    data: {{file: points.csv, columns: {{x: x, y: y}}, response: y}}\noptimizers:\n  o: {optimizer}\n"
            out = self.path(row["name"] + start)
            optreel("run", self.write("e.yaml", text), "-o", out, "-q", "--force", check=0)
            run = summary(out)["runs"][0]
            certified = dict(zip(names, map(float, row["certified"].split())))
            if all(abs(run["parameters"][n] - v) <= 1e-6 * abs(v) for n, v in certified.items()):
                self.check_fit(row, names, run["fit"])
                count += 1
        return count, len(sets)

    def check_fit(self, row, names, fit):
        for name, sd in zip(names, map(float, row["certified_sd"].split())):
            self.assertAlmostEqual(fit["standard_errors"][name] / sd, 1, delta=1e-5, msg=row["name"] + " " + name)
        certified = (float(row["certified_rss"]) / (int(row["n_obs"]) - len(names))) ** 0.5
        self.assertAlmostEqual(fit["residual_sd"] / certified, 1, delta=1e-6, msg=row["name"])

    def test_levenberg_marquardt(self):
        self.assertGreaterEqual(self.solved("{kind: levenberg-marquardt}", "start1")[0], 9)
        count, all_of_them = self.solved("{kind: levenberg-marquardt}", "start2")
        self.assertEqual(count, all_of_them)

    def test_lbfgs(self):
        self.assertGreaterEqual(self.solved("{kind: lbfgs, line_search: strong-wolfe}", "start1")[0], 6)
        self.assertGreaterEqual(self.solved("{kind: lbfgs, line_search: strong-wolfe}", "start2")[0], 6)

    def test_newton_and_gauss_newton(self):
        self.assertGreaterEqual(self.solved("{kind: newton}", "start2", 500)[0], 9)
        self.assertGreaterEqual(self.solved("{kind: gauss-newton}", "start2", 500)[0], 9)


if __name__ == "__main__":
    harness.main()
