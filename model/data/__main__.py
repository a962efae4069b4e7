"""Digits as files: MNIST as PNGs, or a data set like MNIST of your own pictures.

    python -m model.data export OUT --data DIR     # MNIST as PNGs: OUT/train/0…9/*.png, OUT/test/0…9/*.png
    python -m model.data make FOLDER OUT           # FOLDER/0…9/your pictures, any size, as a data set like MNIST
    python -m model.data make LABELS.csv OUT       # the same of a list of names and labels

``make`` ends with a table of what was taken and what was left out and why, and OUT/contact-sheet.png to look at.
Exit status 2 when there is nothing to take, or something can't be written; then nothing was written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from model.packages import TRAINING, exit_without

if __name__ == "__main__":
    exit_without(*TRAINING)  # the imports that follow need them

from model.data.contact import contact_sheet
from model.data.digits import joined
from model.data.folders import write_folders
from model.data.idx import read_idx
from model.data.own import SHEET, gather, write
from model.errors import DataError, DigitsError, failed
from model.reading.recognizer import Recognizer
from model.reading.scores import DIGITS


def main(arguments: Sequence[str] | None = None) -> int:
    """Export MNIST, or make a data set."""
    parser = argparse.ArgumentParser("python -m model.data", description="Digits as files.")
    commands = parser.add_subparsers(dest="command", required=True)
    export = commands.add_parser("export", help="write MNIST as PNGs in folders named by their label")
    export.add_argument("out", type=Path, metavar="OUT")
    export.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is, or goes")
    own = commands.add_parser("make", help="make a data set like MNIST of your own pictures")
    own.add_argument(
        "folder",
        type=Path,
        metavar="FOLDER",
        help="a folder for each digit, 0 to 9; or a CSV file",
    )
    own.add_argument("out", type=Path, metavar="OUT")
    own.add_argument(
        "--test-share", type=float, default=0.2, help="the part that tests; 1 for all (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    try:
        if options.command == "export":
            train, test = read_idx(options.data, train=True), read_idx(options.data, train=False)
            write_folders(options.out, {"train": train, "test": test})
            counts = len(train), len(test)
        else:
            if not 0 <= options.test_share <= 1:
                raise DataError("out-of-range", name="--test-share", value=options.test_share, low=0, high=1)
            return make(options.folder, options.out, options.test_share)
    except (DigitsError, OSError) as error:
        return failed(error, options.out, doing="use")
    _tell(options.out, *counts)
    return 0


def make(source: Path, out: Path, test_share: float) -> int:
    """Make a data set of a person's own pictures, and tell what became of them.

    Raises:
        DigitsError: there is nothing to take, or ``out`` holds a data set already.
        OSError: ``out`` can't be written.
    """
    own = gather(source, test_share)
    recognizer = Recognizer.load()
    sheet, otherwise = contact_sheet(
        joined(*own.parts.values()), lambda images: recognizer.logits(images)[:, :DIGITS].argmax(axis=1)
    )
    write(own, out, sheet)
    _tell(out, *map(len, own.parts.values()))
    print(f"\n{own.table()}\n\nlook at {out / SHEET}: framed is what is read otherwise than labelled, {otherwise}")
    return 0


def _tell(out: Path, train: int, test: int) -> None:
    print(f"{out}: {train} pictures to train on, {test} to test with")


if __name__ == "__main__":
    sys.exit(main())
