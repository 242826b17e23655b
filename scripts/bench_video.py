#!/usr/bin/env python3
"""Measures MP4s of the plain fit film, 1280x720: the whole of optreel (start, run, draw, encode, mux, verify) against matplotlib and gnuplot,
which make the same film, and against ffmpeg, which only encodes the finished frames from memory: as they were drawn, and converted already.

usage: scripts/bench_video.py [--rounds N] [--frames N] [--front]     --front: size, SSIM and time over optreel's encoder settings, too
"""
import argparse
import csv
import os
import subprocess

from bench_common import OPTREEL, PYTHON, QUADRATIC, Folder, drawn, medians, need, run, seconds_of, table

WIDTH, HEIGHT, FPS, PRESET, CRF = 1280, 720, 30, "veryfast", 20

FILM = f"""\
title: One panel, as the peers draw it
steps: 5000
{QUADRATIC}optimizers:
  sgd: {{learning_rate: 0.01}}
films:
  - {{each: run, name: fit, panels: [fit], pace: log, length: LENGTH, hold: {{first: 0, last: 0}}}}
output: {{size: {WIDTH}x{HEIGHT}, fps: {FPS}, poster: false, formats: {{mp4: {{}}}}}}
"""

# The same data, the same trace, the same picture (dots, grid, curve, a line of text), the way people write it.
MATPLOTLIB = '''
import csv, sys, time
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FFMpegWriter, FuncAnimation
trace, out, frames, preset, crf = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5]
rows = [[float(r[k]) for k in ("step", "loss", "alpha", "beta", "gamma")] for r in csv.DictReader(open(trace))]
pick = [rows[min(len(rows) - 1, int(round(len(rows) ** (i / (frames - 1)))) - 1)] for i in range(frames)]
x = np.linspace(0, 1, 100)
fig, ax = plt.subplots(figsize=(12.8, 7.2), dpi=100)
ax.plot(x, 3 + 6 * x + 8 * x * x, "o", ms=5, alpha=0.6)
line, = ax.plot(x, x, lw=3)
text = ax.text(0.02, 0.95, "", transform=ax.transAxes)
ax.set_xlim(0, 1); ax.set_ylim(0, 18); ax.grid(True)
def update(i):
    step, loss, a, b, c = pick[i]
    line.set_ydata(a + b * x + c * x * x)
    text.set_text(f"step {int(step)}  loss {loss:.3e}")
    return line, text
begin = time.perf_counter()
FuncAnimation(fig, update, frames=frames, blit=True).save(out, writer=FFMpegWriter(fps=30, codec="libx264", extra_args=[
    "-preset", preset, "-crf", crf, "-pix_fmt", "yuv420p"]))
print(time.perf_counter() - begin)
'''

GNUPLOT = '''
set terminal pngcairo size 1280,720
set xrange [0:1]; set yrange [0:18]; set grid
set output
do for [i=0:{last}] {{
  set output sprintf("{folder}/%06d.png", i)
  s = word(steps, i + 1); a = word(alphas, i + 1) + 0; b = word(betas, i + 1) + 0; c = word(gammas, i + 1) + 0
  set label 1 sprintf("step %s  loss %s", s, word(losses, i + 1)) at graph 0.02, 0.95
  plot [0:1] 3 + 6*x + 8*x*x with points pt 7 ps 0.8 notitle, a + b*x + c*x*x with lines lw 3 notitle
}}
'''


class Videos:
    def __init__(self, folder, memory, frames):
        self.folder, self.frames = folder, frames
        self.film = folder.write("fit.yaml", FILM.replace("LENGTH", repr(frames / FPS)))
        self.bgr, self.yuv = memory.join("frames.bgr0"), memory.join("frames.yuv")
        self.cost = drawn(self.film, folder, self.bgr)[0]
        # The colours as a film is tagged: BT.709, limited range.
        run("ffmpeg", "-v", "error", "-y", *self.raw("bgr0"), "-vf", "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int",
            "-pix_fmt", "yuv420p", "-f", "rawvideo", self.yuv)

    def raw(self, pixels):
        return ["-f", "rawvideo", "-pix_fmt", pixels, "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", self.bgr if pixels == "bgr0" else self.yuv]

    def optreel(self, settings=()):
        out = self.folder.fresh("out")
        sets = [argument for s in settings for argument in ("--set", f"output.formats.mp4.{s}")]
        return seconds_of(OPTREEL, "render", self.film, "-o", out, "-j", "2", "-q", *sets)

    def optreel_file(self, settings=()):
        self.optreel(settings)
        return self.folder.join("out", "fit.mp4")

    def ffmpeg(self, pixels):
        return seconds_of("ffmpeg", "-v", "error", "-y", *self.raw(pixels), "-c:v", "libx264", "-preset", PRESET, "-crf", str(CRF), "-pix_fmt", "yuv420p",
                          self.folder.join(f"ffmpeg-{pixels}.mp4"))

    def trace(self):
        return self.folder.join("drawn-runs", "traces", "quadratic-sgd.csv")

    def matplotlib(self, frames):
        """Seconds a frame, its start not counted."""
        done = subprocess.run([PYTHON, self.folder.write("peer.py", MATPLOTLIB), self.trace(), self.folder.join("peer.mp4"), str(frames), PRESET, str(CRF)],
                              check=True, capture_output=True, text=True)
        return float(done.stdout.split()[-1]) / frames

    def gnuplot(self, frames):
        with open(self.trace(), encoding="utf-8") as f:
            rows = list(csv.DictReader(f))
        picked = [rows[min(len(rows) - 1, round(len(rows) ** (i / (frames - 1))) - 1)] for i in range(frames)]
        lists = "".join(f'{name}s = "{" ".join(row[name] for row in picked)}"\n' for name in ("step", "alpha", "beta", "gamma"))
        lists += f'losses = "{" ".join(format(float(row["loss"]), ".3e") for row in picked)}"\n'
        pictures = self.folder.fresh("gnuplot")
        os.mkdir(pictures)
        script = self.folder.write("peer.gp", lists + GNUPLOT.format(last=frames - 1, folder=pictures))
        seconds = seconds_of("gnuplot", script)
        return (seconds + seconds_of("ffmpeg", "-v", "error", "-y", "-r", str(FPS), "-i", os.path.join(pictures, "%06d.png"), "-c:v", "libx264", "-preset",
                                     PRESET, "-crf", str(CRF), "-pix_fmt", "yuv420p", self.folder.join("gnuplot.mp4"))) / frames

    def ssim(self, path):
        """Of all frames against those that were drawn; of Y, Cb and Cr as ffmpeg weighs them."""
        told = subprocess.run(["ffmpeg", "-nostdin", "-v", "info", *self.raw("yuv420p"), "-i", path, "-lavfi", "[1:v][0:v]ssim", "-f", "null", "-"],
                              check=True, capture_output=True, text=True).stderr
        return float(told.rsplit("All:", 1)[1].split()[0])


def compare(frames, rounds):
    need("python3-matplotlib", [PYTHON, "-c", "import matplotlib"])
    need("ffmpeg", ["ffmpeg", "-version"])
    gnuplot = need("gnuplot-nox", ["gnuplot", "--version"])
    with Folder() as folder, Folder(in_memory=True) as memory:
        v = Videos(folder, memory, frames)
        same, few = (f"speed={PRESET}", f"crf={CRF}"), max(60, frames // 8)  # the peers' frames all cost the same; an eighth measures it
        jobs = {
            "matplotlib": lambda: v.matplotlib(few) * frames,
            "gnuplot": lambda: v.gnuplot(few) * frames,
            "ffmpeg, from frames as drawn": lambda: v.ffmpeg("bgr0"),
            "ffmpeg, from converted frames": lambda: v.ffmpeg("yuv420p"),
            "optreel, same preset and CRF": lambda: v.optreel(same),
            "optreel, its own choice": v.optreel,
        }
        if not gnuplot:
            del jobs["gnuplot"]
        seconds = medians(jobs, rounds)
        files = {"ffmpeg, from converted frames": folder.join("ffmpeg-yuv420p.mp4")}
        quality = {name: (v.ssim(path), os.path.getsize(path)) for name, path in files.items()}
        for name, settings in (("optreel, same preset and CRF", same), ("optreel, its own choice", ())):
            path = v.optreel_file(settings)
            quality[name] = (v.ssim(path), os.path.getsize(path))
    print(f"\n### {WIDTH}x{HEIGHT} MP4, {frames} frames of the fit panel, x264 {PRESET}, CRF {CRF}; medians of {rounds} rounds, {os.cpu_count()} cores\n")
    print("optreel: all of it, from the experiment file to the verified film. ffmpeg: encoding alone, from memory.")
    rows = []
    for name, s in seconds.items():
        ssim, size = quality.get(name, (None, None))
        rows.append([name, f"{frames / s:.0f}", f"{seconds['matplotlib'] / s:.1f}", f"{s / seconds['ffmpeg, from frames as drawn']:.2f}",
                     f"{s / seconds['ffmpeg, from converted frames']:.2f}", f"{ssim:.5f}" if ssim else "", f"{size / 1e6:.2f} MB" if size else ""])
    table(["job", "frames/s", "speed, matplotlib = 1", "time, ffmpeg as drawn = 1", "time, ffmpeg converted = 1", "SSIM", "size"], rows)
    print(f"drawing alone: {v.cost['mean_ms']:.2f} ms a frame, {100 * v.cost['damage']:.1f} % of its blocks change")
    return seconds


def front(frames, rounds):
    """Size, quality and time over the settings that a user can choose."""
    need("ffmpeg", ["ffmpeg", "-version"])
    with Folder() as folder, Folder(in_memory=True) as memory:
        v = Videos(folder, memory, frames)
        choices = [(speed, crf) for speed in ("", "smaller", "ultrafast", "superfast", "veryfast", "faster", "medium", "slow") for crf in (17, 20, 23)]
        rows = []
        for speed, crf in choices:
            settings = ((f"speed={speed}",) if speed else ()) + (f"crf={crf}",)
            seconds = medians({f"{speed or 'default'} {crf}": lambda: v.optreel(settings)}, rounds)
            path = v.optreel_file(settings)
            rows.append([speed or "default", crf, f"{frames / next(iter(seconds.values())):.0f}", f"{v.ssim(path):.5f}", f"{os.path.getsize(path) / 1e6:.2f} MB"])
    print(f"\n### The front of size, quality and time: {WIDTH}x{HEIGHT} MP4, {frames} frames, H.264\n")
    table(["speed", "crf", "frames/s", "SSIM", "size"], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="MP4s of optreel against its peers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=600)
    parser.add_argument("--front", action="store_true")
    options = parser.parse_args()
    compare(options.frames, options.rounds)
    if options.front:
        front(options.frames, 1)
