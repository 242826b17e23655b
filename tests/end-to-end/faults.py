"""Calls that fail: every write-like call of a batch is failed once, by a library that is loaded before libc and proves that it did. Nothing is lost, nothing half done has a name, and the next run ends as if nothing had been."""
import os
import shutil
import subprocess
import tempfile
import unittest

import harness
from harness import Case, optreel, parts, tree

# One film of each kind of file that there is: MP4, GIF, frames, and what stands beside them.
EXPERIMENT = harness.SMALL.replace("formats: [mp4, gif]", "formats: {mp4: {}, gif: {}, png: {frames: all}}").replace("length: 3", "length: 1").replace(
    '  - {each: problem, name: "{problem}-race", length: 1}\n', "").replace("  adam: {learning_rate: 0.05}\n", "")

# FAULT_CALL is failed the FAULT_AT-th time that this process calls it on something of the output folder, with the error FAULT_ERROR.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int counted;

static int ours(int fd)
{
    char link[64], path[4096];
    const char *folder = getenv("FAULT_FOLDER");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0 || !folder)
        return 0;
    path[length] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

static int fails(const char *call, int fd)
{
    const char *which = getenv("FAULT_CALL"), *at = getenv("FAULT_AT"), *mark = getenv("FAULT_MARK");
    if (!which || strcmp(which, call) != 0 || !ours(fd) || ++counted != atoi(at))
        return 0;
    int seen = open(mark, O_WRONLY | O_CREAT | O_EXCL, 0666); /* the first process that comes so far */
    if (seen < 0)
        return 0;
    close(seen);
    errno = atoi(getenv("FAULT_ERROR"));
    return 1;
}

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { return fails("pwrite", fd) ? -1 : REAL(ssize_t, "pwrite", int, const void *, size_t, off_t)(fd, b, n, o); }
ssize_t write(int fd, const void *b, size_t n) { return fails("write", fd) ? -1 : REAL(ssize_t, "write", int, const void *, size_t)(fd, b, n); }
int fsync(int fd) { return fails("fsync", fd) ? -1 : REAL(int, "fsync", int)(fd); }
int fdatasync(int fd) { return fails("fdatasync", fd) ? -1 : REAL(int, "fdatasync", int)(fd); }
int renameat(int a, const char *p, int b, const char *q) { return fails("renameat", b) ? -1 : REAL(int, "renameat", int, const char *, int, const char *)(a, p, b, q); }
int renameat2(int a, const char *p, int b, const char *q, unsigned f) { return fails("renameat2", b) ? -1 : REAL(int, "renameat2", int, const char *, int, const char *, unsigned)(a, p, b, q, f); }
int mkdirat(int d, const char *p, mode_t m) { return fails("mkdirat", d) ? -1 : REAL(int, "mkdirat", int, const char *, mode_t)(d, p, m); }
int close(int fd) { int bad = fails("close", fd), ret = REAL(int, "close", int)(fd); if (!bad) return ret; errno = atoi(getenv("FAULT_ERROR")); return -1; }
"""
ENOSPC, EIO = 28, 5


class Faults(Case):
    @classmethod
    def setUpClass(cls):
        cls.kept = os.path.realpath(tempfile.mkdtemp(prefix="orl-e2e-"))
        cls.addClassCleanup(shutil.rmtree, cls.kept, ignore_errors=True)
        for name, text in (("e.yaml", EXPERIMENT), ("shim.c", SHIM)):
            with open(os.path.join(cls.kept, name), "w", encoding="utf-8") as f:
                f.write(text)
        cls.experiment, cls.shim = os.path.join(cls.kept, "e.yaml"), os.path.join(cls.kept, "shim.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", cls.shim, os.path.join(cls.kept, "shim.c"), "-ldl"], check=True)
        # What is there before: the same films with another learning rate. And what should be there in the end.
        for name, change in (("before", ["--set", "optimizers.sgd.learning_rate=0.2"]), ("good", [])):
            optreel("render", cls.experiment, "-o", os.path.join(cls.kept, name), *change, check=0)
        cls.before, cls.good = (tree(os.path.join(cls.kept, name)) for name in ("before", "good"))

    def fault(self, call, at, error):
        """One run with one failing call; True where it was reached."""
        out, mark = os.path.realpath(self.path("out")) if os.path.exists(self.path("out")) else os.path.join(os.path.realpath(self.folder), "out"), self.path("mark")
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(os.path.join(self.kept, "before"), out)
        if os.path.exists(mark):
            os.remove(mark)
        # The sandbox would keep a worker from writing the mark, which lies outside of the output folder.
        env = {**os.environ, "OPTREEL_SANDBOX": "off", "LD_PRELOAD": self.shim, "FAULT_CALL": call, "FAULT_AT": str(at), "FAULT_ERROR": str(error), "FAULT_FOLDER": out, "FAULT_MARK": mark}
        done = optreel("render", self.experiment, "-o", out, "-j", "1", env=env)
        if not os.path.exists(mark):
            self.assertEqual(done.returncode, 0, done.err)
            return False
        what = f"{call} {at}, error {error}: exit {done.returncode}\n{done.err}"
        # A close that fails after the file is safe, or a folder that was only looked at, may be passed over; nothing else may.
        self.assertIn(done.returncode, (0, 5) if call == "close" else (5,), what)
        if done.returncode:
            self.assertRegex(done.err, "No space left on device|Input/output error", what)
            self.assertIn("out", done.err, what)
        self.assertEqual(parts(out), [], what)
        for path, digest in tree(out).items():  # whole, of before or of now
            if path not in harness.REPORT and not path.endswith(".alt.txt"):
                self.assertIn(digest, (self.before.get(path), self.good.get(path)), f"{path}: {what}")
        optreel("render", self.experiment, "-o", out, check=0)
        self.assertEqual(tree(out), self.good, what)
        return True

    def sweep(self, call, moments, errors=(ENOSPC, EIO)):
        reached = sum(self.fault(call, at, errors[i % len(errors)]) for i, at in enumerate(moments))
        self.assertGreaterEqual(reached, 2, f"{call} was hardly reached: this proves nothing")

    def test_writes(self):
        """The first one is the number in the lock, which is there to be read by people: it may be lost."""
        self.sweep("pwrite", (2, 3, 4, 5, 8, 13, 21))

    def test_writes_of_frames_and_journal(self):
        self.sweep("write", (1, 2, 3, 7, 20))

    def test_syncs(self):
        self.sweep("fsync", (1, 2, 3, 4, 6, 9, 14, 30))

    def test_syncs_of_the_journal(self):
        self.sweep("fdatasync", (1, 2, 3))

    def test_renames(self):
        self.sweep("renameat", (1, 2, 3, 5, 9))

    def test_exchanges(self):
        self.assertTrue(self.fault("renameat2", 1, EIO))

    def test_folders(self):
        self.assertTrue(self.fault("mkdirat", 1, ENOSPC))

    def test_closes(self):
        self.sweep("close", (1, 2, 3, 4, 6, 10))


if __name__ == "__main__":
    if os.environ.get("OPTREEL_SANITIZED"):
        print("a library before libc and a sanitizer do not go together")
        raise SystemExit(77)
    harness.main()
