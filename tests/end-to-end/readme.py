"""What the README says is so: its experiment is one, its commands and options exist, its files are there."""
import os
import re

from harness import Case, main, optreel

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Readme(Case):
    def setUp(self):
        super().setUp()
        with open(os.path.join(TOP, "README.md"), encoding="utf-8") as file:
            self.text = file.read()

    def test_its_experiment(self):
        block = re.search(r"```yaml\n(.*?)```", self.text, re.S).group(1)
        plan = optreel("check", self.write("readme.yaml", block), check=0).out
        self.assertIn("runs (3)", plan)
        self.assertIn("quadratic-race", plan)

    def test_its_commands_and_options(self):
        """Each `optreel COMMAND --option` that is named; of help and list, that the page is there."""
        seen = 0
        for command in re.findall(r"optreel ((?:[a-z]+)(?: [^`\n#]*)?)", self.text):
            words = command.split()
            help_text = optreel(words[0], "--help").out
            if not help_text:
                continue  # "optreel makes films": prose
            seen += 1
            for option in re.findall(r"(--[a-z-]+)", command):
                self.assertIn(option, help_text, command)
            if words[0] in ("help", "list", "show") and len(words) > 1:
                optreel(words[0], words[1], check=0)
        self.assertGreater(seen, 15)

    def test_its_links(self):
        for path in re.findall(r"\]\(([^)#:]+)\)", self.text):
            self.assertTrue(os.path.exists(os.path.join(TOP, path)), path)


if __name__ == "__main__":
    main()
