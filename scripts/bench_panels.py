#!/usr/bin/env python3
"""Measures what a 1280x720 frame of each panel costs to make (scene and drawing, one core, the still part drawn already), for a film of one run
and for a race of six, and that the fit panel's frame does not cost more with more dots.

usage: scripts/bench_panels.py [--rounds N]
"""
import argparse
import json
import math
import os
import subprocess

from bench_common import OPTREEL, QUADRATIC, Folder, drawn, medians, table

FILM = f"""\
title: Panels
steps: 3000
{QUADRATIC}optimizers:
  sgd: {{learning_rate: 0.01}}
  momentum: {{learning_rate: 0.01}}
  nesterov: {{learning_rate: 0.01}}
  adagrad: {{learning_rate: 0.1}}
  rmsprop: {{learning_rate: 0.01}}
  adam: {{learning_rate: 0.01}}
films:
  - {{each: EACH, panels: [PANEL], length: 6}}
output: {{size: 1280x720, fps: 30, poster: false, formats: {{mp4: {{}}}}}}
"""

# In place of the six runs: traces of another program, for the panel that shows their columns.
TRACES = """\
runs:
  except: [quadratic/sgd, quadratic/momentum, quadratic/nesterov, quadratic/adagrad, quadratic/rmsprop, quadratic/adam]
  add: [RUNS]
"""


def columns(folder):
    """Six traces with an accuracy and a learning rate, written to the folder; what adds them to the experiment."""
    names = [f"run-{number}" for number in range(6)]
    for number, name in enumerate(names):
        rows = (f"{step},3,6,8,{2.0 / (1 + step / (20 + 10 * number)):.9g},{1 - 0.9 / (1 + step / (40 + 20 * number)) ** 0.5:.9g},"
                f"{0.01 * 0.999 ** step * (1 + 0.2 * math.sin(step / 50 + number)):.9g}\n" for step in range(3001))
        folder.write(name + ".csv", "step,alpha,beta,gamma,loss,accuracy,rate\n" + "".join(rows))
    return TRACES.replace("RUNS", ", ".join(f"{{name: {name}, problem: quadratic, trace: {name}.csv}}" for name in names))


def cost(folder, panel, each, points=100):
    """ms of a frame that differs from the one before; the first film speaks for all."""
    text = FILM.replace("EACH", each).replace("PANEL", panel).replace("count: 100", f"count: {points}")
    text += columns(folder) if panel == "series" else ""
    if panel == "text":
        text = text.replace("length: 6", "length: 6, axes: {text: {text: Words that stand still.}}")
    if points > 100:
        text = text.replace("steps: 3000", "steps: 200")
    film = drawn(folder.write("panels.yaml", text), folder)[0]
    return film["mean_ms"] * (film["frames"] - 1) / max(1, film["changed"] - 1)


def panels():
    told = subprocess.run([OPTREEL, "list", "panels", "--json"], check=True, capture_output=True, text=True)
    return [p["name"] for p in json.loads(told.stdout) if p.get("supported", True)]


def compare(rounds):
    with Folder() as folder:
        jobs = {(panel, each): lambda panel=panel, each=each: cost(folder, panel, each) for panel in panels() for each in ("run", "problem")}
        whole = medians(jobs, rounds)
        dots = medians({f"{points} dots": lambda points=points: cost(folder, "fit", "run", points) for points in (100, 1000, 10000, 100000, 1000000)}, rounds)
    rows = [[panel] + [text for each in ("run", "problem") for text in (f"{whole[panel, each]:.2f}", f"{whole[panel, each] - whole['text', each]:.2f}")]
            for panel in panels()]
    print(f"\n### Panels: ms of a 1280x720 frame, medians of {rounds} rounds, one of {os.cpu_count()} cores\n")
    print("The whole frame, and what it costs beyond the counters, which a film of words that stand still has, too.")
    table(["panel", "one run", "the panel", "a race of six", "the panel"], rows)
    first = next(iter(dots.values()))
    table(["the fit panel with", "ms a frame", "ratio"], [[name, f"{value:.2f}", f"{value / first:.2f}"] for name, value in dots.items()])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="what panels cost")
    parser.add_argument("--rounds", type=int, default=5)
    compare(parser.parse_args().rounds)
