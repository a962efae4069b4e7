"""A digit turned, slanted, thickened, shrunk, shifted or made noisy, a little more at each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.preprocess.picture import SIZE, Pixels

#: Steps of an axis: an odd number, so that the digit as it is has one.
STEPS = 25
#: Where MNIST puts a digit's centre of mass, as an index of a row or column.
CENTRE = 14.0
#: Of the noise, the same for every digit: a curve shows what more of it does, not what other noise does.
NOISE_SEED = 7

Grey = NDArray[np.float32]


@dataclass(frozen=True)
class Axis:
    """A way to change a digit.

    Attributes:
        low: the amount of the first step.
        high: that of the last.
        none: the amount that changes nothing.
        change: from float32 (28, 28) in 0…255 and an amount to the same.
    """

    low: float
    high: float
    none: float
    change: Callable[[Grey, float], Grey]

    @property
    def amounts(self) -> NDArray[np.float64]:
        """Of each step; the one nearest to no change is exactly that."""
        amounts = np.linspace(self.low, self.high, STEPS)
        amounts[self.rest] = self.none
        return amounts

    @property
    def rest(self) -> int:
        """The step that changes nothing."""
        return int(np.abs(np.linspace(self.low, self.high, STEPS) - self.none).argmin())


def vary(image: Pixels, name: str) -> Pixels:
    """Every step of an axis of ``AXES``, uint8 (``STEPS``, 28, 28), from uint8 (28, 28).

    Raises:
        KeyError: there is no such axis.
    """
    axis = AXES[name]
    grey = image.astype(np.float32)
    steps = [grey if place == axis.rest else axis.change(grey, amount) for place, amount in enumerate(axis.amounts)]
    return np.asarray(np.stack(steps).round().clip(0, 255), np.uint8)


def _moved(grey: Grey, matrix: NDArray[np.float64], shift: float = 0.0) -> Grey:
    """Sampled between pixels (bilinear), each point fetched from ``matrix`` times its place about the centre."""
    rows, columns = np.mgrid[:SIZE, :SIZE] - CENTRE
    x = matrix[0, 0] * columns + matrix[0, 1] * rows + CENTRE - shift
    y = matrix[1, 0] * columns + matrix[1, 1] * rows + CENTRE
    padded = np.pad(grey, 1)  # what comes from outside is paper
    x, y = (x + 1).clip(0, SIZE + 0.999), (y + 1).clip(0, SIZE + 0.999)
    left, top = x.astype(int), y.astype(int)
    right, down = x - left, y - top
    upper = padded[top, left] * (1 - right) + padded[top, left + 1] * right
    lower = padded[top + 1, left] * (1 - right) + padded[top + 1, left + 1] * right
    return np.asarray(upper * (1 - down) + lower * down, np.float32)


def _rotated(grey: Grey, degrees: float) -> Grey:
    """Turned clockwise."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return _moved(grey, np.array([[cosine, sine], [-sine, cosine]]))


def _slanted(grey: Grey, amount: float) -> Grey:
    """Its top pushed to the right, by ``amount`` times the height above the centre."""
    return _moved(grey, np.array([[1.0, amount], [0.0, 1.0]]))


def _sized(grey: Grey, scale: float) -> Grey:
    return _moved(grey, np.eye(2) / scale)


def _shifted(grey: Grey, pixels: float) -> Grey:
    """To the right."""
    return _moved(grey, np.eye(2), pixels)


def _thickened(grey: Grey, pixels: float) -> Grey:
    """Each edge of the ink moved outwards by so many pixels, or inwards, by halves of a pixel's neighbours."""
    choose = np.maximum if pixels > 0 else np.minimum
    left, whole = abs(pixels), grey
    while left > 0:
        padded = np.pad(whole, 1, mode="edge")
        middle = padded[1:-1, 1:-1]
        neighbours = (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:])
        moved = choose.reduce((middle, *neighbours))
        whole = middle + min(1.0, left) * (moved - middle)
        left -= 1
    return np.asarray(whole, np.float32)


def _noisy(grey: Grey, amount: float) -> Grey:
    """Normal noise whose standard deviation is so many times the blackest ink."""
    noise = np.random.default_rng(NOISE_SEED).standard_normal((SIZE, SIZE), np.float32)
    return np.asarray(grey + 255 * amount * noise, np.float32)


#: In the order in which they are shown.
AXES = {
    "rotate": Axis(-90, 90, 0, _rotated),
    "slant": Axis(-1.2, 1.2, 0, _slanted),
    "thicken": Axis(-2, 3, 0, _thickened),
    "size": Axis(0.3, 1.4, 1, _sized),
    "shift": Axis(-9, 9, 0, _shifted),
    "noise": Axis(0, 0.8, 0, _noisy),
}
