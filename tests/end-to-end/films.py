"""Every made film, decoded by independent readers: codec, pixel format, size, frame count, duration, colour tags, layout of the file."""
import json
import os
import re
import struct
import subprocess
import unittest

import harness
from harness import SMALL, TIMEOUT, Case, optreel, probe, stream_kinds, summary


class Films(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.case = Case()
        cls.case.setUp()
        cls.addClassCleanup(cls.case.doCleanups)
        experiment = cls.case.write("small.yaml", harness.SMALL)
        cls.out = cls.case.path("out")
        cls.done = optreel("render", experiment, "-o", cls.out, check=0)
        cls.summary = summary(cls.out)

    def films(self, extension):
        found = [f for f in self.summary["films"] if f["path"].endswith(extension)]
        self.assertEqual(len(found), 3)
        return [(f, os.path.join(self.out, f["path"])) for f in found]

    def test_one_line_per_output(self):
        lines = self.done.out.strip().split("\n")
        self.assertEqual(len(lines), 9)
        for line in lines:
            self.assertRegex(line, r"^\S+\.(mp4|gif|png)  \d+ bytes  \d+ frames?  \d+\.\d\d s$")

    def test_mp4(self):
        for film, path in self.films(".mp4"):
            stream, container = probe(path)
            with self.subTest(path):
                self.assertEqual(stream["codec_name"], "h264")
                self.assertEqual(stream["codec_tag_string"], "avc1")
                self.assertEqual(stream["profile"], "High")
                self.assertEqual(stream["pix_fmt"], "yuv420p")
                self.assertLessEqual(stream["level"], 30)  # 640x360 at 30 needs no more
                self.assertEqual((stream["width"], stream["height"]), (640, 360))
                self.assertEqual(stream["sample_aspect_ratio"], "1:1")
                self.assertEqual(int(stream["nb_read_frames"]), 90)
                self.assertEqual(film["frames"], 90)
                self.assertEqual(stream["avg_frame_rate"], "30/1")
                self.assertEqual(stream["time_base"], "1/90000")
                self.assertAlmostEqual(float(container["duration"]), 3.0, delta=1 / 60)
                for key, value in {"color_range": "tv", "color_space": "bt709", "color_transfer": "bt709", "color_primaries": "bt709"}.items():
                    self.assertEqual(stream[key], value)
                self.assertEqual(stream["has_b_frames"], 0)
                self.assertEqual(stream_kinds(path), ["video", "data"])  # web: a film of one part has chapters, too

    def test_mp4_plays_from_its_first_bytes_and_names_no_encoder(self):
        for _, path in self.films(".mp4"):
            names = harness.boxes(path)
            self.assertLess(names.index("moov"), names.index("mdat"))
            with open(path, "rb") as f:
                data = f.read()
            for mark in (b"x264", b"Lavf", b"Lavc", b"options:"):
                self.assertNotIn(mark, data)
            self.assertIn(b"colrnclx\x00\x01\x00\x01\x00\x01\x00", data)

    def test_mp4_key_frames_are_five_seconds_apart_at_most(self):
        for _, path in self.films(".mp4"):
            out = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pts,flags", "-of", "csv=p=0", path],
                                 capture_output=True, check=True, text=True).stdout.split()
            rows = [line.split(",") for line in out]
            self.assertEqual([int(r[0]) for r in rows], [3000 * i for i in range(90)])
            keys = [int(r[0]) for r in rows if "K" in r[1]] + [3000 * 90]
            self.assertEqual(keys[0], 0)
            self.assertLessEqual(max(b - a for a, b in zip(keys, keys[1:])), 5 * 90000)

    def test_gif(self):
        for film, path in self.films(".gif"):
            with self.subTest(path), open(path, "rb") as f:
                data = f.read()
                self.assertEqual(data[:6], b"GIF89a")
                self.assertEqual(struct.unpack("<HH", data[6:10]), (film["width"], film["height"]))
                self.assertIn(b"NETSCAPE2.0\x03\x01\x00\x00", data)  # for ever
                info = subprocess.run(["gifsicle", "--info", path], capture_output=True, check=True, text=True).stdout
                self.assertNotIn("local color table", info)
                delays = [float(d) for d in re.findall(r"delay ([0-9.]+)s", info)]
                self.assertAlmostEqual(sum(delays), 3.0, delta=0.001)
                self.assertGreaterEqual(min(delays), 0.02)
                self.assertLessEqual(len(delays), film["frames"])
                self.assertGreater(len(delays), film["frames"] / 3)

    def test_gif_and_mp4_show_the_same_film(self):
        """The last frames, scaled to one size, agree."""
        for name in ("parabola-sgd", "parabola-race"):
            small = []
            for extension in ("mp4", "gif"):
                raw = subprocess.run(["ffmpeg", "-v", "error", "-i", os.path.join(self.out, f"{name}.{extension}"), "-vf", "scale=64:36:flags=area",
                                      "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, check=True).stdout
                small.append(raw[-64 * 36 * 3:])
            difference = sum(abs(a - b) for a, b in zip(*small)) / len(small[0])
            self.assertLess(difference, 12)

    def test_poster_is_the_last_frame(self):
        for name in ("parabola-sgd", "parabola-adam", "parabola-race"):
            poster = harness.decode(os.path.join(self.out, name + ".png"), (640, 360))
            last = harness.decode(os.path.join(self.out, name + ".mp4"), (640, 360))[-1]
            self.assertEqual(len(poster), 1)
            difference = sum((a - b) ** 2 for a, b in zip(poster[0], last)) / len(last)
            self.assertLess(difference, 60)  # H.264 at the draft's quality

    def test_the_held_end_does_not_move(self):
        frames = harness.decode(os.path.join(self.out, "parabola-sgd.mp4"), (640, 360))
        moved = [max(abs(a - b) for a, b in zip(x[::7], y[::7])) for x, y in zip(frames[76:], frames[77:])]
        self.assertLess(max(moved), 48)  # what the encoder refines; a stroke that moves makes more than 100

    def test_summary_matches_the_files(self):
        for film in self.summary["films"]:
            path = os.path.join(self.out, film["path"])
            self.assertEqual(os.path.getsize(path), film["bytes"])
            self.assertEqual(harness.tree(self.out)[film["path"]], film["sha256"])
            self.assertNotIn("cached", film)
        self.assertEqual(self.summary["schema"], 1)
        self.assertEqual({r["name"] for r in self.summary["runs"]}, {"parabola/sgd", "parabola/adam"})
        for run in self.summary["runs"]:
            self.assertNotIn("seconds", run)
            self.assertEqual(run["status"], "finished")
            self.assertEqual(run["steps"], 300)
            self.assertTrue(os.path.exists(os.path.join(self.out, run["trace"])))
            self.assertTrue(os.path.exists(os.path.join(self.out, run["log"])))

    def test_nothing_is_left_over(self):
        left = [name for name in os.listdir(os.path.join(self.out, ".optreel")) if not name.endswith(".story")]
        self.assertEqual(sorted(left), ["lock", "manifest", "plan"])


class Instrument(Case):
    def test_what_scripts_bench_draws_with(self):
        """It finds the traces that `run` left, and draws each film's frames."""
        optreel("run", self.write("small.yaml", SMALL), "-o", self.path("out"), "-q", check=0)
        done = subprocess.run([os.path.join(os.environ["OPTREEL_BUILD"], "tests", "batch", "drawn"), self.path("small.yaml"), self.path("out")],
                              capture_output=True, text=True, timeout=TIMEOUT)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual({film["film"]: film["frames"] for film in told}, {"parabola-sgd": 90, "parabola-adam": 90, "parabola-race": 90})


if __name__ == "__main__":
    harness.main()
