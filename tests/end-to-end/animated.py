"""Animated SVG in a headless Chromium: frame by frame the pictures of the PNG frames, within <img>, and where motion is reduced."""
import functools
import gzip
import http.server
import os
import re
import subprocess
import tempfile
import threading
import time
import unittest
import xml.etree.ElementTree

from PIL import Image, ImageChops, ImageFilter

import chromium
import harness
from harness import Case, TIMEOUT, optreel, summary

WIDTH, HEIGHT, FPS = 800, 450, 20
FILM = """\
title: A small film
steps: 10000
report: {times: false}
problems:
  parabola:
    model: alpha + beta*x + gamma*x^2
    start: {alpha: 3, beta: -1, gamma: 6}
    data: {x: {from: 0, to: 1, count: 100}, truth: {alpha: 3, beta: 6, gamma: 8}, noise: 0.3}
optimizers:
  adam: {learning_rate: 0.01}
films:
  - {name: single, panels: [fit, loss, parameters], length: 10}
  - {name: report, each: experiment, layout: sequence, length: 2}
output: {preset: github, formats: {gif: {}, svg-animated: {loop: LOOP}}}
"""
RACE = """\
steps: 2000
problems:
  valley:
    objective: (1-x)^2 + 100*(y-x^2)^2
    start: {x: -1.2, y: 1}
    minimum: {x: 1, y: 1}
optimizers:
  adam: {learning_rate: 0.05}
  newton: {}
films:
  - {name: race, each: problem, panels: [surface, loss, table], length: 10}
output: {preset: github, formats: [svg-animated]}
"""


class Slow(http.server.SimpleHTTPRequestHandler):
    """/wait/N answers after N seconds: the page is not loaded before."""
    def do_GET(self):
        if self.path.startswith("/wait/"):
            time.sleep(float(self.path[6:]))
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *_):
        pass


def screenshot(folder, page, width, height, *options):
    """What Chromium shows of a page in `folder` once it is loaded, as a picture."""
    if not chromium.PROGRAM:
        raise AssertionError("chromium is not installed: scripts/setup does it")
    with open(os.path.join(folder, "page.html"), "w", encoding="utf-8") as f:
        f.write('<!doctype html><meta charset="utf-8"><style>body{margin:0}iframe,img{display:block;border:0}</style>' + page)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Slow, directory=folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    shot = os.path.join(folder, "shot.png")
    with tempfile.TemporaryDirectory(prefix="orl-chromium-") as profile:
        subprocess.run([chromium.PROGRAM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb", "--no-first-run",
                        "--hide-scrollbars", f"--user-data-dir={profile}", f"--window-size={width},{height}", f"--screenshot={shot}", *options,
                        f"http://127.0.0.1:{server.server_port}/page.html"], check=True, capture_output=True, timeout=TIMEOUT)
    server.shutdown()
    server.server_close()
    thread.join()
    with Image.open(shot) as image:
        return image.convert("RGB")


def flat(image):
    """White where the pixels up to two to each side differ by no more than 2 of 255 from each other."""
    edges = [ImageChops.difference(band.filter(ImageFilter.MaxFilter(5)), band.filter(ImageFilter.MinFilter(5))) for band in image.split()]
    most = functools.reduce(ImageChops.lighter, edges)
    return most.point(lambda v: 255 if v <= 2 else 0)


def largest(image):
    return max(high for _, high in image.getextrema())


class Animated(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.case = Case()
        cls.case.setUp()
        cls.addClassCleanup(cls.case.doCleanups)
        cls.file = cls.case.write("film.yaml", FILM.replace("LOOP", "1"))
        cls.out = cls.case.path("out")
        optreel("render", cls.file, "-o", cls.out, "-j", "2", check=0)
        cls.race = cls.case.write("race.yaml", RACE)
        optreel("render", cls.race, "-o", cls.case.path("race"), check=0)
        os.rename(os.path.join(cls.case.path("race"), "race.animated.svg"), os.path.join(cls.out, "race.animated.svg"))
        cls.films = {f["path"].split(".animated")[0]: f for f in summary(cls.out)["films"] if f["format"] == "svg-animated"}

    def read(self, name):
        with open(os.path.join(self.out, name + ".animated.svg"), encoding="utf-8") as f:
            return f.read()

    def drawn(self, name, frame):
        path = self.case.path("frame.png")
        optreel("frame", self.race if name == "race" else self.file, "--film", name, "--frame", str(frame), "-o", path, check=0)
        with Image.open(path) as image:
            return image.convert("RGB")

    def same_as_frames(self, name, frames):
        """At each frame's own time, the picture of the PNG but for edges, which another program draws."""
        players = "".join(f'<iframe src="{name}.animated.svg" width="{WIDTH}" height="{HEIGHT}"></iframe>' for _ in frames)
        script = "<script>onload = () => document.querySelectorAll('iframe').forEach((frame, i) => { const svg = frame.contentDocument.documentElement; " \
                 f"svg.pauseAnimations(); svg.setCurrentTime({frames}[i] / {FPS}); }})</script>"
        shot = screenshot(self.out, players + script, WIDTH, HEIGHT * len(frames))
        for i, frame in enumerate(frames):
            drawn = self.drawn(name, frame)
            shown = shot.crop((0, HEIGHT * i, WIDTH, HEIGHT * (i + 1)))
            difference = ImageChops.difference(drawn, shown)
            inside = ImageChops.multiply(difference, Image.merge("RGB", [flat(drawn)] * 3))
            self.assertLessEqual(largest(inside), 2, f"{name}, frame {frame}")
            mean = sum(v * n for v, n in enumerate(difference.convert("L").histogram())) / (WIDTH * HEIGHT)
            self.assertLess(mean, 2.0, f"{name}, frame {frame}")

    def test_single(self):
        self.same_as_frames("single", [0, 13, 14, 41, 60, 83, 110, 139, 160, 199])

    def test_race(self):
        self.same_as_frames("race", [0, 20, 47, 60, 80, 100, 120, 140, 161, 199])

    def test_report_with_cards(self):
        last = self.films["report"]["frames"] - 1
        self.same_as_frames("report", [round(last * i / 9) for i in range(10)])

    def test_what_the_comparison_can_tell(self):
        """A frame is not like another."""
        one, other = self.drawn("single", 80), self.drawn("single", 110)
        inside = ImageChops.multiply(ImageChops.difference(one, other), Image.merge("RGB", [flat(one)] * 3))
        self.assertGreater(largest(inside), 100)

    def test_plays_within_img_and_stays_at_its_end(self):
        short = self.case.write("short.yaml", FILM.replace("LOOP", "1").replace("length: 10", "length: 3"))
        out = self.case.path("short")
        optreel("render", short, "--only", "single", "--formats", "svg-animated", "-o", out, check=0)
        page = f'<img src="single.animated.svg" width="{WIDTH}" height="{HEIGHT}"><img src="/wait/SECONDS">'
        start = screenshot(out, page.replace("SECONDS", "0"), WIDTH, HEIGHT)
        end = screenshot(out, page.replace("SECONDS", "6"), WIDTH, HEIGHT)
        still = screenshot(out, page.replace("SECONDS", "0"), WIDTH, HEIGHT, "--force-prefers-reduced-motion")
        self.assertGreater(largest(ImageChops.difference(start, end)), 100)
        self.assertLess(largest(ImageChops.difference(still, end)), 32)  # with motion reduced, the last frame at once, but for edges

    def test_nothing_from_outside(self):
        for name in (*self.films, "race"):
            text = self.read(name)
            xml.etree.ElementTree.fromstring(text)
            self.assertIsNone(re.search(r"<script|<image|<text|@import|font-family|url\((?!#k\d)|\bon\w+=", text), name)
            for link in re.findall(r'href="([^"]*)"', text):
                self.assertRegex(link, r"^#\w+$")
            for animation in re.findall(r"<animate[^>]*>", text):
                self.assertIn('calcMode="discrete"', animation)
                self.assertIn('fill="freeze"', animation)
                self.assertNotIn("repeatCount", animation)

    def test_size(self):
        """Of a film of fit, loss and parameters: about a fifth of the GIF's bytes (this one's GIF is a small one), packed a twentieth."""
        svg = self.read("single").encode()
        gif = os.path.getsize(os.path.join(self.out, "single.gif"))
        self.assertLess(len(svg), 0.22 * gif)
        self.assertLess(len(gzip.compress(svg, 9)), 0.05 * gif)

    def test_summary(self):
        film = self.films["single"]
        self.assertEqual((film["frames"], film["seconds"], film["fps"], film["width"], film["height"]), (200, 10, 20, WIDTH, HEIGHT))

    def test_loop(self):
        for loop, said in (("0", 'repeatCount="indefinite"'), ("3", 'repeatCount="3" fill="freeze"')):
            path = self.case.write("loop.yaml", FILM.replace("LOOP", loop))
            out = self.case.path("loop" + loop)
            optreel("render", path, "--only", "single", "--formats", "svg-animated", "-o", out, check=0)
            with open(os.path.join(out, "single.animated.svg"), encoding="utf-8") as f:
                animations = re.findall(r"<animate[^>]*>", f.read())
            self.assertTrue(animations)
            self.assertTrue(all(said in animation for animation in animations))

    def test_same_bytes_whoever_makes_it(self):
        again = self.case.path("again")
        optreel("render", self.file, "-o", again, "-j", "1", "--formats", "svg-animated", check=0)
        for name in self.films:
            with open(os.path.join(again, name + ".animated.svg"), encoding="utf-8") as f:
                self.assertEqual(f.read(), self.read(name))

    def test_the_name_tells_the_format(self):
        trace = self.case.write("log.csv", "step,loss\n" + "".join(f"{i},{1 / (i + 1)}\n" for i in range(50)))
        for name, moves in (("film.animated.svg", True), ("film.svg", False)):
            out = self.case.path(name)
            optreel("film", trace, "-o", out, check=0)
            with open(out, encoding="utf-8") as f:
                self.assertEqual("<animate" in f.read(), moves)


if __name__ == "__main__":
    harness.main()
