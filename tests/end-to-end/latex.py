"""LaTeX takes what optreel writes for it: films in Beamer, the table of results on A4, snippets; from folders of their own, without a
word of preparation but the packages that the files name."""
import os
import subprocess

import harness
from harness import Case, main, optreel

harness.needs("pdflatex", "kpsewhich", "pdftotext", "pdftoppm", tex=("animate.sty", "beamer.cls", "graphicx.sty"))

EXPERIMENT = r"""
title: "50% of <all> & more"
steps: 40
report: {times: false}
problems:
  decay_1:
    title: '"A" α·e^{−kt} #2 \d $5$ <i>|* x² ± 10⁻³ é'
    model: amplitude_of_it*exp(-k*t) + offset
    start: {amplitude_of_it: 1, k: 0.5, offset: 0}
    data: {t: {from: 0, to: 5, count: 30}, truth: {amplitude_of_it: 3, k: 1, offset: 0.5}, noise: 0.1}
optimizers:
  levenberg-marquardt: {}
  sgd: {learning_rate: ["0.1/step", 0.05]}
  adam: {learning_rate: 0.1}
films:
  - {each: run, length: 1, panels: [fit]}
  - {each: problem, name: "{problem}-race", length: 1, panels: [fit, loss]}
"""
BEAMER = "\\documentclass[aspectratio=169]{beamer}\n\\usepackage{animate}\n\\begin{document}\n%s\\end{document}\n"
FRAME = "\\begin{frame}{A title of a frame}\n\\input{%s}\n\\end{frame}\n"
ARTICLE = "\\documentclass[a4paper]{article}\n\\usepackage{graphicx}\n\\usepackage{animate}\n\\begin{document}\nWords before it.\n%s\nand after.\n\\end{document}\n"


class Latex(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls("setUp")
        Case.setUp(cls.case)
        path = cls.case.write("e.yaml", EXPERIMENT)
        for preset in ("beamer", "web"):
            optreel("render", path, "-o", cls.case.path(preset), "--preset", preset, check=0)

    @classmethod
    def tearDownClass(cls):
        cls.case.doCleanups()

    def compile(self, text):
        """In a folder two levels away; returns the log and the path of the PDF."""
        folder = self.case.path("texts", self._testMethodName)
        os.makedirs(folder)
        with open(os.path.join(folder, "t.tex"), "w", encoding="utf-8") as file:
            file.write(text)
        for _ in range(2):  # the second time Beamer knows how many pages there are
            done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"], cwd=folder, capture_output=True,
                                  timeout=harness.TIMEOUT)
            log = done.stdout.decode("utf-8", "replace")
            self.assertEqual(done.returncode, 0, log[-2500:])
        self.assertNotIn("Overfull", log)
        return os.path.join(folder, "t.pdf")

    def words(self, pdf):
        return subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()

    def pages(self, pdf):
        out = subprocess.run(["pdfinfo", pdf], capture_output=True, check=True).stdout.decode()
        return int(next(line.split()[1] for line in out.splitlines() if line.startswith("Pages:")))

    def test_films_fit_a_titled_frame(self):
        films = ["decay_1-race", "decay_1-adam", "decay_1-sgd@learning_rate=0.05"]
        pdf = self.compile(BEAMER % "".join(FRAME % f"../../beamer/{film}.tex" for film in films))
        self.assertEqual(self.pages(pdf), len(films))
        words = self.words(pdf)
        self.assertEqual(words.count("A title of a frame"), len(films))
        self.assertIn("Levenberg-Marquardt", words)  # the poster is the last page

    def test_the_number_of_a_schedule(self):
        """The # of a formula in a sweep is a parameter's mark to TeX."""
        pdf = self.compile(ARTICLE % "\\input{../../beamer/decay_1-sgd@learning_rate=#1.tex}\n\\input{../../web/snippets/decay_1-sgd@learning_rate=#1.tex}")
        self.assertIn("SGD", self.words(pdf))

    def test_snippets(self):
        """The first plays pages, the second shows a poster with its caption."""
        pdf = self.compile(BEAMER % (FRAME % "../../beamer/snippets/decay_1-race.tex"))
        self.assertIn("Levenberg-Marquardt", self.words(pdf))
        pdf = self.compile_again(ARTICLE % "\\input{../../web/snippets/decay_1-race.tex}")
        words = self.words(pdf)
        self.assertIn("#2", words)
        self.assertIn("Figure 1:", words)
        images = subprocess.run(["pdfimages", "-list", pdf], capture_output=True, check=True).stdout.decode()
        self.assertIn("1280   720", images)

    def compile_again(self, text):
        self._testMethodName += "-again"
        try:
            return self.compile(text)
        finally:
            self._testMethodName = self._testMethodName[: -len("-again")]

    def test_results_fit_a_page_of_a4(self):
        """After words on the same line, too; the longest row of three parameters with their errors."""
        pdf = self.compile(ARTICLE % "\\input{../../web/results.tex}")
        words = self.words(pdf)
        for word in ("Levenberg-Marquardt", "Adam", "±"):
            self.assertIn(word, words)
        self.assertEqual(self.pages(pdf), 1)

    def test_the_assignments_results(self):
        optreel("run", "assignment", "--set", "steps=50", "-o", self.case.path("assignment"), check=0)
        self.assertIn("Nesterov", self.words(self.compile(ARTICLE % "\\input{../../assignment/results.tex}")))


if __name__ == "__main__":
    main()
