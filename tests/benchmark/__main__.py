"""Measure everything the README says, write docs/benchmark.json and the tables made of it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from model import DigitsError, Recognizer
from model.data.load import load_data
from model.files import write_atomically
from model.reading.store import load_card, trained_models
from tests.benchmark import measures, report
from tests.benchmark.measured_scenes import SceneFigures, measure
from tests.benchmark.writing import Hands

#: How many pictures are made of each scene.
SCENES = 100

ROOT = Path(__file__).parent.parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write. Exit status 2 when a source can't be read."""
    parser = argparse.ArgumentParser("python -m tests.benchmark", description=__doc__)
    sources = {
        "data": "MNIST, a folder",
        "uploads": "pictures, a folder with an index.csv: file, cls, label, kind",
        "usps": "16×16 scans, npz with x and y",
        "fashion": "Fashion-MNIST's t10k-images-idx3-ubyte.gz",
    }
    for name, text in sources.items():
        parser.add_argument(f"--{name}", type=Path, required=True, metavar="PATH", help=text)
    parser.add_argument(
        "--scenes", type=int, default=SCENES, metavar="N", help="pictures of each (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    try:
        recognizer = Recognizer.load()
        test = load_data(options.data).test
        scans = test.images.numpy(), test.labels.numpy()
        scenes = list(measure(recognizer, Hands.kept_out(), scans, options.scenes))
        rows = [
            *measures.mnist(options.data, recognizer),
            *measures.people(options.uploads, recognizer),
            *measures.pens(recognizer),
            *measures.invariances(recognizer),
            *measures.zip_codes(options.usps, recognizer),
            *measures.few_pixels(recognizer),
            *measures.corruptions(options.data, recognizer),
            *measures.no_digits(options.data, recognizer, options.fashion, options.uploads),
            *measures.sizes(recognizer),
            *measures.speeds(recognizer),
        ]
    except (DigitsError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(report.table(rows))
    print(report.scenes_table(scenes))
    report.save(rows, scenes, ROOT / "docs" / "benchmark.json")
    write_tables(rows, scenes)
    print(f"written to docs/benchmark.json, docs/measured.md and both READMEs; measured on {os.cpu_count()} cores")
    return 0


def write_tables(rows: list[measures.Row], scenes: list[SceneFigures]) -> None:
    """Put the figures into docs/measured.md and the READMEs."""
    file = ROOT / "docs" / "measured.md"
    text = report.put_scenes(report.put_into(file.read_text(encoding="utf-8"), rows), scenes)
    write_atomically(file, text.encode())
    cards = [load_card(name) for name in trained_models()]
    for readme in (ROOT / "README.md", ROOT / "README.zh-CN.md"):
        text = report.put_headlines(readme.read_text(encoding="utf-8"), rows, scenes)
        write_atomically(readme, report.put_models(text, cards).encode())


if __name__ == "__main__":
    sys.exit(main())
