"""Where the digits to measure on come from: other people's uploads, pen strokes, scans."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

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


def pen_digits(file: Path, seed: int = 0) -> Iterator[Labelled]:
    """Recorded strokes, drawn on the pad's canvas at a size, a place and with a pen as people vary them.

    Args:
        file: JSON, a list of ``{"label", "strokes": [[[x, y], …], …]}`` with the y axis up.
    """
    chance = random.Random(seed)
    for digit in json.loads(file.read_text(encoding="utf-8")):
        yield on_canvas(digit["strokes"], chance), str(digit["label"])


def on_canvas(strokes: list[list[list[float]]], chance: random.Random) -> Drawing:
    """Strokes with the y axis up, on a canvas of 280 × 280."""
    points = np.array([point for stroke in strokes for point in stroke], dtype=float)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = chance.uniform(90, 230) / max(1.0, float((high - low).max()))
    room = CANVAS - 20 - (high - low) * scale
    left, top = 10 + chance.random() * float(room[0]), 10 + chance.random() * float(room[1])
    width = chance.uniform(6, 26)
    drawn = tuple(
        Stroke(width, tuple((left + (x - low[0]) * scale, top + (high[1] - y) * scale) for x, y in stroke))
        for stroke in strokes
    )
    return Drawing((CANVAS, CANVAS), drawn)


def usps(file: Path) -> Iterator[Labelled]:
    """Scanned zip-code digits, 16×16 and bright on 0, from an npz with the arrays x and y."""
    with np.load(file, allow_pickle=False) as arrays:
        images, labels = arrays["x"], arrays["y"]
    for image, label in zip(images, labels, strict=True):
        yield image, str(int(label))
