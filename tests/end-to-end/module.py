"""The program goes without media libraries: what draws and encodes is a module of the same build, found beside it or where it is
installed."""
import os
import re
import shutil
import subprocess
import unittest

import harness
from harness import Case, optreel

MODULE = "liboptreel-media.so"
SANITIZED = bool(os.environ.get("OPTREEL_SANITIZED"))


def loaded(*arguments):
    """The libraries that a command loads, in its own process and in its children."""
    done = subprocess.run([harness.PROGRAM, *arguments], env={**os.environ, "LD_DEBUG": "files"}, capture_output=True, text=True,
                          timeout=harness.TIMEOUT)
    return {line.split("file=")[1].split()[0] for line in done.stderr.split("\n") if "file=" in line and "generating link map" in line}


class Module(Case):
    def test_words_alone_load_no_media_library(self):
        for command in (["--version"], ["list", "optimizers"], ["list", "formats"], ["help"], ["schema"]):
            names = " ".join(loaded(*command))
            for library in ("libav", "libsw", "libcairo", "libpango", "libx264", "libwebp", MODULE):
                self.assertNotIn(library, names, f"optreel {' '.join(command)} loads {library}")
        self.assertIn("libavcodec", " ".join(loaded("list", "encoders")))

    @unittest.skipIf(SANITIZED, "a sanitized program starts slowly")
    def test_version_takes_no_time(self):
        before = os.times()
        for _ in range(20):
            optreel("--version", check=0)
        after = os.times()
        used = after.children_user - before.children_user + after.children_system - before.children_system
        self.assertLess(used / 20, 0.006 * 2, "seconds of CPU, with what Python's fork takes")

    def copy(self):
        """The program with its module in a folder of their own."""
        folder = self.path("bin")
        os.makedirs(folder)
        shutil.copy(harness.PROGRAM, folder)
        shutil.copy(os.path.join(os.path.dirname(harness.PROGRAM), MODULE), folder)
        return os.path.join(folder, os.path.basename(harness.PROGRAM)), os.path.join(folder, MODULE)

    def run_it(self, program, *arguments):
        return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=harness.TIMEOUT)

    def test_a_module_of_another_build_is_refused(self):
        program, module = self.copy()
        with open(module, "rb") as f:
            data = f.read()
        with open(program, "rb") as f:
            own = f.read()
        build = next(found for found in re.findall(rb"(?<![0-9a-f])[0-9a-f]{64}(?=\0)", data) if found in own)
        with open(module, "wb") as f:
            f.write(data.replace(build, build[::-1]))
        self.write("small.yaml", harness.SMALL)
        for arguments in (["list", "encoders"], ["render", self.path("small.yaml"), "-o", self.path("out")]):
            done = self.run_it(program, *arguments)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn("belongs to another build of optreel", done.stderr)

    def test_without_its_module(self):
        program, module = self.copy()
        os.remove(module)
        self.write("small.yaml", harness.SMALL)
        self.assertEqual(self.run_it(program, "--version").returncode, 0)
        self.assertEqual(self.run_it(program, "check", self.path("small.yaml")).returncode, 0)
        for arguments in (["list", "encoders"], ["render", self.path("small.yaml"), "-o", self.path("out")]):
            done = self.run_it(program, *arguments)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn("the media module is missing", done.stderr)
            self.assertIn(os.path.join(os.path.dirname(program), MODULE), done.stderr)

    @unittest.skipIf(SANITIZED, "needs a build that installs")
    def test_installed(self):
        prefix = self.path("prefix")
        subprocess.run(["cmake", "--install", os.environ["OPTREEL_BUILD"], "--prefix", prefix], check=True, capture_output=True)
        self.write("small.yaml", harness.SMALL)
        program = os.path.join(prefix, "bin/optreel")
        done = self.run_it(program, "render", self.path("small.yaml"), "--only", "parabola-sgd", "-o", self.path("out"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(os.path.exists(self.path("out/parabola-sgd.mp4")))


if __name__ == "__main__":
    harness.main()
