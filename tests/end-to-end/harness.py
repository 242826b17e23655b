"""What the end-to-end tests share: running the program, small experiments, looking into files with independent readers."""
import hashlib
import json
import os
import shutil
import signal
import struct
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["OPTREEL"]
REFERENCE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "reference")
# Sanitized builds are several times slower; nothing here measures speed.
TIMEOUT = 240

# What tells of the whole batch, and so changes with it.
REPORT = {"summary.json", "index.html", "results.csv", "results.md", "results.tex", "summary.md"}

SMALL = """\
title: A small experiment
steps: 300
report: {times: false}
problems:
  parabola:
    model: alpha + beta*x + gamma*x^2
    start: {alpha: 3, beta: -1, gamma: 6}
    data:
      x: {from: 0, to: 1, count: 30}
      truth: {alpha: 3, beta: 6, gamma: 8}
      noise: 0.05
      seed: 7
optimizers:
  sgd: {learning_rate: 0.1}
  adam: {learning_rate: 0.05}
films:
  - {each: run, length: 3, hold: {first: 0.3, last: 0.5}}
  - {each: problem, name: "{problem}-race", length: 3}
output:
  formats: [mp4, gif]
  preset: draft
"""


def optreel(*arguments, cwd=None, env=None, check=None, **more):
    """Run the program. With `check`, its exit code must be that."""
    done = subprocess.run([PROGRAM, *arguments], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=TIMEOUT, **more)
    done.out, done.err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    if check is not None and done.returncode != check:
        raise AssertionError(f"optreel {' '.join(arguments)}: exit {done.returncode}, expected {check}\n{done.out}{done.err}")
    return done


def probe(path):
    """What ffprobe says of a file's first video stream, with every frame decoded and counted."""
    out = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_streams", "-show_format", "-of", "json",
                          path], capture_output=True, check=True, timeout=TIMEOUT).stdout
    facts = json.loads(out)
    return facts["streams"][0], facts["format"]


def stream_kinds(path):
    """The kinds of a file's streams, in order: "video"; and "data" in an MP4, the words of the chapters, as QuickTime wants them."""
    return subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0", path], capture_output=True, check=True,
                          timeout=TIMEOUT, text=True).stdout.split()


def decode(path, size):
    """All frames as bytes of rgb24."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                         capture_output=True, check=True, timeout=TIMEOUT).stdout
    step = size[0] * size[1] * 3
    assert len(raw) % step == 0, f"{path}: {len(raw)} bytes are no whole number of frames"
    return [raw[i:i + step] for i in range(0, len(raw), step)]


def boxes(path):
    """Names of an MP4's top-level boxes, in order."""
    names = []
    with open(path, "rb") as f:
        data = f.read()
    at = 0
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at:at + 8])
        if size == 1:
            size = struct.unpack(">Q", data[at + 8:at + 16])[0]
        assert size >= 8, f"{path}: a box of {size} bytes"
        names.append(name.decode())
        at += size
    assert at == len(data), f"{path}: the last box is cut"
    return names


def tree(folder, hidden=False):
    """Path -> SHA-256 of all files below a folder; what lies in .optreel/ only with `hidden`."""
    found = {}
    for where, names, files in os.walk(folder):
        if not hidden and ".optreel" in names:
            names.remove(".optreel")
        for name in files:
            path = os.path.join(where, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, folder)] = hashlib.sha256(f.read()).hexdigest()
    return found


def summary(folder):
    with open(os.path.join(folder, "summary.json"), encoding="utf-8") as f:
        return json.load(f)


def parts(folder):
    state = os.path.join(folder, ".optreel")
    return [f for f in os.listdir(state) if f.endswith(".part")] if os.path.isdir(state) else []


class Case(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="orl-e2e-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8", newline="") as f:
            f.write(text)
        return self.path(name)


def needs(*programs, tex=()):
    """Skip the whole script where a program, or a file of TeX, is missing: ctest counts it as skipped."""
    missing = [p for p in programs if not shutil.which(p)]
    missing += [f for f in tex if not missing and subprocess.run(["kpsewhich", f], capture_output=True).returncode != 0]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed; `scripts/test full` installs what these tests need")
        raise SystemExit(77)


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    unittest.main(verbosity=2)
