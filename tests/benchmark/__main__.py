"""Measure everything the README says, write docs/benchmark.json and the README's table.

What isn't given isn't measured, and then nothing is written: the table is made whole or not at all.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from model import DigitsError, Recognizer
from model.files import write_atomically
from tests.benchmark import measures, report

ROOT = Path(__file__).parent.parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write. Exit status 2 when a source can't be read."""
    parser = argparse.ArgumentParser("python -m tests.benchmark", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="MNIST")
    parser.add_argument(
        "--uploads", type=Path, metavar="DIR", help="pictures with an index.csv: file, cls, label, kind"
    )
    parser.add_argument("--pen", type=Path, metavar="FILE", help="pen strokes, JSON")
    parser.add_argument("--usps", type=Path, metavar="FILE", help="16×16 scans, npz with x and y")
    options = parser.parse_args(arguments)
    try:
        recognizer = Recognizer.load()
        rows = [
            *measures.mnist(options.data, recognizer),
            *measures.corruptions(options.data, recognizer),
            *measures.no_digits(options.data, recognizer),
        ]
        for folder, measure in (
            (options.uploads, measures.people),
            (options.pen, measures.pens),
            (options.usps, measures.zip_codes),
        ):
            rows += measure(folder, recognizer) if folder else []
        rows += [*measures.sizes(recognizer), *measures.speeds(recognizer)]
    except (DigitsError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(report.table(rows))
    if options.uploads and options.pen and options.usps:
        report.save(rows, ROOT / "docs" / "benchmark.json")
        readme = ROOT / "README.md"
        write_atomically(readme, report.put_into(readme.read_text(encoding="utf-8"), rows).encode())
        print(f"written to docs/benchmark.json and README.md; measured on {os.cpu_count()} cores")
    return 0


if __name__ == "__main__":
    sys.exit(main())
