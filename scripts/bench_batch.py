#!/usr/bin/env python3
"""Measures the whole assignment: two workers against one, beside what two programs with one worker each reach on the machine at that moment;
and memory: over the number of frames for every format, and of 4K films.

usage: scripts/bench_batch.py [--rounds N] [--memory]     --memory: memory alone
"""
import argparse
import json
import os
import subprocess
import sys
import time

from bench_common import OPTREEL, QUADRATIC, Folder, medians, peak_memory, table

FILM = f"""\
title: Memory
steps: 3000
{QUADRATIC}optimizers:
  sgd: {{learning_rate: 0.01}}
films:
  - {{each: run, name: film, panels: [fit, loss], length: 100}}
output: {{size: SIZE, fps: FPS, poster: false, formats: {{FORMAT}}}}
"""


def assignment(folder, name, jobs):
    begin = time.perf_counter()
    subprocess.run([OPTREEL, "render", "assignment", "-o", folder.fresh(name), "-j", str(jobs), "-q"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def two_at_once(folder):
    begin = time.perf_counter()
    commands = [[OPTREEL, "render", "assignment", "-o", folder.fresh(f"twin{i}"), "-j", "1", "-q"] for i in range(2)]
    for process in [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]:
        process.wait()
    return time.perf_counter() - begin


def scaling(rounds):
    with Folder() as folder:
        seconds = medians({"-j 1": lambda: assignment(folder, "one", 1), "-j 2": lambda: assignment(folder, "two", 2),
                           "two at once, -j 1 each": lambda: two_at_once(folder)}, rounds)
        with open(folder.join("two", "summary.json"), encoding="utf-8") as f:
            films = json.load(f)["films"]
    reached, possible = seconds["-j 1"] / seconds["-j 2"], 2 * seconds["-j 1"] / seconds["two at once, -j 1 each"]
    print(f"\n### The whole assignment: {len(films)} films and files; medians of {rounds} rounds, {os.cpu_count()} cores\n")
    table(["job", "seconds", "speed, -j 1 = 1"], [["-j 1", f"{seconds['-j 1']:.1f}", "1.00"], ["-j 2", f"{seconds['-j 2']:.1f}", f"{reached:.2f}"],
                                                  ["two at once, -j 1 each", f"{seconds['two at once, -j 1 each']:.1f}", f"{possible:.2f}"]])
    print(f"-j 2 reaches {reached / possible:.2f} of what the machine gives to two programs")


def film(folder, format_, size, frames):
    text = FILM.replace("FORMAT", format_).replace("SIZE", size).replace("FPS", "50").replace("length: 100", f"length: {frames / 50:g}")
    return folder.write("memory.yaml", text)


def of_film(folder, format_, size, frames):
    return peak_memory(OPTREEL, "render", film(folder, format_, size, frames), "-o", folder.fresh("memory"), "-q", "-j", "1")


def estimated(folder, format_, size, frames):
    told = subprocess.run([OPTREEL, "check", film(folder, format_, size, frames), "-j", "1"], capture_output=True, text=True, check=False).stdout
    return next((line.removeprefix("memory of all workers about ") for line in told.splitlines() if line.startswith("memory of all")), "")


def formats():
    told = subprocess.run([OPTREEL, "list", "formats", "--json"], check=True, capture_output=True, text=True)
    return [f["name"] for f in json.loads(told.stdout) if f.get("supported", True)]


def memory(many=10000):
    rows = []
    with Folder() as folder:
        for name in formats():
            few, much = of_film(folder, f"{name}: {{}}", "320x180", 100), of_film(folder, f"{name}: {{}}", "320x180", many)
            rows.append([name, f"{few[0]:.0f}", f"{much[0]:.0f}", f"{few[1]:.0f}", f"{much[1]:.0f}", f"{much[1] / max(few[1], 1):.2f}"])
            print(f"  {rows[-1]}", file=sys.stderr)
        print(f"\n### Memory: the largest process at 100 and at {many} frames of 320x180, MB\n")
        table(["format", "supervisor, 100", f"supervisor, {many}", "worker, 100", f"worker, {many}", "ratio"], rows)
        rows = [[name, f"{of_film(folder, f'{name}: {{}}', '3840x2160', 30)[1]:.0f}", estimated(folder, f"{name}: {{}}", "3840x2160", 30)] for name in formats()]
        print("### Memory of a worker at 3840x2160, MB, and what `optreel check` estimates\n")
        table(["format", "worker", "estimate"], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="how optreel uses cores and memory")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    if not options.memory:
        scaling(options.rounds)
    memory()
