#!/usr/bin/env python3
"""Measures GIFs of the plain fit film, 800x450, 200 frames: the whole of optreel against ffmpeg's palettegen and paletteuse (and gifski, where it
is installed or npm brings it), which only encode the finished frames from memory. scripts/bench calls it; alone it runs just this.

usage: scripts/bench_gif.py [--rounds N]
"""
import argparse
import glob
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OPTREEL = os.path.join(TOP, "build", "release", "optreel")
WIDTH, HEIGHT, FPS, FRAMES = 800, 450, 20, 200

FILM = f"""\
title: One panel, as the peers draw it
steps: 5000
problems:
  quadratic:
    model: alpha + beta*x + gamma*x^2
    start: {{alpha: 3, beta: -1, gamma: 6}}
    data: {{x: {{from: 0, to: 1, count: 100}}, truth: {{alpha: 3, beta: 6, gamma: 8}}}}
optimizers:
  sgd: {{learning_rate: 0.01}}
films:
  - {{each: run, name: fit, panels: [fit], pace: log, length: {FRAMES // FPS}, hold: {{first: 0, last: 0}}}}
output: {{size: {WIDTH}x{HEIGHT}, fps: {FPS}, poster: false, formats: FORMATS}}
"""


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def raw_frames(path, out):
    run("ffmpeg", "-v", "error", "-y", "-framerate", str(FPS), "-i", path, "-f", "rawvideo", "-pix_fmt", "bgr0", out)


def psnr(drawn, path, folder):
    """Of all frames of a GIF against those that were drawn, over red, green and blue, in dB; by ffmpeg's own measure."""
    told = subprocess.run(["ffmpeg", "-v", "info", "-i", path, "-f", "rawvideo", "-pix_fmt", "bgr0", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", drawn,
                           "-lavfi", f"[0:v]fps={FPS},format=gbrp[a];[1:v]format=gbrp[b];[a][b]psnr", "-f", "null", "-"],
                          check=True, capture_output=True, text=True).stderr
    return float(told.rsplit("average:", 1)[1].split()[0])


class Gifs:
    def __init__(self, folder):
        self.folder = folder
        frames = self.render("{png: {frames: all}}", "frames")
        self.files = sorted(glob.glob(os.path.join(frames, "fit.frames", "*.png")))
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else folder
        self.raw_folder = tempfile.mkdtemp(prefix="optreel-bench-", dir=memory)
        self.raw = os.path.join(self.raw_folder, "frames.bgr0")
        raw_frames(os.path.join(frames, "fit.frames", "%06d.png"), self.raw)

    def close(self):
        shutil.rmtree(self.raw_folder, ignore_errors=True)

    def render(self, formats, name):
        """The whole program, from the experiment file to the finished film."""
        film, out = os.path.join(self.folder, name + ".yaml"), os.path.join(self.folder, name)
        with open(film, "w", encoding="utf-8") as f:
            f.write(FILM.replace("FORMATS", formats))
        shutil.rmtree(out, ignore_errors=True)
        run(OPTREEL, "render", film, "-o", out, "-j", "2", "-q")
        return out

    def optreel(self, colors):
        return os.path.join(self.render(f"{{gif: {{colors: {colors}}}}}", f"gif{colors}"), "fit.gif")

    def ffmpeg(self):
        out = os.path.join(self.folder, "ffmpeg.gif")
        run("ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr0", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", self.raw, "-lavfi",
            "split[a][b];[a]palettegen[p];[b][p]paletteuse", out)
        return out

    def gifski_program(self):
        """An installed one, else what npm brings; None."""
        found = shutil.which("gifski")
        if not found and shutil.which("npm"):
            subprocess.run(["npm", "install", "--silent", "--prefix", self.folder, "gifski"], check=False, capture_output=True)
            found = next(iter(glob.glob(os.path.join(self.folder, "node_modules", "gifski", "bin", "debian", "gifski"))), None)
        return found

    def gifski(self, program):
        out = os.path.join(self.folder, "gifski.gif")
        run(program, "--quiet", "--fps", str(FPS), "--quality", "90", "--width", str(WIDTH), "-o", out, *self.files)
        return out


def compare(rounds):
    with tempfile.TemporaryDirectory(prefix="optreel-bench-") as folder:
        gifs = Gifs(folder)
        try:
            jobs = {"optreel, 128 colours": lambda: gifs.optreel(128), "optreel, 256 colours": lambda: gifs.optreel(256),
                    "ffmpeg palettegen, paletteuse": gifs.ffmpeg}
            gifski = gifs.gifski_program()
            if gifski:
                jobs["gifski, quality 90"] = lambda: gifs.gifski(gifski)
            seconds, paths = {name: [] for name in jobs}, {}
            for number in range(rounds):
                for name, job in jobs.items():  # interleaved, so that a busy minute hits all alike
                    begin = time.perf_counter()
                    paths[name] = job()
                    seconds[name].append(time.perf_counter() - begin)
                    print(f"  round {number + 1}: {name}: {FRAMES / seconds[name][-1]:.0f} frames/s", file=sys.stderr)
            table = {name: (FRAMES / statistics.median(seconds[name]), os.path.getsize(path), psnr(gifs.raw, path, folder)) for name, path in paths.items()}
        finally:
            gifs.close()
    peer = table["ffmpeg palettegen, paletteuse"]
    print(f"\n{WIDTH}x{HEIGHT} GIF, {FRAMES} frames, fit panel: all of optreel, the others from finished frames; medians of {rounds} rounds\n")
    print("| job | frames/s | against ffmpeg | bytes | against ffmpeg | PSNR |\n|---|---|---|---|---|---|")
    for name, (speed, size, quality) in table.items():
        print(f"| {name} | {speed:.0f} | {speed / peer[0]:.2f} | {size} | {size / peer[1]:.3f} | {quality:.2f} dB |")
    if not gifski:
        print("\n(gifski: neither installed nor brought by npm)")
    return table


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="GIFs of optreel against its peers")
    parser.add_argument("--rounds", type=int, default=5)
    compare(parser.parse_args().rounds)
