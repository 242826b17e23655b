"""What the parts of scripts/bench share: where things are, interleaved rounds, peak memory, frames as they were drawn."""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OPTREEL = os.path.join(TOP, "build", "release", "optreel")
DRAWN = os.path.join(TOP, "build", "release", "tests", "batch", "drawn")
# The interpreter that Debian's python3-matplotlib and python3-torch belong to.
PYTHON = "/usr/bin/python3"

QUADRATIC = """\
problems:
  quadratic:
    model: alpha + beta*x + gamma*x^2
    start: {alpha: 3, beta: -1, gamma: 6}
    data: {x: {from: 0, to: 1, count: 100}, truth: {alpha: 3, beta: 6, gamma: 8}}
"""


def need(package, probe):
    """Installs a Debian package unless the probe shows that it is there; false where it cannot be had."""
    def there():
        try:
            return subprocess.run(probe, capture_output=True, check=False).returncode == 0
        except OSError:
            return False
    if there():
        return True
    print(f"scripts/bench: installing {package}", file=sys.stderr)
    subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", package], check=False, stdout=subprocess.DEVNULL)
    return there()


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def seconds_of(*command):
    begin = time.perf_counter()
    run(*command)
    return time.perf_counter() - begin


def medians(jobs, rounds):
    """Runs every job once per round, in turn, so that a busy minute hits all alike; a job returns seconds, or another number."""
    results = {name: [] for name in jobs}
    for number in range(rounds):
        for name, job in jobs.items():
            results[name].append(job())
            print(f"  round {number + 1}: {name}: {results[name][-1]:.3f}", file=sys.stderr)
    return {name: statistics.median(values) for name, values in results.items()}


def table(head, rows):
    print("\n" + "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in [head, ["---"] * len(head)] + list(rows)) + "\n")


class Folder:
    """A scratch folder; in memory where that is asked for and can be had."""

    def __init__(self, in_memory=False):
        where = "/dev/shm" if in_memory and os.access("/dev/shm", os.W_OK) else None
        self.path = tempfile.mkdtemp(prefix="optreel-bench-", dir=where)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def join(self, *names):
        return os.path.join(self.path, *names)

    def write(self, name, text):
        with open(self.join(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.join(name)

    def fresh(self, name):
        shutil.rmtree(self.join(name), ignore_errors=True)
        return self.join(name)


def drawn(experiment, folder, raw=None):
    """What drawing the experiment's films costs, without encoding; the raw frames of the first go to `raw`."""
    out = folder.fresh("drawn-runs")
    subprocess.run([OPTREEL, "run", experiment, "-o", out, "-q"], check=True, stdout=subprocess.DEVNULL)
    told = subprocess.run([DRAWN, experiment, out] + ([raw] if raw else []), check=True, capture_output=True, text=True)
    return [json.loads(line) for line in told.stdout.splitlines()]


def peak_memory(*command):
    """Largest resident set, in MB, of a command's processes, each taken alone: (the first process, the largest of its children)."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    own = children = 0

    def high_water(pid):
        try:
            with open(f"/proc/{pid}/status", encoding="ascii") as f:
                return next((int(line.split()[1]) for line in f if line.startswith("VmHWM")), 0)
        except OSError:
            return 0
    while process.poll() is None:
        own = max(own, high_water(process.pid))
        try:
            with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as f:
                children = max([children] + [high_water(int(p)) for p in f.read().split()])
        except OSError:
            pass
        time.sleep(0.01)
    return own / 1024, children / 1024
