"""Send a running page files and strokes that nobody should: ``python -m tests.fuzz [--files 1000]``.

Starts the page on this machine, and checks that each is answered within two seconds by a reading or by one clear
sentence, and that the server's memory comes back. Exit status 1 when not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gradio_client import Client, handle_file
from tqdm import tqdm

from tests.helpers import hostile
from tests.helpers.running import DRAWING
from tests.helpers.server import Server, serving

#: Seconds in which everything is answered, and how much memory may stay.
SLOWEST, GROWTH = 2.0, 1.10


@dataclass
class Report:
    """What the page did."""

    answers: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    slowest: float = 0.0
    growth: float = 0.0

    def add(self, name: str, seconds: float, reading: object) -> None:
        """One answer."""
        self.slowest = max(self.slowest, seconds)
        if seconds > SLOWEST:
            self.problems.append(f"{name}: {seconds:.1f} s")
        if not isinstance(reading, dict):
            self.problems.append(f"{name}: no reading but {str(reading)[:200]!r}")
            return
        self.answers[str(reading["status"] or "refused")] += 1
        error = reading["error"]
        if reading["status"] is None and (not error or "\n" in error or "Traceback" in error):
            self.problems.append(f"{name}: no clear sentence: {error!r}")


def fuzz(server: Server, count: int) -> Report:
    """Ask the page all of it, one after another."""
    report = Report()
    client = Client(server.url, verbose=False)
    _ask(client, "/predict_strokes", DRAWING)  # so that the process that reads drawings is there before, too
    with tempfile.TemporaryDirectory() as folder:
        for name, content in hostile.files(100, seed=1):  # so that each thread has read large ones before
            (Path(folder) / name).write_bytes(content)
            _ask(client, "/predict_image", handle_file(Path(folder) / name))
        before = server.memory
        for name, content in tqdm(list(hostile.files(count)), desc="files", leave=False):
            path = Path(folder) / name
            path.write_bytes(content)
            started = time.perf_counter()
            reading = _ask(client, "/predict_image", handle_file(path))
            report.add(name, time.perf_counter() - started, reading)
            path.unlink()
    for number, drawing in enumerate(hostile.strokes()):
        started = time.perf_counter()
        reading = _ask(client, "/predict_strokes", drawing)
        report.add(f"strokes {number}", time.perf_counter() - started, reading)
    report.growth = server.memory / before
    if report.growth > GROWTH:
        report.problems.append(f"memory grew to {report.growth:.2f} of what it was")
    client.close()
    return report


def _ask(client: Client, endpoint: str, value: object) -> object:
    try:
        return client.predict(value, api_name=endpoint)
    except Exception as error:  # whatever the client makes of a refusal is what is looked at
        return error


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the page, send it everything, tell what it did."""
    parser = argparse.ArgumentParser("python -m tests.fuzz", description="Send the page hostile files and strokes.")
    parser.add_argument("--files", type=int, default=1000, help="how many files (default: %(default)s)")
    options = parser.parse_args(arguments)
    with serving() as server:
        report = fuzz(server, options.files)
    total = sum(report.answers.values())
    print(f"{total} answers: {dict(report.answers)}; slowest {report.slowest:.2f} s, memory × {report.growth:.3f}")
    print("\n".join(report.problems) or "no problem")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
