#!/usr/bin/env python3
"""Layouts and paces from outside: small multiples, grids of one's own, the report video with its chapters and its closing table."""
import json
import os
import re
import subprocess
import unittest

import harness
from harness import TIMEOUT, Case, optreel, probe, summary

TWO = """\
title: Two problems
steps: 200
report: {times: false}
problems:
  line:
    title: a straight line
    model: a + b*x
    start: {a: 0, b: 0}
    data: {x: {from: 0, to: 1, count: 20}, truth: {a: 1, b: 2}}
  valley:
    title: the valley
    objective: (1-x)^2 + 100*(y-x^2)^2
    start: {x: -1.2, y: 1}
    minimum: {x: 1, y: 1}
optimizers:
  sgd: {learning_rate: 0.001}
  adam: {learning_rate: 0.05}
films:
"""
REPORT = TWO + "  - {each: experiment, layout: sequence, name: report, length: 20}\noutput: {formats: [mp4, mkv], preset: draft, size: 640x360, fps: 30}\n"


def chapters(path):
    out = subprocess.run(["ffprobe", "-v", "error", "-show_chapters", "-of", "json", path], capture_output=True, check=True,
                         timeout=TIMEOUT).stdout
    return [(c["tags"]["title"], float(c["start_time"]), float(c["end_time"])) for c in json.loads(out)["chapters"]]


class Words(Case):
    """The keys of what stands around a film, and of what it shows."""

    def words(self, experiment, film, *more):
        path = self.path("still.pdf")
        optreel("frame", experiment, "--film", film, "--frame", "0", "-o", path, "-q", *more, check=0)
        return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, timeout=TIMEOUT).stdout.decode()

    def test_subtitle_note_and_credit(self):
        experiment = self.write("two.yaml", TWO + "  - {each: problem, subtitle: seen from afar, note: same start, credit: {text: Example Lab}}\n")
        said = self.words(experiment, "line-race")
        for words in ("seen from afar", "same start", "Example Lab"):
            self.assertIn(words, said)
        self.assertNotIn("learning rate", said)
        self.assertNotIn("seen from afar", self.words(experiment, "line-race", "--set", "films.0.subtitle=none"))
        self.assertIn("learning rate", self.words(experiment, "line-race", "--set", "films.0.subtitle=auto"))
        self.assertIn("Other Lab", self.words(experiment, "line-race", "--set", "films.0.credit=Other Lab"))

    def test_runs_of_a_film(self):
        experiment = self.write("two.yaml", TWO + "  - {each: problem, runs: [ad*, valley/sgd]}\n  - {each: run, runs: line/adam}\n")
        done = optreel("check", experiment, check=0)
        self.assertRegex(done.out, r"(?m)^  line-race +1 run,")
        self.assertRegex(done.out, r"(?m)^  valley-race +2 runs,")
        self.assertRegex(done.out, r"(?m)^  line-adam +1 run,")
        self.assertNotRegex(done.out, r"(?m)^  line-sgd +1 run,")
        done = optreel("check", experiment, "--set", "films.0.runs=[nadam]", check=2)
        self.assertIn("no run is called 'nadam'", done.err)

    def test_the_parameter_of_the_table(self):
        experiment = self.write("two.yaml", TWO + "  - {each: problem, runs: line/*, axes: {table: {parameter: a}}}\n")
        self.assertRegex(self.words(experiment, "line-race"), r"loss +a ?→ ?1\b")
        self.assertRegex(self.words(experiment, "line-race", "--set", "films.0.axes.table.parameter=b"), r"loss +b ?→ ?2\b")
        done = optreel("check", experiment, "--set", "films.0.axes.table.parameter=c", check=2)
        self.assertIn("'c' is", done.err)


class Variants(Case):
    """output.variants: the same films again in other sizes."""

    VARIANTS = "  - {each: problem, length: 1}\noutput:\n  formats: [mp4]\n  size: 320x180\n  poster: false\n" \
               "  variants: {feed: {preset: square, size: 360x360}, tiny: {size: 160x90, formats: {gif: {colors: 16}}}, low: {fps: 10}}\n"

    def test_one_run_makes_all_sizes(self):
        experiment, out = self.write("two.yaml", TWO + self.VARIANTS), self.path("out")
        optreel("render", experiment, "-o", out, "-q", "--only", "line*", check=0)
        found = {f["path"]: (f["name"], f["format"], f["width"], f["height"], f["fps"]) for f in summary(out)["films"]}
        self.assertEqual(found, {"line-race.mp4": ("line-race", "mp4", 320, 180, 30), "line-race.feed.mp4": ("line-race", "mp4", 360, 360, 30),
                                 "line-race.tiny.gif": ("line-race", "gif", 160, 90, 20), "line-race.low.mp4": ("line-race", "mp4", 320, 180, 10)})
        stream, _ = probe(os.path.join(out, "line-race.feed.mp4"))
        self.assertEqual((stream["width"], stream["height"]), (360, 360))
        again = optreel("render", experiment, "-o", out, "--only", "line*", check=0)
        self.assertEqual(again.out.count("(up to date)"), 4)

    def test_formats_of_the_command_line_are_alone(self):
        experiment = self.write("two.yaml", TWO + self.VARIANTS)
        self.assertNotIn("360x360", optreel("check", experiment, "--formats", "mp4", check=0).out)
        self.assertNotIn("360x360", optreel("check", experiment, "--preset", "draft", check=0).out)

    def test_what_is_wrong_is_told(self):
        experiment = self.write("two.yaml", TWO + self.VARIANTS)
        for value, words in (("{preset: none}", "unknown preset 'none'"), ("{sizes: 3}", "unknown key 'sizes' in a variant")):
            self.assertIn(words, optreel("check", experiment, "--set", "output.variants.x=" + value, check=2).err)
        twice = self.write("twice.yaml", TWO + self.VARIANTS.replace("length: 1}", "length: 1}\n  - {each: experiment, name: line-race.feed, panels: [loss]}"))
        self.assertIn("is called as a variant of 'line-race' is", optreel("check", twice, check=3).err)


class Sequence(Case):
    def still(self, experiment, frame):
        path = self.path("still.pdf")
        optreel("frame", experiment, "--film", "report", "--frame", str(frame), "-o", path, "-q", check=0)
        return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, timeout=TIMEOUT).stdout.decode()

    def test_report_video(self):
        experiment, out = self.write("two.yaml", REPORT), self.path("out")
        optreel("render", experiment, "-o", out, check=0)
        wanted = ["Two problems", "Part 1: a straight line", "a straight line: SGD", "a straight line: Adam",
                  "a straight line: all together", "Part 2: the valley", "the valley: SGD", "the valley: Adam",
                  "the valley: all together", "Results"]
        for extension in ("mp4", "mkv"):
            path = os.path.join(out, "report." + extension)
            stream, container = probe(path)
            rate = [int(n) for n in stream["r_frame_rate"].split("/")]
            self.assertEqual(int(stream["nb_read_frames"]), round(20 * rate[0] / rate[1]))
            self.assertAlmostEqual(float(container["duration"]), 20.0, delta=0.05)
            found = chapters(path)
            self.assertEqual([c[0] for c in found], wanted)
            self.assertEqual(found[0][1], 0)
            self.assertAlmostEqual(found[-1][2], 20.0, delta=0.05)
            for before, after in zip(found, found[1:]):
                self.assertEqual(before[2], after[1])
        film = [f for f in summary(out)["films"] if f["path"] == "report.mp4"][0]
        self.assertEqual(film["runs"], ["line/sgd", "line/adam", "valley/sgd", "valley/adam"])
        # a group of pictures begins with each chapter, so that a player that goes there shows it at once
        keys = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0",
                               os.path.join(out, "report.mp4")], capture_output=True, check=True, text=True).stdout.split()
        keys = [float(line.split(",")[0]) for line in keys if "K" in line.split(",")[1]]
        for chapter in chapters(os.path.join(out, "report.mp4")):
            self.assertLess(min(abs(chapter[1] - key) for key in keys), 0.002)
        self.assertLessEqual(max(b - a for a, b in zip(keys, keys[1:])), 5.001)
        # what stands on the cards and in the table, at the frames where the chapters begin
        frames = [round(c[1] * 30) for c in chapters(os.path.join(out, "report.mp4"))]
        for part, words in ((0, ["Two problems", "a straight line", "the valley", "SGD", "Adam", "learning rate 0.05"]),
                            (1, ["Part 1 of 2", "20 points, mean squared error", "start", "truth", "2 runs of 200 steps"]),
                            (5, ["Part 2 of 2", "minimum"]),
                            (6, ["run 3 of 4", "SGD", "learning rate 0.001"]),
                            (9, ["Results", "a straight line", "the valley", "loss", "SGD", "Adam", "Lowest loss"])):
            told = " ".join(self.still(experiment, frames[part]).split())
            for word in words:
                self.assertIn(word, told)

    def test_the_last_page_tells_what_a_fit_is_worth(self):
        experiment = self.write("noisy.yaml", """\
steps: 20
problems: {p: {model: a + b*x, start: {a: 0, b: 0}, data: {x: {from: 0, to: 1, count: 20}, truth: {a: 1, b: 2}, noise: 0.5, seed: 3}}}
optimizers: {levenberg-marquardt: {}, sgd: {learning_rate: 0.01}}
films: [{each: experiment, layout: sequence, name: report, length: 20}]
output: {formats: [mp4], preset: draft}
""")
        optreel("run", experiment, "-o", self.path("out"), check=0)
        fit = {r["optimizer"]: r for r in summary(self.path("out"))["runs"]}["levenberg-marquardt"]["fit"]
        told = " ".join(self.still(experiment, 599).split())
        found = re.search(r"Fit: a = ([\d.]+) \u00b1 ([\d.]+), b = ([\d.]+) \u00b1 ([\d.]+); residual sd ([\d.]+)\.", told)
        self.assertTrue(found, told)
        for words, value in zip(found.groups()[1::2], fit["standard_errors"].values()):
            self.assertAlmostEqual(float(words), value, delta=0.006)
        self.assertAlmostEqual(float(found.group(5)), fit["residual_sd"], delta=0.006)

    def test_the_background_follows_the_part(self):
        """A still of any frame is the film's frame there, whatever was drawn before it."""
        experiment, out = self.write("two.yaml", REPORT.replace("[mp4, mkv]", "[mkv]")), self.path("out")
        optreel("render", experiment, "-o", out, check=0)
        width, height, rate = 640, 360, 30
        found = chapters(os.path.join(out, "report.mkv"))
        for title, start, _ in (found[1], found[4], found[9]):
            frame = round(start * rate)
            for number in (frame - 1, frame, frame + 1):
                still = self.path("still.png")
                optreel("frame", experiment, "--film", "report", "--frame", str(number), "-o", still, "-q", check=0)
                raw = subprocess.run(["ffmpeg", "-v", "error", "-ss", f"{(number - 0.5) / rate:.6f}", "-i", os.path.join(out, "report.mkv"),
                                      "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, check=True,
                                     timeout=TIMEOUT).stdout
                self.assertEqual(len(raw), width * height * 3)
                self.assertEqual(raw, harness.decode(still, (width, height))[0], f"{title}: frame {number}")

    def test_same_bytes_for_any_number_of_workers(self):
        experiment = self.write("two.yaml", REPORT.replace("length: 20", "length: 8").replace(", mkv", ", gif"))
        trees = []
        for jobs in ("1", "3"):
            out = self.path("out" + jobs)
            optreel("render", experiment, "-o", out, "--jobs", jobs, check=0)
            trees.append({p: d for p, d in harness.tree(out).items() if p.startswith("report.")})
        self.assertEqual(*trees)
        self.assertGreaterEqual(len(trees[0]), 3)

    def test_too_short(self):
        done = optreel("check", self.write("two.yaml", REPORT.replace("length: 20", "length: 2")), check=3)
        self.assertIn("too short for 4 runs", done.err)


class Layouts(Case):
    def test_grids_and_paces_render(self):
        films = ("  - {each: problem, name: '{problem}-grid', layout: grid, panels: [loss], length: 2}\n"
                 "  - {each: problem, name: '{problem}-own', layout: {columns: [2, 1], rows: [1, 2]}, panels: [loss, parameters], length: 2}\n"
                 "  - {each: run, name: '{run}-motion', pace: motion, length: 2}\n"
                 "  - {each: problem, name: '{problem}-loss', pace: loss, length: 2, steps: {from: 10, to: 150}}\n")
        out = self.path("out")
        optreel("render", self.write("grid.yaml", TWO + films + "output: {formats: [mp4], preset: draft}\n"), "-o", out, check=0)
        names = {f["path"] for f in summary(out)["films"] if f["path"].endswith(".mp4")}
        self.assertEqual(names, {f"{p}-{k}.mp4" for p in ("line", "valley") for k in ("grid", "own", "loss", "sgd-motion", "adam-motion")})
        for name in names:
            stream, _ = probe(os.path.join(out, name))
            self.assertEqual(int(stream["nb_read_frames"]), 60)

    def test_faults(self):
        for layout, place, words in (("{columns: []}", "23:24", "columns: from 1 to 16 numbers"),
                                     ("{columns: [1, -2]}", "23:28", "columns"),
                                     ("{rows: [1]}", "23:21", "rows need columns"),
                                     ("{columns: [1], rows: [1]}", None, "2 panels do not fit into 1 columns and 1 rows"),
                                     ("{kind: spiral}", None, "spiral")):
            done = optreel("check", self.write("bad.yaml", TWO + f"  - {{each: run, layout: {layout}, panels: [loss, parameters]}}\n"), check=3)
            self.assertIn(words, done.err)
            self.assertEqual(done.err.count("error:"), 1, done.err)

    def test_panels_too_small_to_read(self):
        film = "  - {each: run, panels: [loss, parameters, steps, log]LAYOUT}\noutput: {formats: [mp4]}\n"
        done = optreel("check", self.write("tower.yaml", TWO + film.replace("LAYOUT", ", layout: {columns: [1]}")), check=0)
        self.assertIn("too few to be read", done.err)
        done = optreel("check", self.write("chosen.yaml", TWO + film.replace("LAYOUT", "")), check=0)
        self.assertNotIn("too few to be read", done.err)


if __name__ == "__main__":
    unittest.main()
