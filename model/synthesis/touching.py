"""Pieces of digits that touch, for training: parted in the right place they are digits, in a wrong one they are none.

A reader of rows cuts where there is little ink and asks the network about every run of slices. It must have seen such
runs: a digit that lost a corner or kept a neighbour's, two digits that look like one, a half with half a neighbour.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from model.data.digits import Digits
from model.data.pens import PenDigit, load_pens
from model.preprocess.normalise import as_mnist
from model.preprocess.picture import SIZE, Pixels
from model.preprocess.strokes import Stroke, draw
from model.reading.atoms import Atom, union
from model.reading.cuts import slices
from model.reading.scores import DIGITS
from model.synthesis.pens import Strokes, changed, pen_width

#: The height of a digit, in pixels: as in a picture, not as in its 28×28, for the seams to go where they go there.
HEIGHT = 56.0
#: Drawn so many times finer and then averaged.
FINER = 2
#: What is drawn above and below the digits, as a share of their height.
MARGIN = 0.4
#: How far apart two digits' strokes stand, as a share of their height, before their pen's width is taken off.
GAP = (-0.1, 0.06)
#: How far a digit stands above or below the line: standard deviation, as a share of the height.
DROP = 0.06
#: A run of slices is a digit if it holds this share of that digit's ink …
WHOLE = 0.92
#: … and no more of its own ink than this share is others'.
CLEAN = 0.1
#: Two digits of which each has left this share of its ink in a run are none.
SEEN = 0.45
#: A digit with more of others' ink than this share of the run's is none.
SOILED = 0.3
#: A run with no more than this share of any digit's ink is a half …
HALVED = 0.62
#: … of one of these, of which no part is another digit, …
HALVED_AT_ALL = (0, 2, 3, 5)
#: … and not so narrow, for its height, that it is a 1.
NOT_A_BAR = 0.35
#: The most pieces of either kind that one row gives.
MOST_OF_A_ROW = 2
#: Ink from this level on is counted.
INKED = 128


def touching_digits(count: int, seed: int, digits: Sequence[PenDigit] | None = None) -> Digits:
    """``count`` pieces of touching digits, about half of them labelled ``DIGITS``: no digit.

    Args:
        digits: to choose from instead of those of the writers to train on.
    """
    rng = Random(seed)
    digits = load_pens()[0] if digits is None else digits
    images: list[Pixels] = []
    labels: list[int] = []
    while len(labels) < count:
        right, wrong = _parted(rng.choices(digits, k=rng.choice([2, 2, 3])), rng)
        # As many of each kind from a row, so that neither crowds out the other.
        some = min(MOST_OF_A_ROW, max(1, len(right)), max(1, len(wrong)))
        for ink, label in [*rng.sample(right, min(some, len(right))), *rng.sample(wrong, min(some, len(wrong)))]:
            if len(labels) < count:
                images.append(as_mnist(ink)[1])
                labels.append(label)
    return Digits(
        torch.from_numpy(np.stack(images) if images else np.zeros((0, SIZE, SIZE), np.uint8)),
        torch.tensor(labels, dtype=torch.int64),
    )


def _parted(digits: Sequence[PenDigit], rng: Random) -> tuple[list[tuple[Pixels, int]], list[tuple[Pixels, int]]]:
    """Runs of a row's slices that are digits, and those that are none."""
    layers = _drawn(digits, rng)
    row = np.max(layers, axis=0)
    parts = slices(Atom((0, 0, row.shape[1], row.shape[0]), row))
    masks = [layer >= INKED for layer in layers]
    right: list[tuple[Pixels, int]] = []
    wrong: list[tuple[Pixels, int]] = []
    for first in range(len(parts)):
        for last in range(first + 1, len(parts) + 1):
            run = union(parts[first:last])
            label = label_of(run, masks, [digit.label for digit in digits])
            if label is not None:
                (wrong if label == DIGITS else right).append((run.ink, label))
    return right, wrong


def label_of(run: Atom, masks: Sequence[NDArray[np.bool_]], labels: Sequence[int]) -> int | None:
    """What a run of slices is, given where each digit's ink (H, W) lies: its label, ``DIGITS``, or ``None`` if unclear.

    Halves that look like another digit are unclear: half an 8 is a 3.
    """
    x0, y0, x1, y1 = run.box
    inked = run.ink >= INKED
    parts = [inked & mask[y0:y1, x0:x1] for mask in masks]
    kept = [_share(part, mask) for part, mask in zip(parts, masks, strict=True)]
    best = int(np.argmax(kept))
    foreign = 1 - _share(parts[best], inked)
    if kept[best] >= WHOLE and foreign <= CLEAN:
        return labels[best]
    # What of each other digit doesn't lie on the best one's ink.
    beside = [_share(part & ~parts[best], mask) for part, mask in zip(parts, masks, strict=True)]
    if max(beside) >= SEEN or (kept[best] >= WHOLE and foreign >= SOILED):
        return DIGITS
    is_bar = run.width < NOT_A_BAR * run.height
    is_half = kept[best] <= HALVED and foreign <= CLEAN and not is_bar
    return DIGITS if is_half and labels[best] in HALVED_AT_ALL else None


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return float(np.count_nonzero(part)) / max(1.0, float(np.count_nonzero(whole)))


def _drawn(digits: Sequence[PenDigit], rng: Random) -> list[Pixels]:
    """Each digit of a row alone on a canvas of the row's size."""
    width = pen_width(rng)
    rows: list[Strokes] = []
    x = MARGIN
    for digit in digits:
        strokes = changed(digit, rng)
        columns = [point[0] for stroke in strokes for point in stroke]
        drop = rng.gauss(0, DROP)
        move = x - min(columns)
        rows.append([[(px + move, py + MARGIN + drop) for px, py in stroke] for stroke in strokes])
        x += max(columns) - min(columns) + rng.uniform(*GAP) + width * rng.random()
    size = round(HEIGHT * (x + MARGIN)), round(HEIGHT * (1 + 2 * MARGIN))
    return [_inked(row, size, width) for row in rows]


def _inked(strokes: Strokes, size: tuple[int, int], width: float) -> Pixels:
    """Strokes, given in heights, on a canvas of so many pixels, smoothed as the pad's are."""
    picture = Image.new("L", (size[0] * FINER, size[1] * FINER))
    for stroke in strokes:
        draw(picture, Stroke(width, tuple(stroke)), HEIGHT * FINER)
    return np.asarray(picture.reduce(FINER))
