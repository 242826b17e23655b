"""What was rendered stays with what was made of it: an output folder that is unpacked elsewhere makes the same bytes, with the command that
its report tells."""
import html
import os
import re
import shlex
import shutil

import harness
from harness import Case, optreel, tree

FONT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "fonts", "DejaVuSans.ttf")
EXPERIMENT = """\
steps: 40
report: {times: false}
description: "a: b # c"
problems:
  line:
    title: "no"
    model: a + b*x
    start: {a: 0, b: 0}
    data: {file: data/d.csv, response: y}
  same:
    model: a + b*x
    start: {a: 1, b: 0}
    data: {file: data/d.csv, response: y}
optimizers:
  sgd: {learning_rate: 0.05}
  own:
    state: {m: 0}
    hyper: {learning_rate: 0.01}
    update: |
      m = 0.9*m + g
      p = p - learning_rate*m
runs: {add: [{name: lg, trace: [logs]}, {name: t, problem: line, trace: t.csv}]}
films: [{each: run, length: 1}, {each: problem, name: "{problem}-race", length: 1}]
output: {preset: draft, font: f.ttf}
"""


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


class Unpacked(Case):
    def setUp(self):
        super().setUp()
        for folder in ("sent", "sent/data", "sent/logs", "sent/logs/deep"):
            os.mkdir(self.path(folder))
        self.write("sent/data/d.csv", "x,y\n0,1\n1,3\n2,5\n3,7.2\n")
        self.write("sent/t.csv", "step,loss,a,b\n0,9,0,0\n1,4,1,1\n")
        self.write("sent/logs/deep/metrics.csv", "step,loss,val_loss\n0,3,4\n1,2,3\n2,1,2\n")
        with open(self.path("sent/logs/checkpoint.pt"), "wb") as f:
            f.write(bytes(range(256)) * 8192)
        shutil.copy(FONT, self.path("sent/f.ttf"))
        self.experiment, self.out = self.write("sent/e.yaml", EXPERIMENT), self.path("out")

    def unpack(self, *options):
        """Render with these options, then again from the unpacked folder, as its report says; both outputs."""
        optreel("render", self.experiment, "-o", self.out, *options, check=0)
        with open(os.path.join(self.out, "index.html"), encoding="utf-8") as f:
            command = shlex.split(html.unescape(re.search(r"optreel render[^<]*", f.read()).group()))
        os.makedirs(self.path("other", "place"))
        unpacked = self.path("other", "place", "films")
        shutil.copytree(self.out, unpacked, ignore=lambda folder, names: [".optreel"] if folder == self.out else [])
        os.rename(self.path("sent"), self.path("gone"))
        optreel(*command[1:], cwd=unpacked, check=0)
        name = re.search(r'^name: "?([^"\n]*)', read(os.path.join(unpacked, "experiment.yaml")), re.M).group(1)
        return tree(self.out), tree(os.path.join(unpacked, "output", name))

    def test_the_same_bytes_elsewhere(self):
        first, second = self.unpack("--set", "steps=50", "--set", "problems.line.title=it's #1: \"quoted\"", "--formats", "gif,mp4")
        self.assertEqual(second, first)
        self.assertEqual({p for p in first if p.startswith("inputs/")}, {"inputs/data/d.csv", "inputs/t.csv", "inputs/f.ttf",
                                                                          "inputs/logs/deep/metrics.csv"})
        with open(os.path.join(self.out, "experiment.yaml"), encoding="utf-8") as f:
            text = f.read()
        self.assertIn("\nsteps: 50\n", text)
        self.assertNotIn(self.folder, text)

    def test_a_part_of_it(self):
        first, second = self.unpack("--only", "line-own", "--preset", "card")
        self.assertIn("line-own.gif", first)
        self.assertEqual(second, first)

    def test_names_and_places(self):
        """`name` names the folder; files from elsewhere keep their own names, and are told apart."""
        os.mkdir(self.path("x")), os.mkdir(self.path("y"))
        for folder, value in (("x", 3), ("y", 4)):
            self.write(f"{folder}/d.csv", f"x,y\n0,1\n1,{value}\n2,5\n")
        done = optreel("run", self.experiment, "--set", "name=fits", "--set", "runs={}", "--set", f"problems.line.data.file={self.path('x/d.csv')}",
                       "--set", f"problems.same.data.file={self.path('y/d.csv')}", cwd=self.folder, check=0)
        self.assertIn("output/fits/index.html", done.err)
        with open(self.path("output/fits/inputs/d.csv"), encoding="utf-8") as one, open(self.path("output/fits/inputs/2/d.csv"), encoding="utf-8") as two:
            self.assertIn("1,3\n", one.read())
            self.assertIn("1,4\n", two.read())
        self.assertIn("is not a name for an experiment", optreel("check", self.experiment, "--set", "name=../x", check=2).err)

    def test_builtin_ones(self):
        for name in ("assignment", "kepler"):  # many problems, and a data file in the program
            optreel("run", name, "-o", self.path(name), "--set", "steps=5", "--set", "report.times=false", check=0)
            optreel("run", "experiment.yaml", "-o", self.path("again-" + name), cwd=self.path(name), check=0)
            self.assertEqual(tree(self.path("again-" + name)), tree(self.path(name)))
        self.assertTrue(os.path.exists(self.path("kepler", "inputs")))

    def test_nothing_is_copied_twice_or_pruned(self):
        optreel("run", self.experiment, "-o", self.out, check=0)
        before = {p: os.stat(os.path.join(self.out, p)).st_ino for p in ("experiment.yaml", "inputs/data/d.csv", "inputs/logs/deep/metrics.csv")}
        optreel("run", self.experiment, "-o", self.out, check=0)
        self.assertEqual({p: os.stat(os.path.join(self.out, p)).st_ino for p in before}, before)
        done = optreel("render", self.experiment, "-o", self.out, "--prune", "--set", "films=[]", check=0)
        self.assertNotIn("removed", done.err)
        for p in before:
            self.assertTrue(os.path.exists(os.path.join(self.out, p)), p)


if __name__ == "__main__":
    harness.main()
