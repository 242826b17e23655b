"""scripts/pandoc/optreel.lua: experiments in a document become films, in each kind of document those that it can show."""
import os
import re
import subprocess
import zipfile

import harness
from harness import PROGRAM, Case, main

harness.needs("pandoc")

FILTER = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "scripts/pandoc/optreel.lua")
RACE = """
steps: 30
problems: {p: {objective: x^2 + 3*y^2, start: {x: -1, y: 1}}}
optimizers: {sgd: {learning_rate: 0.05}, adam: {learning_rate: 0.1}}
films:
  - {each: problem, name: "{problem}-race", length: 1, panels: [surface]}
  - {each: run, length: 1, panels: [loss]}
"""
DOCUMENT = """---
title: A report
---

# Films

![Two rules & a bowl](race.optreel.yaml){film=p-race}

Words with ![](race.optreel.yaml){film=p-sgd} between them.

```{.optreel #block film=p-race caption="From a block"}
%s
```
""" % RACE


class Pandoc(Case):
    def setUp(self):
        super().setUp()
        self.write("race.optreel.yaml", RACE)
        self.write("doc.md", DOCUMENT)

    def pandoc(self, *arguments, check=0):
        done = subprocess.run(["pandoc", "--lua-filter", FILTER, "doc.md", *arguments], cwd=self.folder, capture_output=True,
                              env={**os.environ, "OPTREEL": PROGRAM}, timeout=harness.TIMEOUT)
        self.assertEqual(done.returncode != 0, check != 0, done.stderr.decode())
        return done.stdout.decode(), done.stderr.decode()

    def files(self, text, attribute):
        """What an attribute of HTML names: all of it is there."""
        found = re.findall(attribute + r'="(optreel-films/[^"]+)"', text)
        for path in found:
            self.assertTrue(os.path.isfile(self.path(path)), path)
        return [os.path.basename(path) for path in found]

    def test_html(self):
        self.write("doc.md", DOCUMENT + "\n![A picture](other.png)\n")
        text, _ = self.pandoc("-t", "html")
        self.assertIn('<img src="other.png" alt="A picture" />', text)
        self.assertEqual(self.files(text, "<source src"), ["p-race.mp4", "p-sgd.mp4", "p-race.mp4"])
        self.assertEqual(self.files(text, "poster"), ["p-race.png", "p-sgd.png", "p-race.png"])
        self.assertEqual(len(self.files(text, '<track kind="captions" srclang="en" label="Events" src')), 3)
        self.assertEqual(re.findall("<figcaption>(.*?)</figcaption>", text)[:2], ["Two rules &amp; a bowl", "From a block"])
        with open(self.path("optreel-films/race/p-race.alt.txt"), encoding="utf-8") as file:
            self.assertIn(f'aria-label="{file.read().strip()}"', text)
        self.assertNotIn("autoplay", text)
        self.assertEqual(sorted(f for f in os.listdir(self.folder) if f.endswith(".yaml")), ["race.optreel.yaml"])

    def test_reveal_plays_by_itself(self):
        text, _ = self.pandoc("-t", "revealjs")
        self.assertEqual(text.count("<video data-autoplay loop muted"), 3)

    def test_beamer_plays_pages(self):
        text, _ = self.pandoc("-t", "beamer", "-s")
        inputs = re.findall(r"\\input\{(optreel-films/.*?)\}", text)
        self.assertEqual([os.path.basename(p) for p in inputs], ["p-race.tex", "p-sgd.tex", "p-race.tex"])
        self.assertLess(text.index("\\usepackage{animate}"), text.index("\\begin{document}"))
        for path in inputs:
            self.assertTrue(os.path.isfile(self.path(path)))
            self.assertTrue(os.path.isfile(self.path(path[:-3] + "pdf")))

    def test_latex_shows_posters(self):
        text, _ = self.pandoc("-t", "latex")
        self.assertEqual(re.findall(r"\\includegraphics.*?\{optreel-films/\w[\w-]*/(.*?)\}", text), ["p-race.png", "p-sgd.png", "p-race.png"])
        self.assertIn("\\caption{From a block}", text)

    def test_word_and_powerpoint_hold_gifs(self):
        for name, folder, count in (("a.docx", "word/media", 3), ("a.pptx", "ppt/media", 2)):
            self.pandoc("-o", name)
            with zipfile.ZipFile(self.path(name)) as archive:
                pictures = [archive.read(n) for n in archive.namelist() if n.startswith(folder) and n.endswith(".gif")]
            self.assertEqual(len(pictures), count)  # in slides pandoc shows pictures that stand alone
            self.assertEqual({p[:6] for p in pictures}, {b"GIF89a"})

    def test_all_films_without_a_name(self):
        self.write("doc.md", "![](race.optreel.yaml)\n")
        text, _ = self.pandoc("-t", "html")
        self.assertEqual(self.files(text, "<source src"), ["p-race.mp4", "p-sgd.mp4", "p-adam.mp4"])

    def test_a_fault_ends_it_with_its_message(self):
        self.write("doc.md", "```{.optreel #bad}\nsteps: 5\nproblem: {}\n```\n")
        _, told = self.pandoc("-t", "html", check=1)
        self.assertIn("error: ", told)
        self.assertIn("problems", told)
        self.assertEqual(sorted(f for f in os.listdir(self.folder) if f.endswith(".yaml")), ["race.optreel.yaml"])
        self.write("doc.md", "![](race.optreel.yaml){film=none}\n")
        self.assertIn("none", self.pandoc("-t", "html", check=1)[1])

    def test_a_pdf(self):
        harness_tex = subprocess.run(["kpsewhich", "lmodern.sty"], capture_output=True)
        if harness_tex.returncode != 0:
            self.skipTest("lmodern is not installed")
        for kind, pages in (("latex", 1), ("beamer", 2)):
            self.pandoc("-t", kind, "-o", f"{kind}.pdf")
            out = subprocess.run(["pdfinfo", self.path(f"{kind}.pdf")], capture_output=True, check=True).stdout.decode()
            self.assertGreaterEqual(int(re.search(r"Pages: +(\d+)", out).group(1)), pages)

    def test_snippets_are_what_pandoc_reads(self):
        """Of Markdown, reStructuredText and a notebook: the picture with its words."""
        subprocess.run([PROGRAM, "render", "race.optreel.yaml", "-o", "out", "--preset", "github", "--only", "p-race"], cwd=self.folder, check=True,
                       capture_output=True)
        with open(self.path("out/p-race.alt.txt"), encoding="utf-8") as file:
            words = file.read().strip()
        for kind, reader in (("md", "markdown"), ("md", "gfm"), ("rst", "rst"), ("ipynb", "ipynb")):
            text = subprocess.run(["pandoc", "-f", reader, "-t", "json", f"out/snippets/p-race.{kind}"], cwd=self.folder, check=True,
                                  capture_output=True).stdout.decode()
            self.assertIn("p-race.gif", text, kind)
            plain = subprocess.run(["pandoc", "-f", reader, "-t", "html", f"out/snippets/p-race.{kind}"], cwd=self.folder, check=True,
                                   capture_output=True).stdout.decode()
            alt = " ".join(re.search(r'alt="(.*?)"', plain, re.S).group(1).split())
            self.assertEqual(alt.replace("&lt;", "<"), " ".join(words.split()), kind)


if __name__ == "__main__":
    main()
