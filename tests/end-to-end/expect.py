"""An experiment as a test: what it expects is judged, told where it stands, and decides the exit code."""
import json
import os
import re
import subprocess
import unittest.mock
import xml.etree.ElementTree

from harness import PROGRAM, Case, main, optreel, summary

EXPERIMENT = """\
steps: 60
problems:
  bowl: {objective: x^2 + 1, start: {x: 1}, minimum: {x: 0}}
optimizers: {calm: {kind: sgd, learning_rate: 0.1}, slow: {kind: sgd, learning_rate: 0.001}, wild: {kind: sgd, learning_rate: 1e5}}
films: [{each: problem, panels: [loss], length: 1}]
output: {formats: [gif], preset: draft}
expect:
"""
GOOD = """\
  - {run: bowl/calm, loss: "1 ± 1e-6", steps_to: {1e-2: "< 20", 0.1: "<= 6"}, parameters: {x: 0 ± 0.01}, status: finished}
  - {problem: bowl, order: [calm, slow, wild]}
  - {run: wild, status: diverged}
"""


class Expect(Case):
    def make(self, entries, *arguments, command="render", check=0, **environment):
        path = self.write("e.yaml", EXPERIMENT + entries)
        with unittest.mock.patch.dict(os.environ, environment):
            return optreel(command, path, "-o", self.path("out"), *arguments, check=check)

    def facts(self):
        return {fact["what"]: (fact["held"], fact["value"]) for fact in summary(self.path("out"))["expect"]}

    def test_held(self):
        done = self.make(GOOD)
        self.assertNotIn("error", done.err)
        facts = self.facts()
        self.assertEqual({held for held, _ in facts.values()}, {True})
        # x shrinks by 0.8 a step: 0.64^11 < 1e-2, 0.64^6 = 0.069 <= 0.1 < 0.64^5; above the minimum 1
        self.assertEqual(facts["bowl/calm: steps to 1e-2 < 20"][1], 11)
        self.assertEqual(facts["bowl/calm: steps to 0.1 <= 6"][1], 6)
        self.assertEqual(facts["bowl: order calm, slow, wild"][1], "calm, slow, wild")

    def test_unmet(self):
        done = self.make(GOOD + '  - {run: bowl/slow, loss: "< 1.5"}\n', check=1)
        self.assertRegex(done.err, r"(?m)^\S*e\.yaml:11:28: error: expected bowl/slow: loss < 1\.5; got 1\.786\d+\n"
                                   r"      - \{run: bowl/slow, loss: \"< 1\.5\"\}\n {31}\^$")
        self.assertIn("1 of 8 expectations does not hold", done.err)
        held, value = self.facts()["bowl/slow: loss < 1.5"]
        self.assertIs(held, False)
        self.assertAlmostEqual(value, 1 + 0.998 ** 120)
        self.assertTrue(os.path.exists(self.path("out/bowl-race.gif")))
        # the second time nothing is made and the answer is the same
        again = optreel("render", self.path("e.yaml"), "-o", self.path("out"), check=1)
        self.assertIn("(up to date)", again.out)
        self.assertIn("got 1.786", again.err)

    def test_told_everywhere(self):
        done = self.make('  - {run: bowl/slow, loss: "< 1.5"}\n  - {run: calm, rank: 1}\n', "--junit", self.path("j.xml"), check=1,
                         GITHUB_ACTIONS="true")
        self.assertRegex(done.err, r"(?m)^::error file=\S*e\.yaml,line=8,col=28::expected bowl/slow: loss < 1\.5; got 1\.78")
        suite = xml.etree.ElementTree.parse(self.path("j.xml")).getroot().find("testsuite")
        self.assertEqual((suite.get("failures"), suite.get("skipped")), ("1", "0"))
        cases = {case.get("name"): case for case in suite if case.get("classname") == "expect"}
        self.assertTrue(cases["bowl/slow: loss < 1.5"].find("failure").get("message").endswith("got 1.786438841"))
        self.assertEqual(cases["bowl/slow: loss < 1.5"].get("line"), "8")
        self.assertIsNone(cases["bowl/calm: rank = 1"].find("failure"))
        with open(self.path("out/summary.md"), encoding="utf-8") as file:
            self.assertIn("**1 of 2 expectations does not hold.**\n\n| Expected | Holds | Is |\n|---|---|---|\n"
                          "| bowl/slow: loss \\< 1.5 | **no** | 1.786438841 |\n", file.read())
        with open(self.path("out/index.html"), encoding="utf-8") as file:
            self.assertIn("1 of 2 expectations does not hold", file.read())

    def test_runs_alone_and_only(self):
        self.make('  - {run: slow, loss: "< 1.5"}\n', command="run", check=1)
        self.make('  - {run: slow, loss: "< 1.5"}\n', "--only", "bowl/calm")
        self.assertEqual(self.facts()["bowl/slow: loss < 1.5"], (None, None))

    def test_refused(self):
        done = self.make('  - {run: calmer, loss: "< 1.5"}\n', check=3)
        self.assertRegex(done.err, r"8:11: error: there is no run 'calmer'\n.*\n.*\n    hint: did you mean 'calm'\?")
        self.assertFalse(os.path.exists(self.path("out")))

    def test_join_judges(self):
        path = self.write("e.yaml", EXPERIMENT + '  - {run: slow, loss: "< 1.5"}\n')
        for shard in ("1/2", "2/2"):
            optreel("render", path, "-o", self.path("out"), "--shard", shard, check=0)
        optreel("render", path, "-o", self.path("out"), "--shard", "1/2", "--junit", self.path("j.xml"), check=2)
        done = optreel("join", self.path("out"), "--junit", self.path("j.xml"), check=1)
        self.assertIn("expected bowl/slow: loss < 1.5; got 1.786", done.err)
        with open(self.path("j.xml"), encoding="utf-8") as file:
            self.assertEqual(file.read().count("<failure"), 1)
        self.assertIn("got 1.786", optreel("report", self.path("out"), check=1).err)

    def test_summary_fits_a_comment(self):
        names = [f"{'a' * 80}{i:03}" for i in range(300)]
        path = self.write("e.yaml", "steps: 1\nproblems: {p: {objective: x^2, start: {x: 1}}}\noptimizers: {" +
                          ", ".join(f"{name}: {{kind: sgd}}" for name in names) + '}\nfilms: []\nexpect: [{loss: "< 0"}]\n')
        optreel("render", path, "-o", self.path("out"), check=1)
        with open(self.path("out/summary.md"), encoding="utf-8") as file:
            text = file.read()
        self.assertLess(len(text.encode()), 65536)
        self.assertIn("300 of 300 expectations do not hold", text)
        self.assertRegex(text, r"and \d+ more expectations")
        self.assertRegex(text, r"and \d+ more runs")


if __name__ == "__main__":
    main()
