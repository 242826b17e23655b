#!/usr/bin/env python3
"""Measures what a 1280x720 frame of each panel costs to make (scene and drawing, one core, the still part drawn already), for a film of one run
and for a race of six, and that the fit panel's frame does not cost more with more dots.

usage: scripts/bench_panels.py [--rounds N]
"""
import argparse
import json
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


def cost(folder, panel, each, points=100):
    """ms of a frame that differs from the one before; the first film speaks for all."""
    text = FILM.replace("EACH", each).replace("PANEL", panel).replace("count: 100", f"count: {points}")
    if points > 100:
        text = text.replace("steps: 3000", "steps: 200")
    film = drawn(folder.write("panels.yaml", text), folder)[0]
    return film["mean_ms"] * (film["frames"] - 1) / max(1, film["changed"] - 1)


def panels():
    told = subprocess.run([OPTREEL, "list", "panels", "--json"], check=True, capture_output=True, text=True)
    return [p["name"] for p in json.loads(told.stdout) if p.get("supported", True)]


def compare(rounds):
    rows = []
    with Folder() as folder:
        for panel in panels():
            row = [panel]
            for each in ("run", "problem"):
                try:
                    value = next(iter(medians({f"{panel}, each {each}": lambda: cost(folder, panel, each)}, rounds).values()))
                    row.append(f"{value:.2f}")
                except subprocess.CalledProcessError:
                    row.append("needs other data")
            rows.append(row)
        dots = medians({f"{points} dots": lambda points=points: cost(folder, "fit", "run", points) for points in (100, 1000, 10000, 100000, 1000000)}, rounds)
    print(f"\n### Panels: ms of a 1280x720 frame, medians of {rounds} rounds, one of {os.cpu_count()} cores\n")
    table(["panel", "one run", "a race of six"], rows)
    first = next(iter(dots.values()))
    table(["the fit panel with", "ms a frame", "ratio"], [[name, f"{value:.2f}", f"{value / first:.2f}"] for name, value in dots.items()])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="what panels cost")
    parser.add_argument("--rounds", type=int, default=5)
    compare(parser.parse_args().rounds)
