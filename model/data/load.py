"""Where digits come from: MNIST's files, or folders of pictures."""

from __future__ import annotations

from pathlib import Path

from model.data.digits import VALIDATION_SHARE, DataSet, Digits
from model.data.folders import folder_checksum, has_folders, read_folder, shuffled
from model.data.idx import idx_checksums, read_idx
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
        train, test = shuffled(read_folder(root / "train")), read_folder(root / "test")
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
