"""Numbers of several digits, built from pen strokes and from MNIST."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.data.digits import Digits
from model.preprocess.strokes import Drawing, Stroke
from tests.benchmark.sources import Labelled


def pen_numbers(file: Path, count: int, seed: int = 0) -> Iterator[Labelled]:
    """Two to six recorded digits of one writer in a row, on a wide canvas, not always far apart."""
    chance = random.Random(seed)
    by_writer: dict[str, list[dict[str, object]]] = {}
    for digit in json.loads(file.read_text(encoding="utf-8")):
        by_writer.setdefault(digit["writer"], []).append(digit)
    for _ in range(count):
        digits = chance.choices(by_writer[chance.choice(sorted(by_writer))], k=chance.randint(2, 6))
        yield _in_a_row([d["strokes"] for d in digits], chance), "".join(str(d["label"]) for d in digits)  # type: ignore[misc]


def _in_a_row(digits: list[list[list[list[float]]]], chance: random.Random) -> Drawing:
    height, left, width = chance.uniform(60, 110), 20.0, chance.uniform(5, 12)
    drawn: list[Stroke] = []
    for strokes in digits:
        points = np.array([point for stroke in strokes for point in stroke], dtype=float)
        low, high = points.min(axis=0), points.max(axis=0)
        scale = height * chance.uniform(0.85, 1.1) / max(1.0, float(high[1] - low[1]))
        scale = min(scale, 1.1 * height / max(1.0, float(high[0] - low[0])))
        top = 70 + chance.gauss(0, 4)
        for stroke in strokes:
            placed = tuple((left + (x - low[0]) * scale, top + (high[1] - y) * scale) for x, y in stroke)
            drawn.append(Stroke(width, placed))
        left += float(high[0] - low[0]) * scale + width + chance.uniform(0.05, 0.5) * height
    return Drawing((max(280.0, left + 20), 280.0), tuple(drawn))


def mnist_numbers(digits: Digits, count: int, seed: int = 0) -> Iterator[Labelled]:
    """Two to six test digits in a row, as a picture: uint8 (60, W), some of them touching."""
    chance = random.Random(seed)
    for _ in range(count):
        chosen = [chance.randrange(len(digits)) for _ in range(chance.randint(2, 6))]
        images = [digits.images[index].numpy() for index in chosen]
        label = "".join(str(int(digits.labels[index])) for index in chosen)
        yield _beside(images, chance), label


def _beside(images: list[NDArray[np.uint8]], chance: random.Random) -> NDArray[np.uint8]:
    picture = np.zeros((60, 40 + 34 * len(images)), np.uint8)
    left = 16
    for image in images:
        drawn = image[:, image.any(axis=0)]
        top = 16 + chance.randint(-2, 2)
        part = picture[top : top + 28, left : left + drawn.shape[1]]
        np.maximum(part, drawn, out=part)
        left += drawn.shape[1] + chance.choice([-1, 1, 2, 3, 4, 6])
    return np.kron(picture, np.ones((3, 3), np.uint8))
