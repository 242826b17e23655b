"""Traces of others, rules of one's own, the tables of results: what other people bring and take away."""
import csv
import os
import signal
import statistics
import subprocess
import time
import unittest

import harness
from harness import Case, optreel, summary

PROBLEM = """\
steps: 400
report: {times: false}
problems:
  parabola:
    model: alpha + beta*x + gamma*x^2
    start: {alpha: 3, beta: -1, gamma: 6}
    data: {x: {from: 0, to: 1, count: 50}, truth: {alpha: 3, beta: 6, gamma: 8}}
"""
ADAM = "optimizers:\n  adam: {learning_rate: 0.05}\n"


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


class Recorded(Case):
    def setUp(self):
        super().setUp()
        self.own = self.path("own")
        optreel("run", self.write("own.yaml", PROBLEM + ADAM), "-o", self.own, check=0)
        self.trace = rows(os.path.join(self.own, "traces/parabola-adam.csv"))

    def log_of_others(self, columns):
        text = ",".join(columns) + "\n" + "".join(",".join(r[c] for c in columns) + "\n" for r in self.trace)
        return self.write("torch.csv", text)

    def test_runs_add(self):
        """A log without losses gets them from the model, and its run has all that others have."""
        self.log_of_others(["step", "alpha", "beta", "gamma"])
        text = PROBLEM + ADAM + "runs:\n  add:\n    - {name: torch, problem: parabola, trace: torch.csv, title: PyTorch Adam}\n"
        text += "films:\n  - {each: run, length: 1}\n  - {each: problem, length: 1}\noutput: {formats: [mp4], preset: draft}\n"
        out = self.path("out")
        optreel("render", self.write("e.yaml", text), "-o", out, check=0)
        runs = {r["name"]: r for r in summary(out)["runs"]}
        self.assertEqual(runs["parabola/torch"]["kind"], "trace")
        self.assertEqual(runs["parabola/torch"]["parameters"], runs["parabola/adam"]["parameters"])
        self.assertEqual(runs["parabola/torch"]["loss"], runs["parabola/adam"]["loss"])
        self.assertEqual(runs["parabola/torch"]["steps"], 400)
        for name in ("parabola-torch.mp4", "parabola-race.mp4", "traces/parabola-torch.csv", "logs/parabola-torch.log"):
            self.assertTrue(os.path.exists(os.path.join(out, name)), name)
        with open(os.path.join(out, "index.html"), encoding="utf-8") as f:
            page = f.read()
        self.assertIn(": two runs", page)  # what made the log may be the same optimizer
        self.assertNotIn("two optimizers", page)
        again = optreel("render", self.path("e.yaml"), "-o", out, check=0)
        self.assertIn("up to date", again.out + again.err)

    def test_a_loss_of_another_kind_is_told(self):
        """A log of sums beside a problem of means: said, with both values; logs with few digits are not."""
        few = [{**r, "loss": f"{float(r['loss']):.4g}"} for r in self.trace]
        sums = [{**r, "loss": repr(50 * float(r["loss"]))} for r in self.trace]
        for name, trace, told in (("few", few, False), ("sums", sums, True)):
            columns = ["step", "loss", "alpha", "beta", "gamma"]
            self.write("torch.csv", "\n".join([",".join(columns)] + [",".join(r[c] for c in columns) for r in trace]) + "\n")
            add = "runs: {add: [{name: torch, problem: parabola, trace: torch.csv}]}\n"
            out = self.path(name)
            optreel("run", self.write("e.yaml", PROBLEM + ADAM + add), "-o", out, check=0)
            warnings = [w["text"] if isinstance(w, dict) else w for w in summary(out)["warnings"]]
            self.assertEqual(any("parabola/torch: its loss is not the problem's" in w and "at step 0" in w and "(50 times)" in w
                                 for w in warnings), told, warnings)

    def test_repeats_have_their_middle(self):
        """Quartiles of the end losses of five seeds, as statistics has them; the other rule is in no group."""
        text = PROBLEM.replace("400", "60") + ("optimizers:\n  mini: {kind: sgd, learning_rate: 0.05, batch: 5, repeat: 5}\n"
                                               "  adam: {learning_rate: 0.05}\n")
        out = self.path("out")
        optreel("run", self.write("e.yaml", text), "-o", out, check=0)
        told = summary(out)
        losses = [r["loss"] for r in told["runs"] if "@repeat" in r["name"]]
        low, middle, high = statistics.quantiles(losses, n=4, method="inclusive")
        (group,) = told["repeats"]
        self.assertEqual((group["name"], group["runs"]), ("parabola/mini", 5))
        self.assertEqual((group["loss"]["least"], group["loss"]["greatest"]), (min(losses), max(losses)))
        for key, value in (("lower_quartile", low), ("median", middle), ("upper_quartile", high)):
            self.assertAlmostEqual(group["loss"][key], value, 14)

    def test_several_minima(self):
        """The distance is to the nearest of them, the threshold above the deepest, and the truth is the one that was come to."""
        text = ("steps: 60\nproblems:\n  named: {objective: himmelblau, start: {x: -3, y: -3}}\n"
                "  own: {objective: (x^2-1)^2 + y^2 + 2, start: {x: -0.5, y: 1}, minimum: [{x: 1, y: 0}, {x: -1, y: 0}]}\n"
                "optimizers: {newton: {}}\n")
        out = self.path("out")
        optreel("run", self.write("e.yaml", text), "-o", out, check=0)
        runs = {r["name"]: r for r in summary(out)["runs"]}
        self.assertLess(runs["named/newton"]["distance_to_truth"], 1e-9)
        self.assertAlmostEqual(runs["named/newton"]["truth"]["x"], -3.7793102534, 9)
        self.assertEqual(runs["own/newton"]["truth"], {"x": -1, "y": 0})
        self.assertLess(runs["own/newton"]["steps_to"]["1e-6"], 10)
        refused = optreel("check", self.write("bad.yaml", text.replace("{x: -1, y: 0}", "{x: -1}")), check=3)
        self.assertIn("minimum has no value for 'y'", refused.err)
        refused = optreel("check", self.write("bad.yaml", text.replace("[{x: 1, y: 0}, {x: -1, y: 0}]", "[]")), check=3)
        self.assertIn("minimum is empty", refused.err)

    def test_runs_add_with_series(self):
        """Columns that are neither parameters nor gradients stay with the run, gaps and all: a film can show them."""
        self.write("torch.csv", 'step,loss,alpha,beta,gamma,accuracy,"rate, scaled"\n0,1,3,6,8,0.25,1e-3\n1,0.5,3,6,8,,9e-4\n2,0.1,3,6,8,0.5,8e-4\n')
        text = PROBLEM + ADAM + "runs:\n  except: [parabola/adam]\n  add: [{name: torch, problem: parabola, trace: torch.csv}]\n"
        text += "films:\n  - {each: run, panels: [series, loss], length: 1}\noutput: {formats: [mp4], preset: draft}\n"
        out = self.path("out")
        optreel("render", self.write("e.yaml", text), "-o", out, check=0)
        self.assertTrue(os.path.exists(os.path.join(out, "parabola-torch.mp4")))
        kept = rows(os.path.join(out, "traces/parabola-torch.csv"))
        self.assertEqual([r["accuracy"] for r in kept], ["0.25", "", "0.5"])
        self.assertEqual([float(r["rate, scaled"]) for r in kept], [1e-3, 9e-4, 8e-4])

    def test_series_beside_runs_of_ones_own(self):
        """Films of runs without other columns go without the panel; where no run has any, it is refused."""
        self.write("torch.csv", "step,alpha,beta,gamma,accuracy\n0,3,6,7,0.25\n1,3,6,7.5,0.5\n2,3,6,7.9,0.75\n")
        add = "runs: {add: [{name: torch, problem: parabola, trace: torch.csv}]}\n"
        films = "films:\n  - {each: run, panels: [loss, series], axes: {series: {scale: linear}}, length: 1}\noutput: {formats: [png]}\n"
        out = self.path("out")
        optreel("render", self.write("e.yaml", PROBLEM + ADAM + add + films), "-o", out, check=0)
        self.assertTrue(all(os.path.exists(os.path.join(out, f"parabola-{name}.png")) for name in ("adam", "torch")))
        done = optreel("check", self.write("e.yaml", PROBLEM + ADAM + films), check=3)
        self.assertIn("e.yaml:11:32: error: a series panel shows columns of a trace", done.err)
        done = optreel("check", self.write("e.yaml", PROBLEM + ADAM + add + films.replace("[loss, series]", "series")), check=3)
        self.assertIn("'parabola/adam' has none", done.err)

    def test_gradients_of_an_added_trace(self):
        """They come from the model where the trace has none: the panel gradient can show it, and they are those of a run of our own."""
        self.log_of_others(["step", "loss", "alpha", "beta", "gamma"])
        text = PROBLEM + ADAM + "runs: {add: [{name: torch, problem: parabola, trace: torch.csv}]}\n"
        text += "films:\n  - {each: problem, panels: [gradient, steps], length: 1}\noutput: {formats: [png]}\n"
        out = self.path("out")
        optreel("render", self.write("e.yaml", text), "-o", out, check=0)
        for own, other in zip(rows(os.path.join(out, "traces/parabola-adam.csv")), rows(os.path.join(out, "traces/parabola-torch.csv"))):
            self.assertEqual(own["grad_beta"], other["grad_beta"])

    def test_a_fault_in_a_trace(self):
        self.write("torch.csv", "step,alpha,beta,gamma\n0,1,2,3\n1,1,2\n")
        text = PROBLEM + ADAM + "runs: {add: [{name: torch, problem: parabola, trace: torch.csv}]}\n"
        done = optreel("check", self.write("e.yaml", text), check=3)
        self.assertIn("torch.csv:3:1: error: ", done.err)
        done = optreel("check", self.write("e.yaml", text.replace("torch.csv", "gone.csv")), check=3)
        self.assertIn("e.yaml:10:", done.err)

    def test_film_of_traces(self):
        path = self.log_of_others(["step", "loss"])
        optreel("film", path, os.path.join(self.own, "traces/parabola-adam.csv"), "-o", self.path("f.mp4"), "--preset", "draft", check=0)
        stream, _ = harness.probe(self.path("f.mp4"))
        self.assertEqual((int(stream["nb_read_frames"]), stream["width"]), (300, 640))
        self.write("series.csv", "step,accuracy\n0,0.1\n5,0.7\n9,\n20,0.9\n")
        optreel("film", self.path("series.csv"), "-o", self.path("s.gif"), check=0)
        for arguments, words in (([], "which traces"), ([path], "where to"), ([path, "-o", self.path("f.xyz")], "tells no format")):
            self.assertIn(words, optreel("film", *arguments, check=2).err)
        self.assertFalse(os.path.exists(self.path(".optreel")))


    def test_film_with_a_model(self):
        """The fit is computed from the formula and the data file; losses that the log lacks come from there, too."""
        log = self.write("log.csv", "alpha,beta\n" + "".join(f"{1 - 0.5**k},{2 - 0.7**k}\n" for k in range(30)))
        data = self.write("points.csv", "x,volts,other\n" + "".join(f"{x / 9},{1 + 2 * x / 9},text\n" for x in range(10)))
        model = ["--model", "alpha + beta*x", "--data", data, "--response", "volts"]
        optreel("film", log, "-o", self.path("f.mp4"), "--preset", "draft", "--panels", "fit,loss,log", *model, check=0)
        stream, _ = harness.probe(self.path("f.mp4"))
        self.assertEqual(int(stream["nb_read_frames"]), 300)
        optreel("film", log, "-o", self.path("o.png"), "--model", "(1-alpha)^2 + beta^2", "--panels", "loss", check=0)
        for arguments, code, words in ((["--data", data], 2, "--model is missing"),
                                       (["--model", "alpha + beta*"], 2, "at character"),
                                       (["--model", "alpha + beta*x", "--data", data], 2, "--response names it"),
                                       (["--model", "alpha + gamma*x", "--data", data, "--response", "volts"], 3, "'gamma'"),
                                       (["--model", "alpha + beta*x", "--data", data, "--response", "other"], 3, "points.csv:2:"),
                                       (["--model", "alpha + beta", "--panels", "lost"], 2, "unknown panel"),
                                       (["--model", "1 + 2"], 2, "no parameter")):
            with self.subTest(words):
                self.assertIn(words, optreel("film", log, "-o", self.path("no.png"), *arguments, check=code).err)
        self.assertFalse(os.path.exists(self.path("no.png")))


class Road(Case):
    def test_film_takes_the_road_of_render(self):
        """The same bytes as from an experiment that says the same, with title, pace, length, axes and --set; and nothing beside the file."""
        for name, rate in (("adam", 0.9), ("sgd, plain", 0.95)):
            self.write(f"{name}.csv", "step,loss,accuracy\n" + "".join(f"{5 * k},{rate ** (5 * k)},{1 - rate ** k}\n" for k in range(30)))
        self.write("e.yaml", """\
title: "Two runs, both: (mine)"
runs: {add: [{name: adam, trace: adam.csv}, {name: sgd--plain, trace: "sgd, plain.csv", title: "sgd, plain"}]}
films: [{each: experiment, name: film, layout: overlay, pace: linear, length: 2, axes: {loss: {scale: linear}}, hold: {last: 0.5}}]
output: {formats: [mp4], preset: draft, poster: false}
""")
        optreel("render", "e.yaml", "-o", "out", cwd=self.folder, check=0)
        done = optreel("film", "adam.csv", "sgd, plain.csv", "-o", "race.mp4", "--preset", "draft", "--title", "Two runs, both: (mine)", "--pace", "linear",
                       "--length", "2", "--axes", "loss: {scale: linear}", "--set", "films.0.hold.last=0.5", cwd=self.folder, check=0)
        with open(self.path("race.mp4"), "rb") as a, open(self.path("out/film.mp4"), "rb") as b:
            self.assertEqual(a.read(), b.read())
        self.assertRegex(done.out, r"^race.mp4  \d+ bytes  60 frames  2.00 s\n$")
        self.assertEqual(sorted(os.listdir(self.folder)), ["adam.csv", "e.yaml", "out", "race.mp4", "sgd, plain.csv"])
        optreel("film", "adam.csv", "sgd, plain.csv", "-o", "one.gif", "--only", "adam", "--preset", "draft", "--length", "1", cwd=self.folder, check=0)
        os.remove(self.path("one.gif"))
        for arguments, words in ((["--pace", "lgo"], "did you mean 'log'"), (["--set", "films.0.colour=1"], "colour"), (["--length", "1\n"], "is not a value"), (["--only", "b*"], "no run is called 'b*'")):
            self.assertIn(words, optreel("film", "adam.csv", "-o", "no.mp4", *arguments, cwd=self.folder, check=2).err)
        self.assertFalse(os.path.exists(self.path("no.mp4")))

    def test_film_ended_by_a_signal_leaves_nothing(self):
        self.write("a.csv", "step,loss\n" + "".join(f"{k},{0.99 ** k}\n" for k in range(2000)))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = subprocess.Popen([harness.PROGRAM, "film", "a.csv", "-o", "a.mp4", "--length", "60"], cwd=self.folder, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            while not any(name.startswith(".optreel-film-") for name in os.listdir(self.folder)) and process.poll() is None:
                time.sleep(0.01)
            time.sleep(0.3)
            process.send_signal(number)
            process.communicate(timeout=harness.TIMEOUT)
            self.assertEqual(process.returncode, -number)
            self.assertEqual(os.listdir(self.folder), ["a.csv"])

    def test_what_a_killed_film_left_goes_with_the_next(self):
        self.write("a.csv", "step,loss\n0,1\n5,0.5\n")
        process = subprocess.Popen([harness.PROGRAM, "film", "a.csv", "-o", "a.mp4", "--length", "60"], cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not any(os.path.exists(self.path(name, ".optreel", "lock")) for name in os.listdir(self.folder) if name.startswith(".optreel-film-")):
            time.sleep(0.01)
        process.kill()
        process.wait()
        time.sleep(0.5)  # its workers end with it, but hold the folder's lock until then
        self.assertEqual(len(os.listdir(self.folder)), 2)
        optreel("film", "a.csv", "-o", "b.png", cwd=self.folder, check=0)
        self.assertEqual(sorted(os.listdir(self.folder)), ["a.csv", "b.png"])

    def test_a_trace_that_changes_meanwhile(self):
        """It is not taken for what it was; put back, everything is made as if nothing had been."""
        before, after = ("step,loss\n" + "".join(f"{k},{rate ** k}\n" for k in range(50)) for rate in (0.9, 0.8))
        self.write("t.csv", before)
        experiment = self.write("e.yaml", "runs: {add: [{name: t, trace: t.csv}]}\nfilms: [{length: 1}]\noutput: {formats: [mp4], preset: draft}\nreport: {times: false}\n")
        out = self.path("out")
        process = subprocess.Popen([harness.PROGRAM, "render", experiment, "-o", out], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while not os.path.exists(os.path.join(out, ".optreel/lock")) and process.poll() is None:
            time.sleep(0.001)  # it was checked by now
        self.write("new.csv", after)
        os.rename(self.path("new.csv"), self.path("t.csv"))
        _, err = process.communicate(timeout=harness.TIMEOUT)
        self.assertEqual(process.returncode, 1, err.decode())
        self.assertIn("t.csv: changed while the program ran", err.decode())
        self.assertFalse(os.path.exists(os.path.join(out, "t.mp4")))
        self.write("t.csv", before)
        optreel("render", experiment, "-o", out, check=0)
        optreel("render", experiment, "-o", self.path("fresh"), check=0)
        self.assertEqual(harness.tree(out), harness.tree(self.path("fresh")))


class Rules(Case):
    def test_a_rule_of_ones_own(self):
        text = PROBLEM + ADAM + """\
  mine:
    state: {m: 0, v: 0}
    hyper: {learning_rate: [0.05, "0.05*min(1, step/10)"], beta1: 0.9, beta2: 0.999}
    update: |
      m = beta1*m + (1-beta1)*g
      v = beta2*v + (1-beta2)*g^2
      p = p - learning_rate*(m/(1-beta1^step))/(sqrt(v/(1-beta2^step)) + 1e-8)
"""
        out = self.path("out")
        optreel("run", self.write("e.yaml", text), "-o", out, check=0)
        runs = {r["name"]: r for r in summary(out)["runs"]}
        self.assertEqual(sorted(runs), ["parabola/adam", "parabola/mine@learning_rate=#1", "parabola/mine@learning_rate=0.05"])
        for name, value in runs["parabola/adam"]["parameters"].items():
            self.assertAlmostEqual(runs["parabola/mine@learning_rate=0.05"]["parameters"][name], value, delta=1e-10)
        bad = text.replace("(1-beta2)*g^2", "(1-beta2)*h^2")
        done = optreel("check", self.write("bad.yaml", bad), check=3)
        self.assertIn("bad.yaml:15:31: error: 'h' is unknown here", done.err)


class Results(Case):
    def test_tables(self):
        out = self.path("out")
        optreel("run", self.write("e.yaml", PROBLEM + ADAM + "  lm: {kind: levenberg-marquardt}\n"), "-o", out, check=0)
        table = {r["optimizer"]: r for r in rows(os.path.join(out, "results.csv"))}
        run = {r["optimizer"]: r for r in summary(out)["runs"]}
        self.assertEqual(float(table["adam"]["loss"]), run["adam"]["loss"])
        self.assertEqual(float(table["lm"]["alpha"]), run["lm"]["parameters"]["alpha"])
        for name, value in {"alpha": 3, "beta": 6, "gamma": 8}.items():
            self.assertAlmostEqual(run["adam"]["best_fit"][name], value, delta=1e-12)
        self.assertLess(float(table["lm"]["distance_to_best_fit"]), 1e-12)
        self.assertNotIn("seconds", table["adam"])
        self.assertNotIn("median_of_repeats", table["adam"])
        for name in ("adam", "lm"):
            self.assertEqual(table[name]["rank"], str(run[name]["rank"]))
            self.assertEqual(float(table[name]["level"]), run[name]["level"])
            self.assertEqual(table[name]["level_step"], "" if run[name]["level_step"] is None else str(run[name]["level_step"]))
        self.assertEqual((table["lm"]["rank"], table["adam"]["level_step"]), ("1", ""))
        with open(os.path.join(out, "results.md"), encoding="utf-8") as f:
            self.assertEqual(len(f.read().rstrip().split("\n")), 4)
        with open(os.path.join(out, "results.tex"), encoding="utf-8") as f:
            text = f.read()
        self.assertIn("\\begin{tabular}{lrrrrrr}", text)
        self.assertIn("Optimizer & Steps & Loss", text)
        self.assertIn("$\\alpha$ & $\\beta$ & $\\gamma$", text)

    def test_every_surface(self):
        """By name alone: the usual start, value and slopes there, and the value at each minimiser, as tests/reference/surfaces.csv has them."""
        table = rows(os.path.join(harness.REFERENCE, "surfaces.csv"))
        text = "steps: 1\noptimizers: {sgd: {learning_rate: 0}}\nproblems:\n"
        for i, surface in enumerate(table):
            text += f"  begin{i}: {{objective: {surface['name']}}}\n"
            text += f"  end{i}: {{objective: {surface['name']}, start: {{x: {surface['x_star']}, y: {surface['y_star']}}}}}\n"
        out = self.path("out")
        optreel("run", self.write("e.yaml", text), "-o", out, "-q", check=0)
        for i, surface in enumerate(table):
            begin, end = (rows(os.path.join(out, f"traces/{name}{i}-sgd.csv"))[0] for name in ("begin", "end"))
            with self.subTest(surface["name"]):
                self.assertEqual(f"({float(begin['x']):g},{float(begin['y']):g})", surface["start"].replace("1e-3", "0.001"))
                for ours, theirs in (("loss", "f_at_start"), ("grad_x", "gx_at_start"), ("grad_y", "gy_at_start")):
                    self.assertAlmostEqual(float(begin[ours]), float(surface[theirs]), delta=1e-12 * max(1, abs(float(surface[theirs]))))
                self.assertAlmostEqual(float(end["loss"]), float(surface["f_star"]), delta=1e-12 * max(1, abs(float(surface["f_star"]))))

    def test_a_surface_by_name(self):
        text = "steps: 60\nproblems: {r: {objective: rosenbrock}}\noptimizers: {newton: {}, lbfgs: {line_search: strong-wolfe}}\n"
        out = self.path("out")
        optreel("run", self.write("e.yaml", text), "-o", out, check=0)
        for run in summary(out)["runs"]:
            self.assertEqual(run["truth"], {"x": 1, "y": 1})
            self.assertLess(run["loss"], 1e-20)
            self.assertIsNone(run["best_fit"])


if __name__ == "__main__":
    harness.main()
