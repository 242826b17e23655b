#!/usr/bin/env python3
"""Bytes of MP4s against x264's veryfast at CRF 20, at equal quality, on four clips of 1280x720: a run, a race, a race on a surface, a report
video with cuts. Equal quality is SSIM (luma and chroma as ffmpeg weighs them), SSIM of luma, or PSNR of the luma of blocks that changed; the
bytes of optreel at that quality lie on the line through two CRFs (log bytes over log(1 - SSIM), or over PSNR).

usage: scripts/bench_clips.py [--smaller]     --smaller: with `speed: smaller`
"""
import argparse
import math
import os
import re
import subprocess

from bench_common import OPTREEL, QUADRATIC, Folder, run, table

SIZE, FPS, CRF, TRIED = (1280, 720), 30, 20, (18, 22)
REPORT = QUADRATIC + """\
steps: 2000
optimizers: {sgd: {learning_rate: 0.1}, adam: {learning_rate: 0.05}}
films: [{each: experiment, layout: sequence, name: report, panels: [fit, loss], length: 20}]
output: {preset: web, poster: false}
"""
CLIPS = (("run", "assignment", "quadratic-adam"), ("race", "assignment", "quadratic-race"), ("surface", "races", "rosenbrock-race"),
         ("report", None, "report"))


def ssim(video, raw):
    """Of all planes, and of luma."""
    told = subprocess.run(["ffmpeg", "-nostats", "-i", video, "-i", raw, "-lavfi",
                           f"[0:v]settb=1/{FPS},setpts=N[a];[1:v]settb=1/{FPS},setpts=N[b];[a][b]ssim", "-f", "null", "-"],
                          capture_output=True, text=True, check=True).stderr
    found = re.search(r"SSIM Y:([\d.]+).*?All:([\d.]+)", told)
    return float(found[2]), float(found[1])


def changed_psnr(video, raw):
    """Of the luma of blocks of 16x16 that differ from the frame before, in dB."""
    import numpy  # comes with matplotlib, which the other parts need
    (width, height), error, count, before = SIZE, 0, 0, None
    reads = [subprocess.Popen(["ffmpeg", "-v", "error", "-i", path, "-fps_mode", "passthrough", "-vf", "extractplanes=y", "-f", "rawvideo", "-"],
                              stdout=subprocess.PIPE) for path in (video, raw)]
    while True:
        ours, drawn = (numpy.frombuffer(r.stdout.read(width * height), numpy.uint8) for r in reads)
        if len(drawn) < width * height or len(ours) < width * height:
            break
        if before is not None:
            blocks = (height // 16, 16, width // 16, 16)
            moved = (drawn != before).reshape(blocks).any(axis=(1, 3))
            squares = ((drawn.astype(numpy.int32) - ours) ** 2).reshape(blocks).sum(axis=(1, 3))
            error += int(squares[moved].sum())
            count += 256 * int(moved.sum())
        before = drawn
    for r in reads:
        r.stdout.close()
        r.wait()
    return 10 * math.log10(255 ** 2 * count / error)


def measures(video, raw):
    whole, luma = ssim(video, raw)
    return [math.log(1 - whole), math.log(1 - luma), changed_psnr(video, raw)]


def ratios(folder, clip, smaller):
    """Bytes of optreel over those of veryfast, at each equal quality."""
    name, experiment, film = clip
    experiment = experiment or folder.write("report.yaml", REPORT)
    out = folder.join(name)

    def make(formats):
        run(OPTREEL, "render", experiment, "--only", film, "-o", out, "--force", "-q", "--set", f"output.formats={formats}", "--set",
            f"output.size={SIZE[0]}x{SIZE[1]}", "--set", f"output.fps={FPS}", "--set", "output.poster=false")
    make("[y4m]")
    raw, plain, ours = os.path.join(out, film + ".y4m"), os.path.join(out, "plain.mp4"), os.path.join(out, film + ".mp4")
    run("ffmpeg", "-y", "-i", raw, "-c:v", "libx264", "-preset", "veryfast", "-crf", str(CRF), "-g", "250", "-threads", "1", plain)
    wanted, points = measures(plain, raw), []
    for crf in TRIED:
        make(f"{{mp4: {{crf: {crf}{', speed: smaller' if smaller else ''}}}}}")
        points.append((math.log(os.path.getsize(ours)), measures(ours, raw)))
    os.remove(raw)
    (low, at_low), (high, at_high) = points
    slopes = [(high - low) / (b - a) for a, b in zip(at_low, at_high)]
    return [math.exp(low + slope * (w - a)) / os.path.getsize(plain) for slope, w, a in zip(slopes, wanted, at_low)]


def compare(smaller=False):
    rows, logs = [], []
    for clip in CLIPS:
        with Folder() as folder:
            found = ratios(folder, clip, smaller)
        rows.append([clip[0], *(f"{r:.3f}" for r in found)])
        logs.append([math.log(r) for r in found])
    rows.append(["geometric mean", *(f"{math.exp(sum(column) / len(column)):.3f}" for column in zip(*logs))])
    print(f"\n### MP4 bytes, x264 veryfast CRF {CRF} = 1, at equal quality{', speed: smaller' if smaller else ''}\n")
    table(["clip", "SSIM", "SSIM of luma", "PSNR of changed blocks"], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="bytes of MP4s at equal quality")
    parser.add_argument("--smaller", action="store_true")
    compare(parser.parse_args().smaller)
