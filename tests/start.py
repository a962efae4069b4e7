"""How soon the page is there, and what it takes: ``python -m tests.start [--rounds 5]``.

Seconds from the command to the first answered request, by turns with an empty Gradio page; seconds of the first
reading, asked for at once; resident memory after a hundred readings, beside the empty page's and torch's own. Exit
status 1 when a figure misses what is asked of it.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence

from tests.helpers.running import HOST, ROOT, free_port
from tests.helpers.server import Server, serving
from tests.helpers.visitor import Visitor, drawing

#: Times an empty page's start; seconds of the first reading; megabytes that a page takes which reads.
SLOWER, FIRST_READING, MOST_MEMORY = 1.25, 1.0, 700
READINGS = 100
WITH_TORCH = ("-c", "import sys, torch; from tests.helpers.empty_page import main; sys.exit(main())")


def seconds_to_answer(*command: str) -> float:
    """From the command to the first 200."""
    port = free_port()
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command, "--port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        while time.perf_counter() - started < 60:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{port}/"):
                return time.perf_counter() - started
            time.sleep(0.01)
    finally:
        process.terminate()
        process.wait(timeout=30)
    raise TimeoutError(f"{' '.join(command)} doesn't answer")


def first_reading(server: Server) -> float:
    """Seconds that the first visitor waits for the first reading."""
    with Visitor(server) as visitor:
        started = time.perf_counter()
        visitor.run("predict_strokes", drawing(7), "cnn")
        return time.perf_counter() - started


def megabytes(server: Server, readings: int) -> float:
    """Resident memory after so many readings."""
    with Visitor(server) as visitor:
        for number in range(readings):
            visitor.run("predict_strokes", drawing(number), "cnn")
    return server.memory / 1e6


def measure(rounds: int) -> Iterator[tuple[str, float, float]]:
    """What is measured, the figure, the most that it may be."""
    pages = {"empty": ("-m", "tests.helpers.empty_page"), "ours": ("app.py",)}
    seconds: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(rounds):
        for name, command in pages.items():
            seconds[name].append(seconds_to_answer(*command))
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    yield "seconds to the first answer, an empty Gradio page", medians["empty"], float("inf")
    yield "seconds to the first answer, this page", medians["ours"], SLOWER * medians["empty"]
    with serving() as ours:
        yield "seconds of the first reading, asked for at once", first_reading(ours), FIRST_READING
        yield f"megabytes after {READINGS} readings", megabytes(ours, READINGS), MOST_MEMORY
    with serving(*pages["empty"]) as empty:
        yield "megabytes of an empty Gradio page", megabytes(empty, READINGS), float("inf")
    with serving(*WITH_TORCH) as empty:
        yield "megabytes of an empty Gradio page that has imported torch", megabytes(empty, READINGS), float("inf")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, tell, and compare with what is asked."""
    parser = argparse.ArgumentParser("python -m tests.start", description="How soon the page is there.")
    parser.add_argument("--rounds", type=int, default=5, help="starts of each page (default: %(default)s)")
    options = parser.parse_args(arguments)
    status = 0
    for what, figure, most in measure(options.rounds):
        missed = figure > most
        status |= missed
        print(f"{what}: {figure:.3g}{f', more than {most:.3g}' if missed else ''}", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
