"""A transparent background: what is unpainted, what stays opaque, and the formats that cannot have it."""
import json
import os
import subprocess

from harness import Case, main, needs, optreel
from PIL import Image

needs("rsvg-convert", "pdftocairo")

EXPERIMENT = """
steps: 30
problems:
  p: {title: A line, model: a+b*x, start: {a: 0, b: 0}, data: {x: {from: 0, to: 1, count: 9}, truth: {a: 1, b: 2}}}
optimizers: {sgd: {learning_rate: 0.1}, adam: {learning_rate: 0.1}}
films: [{each: problem, length: 2, name: film}]
output:
  size: 640x360
  fps: 10
  formats: FORMATS
  theme: {base: BASE, background: BACKGROUND}
"""
WHITE = '"#ffffff"'


def clean(picture):
    """Its pixels; of clear ones the colour says nothing."""
    return b"".join(bytes(p) if p[3] else bytes(4) for p in picture.getdata())


class Transparent(Case):
    def make(self, name, formats, background="transparent", base="light"):
        text = EXPERIMENT.replace("FORMATS", formats).replace("BASE", base)
        text = text.replace("BACKGROUND", background) if background else text.replace(", background: BACKGROUND", "")
        done = optreel("render", self.write(name + ".yaml", text), "-o", self.path(name), check=0)
        return done.err

    def check_still(self, path):
        """The corner is clear, letters are opaque in the theme's ink, and nothing covers the page."""
        with Image.open(path) as picture:
            self.assertEqual(picture.mode, "RGBA")
            pixels = picture.copy()
        for at in ((0, 0), (pixels.width - 1, 0), (0, pixels.height - 1), (pixels.width - 1, pixels.height - 1)):
            self.assertEqual(pixels.getpixel(at), (0, 0, 0, 0))
        colors = {color: count for count, color in pixels.getcolors(1 << 24)}
        self.assertGreater(colors[(0, 0, 0, 0)], 0.5 * pixels.width * pixels.height)
        title = pixels.crop((0, 0, pixels.width, pixels.height // 8)).getcolors(1 << 24)
        ink = [color for count, color in title if color[3] == 255 and max(color[:3]) < 60]
        rim = [color for count, color in title if color == (255, 255, 255, 255)]
        self.assertTrue(ink, "letters")
        self.assertTrue(rim, "their rim")

    def test_a_png_is_clear_where_nothing_is_drawn(self):
        self.assertNotIn("warning", self.make("out", "[png]"))
        self.check_still(self.path("out", "film.png"))

    def test_a_frame_is_as_the_film_and_its_sheet_is_opaque(self):
        text = EXPERIMENT.replace("FORMATS", "[png]").replace("BACKGROUND", "transparent").replace("BASE", "light")
        experiment = self.write("e.yaml", text)
        optreel("frame", experiment, "--frame", "19", "-o", self.path("one.png"), check=0)
        self.check_still(self.path("one.png"))
        optreel("frame", experiment, "--contact", "2x2", "-o", self.path("sheet.png"), check=0)
        with Image.open(self.path("sheet.png")) as picture:
            self.assertEqual(picture.mode, "RGB")

    def check_film(self, name):
        """Every picture of the film is the frame as it was drawn, alpha and all: nothing shines through."""
        self.make("out", "{png: {frames: all}, " + name + ": {}}")
        folder, time, seen = self.path("out", "film.frames"), 0.0, 0
        with Image.open(self.path("out", "film." + name)) as film:
            for number in range(film.n_frames):
                film.seek(number)
                picture = film.convert("RGBA")
                with Image.open(os.path.join(folder, f"{round(time / 100) + 1:06}.png")) as frame:
                    self.assertEqual(clean(picture), clean(frame), f"picture {number}, frame {round(time / 100)}")
                time += film.info["duration"]
                seen += 1
        self.assertGreater(seen, 5)
        self.assertAlmostEqual(time, 2000, delta=1)

    def test_an_apng_is_every_frame_with_its_alpha(self):
        self.check_film("apng")

    def test_a_webp_is_every_frame_with_its_alpha(self):
        self.check_film("webp")

    def test_a_gif_clears_each_picture_away(self):
        self.make("out", "{png: {frames: all}, gif: {tolerance: 0}}")
        with open(self.path("out", "film.gif"), "rb") as f:
            controls = [part[0] for part in f.read().split(b"\x21\xf9\x04")[1:]]
        self.assertEqual(set(controls), {2 << 2 | 1})  # restore to the background; index 0 is transparent
        time = 0.0
        with Image.open(self.path("out", "film.gif")) as film:
            for number in range(film.n_frames):
                film.seek(number)
                alpha = film.convert("RGBA").getchannel("A")
                with Image.open(self.path("out", "film.frames", f"{round(time / 100) + 1:06}.png")) as frame:
                    drawn = frame.getchannel("A").point(lambda a: 255 if a >= 128 else 0)
                self.assertEqual(alpha.tobytes(), drawn.tobytes(), f"picture {number}")
                time += film.info["duration"]
        self.assertGreater(number, 4)

    def test_vector_pages_are_clear(self):
        self.make("out", "[svg, svg-animated, pdf]")
        for name in ("film.svg", "film.animated.svg"):
            subprocess.run(["rsvg-convert", "-o", self.path("flat.png"), self.path("out", name)], check=True)
            self.check_still(self.path("flat.png"))
        subprocess.run(["pdftocairo", "-png", "-transp", "-singlefile", "-r", "120", self.path("out", "film.pdf"), self.path("page")], check=True)
        self.check_still(self.path("page.png"))

    def test_formats_without_alpha_take_the_bases_background(self):
        err = self.make("out", "[mp4, png, y4m]", base="dark")
        self.assertRegex(err, r"out\.yaml:11:\d+: warning: mp4, y4m have no transparent background: they take the dark theme's colour; .*\bpng\b")
        self.make("opaque", "[y4m]", background=None, base="dark")
        with open(self.path("out", "film.y4m"), "rb") as a, open(self.path("opaque", "film.y4m"), "rb") as b:
            self.assertEqual(a.read(), b.read())

    def test_what_is_up_to_date_follows_the_background(self):
        self.make("out", "[png]", WHITE)
        with open(self.path("out", "film.png"), "rb") as f:
            white = f.read()
        self.make("out", "[png]")
        with open(self.path("out", "film.png"), "rb") as f:
            self.assertNotEqual(white, f.read())
        self.check_still(self.path("out", "film.png"))

    def test_only_the_background_can_be_transparent(self):
        text = EXPERIMENT.replace("FORMATS", "[png]").replace("BACKGROUND", "transparent, ink: transparent").replace("BASE", "light")
        done = optreel("check", self.write("e.yaml", text), check=3)
        self.assertIn("'ink' takes a colour", done.err)

    def test_the_schema_knows_the_word(self):
        schema = json.loads(optreel("schema", check=0).out)
        themes = schema["properties"]["output"]["properties"]["theme"]["anyOf"][1]["properties"]
        self.assertIn("transparent", themes["background"]["pattern"])
        self.assertNotIn("transparent", themes["ink"]["pattern"])


if __name__ == "__main__":
    main()
