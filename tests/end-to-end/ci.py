"""What a CI reads: a JUnit file, a summary in Markdown, lines that a runner of GitHub shows beside the code."""
import os
import re
import shutil
import subprocess
import unittest.mock
import xml.etree.ElementTree

import yaml
from harness import PROGRAM, Case, main, optreel

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

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

    def test_a_junit_file_that_cannot_be_written(self):
        os.mkdir(self.path("junit.xml"))
        done = self.render(check=5)
        self.assertEqual(done.err.count(f"optreel: error: {self.path('junit.xml')}: "), 1)
        self.assertNotIn("error: summary.json", done.err)
        self.assertNotIn("MB are needed", done.err)  # the disk is not full
        self.assertTrue(os.path.exists(self.path("out/summary.json")))
        self.assertTrue(done.err.endswith("optreel: error: not everything could be made\n"), done.err)

    def test_what_was_made_is_counted(self):
        self.assertIn("optreel: 2 runs and 4 files made, 0 files were up to date; ", self.render().err)
        os.unlink(self.path("out/traces/p-calm.csv"))
        os.unlink(self.path("out/p-calm.gif"))
        self.assertIn("optreel: 1 run and 1 file made, 3 files were up to date; ", self.render().err)
        shutil.rmtree(self.path("out"))
        os.makedirs(self.path("out/p-calm.gif/mine"))
        self.assertIn("optreel: 2 runs and 3 files made, 0 files were up to date; ", self.render("--force", check=5).err)

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
        self.assertRegex(text, r"\| p/calm \| 1 \| finished \| 60 \| [0-9.e-]+ \|")
        self.assertRegex(text, r"\| p/wild \| 2 \| diverged \| \d+ \|")
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


class Files(Case):
    """What the repository brings for services, without the services: their shell parts are run here."""

    def test_action(self):
        """With a docker that runs the program itself: the summary is there, and the exit code comes through, whether all holds or not."""
        with open(os.path.join(ROOT, "action.yml"), encoding="utf-8") as file:
            action = yaml.safe_load(file)
        self.assertEqual(action["runs"]["using"], "composite")
        step = action["runs"]["steps"][0]
        self.assertEqual(set(step["env"].values()), {"${{ inputs.%s }}" % name for name in action["inputs"]})
        self.write("docker", f"""#!/bin/sh
[ "$1" = build ] && {{ [ -f "$5/Dockerfile" ]; exit; }}
while [ "$1" != optreel ]; do shift; done
shift
exec {PROGRAM} "$@"
""")
        os.chmod(self.path("docker"), 0o755)
        self.write("ci.yaml", EXPERIMENT)
        for arguments, code, words in (("", 0, "| p/calm | 1 | finished"), ("--strict", 1, "diverged")):
            summary = self.path(f"summary{code}.md")
            open(summary, "w").close()
            done = subprocess.run(["bash", "-c", step["run"]], cwd=self.folder, capture_output=True, timeout=120, env={
                **os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}", "GITHUB_ACTION_PATH": ROOT, "GITHUB_STEP_SUMMARY": summary,
                "GITHUB_ACTIONS": "true", "EXPERIMENT": "ci.yaml", "ARGUMENTS": arguments, "OUTPUT": "out"})
            self.assertEqual(done.returncode, code, done.stderr)
            with open(summary, encoding="utf-8") as file:
                self.assertIn(words, file.read())
            self.assertIn(b"::warning", done.stderr)

    def test_pre_commit(self):
        """The hook's entry takes all files at once; one that is wrong fails it."""
        with open(os.path.join(ROOT, ".pre-commit-hooks.yaml"), encoding="utf-8") as file:
            hook = yaml.safe_load(file)[0]
        self.assertEqual(hook["entry"], "optreel check")
        self.assertRegex("films/race.optreel.yaml", hook["files"])
        self.assertNotRegex("race.yaml.txt", hook["files"])
        good = [self.write(f"{name}.optreel.yaml", EXPERIMENT) for name in "ab"]
        self.assertEqual(optreel("check", *good, check=0).out.count("runs (2)"), 2)
        bad = self.write("c.optreel.yaml", EXPERIMENT.replace("steps", "stesp"))
        self.assertIn("c.optreel.yaml:3:1: error: unknown key 'stesp'", optreel("check", bad, *good, check=3).err)

    def test_dockerfile(self):
        """A user of its own, the program as entry point, and a second stage that has every library of the program."""
        with open(os.path.join(ROOT, "Dockerfile"), encoding="utf-8") as file:
            text = file.read()
        last = text[text.rindex("\nFROM "):]
        self.assertIn('ENTRYPOINT ["optreel"]', last)
        self.assertLess(last.index("optreel doctor"), last.index("USER optreel"))
        self.assertIn("FROM debian:12-slim", last)
        for package in ("libavcodec59", "libcairo2", "libyaml-0-2", "libsleef3", "libsqlite3-0", "libdeflate0", "fonts-inter"):
            self.assertIn(package, last)


if __name__ == "__main__":
    main()
