"""LibreOffice opens slides.pptx; each page that it makes of it shows the poster of its film, from edge to edge."""
import os
import subprocess

import harness
from harness import SMALL, Case, main, optreel

harness.needs("soffice", "pdftoppm", "pdfinfo")

from PIL import Image, ImageChops, ImageStat  # noqa: E402: where there is no LibreOffice, nothing more is needed

EXPERIMENT = SMALL.replace("length: 3", "length: 1").replace("formats: [mp4, gif]\n  preset: draft", "preset: slides\n  size: 640x360").replace("steps: 300", "steps: 50")
FILMS = ["parabola-sgd", "parabola-adam", "parabola-race"]


class Office(Case):
    def pages(self, *arguments):
        """The presentation of the experiment as pictures, by way of a PDF."""
        out = self.path("out")
        optreel("render", self.write("e.yaml", EXPERIMENT), "-o", out, *arguments, check=0)
        subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{self.path('profile')}", "--convert-to", "pdf", "--outdir",
                        self.path("pdf"), os.path.join(out, "slides.pptx")], check=True, capture_output=True, timeout=harness.TIMEOUT)
        subprocess.run(["pdftoppm", "-png", "-scale-to-x", "640", "-scale-to-y", "-1", self.path("pdf/slides.pdf"), self.path("page")], check=True)
        return [Image.open(self.path(name)).convert("RGB") for name in sorted(os.listdir(self.folder)) if name.startswith("page")]

    def difference(self, page, film):
        """Mean distance of a page to a film's poster, of 255."""
        poster = Image.open(self.path("out", film + ".png")).convert("RGB").resize(page.size)
        return sum(ImageStat.Stat(ImageChops.difference(page, poster)).mean) / 3

    def test_each_slide_shows_its_poster(self):
        pages = self.pages()
        self.assertEqual(len(pages), len(FILMS))
        for page, film in zip(pages, FILMS):
            self.assertEqual(page.size, (640, 360))
            distances = {other: self.difference(page, other) for other in FILMS}
            self.assertEqual(min(distances, key=distances.get), film)
            self.assertLess(distances[film], 4)

    def test_pictures_that_move_by_themselves(self):
        pages = self.pages("--formats", "gif", "--only", "parabola-sgd")
        self.assertEqual(len(pages), 1)
        self.assertGreater(max(ImageStat.Stat(pages[0]).stddev), 10)  # something is drawn


if __name__ == "__main__":
    main()
