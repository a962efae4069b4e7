"""Where digits come from: MNIST's files, folders of pictures, your own handwriting."""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
from torch import Generator

from model.data.digits import VALIDATION_SHARE, DataSet, Digits
from model.data.folders import folder_checksum, has_folders, preprocessed, read_folder, write_folders
from model.data.idx import idx_checksums, read_idx, write_idx
from model.errors import DataError


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
        raise DataError("too-few-digits", folder=root, least=VALIDATION_SHARE)
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
        raise DataError("no-digits", folder=root)


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
        raise DataError("already-there", path=out / "MNIST")
    write_folders(out, {"train": train, "test": test})
    try:
        write_idx(out, train, test)
    except OSError:
        for part in ("train", "test"):
            shutil.rmtree(out / part)
        raise
    return len(train), len(test)
