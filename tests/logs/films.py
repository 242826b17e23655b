"""Films and runs of training logs: what reaches summary.json, the traces and the films."""
import csv
import json
import os
import re
import subprocess
import sys

import found
import writers
from found import harness, optreel

LOG = "step,train_loss,val_loss,lr\n" + "".join(f"{10 * i},{4 / (i + 1)},{'' if i % 2 else 5 / (i + 1)},{0.1 / (i + 1)}\n" for i in range(12))


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


class Films(found.Case):
    def test_a_first_film(self):
        """Without any option; nothing but the file is left."""
        self.put("lightning_logs/version_0/metrics.csv", LOG)
        self.put("lightning_logs/version_1/metrics.csv", LOG.replace("0,4.0,", "0,8.0,"))
        optreel("film", self.path("lightning_logs"), "-o", self.path("race.mp4"), "--preset", "draft", "--length", "2", check=0)
        stream, _ = harness.probe(self.path("race.mp4"))
        self.assertEqual(int(stream["nb_read_frames"]), 60)
        self.assertEqual(sorted(os.listdir(self.folder)), ["lightning_logs", "race.mp4"])

    def test_options_change_the_film(self):
        log = self.put("t.csv", "step,batch,loss,mse,acc\n" + "".join(f"{i},{5 * i},{9 / (i + 1)},{7 / (i + 1)},{i}\n" for i in range(30)))
        films = {}
        for name, options in {"plain": [], "step": ["--step", "batch"], "loss": ["--loss", "mse"], "columns": ["--columns", "mse"],
                              "smooth": ["--smooth", "5"], "title": ["--title", "Mine"], "axes": ["--axes", "loss: {scale: log}"]}.items():
            path = self.path(name + ".png")
            optreel("film", log, "-o", path, "--preset", "draft", *options, check=0)
            with open(path, "rb") as f:
                films[name] = f.read()
        self.assertEqual(len(set(films.values())), len(films), "two options make the same film")

    def test_refused(self):
        """Exit 3 with the reason, and no file."""
        for name, data, words in (("n.tfevents", writers.tf_version(), "nothing logged yet"), ("p.bin", b"PAR1" + bytes(9), "Parquet"),
                                  ("nan.csv", "step,loss\n4,nan\n", "diverged at step 4")):
            done = optreel("film", self.put(name, data), "-o", self.path("no.png"), check=3)
            self.assertIn(words, done.err)
        self.assertFalse(os.path.exists(self.path("no.png")))

    def test_one_point(self):
        writers.mlflow_db(self.path("m.db"), {"a": ("x", {"rmse": [(1, 0, 1.5)]}, {}), "b": ("y", {"rmse": [(1, 0, 2.5)]}, {})}).close()
        optreel("film", self.path("m.db"), "-o", self.path("m.png"), "--preset", "draft", check=0)

    def test_a_film_without_a_loss(self):
        optreel("film", self.put("m.csv", "step,reward\n0,5\n1,7\n2,6\n"), "-o", self.path("m.png"), "--preset", "draft", check=0)


class Runs(found.Case):
    def run_experiment(self, text, *options, check=0):
        self.put("e.yaml", text)
        self.done = optreel("run", "e.yaml", "-o", "out", *options, cwd=self.folder, check=check)
        return {r["name"]: r for r in harness.summary(self.path("out"))["runs"]} if check == 0 else None

    def test_without_a_problem(self):
        """NAME where there is one run, NAME-<run> where there are several; the end loss is the last one logged."""
        self.put("log.csv", LOG)
        self.put("all/a/metrics.csv", LOG)
        self.put("all/b/progress.csv", LOG.replace("0,4.0,", "0,9.0,"))
        runs = self.run_experiment("runs: {add: [{name: mine, trace: log.csv}, {name: many, trace: all}]}\n")
        self.assertEqual(sorted(runs), ["many-a", "many-b", "mine"])
        self.assertEqual((runs["mine"]["problem"], runs["mine"]["kind"], runs["mine"]["steps"]), (None, "trace", 110))
        self.assertAlmostEqual(runs["mine"]["loss"], 4 / 12)
        kept = rows(self.path("out", "traces", "mine.csv"))
        self.assertEqual([r["val_loss"] for r in kept[:3]], ["5", "", "1.6666666666666667"])
        self.assertEqual((kept[0]["loss"], kept[0]["lr"], kept[-1]["step"]), ("4", "0.10000000000000001", "110"))

    def test_gaps_in_the_loss(self):
        """Rows of validation alone have no loss; the run's is the last one known."""
        self.put("log.csv", "step,loss,val_loss\n0,,3\n10,4,\n20,2,\n20,,2.5\n25,,2\n")
        runs = self.run_experiment("runs: {add: [{name: mine, trace: log.csv}]}\n")
        self.assertEqual([(r["step"], r["loss"], r["val_loss"]) for r in rows(self.path("out", "traces", "mine.csv"))],
                         [("0", "", "3"), ("10", "4", ""), ("20", "2", "2.5"), ("25", "", "2")])
        self.assertEqual(runs["mine"]["loss"], 2)

    def test_with_a_problem(self):
        """Columns that are the problem's parameters; losses that the log lacks come from the model."""
        self.put("log.jsonl", "".join(json.dumps({"iteration": k, "a": 1 - 0.5 ** k, "b": 2.0, "note": "x"}) + "\n" for k in range(9)))
        problem = "problems: {p: {model: a + b*x, start: {a: 0, b: 2}, data: {x: [0, 1, 2], truth: {a: 1, b: 2}}}}\n"
        runs = self.run_experiment(problem + "runs: {add: [{name: torch, problem: p, trace: log.jsonl}]}\n")
        self.assertEqual((runs["p/torch"]["steps"], runs["p/torch"]["parameters"]["b"]), (8, 2))
        self.assertAlmostEqual(runs["p/torch"]["loss"], 0.25 ** 8)
        self.put("log.jsonl", '{"step":0,"a":1}\n{"step":1,"a":2}\n')
        self.run_experiment(problem + "runs: {add: [{name: torch, problem: p, trace: log.jsonl}]}\n", check=3)
        self.assertIn("there is no column for the parameter 'b'", self.done.err)

    def test_keys(self):
        self.put("log.csv", "step,batch,loss,mse\n0,0,3,9\n1,10,2,4\n2,20,1,1\n")
        runs = self.run_experiment("runs: {add: [{name: mine, trace: log.csv, step: batch, loss: mse, columns: [], smooth: 3, title: My run}]}\n")
        self.assertEqual((runs["mine"]["steps"], runs["mine"]["loss"]), (20, 1))
        self.put("all/a.csv", "step,loss\n0,3\n1,2\n")
        self.put("all/b.csv", "step,loss\n0,4\n1,3\n")
        runs = self.run_experiment("runs: {add: [{trace: [all, log.csv], runs: [b, 'orl-e2e-*']}]}\n", "--force")
        self.assertEqual(sorted(runs), ["b", os.path.basename(self.folder)])  # "log" is no name of its own

    def test_up_to_date(self):
        """A log that grew is read again, one that did not is not made again."""
        self.put("log.csv", LOG)
        text = "runs: {add: [{name: mine, trace: log.csv}]}\nfilms: [{each: run, length: 1}]\noutput: {formats: [png]}\n"
        self.put("e.yaml", text)
        for grown in ("", "120,0.01,,0.001\n"):
            self.put("log.csv", LOG + grown)
            done = optreel("render", "e.yaml", "-o", "out", cwd=self.folder, check=0)
            self.assertNotIn("nothing to do", done.out + done.err)
            done = optreel("render", "e.yaml", "-o", "out", cwd=self.folder, check=0)
            self.assertIn("up to date", done.out + done.err)
        self.assertEqual(harness.summary(self.path("out"))["runs"][0]["loss"], 0.01)

    def test_diverged(self):
        self.put("log.csv", "step,loss\n0,1\n1,2\n2,nan\n3,nan\n")
        runs = self.run_experiment("runs: {add: [{name: mine, trace: log.csv}]}\n")
        self.assertEqual((runs["mine"]["status"], runs["mine"]["steps"]), ("diverged", 2))


class Recipes(found.Case):
    """The recipes of `optreel help logs` write logs that are read as they say."""

    def recipe(self, name, before):
        text = optreel("help", "logs", check=0).out
        code = re.search(rf"^# recipe: {name}\n(.*?)(?=^# recipe|\Z)", text, re.M | re.S)[1]
        subprocess.run([sys.executable, "-c", before + code], cwd=self.folder, check=True, timeout=120)
        return self.one(self.path("log.csv"))

    def test_pytorch(self):
        run = self.recipe("PyTorch", "class optimizer: param_groups = [{'lr': 0.1}]\n"
                                     "def training_step(i):\n    optimizer.param_groups[0]['lr'] = 0.1 / (i + 1)\n    return 3 / (i + 1)\n")
        self.assertEqual((run.steps, run.role("loss"), run.role("learning rate")), (100, ["loss"], ["learning_rate"]))

    def test_scipy(self):
        try:
            import scipy.optimize  # noqa: F401
        except ImportError:
            self.skipTest("scipy is not installed")
        run = self.recipe("scipy", "def f(x): return (x[0] - 3)**2 + (x[1] + 1)**4 + 1\nstart = [0, 0]\n")
        self.assertGreater(run.steps, 2)
        self.assertAlmostEqual(run.series["loss"].last[1], 1, places=3)

    def test_lmfit(self):
        try:
            import lmfit  # noqa: F401
        except ImportError:
            self.skipTest("lmfit is not installed")
        run = self.recipe("lmfit", "import lmfit, numpy\nparams = lmfit.Parameters()\nparams.add('a', value=1)\n"
                                   "def residual(p): return numpy.array([p['a'].value - 3, 0.5])\n")
        self.assertAlmostEqual(run.series["loss"].last[1], 0.25, places=6)


if __name__ == "__main__":
    found.main()
