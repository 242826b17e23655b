"""How an experiment is named on the command line: a file, standard input, nearly a file; and --open."""
import os
import subprocess
import time

from harness import PROGRAM, Case, main, optreel, summary

BOWL = """\
steps: 5
problems: {bowl: {objective: x^2, start: {x: 1}}}
optimizers: {sgd: {}}
films: [{each: run, panels: [loss], length: 1}]
output: {formats: [gif], preset: draft}
"""


class Naming(Case):
    def piped(self, text, *arguments, check):
        done = subprocess.run([PROGRAM, *arguments], input=text.encode(), cwd=self.folder, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, check, done.stderr)
        return done

    def test_standard_input(self):
        self.piped(BOWL, "render", "-", "-q", check=0)
        self.assertEqual(summary(self.path("output/stdin"))["runs"][0]["steps"], 5)
        self.piped(BOWL, "frame", "-", "--step", "3", "-o", "still.png", check=0)
        self.assertTrue(os.path.getsize(self.path("still.png")) > 1000)
        self.assertIn(b"bowl/sgd", self.piped(BOWL, "check", "-", check=0).stdout)
        self.assertIn(b"<stdin>:1:1: error: unknown key 'stesp'", self.piped("stesp: 5\n" + BOWL[9:], "check", "-", check=3).stderr)
        self.assertIn(b"the file is empty", self.piped("", "check", "-", check=3).stderr)

    def test_paths_start_here(self):
        self.write("t.csv", "x,y\n0,1\n1,3\n")
        text = "problems: {p: {model: a + b*x, start: {a: 0, b: 0}, data: {file: t.csv, response: y}}}\noptimizers: {sgd: {}}\n"
        self.piped(text, "run", "-", "-o", "here", "-q", check=0)

    def test_nearly_a_file(self):
        for name in ("race.yaml", "slow.optreel.yaml", "near.yml"):
            self.write(name, BOWL)
        for typed, meant in (("race", "race.yaml"), ("slow", "slow.optreel.yaml"), ("slow.yaml", "slow.optreel.yaml"), ("race.yml", "race.yaml"),
                             ("rase.yaml", "race.yaml"), ("./race", "./race.yaml"), ("near.yaml", "near.yml")):
            done = optreel("check", typed, cwd=self.folder, check=3)
            self.assertIn(f"hint: did you mean '{meant}'?", done.err, typed)
        self.assertIn("did you mean 'assignment'?", optreel("check", "asignment", cwd=self.folder, check=3).err)
        self.assertIn("optreel new NAME", optreel("check", "quite-another", cwd=self.folder, check=3).err)

    def test_a_folder_is_no_stream(self):
        self.assertIn("cannot be standard output", optreel("render", self.write("b.yaml", BOWL), "-o", "-", cwd=self.folder, check=2).err)
        self.assertFalse(os.path.exists(self.path("-")))

    def test_open(self):
        path = self.write("b.yaml", BOWL)
        self.write("xdg-open", f"#!/bin/sh\necho \"$@\" >{self.path('opened')}.part\nmv {self.path('opened')}.part {self.path('opened')}\n")
        os.chmod(self.path("xdg-open"), 0o755)
        optreel("render", path, "-o", self.path("out"), "--open", "-q", env={**os.environ, "PATH": f"{self.folder}:/usr/bin:/bin"}, check=0)
        for _ in range(100):
            if os.path.exists(self.path("opened")):
                break
            time.sleep(0.05)
        with open(self.path("opened"), encoding="utf-8") as file:
            self.assertEqual(file.read().strip(), self.path("out/index.html"))
        os.mkdir(self.path("empty"))
        done = optreel("render", path, "-o", self.path("out"), "--open", "-q", env={**os.environ, "PATH": self.path("empty")}, check=0)
        self.assertIn("xdg-open is not there", done.err)


if __name__ == "__main__":
    main()
