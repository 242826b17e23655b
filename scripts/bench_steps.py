#!/usr/bin/env python3
"""Measures the steps of SGD on a parabola against PyTorch (float64, 2 threads), and the memory of long runs and of many points.

usage: scripts/bench_steps.py [--rounds N]
"""
import argparse
import json
import subprocess

from bench_common import OPTREEL, PYTHON, Folder, medians, need, peak_memory, table

# The peer for steps: plain SGD on the same model, in float64.
PYTORCH = '''
import sys, time, torch
torch.set_num_threads(2)
points, steps = int(sys.argv[1]), int(sys.argv[2])
x = torch.linspace(0, 1, points, dtype=torch.float64)
y = 3 + 6 * x + 8 * x * x
parameters = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (3.0, -1.0, 6.0)]
optimizer = torch.optim.SGD(parameters, lr=0.01)
def step():
    optimizer.zero_grad()
    loss = ((parameters[0] + parameters[1] * x + parameters[2] * x ** 2 - y) ** 2).mean()
    loss.backward()
    optimizer.step()
for _ in range(3):
    step()
begin = time.perf_counter()
for _ in range(steps):
    step()
print(time.perf_counter() - begin)
'''

STEPS = """\
title: Steps alone
record: {rows: 100}
problems:
  quadratic:
    model: alpha + beta*x + gamma*x^2
    start: {alpha: 3, beta: -1, gamma: 6}
    data: {x: {from: 0, to: 1, count: 100}, truth: {alpha: 3, beta: 6, gamma: 8}}
optimizers:
  sgd: {learning_rate: 0.01}
"""


class Steps:
    def __init__(self, folder):
        self.folder = folder
        self.script, self.experiment = folder.write("steps.py", PYTORCH), folder.write("steps.yaml", STEPS)

    def pytorch(self, points, steps):
        """Steps per second."""
        done = subprocess.run([PYTHON, self.script, str(points), str(steps)], check=True, capture_output=True, text=True)
        return steps / float(done.stdout.split()[-1])

    def command(self, points, steps):
        return [OPTREEL, "run", self.experiment, "-o", self.folder.fresh("out"), "-q", "--set", f"problems.quadratic.data.x.count={points}", "--set",
                f"steps={steps}"]

    def optreel(self, points, steps):
        """As the program itself measures a run: PyTorch's start is not counted either."""
        subprocess.run(self.command(points, steps), check=True, stdout=subprocess.DEVNULL)
        with open(self.folder.join("out", "summary.json"), encoding="utf-8") as f:
            return steps / json.load(f)["runs"][0]["seconds"]


def compare(rounds):
    pytorch = need("python3-torch", [PYTHON, "-c", "import torch"])
    rows = []
    with Folder() as folder:
        s = Steps(folder)
        for points, ours, theirs in ((100, 1000000, 3000), (1000000, 200, 60)):
            jobs = {"optreel": lambda: s.optreel(points, ours)}
            if pytorch:
                jobs["PyTorch"] = lambda: s.pytorch(points, theirs)
            found = medians(jobs, rounds)
            peer = found.get("PyTorch")
            rows.append([points, f"{found['optreel']:.0f}", f"{peer:.0f}" if peer else "not installed", f"{found['optreel'] / peer:.1f}" if peer else ""])
        many = 10000000
        memory = peak_memory(*s.command(many, 5))[1]
        few = peak_memory(*s.command(100, 10000000))[1]
    print("\n### Steps of SGD on a parabola, float64; PyTorch with 2 threads\n")
    table(["points", "optreel, steps/s", "PyTorch, steps/s", "ratio"], rows)
    print(f"memory of a run on 10^7 points: {memory:.0f} MB, {memory - 2 * 8 * many / 2 ** 20:.0f} MB besides the data")
    print(f"memory of a run of 10^7 steps on 100 points: {few:.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="steps of optreel against PyTorch")
    parser.add_argument("--rounds", type=int, default=5)
    compare(parser.parse_args().rounds)
