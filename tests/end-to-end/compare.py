"""What changed since another time: --baseline judges the results, diff the numbers and the decoded frames."""
import os
import shutil
import subprocess
import xml.etree.ElementTree

from harness import Case, decode, main, optreel, probe, summary

EXPERIMENT = """\
steps: 60
problems: {bowl: {objective: x^2, start: {x: 1}, minimum: {x: 0}}}
optimizers: {calm: {kind: sgd, learning_rate: 0.1}, slow: {kind: sgd, learning_rate: 0.01}}
films: [{each: problem, panels: [loss], length: 1}]
output: {formats: [mp4, gif], preset: draft, size: 320x180}
"""
FASTER = ("--set", "optimizers.slow.learning_rate=0.3")


class Compare(Case):
    def make(self, folder, *arguments, check=0):
        path = self.write("e.yaml", EXPERIMENT)
        return optreel("render", path, "-o", self.path(folder), "-q", *arguments, check=check)

    def baseline(self, *arguments, check):
        return self.make("now", "--baseline", self.path("before/summary.json"), *arguments, check=check)

    def test_baseline(self):
        self.make("before")
        self.baseline(check=0)
        self.assertEqual(summary(self.path("now"))["baseline"],
                         [{"what": f"bowl/{run}: as in the baseline", "held": True, "value": "as before"} for run in ("calm", "slow")])
        done = self.baseline(*FASTER, "--junit", self.path("j.xml"), check=1)
        # 0.4^2k < 1e-2 at 3; what was second is first
        self.assertRegex(done.err, r"before/summary\.json: error: expected bowl/calm: as in the baseline; got rank 2, was 1\n")
        self.assertRegex(done.err, r"bowl/slow: as in the baseline; got loss \S+, was 0\.088\d*; parameters\.x \S+, was 0\.29\d*; "
                                   r"steps_to\.1e-2 3, was null;")
        self.assertEqual(summary(self.path("now"))["expect"], [])
        suite = xml.etree.ElementTree.parse(self.path("j.xml")).getroot().find("testsuite")
        self.assertEqual([case.find("failure") is not None for case in suite if case.get("classname") == "baseline"], [True, True])

    def test_baseline_of_itself(self):
        """The summary that is about to be written anew is read before."""
        self.make("now")
        self.make("now", "--baseline", self.path("now/summary.json"), *FASTER, check=1)

    def test_baseline_tolerance_and_parts(self):
        self.make("before")
        more = ("--set", "optimizers.calm.learning_rate=0.1000001")
        self.baseline(*more, check=1)
        self.baseline(*more, "--tolerance", "1e-3", check=0)
        self.baseline(*more, "--tolerance", "2", check=2)
        # a part is judged by itself; a run that is gone is missing
        self.baseline("--only", "bowl/slow", check=0)
        self.assertEqual([check["held"] for check in summary(self.path("now"))["baseline"]], [None, True])
        done = self.baseline("--set", "runs.except=[bowl/slow]", check=1)
        self.assertIn("expected bowl/slow: as in the baseline; got no such run", done.err)

    def test_baseline_refused(self):
        done = self.make("now", "--baseline", self.write("b.json", "{}"), check=3)
        self.assertRegex(done.err, r"b\.json' is not a summary\.json of optreel")
        self.assertFalse(os.path.exists(self.path("now")))

    def test_diff_equal(self):
        self.make("a", "--set", "report.times=true")
        self.make("b", "-j", "1")
        self.assertEqual(optreel("diff", self.path("a"), self.path("b"), check=0).out, "equal: 2 runs and 3 films compared\n")
        self.assertEqual(optreel("diff", "-q", self.path("a"), self.path("b"), check=0).out, "")

    def test_diff_folders(self):
        self.make("a")
        self.make("b", *FASTER, "--formats", "mp4")
        done = optreel("diff", self.path("a"), self.path("b"), check=1)
        self.assertIn("bowl/calm: rank 2, was 1\n", done.out)
        self.assertRegex(done.out, r"(?m)^bowl/slow: hyperparameters\.learning_rate 0\.3, was 0\.01; ")
        self.assertRegex(done.out, r"(?m)^bowl-race\.mp4: frame 0 \(0 s\) differs in \d+ pixels, by at most \d+ of 255; 30 of 30 frames differ$")
        self.assertRegex(done.out, r"(?m)^bowl-race\.gif: only in \S+/a$")
        self.assertRegex(done.out, r"(?m)^5 differences: 2 runs and 2 films compared$")
        self.assertEqual(optreel("diff", self.path("a"), self.path("b"), "--tolerance", "0.999999", "-q", check=1).out, "")

    def film(self, name, *change):
        """A film of 20 frames of 64x32 pixels, from frames that ffmpeg draws; the change is one of its filters."""
        filters = ",".join(("color=black:s=64x32:r=10:d=2", "format=rgb24") + change)
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", filters, "-c:v", "libx264rgb", "-qp", "0", self.path(name)], check=True)
        return self.path(name)

    def test_diff_films(self):
        a, same = self.film("a.mkv"), self.film("same.mp4")
        self.assertEqual(optreel("diff", a, same, check=0).out, "equal: 0 runs and 1 film compared\n")
        # from frame 13 on a rectangle of 6x5 pixels
        b = self.film("b.mkv", "drawbox=x=10:y=4:w=6:h=5:color=0x101010:t=fill:enable='gte(n,13)'")
        done = optreel("diff", a, b, "-o", self.path("d.png"), check=1)
        self.assertIn("frame 13 (1.3 s) differs in 30 pixels, by at most 16 of 255; 7 of 20 frames differ", done.out)
        (stream, _), pixels = probe(self.path("d.png")), decode(self.path("d.png"), (192, 32))[0]
        self.assertEqual((stream["width"], stream["height"]), (192, 32))

        def pixel(x, y):
            return tuple(pixels[3 * (192 * y + x):][:3])
        self.assertEqual((pixel(10, 4), pixel(64 + 10, 4), pixel(64 + 15, 8), pixel(64 + 16, 8)), ((0,) * 3, (16,) * 3, (16,) * 3, (0,) * 3))
        self.assertEqual((pixel(128 + 10, 4), pixel(128 + 16, 8)), ((214, 0, 0), (191,) * 3))

    def test_diff_sizes_lengths_and_times(self):
        a = self.film("a.mkv")
        self.assertIn("64x32 and 32x32 pixels", optreel("diff", a, self.film("b.mkv", "crop=32:32"), check=1).out)
        self.assertIn("the same up to its end, but 20 and 15 frames", optreel("diff", a, self.film("c.mkv", "trim=end_frame=15"), check=1).out)
        self.assertIn("frame 1 (0.1 s) is shown at another time; 19 of 20", optreel("diff", a, self.film("d.mkv", "setpts=2*PTS"), check=1).out)

    def test_diff_of_no_films(self):
        one, other = self.write("a.svg", "<svg/>"), self.write("b.svg", "<svg />")
        self.assertIn("other bytes", optreel("diff", one, other, check=1).out)
        shutil.copy(one, other)
        optreel("diff", one, other, check=0)
        self.assertIn("cannot be read", optreel("diff", one, self.path("no.svg"), check=3).err)
        self.assertIn("is a folder", optreel("diff", one, self.folder, check=3).err)
        self.assertIn("two folders or films", optreel("diff", one, check=2).err)


if __name__ == "__main__":
    main()
