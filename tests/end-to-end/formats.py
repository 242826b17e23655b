"""Video formats, read by ffmpeg, ffprobe and Chromium: codec, size, frames, times, colours, losslessness; the same bytes for any number of
workers; size caps; encoders that are missing."""
import json
import os
import re
import subprocess
import unittest

import chromium
import harness
from harness import Case, optreel, probe, stream_kinds, summary, tree

SIZE = (320, 180)
FPS, FRAMES = 12, 75

EXPERIMENT = """\
title: A small experiment
steps: 200
report: {times: false}
problems:
  parabola:
    model: alpha + beta*x + gamma*x^2
    start: {alpha: 3, beta: -1, gamma: 6}
    data: {x: {from: 0, to: 1, count: 30}, truth: {alpha: 3, beta: 6, gamma: 8}, noise: 0.05, seed: 7}
optimizers:
  adam: {learning_rate: 0.05}
films: [{each: run, name: film, length: 6.25, hold: {first: 0.3, last: 0.5}}]
output:
  theme: {base: BASE, background: "BACKGROUND"}
  size: 320x180
  fps: 12
  formats: FORMATS
"""
ALL = "{mp4: {}, webm: {}, mkv: {}, y4m: {}, framemd5: {}, png: {frames: all}}"
LIGHT, DARK = ("light", "#f7f3e9"), ("dark", "#0a1f44")
LOSSY = {  # what a film in it must be: name of the variant -> formats, file, codec, pixel format, tag
    "h264": ("{mp4: {}}", "film.mp4", "h264", "avc1"),
    "hevc": ("{mp4: {codec: hevc}}", "film.mp4", "hevc", "hvc1"),
    "av1": ("{mp4: {codec: av1}}", "film.mp4", "av1", "av01"),
    "vp9": ("{webm: {}}", "film.webm", "vp9", None),
    "webm-av1": ("{webm: {codec: av1}}", "film.webm", "av1", None),
}
LOSSLESS = {"mkv": ("{mkv: {}}", "gbrp"), "ffv1": ("{mkv: {codec: ffv1}}", "bgr0")}


def experiment(formats, theme=LIGHT):
    return EXPERIMENT.replace("FORMATS", formats).replace("BASE", theme[0]).replace("BACKGROUND", theme[1])


def ffmpeg(*arguments):
    return subprocess.run(["ffmpeg", "-v", "error", *arguments], capture_output=True, check=True, timeout=harness.TIMEOUT).stdout


def packets(path):
    out = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts_time,dts_time,flags", "-of", "json", path],
                         capture_output=True, check=True).stdout
    return json.loads(out)["packets"]


def ssim(path, frames):
    """Of the film against the frames as they were drawn."""
    told = subprocess.run(["ffmpeg", "-hide_banner", "-i", path, "-framerate", str(FPS), "-i", os.path.join(frames, "%06d.png"), "-lavfi",
                           "[1:v]scale=out_color_matrix=bt709:out_range=tv,format=yuv420p[drawn];[0:v][drawn]ssim", "-f", "null", "-"],
                          capture_output=True, check=True, timeout=harness.TIMEOUT).stderr.decode()
    return float(re.search(r"SSIM .*All:([0-9.]+)", told).group(1))


class Made(unittest.TestCase):
    """All formats of one film, made once."""

    @classmethod
    def setUpClass(cls):
        cls.case = Case()
        cls.case.setUp()
        cls.addClassCleanup(cls.case.doCleanups)
        cls.folders = {}
        for name, theme in (("light", LIGHT), ("dark", DARK)):
            cls.make(f"drawn-{name}", ALL, theme)
            for variant, facts in {**LOSSY, **LOSSLESS}.items():
                if variant not in ("h264", "vp9", "mkv"):  # those are among ALL
                    cls.make(f"{variant}-{name}", facts[0], theme)
        cls.drawn = [harness.decode(os.path.join(cls.folders["drawn-light"], "film.frames", f"{i:06}.png"), SIZE)[0] for i in range(1, FRAMES + 1)]

    @classmethod
    def make(cls, name, formats, theme):
        path = cls.case.write(f"{name}.yaml", experiment(formats, theme))
        cls.folders[name] = cls.case.path(name)
        optreel("render", path, "-o", cls.folders[name], check=0)

    def file(self, variant, name, theme="light"):
        folder = "drawn" if variant in ("h264", "vp9", "mkv", "y4m", "framemd5") else variant
        return os.path.join(self.folders[f"{folder}-{theme}"], name)

    def lossy(self):
        return [(variant, self.file(variant, facts[1]), facts) for variant, facts in LOSSY.items()]

    def lossless(self):
        return [(variant, self.file(variant, "film.mkv"), facts) for variant, facts in LOSSLESS.items()]

    def test_streams(self):
        for variant, path, facts in self.lossy():
            with self.subTest(variant):
                stream, container = probe(path)
                self.assertEqual((stream["codec_name"], stream["pix_fmt"]), (facts[2], "yuv420p"))
                if facts[3]:
                    self.assertEqual(stream["codec_tag_string"], facts[3])
                for key, value in {"color_range": "tv", "color_space": "bt709", "color_transfer": "bt709", "color_primaries": "bt709"}.items():
                    self.assertEqual(stream[key], value)
                self.check_times(stream, container)
        for variant, path, facts in self.lossless():
            with self.subTest(variant):
                stream, container = probe(path)
                self.assertEqual((stream["pix_fmt"], stream["color_range"], stream["color_space"]), (facts[1], "pc", "gbr"))
                self.check_times(stream, container)

    def check_times(self, stream, container):
        self.assertEqual((stream["width"], stream["height"]), SIZE)
        self.assertEqual(int(stream["nb_read_frames"]), FRAMES)
        self.assertEqual(stream["avg_frame_rate"], "12/1")
        self.assertAlmostEqual(float(container["duration"]), 6.25, delta=1 / FPS)
        self.assertAlmostEqual(float(stream.get("start_time", 0)), 0, delta=1e-6)
        self.assertIn(stream_kinds(container["filename"]), (["video"], ["video", "data"]))

    def test_packets_are_in_order_and_groups_are_closed(self):
        for variant, path, _ in self.lossy() + self.lossless():
            with self.subTest(variant):
                rows = packets(path)
                times = [float(r["pts_time"]) for r in rows]
                self.assertEqual([r["pts_time"] for r in rows], [r["dts_time"] for r in rows])
                for i, time in enumerate(times):
                    self.assertAlmostEqual(time, i / FPS, delta=0.0006)
                keys = [i for i, r in enumerate(rows) if "K" in r["flags"]]
                self.assertEqual(keys, [0, 60])
                # What starts at the second key decodes to the same pictures as the whole does there.
                whole = ffmpeg("-i", path, "-f", "framemd5", "-")
                tail = ffmpeg("-ss", "5", "-i", path, "-f", "framemd5", "-")
                hashes = [[line.split()[-1] for line in text.decode().splitlines() if not line.startswith("#")] for text in (whole, tail)]
                self.assertEqual(hashes[0][60:], hashes[1])

    def test_no_encoder_tells_its_version(self):
        for variant, path, _ in self.lossy() + self.lossless():
            with self.subTest(variant), open(path, "rb") as f:
                data = f.read()
                for mark in (b"x264", b"x265", b"Lavc", b"Lavf5", b"SVT-AV1", b"aomenc", b"VP9 Enc"):
                    self.assertNotIn(mark, data)

    def test_lossless_is_what_was_drawn(self):
        for variant, path, _ in self.lossless():
            with self.subTest(variant):
                self.assertEqual(harness.decode(path, SIZE), self.drawn)

    def test_framemd5_is_what_ffmpeg_says_of_the_lossless_film(self):
        with open(self.file("framemd5", "film.framemd5"), "rb") as f:
            ours = f.read()
        for variant, path, _ in self.lossless():
            theirs = ffmpeg("-i", path, "-pix_fmt", "rgb24", "-bitexact", "-f", "framemd5", "-")
            # FFV1 does not tell the shape of its pixels, and Matroska has no word for square ones.
            self.assertEqual(ours, theirs.replace(b"#sar 0: 0/1", b"#sar 0: 1/1") if variant == "ffv1" else theirs, variant)

    def test_y4m(self):
        path = self.file("y4m", "film.y4m")
        stream, _ = probe(path)
        self.assertEqual((stream["width"], stream["height"], stream["pix_fmt"], int(stream["nb_read_frames"])), (*SIZE, "yuv420p", FRAMES))
        self.assertEqual((stream["r_frame_rate"], stream["color_range"], stream["chroma_location"]), (f"{FPS}/1", "tv", "left"))
        self.assertGreater(ssim(path, os.path.join(self.folders["drawn-light"], "film.frames")), 0.995)  # ffmpeg weighs chroma otherwise

    def test_quality(self):
        for variant, path, _ in self.lossy():
            with self.subTest(variant):
                self.assertGreater(ssim(path, os.path.join(self.folders["drawn-light"], "film.frames")), 0.99 if variant == "h264" else 0.98)

    def test_a_known_colour_comes_back(self):
        for theme, name in ((LIGHT, "light"), (DARK, "dark")):
            wanted = bytes.fromhex(theme[1][1:])
            corners = [(1, 1), (SIZE[0] - 2, 1), (SIZE[0] - 2, SIZE[1] - 2), (1, SIZE[1] - 2)]
            for variant, facts in {**LOSSY, **LOSSLESS}.items():
                path = self.file(variant, facts[1] if variant in LOSSY else "film.mkv", name)
                raw = ffmpeg("-i", path, "-vf", "scale=in_color_matrix=bt709:flags=accurate_rnd", "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
                step = SIZE[0] * SIZE[1] * 3
                for frame in (0, FRAMES // 2, FRAMES - 1):
                    for x, y in corners:
                        at = frame * step + (y * SIZE[0] + x) * 3
                        off = max(abs(a - b) for a, b in zip(raw[at:at + 3], wanted))
                        self.assertLessEqual(off, 2 if variant in LOSSLESS else 6, f"{variant}, {name}, frame {frame}")

    def test_chromium_plays_it(self):
        """Size and duration, and in the middle the right picture."""
        middle = FRAMES // 2
        points = [(x, y) for x in range(4, SIZE[0], 24) for y in range(4, SIZE[1], 22)]
        for variant, path, _ in self.lossy():
            if variant == "hevc":  # Chromium has no decoder of its own for it
                continue
            with self.subTest(variant):
                found = chromium.run(os.path.dirname(path), """
                  const video = document.createElement('video'), blob = await (await fetch('NAME')).blob();
                  const event = name => new Promise((go, stop) => {
                    video.addEventListener(name, go, {once: true});
                    video.addEventListener('error', () => stop(video.error && video.error.message), {once: true});
                  });
                  video.muted = true;
                  video.src = URL.createObjectURL(blob);
                  await event('loadeddata');
                  video.currentTime = AT;
                  await event('seeked');
                  const pixel = pixels(video, video.videoWidth, video.videoHeight);
                  const shown = POINTS.map(p => pixel(p[0], p[1]));
                  video.currentTime = 0;
                  await event('seeked');
                  await video.play();
                  await event('ended');
                  return {width: video.videoWidth, height: video.videoHeight, duration: video.duration, shown, end: video.currentTime};
                """.replace("NAME", os.path.basename(path)).replace("AT", str((middle + 0.5) / FPS)).replace("POINTS", str([list(p) for p in points])))
                self.assertEqual((found["width"], found["height"]), SIZE)
                self.assertAlmostEqual(found["duration"], 6.25, delta=1 / FPS)
                self.assertAlmostEqual(found["end"], 6.25, delta=1 / FPS)
                drawn = self.drawn[middle]
                off = [max(abs(a - b) for a, b in zip(color, drawn[(y * SIZE[0] + x) * 3:][:3])) for (x, y), color in zip(points, found["shown"])]
                self.assertLessEqual(sorted(off)[len(off) * 9 // 10], 8)  # nine of ten lie in plain areas


class SameBytes(Case):
    """Of the codecs that are not their format's first; repeat.py has those."""

    def test_for_any_number_of_workers(self):
        path = self.write("film.yaml", experiment("{mp4: {codec: hevc}, webm: {codec: av1}, mkv: {codec: ffv1}}"))
        trees = []
        for jobs in ("1", "2", "7"):
            optreel("render", path, "-o", self.path(jobs), "-j", jobs, check=0)
            trees.append(tree(self.path(jobs)))
        self.assertGreaterEqual(len(trees[0]), 8)
        self.assertEqual(trees[0], trees[1])
        self.assertEqual(trees[0], trees[2])
        optreel("render", self.path("film.yaml"), "-o", self.path("av1"), "--set", "output.formats.mp4.codec=av1", "--formats", "mp4", "-j", "1", check=0)
        optreel("render", self.path("film.yaml"), "-o", self.path("av1b"), "--set", "output.formats.mp4.codec=av1", "--formats", "mp4", "-j", "2", check=0)
        self.assertEqual(tree(self.path("av1")), tree(self.path("av1b")))


class Archive(Case):
    def test_preset(self):
        path = self.write("film.yaml", experiment("FORMATS").replace("  size: 320x180\n  fps: 12\n  formats: FORMATS\n", "  preset: archive\n").replace("length: 2.5", "length: 1.5"))
        optreel("render", path, "-o", self.path("out"), check=0)
        stream, _ = probe(self.path("out", "film.mkv"))
        self.assertEqual((stream["width"], stream["height"], stream["r_frame_rate"], stream["pix_fmt"]), (1920, 1080, "60/1", "gbrp"))
        with open(self.path("out", "film.framemd5"), "rb") as f:
            self.assertEqual(f.read(), ffmpeg("-i", self.path("out", "film.mkv"), "-pix_fmt", "rgb24", "-bitexact", "-f", "framemd5", "-"))


class Pipe(Case):
    """optreel film ... -o -: frames go through a pipe as they are made."""

    def test_y4m_and_framemd5(self):
        trace = self.write("run.csv", "step,loss\n" + "".join(f"{i},{100 / (i + 1)}\n" for i in range(50)))
        for name in ("y4m", "framemd5"):
            optreel("film", trace, "-o", self.path(f"run.{name}"), "--preset", "draft", check=0)
            piped = optreel("film", trace, "--formats", name, "-o", "-", "--preset", "draft", text=False, check=0) if name == "framemd5" else None
            with open(self.path(f"run.{name}"), "rb") as f:
                whole = f.read()
            if piped:
                self.assertEqual(piped.stdout, whole)
        command = f"'{harness.PROGRAM}' film '{trace}' --formats y4m -o - --preset draft | ffmpeg -v error -f yuv4mpegpipe -i - -f framemd5 -"
        through = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=True, timeout=harness.TIMEOUT).stdout
        self.assertEqual(through, ffmpeg("-i", self.path("run.y4m"), "-f", "framemd5", "-"))
        self.assertEqual(sum(not line.startswith(b"#") for line in through.splitlines()), 300)

    def test_a_reader_that_goes_away(self):
        trace = self.write("run.csv", "step,loss\n" + "".join(f"{i},{100 / (i + 1)}\n" for i in range(50)))
        done = subprocess.run(["bash", "-c", f"'{harness.PROGRAM}' film '{trace}' --formats y4m -o - --preset draft | head -c 1000 > /dev/null; exit ${{PIPESTATUS[0]}}"],
                              capture_output=True, timeout=harness.TIMEOUT)
        self.assertIn(done.returncode, (5, 128 + 13))


class SizeCap(Case):
    maxDiff = None

    def render(self, formats, cap, out, *more, check):
        path = self.write("film.yaml", experiment(formats).replace("  size:", f"  max_size: {cap}\n  size:"))
        return optreel("render", path, "-o", self.path(out), *more, check=check)

    def test_met_by_the_crf(self):
        self.render("{mp4: {crf: 12}, webm: {crf: 20}}", 0, "free", check=0)
        free = {f["format"]: f["bytes"] for f in summary(self.path("free"))["films"]}
        cap = min(free["mp4"], free["webm"]) * 6 // 10
        trees = []
        for jobs in ("1", "2", "7"):
            done = self.render("{mp4: {crf: 12}, webm: {crf: 20}}", cap, "out" + jobs, "-j", jobs, check=0)
            films = {f["format"]: f for f in summary(self.path("out" + jobs))["films"]}
            for name in ("mp4", "webm"):
                self.assertLessEqual(films[name]["bytes"], cap)
                self.assertRegex(done.err, rf"warning: film\.{name} has CRF \d+ instead of \d+, to stay within max_size")
                self.assertEqual(os.path.getsize(self.path("out" + jobs, "film." + name)), films[name]["bytes"])
            self.assertEqual(sum("max_size" in w for w in summary(self.path("out" + jobs))["warnings"]), 2)
            trees.append(tree(self.path("out" + jobs)))
        self.assertEqual(trees[0], trees[1])
        self.assertEqual(trees[0], trees[2])
        again = self.render("{mp4: {crf: 12}, webm: {crf: 20}}", cap, "out1", check=0)
        self.assertIn("nothing to do", again.err)
        self.assertEqual(tree(self.path("out1")), trees[0])  # the warnings, too
        self.render("{mp4: {crf: 12}, webm: {crf: 20}}", cap, "out1", "--strict", check=1)

    def test_that_cannot_be_met(self):
        done = self.render("{mp4: {}, mkv: {}}", "3 kB", "out", check=1)
        self.assertRegex(done.err, r"error: film\.mp4: it cannot be made to fit into 3 kB \(max_size\): it still has \S+ kB with CRF 51")
        self.assertRegex(done.err, r"error: film\.mkv: it cannot be made to fit into 3 kB \(max_size\): it still has")
        self.assertNotIn("film.mp4", os.listdir(self.path("out")))
        self.assertNotIn("film.mkv", os.listdir(self.path("out")))
        left = [name for name in os.listdir(self.path("out", ".optreel")) if not name.endswith(".story")]
        self.assertEqual(sorted(left), ["lock", "manifest", "plan"])


@unittest.skipIf(os.environ.get("OPTREEL_SANITIZED"), "a preloaded library and the sanitizers do not go together")
class Missing(Case):
    SHIM = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <link.h>
    #include <stdlib.h>
    #include <string.h>
    static int found(struct dl_phdr_info *info, size_t size, void *name)
    {
        (void)size;
        if (!info->dlpi_name || !strstr(info->dlpi_name, "/libavcodec.so"))
            return 0;
        *(const char **)name = info->dlpi_name;
        return 1;
    }
    static void *libavcodec(void)  /* workers load it late: it is not in the program's own scope */
    {
        const char *name = NULL;
        dl_iterate_phdr(found, &name);
        return dlopen(name, RTLD_NOW | RTLD_NOLOAD);
    }
    const void *avcodec_find_encoder_by_name(const char *name)
    {
        const void *(*real)(const char *) = (const void *(*)(const char *))dlsym(libavcodec(), "avcodec_find_encoder_by_name");
        const char *hidden = getenv("HIDDEN_ENCODER");
        return hidden && strcmp(hidden, name) == 0 ? NULL : real(name);
    }
    """

    def test_an_encoder(self):
        source, library = self.write("shim.c", self.SHIM), self.path("shim.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        env = {**os.environ, "LD_PRELOAD": library, "HIDDEN_ENCODER": "libx265"}
        path = self.write("film.yaml", experiment("{mp4: {codec: hevc}}"))
        done = optreel("render", path, "-o", self.path("out"), env=env, check=4)
        self.assertIn("mp4 (HEVC, 320x180) needs the encoder libx265, which this libavcodec does not have", done.err)
        self.assertIn("codec h264 with libx264", done.err)
        self.assertFalse(os.path.exists(self.path("out", "traces")))  # before any work
        self.assertIn("not in this libavcodec", optreel("list", "encoders", env=env, check=0).out)
        env["HIDDEN_ENCODER"] = "libx264rgb"
        path = self.write("film.yaml", experiment("{mkv: {}}"))
        optreel("render", path, "-o", self.path("out"), env=env, check=0)
        self.assertEqual(probe(self.path("out", "film.mkv"))[0]["codec_name"], "ffv1")


class Settings(Case):
    def test_of_another_codec(self):
        for formats, words in (("{mp4: {codec: av1, speed: veryfast}}", "'veryfast' is not a speed of libsvtav1"),
                               ("{mp4: {crf: 60}}", "the crf of h264 must be from 1 to 51, not 60"),
                               ("{webm: {codec: h264}}", "codec")):
            done = optreel("render", self.write("film.yaml", experiment(formats)), "-o", self.path("out"), check=3)
            self.assertIn(words, done.err)
            self.assertFalse(os.path.exists(self.path("out", "traces")))


if __name__ == "__main__":
    harness.main()
