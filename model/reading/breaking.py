"""A network with parts of it broken, and how little ink it takes to another answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.preprocess.picture import SIZE, Pixels
from model.reading.activations import Activations, Muted
from model.reading.explain import lead
from model.reading.forward import Values
from model.reading.scores import Logits

#: A dab of ink or of paper: soft, as the edge of a stroke is.
DAB = np.array([[0.25, 0.5, 0.25], [0.5, 1.0, 0.5], [0.25, 0.5, 0.25]], np.float32)
#: How black a dab makes its centre: half of what there is, so that a stroke's edge can be moved by less than a pixel.
STRENGTH = 128.0
#: Pixels from the ink within which more ink is tried: a digit grows from its strokes.
REACH = 3
#: Ink, in whole pixels, that a dab counts for at least: one that hits paper or ink already there is no bargain.
LEAST_INK = 0.25


@dataclass(frozen=True)
class Damage:
    """What is broken in a network.

    Attributes:
        muted: units or maps that give nothing, by the stage's place; all of a stage where -1 is among them.
        noise: added to the weights, in standard deviations of their layer.
        seed: of the noise.
        without_biases: all biases are zero.
    """

    muted: Mapping[int, Sequence[int]] = field(default_factory=dict)
    noise: float = 0.0
    seed: int = 0
    without_biases: bool = False

    def logits(self, activations: Activations, ink: Values) -> Values:
        """What the broken network gives, (N, 10 or 11), for ink float32 (N, 28, 28) in 0…1.

        Raises:
            IndexError: there is no such stage or map.
        """
        if self.noise or self.without_biases:
            rng = np.random.default_rng(self.seed)
            activations = activations.changed(self.noise, rng, without_biases=self.without_biases)
        return activations.logits(ink, self._muted(activations))

    def _muted(self, activations: Activations) -> Muted:
        counts = activations.counts
        if any(place < 0 for place in self.muted):
            raise IndexError("a place below zero")
        muted = {place: np.zeros(counts[place], np.bool_) for place in self.muted}
        for place, units in self.muted.items():
            if any(unit < -1 for unit in units):
                raise IndexError("a unit below zero")
            muted[place][slice(None) if -1 in units else list(units)] = True
        return muted


class Dab(NamedTuple):
    """One small change of a digit: the new picture, the dab's centre, whether ink was added, and how much changed."""

    image: Pixels
    x: int
    y: int
    added: bool
    ink: float


def nudge(image: Pixels, target: int, logits: Callable[[Pixels], Logits]) -> Dab | None:
    """The dab that brings an answer nearest to a digit for its ink; ``None`` if none brings it nearer.

    It looks one step ahead: the ink of all steps together is little, not proven the least.

    Args:
        image: uint8 (28, 28), ink 255 on 0.
        target: the digit that it should be read as.
        logits: gives logits (N, 10 or 11) of images (N, 28, 28).
    """
    spots = [*_spots(image, added=True), *_spots(image, added=False)]
    images = np.stack([image, *(_dabbed(image, *spot) for spot in spots)])
    ink = np.abs(images[1:].astype(np.float32) - image).sum(axis=(1, 2)) / 255
    leads = lead(logits(images), target)
    gained = (leads[1:] - leads[0]) / np.maximum(ink, LEAST_INK)
    best = int(gained.argmax())
    if gained[best] <= 0:
        return None
    y, x, added = spots[best]
    return Dab(images[best + 1], x, y, added, float(ink[best]))


def _spots(image: Pixels, *, added: bool) -> list[tuple[int, int, bool]]:
    """Centres of dabs: every other pixel near the ink to add to, every other pixel of the ink to take from."""
    ink = image > 0
    if added:
        padded = np.pad(ink, REACH)
        ink = np.logical_or.reduce(
            [padded[y : y + SIZE, x : x + SIZE] for y in range(2 * REACH + 1) for x in range(2 * REACH + 1)]
        )
        if not ink.any():
            ink[:] = True
    ys, xs = np.nonzero(ink)
    return [(int(y), int(x), added) for y, x in zip(ys, xs, strict=True) if (x + y) % 2 == 0]


def _dabbed(image: Pixels, y: int, x: int, added: bool) -> Pixels:
    padded: NDArray[np.float32] = np.pad(image.astype(np.float32), 1)
    padded[y : y + 3, x : x + 3] += (STRENGTH if added else -STRENGTH) * DAB
    return np.asarray(padded[1:-1, 1:-1].clip(0, 255), np.uint8)
