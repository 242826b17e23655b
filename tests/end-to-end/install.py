"""cmake --install into a folder: the program, the library, the headers, a pkg-config file that finds them there, and the examples built
against that copy."""
import json
import os
import re
import shutil
import subprocess
import unittest

import harness
from harness import Case

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@unittest.skipIf(os.environ.get("OPTREEL_SANITIZED"), "a sanitized library needs a sanitized program")
class Install(Case):
    def install(self):
        """Installs into a folder of this test; returns it, and the environment of a program that uses the library."""
        prefix = self.path("prefix")
        subprocess.run(["cmake", "--install", os.environ["OPTREEL_BUILD"], "--prefix", prefix], check=True, capture_output=True)
        found = [os.path.join(folder, "optreel.pc") for folder, _, files in os.walk(prefix) if "optreel.pc" in files]
        self.assertEqual(len(found), 1)
        folder = os.path.dirname(found[0])
        return prefix, {**os.environ, "PKG_CONFIG_PATH": folder, "LD_LIBRARY_PATH": os.path.dirname(folder)}

    def example(self, name, env):
        """Compiles an example as its first comment says, and runs it; returns its standard output."""
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "optreel"], env=env, check=True, capture_output=True, text=True).stdout.split()
        source = os.path.join(TESTS, "examples", name + ".c")
        subprocess.run(["cc", "-std=c17", "-Wall", "-Wextra", "-Werror", source, *flags, "-lm", "-o", self.path(name)], check=True)
        done = subprocess.run([self.path(name)], env=env, cwd=self.folder, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_a_film_of_a_rule_in_c(self):
        prefix, env = self.install()
        self.assertIn("race.mp4", self.example("film", env))
        with open(self.path("own/summary.json"), encoding="utf-8") as file:
            summary = json.load(file)
        self.assertEqual([run["name"] for run in summary["runs"]], ["line/adam", "line/mine"])
        self.assertEqual(sorted(summary["films"][0]["runs"]), ["line/adam", "line/mine"])
        self.assertEqual(subprocess.run([os.path.join(prefix, "bin/optreel"), "--version"], check=True, capture_output=True).stderr, b"")

    def test_frames_in_memory(self):
        _, env = self.install()
        lines = self.example("frames", env).splitlines()
        self.assertEqual(len(lines), 10)
        steps = [int(re.match(r"frame \d+, step (\d+): \d{4,} bytes$", line).group(1)) for line in lines]
        self.assertEqual((steps[0], steps[-1]), (0, 500))
        self.assertEqual(steps, sorted(steps))

    def test_a_host_that_names_itself_does_not_start_itself_for_ever(self):
        _, env = self.install()
        with open(os.path.join(TESTS, "examples/film.c"), encoding="utf-8") as file:
            text = file.read()
        self.write("film.c", text.replace('.folder = "own"', '.folder = "own", .program = "/proc/self/exe"'))
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "optreel"], env=env, check=True, capture_output=True, text=True).stdout.split()
        subprocess.run(["cc", self.path("film.c"), *flags, "-lm", "-o", self.path("film")], check=True)
        done = subprocess.run([self.path("film")], env=env, cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        alone = subprocess.run([self.path("film"), "--worker"], env=env, cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(alone.returncode, 2)
        self.assertIn("must call orl_batch_worker", alone.stderr)

    def test_only_our_names_are_seen(self):
        prefix, _ = self.install()
        library = next(os.path.join(folder, f) for folder, _, files in os.walk(prefix) for f in files if f.startswith("liboptreel.so."))
        names = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout.split("\n")
        names = [line.split()[-1] for line in names if line]
        self.assertGreater(len(names), 50)
        self.assertEqual([n for n in names if not n.startswith("orl_")], [])
        headers = ""
        for name in os.listdir(os.path.join(prefix, "include/optreel")):
            with open(os.path.join(prefix, "include/optreel", name), encoding="utf-8") as file:
                headers += file.read()
        self.assertEqual([n for n in names if not re.search(rf"\b{n}\b", headers)], [])


    @unittest.skipUnless(shutil.which("dpkg-deb") and shutil.which("dpkg-shlibdeps"), "this is no Debian system")
    def test_a_debian_package(self):
        subprocess.run(["cpack", "-G", "DEB", "-B", self.path("deb")], cwd=os.environ["OPTREEL_BUILD"], check=True, capture_output=True)
        package = next(os.path.join(self.path("deb"), name) for name in os.listdir(self.path("deb")) if name.endswith(".deb"))
        control = subprocess.run(["dpkg-deb", "--field", package], check=True, capture_output=True, text=True).stdout
        for needed in ("libavcodec59", "libcairo2", "libx264-164", "libyaml-0-2"):
            self.assertIn(needed, control)
        self.assertIn("Recommends: fonts-inter, fonts-dejavu-core", control)
        subprocess.run(["dpkg-deb", "--extract", package, self.path("root")], check=True)
        for path in ("usr/bin/optreel", "usr/share/man/man1/optreel.1.gz", "usr/share/bash-completion/completions/optreel"):
            self.assertTrue(os.path.exists(self.path("root", path)), path)
        done = subprocess.run([self.path("root/usr/bin/optreel"), "doctor"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    @unittest.skipUnless(shutil.which("dpkg"), "this is no Debian system")
    def test_the_container_has_every_library(self):
        """Each library that the installed files name comes with a package of the Dockerfile, or with one of theirs."""
        prefix, _ = self.install()
        with open(os.path.join(TESTS, "../Dockerfile"), encoding="utf-8") as file:
            listed = set(re.findall(r"\b(?:lib[a-z0-9.+-]+|fonts-[a-z-]+)\b", file.read()))
        ldd = "".join(subprocess.run(["ldd", os.path.join(folder, f)], capture_output=True, text=True).stdout
                      for folder, _, files in os.walk(prefix) for f in files if f == "optreel" or ".so" in f)
        direct = set()
        for folder, _, files in os.walk(prefix):
            for f in files:
                if f == "optreel" or ".so" in f:
                    names = subprocess.run(["readelf", "-d", os.path.join(folder, f)], capture_output=True, text=True).stdout
                    direct |= set(re.findall(r"NEEDED.*\[(.*?)\]", names))
        for name in sorted(direct):
            match = re.search(rf"\b{re.escape(name)} => (/\S+)", ldd)
            if not match:
                continue
            owner = subprocess.run(["dpkg", "-S", os.path.realpath(match.group(1))], capture_output=True, text=True).stdout.split(":")[0]
            if owner and owner not in ("libc6", "libglib2.0-0", "libfontconfig1"):  # those come with Pango
                self.assertIn(owner, listed, name)


if __name__ == "__main__":
    harness.main()
