"""Labelled digits as uint8 tensors in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from model.preprocess.picture import SIZE, Pixels

#: One training digit in twelve validates: the last 5,000 of MNIST's 60,000.
VALIDATION_SHARE = 12


@dataclass(frozen=True)
class Digits:
    """Labelled digits.

    Attributes:
        images: uint8 of shape (N, 28, 28), ink bright (255) on 0.
        labels: int64 of shape (N,), 0 to 9.
        names: where each came from, such as its file; empty when they only have numbers.
    """

    images: Tensor
    labels: Tensor
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, part: slice) -> Digits:
        return Digits(self.images[part], self.labels[part], self.names[part])

    def name(self, index: int) -> str:
        """Where a digit came from, for a person."""
        return self.names[index] if self.names else f"digit {index}"


@dataclass(frozen=True)
class DataSet:
    """Digits in three parts, and the SHA-256 of each file that they were read from."""

    train: Digits
    validation: Digits
    test: Digits
    checksums: dict[str, str]


def joined(*parts: Digits) -> Digits:
    """Several parts as one; their names are kept when all have names."""
    named = all(part.names or not len(part) for part in parts)
    return Digits(
        torch.cat([part.images for part in parts]),
        torch.cat([part.labels for part in parts]),
        tuple(name for part in parts for name in part.names) if named else (),
    )


def stacked(images: Sequence[Pixels], labels: Sequence[int]) -> Digits:
    """Digits of any number of pictures, each uint8 (28, 28)."""
    return Digits(
        torch.from_numpy(np.stack(images) if images else np.zeros((0, SIZE, SIZE), np.uint8)),
        torch.tensor(labels, dtype=torch.int64),
    )


def as_input(images: Tensor) -> Tensor:
    """uint8 (N, 28, 28) in 0…255 to what the networks take: float32 (N, 1, 28, 28) in 0…1."""
    return images.to(torch.float32).div_(255).unsqueeze_(1)


def as_images(ink: Tensor) -> Tensor:
    """What the networks take, float32 (N, 1, 28, 28) in 0…1, to uint8 (N, 28, 28)."""
    return ink.squeeze(1).mul(255).round().to(torch.uint8)
