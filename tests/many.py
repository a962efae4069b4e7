"""How fast many small pictures are read, and what it takes: ``python -m tests.many [COUNT…] [--jobs N]``.

The pictures are the tests' 200 digits of MNIST as PNGs, over and over. For each count it prints pictures a second, the
processor time of all processes for each picture, and the most memory that they took together. The seconds are this
machine's with all that runs beside it; processor time depends on that less.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from PIL import Image

from model.data.load import load_test
from tests.helpers.running import ROOT

#: Seconds between two looks at the memory.
LOOK = 0.2


def make(folder: Path, count: int) -> None:
    """So many pictures in folders of at most ten thousand; each of 200 is written once, and linked to."""
    images = load_test(ROOT / "tests" / "data").images.numpy()
    originals = folder / "originals"
    originals.mkdir()
    for number, image in enumerate(images):
        Image.fromarray(image).save(originals / f"{number}.png")
    for number in range(count):
        place = folder / "pictures" / f"{number // 10_000:04}"
        place.mkdir(parents=True, exist_ok=True)
        os.link(originals / f"{number % len(images)}.png", place / f"{number:08}.png")


def measure(folder: Path, jobs: int) -> tuple[float, float, float]:
    """Seconds, seconds of processor time, and the most bytes of memory that reading a folder takes."""
    command = [sys.executable, "-m", "model.predict", str(folder / "pictures"), "--jobs", str(jobs), "--output"]
    before, start, most = os.times(), time.monotonic(), 0
    process = subprocess.Popen([*command, str(folder / "out.jsonl")], cwd=ROOT, stderr=subprocess.DEVNULL)
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            processes = [watched, *watched.children(recursive=True)]
            most = max(most, sum(one.memory_info().rss for one in processes))
        except psutil.Error:  # one has just ended
            pass
        time.sleep(LOOK)
    if process.returncode:
        raise SystemExit(f"the command ended with status {process.returncode}")
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - start, spent, most


def main() -> None:
    """Measure, and print a line for each count."""
    parser = argparse.ArgumentParser("python -m tests.many", description="Measure reading many pictures.")
    parser.add_argument("counts", nargs="*", type=int, default=[1_000, 10_000], metavar="COUNT")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    options = parser.parse_args()
    for count in options.counts:
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder), count)
            seconds, spent, memory = measure(Path(folder), options.jobs)
        print(
            f"{count:,} pictures, {options.jobs} processes: {count / seconds:,.0f} a second, "
            f"{1e3 * spent / count:.2f} ms of processor time each, {memory / 1e6:.0f} MB in all; "
            f"load {os.getloadavg()[0]:.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
