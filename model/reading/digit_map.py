"""Test digits that ship: those on the map of the default network's last hidden layer, and some to test with.

``python -m model.training.digit_map --data DIR`` makes ``map.npz``, for the weights beside it alone, and ``test.npz``.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from model.errors import WeightsError
from model.preprocess.picture import SIZE, Pixels
from model.reading.store import WEIGHTS, Card

FILE = "map.npz"
TEST_FILE = "test.npz"
#: Digits on the map: all that the default network misreads, and the first of the others.
COUNT = 2000
#: Test digits to test with, from the first on.
TESTED = 200
#: Greys of a picture on the map: four fit into the two bits that keep the file small.
GREYS = 4
#: By how many bits each of a byte's four pixels is moved, the left one first.
MOVED = np.array([6, 4, 2, 0], np.uint8)
#: Digits that a new one lands between.
NEAREST = 5
#: The largest coordinate.
SIDE = 65_535
#: The largest feature; with 31 an eighth of the nearest neighbours are others, with 255 the file is over 200 kB.
MOST = 63

Features = NDArray[np.float32]


@dataclass(frozen=True)
class DigitMap:
    """Test digits and their places.

    Attributes:
        weights: SHA-256 of the weights that the places are by.
        indices: of each digit in the test set, (N,).
        labels: what each is, (N,).
        answers: what the network reads, (N,).
        places: across and down, uint16 (N, 2) in 0…``SIDE``.
        features: what the last layer is given, uint8 (N, F) in 0…``MOST``, in units of ``step``.
        step: see there.
        pictures: uint8 (N, 28, 28) in four greys.
    """

    weights: str
    indices: NDArray[np.uint16]
    labels: NDArray[np.uint8]
    answers: NDArray[np.uint8]
    places: NDArray[np.uint16]
    features: NDArray[np.uint8]
    step: float
    pictures: Pixels

    def is_of(self, card: Card) -> bool:
        """Whether the places are by a card's weights."""
        return self.weights == card.weights_sha256

    def nearest(self, features: Features) -> tuple[list[int], list[float]]:
        """The digits on the map that the network finds most like one with these features (F,), and how alike.

        Returns:
            Their positions, and the cosines of the angles between the features, in 0…1, the likest first.
        """
        known = self.features.astype(np.float32) * self.step
        lengths = np.linalg.norm(known, axis=1) * np.linalg.norm(features)
        likeness = known @ features / np.maximum(lengths, 1e-9)
        order = np.argsort(-likeness, kind="stable")[:NEAREST]
        return [int(place) for place in order], [float(likeness[place]) for place in order]

    def between(self, nearest: list[int], likeness: list[float]) -> tuple[float, float]:
        """Where a digit lands: the mean of its neighbours' places, in 0…1, the likest counting most."""
        angles = np.arccos(np.clip(likeness, 0.0, 1.0))
        weights = 1 / np.maximum(angles, 0.01) ** 2
        across, down = weights @ (self.places[nearest] / SIDE) / weights.sum()
        return float(across), float(down)


@dataclass(frozen=True)
class Tested:
    """The first test digits, uint8 (``TESTED``, 28, 28), and what they are, (``TESTED``,)."""

    images: Pixels
    labels: NDArray[np.uint8]


@lru_cache
def load_map(folder: Path = WEIGHTS) -> DigitMap:
    """The digits on the map.

    Raises:
        WeightsError: the file is missing or damaged.
    """
    arrays = _arrays(folder / FILE, "weights", "indices", "labels", "answers", "places", "features", "step", "pictures")
    weights, step, greys = str(arrays.pop("weights")), float(arrays.pop("step")), arrays.pop("pictures")
    return DigitMap(weights=weights, step=step, pictures=unpacked(greys), **arrays)


@lru_cache
def load_tested(folder: Path = WEIGHTS) -> Tested:
    """The digits to test with.

    Raises:
        WeightsError: the file is missing or damaged.
    """
    return Tested(**_arrays(folder / TEST_FILE, "images", "labels"))


def _arrays(file: Path, *names: str) -> dict[str, Any]:
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in names}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise WeightsError("missing-or-damaged-file", file=file) from error


def files_of(digits: DigitMap, tested: Tested) -> dict[str, bytes]:
    """Both files, by name."""
    return {FILE: _saved({**vars(digits), "pictures": packed(digits.pictures)}), TEST_FILE: _saved(vars(tested))}


def _saved(arrays: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **{name: np.asarray(value) for name, value in arrays.items()})
    return file.getvalue()


def packed(pictures: Pixels) -> NDArray[np.uint8]:
    """Pictures (N, 28, 28) in four greys as (N, 28, 7), four pixels in a byte."""
    greys = np.round(pictures / 255 * (GREYS - 1)).astype(np.uint8).reshape(-1, SIZE, SIZE // 4, 4)
    return np.asarray((greys << MOVED).sum(axis=-1, dtype=np.uint8))


def unpacked(greys: NDArray[np.uint8]) -> Pixels:
    """The pictures that ``packed`` made."""
    pixels = (greys[..., None] >> MOVED) & 3
    return np.asarray(pixels.reshape(-1, SIZE, SIZE) * (255 // (GREYS - 1)), np.uint8)
