"""What a film shows: themes of one's own, characters that no font has, files of fonts."""
import os

from harness import Case, main, optreel, summary

QUICK = """
steps: 20
problems:
  p: {title: "TITLE", model: a+b*x, start: {a: 0, b: 0}, data: {x: {from: 0, to: 1, count: 9}, truth: {a: 1, b: 2}}}
optimizers: {sgd: {learning_rate: 0.1}}
films: [{each: run, length: 1}]
output: {formats: [png], preset: draftEXTRA}
"""


def quick(title="a line", extra=""):
    return QUICK.replace("TITLE", title).replace("EXTRA", extra)


class Looks(Case):
    def test_a_missing_character_is_a_warning(self):
        experiment = self.write("e.yaml", quick("1-\u6f22\u5b57"))
        done = optreel("render", experiment, "-o", self.path("out"), check=0)
        self.assertNotIn("CRITICAL", done.err)  # a library's own words, where digits come first
        self.assertIn("U+6F22", done.err)
        self.assertTrue(any("U+6F22" in w for w in summary(self.path("out"))["warnings"]))

    def test_a_missing_character_is_an_error_with_strict(self):
        experiment = self.write("e.yaml", quick("\u6f22\u5b57"))
        done = optreel("render", experiment, "-o", self.path("out"), "--strict", check=1)
        self.assertIn("U+6F22", done.err)
        self.assertFalse(os.path.exists(self.path("out", "p-sgd.png")))

    def test_greek_and_signs_are_there(self):
        experiment = self.write("e.yaml", quick("\u03b1\u03b2\u03b3 \u2212\u221e \u2265 10\u207b\u00b3 \u2202\u0177/\u2202\u03b8 \u00e9\u0416\u05d0"))
        done = optreel("render", experiment, "-o", self.path("out"), "--strict", check=0)
        self.assertNotIn("warning", done.err)

    def test_a_font_of_ones_own(self):
        font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
        pictures = []
        for name, extra in (("inter", ""), ("dejavu", f", font: {font}")):
            experiment = self.write(name + ".yaml", quick(extra=extra))
            optreel("render", experiment, "-o", self.path(name), check=0)
            with open(self.path(name, "p-sgd.png"), "rb") as f:
                pictures.append(f.read())
        self.assertNotEqual(*pictures)

    def test_a_font_that_is_none(self):
        experiment = self.write("e.yaml", quick(extra=", font: e.yaml"))
        done = optreel("render", experiment, "-o", self.path("out"), check=4)
        self.assertIn("as a font", done.err)

    def test_a_theme_of_ones_own(self):
        extra = ', theme: {base: dark, background: "#204060"}'
        experiment = self.write("e.yaml", quick(extra=extra))
        done = optreel("render", experiment, "-o", self.path("out"), "--strict", check=0)
        self.assertNotIn("warning", done.err)
        experiment = self.write("faint.yaml", quick(extra=', theme: {ink: "#bbbbbb"}'))
        done = optreel("render", experiment, "-o", self.path("faint"), check=0)
        self.assertRegex(done.err, r"faint.yaml:7:\d+: warning: theme: 'ink' has a contrast of 1.9:1")


class BuiltIn(Case):
    def test_an_experiment_with_data_of_its_own(self):
        done = optreel("run", "kepler", "-o", self.path("out"), cwd=self.folder, check=0)
        self.assertNotIn("warning", done.err)
        runs = {r["optimizer"]: r for r in summary(self.path("out"))["runs"]}
        self.assertAlmostEqual(runs["levenberg-marquardt"]["parameters"]["k"], 1.5, delta=2e-3)  # Kepler's third law

    def test_nothing_else_is_built_in(self):
        experiment = self.write("e.yaml", "problems: {p: {model: a*distance, start: {a: 1}, data: {file: planets.csv, columns: {distance: distance, y: period}}}}\n"
                                          "optimizers: {sgd: {}}\n")
        done = optreel("check", experiment, check=3)
        self.assertIn("planets.csv", done.err)


if __name__ == "__main__":
    main()
