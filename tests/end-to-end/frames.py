"""Frames against those that somebody looked at: a change of looks is a decision. `--update` makes the references anew."""
import os
import subprocess
import sys
import tempfile

from PIL import Image, ImageChops

from harness import Case, main, optreel

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FRAMES = os.path.join(TESTS, "frames")
FONT = os.path.join(TESTS, "fonts", "DejaVuSans.ttf")

# Name of the reference, experiment, film, frame, and what is set besides.
WANTED = [
    ("fit", "assignment", "quadratic-sgd", 150, []),
    ("race", "assignment", "badscale-race", 299, []),
    ("race-dark", "assignment", "quadratic-race", 150, ["output.theme=dark"]),
    ("surface", "races", "rosenbrock-race", 200, []),
    ("surface-print", "mini-batches", "mini-batches", 299, ["output.theme=print"]),
    ("parameters", "own-rule", "own-rule", 200, []),
    ("valley", "momentum", "valley-race", 74, []),
    ("columns", "learning-rates", "learning-rates", 299, []),
    ("results", "assignment", "report", 1739, []),
]
# The greatest root mean square of the differences, of 255, and the share of pixels that differ by more than 16.
RMS, SHARE = 2.0, 0.005


def draw(experiment, film, frame, settings):
    which = ["--frame", str(frame)]
    changes = [argument for s in [f"output.font={FONT}", "output.preset=draft"] + settings for argument in ("--set", s)]
    with tempfile.TemporaryDirectory(prefix="orl-frames-") as folder:
        path = os.path.join(folder, "frame.png")
        optreel("frame", experiment, "--film", film, *which, *changes, "-o", path, check=0)
        return Image.open(path).convert("RGB")


def marks(experiment, film, frame, settings):
    """The same frame as text, a line for each mark; None where the tests in C were not built."""
    tool = os.path.join(os.environ.get("OPTREEL_BUILD", os.path.dirname(os.environ["OPTREEL"])), "tests/batch/test_marks")
    if not os.path.exists(tool):
        return None
    changes = [f"output.font={FONT}", "output.preset=draft"] + settings
    return subprocess.run([tool, experiment, film, str(frame), *changes], check=True, capture_output=True, text=True).stdout


def differences(a, b):
    """Root mean square over all channels, and the share of pixels in which a channel differs by more than 16."""
    histogram = ImageChops.difference(a, b).histogram()
    total = sum(count * (value % 256) ** 2 for value, count in enumerate(histogram))
    far = ImageChops.difference(a, b).split()
    worst = ImageChops.lighter(ImageChops.lighter(far[0], far[1]), far[2]).histogram()
    pixels = a.size[0] * a.size[1]
    return (total / (3 * pixels)) ** 0.5, sum(worst[17:]) / pixels


class Frames(Case):
    def test_frames_look_as_they_did(self):
        for name, *what in WANTED:
            with self.subTest(name):
                reference = Image.open(os.path.join(FRAMES, name + ".png")).convert("RGB")
                image = draw(*what)
                self.assertEqual(image.size, reference.size)
                rms, share = differences(image, reference)
                self.assertLessEqual(rms, RMS)
                self.assertLessEqual(share, SHARE)

    def test_marks_are_what_they_were(self):
        """Exact to a tenth of a pixel, and readable in a diff: which mark is another, which word."""
        for name, *what in WANTED:
            with self.subTest(name):
                text = marks(*what)
                if text is None:
                    self.skipTest("the tests in C were not built")
                with open(os.path.join(FRAMES, name + ".marks"), encoding="utf-8") as f:
                    self.assertEqual(text.splitlines(), f.read().splitlines())

    def test_another_look_is_found(self):
        """The comparison can fail: another frame of the same film is not taken for it."""
        reference = Image.open(os.path.join(FRAMES, "fit.png")).convert("RGB")
        rms, share = differences(draw("assignment", "quadratic-sgd", 60, []), reference)
        self.assertTrue(rms > RMS or share > SHARE)


if __name__ == "__main__":
    if "--update" in sys.argv:
        for wanted, *what in WANTED:
            draw(*what).save(os.path.join(FRAMES, wanted + ".png"), optimize=True)
            text = marks(*what)
            if text:
                with open(os.path.join(FRAMES, wanted + ".marks"), "w", encoding="utf-8") as golden:
                    golden.write(text)
    else:
        main()
