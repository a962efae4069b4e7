"""Ink laid out by hand, and judges that need no network, for the tests of reading."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from model.preprocess.components import Box
from model.preprocess.picture import Pixels
from model.reading.atoms import Atom
from model.reading.parts import Part
from model.reading.scene import Reader
from model.reading.scores import Logits


def block(x: int, y: int, width: int, height: int) -> Atom:
    """A filled box of ink."""
    return Atom((x, y, x + width, y + height), np.full((height, width), 255, np.uint8))


def page(*boxes: Box, size: tuple[int, int] = (200, 300)) -> Pixels:
    """Filled boxes on a page of (height, width)."""
    ink = np.zeros(size, np.uint8)
    for x0, y0, x1, y1 in boxes:
        ink[y0:y1, x0:x1] = 255
    return ink


def part(atom: Atom, log_digit: float = -0.01, log_label: float = 0.0) -> Part:
    """An atom that a network judged so."""
    return Part(atom, np.zeros((28, 28), np.uint8), np.zeros(11), log_digit, log_label)


def logits(log_digit: float) -> list[float]:
    """Logits (11,) of a 1 that is a digit with that log probability."""
    p = math.exp(log_digit)
    none = math.log((1 - p) / p) if p < 1 else -50.0
    return [-60.0, 0.0, *[-60.0] * 8, none]


def reader(log_digit_of: Callable[[Pixels], float]) -> Reader:
    """A reader whose network takes everything for a 1, with a log probability that depends on the image (28, 28)."""

    def logits_of(images: Pixels) -> Logits:
        return np.array([logits(log_digit_of(image)) for image in images])

    return Reader(logits_of, 1.0)


def width_of(image: Pixels) -> int:
    """How many columns of an image (28, 28) have ink."""
    return int(image.any(axis=0).sum())
