"""slides.pptx, read by zipfile and an XML parser: a slide for each film, which plays by itself and repeats, with poster, title and words."""
import hashlib
import os
import posixpath
import xml.etree.ElementTree as ElementTree
import zipfile

from harness import SMALL, Case, main, optreel, tree

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
P14 = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
EXPERIMENT = SMALL.replace("A small experiment", "\"<Small> & 'fine'\"").replace("length: 3", "length: 1, panels: [fit]").replace(
    "steps: 300", "steps: 20").replace("formats: [mp4, gif]\n  preset: draft", "preset: slides\n  size: 320x180")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Deck:
    """A presentation taken apart."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            self.bad = archive.testzip()
            self.names = archive.namelist()
            self.dates = {info.date_time for info in archive.infolist()}
            self.parts = {name: archive.read(name) for name in self.names}
        self.xml = {n: ElementTree.fromstring(d) for n, d in self.parts.items() if n.endswith((".xml", ".rels"))}

    def relations(self, part):
        """Id -> (kind, the part that it leads to)."""
        folder, name = posixpath.split(part)
        found = {}
        for r in self.xml.get(posixpath.join(folder, "_rels", name + ".rels"), []):
            found[r.get("Id")] = (r.get("Type"), posixpath.normpath(posixpath.join(folder, r.get("Target"))))
        return found

    def slides(self):
        """Parts of the slides, in order."""
        relations = self.relations("ppt/presentation.xml")
        return [relations[s.get(R + "id")][1] for s in self.xml["ppt/presentation.xml"].find(P + "sldIdLst")]


class Slides(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("setUp")
        Case.setUp(case)
        cls.case = case
        cls.out = case.path("out")
        optreel("render", case.write("e.yaml", EXPERIMENT), "-o", cls.out, check=0)
        cls.deck = Deck(os.path.join(cls.out, "slides.pptx"))

    @classmethod
    def tearDownClass(cls):
        cls.case.doCleanups()

    def file(self, name):
        with open(os.path.join(self.out, name), "rb") as file:
            return file.read()

    def test_the_archive(self):
        self.assertIsNone(self.deck.bad)
        self.assertEqual(self.deck.names[0], "[Content_Types].xml")
        self.assertEqual(self.deck.dates, {(1980, 1, 1, 0, 0, 0)})
        self.assertEqual(len(set(self.deck.names)), len(self.deck.names))

    def test_every_relation_leads_to_a_part_and_every_part_has_a_type(self):
        types = self.deck.xml["[Content_Types].xml"]
        extensions = {t.get("Extension") for t in types if t.get("Extension")}
        overrides = {t.get("PartName")[1:] for t in types if t.get("PartName")}
        self.assertEqual(overrides - set(self.deck.names), set())
        reached = {"ppt/presentation.xml"}
        for name in self.deck.names:
            self.assertTrue(name in overrides or name.rsplit(".", 1)[1] in extensions, name)
            if name.endswith(".xml") and name != "[Content_Types].xml" and not name.endswith(".rels"):
                self.assertIn(name, overrides)
            for kind, target in self.deck.relations(name).values():
                self.assertIn(target, self.deck.names, f"{name}: {kind}")
                reached.add(target)
        parts = {n for n in self.deck.names if n.startswith("ppt/") and "/_rels/" not in n}
        self.assertEqual(parts - reached, set())

    def test_every_identifier_in_a_part_is_one_of_its_relations(self):
        for name, root in self.deck.xml.items():
            relations = self.deck.relations(name) if not name.endswith(".rels") else {}
            for element in root.iter():
                for attribute in (R + "id", R + "embed", R + "link"):
                    if element.get(attribute):
                        self.assertIn(element.get(attribute), relations, f"{name}: {element.tag}")

    def test_a_slide_for_each_film_in_the_order_of_the_report(self):
        names = [self.deck.xml[s].find(f".//{P}pic/{P}nvPicPr/{P}cNvPr").get("name") for s in self.deck.slides()]
        self.assertEqual(names, ["parabola-sgd", "parabola-adam", "parabola-race"])

    def test_a_slide_has_film_poster_words_and_title(self):
        titles = []
        for slide in self.deck.slides():
            root, relations = self.deck.xml[slide], self.deck.relations(slide)
            picture = root.find(f".//{P}pic")
            about = picture.find(f"{P}nvPicPr/{P}cNvPr")
            film = about.get("name")
            self.assertEqual(about.get("descr"), self.file(film + ".alt.txt").decode().strip())
            video = relations[picture.find(f".//{A}videoFile").get(R + "link")]
            media = relations[picture.find(f".//{P14}media").get(R + "embed")]
            poster = relations[picture.find(f".//{A}blip").get(R + "embed")]
            self.assertEqual(video[0], OFFICE + "video")
            self.assertEqual(media[0], "http://schemas.microsoft.com/office/2007/relationships/media")
            self.assertEqual(video[1], media[1])
            self.assertEqual(sha256(self.deck.parts[media[1]]), sha256(self.file(film + ".mp4")))
            self.assertEqual(sha256(self.deck.parts[poster[1]]), sha256(self.file(film + ".png")))
            placed = root.find(f".//{P}sp")
            self.assertEqual(placed.find(f".//{P}ph").get("type"), "title")
            titles.append("".join(t.text for t in placed.iter(A + "t")))
        self.assertEqual(len(set(titles)), 3)
        self.assertTrue(all(titles), titles)

    def test_the_film_fills_the_slide(self):
        size = self.deck.xml["ppt/presentation.xml"].find(P + "sldSz")
        self.assertEqual((size.get("cx"), size.get("cy")), ("12192000", "6858000"))
        for slide in self.deck.slides():
            extent = self.deck.xml[slide].find(f".//{P}pic/{P}spPr/{A}xfrm/{A}ext")
            self.assertEqual((extent.get("cx"), extent.get("cy")), ("12192000", "6858000"))

    def test_it_starts_by_itself_and_repeats(self):
        for slide in self.deck.slides():
            root = self.deck.xml[slide]
            shape = root.find(f".//{P}pic/{P}nvPicPr/{P}cNvPr").get("id")
            command = root.find(f".//{P}cmd")
            self.assertEqual((command.get("type"), command.get("cmd")), ("call", "playFrom(0.0)"))
            self.assertEqual(root.find(f".//{P}cTn[@presetClass='mediacall']").get("nodeType"), "afterEffect")
            self.assertEqual(command.find(f".//{P}cTn").get("dur"), "1000")
            clock = root.find(f".//{P}video/{P}cMediaNode")
            self.assertEqual(clock.find(P + "cTn").get("repeatCount"), "indefinite")
            self.assertEqual({t.get("spid") for t in root.iter(P + "spTgt")}, {shape})
            numbers = [n.get("id") for n in root.iter(P + "cTn")]
            self.assertEqual(len(set(numbers)), len(numbers))

    def test_the_title_of_the_experiment(self):
        core = self.deck.xml["docProps/core.xml"]
        self.assertEqual(core.find("{http://purl.org/dc/elements/1.1/}title").text, "<Small> & 'fine'")

    def test_the_same_bytes_again_elsewhere(self):
        optreel("render", self.case.path("e.yaml"), "-o", self.path("again"), "-j", "1", check=0)
        with open(self.path("again/slides.pptx"), "rb") as file:
            self.assertEqual(sha256(file.read()), sha256(self.file("slides.pptx")))


class Changes(Case):
    def render(self, *arguments, text=EXPERIMENT):
        return optreel("render", self.write("e.yaml", text), "-o", self.path("out"), *arguments, check=0)

    def test_it_is_written_when_something_in_it_changed_and_only_then(self):
        self.render()
        path = self.path("out/slides.pptx")
        first, made = tree(self.path("out"))["slides.pptx"], os.stat(path).st_ino
        self.render()
        self.assertEqual(os.stat(path).st_ino, made)
        self.render(text=EXPERIMENT.replace("seed: 7", "seed: 8"))
        self.assertNotEqual(tree(self.path("out"))["slides.pptx"], first)
        with open(path, "wb") as file:
            file.write(b"no archive")
        self.render()
        self.assertEqual(tree(self.path("out"))["slides.pptx"], first)

    def test_no_other_preset_makes_it_and_prune_removes_it(self):
        self.render()
        words = EXPERIMENT.replace("preset: slides", "preset: draft")
        self.assertIn("19 files in", self.render(text=words).err)  # and six snippets for each film
        self.render("--prune", text=words)
        self.assertNotIn("slides.pptx", tree(self.path("out")))
        self.assertEqual([f for f in tree(self.path("out")) if f.startswith("snippets/")], [])

    def test_a_gif_is_a_picture_without_a_clock(self):
        self.render("--formats", "gif", "--only", "parabola-sgd")
        deck = Deck(self.path("out/slides.pptx"))
        slides = deck.slides()
        relations = deck.relations(slides[0])
        blip = relations[deck.xml[slides[0]].find(f".//{A}blip").get(R + "embed")]
        self.assertEqual(deck.parts[blip[1]][:6], b"GIF89a")
        self.assertIsNone(deck.xml[slides[0]].find(f".//{P}timing"))
        self.assertIsNone(deck.xml[slides[0]].find(f".//{A}videoFile"))

    def test_slides_have_the_shape_of_the_films(self):
        self.render("--set", "output.size=360x640")
        size = Deck(self.path("out/slides.pptx")).xml["ppt/presentation.xml"].find(P + "sldSz")
        self.assertEqual(round(int(size.get("cy")) / int(size.get("cx")), 3), round(640 / 360, 3))


if __name__ == "__main__":
    main()
