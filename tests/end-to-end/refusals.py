"""Bad input: the position, a caret, a hint, exit 3 (2 for the command line), and an output folder that is as it was."""
import os
import unittest

import harness
from harness import Case, optreel, tree

GOOD = harness.SMALL


def changed(old, new):
    assert old in GOOD, old
    return GOOD.replace(old, new, 1)


# what is wrong: (file, line:column, words of the message, words of the hint or None)
BAD = {
    "a missing key": (changed("    start: {alpha: 3, beta: -1, gamma: 6}\n", ""), "5:", "start", None),
    "no optimizers": (GOOD.replace("optimizers:\n  sgd: {learning_rate: 0.1}\n  adam: {learning_rate: 0.05}\n", ""), "1:1", "optimizers", None),
    "a misspelt optimizer": (changed("  adam: {", "  adma: {"), "15:3", "adma", "adam"),
    "a misspelt setting": (changed("sgd: {learning_rate", "sgd: {learnig_rate"), "14:9", "learnig_rate", "learning_rate"),
    "a misspelt key": (changed("steps: 300", "stpes: 300"), "2:1", "stpes", "steps"),
    "a wrong type": (changed("steps: 300", "steps: many"), "2:8", "many", None),
    "a list for a number": (changed("steps: 300", "steps: [1, 2]"), "2:8", "steps", None),
    "a number that is none": (changed("noise: 0.05", "noise: nan"), "11:14", "nan", None),
    "an unknown function": (changed("gamma*x^2", "gamma*sine(x)"), "6:35", "sine", "sin"),
    "two stars": (changed("x^2", "x**2"), "6:36", "**", "^"),
    "a parameter without a start": (changed(", gamma: 6}", "}"), "6:29", "gamma", None),
    "a duplicate name": (changed("  adam: {learning_rate: 0.05}", "  sgd: {learning_rate: 0.05}"), "15:3", "sgd", None),
    "names that differ in case only": (changed("  adam: {learning", "  SGD: {kind: adam, learning"), "15:3", "SGD", None),
    "a name that leaves the folder": (changed("  parabola:", "  ../x:"), "5:3", "../x", None),
    "a film name that leaves the folder": (changed('name: "{problem}-race"', 'name: "../{problem}"'), "18:", "..", None),
    "an empty file": ("", "", "empty", None),
    "a comment alone": ("# nothing\n", "", "empty", None),
    "an alias": (changed("  sgd: {", "  sgd: &a {"), "14:8", "anchor", None),
    "an alias used": (changed("sgd: {learning_rate: 0.1}", "sgd: *a"), "14:8", "alias", None),
    "a tag": (changed("steps: 300", "steps: !!int 300"), "2:8", "tag", None),
    "a second document": (GOOD + "---\na: 1\n", "22:1", "document", None),
    "broken yaml": (changed("{learning_rate: 0.1}", "{learning_rate: 0.1"), "15:", "", None),
    "a learning rate out of its limits": (changed("learning_rate: 0.1", "learning_rate: -1"), "14:24", "learning_rate", None),
    "an unknown format": (changed("[mp4, gif]", "[mp4, gfi]"), "20:18", "gfi", "gif"),
    "an unknown panel": (GOOD + "", "", "", None),
    "an odd size": (GOOD + "  size: 641x360\n", "22:9", "641", None),
    "a huge sweep": (changed("learning_rate: 0.1}", "learning_rate: [" + ", ".join(f"1e-{i}" for i in range(1, 9)) + "], weight_decay: ["
                             + ", ".join(f"1e-{i}" for i in range(1, 9)) + "], batch: [" + ", ".join(str(i) for i in range(1, 30)) + "], clip: ["
                             + ", ".join(str(i) for i in range(1, 30)) + "]}"), "14:", "10000", None),
    "too many steps": (changed("steps: 300", "steps: 2000000000"), "2:8", "steps", None),
    "too many frames": (changed("length: 3,", "length: 100000,"), "17:", "frames", None),
    "a title with an escape": (changed("A small experiment", '"\\e[31mred"'), "1:", "control", None),
}
del BAD["an unknown panel"]


class Refusals(Case):
    def test_each_says_where_and_why(self):
        out = self.path("out")
        optreel("run", self.write("good.yaml", GOOD), "-o", out, check=0)
        before = tree(out, hidden=True)
        for what, (text, place, words, hint) in BAD.items():
            with self.subTest(what):
                experiment = self.write("bad.yaml", text)
                done = optreel("render", experiment, "-o", out, check=3)
                first = next((l for l in done.err.split("\n") if ": error: " in l), "")
                self.assertTrue(first.startswith(f"{experiment}:{place}"), done.err)
                self.assertIn(words, first)
                self.assertNotIn("\x1b", done.err)
                if place and text:
                    self.assertIn("^", done.err)
                if hint:
                    self.assertRegex(done.err, f"hint: .*{hint}".replace("^", r"\^"))
                self.assertEqual(done.out, "")
                self.assertEqual(tree(out, hidden=True), before)
        optreel("render", self.path("bad.yaml"), "-o", self.path("fresh"), check=3)
        self.assertFalse(os.path.exists(self.path("fresh")))

    def test_several_at_once(self):
        text = GOOD.replace("steps: 300", "stpes: 300").replace("adam: {", "adma: {").replace("gamma*x^2", "gamma*sine(x)")
        done = optreel("check", self.write("bad.yaml", text), check=3)
        self.assertEqual(done.err.count(": error: "), 3)

    def test_missing_files(self):
        done = optreel("check", self.path("nowhere.yaml"), check=3)
        self.assertIn("nowhere.yaml", done.err)
        done = optreel("check", "asignment", check=3)
        self.assertIn("did you mean 'assignment'?", done.err)
        text = GOOD.replace("      x: {from: 0, to: 1, count: 30}\n      truth: {alpha: 3, beta: 6, gamma: 8}\n      noise: 0.05\n      seed: 7\n",
                            "      file: gone.csv\n      columns: {x: x, y: y}\n      response: y\n")
        done = optreel("check", self.write("data.yaml", text), check=3)
        self.assertIn("gone.csv", done.err)

    def test_data_with_a_fault(self):
        self.write("data.csv", "x,y\n1,2\n2,abc\n")
        text = "problems: {p: {model: a+b*x, start: {a: 0, b: 0}, data: {file: data.csv, columns: {x: x, y: y}, response: y}}}\noptimizers: {sgd: {}}\n"
        done = optreel("run", self.write("e.yaml", text), "-o", self.path("out"), check=3)
        self.assertIn("data.csv:3:3: error: ", done.err)
        self.assertFalse(os.path.exists(self.path("out")))


class Warned(Case):
    def test_what_is_allowed_and_hardly_meant(self):
        """A warning with its place, in the summary, too; and the run is made."""
        for formula, place, words in (("x - 1e-324", "1:47", "becomes 0"),):
            with self.subTest(formula):
                text = f'problems: {{p: {{start: {{x: 1}}, objective: "{formula}"}}}}\nsteps: 2\noptimizers: {{sgd: {{}}}}\n'
                done = optreel("run", self.write("e.yaml", text), "-o", self.path("out"), "--force", check=0)
                self.assertRegex(done.err, f"e.yaml:{place}: warning: .*{words}")
                self.assertRegex(harness.summary(self.path("out"))["warnings"][0], words)

    def test_schedules_are_tried_before_the_start(self):
        out = self.path("out")
        for formula, words in (("1/abs(step-5)", "gives inf at step 5"), ("log(steps-step)", "at step 1000000"), ("sqrt(77-step)", "at step 78"),
                               ("0.1-step", "at step 1"), ("1e7", "must be from 0 to 1000000")):
            with self.subTest(formula):
                text = f'problems: {{p: {{start: {{x: 1}}, objective: x^2}}}}\nsteps: 1000000\noptimizers: {{sgd: {{learning_rate: "{formula}"}}}}\n'
                done = optreel("run", self.write("e.yaml", text), "-o", out, check=3)
                self.assertRegex(done.err, f"e.yaml:3:35: error: .*{words}")
                self.assertFalse(os.path.exists(out))


class Limits(Case):
    def test_every_hyperparameter(self):
        """One below the least and one above the largest value of every setting: the place, exit 3, nothing started."""
        import json
        problem = "problems: {p: {model: a+b*x, start: {a: 0, b: 0}, data: {x: {from: 0, to: 1, count: 9}, truth: {a: 1, b: 2}}}}\n"
        count = 0
        for optimizer in json.loads(optreel("list", "optimizers", "--json", check=0).out):
            for setting in optimizer["settings"]:
                if "minimum" not in setting:
                    continue
                for value in (setting["minimum"] - 1, setting["maximum"] * 2 + 1):
                    if value == setting["minimum"]:  # anything goes, as for a target loss
                        continue
                    line = f"optimizers: {{{optimizer['name']}: {{{setting['name']}: {value:.17g}}}}}\n"
                    done = optreel("run", self.write("e.yaml", problem + line), "-o", self.path("out"), check=3)
                    self.assertRegex(done.err, rf"e\.yaml:2:\d+: error: .*{setting['name']}")
                    count += 1
        self.assertGreater(count, 100)
        self.assertFalse(os.path.exists(self.path("out")))

    def test_an_absurd_sweep(self):
        """10^16 runs are refused at once."""
        import resource
        import time
        values = "[" + ", ".join(f"{i}e-9" for i in range(1, 10001)) + "]"
        text = "problems: {p: {objective: x^2, start: {x: 1}}}\noptimizers:\n  adam: {"
        text += ", ".join(f"{name}: {values}" for name in ("learning_rate", "beta1", "beta2", "epsilon")) + "}\n"
        begin = time.monotonic()
        done = optreel("check", self.write("e.yaml", text), check=3)
        self.assertIn("10000 runs", done.err)
        if not os.environ.get("OPTREEL_SANITIZED"):
            self.assertLess(time.monotonic() - begin, 1)
            self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 200 * 1024)


class Usage(Case):
    def test_command_line(self):
        experiment = self.write("e.yaml", GOOD)
        for arguments, words in (
            (["rendr", experiment], "did you mean 'render'?"),
            (["render"], "which experiment"),
            (["render", experiment, "--formts", "mp4"], "did you mean '--formats'?"),
            (["render", experiment, "--formats", "mp5"], "mp5"),
            (["render", experiment, "--preset", "sildes"], "did you mean 'slides'?"),
            (["render", experiment, "-j", "0"], "from 1 to 1024"),
            (["render", experiment, "-j"], "needs a value"),
            (["render", experiment, "--force=yes"], "takes no value"),
            (["render", experiment, "--set", "nonsense"], "KEY=VALUE"),
            (["render", experiment, "--set", "optimisers.sgd.learning_rate=1"], "optimizers"),
            (["render", experiment, "--only", "nothing-like-this"], "nothing-like-this"),
            (["render", experiment, experiment], "one name too many"),
            (["render", experiment, "-x"], "-x"),
            (["list", "optimisers"], "did you mean 'optimizers'?"),
            (["help", "nonsense"], "nonsense"),
            (["--frobnicate"], "--frobnicate"),
            (["new", "../x"], "is not a name"),
        ):
            with self.subTest(" ".join(arguments)):
                done = optreel(*arguments, cwd=self.folder, check=2)
                self.assertIn(words, done.err)
        self.assertEqual(sorted(os.listdir(self.folder)), ["e.yaml"])

    def test_help_and_lists(self):
        self.assertIn("optreel render     EXPERIMENT", optreel("--help", check=0).out)
        self.assertRegex(optreel("--version", check=0).out, r"^optreel \d+\.\d+\.\d+\n$")
        for topic in ("render", "run", "check", "new", "list", "schema", "experiment", "formulas", "outputs", "exit-codes", "limits", "film", "rules", "traces", "data", "optimizers", "cluster"):
            self.assertGreater(len(optreel("help", topic, check=0).out), 80)
        for what in ("experiments", "optimizers", "losses", "surfaces", "panels", "formats", "presets", "themes", "functions", "encoders"):
            import json
            self.assertTrue(optreel("list", what, check=0).out)
            names = [item["name"] for item in json.loads(optreel("list", what, "--json", check=0).out)]
            self.assertEqual(len(names), len(set(names)))
        self.assertIn("assignment", optreel("list", "experiments", check=0).out)

    def test_a_new_file_passes_and_is_never_overwritten(self):
        optreel("new", "mine", cwd=self.folder, check=0)
        optreel("check", "mine.yaml", cwd=self.folder, check=0)
        with open(self.path("mine.yaml"), "ab") as f:
            f.write(b"# my own words\n")
        before = tree(self.folder)
        optreel("new", "mine", cwd=self.folder, check=5)
        self.assertEqual(tree(self.folder), before)

    def test_the_schema_is_json(self):
        import json
        schema = json.loads(optreel("schema", check=0).out)
        self.assertIn("problems", schema["properties"])
        self.assertEqual(schema["$id"], "urn:optreel:experiment:1")
        self.assertFalse(schema["additionalProperties"])


if __name__ == "__main__":
    harness.main()
