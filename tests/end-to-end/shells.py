"""What the program writes about itself: manual, completions, built-in experiments, help; made from the same rows as the parser."""
import json
import os
import shutil
import subprocess
import unittest

from harness import Case, main, optreel


def commands():
    """The names of all subcommands, from the help."""
    lines = optreel("help", check=0).out.splitlines()
    return [line.split()[1] for line in lines if line.startswith("  optreel ") and "assignment" not in line]


class Manual(Case):
    def test_every_command_and_subject_stands_in_it(self):
        page = optreel("man", check=0).out
        self.assertTrue(page.startswith(".TH OPTREEL 1 "))
        for name in commands():
            self.assertIn(f".SS optreel {name} ", page)
        for option in (r"\-\-preset", r"\-\-set", r"\-o, "):
            self.assertIn(option, page)

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_roff_has_nothing_to_say(self):
        page = optreel("man", check=0).out
        done = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-K", "utf-8"], input=page.encode(), capture_output=True)
        self.assertEqual((done.returncode, done.stderr.decode()), (0, ""))


class Completion(Case):
    def complete(self, *words):
        """What bash would offer for the last of these words."""
        script = optreel("completion", "bash", check=0).out
        quoted = " ".join(f"'{word}'" for word in ("optreel", *words))
        ask = f"COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _optreel; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        done = subprocess.run(["bash", "--norc", "-c", script + "\n" + ask], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split()

    def test_bash(self):
        self.write("mine.yaml", "")
        self.assertEqual(self.complete("ren"), ["render"])
        self.assertEqual(self.complete("render", "--fo"), ["--force", "--formats"])
        self.assertIn("assignment", self.complete("render", "a"))
        self.assertEqual(self.complete("render", "mi"), ["mini-batches", "mine.yaml"])
        self.assertEqual(self.complete("render", "--preset", "gith"), ["github"])
        self.assertEqual(self.complete("render", "--progress", "al"), ["always"])
        self.assertEqual(self.complete("list", "opt"), ["optimizers"])
        self.assertIn("formulas", self.complete("help", "form"))
        self.assertEqual(self.complete("completion", "z"), ["zsh"])

    def test_each_shell_can_read_its_own(self):
        for shell in ("bash", "zsh", "fish"):
            with self.subTest(shell):
                script = optreel("completion", shell, check=0).out
                for name in commands():
                    self.assertIn(name, script)
                if not shutil.which(shell):
                    self.skipTest(f"{shell} is not installed")
                self.write("script", script)
                done = subprocess.run([shell, "-n", self.path("script")], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_other_shells_are_refused(self):
        self.assertIn("one of: bash, zsh, fish", optreel("completion", "tcsh", check=2).err)


class BuiltIn(Case):
    def test_shown_copied_and_checked(self):
        for item in json.loads(optreel("list", "experiments", "--json", check=0).out):
            name = item["name"]
            with self.subTest(name):
                text = optreel("show", name, check=0).out
                self.assertIn("optimizers:", text)
                optreel("new", f"my-{name}", "--from", name, cwd=self.folder, check=0)
                with open(self.path(f"my-{name}.yaml"), encoding="utf-8") as file:
                    self.assertTrue(file.read().endswith(text))
                plan = optreel("check", f"my-{name}.yaml", cwd=self.folder, check=0).out
                theirs = optreel("check", name, cwd=self.folder, check=0).out
                self.assertEqual(plan.split("\n")[1:], theirs.split("\n")[1:])

    def test_an_unknown_one_has_a_hint(self):
        self.assertIn("did you mean 'assignment'?", optreel("show", "asignment", check=2).err)
        self.assertIn("did you mean 'races'?", optreel("new", "x", "--from", "race", cwd=self.folder, check=2).err)
        self.assertFalse(os.path.exists(self.path("x.yaml")))


class Help(Case):
    def test_every_page_is_listed_and_can_be_read(self):
        for name in commands():
            self.assertIn(f"optreel {name}", optreel(name, "--help", check=0).out)
        listed = [line.split()[0] for line in optreel("help", check=0).out.split("explains\n")[1].splitlines() if line.startswith("  ") and "optreel" not in line]
        self.assertGreater(len(listed), 9)
        for subject in listed:
            page = optreel("help", subject, check=0).out
            self.assertGreater(len(page), 80)
            self.assertNotIn("\n@", page)

    def test_a_misspelt_page_has_a_hint(self):
        self.assertIn("did you mean 'formulas'?", optreel("help", "formula", check=2).err)

    def test_presets_and_themes_tell_their_values(self):
        page = optreel("help", "presets", check=0).out
        for name, facts in (("slides", "mp4, 1920x1080, 30 fps, text from 36 px, crf 17"), ("github", "gif, 800x450, 20 fps, .*colors 128, at most 5 MB"),
                            ("reel", "mp4, 1080x1920, 30 fps"), ("archive", "mkv, framemd5, "), ("draft", ".*speed ultrafast")):
            self.assertRegex(page, rf"(?m)^  {name} .*\n +{facts}")
        self.assertRegex(optreel("help", "themes", check=0).out, r"(?m)^  background +the page")
        self.assertNotIn("log: the first steps slowly (the default)", optreel("help", "films", check=0).out)


class Doctor(Case):
    def test_this_machine_is_well(self):
        page = optreel("doctor", check=0).out
        for words in ("libavcodec", "libx264", "cores", "disk", "all that render needs is here"):
            self.assertIn(words, page)


if __name__ == "__main__":
    main()
