"""What stands beside a film: captions, words for who does not see it, the .tex that shows a PDF, contact sheets."""
import json
import os
import re
import subprocess

import harness
from harness import Case, TIMEOUT, optreel, probe, summary

TIME = re.compile(r"(\d\d):(\d\d):(\d\d)\.(\d{3}) --> (\d\d):(\d\d):(\d\d)\.(\d{3})")


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return f.read()


def cues(text):
    """[(begin, end, lines)] of a WebVTT file, in seconds."""
    head, *blocks = text.rstrip("\n").split("\n\n")
    assert head == "WEBVTT", head
    found = []
    for block in blocks:
        time, *lines = block.split("\n")
        n = [int(x) for x in TIME.fullmatch(time).groups()]
        found.append((n[0] * 3600 + n[1] * 60 + n[2] + n[3] / 1000, n[4] * 3600 + n[5] * 60 + n[6] + n[7] / 1000, lines))
    return found


class Sidecars(Case):
    def setUp(self):
        super().setUp()
        self.experiment = self.write("small.yaml", harness.SMALL)
        self.out = self.path("out")

    def render(self, *arguments, check=0):
        return optreel("render", self.experiment, "-o", self.out, *arguments, check=check)

    def test_captions(self):
        self.render()
        films = {f["name"]: f for f in summary(self.out)["films"] if f["format"] == "mp4"}
        for film in ("parabola-sgd", "parabola-adam", "parabola-race"):
            found = cues(read(self.out, film + ".vtt"))
            _, container = probe(os.path.join(self.out, film + ".mp4"))
            self.assertEqual(found[0][0], 0)
            self.assertEqual(found[0][2][0], "\u03b1 + \u03b2x + \u03b3x\u00b2: two optimizers" if "race" in film else "\u03b1 + \u03b2x + \u03b3x\u00b2: " + {"parabola-sgd": "SGD", "parabola-adam": "Adam"}[film])
            self.assertTrue(found[0][2][1].startswith("Two start together; loss " if "race" in film else "learning rate 0."), found[0])
            self.assertAlmostEqual(found[-1][1], float(container["duration"]), delta=0.001)
            for (begin, end, lines), after in zip(found, found[1:] + [None]):
                self.assertTrue(after is None or after[0] >= end)  # never two at once
                self.assertGreaterEqual(round(end - begin, 3), 1 if after else 0.5)
                self.assertAlmostEqual(begin * 30, round(begin * 30), delta=0.016)  # where a frame begins
                self.assertTrue(1 <= len(lines) <= 2)
                self.assertTrue(all(len(line) <= 42 for line in lines))
            self.assertEqual(" ".join(found[-1][2]), films[film]["finding"])
            told = [e["text"] for e in films[film]["events"]]
            for _, _, lines in found[1:-1]:  # between start and finding nothing but events
                self.assertIn(" ".join(lines), told)

    def test_captions_without_events(self):
        self.write("small.yaml", harness.SMALL.replace("- {each: run, length: 3,", "- {each: run, events: none, length: 6,"))
        self.render("--only", "parabola/sgd")
        found = cues(read(self.out, "parabola-sgd.vtt"))
        self.assertEqual(len(found), 2, found)
        self.assertEqual(found[0][:2], (0, 2.5))
        self.assertEqual(found[0][2][1], "learning rate 0.1")
        self.assertEqual(" ".join(found[1][2]), [f["finding"] for f in summary(self.out)["films"]][0])

    def test_a_film_has_chapters(self):
        self.write("small.yaml", harness.SMALL.replace("preset: draft", "preset: web\n  size: 320x180"))
        self.render("--only", "parabola-race", "--formats", "mp4")
        film = [f for f in summary(self.out)["films"] if f["format"] == "mp4"][0]
        out = subprocess.run(["ffprobe", "-v", "error", "-show_chapters", "-of", "json", os.path.join(self.out, "parabola-race.mp4")],
                             capture_output=True, check=True, timeout=TIMEOUT).stdout
        chapters = [c["tags"]["title"] for c in json.loads(out)["chapters"]]
        self.assertEqual((chapters[0], chapters[-1]), ("\u03b1 + \u03b2x + \u03b3x\u00b2: two optimizers", film["finding"]))
        told = [e["text"] for e in film["events"]]
        self.assertTrue(all(chapter in told for chapter in chapters[1:-1]), (chapters, told))

    def test_a_report_video_tells_its_chapters(self):
        self.write("small.yaml", harness.SMALL.replace("- {each: run, length: 3, hold: {first: 0.3, last: 0.5}}",
                                                       "- {each: experiment, layout: sequence, name: report, length: 20}"))
        self.render("--only", "report", "--contact", "5x2")
        found = cues(read(self.out, "report.vtt"))
        self.assertEqual(found[0][2], ["A small experiment"])
        self.assertEqual(found[-1][2], ["Results"])
        self.assertAlmostEqual(found[-1][1], 20, delta=0.001)
        said = ["\n".join(lines) for _, _, lines in found]
        self.assertIn("SGD\nlearning rate 0.1", said)
        self.assertTrue(any(s.startswith("All together\nTwo start together; loss") for s in said), said)
        places = re.search(r'data-places="([^"]*)"', read(self.out, "index.html")).group(1).split("\n")
        self.assertEqual(places[0], "0 A small experiment")
        self.assertTrue(any(re.fullmatch(r"[\d.]+ Adam  \u00b7  step 300, loss [\d.]+", p) for p in places), places)
        self.assertTrue(all(len(line) <= 42 for _, _, lines in found for line in lines))
        optreel("frame", self.experiment, "--film", "report", "--contact", "5x2", "-o", self.path("c.pdf"), check=0)
        text = subprocess.run(["pdftotext", self.path("c.pdf"), "-"], capture_output=True, check=True, timeout=TIMEOUT).stdout.decode()
        self.assertRegex(text, r"(?m)^(SGD|Adam), step \d+$")

    def test_only_videos_have_captions(self):
        self.render("--formats", "gif,svg")
        names = os.listdir(self.out)
        self.assertFalse([n for n in names if n.endswith((".vtt", ".tex")) and n not in harness.REPORT])
        self.assertTrue(os.path.exists(os.path.join(self.out, "parabola-sgd.alt.txt")))

    def test_words_for_who_does_not_see_it(self):
        self.render()
        alt = read(self.out, "parabola-sgd.alt.txt")
        self.assertTrue(alt.startswith("SGD on ") and alt.endswith(".\n"))
        self.assertIn("after 300 steps", alt)
        html = read(self.out, "index.html")
        self.assertIn("after 300 steps", html)
        self.assertTrue(read(self.out, "parabola-race.alt.txt").startswith("2 runs on "))

    def test_not_in_the_summary_nor_on_standard_output(self):
        done = self.render("--contact", "2x2")
        self.assertEqual(len(done.out.strip().split("\n")), 9)
        self.assertEqual(len(summary(self.out)["films"]), 9)
        self.assertEqual({f["format"] for f in summary(self.out)["films"]}, {"mp4", "gif", "png"})

    def test_the_page_links_them(self):
        self.render("--contact", "2x2", "--formats", "mp4,pdf")
        links = re.findall(r'href="([^"#]+)"', read(self.out, "index.html"))
        for film in ("parabola-sgd", "parabola-adam", "parabola-race"):
            for end in (".vtt", ".tex", ".alt.txt", "-contact.png"):
                self.assertEqual(links.count(film + end), 1)
                self.assertTrue(os.path.exists(os.path.join(self.out, film + end)))

    def test_made_once_and_again_when_lost(self):
        self.render("--contact", "2x2")
        first = harness.tree(self.out)
        self.assertIn("nothing to do", self.render("--contact", "2x2").err)
        for name in ("parabola-sgd.vtt", "parabola-sgd.alt.txt", "parabola-race-contact.png"):
            self.assertIn(name, first)
            with open(os.path.join(self.out, name), "a", encoding="utf-8") as f:
                f.write("x")
        os.unlink(os.path.join(self.out, "parabola-adam.vtt"))
        self.render("--contact", "2x2")
        self.assertEqual(harness.tree(self.out), first)

    def test_contact_sheet(self):
        self.render("--contact", "4x3", "--only", "parabola-race")
        stream, _ = probe(os.path.join(self.out, "parabola-race-contact.png"))
        self.assertEqual((stream["width"], stream["height"]), (4 * 640 + 60 + 48, 3 * 386 + 40 + 48))
        optreel("frame", self.experiment, "--film", "parabola-race", "--contact", "4x3", "-o", self.path("c.png"), check=0)
        with open(os.path.join(self.out, "parabola-race-contact.png"), "rb") as one, open(self.path("c.png"), "rb") as two:
            self.assertEqual(one.read(), two.read())

    def test_contact_sheets_refused(self):
        for value, code, words in (("4", 2, "such as 4x3"), ("0x3", 2, "such as 4x3"), ("20x20", 2, "--max-side-px")):
            done = optreel("render", self.experiment, "-o", self.out, "--contact", value)
            self.assertEqual(done.returncode, code, done.err)
            self.assertIn(words, done.err)
            self.assertFalse(os.path.exists(self.out))
        self.write("small.yaml", harness.SMALL.replace("preset: draft", "preset: draft\n  contact: 4by3"))
        self.assertIn("4by3", self.render(check=3).err)
        self.write("small.yaml", harness.SMALL.replace('"{problem}-race"', '"parabola-sgd-contact"'))
        self.assertIn("contact sheet of 'parabola-sgd'", self.render("--contact", "2x2", check=3).err)
        self.render()

    def test_tex_shows_the_pages(self):
        self.render("--formats", "pdf", "--set", "films.0.length=17")
        text = read(self.out, "parabola-sgd.tex")
        self.assertIn("120 pages, 7.05 per second", text)
        self.assertIn(r"\animategraphics[autoplay,loop,controls,poster=last,width=\filmwidth]{7.05}{\orlfolder parabola-sgd}{}{}", text)
        self.assertIn(r"]{12}{\orlfolder parabola-race}{}{}", read(self.out, "parabola-race.tex"))

    def test_a_cap_makes_fewer_pages(self):
        self.render("--formats", "pdf", "--only", "parabola/sgd")
        full = summary(self.out)["films"][0]
        done = self.render("--formats", "pdf", "--only", "parabola/sgd", "--set", f"output.max_size={int(full['bytes'] * 0.7)}")
        film = summary(self.out)["films"][0]
        self.assertIn("6 pages per second, to stay within max_size", done.err)
        self.assertLessEqual(film["bytes"], full["bytes"] * 0.7)
        self.assertLess(film["frames"], full["frames"])
        self.assertAlmostEqual(film["seconds"], full["seconds"], delta=0.2)
        text = read(self.out, "parabola-sgd.tex")
        self.assertIn(f"{film['frames']} pages, {film['fps']:g} per second", text)
        self.assertIn(f"]{{{film['fps']:g}}}{{\\orlfolder parabola-sgd}}", text)
        self.render("--formats", "pdf", "--only", "parabola/sgd", "--set", "output.max_size=5kB", "-o", self.path("small"), check=1)
        self.assertEqual([n for n in os.listdir(self.path("small")) if n.endswith((".pdf", "sgd.tex"))], [])


if __name__ == "__main__":
    harness.main()
