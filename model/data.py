"""Where digits come from: MNIST's files, folders of pictures, your own handwriting.

    python -m model.data export OUT --data DIR     # MNIST as PNGs: OUT/train/0…9/*.png, OUT/test/0…9/*.png
    python -m model.data make FOLDER OUT           # FOLDER/0…9/your pictures, any size, as a data set like MNIST

Exit status 2 when something can't be read or written; then nothing was written.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Generator

from model.digits import VALIDATION_SHARE, DataSet, Digits, as_input, joined
from model.errors import DataError, DigitsError, failed
from model.folders import folder_checksum, has_folders, preprocessed, read_folder, write_folders
from model.idx import idx_checksums, read_idx, write_idx

__all__ = ["DataSet", "Digits", "as_input", "joined", "load_data", "load_test"]


def load_data(root: str | Path = "data") -> DataSet:
    """Digits to train on and to test with.

    Args:
        root: a folder with ``train/0…9/*.png`` and ``test/0…9/*.png``, or one that holds, or will
            hold, MNIST as ``MNIST/raw/*-ubyte``, downloaded when it isn't there yet.

    Returns:
        The last twelfth of the training digits as ``validation``, the rest as ``train``.

    Raises:
        DataError: the files can't be read or downloaded, or are too few.
    """
    root = Path(root)
    _check(root)
    if has_folders(root):
        train, test = _shuffled(read_folder(root / "train")), read_folder(root / "test")
        checksums = {name: folder_checksum(part) for name, part in (("train", train), ("test", test))}
    else:
        train, test = read_idx(root, train=True), read_idx(root, train=False)
        checksums = idx_checksums(root)
    if len(train) < VALIDATION_SHARE or not len(test):
        raise DataError(f"{root} holds too few digits: at least {VALIDATION_SHARE} to train on and one to test with")
    split = len(train) - len(train) // VALIDATION_SHARE
    return DataSet(train[:split], train[split:], test, checksums)


def load_test(root: str | Path = "data") -> Digits:
    """The test digits alone.

    Raises:
        DataError: the files can't be read or downloaded.
    """
    root = Path(root)
    _check(root)
    return read_folder(root / "test") if has_folders(root) else read_idx(root, train=False)


def _check(root: Path) -> None:
    """A folder that is there, but holds neither layout, is a person's mistake and no place to download to."""
    if root.is_dir() and any(root.iterdir()) and not has_folders(root) and not (root / "MNIST").is_dir():
        raise DataError(
            f"{root} holds no digits: there should be train/0…9 and test/0…9 with pictures, or MNIST/raw; "
            f"`python -m model.data make` makes such a folder of your own pictures"
        )


def _shuffled(digits: Digits, seed: int = 0) -> Digits:
    """In an order of chance, for a folder's is by label, and the last twelfth would be nines."""
    order = torch.randperm(len(digits), generator=Generator().manual_seed(seed))
    return Digits(digits.images[order], digits.labels[order], tuple(digits.names[index] for index in order.tolist()))


def make(folder: Path, out: Path, test_share: float) -> tuple[int, int]:
    """A data set like MNIST of a folder of labelled pictures: IDX files and PNGs.

    Args:
        folder: ``LABEL/PICTURE``, or the same below ``train`` and ``test``.
        test_share: the part (0…1) that tests, unless the folder itself says which.

    Returns:
        How many pictures there are to train on and to test with.

    Raises:
        DataError: the folder can't be read, or ``out`` already holds one.
        OSError: ``out`` can't be written.
    """
    if has_folders(folder):
        train, test = (read_folder(folder / part, preprocessed) for part in ("train", "test"))
    else:
        digits = _shuffled(read_folder(folder, preprocessed))
        tested = round(len(digits) * test_share)
        train, test = digits[tested:], digits[:tested]
    if (out / "MNIST").exists():
        raise DataError(f"{out / 'MNIST'} is already there: give another folder, or delete it first")
    write_folders(out, {"train": train, "test": test})
    try:
        write_idx(out, train, test)
    except OSError:
        for part in ("train", "test"):
            shutil.rmtree(out / part)
        raise
    return len(train), len(test)


def main(arguments: Sequence[str] | None = None) -> int:
    """Export MNIST, or make a data set."""
    parser = argparse.ArgumentParser("python -m model.data", description="Digits as files.")
    commands = parser.add_subparsers(dest="command", required=True)
    export = commands.add_parser("export", help="write MNIST as PNGs in folders named by their label")
    export.add_argument("out", type=Path, metavar="OUT")
    export.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is, or goes")
    own = commands.add_parser("make", help="make a data set like MNIST of your own pictures")
    own.add_argument("folder", type=Path, metavar="FOLDER", help="a folder for each digit, 0 to 9, with pictures")
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
                raise DataError(f"--test-share is {options.test_share:g}: it goes from 0 to 1")
            counts = make(options.folder, options.out, options.test_share)
    except (DigitsError, OSError) as error:
        return failed(error, options.out, doing="use")
    print(f"{options.out}: {counts[0]} pictures to train on, {counts[1]} to test with")
    return 0


if __name__ == "__main__":
    sys.exit(main())
