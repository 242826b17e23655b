"""A folder of real logs, where OPTREEL_LOGS_DIR names one: what its index.csv says of each must be found. Steps, and the
values at the first and the last of them; of a step that was logged several times the last value stands, so the first
value of a resumed run may be another."""
import csv
import os
import re
import sys
import unittest

import found

FOLDER = os.environ.get("OPTREEL_LOGS_DIR")
MESSAGES = {"damaged/crc/": "wrong checksum", "damaged/cut-last-line.jsonl": "no JSON", "damaged/cut/events": "the end is cut",
            "damaged/cut/mlflow.db": "database disk image is malformed", "damaged/resume/": "begins again from step 8",
            "damaged/zero-block/": "zeros are left out", "damaged/zero-tail/": "wrong checksum"}


def near(a, b):
    return a == b or abs(a - b) <= 1e-6 * max(abs(a), abs(b)) or (a != a and b != b)


@unittest.skipUnless(FOLDER, "OPTREEL_LOGS_DIR is not set")
class Index(found.Case):
    def check_values(self, runs, cell, resumed):
        for item in filter(None, cell.split(" | ")):
            name, first, first_step, last, last_step = re.match(r"(.*) (\S+?)@(-?\d+)\.\.(\S+?)@(-?\d+)$", item).groups()
            series = [r.series[n] for r in runs for n in r.series if n == name.split(": ")[-1]]
            good = [s for s in series if s.first and (s.first[0], s.last[0]) == (int(first_step), int(last_step)) and near(s.last[1], float(last)) and
                    (near(s.first[1], float(first)) or resumed)]
            self.assertTrue(good, f"{item}: {[(s.first, s.last) for s in series]}")

    def test_every_entry(self):
        with open(os.path.join(FOLDER, "index.csv"), encoding="utf-8", newline="") as f:
            entries = list(csv.DictReader(f))
        self.assertGreater(len(entries), 10)
        for entry in entries:
            with self.subTest(entry["file"]):
                runs = [r for r in self.found(os.path.join(FOLDER, entry["file"]), check=None) if r.steps]
                self.assertEqual(len(runs), int(entry["runs"]), self.done.err)
                for run in runs:
                    self.assertEqual(run.steps, int(entry["distinct_steps"]))
                    self.assertEqual((run.first, run.last), (int(entry["first_step"]), int(entry["last_step"])))
                repeated = int(entry["repeated_steps"] or 0) > 0
                self.check_values(runs, entry["loss_columns"], repeated and "begins again" in self.done.err)
                self.check_values(runs, entry["val_columns"], False)
                shown = any(s.role != "left out" for r in runs for s in r.series.values())
                self.assertEqual(self.done.returncode, 0 if shown else 3, self.done.err)
                for part, words in MESSAGES.items():
                    if entry["file"].startswith(part):
                        self.assertIn(words, self.done.err)


if __name__ == "__main__":
    if not FOLDER:
        print("OPTREEL_LOGS_DIR is not set: nothing to look at")
        sys.exit(0)
    found.main()
