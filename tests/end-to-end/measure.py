"""--measure: what it says of a film is what other decoders see."""
import glob
import math
import os
import subprocess
import unittest

from PIL import Image, ImageChops, ImageStat

import harness
from harness import Case, TIMEOUT, optreel, summary
from pictures import FRAMES, SIZE, experiment, shown

FORMATS = "{mp4: {}, webm: {}, gif: {}, webp: {lossless: true}, apng: {}, mkv: {}, png: {frames: all}, svg-animated: {}, y4m: {}}"


def overall(pairs):
    """PSNR over all pixels of all frames."""
    squares = count = 0
    for a, b in pairs:
        stat = ImageStat.Stat(ImageChops.difference(a, b))
        squares += sum(stat.sum2)
        count += sum(stat.count)
    return 10 * math.log10(255 ** 2 * count / squares)


class Measure(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.case = Case()
        cls.case.setUp()
        cls.addClassCleanup(cls.case.doCleanups)
        cls.file = cls.case.write("film.yaml", experiment(FORMATS))
        cls.out = cls.case.path("out")
        cls.done = optreel("render", cls.file, "-o", cls.out, "-j", "2", "--measure", check=0)
        cls.films = {f["format"]: f for f in summary(cls.out)["films"]}
        cls.drawn = [Image.open(p).convert("RGB") for p in sorted(glob.glob(os.path.join(cls.out, "film.frames", "*.png")))]

    def decoded(self, extension):
        done = subprocess.run(["ffmpeg", "-v", "error", "-i", os.path.join(self.out, "film" + extension), "-vf", "scale=flags=accurate_rnd+full_chroma_int+bilinear",
                               "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, timeout=TIMEOUT, check=True)
        size = SIZE[0] * SIZE[1] * 3
        return [Image.frombytes("RGB", SIZE, done.stdout[i:i + size]) for i in range(0, len(done.stdout), size)]

    def test_lossless_is_exact(self):
        for name in ("webp", "apng", "mkv"):
            film = self.films[name]
            self.assertEqual((film["ssim"], film["ssim_luma"], film["psnr"], film["psnr_luma"]), (1, 1, None, None), name)
        self.assertIn("film.mkv  ", self.done.out)
        self.assertEqual(self.done.out.count("  exact"), 3)

    def test_videos_as_ffmpeg_sees_them(self):
        for name in ("mp4", "webm"):
            film, frames = self.films[name], self.decoded("." + name)
            self.assertEqual(len(frames), FRAMES)
            expected = overall(zip(self.drawn, frames))
            self.assertAlmostEqual(film["psnr"], expected, delta=0.1, msg=name)
            self.assertTrue(expected > 30 and 0.97 < film["ssim"] < 1 and film["ssim"] <= film["ssim_luma"] < 1, film)
            self.assertGreater(film["psnr_luma"], film["psnr"])  # colours have half of the resolution
            self.assertLess(film["psnr_changed"], film["psnr_luma"])  # what moves is coarser than what stands
            self.assertIn(f"{film['psnr']:.3g} dB", self.done.out)

    def test_gif_as_pillow_sees_it(self):
        frames, _, _, _ = shown(os.path.join(self.out, "film.gif"))
        self.assertAlmostEqual(self.films["gif"]["psnr"], overall(zip(self.drawn, frames)), delta=0.01)

    def test_the_same_after_it(self):
        """What was measured is remembered; what was not is measured when that is asked for."""
        optreel("render", self.file, "-o", self.out, "-q", check=0)
        self.assertEqual({f["format"]: f.get("psnr") for f in summary(self.out)["films"]}, {n: f.get("psnr") for n, f in self.films.items()})
        plain = self.case.path("plain")
        optreel("render", self.file, "-o", plain, "--formats", "mp4", "-q", check=0)
        self.assertNotIn("psnr", summary(plain)["films"][0])
        optreel("render", self.file, "-o", plain, "--formats", "mp4", "--measure", "-q", check=0)
        film = summary(plain)["films"][0]
        self.assertEqual((film["psnr"], film["sha256"]), (self.films["mp4"]["psnr"], self.films["mp4"]["sha256"]))

    def test_what_has_no_frames_is_not_measured(self):
        for name in ("svg-animated", "y4m"):
            self.assertNotIn("psnr", self.films[name])
        with open(os.path.join(self.out, "index.html"), encoding="utf-8") as f:
            self.assertIn(" dB, SSIM 0.9", f.read())

    def test_better_quality_measures_better(self):
        """Lossy WebP by its quality: the number means something."""
        found = []
        for quality in (20, 60, 95):
            out = self.case.path(f"webp{quality}")
            path = self.case.write("webp.yaml", experiment(f"{{webp: {{lossless: false, quality: {quality}}}}}"))
            optreel("render", path, "-o", out, "--measure", "-q", check=0)
            film = summary(out)["films"][0]
            frames, _, _, _ = shown(os.path.join(out, "film.webp"))
            self.assertAlmostEqual(film["psnr"], overall(zip(self.drawn, frames)), delta=0.05)
            found.append((film["psnr"], film["ssim"]))
        self.assertEqual(found, sorted(found))
        self.assertGreater(found[2][0], found[0][0] + 2)


if __name__ == "__main__":
    harness.main()
