"""Animated pictures (GIF, WebP, APNG) and PNG files, read by programs that are not libav: every frame against the frame as it was drawn."""
import glob
import math
import os
import re
import subprocess
import time
import unittest

from PIL import Image, ImageChops, ImageStat

import chromium
import harness
from harness import Case, TIMEOUT, optreel, summary, tree

FPS, FRAMES, SIZE = 20, 60, (322, 182)
FILM = """\
title: A small film
steps: 300
report: {times: false}
problems:
  parabola:
    model: alpha + beta*x + gamma*x^2
    start: {alpha: 3, beta: -1, gamma: 6}
    data: {x: {from: 0, to: 1, count: 30}, truth: {alpha: 3, beta: 6, gamma: 8}}
optimizers:
  adam: {learning_rate: 0.05}
films:
  - {each: run, name: film, panels: [fit], length: 3, hold: {first: 0.3, last: 0.5}}
output: {size: 322x182, fps: 20, formats: FORMATS, theme: THEME}
"""
ALL = "{gif: {}, webp: {lossless: true}, apng: {}, png: {frames: all}}"


def tool(*command):
    done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
    assert done.returncode == 0, f"{command}: exit {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout.decode("utf-8", "replace")


def psnr(a, b):
    stat = ImageStat.Stat(ImageChops.difference(a, b))
    mean = sum(stat.sum2) / sum(stat.count)
    return 10 * math.log10(255 ** 2 / mean) if mean else math.inf


def shown(path, fps=FPS):
    """What stands at each frame's time, and how often the pictures play; by Pillow's own readers."""
    frames, time_ms = [], 0.0
    with Image.open(path) as image:
        loop = image.info.get("loop")
        for number in range(image.n_frames):
            image.seek(number)
            image.load()
            time_ms += image.info["duration"]
            picture = image.convert("RGB")
            while len(frames) < round(time_ms * fps / 1000):
                frames.append(picture)
        return frames, image.n_frames, loop, time_ms


def experiment(formats=ALL, theme="light"):
    return FILM.replace("FORMATS", formats).replace("THEME", theme)


class Pictures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.case = Case()
        cls.case.setUp()
        cls.addClassCleanup(cls.case.doCleanups)
        cls.file = cls.case.write("film.yaml", experiment())
        cls.out = cls.case.path("out")
        optreel("render", cls.file, "-o", cls.out, "-j", "2", check=0)
        cls.drawn = [Image.open(p).convert("RGB") for p in sorted(glob.glob(os.path.join(cls.out, "film.frames", "*.png")))]

    def film(self, extension):
        return os.path.join(self.out, "film" + extension)

    def test_png_files(self):
        self.assertEqual(sorted(os.listdir(self.film(".frames"))), [f"{i:06}.png" for i in range(1, FRAMES + 1)])
        self.assertEqual({p.size for p in self.drawn}, {SIZE})
        tool("pngcheck", "-q", *sorted(glob.glob(os.path.join(self.film(".frames"), "*.png"))), self.film(".png"))
        with Image.open(self.film(".png")) as poster:
            self.assertEqual(poster.convert("RGB").tobytes(), self.drawn[-1].tobytes())
        facts = {f["path"]: f for f in summary(self.out)["films"]}
        self.assertEqual(facts["film.frames"]["frames"], FRAMES)
        self.assertEqual(facts["film.frames"]["bytes"], sum(os.path.getsize(p) for p in glob.glob(self.film(".frames/*"))))

    def test_lossless_ones_are_exact(self):
        for extension in (".webp", ".apng"):
            frames, count, loop, time_ms = shown(self.film(extension))
            with self.subTest(extension):
                self.assertEqual((len(frames), loop), (FRAMES, 0))
                self.assertAlmostEqual(time_ms, 3000, delta=1)
                self.assertEqual(count, 1 + sum(a.tobytes() != b.tobytes() for a, b in zip(self.drawn, self.drawn[1:])))  # merged holds
                for number, (a, b) in enumerate(zip(frames, self.drawn)):
                    self.assertEqual(a.tobytes(), b.tobytes(), f"frame {number}")

    def test_gif_is_near(self):
        frames, count, loop, time_ms = shown(self.film(".gif"))
        self.assertEqual((len(frames), loop, time_ms), (FRAMES, 0, 3000))
        self.assertLess(count, FRAMES - 3)
        for number, (a, b) in enumerate(zip(frames, self.drawn)):
            self.assertGreater(psnr(a, b), 45, f"frame {number}")
        self.assertEqual(frames[-1].getpixel((0, 0)), self.drawn[-1].getpixel((0, 0)))  # the background is exact

    def test_gif_in_every_theme(self):
        for theme in ("light", "dark", "print"):
            path = self.case.write("theme.yaml", experiment("{gif: {colors: 128}, png: {frames: all}}", theme))
            out = self.case.path(theme)
            optreel("render", path, "-o", out, check=0)
            frames, *_ = shown(os.path.join(out, "film.gif"))
            for number, drawn in enumerate(sorted(glob.glob(os.path.join(out, "film.frames", "*.png")))):
                with Image.open(drawn) as image:
                    self.assertGreater(psnr(frames[number], image.convert("RGB")), 45, f"{theme}, frame {number}")

    def test_lossy_webp(self):
        path = self.case.write("lossy.yaml", experiment("{webp: {lossless: false, quality: 75, loop: 3}}"))
        out = self.case.path("lossy")
        optreel("render", path, "-o", out, check=0)
        frames, _, loop, _ = shown(os.path.join(out, "film.webp"))
        self.assertEqual((len(frames), loop), (FRAMES, 3))
        self.assertGreater(min(psnr(a, b) for a, b in zip(frames, self.drawn)), 36)
        # Flat blocks of a small film are smaller without loss; the whole is never larger than that.
        exact = self.case.write("exact.yaml", experiment("{webp: {lossless: true, loop: 3}}"))
        optreel("render", exact, "-o", self.case.path("exact"), check=0)
        sizes = [os.path.getsize(os.path.join(folder, "film.webp")) for folder in (out, self.case.path("exact"))]
        self.assertLessEqual(sizes[0], 1.02 * sizes[1])

    def test_webp_is_lossy_and_smaller_than_the_gif(self):
        """The films of all built-in experiments, at a size that is quickly made."""
        names = [line.split()[0] for line in optreel("list", "experiments", check=0).out.splitlines()]
        self.assertGreater(len(names), 5)
        for name in names:
            out = self.case.path(f"sizes-{name}")
            optreel("render", name, "--only", "*race*" if name == "assignment" else "*", "--formats", "gif,webp", "--preset", "github",
                    "--set", "output.size=480x270", "--set", "output.fps=10", "--set", "output.poster=false", "-o", out, check=0)
            films = {f["path"]: f for f in summary(out)["films"]}
            gifs = [path for path in films if path.endswith(".gif")]
            if name == "matrix":  # a table, without films
                continue
            self.assertTrue(gifs, name)
            for path in gifs:
                other = films[path[:-3] + "webp"]
                self.assertEqual((other["width"], other["fps"]), (films[path]["width"], films[path]["fps"]))
                self.assertLess(other["bytes"], films[path]["bytes"], f"{name}: {path}")

    def test_avif(self):
        """Read by libavif's own program: frames, times, repeats, pixels."""
        path = self.case.write("avif.yaml", experiment("{avif: {}}"))
        out = self.case.path("avif")
        optreel("render", path, "-o", out, check=0)
        film = os.path.join(out, "film.avif")
        told = tool("avifdec", "--info", film)
        self.assertIn("Format         : YUV444", told)
        self.assertIn(f"3.00 seconds (60 timescales), {FRAMES} frames", told)
        self.assertEqual(told.count("[duration 0.05 (1 timescales)]"), FRAMES)
        for number in (0, FRAMES // 2, FRAMES - 1):
            png = self.case.path("frame.png")
            tool("avifdec", "--index", str(number), film, png)
            with Image.open(png) as image:
                self.assertGreater(psnr(image.convert("RGB"), self.drawn[number]), 44)
        optreel("render", path, "-o", out, "--set", "output.formats.gif={colors: 128}", check=0)
        self.assertLess(os.path.getsize(film), 0.5 * os.path.getsize(os.path.join(out, "film.gif")))
        self.plays(out, "film.avif", "Infinity")
        optreel("render", path, "-o", out, "--set", "output.formats.avif.loop=2", check=0)
        self.plays(out, "film.avif", 1)

    def plays(self, folder, name, repeats):
        """Chromium shows it in an <img>, and that moves; after its last round it stands still."""
        found = chromium.run(folder, """
          const decoder = new ImageDecoder({data: (await fetch('NAME')).body, type: 'image/avif'});
          await decoder.completed;
          const track = decoder.tracks.selectedTrack, image = new Image();
          image.src = 'NAME';
          document.documentElement.append(image);
          await image.decode();
          const seen = [];
          for (let i = 0; i < 6; i++) {
            const pixel = pixels(image, image.naturalWidth, image.naturalHeight);
            let sum = 0;
            for (let x = 4; x < image.naturalWidth; x += 4)
              for (let y = 4; y < image.naturalHeight; y += 16)
                sum = (sum * 31 + pixel(x, y)[1]) % 1000003;
            seen.push(sum);
            await later(400);
          }
          return {frames: track.frameCount, repeats: String(track.repetitionCount), seen, width: image.naturalWidth};
        """.replace("NAME", name))
        self.assertEqual((found["frames"], found["repeats"], found["width"]), (FRAMES, str(repeats), SIZE[0]))

    def test_other_readers(self):
        self.assertIn("No error detected", tool("webpinfo", self.film(".webp")))
        told = tool("webpmux", "-info", self.film(".webp"))
        self.assertIn("Canvas size: 322 x 182", told)
        self.assertEqual(sum(int(row.split()[6]) for row in re.findall(r"(?m)^ *\d+: .*$", told)), 3000)
        self.assertIn("GIF file terminated normally.", tool("giftext", self.film(".gif")))
        told = tool("gifsicle", "--info", self.film(".gif"))
        self.assertIn("logical screen 322x182", told)
        self.assertIn("loop forever", told)
        self.assertAlmostEqual(sum(float(t) for t in re.findall(r"delay ([0-9.]+)s", told)), 3, places=6)
        self.assertIn("OK", tool("pngcheck", self.film(".apng")))

    def test_apng_taken_apart(self):
        folder = self.case.path("apart")
        os.mkdir(folder)
        os.link(self.film(".apng"), os.path.join(folder, "film.apng"))
        tool("apngdis", os.path.join(folder, "film.apng"))
        parts = sorted(glob.glob(os.path.join(folder, "apngframe*.png")))
        _, count, _, _ = shown(self.film(".apng"))
        self.assertEqual(len(parts), count)
        for path, drawn in ((parts[0], self.drawn[0]), (parts[-1], self.drawn[-1])):
            with Image.open(path) as image:
                self.assertEqual(image.convert("RGB").tobytes(), drawn.tobytes())

    def test_loop_settings(self):
        path = self.case.write("loops.yaml", experiment("{gif: {loop: 1}, webp: {loop: 1}, apng: {loop: 1}}"))
        out = self.case.path("loops")
        optreel("render", path, "-o", out, check=0)
        self.assertIsNone(shown(os.path.join(out, "film.gif"))[2])  # once: no block says so
        self.assertEqual(shown(os.path.join(out, "film.webp"))[2], 1)
        self.assertEqual(shown(os.path.join(out, "film.apng"))[2], 1)

    def test_same_bytes(self):
        before = tree(self.out)
        for jobs in ("1", "7"):
            again = self.case.path("again" + jobs)
            optreel("render", self.file, "-o", again, "-j", jobs, check=0)
            self.assertEqual({p: h for p, h in tree(again).items()}, before)

    def test_files_are_known_again(self):
        path = self.case.write("known.yaml", experiment("{png: {frames: all}}"))
        out = self.case.path("known")
        optreel("render", path, "-o", out, check=0)
        self.assertIn("nothing to do", optreel("render", path, "-o", out, check=0).err)
        with open(os.path.join(out, "film.frames", "000030.png"), "r+b") as f:
            f.write(b"x")
        done = optreel("render", path, "-o", out, check=0)
        self.assertIn("film.frames", done.out)
        tool("pngcheck", "-q", os.path.join(out, "film.frames", "000030.png"))
        optreel("render", path, "-o", out, "--set", "output.fps=10", check=0)
        self.assertEqual(len(os.listdir(os.path.join(out, "film.frames"))), FRAMES // 2)  # what the longer film left is gone

    def test_chromium(self):
        last = self.drawn[-1]
        points = [(1, 1)] + [(x, y) for x in range(20, SIZE[0], 40) for y in range(20, SIZE[1], 30)]
        found = chromium.run(self.out, """
          const all = {};
          for (const name of ['film.gif', 'film.webp', 'film.apng']) {
            const decoder = new ImageDecoder({data: (await fetch(name)).body, type: 'image/' + (name.endsWith('apng') ? 'png' : name.split('.')[1])});
            await decoder.completed;
            const track = decoder.tracks.selectedTrack, image = new Image();
            image.src = name;
            await image.decode();
            let ms = 0;
            const at = {};
            for (let i = 0; i < track.frameCount; i++) {
              const frame = (await decoder.decode({frameIndex: i})).image;
              ms += frame.duration / 1000;
              if (i === 0 || i === track.frameCount - 1) {
                const pixel = pixels(frame, frame.displayWidth, frame.displayHeight);
                at[i === 0 ? 'first' : 'last'] = POINTS.map(p => pixel(p[0], p[1]));
              }
              frame.close();
            }
            all[name] = {width: image.naturalWidth, height: image.naturalHeight, frames: track.frameCount, loops: String(track.repetitionCount), ms, ...at};
          }
          return all;""".replace("POINTS", str([list(p) for p in points])))
        for name, facts in found.items():
            _, count, _, _ = shown(os.path.join(self.out, name))
            with self.subTest(name):
                self.assertEqual((facts["width"], facts["height"]), SIZE)
                self.assertEqual((facts["frames"], facts["loops"]), (count, "Infinity"))
                self.assertAlmostEqual(facts["ms"], 3000, delta=1)
                allowed = 12 if name.endswith("gif") else 0
                for which, drawn in (("first", self.drawn[0]), ("last", last)):
                    for point, color in zip(points, facts[which]):
                        for a, b in zip(color, drawn.getpixel(point)):
                            self.assertLessEqual(abs(a - b), allowed, f"{name}, {which}, {point}")


class Caps(harness.Case):
    """A cap on the file's size: colours, then rate, then size, each by drawing the film again."""

    def render(self, formats, cap, check=0, **more):
        path, out = self.write("film.yaml", experiment(formats)), self.path("out")
        done = optreel("render", path, "-o", out, "--force", "--set", f"output.max_size={cap}", *more.get("options", ()), check=check)
        return done, out

    def sizes(self, formats, extension, steps):
        """Cap after cap, each a little below what came out before; what was said of each."""
        _, out = self.render(formats, 0)
        told = []
        for _ in range(steps):
            size = os.path.getsize(os.path.join(out, "film" + extension))
            done, out = self.render(formats, size - 1)
            self.assertLess(os.path.getsize(os.path.join(out, "film" + extension)), size)
            told.append(re.search(r"film\S+ has (.*), to stay within max_size", done.err)[1])
            self.assertTrue(any(told[-1] in w for w in summary(out)["warnings"]))
        return told

    def test_gif(self):
        told = self.sizes("{gif: {colors: 128}}", ".gif", 6)
        self.assertEqual(told, ["64 colours", "32 colours", "32 colours, 12.5 frames per second", "32 colours, 10 frames per second",
                                "32 colours, 10 frames per second, 258x146", "32 colours, 10 frames per second, 194x110"])

    def test_webp_and_apng(self):
        told = self.sizes("{webp: {}}", ".webp", 2)
        self.assertTrue(all("lossy quality" in t for t in told), told)
        told = self.sizes("{apng: {}}", ".apng", 4)
        self.assertEqual(told, ["12.5 frames per second", "10 frames per second", "10 frames per second, 258x146", "10 frames per second, 194x110"])

    def test_what_is_made_is_drawn_anew(self):
        _, out = self.render("{gif: {colors: 128}}", 0)
        whole = os.path.getsize(os.path.join(out, "film.gif"))
        done, out = self.render("{gif: {colors: 128}}", round(whole * 0.35))
        width, height, fps = 194, 110, 10
        self.assertIn(f"32 colours, 10 frames per second, {width}x{height}", done.err)
        with open(os.path.join(out, "film.gif"), "rb") as f:
            small = f.read()
        other = self.path("other")
        optreel("render", self.path("film.yaml"), "-o", other, "--set", f"output.size={width}x{height}", "--set", f"output.fps={fps}",
                "--set", "output.formats.gif.colors=32", check=0)
        with open(os.path.join(other, "film.gif"), "rb") as f:
            self.assertEqual(f.read(), small)

    def test_same_bytes(self):
        found = set()
        for jobs in ("1", "2", "7"):
            _, out = self.render("{gif: {colors: 128}}", "40 kB", options=("-j", jobs))
            found.add(tree(out)["film.gif"])
        self.assertEqual(len(found), 1)

    def test_what_cannot_be(self):
        for name in ("gif", "webp", "apng"):
            done, out = self.render("{%s: {}}" % name, "1 kB", check=1)
            self.assertRegex(done.err, rf"error: film\.{name}: .*1 kB")
            self.assertFalse(os.path.exists(os.path.join(out, "film." + name)))
            self.assertEqual([f for f in tree(out, hidden=True) if f.endswith((".part", ".seg"))], [])


class Memory(harness.Case):
    @unittest.skipIf(os.environ.get("OPTREEL_SANITIZED"), "a sanitizer keeps what is freed")
    def test_does_not_grow_with_the_frames(self):
        path = self.write("film.yaml", experiment("[gif]").replace("size: 322x182", "size: 64x36"))
        for name in ("gif", "webp", "apng"):
            peaks = []
            for frames in (100, 10000):
                command = [harness.PROGRAM, "render", path, "-o", self.path(f"{name}{frames}"), "-q", "-j", "1", "--set", f"output.formats=[{name}]",
                           "--set", f"films.0.length={frames / FPS}", "--set", "output.poster=false"]
                with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
                    peaks.append(0)
                    while process.poll() is None:
                        peaks[-1] = max(peaks[-1], self.resident(process.pid))
                        time.sleep(0.01)
                self.assertEqual(process.returncode, 0)
            self.assertLess(peaks[1], 1.1 * peaks[0], name)

    def resident(self, pid):
        """The largest resident set so far of a process and its children, in KB."""
        most = 0
        try:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
                pids = [pid, *map(int, f.read().split())]
        except OSError:
            return 0
        for one in pids:
            try:
                with open(f"/proc/{one}/status", encoding="ascii") as f:
                    most = max([most] + [int(line.split()[1]) for line in f if line.startswith("VmHWM")])
            except OSError:
                pass
        return most


class Refusals(harness.Case):
    def test_sixty_frames_per_second(self):
        path = self.write("film.yaml", experiment("[gif]").replace("fps: 20", "fps: 60"))
        done = optreel("render", path, "-o", self.path("out"), check=0)
        self.assertRegex(done.err, r"film.yaml:\d+:\d+: warning: .*60 frames per second.*50 it is")
        _, _, _, time_ms = shown(self.path("out", "film.gif"))
        self.assertEqual(time_ms, 3000)
        self.assertEqual(summary(self.path("out"))["films"][0]["fps"], 50)


if __name__ == "__main__":
    harness.main()
