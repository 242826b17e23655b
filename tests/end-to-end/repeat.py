"""The same bytes for every format of the table, however many workers make them, again, and whatever is made beside them; and decoded frames of
a video with held frames are those that were drawn."""
import json
import os
import re
import subprocess
import unittest

import harness
from harness import Case, optreel

WIDTH, HEIGHT, FPS = 320, 180, 25


def formats():
    return [f["name"] for f in json.loads(optreel("list", "formats", "--json", check=0).out) if f.get("supported", True)]


def experiment(wanted):
    """One run and one race; `wanted` formats of one size and rate, so that they share what is drawn."""
    text = harness.SMALL[:harness.SMALL.index("output:")].replace("length: 3", "length: 4.4")
    settings = {"png": "{frames: all}"}
    listed = ", ".join(f"{name}: {settings.get(name, '{}')}" for name in wanted)
    return text + f"output: {{size: {WIDTH}x{HEIGHT}, fps: {FPS}, formats: {{{listed}}}}}\n"


def files(folder):
    """Everything that was made, by name; without the state folder and the lines that name this very call."""
    found = {}
    for place, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if f != ".optreel"]
        for name in names:
            path = os.path.join(place, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, folder)] = f.read()
    return found


class Repeat(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.case = Case()
        cls.case.setUp()
        cls.addClassCleanup(cls.case.doCleanups)
        cls.formats = formats()
        cls.all = cls.case.write("all.yaml", experiment(cls.formats))
        cls.one = cls.render(cls.all, "one", "-j", "1")

    @classmethod
    def render(cls, path, name, *options):
        optreel("render", path, "-o", cls.case.path(name), "-q", *options, check=0)
        return files(cls.case.path(name))

    def compare(self, others, skip=()):
        self.assertEqual(sorted(self.one), sorted(others))
        for name, content in self.one.items():
            if name not in skip:
                self.assertEqual(content, others[name], name)

    def test_every_format_is_there(self):
        extensions = {re.sub(r"^[^.]*", "", os.path.basename(name)) for name in self.one}
        for f in json.loads(optreel("list", "formats", "--json", check=0).out):
            if f.get("supported", True) and f.get("extension"):
                self.assertIn(f["extension"], extensions)
        self.assertGreaterEqual(len(self.formats), 3)

    def test_any_number_of_workers(self):
        for jobs in ("2", "7"):
            with self.subTest(jobs):
                self.compare(self.render(self.all, f"jobs{jobs}", "-j", jobs), skip={"index.html"})

    def test_again(self):
        self.compare(self.render(self.all, "one", "-j", "2", "--force"), skip={"index.html"})

    def test_alone(self):
        """A format that is made alone is the same as one that shares its frames with others."""
        for name in self.formats:
            alone = self.render(self.case.write(f"{name}.yaml", experiment([name])), f"alone-{name}", "-j", "2")
            with self.subTest(name):
                same = [path for path in alone if path in self.one and path not in harness.REPORT and path != "experiment.yaml"
                        and not path.startswith(("traces", "logs", "snippets"))]
                self.assertTrue(same)
                for path in same:
                    self.assertEqual(alone[path], self.one[path], path)

    def test_held_frames_decode_as_drawn(self):
        """All of an MP4's frames, with those that are written as repeats, against the lossless pictures of the same film."""
        out = self.case.path("one")
        for film in sorted(name[:-4] for name in self.one if name.endswith(".mp4")):
            told = subprocess.run(["ffmpeg", "-nostdin", "-v", "info", "-i", os.path.join(out, film + ".mp4"), "-r", str(FPS), "-i",
                                   os.path.join(out, film + ".frames", "%06d.png"), "-lavfi",
                                   "[1:v]scale=out_color_matrix=bt709:out_range=tv,format=yuv420p[a];[0:v][a]ssim=stats_file=-", "-f", "null", "-"],
                                  check=True, capture_output=True, text=True, timeout=harness.TIMEOUT)
            each = [float(x) for x in re.findall(r"n:\d+ .*All:([0-9.]+)", told.stdout)]
            with self.subTest(film):
                self.assertEqual(len(each), round(4.4 * FPS))
                self.assertGreater(min(each), 0.97)
                self.assertGreater(sum(each) / len(each), 0.99)
                self.assertNotIn("error", told.stderr.lower())


if __name__ == "__main__":
    unittest.main(verbosity=2)
