"""Experiments that somebody sent: what they name stays in their folder, and the workers that read them have no network, no other
program, and no files but theirs."""
import os
import shutil
import signal
import subprocess
import time
import unittest

import harness
from harness import Case, optreel, tree

DATA = "x,y\n0,1\n1,3\n2,5\n3,7\n"
FIT = """\
steps: 20
report: {{times: false}}
problems:
  line:
    model: a + b*x
    start: {{a: 0, b: 0}}
    data: {{file: {file}, response: y}}
optimizers: {{sgd: {{learning_rate: 0.05}}}}
{more}
"""

# In a worker, the first time that it gives a file its name, it tries what it must not, and writes down what came of it.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

extern char **environ;

static void told(int out, const char *what, int worked)
{
    char line[100];
    int length = snprintf(line, sizeof line, "%s: %s\n", what, worked ? "worked" : strerror(errno));
    if (write(out, line, length) != length) abort();
}

static void try_all(void)
{
    char *none[] = {"true", 0};
    int out = open(getenv("TRIES"), O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (out < 0) return;
    errno = 0;
    told(out, "socket", socket(AF_INET, SOCK_STREAM, 0) >= 0);
    told(out, "program", execve("/bin/true", none, environ) == 0);
    told(out, "read", open(getenv("SECRET"), O_RDONLY) >= 0);
    told(out, "write", open(getenv("OUTSIDE"), O_WRONLY | O_CREAT, 0666) >= 0);
    told(out, "input", open(getenv("INPUT"), O_RDONLY) >= 0);
    close(out);
}

int renameat(int a, const char *p, int b, const char *q)
{
    char line[4096] = "";
    int fd = open("/proc/self/cmdline", O_RDONLY);
    long length = read(fd, line, sizeof line - 1);
    close(fd);
    if (length > 0 && memmem(line, length, "--worker", 8)) try_all();
    return ((int (*)(int, const char *, int, const char *))dlsym(RTLD_NEXT, "renameat"))(a, p, b, q);
}
"""


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def kernel_has_landlock():
    return not any(" landlock " in line and "MISSING" in line for line in optreel("doctor").out.splitlines())


@unittest.skipIf(os.environ.get("OPTREEL_SANITIZED") == "1", "the shim and AddressSanitizer both want to be first")
class Workers(Case):
    def setUp(self):
        super().setUp()
        for folder in ("sent", "elsewhere"):
            os.mkdir(self.path(folder))
        self.write("sent/d.csv", DATA)
        self.write("elsewhere/secret", "secret")
        self.experiment = self.write("sent/e.yaml", FIT.format(file="d.csv", more="output: {preset: draft}"))
        self.write("shim.c", SHIM)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.path("shim.so"), self.path("shim.c"), "-ldl"], check=True)

    def tries(self, **more):
        environment = {**os.environ, "LD_PRELOAD": self.path("shim.so"), "TRIES": self.path("out/tries"), "SECRET": self.path("elsewhere/secret"),
                       "OUTSIDE": self.path("elsewhere/new"), "INPUT": self.path("sent/d.csv"), **more}
        optreel("run", self.experiment, "-o", self.path("out"), env=environment, check=0)
        with open(self.path("out/tries"), encoding="utf-8") as f:
            return dict(line.rstrip("\n").split(": ", 1) for line in f)

    def test_what_a_worker_must_not_it_cannot(self):
        denied = "Permission denied" if kernel_has_landlock() else "worked"
        self.assertEqual(self.tries(), {"socket": "Operation not permitted", "program": "Operation not permitted", "read": denied, "write": denied,
                                        "input": "worked"})

    def test_it_can_be_left_out(self):
        """Which also shows that the tries of the other test can work."""
        tries = self.tries(OPTREEL_SANDBOX="off")
        self.assertEqual((tries["socket"], tries.get("program"), tries.get("read")), ("worked", None, None))

    def test_workers_have_limits(self):
        e = self.write("sent/long.yaml", FIT.format(file="d.csv", more="output: {preset: draft, formats: [mp4]}").replace("steps: 20", "steps: 30000000"))
        process = subprocess.Popen([harness.PROGRAM, "run", e, "-o", self.path("out"), "-j", "1", "--timeout", "50"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        try:
            for _ in range(200):
                children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
                text = read(f"/proc/{children[0]}/status") if children else ""
                if "Seccomp:\t2" in text:
                    break
                time.sleep(0.02)
            self.assertIn("NoNewPrivs:\t1", text)
            for _ in range(200):
                limits = {line[:25].strip(): line[26:].split()[0] for line in read(f"/proc/{children[0]}/limits").splitlines()}
                if limits["Max cpu time"] != "unlimited":
                    break
                time.sleep(0.02)
            self.assertEqual(limits["Max core file size"], "0")
            self.assertTrue(4 << 30 <= int(limits["Max address space"]) <= 8 << 30, limits)
            self.assertTrue(50 <= int(limits["Max cpu time"]) <= 50 * os.cpu_count() + 20, limits)
        finally:
            process.terminate()
            process.wait()


class Stills(Case):
    """A still is drawn by a copy of the program that is held as workers are; what becomes of the copy is told."""

    def drawing(self):
        """The program at work, and the copy that draws, once it is held."""
        e = self.write("long.yaml", FIT.format(file="d.csv", more="").replace("steps: 20", "steps: 300000000"))
        self.write("d.csv", DATA)
        process = subprocess.Popen([harness.PROGRAM, "frame", e, "--step", "1", "-o", self.path("a.png")], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for _ in range(500):
            children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
            if children and "Seccomp:\t2" in read(f"/proc/{children[0]}/status"):
                return process, int(children[0])
            time.sleep(0.02)
        self.fail("nothing draws in a process of its own that is held")

    def test_the_copy_is_held_and_the_program_is_not(self):
        process, copy = self.drawing()
        self.assertIn("NoNewPrivs:\t1", read(f"/proc/{copy}/status"))
        self.assertIn("Seccomp:\t0", read(f"/proc/{process.pid}/status"))

    def test_a_crash_while_drawing_is_told(self):
        process, copy = self.drawing()
        os.kill(copy, signal.SIGABRT)  # AddressSanitizer takes SIGSEGV for itself
        _, err = process.communicate(timeout=60)
        self.assertIn("what draws the still ended by signal 6", err)
        self.assertEqual(process.returncode, 4)
        self.assertEqual(sorted(os.listdir(self.folder)), ["d.csv", "long.yaml"])

    def test_the_copy_ends_with_the_program(self):
        process, copy = self.drawing()
        process.kill()
        process.wait()
        for _ in range(500):
            if not os.path.exists(f"/proc/{copy}") or "State:\tZ" in read(f"/proc/{copy}/status"):
                return
            time.sleep(0.02)
        self.fail("it goes on drawing for nobody")


class Binary(unittest.TestCase):
    def test_it_is_hardened(self):
        """Position independent, nothing looked up late, no stack that runs, jumps with marks where they land."""
        def said(*command):
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout
        module = os.path.join(os.path.dirname(harness.PROGRAM), "liboptreel-media.so")
        for file in (harness.PROGRAM, module):
            dynamic, headers = said("readelf", "-d", file), said("readelf", "-lW", file)
            self.assertIn("NOW", dynamic)
            self.assertIn("GNU_RELRO", headers)
            self.assertRegex(headers, r"GNU_STACK .* RW  ")
            if os.uname().machine == "x86_64":
                self.assertGreater(said("objdump", "-d", "--no-show-raw-insn", file).count("endbr64"), 500)
        self.assertIn("DYN (Position-Independent Executable", said("readelf", "-h", harness.PROGRAM))


class Outside(Case):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("sent"))
        os.mkdir(self.path("sent/sub"))
        self.write("d.csv", DATA)
        self.write("sent/sub/d.csv", DATA)
        os.symlink("../d.csv", self.path("sent/link.csv"))
        os.symlink("sub/d.csv", self.path("sent/near.csv"))

    def check(self, file, *more, code=3, rest=""):
        return optreel("check", self.write("sent/e.yaml", FIT.format(file=file, more=rest)), *more, check=code)

    def test_paths_that_lead_out_are_refused(self):
        for file in ("../d.csv", "sub/../../d.csv", self.path("d.csv"), "link.csv", "/etc/passwd"):
            done = self.check(file)
            self.assertRegex(done.err, r"e\.yaml:7:18: error: '.*' leads out of the experiment's folder\n")
            self.assertIn("--allow-outside", done.err)
            if "passwd" not in file:
                self.check(file, "--allow-outside", code=0)
        for file in ("sub/d.csv", "./sub/../sub/d.csv", self.path("sent/sub/d.csv"), "near.csv"):
            self.check(file, code=0)

    def test_the_command_line_may_name_what_it_likes(self):
        self.check("sub/d.csv", "--set", f"problems.line.data.file={self.path('d.csv')}", code=0)

    def test_fonts_traces_and_logs_too(self):
        shutil.copy(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "fonts", "DejaVuSans.ttf"), self.path("f.ttf"))
        self.write("t.csv", "step,loss\n0,2\n1,1\n")
        for rest, where in (("output: {font: ../f.ttf}", "9:"), ("runs: {add: [{name: t, trace: ../t.csv}]}", "9:"),
                            ("runs: {add: [{name: t, trace: [../t.csv]}]}", "9:"), (f"runs: {{add: [{{name: t, trace: {self.folder}}}]}}", "9:")):
            done = self.check("sub/d.csv", rest=rest)
            self.assertIn("leads out of the experiment's folder", done.err)
            self.assertIn(f"e.yaml:{where}", done.err)
            self.check("sub/d.csv", "--allow-outside", code=0, rest=rest)
        self.check("sub/d.csv", code=0, rest="output: {font: /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf}")

    def test_films_of_logs_lie_anywhere(self):
        self.write("t.csv", "step,loss\n0,2\n1,1\n")
        optreel("film", "../t.csv", "-o", self.path("f.mp4"), "--preset", "draft", "--length", "1", cwd=self.path("sent"), check=0)


if __name__ == "__main__":
    harness.main()
