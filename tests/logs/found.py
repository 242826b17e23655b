"""What `optreel check LOG...` found, as data, for the tests of logs."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "end-to-end"))
import harness  # noqa: E402

optreel = harness.optreel
SERIES = re.compile(r"  (loss|validation|metric|learning rate|left out) +(.*?): (?:(\d+) points?, (\S+) at (-?\d+)(?: to (\S+) at (-?\d+))?"
                    r"(?:, (\d+) not finite)?(?: \((.*)\))?|(.*))$")
STEPS = re.compile(r"  (\d+) steps?(?: from (-?\d+) to (-?\d+))?, counted by (.*?)(?:; the loss every (\d+)(?:, (\d+) gaps? wider)?)?$")


class Series:
    def __init__(self, match):
        self.role, self.name = match[1], match[2]
        self.points = int(match[3] or 0)
        self.first = (int(match[5]), float(match[4])) if match[3] else None
        self.last = (int(match[7]), float(match[6])) if match[6] else self.first
        self.not_finite = int(match[8] or 0)
        self.reason = match[9] or match[10]


class Run:
    def __init__(self, name, title):
        self.name, self.title, self.format, self.source, self.series = name, title, None, None, {}
        self.steps = self.nothing = self.counter = self.usual = None
        self.first = self.last = None
        self.wider = 0
        self.details = ""

    def role(self, role):
        return [s.name for s in self.series.values() if s.role == role]


def parse(text):
    runs = []
    for line in text.split("\n"):
        series, steps = SERIES.match(line), STEPS.match(line)
        if line and not line.startswith(" "):
            runs.append(Run(*line.split(": ", 1)))
        elif steps:
            run = runs[-1]
            run.steps, run.counter = int(steps[1]), steps[4]
            run.first, run.last = (int(steps[2]), int(steps[3])) if steps[2] else (None, None)
            run.usual, run.wider = int(steps[5] or 0), int(steps[6] or 0)
        elif series:
            runs[-1].series[series[2]] = Series(series)
        elif line.startswith("  ") and runs[-1].format is None:
            parts = line.strip().split(", ")
            runs[-1].format, runs[-1].source = parts[0], parts[1]
            runs[-1].details = ", ".join(parts[2:])
        elif line.startswith("  "):
            runs[-1].nothing = line.strip()
    return runs


class Case(harness.Case):
    """A test with a folder of its own, and what is found in it."""

    def found(self, *paths, check=0, options=()):
        self.done = optreel("check", *paths, *options, check=check)
        return parse(self.done.out)

    def one(self, path, **how):
        runs = self.found(path, **how)
        self.assertEqual(len(runs), 1, self.done.out)
        return runs[0]

    def put(self, name, data):
        path = self.path(*name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
        return path


main = harness.main
