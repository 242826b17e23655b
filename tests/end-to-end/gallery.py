"""output/gallery/ holds what scripts/gallery makes: the films that the README shows are those of this program."""
import os
import re
import subprocess

from harness import PROGRAM, Case, decode, main, probe

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GALLERY = os.path.join(TOP, "output", "gallery")
# Of 255, the mean over a frame: what a word that moved by some pixels makes of it. Another curve, colour or layout makes more.
NEAR = 3


class Gallery(Case):
    def test_its_films_are_made_again(self):
        subprocess.run([os.path.join(TOP, "scripts", "gallery"), "-o", self.folder], env={**os.environ, "OPTREEL": PROGRAM}, check=True, capture_output=True)
        names = sorted(os.listdir(GALLERY))
        self.assertEqual(sorted(os.listdir(self.folder)), names)
        for name in names:
            with self.subTest(name):
                facts = [probe(os.path.join(folder, name))[0] for folder in (GALLERY, self.folder)]
                sizes = [(int(f["width"]), int(f["height"])) for f in facts]
                self.assertEqual(sizes[0], sizes[1])
                old, new = (decode(os.path.join(folder, name), sizes[0]) for folder in (GALLERY, self.folder))
                # Frames that are the same as the one before are one frame of a GIF: some more or less of them is no other film.
                self.assertLess(abs(len(old) - len(new)), 0.1 * len(old))
                for place in (0, -1):
                    distance = sum(abs(a - b) for a, b in zip(old[place][::7], new[place][::7])) / len(old[place][::7])
                    self.assertLess(distance, NEAR, f"frame {place}: run scripts/gallery and look at it")

    def test_the_readme_shows_all_of_them(self):
        with open(os.path.join(TOP, "README.md"), encoding="utf-8") as file:
            shown = set(re.findall(r"!\[[^\]]+\]\(output/gallery/([\w-]+\.gif)\)", file.read()))
        self.assertEqual(shown, set(os.listdir(GALLERY)))
        self.assertEqual([n for n in shown if os.path.getsize(os.path.join(GALLERY, n)) > 1_000_000], [])


if __name__ == "__main__":
    main()
