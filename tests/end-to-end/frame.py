"""optreel frame: stills of films without the films, in their place whole or not at all."""
import os
import re
import subprocess
import time

import harness
from harness import Case, PROGRAM, TIMEOUT, optreel

SIZE = re.compile(rb"\x89PNG\r\n\x1a\n\0\0\0\rIHDR(.{4})(.{4})", re.S)


def png_size(data):
    head = SIZE.match(data)
    return int.from_bytes(head[1], "big"), int.from_bytes(head[2], "big")


def read(path):
    with open(path, "rb") as f:
        return f.read()


class Frame(Case):
    def setUp(self):
        super().setUp()
        self.experiment = self.write("small.yaml", harness.SMALL)

    def frame(self, *arguments, check=0, film="parabola-sgd", **more):
        return optreel("frame", self.experiment, "--film", film, *arguments, check=check, **more)

    def refused(self, code, words, *arguments, **more):
        done = self.frame(*arguments, check=code, **more)
        self.assertIn(words, done.err)
        self.assertNotIn("bug", done.err)
        self.assertEqual(done.out, "")
        self.assertEqual(os.listdir(self.folder), ["small.yaml"])

    def where(self, *arguments):
        return tuple(int(n) for n in re.search(r"\(frame (\d+), step (\d+)\)", self.frame(*arguments).out).groups())

    def test_the_last_frame_is_the_poster(self):
        optreel("render", self.experiment, "-o", self.path("out"), check=0)
        for film in ("parabola-sgd", "parabola-race"):
            self.frame("--frame", "89", "-o", self.path(film + ".png"), film=film)
            self.assertEqual(read(self.path(film + ".png")), read(self.path("out", film + ".png")))
        self.assertEqual(sorted(os.listdir(self.folder)), ["out", "parabola-race.png", "parabola-sgd.png", "small.yaml"])

    def test_step(self):
        first = self.frame("--frame", "0", "-o", "-", "--formats", "svg").stdout
        self.assertEqual(self.frame("--step", "0", "-o", "-", "--formats", "svg").stdout, first)
        frame, step = self.where("--step", "100", "-o", self.path("a.svg"))
        self.assertEqual(step, 100)
        self.assertLess(self.where("--frame", str(frame - 1), "-o", self.path("b.svg"))[1], 100)
        frame, step = self.where("--frame", "60", "-o", self.path("a.svg"))
        self.assertEqual(self.where("--step", str(step), "-o", self.path("b.svg")), (frame, step))
        self.assertEqual(read(self.path("a.svg")), read(self.path("b.svg")))
        # The last step is the finish: what stands there for the last seconds, with what came of it.
        self.assertEqual(self.where("--step", "300", "-o", self.path("c.svg")), (89, 300))

    def test_a_step_that_the_film_passes_over(self):
        shown = {self.where("--frame", str(frame), "-o", self.path("a.svg"))[1] for frame in range(75)}
        passed = sorted(set(range(301)) - shown)
        for step in (passed[0], passed[-1]):
            for film in ("parabola-sgd", "parabola-race"):
                done = self.frame("--step", str(step), "-o", self.path("a.pdf"), film=film)
                self.assertIn(f"step {step})", done.out)
                self.assertEqual(done.err, "")
                text = subprocess.run(["pdftotext", self.path("a.pdf"), "-"], capture_output=True, check=True, timeout=TIMEOUT)
                self.assertRegex(text.stdout.decode(), rf"(?m)\b{step}\b")

    def test_a_step_that_was_not_recorded(self):
        self.write("small.yaml", harness.SMALL.replace("steps: 300", "steps: 300\nrecord: {every: 7}"))
        done = self.frame("--step", "100", "-o", self.path("a.png"))
        self.assertIn("warning: not every run recorded step 100: the still shows the last step before, such as 98", done.err)
        os.unlink(self.path("a.png"))
        self.refused(1, "recorded step 100", "--step", "100", "-o", self.path("a.png"), "--strict")
        self.assertEqual(self.frame("--step", "98", "-o", self.path("a.png")).err, "")

    def test_formats(self):
        for name in ("a.png", "a.svg", "a.pdf"):
            self.frame("--frame", "30", "-o", self.path(name))
        self.assertEqual(png_size(read(self.path("a.png"))), (640, 360))
        self.assertIn(b' width="640px" height="360px"', read(self.path("a.svg")))
        info = subprocess.run(["pdfinfo", self.path("a.pdf")], capture_output=True, check=True, timeout=TIMEOUT).stdout
        self.assertRegex(info, rb"Pages: +1\n")
        self.frame("--frame", "30", "-o", self.path("b"), "--formats", "pdf")
        self.assertEqual(read(self.path("a.pdf")), read(self.path("b")))

    def test_settings(self):
        self.frame("--frame", "9", "-o", self.path("a.png"), "--preset", "slides")
        self.assertEqual(png_size(read(self.path("a.png"))), (1920, 1080))
        light = self.frame("--frame", "9", "-o", "-", "--formats", "svg").stdout
        dark = self.frame("--frame", "9", "-o", "-", "--formats", "svg", "--set", "output.theme=dark").stdout
        self.assertNotEqual(light, dark)

    def test_the_frame_counts_at_the_films_own_rate(self):
        self.refused(2, "no frame 90: its 90 frames count from 0 to 89", "--frame", "90", "-o", self.path("a.pdf"))
        self.refused(2, "no frame 30: its 30 frames", "--frame", "30", "-o", self.path("a.png"), "--set", "output.fps=10")
        self.refused(2, "no step 301: it ends at step 300", "--step", "301", "-o", self.path("a.png"))

    def test_refusals(self):
        out = ("-o", self.path("a.png"))
        self.refused(2, "did you mean 'parabola-sgd'?", "--frame", "1", *out, film="parabola-sdg")
        self.refused(2, "--frame, --step or --contact", *out)
        self.refused(2, "one of them", "--frame", "1", "--step", "1", *out)
        self.refused(2, "-o FILE is missing", "--frame", "1")
        self.refused(2, "from 0, not '-1'", "--frame", "-1", *out)
        self.refused(2, "not 'x'", "--step", "x", *out)
        self.refused(2, "tells no format", "--frame", "1", "-o", self.path("a.jpeg"))
        self.refused(2, "PNG, SVG or PDF", "--frame", "1", "-o", self.path("a.gif"))
        self.refused(2, "one format", "--frame", "1", "--formats", "png,svg", *out)
        self.refused(2, "unknown format 'bmp'", "--frame", "1", "--formats", "bmp", *out)
        self.refused(2, "from 1 to 20, such as 4x3, not '4'", "--contact", "4", *out)
        self.refused(2, "--max-side-px", "--contact", "20x20", *out)
        self.assertIn("which film?", optreel("frame", self.experiment, "--frame", "1", *out, check=2).err)
        self.assertIn("parabola-race", optreel("frame", self.experiment, "--frame", "1", *out, check=2).err)
        self.write("bad.yaml", "problems: 3\n")
        self.assertIn("bad.yaml:1", optreel("frame", self.path("bad.yaml"), "--frame", "1", *out, check=3).err)
        optreel("frame", self.path("none.yaml"), "--frame", "1", *out, check=3)

    def test_one_film_needs_no_name(self):
        self.write("small.yaml", harness.SMALL.replace("  - {each: run, length: 3, hold: {first: 0.3, last: 0.5}}\n", ""))
        optreel("frame", self.experiment, "--frame", "1", "-o", self.path("a.png"), check=0)

    def test_a_missing_character_is_told(self):
        self.write("small.yaml", harness.SMALL.replace("steps: 300", "steps: 300\n").replace(
            '- {each: run, length: 3,', '- {each: run, title: "\U00013000", length: 3,'))
        done = self.frame("--frame", "1", "-o", self.path("a.png"))
        self.assertIn("optreel: warning: ", done.err)
        self.assertIn("13000", done.err.upper().replace("\U00013000", "13000"))
        os.unlink(self.path("a.png"))
        self.refused(1, "--strict", "--frame", "1", "-o", self.path("a.png"), "--strict")
        self.write("small.yaml", harness.SMALL)
        self.assertEqual(self.frame("--frame", "1", "-o", self.path("a.png"), "--strict").err, "")

    def test_a_font_without_its_regular_face(self):
        """Its bold face does not stand in for it: the picture is that of the next family, as if all of the first were missing."""
        inter = "/usr/share/fonts/opentype/inter/Inter-"
        pictures = []
        for faces in (("Regular",), ("Regular", "SemiBold")):
            hide = "".join(f"mount --bind /dev/null {inter}{face}.otf && " for face in faces)
            done = subprocess.run(["unshare", "-m", "sh", "-c", f"{hide} exec '{PROGRAM}' frame '{self.experiment}' --film parabola-sgd --frame 9 -o '{self.path('f.png')}'"],
                                  capture_output=True, text=True, timeout=TIMEOUT)
            if "optreel" not in done.stderr and done.returncode:
                self.skipTest("no right to mount: " + done.stderr.strip())
            self.assertIn("'/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf' is used instead", done.stderr)
            pictures.append(read(self.path("f.png")))
        self.frame("--frame", "9", "-o", self.path("inter.png"))
        self.assertEqual(pictures[0], pictures[1])
        self.assertNotEqual(pictures[0], read(self.path("inter.png")))

    def test_complete_or_absent(self):
        self.write("a.png", "mine")
        self.assertIn("/dev/full", self.frame("--frame", "1", "-o", "/dev/full", "--formats", "png", check=5).err)
        self.frame("--frame", "1", "-o", "/dev/null", "--formats", "png")
        self.assertTrue(os.path.exists("/dev/null") and not os.path.isfile("/dev/null"))
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "frame", self.experiment, "--film", "parabola-sgd", "--frame", "1", "-o", "-", "--formats",
                                   "svg"], stdout=full, stderr=subprocess.PIPE, timeout=TIMEOUT)
        self.assertEqual(done.returncode, 5)
        os.mkdir(self.path("d.png"))
        self.frame("--frame", "1", "-o", self.path("d.png"), check=5)
        os.symlink(self.path("a.png"), self.path("l.png"))
        self.frame("--frame", "1", "-o", self.path("l.png"))
        self.assertEqual(read(self.path("a.png")), b"mine")  # the link was replaced, not followed
        self.frame("--frame", "1", "-o", self.path("a.png"))
        self.assertEqual(png_size(read(self.path("a.png"))), (640, 360))
        self.assertEqual(sorted(os.listdir(self.folder)), ["a.png", "d.png", "l.png", "small.yaml"])

    def test_contact_sheet(self):
        for name in ("a.png", "a.pdf"):
            self.frame("--contact", "4x3", "-o", self.path(name), film="parabola-race")
        self.assertEqual(png_size(read(self.path("a.png"))), (4 * 640 + 60 + 48, 3 * 386 + 40 + 48))
        text = subprocess.run(["pdftotext", self.path("a.pdf"), "-"], capture_output=True, check=True, timeout=TIMEOUT).stdout.decode()
        labels = {int(n) for n in re.findall(r"^step (\d+)$", text, re.M)}  # the frames' own counters say the same
        self.assertEqual((len(labels), min(labels), max(labels)), (12, 0, 300))

    def test_quick(self):
        start = time.monotonic()
        optreel("frame", "assignment", "--film", "badscale-race", "--step", "400", "-o", self.path("a.png"), check=0)
        self.assertLess(time.monotonic() - start, 30 if os.environ.get("OPTREEL_SANITIZED") == "1" else 5)  # 0.3 s on an idle machine


if __name__ == "__main__":
    harness.main()
