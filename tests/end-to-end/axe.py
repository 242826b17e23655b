"""The report page against axe-core's rules of accessibility: no serious violation, wide and narrow, light and dark, with warnings, failures and
expectations on it.

axe-core is a test's tool alone, which npm brings."""
import os
import re
import shutil
import sys

import chromium
import npm
from harness import Case, main, optreel

AXE, MISSING = npm.fetch("axe-core", "4.10.3")

EXPERIMENT = """
title: "Two optimizers & a wild one"
description: What this is about.
steps: 60
problems:
  line: {model: a + b*x, start: {a: 1, b: 0}, data: {x: {from: 0, to: 1, count: 9}, truth: {a: 1, b: 2}, noise: 0.1}}
  valley: {objective: x^2 + 8*y^2, start: {x: -1.5, y: 0.6}, minimum: {x: 0, y: 0}}
optimizers: {sgd: {learning_rate: 0.05}, adam: {learning_rate: 0.1}, wild: {kind: sgd, learning_rate: 1e5}}
films:
  - {each: problem, name: "{problem}-race", panels: [loss], length: 1}
  - {each: run, name: "{problem}-{optimizer}", panels: [loss], length: 1}
output: {formats: [mp4, gif], preset: draft, size: 320x180}
expect:
  - {run: "*/adam", loss: "< 1e-9"}
  - {run: "*/wild", status: diverged}
"""

RUN = """
const frame = document.createElement('iframe');
frame.width = %d; frame.height = 900; frame.src = 'axe-page.html';
document.documentElement.append(frame);
await new Promise(go => frame.onload = go);
frame.contentDocument.querySelectorAll('details').forEach(d => d.open = true);
%s
const found = await frame.contentWindow.axe.run(frame.contentDocument, {resultTypes: ['violations']});
return {passes: found.passes.length, width: frame.contentDocument.documentElement.scrollWidth,
  violations: found.violations.map(v => [v.id, v.impact, v.help, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))])};
"""


class Axe(Case):
    @classmethod
    def setUpClass(cls):
        case = cls("test_wide")
        case.setUp()
        cls.addClassCleanup(case.doCleanups)
        optreel("render", case.write("axe.yaml", EXPERIMENT), "-o", case.path("out"), "-q", check=1)
        cls.out = case.path("out")
        shutil.copy(os.path.join(AXE, "axe.min.js"), os.path.join(cls.out, "axe.min.js"))

    def check(self, width, dark=False, script=""):
        """The page with axe in it, which its own policy would refuse."""
        with open(os.path.join(self.out, "index.html"), encoding="utf-8") as file:
            page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", file.read())
        page = page.replace("(prefers-color-scheme: dark)", "all" if dark else "not all")
        with open(os.path.join(self.out, "axe-page.html"), "w", encoding="utf-8") as file:
            file.write(page.replace("</body>", '<script src="axe.min.js"></script></body>'))
        found = chromium.run(self.out, RUN % (width, script))
        self.assertGreater(found["passes"], 15)
        self.assertEqual([v for v in found["violations"] if v[1] in ("serious", "critical", "moderate")], [])
        return found

    def test_wide(self):
        self.check(1280)

    def test_phone(self):
        self.assertLessEqual(self.check(360)["width"], 360)

    def test_dark(self):
        self.check(1280, dark=True)
        self.check(360, dark=True)

    def test_two_films_side_by_side(self):
        self.check(1280, script="""
            const buttons = frame.contentDocument.querySelectorAll('.controls button[aria-pressed]');
            buttons[0].click(); buttons[1].click(); await later(200);""")


if __name__ == "__main__":
    if MISSING:
        print(f"skipped: {MISSING}")
        sys.exit(77)
    main()
