"""What a CI reads: a JUnit file, a summary in Markdown, lines that a runner of GitHub shows beside the code."""
import os
import re
import unittest.mock
import xml.etree.ElementTree

from harness import Case, main, optreel

EXPERIMENT = """
title: "A | B"
steps: 60
problems: {p: {objective: x^2, start: {x: 1}, minimum: {x: 0}}}
optimizers: {calm: {kind: sgd, learning_rate: 0.1}, wild: {kind: sgd, learning_rate: 1e5}}
films: [{each: run, panels: [loss], length: 1}]
output: {formats: [gif], preset: draft}
"""


class Ci(Case):
    def render(self, *arguments, check=0, **environment):
        path = self.write("ci.yaml", EXPERIMENT)
        with unittest.mock.patch.dict(os.environ, environment):
            return optreel("render", path, "-o", self.path("out"), "--junit", self.path("junit.xml"), *arguments, check=check)

    def junit(self):
        """Attributes of the suite, and the name and failure of each test."""
        suite = xml.etree.ElementTree.parse(self.path("junit.xml")).getroot().find("testsuite")
        cases = {case.get("name"): case.find("failure") for case in suite}
        return suite.attrib, {name: failure.get("message") if failure is not None else None for name, failure in cases.items()}

    def test_junit(self):
        self.render()
        suite, cases = self.junit()
        self.assertEqual((suite["name"], suite["failures"], int(suite["tests"])), ("ci", "0", len(cases)))
        self.assertEqual({cases["p/calm"], cases["p/wild"], cases["p-calm.gif"]}, {None})

    def test_junit_under_strict(self):
        self.render("--strict", check=1)
        suite, cases = self.junit()
        self.assertEqual(suite["failures"], "1")
        self.assertEqual((cases["p/calm"], cases["p/wild"]), (None, "diverged"))

    def test_summary(self):
        self.render()
        with open(self.path("out/summary.md"), encoding="utf-8") as file:
            text = file.read()
        self.assertTrue(text.startswith("## A \\| B\n"), text[:40])
        self.assertRegex(text, r"\| p/calm \| finished \| 60 \| [0-9.e-]+ \|")
        self.assertRegex(text, r"\| p/wild \| diverged \| \d+ \|")
        self.assertIn("| p-calm.gif | gif | ", text)
        self.assertLess(len(text), 65536)

    def test_annotations(self):
        done = self.render(GITHUB_ACTIONS="true")
        self.assertTrue(re.search(r"^::warning .*::.*diverge", done.err, re.M), done.err)
        self.write("ci.yaml", EXPERIMENT.replace("steps: 60", "stops: 60"))
        with unittest.mock.patch.dict(os.environ, GITHUB_ACTIONS="true"):
            done = optreel("render", self.path("ci.yaml"), check=3)
        self.assertRegex(done.err, r"(?m)^::error file=.*ci\.yaml,line=3,col=1::")
        self.assertNotIn("::warning", self.render("--force", GITHUB_ACTIONS="").err)


if __name__ == "__main__":
    main()
