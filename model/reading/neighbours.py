"""The training digits that a network finds most like a picture, among a thousand that ship with the weights.

``python -m model.training.pick_neighbours --data DIR`` picks them anew: the first hundred of each digit.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.errors import WeightsError
from model.preprocess.picture import Pixels
from model.reading.store import WEIGHTS

Features = NDArray[np.float32]

#: So many of each digit, in the order of their labels.
EACH = 100
FILE = "training.png"


@dataclass(frozen=True)
class Neighbour:
    """A training digit: its label, uint8 (28, 28), and the cosine of the angle to the picture's features, −1…1."""

    label: str
    image: Pixels
    likeness: float


class Neighbours:
    """The shipped training digits as one network sees them."""

    def __init__(self, features_of: Callable[[Pixels], Features], folder: Path = WEIGHTS) -> None:
        self._features_of = features_of
        self._images = load_training(folder)
        self._features = _directions(features_of(self._images))

    def nearest(self, image: Pixels, count: int = 5) -> list[Neighbour]:
        """The ``count`` training digits whose features point most nearly the same way as the image's."""
        likeness = self._features @ _directions(self._features_of(image[None]))[0]
        order = np.argsort(-likeness, kind="stable")[:count]
        return [Neighbour(str(index // EACH), self._images[index], float(likeness[index])) for index in order]


def _directions(features: Features) -> Features:
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / np.maximum(lengths, 1e-9))


@lru_cache
def load_training(folder: Path = WEIGHTS) -> Pixels:
    """The shipped training digits, uint8 (1000, 28, 28), a hundred of each, in the order of their labels.

    Raises:
        WeightsError: the file is missing or damaged.
    """
    try:
        strip = np.asarray(Image.open(io.BytesIO((folder / FILE).read_bytes()), formats=["PNG"]))
        return np.asarray(strip.reshape(10 * EACH, 28, 28))
    except (OSError, ValueError) as error:
        raise WeightsError("missing-or-damaged-file", file=folder / FILE) from error
