"""snippets/: lines that embed a film in documents. Each is read as its kind of document reads it; what it names is there."""
import ast
import html.parser
import json
import os
import re
import urllib.parse

from harness import SMALL, Case, main, optreel

KINDS = ["html", "ipynb", "md", "qmd", "rst", "tex"]
HOSTILE = r'"A" [b](c) 50% x_1 #2 \d $5$ <i>`*'
EXPERIMENT = SMALL.replace("    model:", f"    title: '{HOSTILE}'\n    model:").replace("length: 3", "length: 1, panels: [fit]").replace(
    "steps: 300", "steps: 20").replace("formats: [mp4, gif]\n  preset: draft", "preset: PRESET\n  size: 320x180")


class Tags(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


class Embedding(Case):
    def render(self, preset, *arguments):
        optreel("render", self.write("e.yaml", EXPERIMENT.replace("PRESET", preset)), "-o", self.path("out"), *arguments, check=0)

    def snippet(self, kind, film="parabola-race"):
        with open(self.path("out/snippets", f"{film}.{kind}"), encoding="utf-8") as file:
            return file.read()

    def alt(self, film="parabola-race"):
        with open(self.path("out", film + ".alt.txt"), encoding="utf-8") as file:
            return file.read().strip()

    def named(self, url):
        """The file that a snippet names, as seen from its folder."""
        path = os.path.normpath(self.path("out/snippets", urllib.parse.unquote(url)))
        self.assertTrue(os.path.isfile(path), url)
        return os.path.basename(path)

    def unescaped(self, text):
        return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)

    def test_which_presets_have_them(self):
        path = self.write("e.yaml", EXPERIMENT.replace("PRESET", "web"))
        for preset, has in (("slides", True), ("web", True), ("github", True), ("beamer", True), ("draft", False)):
            optreel("render", path, "-o", self.path(preset), "--preset", preset, "--only", "parabola-sgd", check=0)
            files = sorted(os.listdir(self.path(preset, "snippets"))) if has else []
            self.assertEqual(files, [f"parabola-sgd.{kind}" for kind in KINDS] if has else [])
            self.assertEqual(os.path.exists(self.path(preset, "snippets")), has)

    def test_html_of_a_video(self):
        self.render("slides")
        page = Tags(self.snippet("html"))
        (video,) = page.all("video")
        self.assertEqual(self.named(video["poster"]), "parabola-race.png")
        self.assertEqual(video["aria-label"], self.alt())
        for attribute in ("data-autoplay", "loop", "muted", "playsinline", "controls"):
            self.assertIn(attribute, video)
        self.assertEqual((video["width"], video["height"]), ("320", "180"))
        self.assertEqual([(self.named(s["src"]), s["type"]) for s in page.all("source")], [("parabola-race.mp4", "video/mp4")])
        self.assertEqual([self.named(t["src"]) for t in page.all("track")], ["parabola-race.vtt"])
        self.assertIn(HOSTILE, page.words)
        self.assertEqual(len(page.all("section")), 1)

    def test_html_of_a_gif(self):
        self.render("github")
        page = Tags(self.snippet("html"))
        (image,) = page.all("img")
        self.assertEqual((self.named(image["src"]), image["alt"]), ("parabola-race.gif", self.alt()))
        (still,) = page.all("source")
        self.assertIn("prefers-reduced-motion: reduce", still["media"])
        self.assertEqual(self.named(still["srcset"]), "parabola-race.png")

    def image(self, text):
        """Alternative text and file of the first image in Markdown."""
        match = re.search(r"!\[((?:\\.|[^\]\\])*)\]\(([^)]*)\)", text)
        return self.unescaped(match.group(1)), self.named(match.group(2))

    def test_markdown(self):
        self.render("slides")
        self.assertEqual(self.image(self.snippet("md")), (self.alt(), "parabola-race.png"))
        link = re.search(r"\)\]\(([^)]*)\)\n", self.snippet("md")).group(1)
        self.assertEqual(self.named(link), "parabola-race.mp4")
        self.render("github", "--force")
        self.assertEqual(self.image(self.snippet("md")), (self.alt(), "parabola-race.gif"))

    def test_quarto(self):
        self.render("slides")
        text = self.snippet("qmd")
        raw = Tags(re.search(r"```\{=html\}\n(.*?)```", text, re.S).group(1))
        self.assertEqual(raw.all("video")[0]["aria-label"], self.alt())
        self.assertEqual(self.image(text), (self.alt(), "parabola-race.png"))
        self.assertEqual(len(re.findall(r"^::: \{", text, re.M)), len(re.findall(r"^:::$", text, re.M)))

    def test_restructuredtext(self):
        self.render("slides")
        text = self.snippet("rst")
        self.assertEqual(Tags(text).all("video")[0]["aria-label"], self.alt())
        match = re.search(r"^\.\. only:: not html\n\n   \.\. image:: (.*)\n      :alt: (.*)$", text, re.M)
        self.assertEqual((self.named(match.group(1)), match.group(2)), ("parabola-race.png", self.alt()))
        self.render("github", "--force")
        match = re.search(r"^\.\. image:: (.*)\n   :alt: (.*)$", self.snippet("rst"), re.M)
        self.assertEqual((self.named(match.group(1)), match.group(2)), ("parabola-race.gif", self.alt()))

    def test_notebook(self):
        self.render("slides")
        book = json.loads(self.snippet("ipynb"))
        self.assertEqual((book["nbformat"], book["cells"][0]["cell_type"]), (4, "code"))
        call = ast.parse(book["cells"][0]["source"]).body[1].value
        self.assertEqual(self.named(call.args[0].value), "parabola-race.mp4")
        named = {k.arg: k.value.value for k in call.keywords}
        self.assertTrue(named["embed"])
        (video,) = Tags(f"<video {named['html_attributes']}>").all("video")
        self.assertEqual(video["aria-label"], self.alt())
        self.assertIn("loop", video)
        self.render("github", "--force")
        book = json.loads(self.snippet("ipynb"))
        self.assertEqual(self.image(book["cells"][0]["source"]), (self.alt(), "parabola-race.gif"))

    def test_latex_names_the_poster_or_the_pages(self):
        self.render("slides")
        text = self.snippet("tex")
        self.assertIn("{\\orlfolder parabola-race.png}", text)
        self.assertIn(r"50\% x\_1 \#2 \textbackslash{}d \$5\$", text)
        self.render("beamer", "--force")
        self.assertIn("\\input{\\orlfolder parabola-race.tex}", self.snippet("tex"))
        self.assertIn("{\\orlfolder parabola-race}", self.read("out/parabola-race.tex"))

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()


if __name__ == "__main__":
    main()
