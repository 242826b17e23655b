"""reveal.js shows what snippets/*.html holds: a deck of two slides pasted from them, in a browser."""
import os
import shutil
import sys

import chromium
import npm
from harness import SMALL, Case, main, optreel

REVEAL, MISSING = npm.fetch("reveal.js", "5.1.0")
DECK = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="reveal/reveal.css"><link rel="stylesheet" href="reveal/theme/white.css">
<div class="reveal"><div class="slides"><section><h2>A talk</h2></section>
%s
</div></div><script src="reveal/reveal.js"></script><script>Reveal.initialize({hash: false, transition: 'none'});</script>"""
OPEN = """
const frame = document.createElement('iframe');
frame.width = 960; frame.height = 700; frame.src = 'snippets/deck.html';
document.documentElement.append(frame);
await new Promise(go => frame.onload = go);
const deck = frame.contentWindow.Reveal, page = frame.contentDocument;
for (let i = 0; i < 100 && !deck.isReady(); i++) await later(50);
const [film, second] = page.querySelectorAll('video');
const runs = async v => { const t = v.currentTime; for (let i = 0; i < 100 && v.currentTime <= t; i++) await later(50); return v.currentTime > t; };
"""


class Reveal(Case):
    def open(self, script):
        experiment = SMALL.replace("formats: [mp4, gif]\n  preset: draft", "preset: slides\n  size: 640x360").replace("length: 3", "length: 1, panels: [fit]")
        optreel("render", self.write("e.yaml", experiment), "-o", self.path("out"), "-q", check=0)
        shutil.copytree(os.path.join(REVEAL, "dist"), self.path("out/snippets/reveal"))
        slides = ""
        for name in ("parabola-race", "parabola-sgd"):
            with open(self.path("out/snippets", name + ".html"), encoding="utf-8") as file:
                slides += file.read()
        with open(self.path("out/snippets/deck.html"), "w", encoding="utf-8") as file:
            file.write(DECK % slides)
        return chromium.run(self.path("out"), OPEN + script)

    def test_a_film_plays_while_its_slide_is_shown(self):
        said = self.open("""
            const said = {slides: deck.getTotalSlides(), before: [film.paused, second.paused]};
            deck.next(); said.first = await runs(film); said.others = second.paused;
            deck.next(); said.second = await runs(second); said.left = film.paused;
            said.loops = film.loop && second.loop; said.muted = film.muted;
            return said;""")
        self.assertEqual(said, {"slides": 3, "before": [True, True], "first": True, "others": True, "second": True, "left": True, "loops": True, "muted": True})

    def test_a_slide_shows_the_whole_film(self):
        said = self.open("""
            deck.next(); await runs(film); await later(300);
            const box = film.getBoundingClientRect(), title = page.querySelector('section.present h2').getBoundingClientRect();
            return {left: box.left, top: box.top - title.bottom, right: 960 - box.right, bottom: 700 - box.bottom,
              shape: box.width / box.height, width: box.width, errors: [film.error, film.networkState === 3]};""")
        for side in ("left", "top", "right", "bottom"):
            self.assertGreaterEqual(said[side], 0, side)
        self.assertAlmostEqual(said["shape"], 16 / 9, delta=0.03)
        self.assertGreater(said["width"], 480)  # half of the deck at least
        self.assertEqual(said["errors"], [None, False])


if __name__ == "__main__":
    if MISSING:
        print(f"skipped: {MISSING}")
        sys.exit(77)
    main()
