"""MNIST's own files, four in the IDX format: reading, downloading and writing them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import torch

from model.data.digits import Digits
from model.errors import DataError
from model.files import write_together
from model.preprocess.picture import SIZE

RAW_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def read_idx(root: Path, *, train: bool) -> Digits:
    """The training or the test digits below ``root``, downloaded when they aren't there yet.

    Args:
        root: the folder that holds, or will hold, ``MNIST/raw/*-ubyte``.

    Raises:
        DataError: the files can't be downloaded, or don't hold labelled digits.
    """
    # torchvision costs 1.4 s to import, and only training and evaluation get here.
    from torchvision.datasets import MNIST

    raw = root / "MNIST" / "raw"
    damaged = DataError("damaged-data", folder=raw)
    try:
        files = MNIST(str(root), train=train, download=True)
    except (OSError, RuntimeError) as error:  # URLError is an OSError
        if isinstance(error, RuntimeError) and all((raw / name).exists() for name in RAW_FILES):
            raise damaged from error  # an image file that is cut short
        reason = " ".join(str(error).split())
        raise DataError("no-download", folder=root, reason=reason) from error
    except (ValueError, AssertionError, EOFError, LookupError, TypeError) as error:
        raise damaged from error
    digits = Digits(files.data, files.targets.long())
    if digits.images.shape[1:] != (SIZE, SIZE) or len(digits.images) != len(digits.labels):
        raise DataError("no-mnist-digits", folder=raw)
    if not all(0 <= label <= 9 for label in set(digits.labels.tolist())):
        raise DataError("labels-out-of-range", folder=raw)
    return digits


def idx_checksums(root: Path) -> dict[str, str]:
    """The SHA-256 of each of the four files."""
    return {name: hashlib.sha256((root / "MNIST" / "raw" / name).read_bytes()).hexdigest() for name in RAW_FILES}


def write_idx(root: Path, train: Digits, test: Digits) -> None:
    """Write the four files below ``root``, or none of them.

    Raises:
        OSError: the folder can't be written.
    """
    parts = (train.images, train.labels, test.images, test.labels)
    write_together({root / "MNIST" / "raw" / name: _idx(part) for name, part in zip(RAW_FILES, parts, strict=True)})


def _idx(values: torch.Tensor) -> bytes:
    """Unsigned bytes with a header: 0, 0, type 8, number of axes, then each axis's length (Y. LeCun's page)."""
    array = values.numpy().astype(np.uint8)
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes() + array.tobytes()
