"""Vector pages and stills, read by poppler and librsvg: pages, text that can be searched, fonts inside, the same pixels as the film."""
import os
import re
import signal
import subprocess
import time
import unittest

import harness
from harness import Case, TIMEOUT, optreel, summary

VECTOR = harness.SMALL.replace("formats: [mp4, gif]\n  preset: draft", "formats: [pdf, svg]")


def tool(*command):
    return subprocess.run(command, capture_output=True, check=True, timeout=TIMEOUT).stdout


def pdfinfo(path):
    lines = tool("pdfinfo", path).decode().split("\n")
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines if ":" in line)}


def pixels(ppm):
    """Width, height and bytes of a binary PPM."""
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", ppm)
    return int(head[1]), int(head[2]), ppm[head.end():]


def png_pixels(path):
    return pixels(tool("ffmpeg", "-v", "error", "-i", path, "-f", "image2pipe", "-c:v", "ppm", "-pix_fmt", "rgb24", "-"))


def difference(a, b):
    """Mean difference of two pictures, in 1/255."""
    assert a[:2] == b[:2], f"{a[:2]} against {b[:2]}"
    step = 7  # every seventh byte: all three colours come up
    return sum(abs(x - y) for x, y in zip(a[2][::step], b[2][::step])) / len(a[2][::step])


class Vector(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.case = Case()
        cls.case.setUp()
        cls.addClassCleanup(cls.case.doCleanups)
        cls.experiment = cls.case.write("small.yaml", VECTOR)
        cls.out = cls.case.path("out")
        optreel("render", cls.experiment, "-o", cls.out, "-j", "2", check=0)
        cls.summary = summary(cls.out)

    def films(self, extension):
        found = [f for f in self.summary["films"] if f["path"].endswith(extension)]
        self.assertEqual(len(found), 3)
        return [(f, os.path.join(self.out, f["path"])) for f in found]

    def test_pages(self):
        for film, path in self.films(".pdf"):
            info = pdfinfo(path)
            self.assertEqual(int(info["Pages"]), 36)  # 3 s at 12 per second
            self.assertEqual((film["frames"], film["fps"], film["seconds"]), (36, 12, 3))
            width, height = (float(n) for n in re.match(r"([\d.]+) x ([\d.]+) pts", info["Page size"]).groups())
            self.assertAlmostEqual(width / 72 * 25.4, 160, delta=0.01)
            self.assertAlmostEqual(height / 72 * 25.4, 90, delta=0.01)
            self.assertNotIn("CreationDate", info)
            self.assertIn("α + βx + γx²", info["Title"])

    def test_text_is_text(self):
        for _, path in self.films(".pdf"):
            for page in ("1", "20", "36"):
                text = tool("pdftotext", "-f", page, "-l", page, "-layout", path, "-").decode()
                self.assertIn("α + βx + γx²", text)
                self.assertIn("step", text)
            self.assertIn("300", text)
            fonts = tool("pdffonts", path).decode().split("\n")[2:]
            self.assertGreater(len([f for f in fonts if f]), 0)
            for font in fonts:
                if font:  # embedded, subset, with a way back to Unicode
                    self.assertRegex(font, r"^[A-Z]{6}\+Inter-\w+ .* yes yes yes ")

    def test_the_background_is_there_once(self):
        for _, path in self.films(".pdf"):
            with open(path, "rb") as f:
                data = f.read()
            shown = re.findall(rb"/XObject << (/\w+ \d+ 0 R) >>", data)
            self.assertEqual(tool("pdfimages", "-list", path).decode().count("\n"), 2)  # its head alone: no pixels
            self.assertEqual(len(shown), 36)
            self.assertEqual(len(set(shown)), 1)

    def test_the_last_page_is_the_last_frame(self):
        for (_, pdf), (_, png) in zip(self.films(".pdf"), self.films(".png")):  # the poster has the first format's look
            page = pixels(tool("pdftoppm", "-f", "36", "-l", "36", "-scale-to-x", "1280", "-scale-to-y", "720", pdf))
            self.assertLess(difference(page, png_pixels(png)), 1.8)  # another rasterizer
            page = pixels(tool("pdftoppm", "-f", "9", "-l", "9", "-scale-to-x", "1280", "-scale-to-y", "720", pdf))
            self.assertGreater(difference(page, png_pixels(png)), 2.0)  # what the comparison can tell
        out, flat = self.case.path("svg"), self.case.path("svg.png")
        optreel("render", self.experiment, "-o", out, "--formats", "svg", check=0)
        for name in ("parabola-sgd", "parabola-race"):
            tool("rsvg-convert", "-o", flat, os.path.join(out, name + ".svg"))
            self.assertLess(difference(png_pixels(flat), png_pixels(os.path.join(out, name + ".png"))), 1.0)

    def test_svg(self):
        for film, path in self.films(".svg"):
            with open(path, encoding="utf-8") as f:
                text = f.read()
            self.assertIn(' width="1280px" height="720px" ', text)
            self.assertIn("<title>α + βx + γx²", text)
            self.assertNotIn("<image", text)
            self.assertEqual((film["frames"], film["seconds"]), (1, 0))

    def test_same_bytes_whoever_makes_them(self):
        for jobs in ("1", "3"):
            again = self.case.path("again" + jobs)
            optreel("render", self.experiment, "-o", again, "-j", jobs, "-q", check=0)
            one, two = harness.tree(self.out), harness.tree(again)
            for name in one:
                if name not in harness.REPORT:
                    self.assertEqual(one[name], two[name], name)

    def test_a_date_only_where_one_is_told(self):
        told = self.case.path("told")
        env = dict(os.environ, SOURCE_DATE_EPOCH="1582979696", TZ="Asia/Tokyo")
        arguments = ("render", self.experiment, "-o", told, "--formats", "pdf", "--only", "parabola/sgd")
        optreel(*arguments, check=0, env=env)
        with open(os.path.join(told, "parabola-sgd.pdf"), "rb") as f:
            self.assertRegex(f.read(), rb"/CreationDate \((D:)?20200229123456")
        self.assertIn("up to date", optreel(*arguments, check=0, env=env).out)
        self.assertNotIn(".pdf  0", optreel(*arguments, check=0).out)
        with open(os.path.join(told, "parabola-sgd.pdf"), "rb") as f:
            self.assertNotIn(b"/CreationDate", f.read())  # another date is another file

    def test_long_films_have_120_pages(self):
        out = self.case.path("long")
        arguments = ("render", self.experiment, "-o", out, "--only", "parabola/sgd", "--formats", "pdf", "--set", "films.0.length=17")
        optreel(*arguments, check=0)
        film = [f for f in summary(out)["films"] if f["format"] == "pdf"][0]
        self.assertEqual(film["frames"], 120)
        self.assertAlmostEqual(film["seconds"], 17, delta=0.1)
        optreel(*arguments, "--set", "output.fps=20", check=0)  # unless somebody asks for more
        film = [f for f in summary(out)["films"] if f["format"] == "pdf"][0]
        self.assertEqual(film["frames"], 340)

    def test_other_shapes_keep_the_size_of_text(self):
        for size, page in (("1080x1080", (160, 160)), ("720x1280", (160, 284.4)), ("1280x400", (288, 90))):
            out = self.case.path(size)
            optreel("render", self.experiment, "-o", out, "--only", "parabola/sgd", "--formats", "pdf", "--set", "output.size=" + size,
                    "--set", "films.0.length=1", check=0)
            found = re.match(r"([\d.]+) x ([\d.]+) pts", pdfinfo(os.path.join(out, "parabola-sgd.pdf"))["Page size"]).groups()
            for a, b in zip(found, page):
                self.assertAlmostEqual(float(a) / 72 * 25.4, b, delta=0.1)

    def test_a_worker_that_dies_is_replaced(self):
        arguments = ("render", self.experiment, "--only", "parabola/sgd", "--formats", "pdf", "--set", "output.fps=200", "-j", "1", "-q",
                     "-o")
        good, bad = self.case.path("good"), self.case.path("bad")
        optreel(*arguments, good, check=0)
        process = subprocess.Popen([harness.PROGRAM, *arguments, bad], stdout=subprocess.DEVNULL)
        killed, end = None, time.monotonic() + TIMEOUT
        while killed is None and process.poll() is None and time.monotonic() < end:
            try:  # a part may be gone as soon as it was seen
                grown = [p for p in harness.parts(bad) if os.path.getsize(os.path.join(bad, ".optreel", p)) > 100000]
                if grown:  # the pages are being written: by whom, the name tells
                    os.kill(int(grown[0].split("-")[0]), signal.SIGKILL)
                    killed = grown[0]
            except (FileNotFoundError, ProcessLookupError):
                pass
        self.assertEqual(process.wait(TIMEOUT), 0)
        self.assertIsNotNone(killed, "the pages were made too fast to be disturbed")
        one, two = harness.tree(good), harness.tree(bad)
        for name in one:
            if name not in harness.REPORT:
                self.assertEqual(one[name], two[name], name)

    def test_film_of_a_trace(self):
        trace = os.path.join(self.out, "traces", "parabola-sgd.csv")
        optreel("film", trace, "-o", self.case.path("t.pdf"), check=0)
        self.assertEqual(pdfinfo(self.case.path("t.pdf"))["Pages"], "120")
        done = optreel("film", trace, "--formats", "svg", "-o", "-", check=0)
        self.assertTrue(done.out.endswith("</svg>\n"))


if __name__ == "__main__":
    harness.main()
