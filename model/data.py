"""MNIST as uint8 tensors in memory.

``torchvision.datasets.MNIST`` downloads and parses the four IDX files; here they
become tensors, split into training, validation and test digits.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from model.errors import DataError

RAW_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)

#: One training digit in twelve validates: the last 5,000 of MNIST's 60,000.
VALIDATION_SHARE = 12


@dataclass(frozen=True)
class Digits:
    """Labelled digits.

    Attributes:
        images: uint8 of shape (N, 28, 28), ink bright (255) on 0.
        labels: int64 of shape (N,), 0 to 9.
    """

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, part: slice) -> Digits:
        return Digits(self.images[part], self.labels[part])


@dataclass(frozen=True)
class Mnist:
    """MNIST's digits in three parts, and the SHA-256 of each file that they were read from."""

    train: Digits
    validation: Digits
    test: Digits
    checksums: dict[str, str]


def load_mnist(root: str | Path = "data") -> Mnist:
    """Read MNIST below ``root``, downloading it when it isn't there yet.

    Args:
        root: the folder that holds, or will hold, ``MNIST/raw/*-ubyte``.

    Returns:
        The last twelfth of the training digits as ``validation``, the rest as ``train``.

    Raises:
        DataError: the files can't be downloaded, or aren't MNIST's.
    """
    root = Path(root)
    train, test = _read(root, train=True), _read(root, train=False)
    split = len(train) - len(train) // VALIDATION_SHARE
    return Mnist(train[:split], train[split:], test, _checksums(root / "MNIST" / "raw"))


def _read(root: Path, *, train: bool) -> Digits:
    # torchvision costs 1.4 s to import, and only training and evaluation get here.
    from torchvision.datasets import MNIST

    damaged = f"{root / 'MNIST' / 'raw'} holds damaged files: delete the folder and try again"
    try:
        files = MNIST(str(root), train=train, download=True)
    except (OSError, RuntimeError) as error:  # URLError is an OSError
        if isinstance(error, RuntimeError) and all((root / "MNIST" / "raw" / name).exists() for name in RAW_FILES):
            raise DataError(damaged) from error  # an image file that is cut short
        reason = " ".join(str(error).split())
        raise DataError(
            f"MNIST isn't in {root} and can't be downloaded into it ({reason}): "
            f"check the connection, or give the folder of a copy with --data"
        ) from error
    except (ValueError, AssertionError, EOFError, LookupError, TypeError) as error:
        raise DataError(damaged) from error
    digits = Digits(files.data, files.targets.long())
    if digits.images.shape[1:] != (28, 28) or len(digits.images) != len(digits.labels):
        raise DataError(f"{root / 'MNIST' / 'raw'} holds files that aren't 28×28 labelled digits")
    if len(digits) < VALIDATION_SHARE or not all(0 <= label <= 9 for label in set(digits.labels.tolist())):
        raise DataError(f"{root / 'MNIST' / 'raw'} holds too few digits, or labels outside 0 to 9")
    return digits


def _checksums(raw: Path) -> dict[str, str]:
    return {name: hashlib.sha256((raw / name).read_bytes()).hexdigest() for name in RAW_FILES}


def as_input(images: Tensor) -> Tensor:
    """uint8 (N, 28, 28) in 0…255 to what the networks take: float32 (N, 1, 28, 28) in 0…1."""
    return images.to(torch.float32).div_(255).unsqueeze_(1)
