"""Where the digits to measure on come from: other people's uploads, pen strokes, scans."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image
from sklearn.datasets import load_digits

from model.data.pens import PenDigit
from model.preprocess.pipeline import Source
from model.preprocess.strokes import Drawing, Stroke

Labelled = tuple[Source, str]

CANVAS = 280


def uploads(folder: Path, kind: str, medium: str | None = None) -> Iterator[Labelled]:
    """Pictures that ``index.csv`` (file, cls, label, kind) names, of one class and, if given, one kind."""
    with (folder / "index.csv").open(encoding="utf-8") as index:
        for row in csv.DictReader(index):
            if row["cls"] == kind and medium in (None, row["kind"]):
                yield folder / row["file"], row["label"]


def pen_digits(digits: Iterable[PenDigit], seed: int = 0) -> Iterator[Labelled]:
    """Recorded digits, drawn on the pad's canvas at a size, a place and with a pen as people vary them."""
    rng = random.Random(seed)
    for digit in digits:
        yield on_canvas(digit.strokes, rng), str(digit.label)


def on_canvas(strokes: Iterable[ArrayLike], rng: random.Random) -> Drawing:
    """Strokes, each (P, 2) of x to the right and y down in any unit, on a canvas of 280 × 280."""
    given = [np.asarray(stroke, dtype=float) for stroke in strokes]
    points = np.concatenate(given)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = rng.uniform(90, 230) / max(1e-6, float((high - low).max()))
    room = CANVAS - 20 - (high - low) * scale
    corner = np.array([10 + rng.random() * float(room[0]), 10 + rng.random() * float(room[1])])
    width = rng.uniform(6, 26)
    placed = [(stroke - low) * scale + corner for stroke in given]
    return Drawing(
        (CANVAS, CANVAS), tuple(Stroke(width, tuple((x, y) for x, y in stroke.tolist())) for stroke in placed)
    )


def usps(file: Path) -> Iterator[Labelled]:
    """Scanned zip-code digits, 16×16 and bright on 0, from an npz with the arrays x and y."""
    with np.load(file, allow_pickle=False) as arrays:
        images, labels = arrays["x"], arrays["y"]
    for image, label in zip(images, labels, strict=True):
        yield image, str(int(label))


def optdigits() -> Iterator[Labelled]:
    """The 1,797 test digits of UCI's Optdigits (E. Alpaydin & C. Kaynak, 1998), 8×8 and bright on 0, as
    scikit-learn brings them: blocks of 4×4 pixels of 32×32 bitmaps, which they fill from top to bottom.
    """
    digits = load_digits()
    for blocks, label in zip(digits.images, digits.target, strict=True):
        yield np.round(blocks * (255 / 16)).astype(np.uint8), str(label)


def enlarged(digits: Iterable[Labelled], side: int) -> Iterator[Labelled]:
    """Arrays made ``side`` pixels high and wide by bicubic interpolation, dark on white."""
    for array, label in digits:
        large = Image.fromarray(np.asarray(array)).resize((side, side), Image.Resampling.BICUBIC)
        yield 255 - np.asarray(large), label
