"""Fair races, through the program: tuned rates, the built-in experiments `modern` and `matrix`, rules that know matrices."""
import csv
import filecmp
import os
import unittest

from harness import Case, optreel, summary

VALLEY = """\
steps: 200
report: {times: false}
problems:
  valley: {objective: (1-x)^2 + 10*(y-x^2)^2, start: {x: -1.2, y: 1}}
optimizers:
  sgd: {learning_rate: %s}
  adam: {learning_rate: %s}
films: [{each: problem, name: race, panels: [loss], length: 2}]
output: {formats: [gif], preset: draft}
"""
TUNE = "{tune: [0.001, 0.5], trials: 12}"


def results(folder):
    return {r["name"]: r for r in summary(folder)["runs"]}


class Races(Case):
    def test_the_rate_that_was_chosen(self):
        out, again = self.path("out"), self.path("again")
        optreel("render", self.write("e.yaml", VALLEY % (TUNE, TUNE)), "-o", out, "-q", check=0)
        tuned = results(out)
        self.assertEqual(set(tuned), {"valley/sgd", "valley/adam"})  # trials are no runs
        for run in tuned.values():
            self.assertEqual(run["tuned"], {"from": 0.001, "to": 0.5, "trials": 12})
            self.assertTrue(0.001 <= run["hyperparameters"]["learning_rate"] <= 0.5)
        rates = [tuned[f"valley/{o}"]["hyperparameters"]["learning_rate"] for o in ("sgd", "adam")]
        self.assertNotEqual(*rates)
        optreel("render", self.write("f.yaml", VALLEY % tuple(map(repr, rates))), "-o", again, "-q", check=0)
        for name, run in results(again).items():  # given, the same rate makes the same run
            self.assertIsNone(run["tuned"])
            self.assertEqual(run["loss"], tuned[name]["loss"])
            self.assertEqual(run["hyperparameters"], tuned[name]["hyperparameters"])
        with open(os.path.join(out, "index.html"), encoding="utf-8") as f:
            self.assertIn("(best of 12)", f.read())
        # no given rate of the same range, both ends included, ends much better than the best of twelve
        done = optreel("run", self.write("g.yaml", VALLEY % ((str([0.001, 0.01, 0.1, 0.5]),) * 2)), "-o", self.path("sweep"), "-q", check=0)
        self.assertIn("diverged", done.err)  # SGD does, at 0.5 and at 0.1: such trials do not win
        for name, run in tuned.items():
            self.assertEqual(run["status"], "finished")
            ends = [r["loss"] for n, r in results(self.path("sweep")).items() if n.startswith(name + "@") and r["status"] == "finished"]
            self.assertLess(run["loss"], min(ends))

    def test_again_is_up_to_date(self):
        path, out = self.write("e.yaml", VALLEY % (TUNE, 0.1)), self.path("out")
        optreel("render", path, "-o", out, "-q", check=0)
        before = os.stat(os.path.join(out, "race.gif")).st_ino
        optreel("render", path, "-o", out, "-q", check=0)
        self.assertEqual(os.stat(os.path.join(out, "race.gif")).st_ino, before)
        self.assertTrue(all(f["cached"] for f in summary(out)["films"] if "cached" in f))

    def test_same_bytes_for_any_number_of_jobs(self):
        one, two = self.path("one"), self.path("two")
        path = self.write("e.yaml", VALLEY % (TUNE, TUNE))
        optreel("render", path, "-o", one, "-j", "1", "-q", check=0)
        optreel("render", path, "-o", two, "-j", "2", "-q", check=0)
        for name in ("race.gif", "summary.json", "results.csv", "traces/valley-sgd.csv", "logs/valley-adam.log"):
            self.assertTrue(filecmp.cmp(os.path.join(one, name), os.path.join(two, name), shallow=False), name)

    def test_repeats_are_one_of_a_film(self):
        text = """\
steps: 60
problems:
  line: {model: a + b*x, start: {a: 0, b: 0}, data: {x: {from: 0, to: 1, count: 30}, truth: {a: 1, b: 2}, noise: 0.1}}
optimizers: {mini: {kind: sgd, learning_rate: 0.1, batch: 3, repeat: 5}, full: {kind: sgd, learning_rate: 0.1}}
films: [{each: run, length: 2}, {each: problem, name: race, panels: [loss, table], length: 2}]
output: {formats: [gif], preset: draft}
"""
        out = self.path("out")
        optreel("render", self.write("e.yaml", text), "-o", out, "-q", check=0)
        found = summary(out)
        with open(self.path("out/results.csv"), encoding="utf-8", newline="") as f:
            medians = [r["median_of_repeats"] for r in csv.DictReader(f)]
        losses = sorted(r["loss"] for r in found["runs"][:5])
        self.assertEqual([float(m) for m in medians[:5]] + medians[5:], 5 * losses[2:3] + [""])
        self.assertEqual([r["name"] for r in found["runs"]], [f"line/mini@repeat={k}" for k in range(1, 6)] + ["line/full"])
        self.assertEqual(len({r["loss"] for r in found["runs"][:5]}), 5)  # each with batches of its own
        films = {f["name"]: f["runs"] for f in found["films"]}
        self.assertEqual(set(films), {"line-mini", "line-full", "race"})
        self.assertEqual(len(films["line-mini"]), 5)
        with open(os.path.join(out, "index.html"), encoding="utf-8") as f:
            self.assertIn("middle of 5", f.read())
        alone = self.path("alone")
        optreel("run", self.write("f.yaml", text.replace(", repeat: 5", "")), "-o", alone, "-q", check=0)
        self.assertEqual(results(alone)["line/mini"]["loss"], found["runs"][0]["loss"])  # the first has the experiment's seed

    def test_modern(self):
        out = self.path("out")
        optreel("run", "modern", "-o", out, "-q", check=0)
        runs = results(out)
        self.assertEqual(len(runs), 20)
        self.assertNotIn("valley/muon", runs)
        for name in ("factorisation/muon", "factorisation/soap"):
            self.assertLess(runs[name]["loss"], 1e-3)
        self.assertLess(max(r["loss"] for r in runs.values()), 0.1)

    def test_matrix(self):
        out = self.path("out")
        arguments = ["run", "matrix", "-o", out, "-q"]
        if os.environ.get("OPTREEL_SANITIZED") == "1":
            arguments += ["--set", "steps=50"]
        optreel(*arguments, check=0)
        found = summary(out)
        self.assertEqual(len(found["runs"]), 240)
        self.assertEqual(found["films"], [])
        self.assertEqual(len({r["optimizer"] for r in found["runs"]}), 20)
        self.assertEqual(len({r["problem"] for r in found["runs"]}), 12)
        self.assertTrue(all(r["tuned"]["trials"] == 60 for r in found["runs"]))


if __name__ == "__main__":
    unittest.main()
