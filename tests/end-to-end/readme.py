"""What the README says is so: each of its commands is run, on small films; its experiment is rendered; its files and links are there."""
import json
import os
import re
import shlex
import shutil
import subprocess

import harness
from harness import PROGRAM, Case, main, optreel

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RACE = """
problems: {bowl: {objective: x^2 + 3*y^2, start: {x: -1, y: 1}}}
optimizers: {sgd: {learning_rate: 0.05}, adam: {learning_rate: 0.1}}
films: [{each: problem, name: race, length: 1, panels: [surface]}]
"""
METRICS = "epoch,step,train_loss,val_loss\n" + "".join(f"{k // 10},{k},{1 / (1 + k):.4f},\n" for k in range(40))
# Commands that other tests run: install.py, package.py; or that whoever runs the tests has run already.
ELSEWHERE = {"git clone <this repository> optreel && cd optreel", "cmake --install build/release", "cpack -G DEB"}
SMALL_FILMS = ["--set", "steps=40", "--set", "output.size=320x180", "-j", "2"]


class Readme(Case):
    def setUp(self):
        super().setUp()
        with open(os.path.join(TOP, "README.md"), encoding="utf-8") as file:
            self.text = file.read()
        self.block = re.search(r"```yaml\n(.*?)```", self.text, re.S).group(1)
        os.makedirs(self.path("bin"))
        os.symlink(PROGRAM, self.path("bin/optreel"))

    def commands(self):
        """Lines of indented blocks and inline code that begin with a program, without their remarks."""
        plain = re.sub(r"```.*?```", "", self.text, flags=re.S)
        lines = re.findall(r"^    (\S.*)$", plain, re.M) + re.findall(r"`([^`\n]+)`", plain)
        lines = [re.sub(r"\s+#.*", "", line).strip() for line in lines]
        return list(dict.fromkeys(line for line in lines if re.match(r"(optreel |scripts/\w|pandoc |cmake |cpack |git )", line)))

    def prepare(self):
        self.write("mine.optreel.yaml", self.block)
        self.write("race.yaml", RACE)
        for folder in ("lightning_logs/version_0", "runs/one"):
            os.makedirs(self.path(folder))
            self.write(f"{folder}/metrics.csv", METRICS)

    def run_it(self, command):
        words = shlex.split(command)
        if words[1:2] == ["render"]:
            words += SMALL_FILMS
        if words[1:2] == ["new"] and os.path.exists(self.path("mine.yaml")):
            os.unlink(self.path("mine.yaml"))
        env = {**os.environ, "PATH": self.path("bin") + ":" + os.environ["PATH"]}
        done = subprocess.run(words, cwd=self.folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=harness.TIMEOUT)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stderr.decode()}")

    def test_each_command_of_optreel(self):
        self.prepare()
        commands = [c for c in self.commands() if c.startswith("optreel ")]
        self.assertGreater(len(commands), 20)
        for command in commands:
            with self.subTest(command):
                self.run_it(command)
        for path in ("output/mine/decay-race.mp4", "race.mp4", "race.svg", "output/race/slides.pptx", "output/race/snippets/race.html",
                     "output/race/snippets/race.md", "output/race/race.tex", "output/race/results.tex", "output/race/race.gif", "junit.xml",
                     "output/race/summary.md", "mine.yaml", "output/learning-rates/index.html"):
            self.assertTrue(os.path.exists(self.path(path)), path)
        self.run_it("optreel frame assignment --film quadratic-race --contact 4x3 -o sheet.pdf")

    def test_each_other_command_is_known(self):
        for command in self.commands():
            if command.startswith("scripts/"):
                script = os.path.join(TOP, command.split()[0])
                self.assertTrue(os.access(script, os.R_OK if script.endswith(".py") else os.X_OK), command)
            elif not command.startswith(("optreel ", "pandoc ")):
                self.assertIn(command, ELSEWHERE)

    def test_its_line_of_pandoc(self):
        if not shutil.which("pandoc"):
            self.skipTest("pandoc is not installed; `scripts/test full` installs it")
        self.prepare()
        os.rename(self.path("race.yaml"), self.path("race.optreel.yaml"))
        shutil.copy(os.path.join(TOP, "scripts/pandoc/optreel.lua"), self.folder)
        self.write("talk.md", next(line for line in re.findall(r"`([^`\n]+)`", self.text) if line.startswith("![")) + "\n")
        self.run_it(next(c for c in self.commands() if c.startswith("pandoc ")))
        self.assertTrue(os.path.exists(self.path("talk.docx")))

    def test_its_experiment_has_ten_lines_and_the_film_that_it_shows(self):
        self.assertEqual(len(self.block.strip().split("\n")), 10)
        self.prepare()
        self.run_it("optreel render mine.optreel.yaml")
        with open(self.path("output/mine/summary.json"), encoding="utf-8") as file:
            summary = json.load(file)
        self.assertEqual(len(summary["runs"]), 3)
        self.assertIn("decay-race", {film["name"] for film in summary["films"]})
        self.assertIn("output/gallery/decay-race.gif", self.text)

    def test_the_experiments_that_it_names(self):
        known = {e["name"] for e in json.loads(optreel("list", "experiments", "--json", check=0).out)}
        part = self.text[self.text.index("* **Examples**"):self.text.index("* **Help**")]
        named = {n.removeprefix("optreel render ") for n in re.findall(r"`([^`]+)`", part) if not n.startswith("optreel show")}
        self.assertGreater(len(named), 8)
        self.assertEqual(named - known, set())

    def test_its_fragments_of_experiments(self):
        """`data: {...}` and other keys of a line are keys of the schema."""
        schema = optreel("schema", check=0).out
        for fragment in re.findall(r"`([a-z_]+): ?[^`]*`", self.text):
            self.assertIn(f'"{fragment}"', schema, fragment)

    def test_its_links(self):
        for path in re.findall(r"\]\(([^)#:]+)\)", self.text):
            if path != "race.optreel.yaml":
                self.assertTrue(os.path.exists(os.path.join(TOP, path)), path)


if __name__ == "__main__":
    main()
