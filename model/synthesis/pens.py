"""Recorded digits redrawn for training: other slants and pens, coarse pictures, parts of neighbours, halves.

What a page or a photo gives the network isn't always a whole digit alone: a crop brings a sliver of the next digit
along, a small picture has strokes of a pixel, and a digit parted in the wrong place leaves a half that is none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from model.data.digits import Digits, stacked
from model.data.pens import PenDigit, load_pens
from model.preprocess.picture import Pixels
from model.preprocess.strokes import Drawing, Stroke, render
from model.synthesis.hand import fit

Strokes = list[list[tuple[float, float]]]

#: The side of the canvas that a digit is drawn on before it is put into MNIST's form, in pixels.
CANVAS = 96
#: The digit's share of that side.
FILLED = 0.6
#: The share of the pen digits that are drawn on a coarse raster.
COARSE = 0.2
#: The share that brings parts of neighbours along.
NEIGHBOURED = 0.15
#: A coarse raster's side in pixels: from digits of a few pixels to what MNIST's own box holds.
COARSE_SIDE = (9, 32)
#: The most of a neighbour that comes along, as a share of the digit's height: more of it is a second digit.
SLIVER = 0.1
#: The least width of such a neighbour: of a thinner one almost the whole would come along.
WIDE_ENOUGH = 0.4
#: Digits whose left half is no digit: half an 8 is a 3.
HALVED_LEFT = (0, 2, 3, 4, 5, 6, 9)
#: Digits whose right half is none: those of a 4 and a 9 are ones.
HALVED_RIGHT = (0, 2, 3, 5)
#: A pen's width where a digit is 1 high: the median of a log-normal distribution, …
PEN_WIDTH = 0.095
#: … its standard deviation, in logarithms, …
PEN_SPREAD = 0.45
#: … and the thinnest and thickest pen.
PEN_RANGE = (0.03, 0.28)
#: Ink from this level on counts when a half is looked at, …
INKED = 128
#: … which must reach over so many rows of 28.
LEAST_ROWS = 8


def pen_digits(count: int, seed: int, digits: Sequence[PenDigit] | None = None) -> Digits:
    """``count`` recorded digits of the writers to train on, each redrawn by chance.

    Args:
        digits: others to choose from.
    """
    rng = Random(seed)
    digits = load_pens()[0] if digits is None else digits
    chosen = rng.choices(digits, k=count)
    images = [_redrawn(digit, digits, rng) for digit in chosen]
    return stacked(images, [digit.label for digit in chosen])


def _redrawn(digit: PenDigit, digits: Sequence[PenDigit], rng: Random) -> Pixels:
    strokes = changed(digit, rng)
    kind = rng.random()
    if kind < COARSE:
        return fit(coarse(strokes, rng))
    if kind < COARSE + NEIGHBOURED:
        return fit(with_neighbours(strokes, digits, rng))
    return fit(_drawn(strokes, _pen_width(rng)))


def changed(digit: PenDigit, rng: Random) -> Strokes:
    """A digit's strokes slanted, turned and stretched a little, as its writer might have on another day."""
    angle, slant = math.radians(rng.gauss(0, 5)), rng.gauss(0.0, 0.12)
    stretch_x, stretch_y = rng.uniform(0.75, 1.2), rng.uniform(0.85, 1.15)
    cos, sin = math.cos(angle), math.sin(angle)
    matrix = np.array([[stretch_x * cos, stretch_x * sin], [-slant * cos - stretch_y * sin, stretch_y * cos]])
    points = np.concatenate(digit.strokes)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return [[(float(x), float(y)) for x, y in (stroke - middle) @ matrix + 0.5] for stroke in digit.strokes]


def _pen_width(rng: Random) -> float:
    """Of a digit 1 high."""
    width = math.exp(rng.gauss(math.log(PEN_WIDTH), PEN_SPREAD))
    return min(max(width, PEN_RANGE[0]), PEN_RANGE[1])


def _drawn(strokes: Strokes, width: float, columns: float = 1.0) -> Pixels:
    """Strokes on a canvas of ``CANVAS`` × ``columns`` by ``CANVAS``, bright on 0, as the pad draws them."""
    edge = CANVAS * (1 - FILLED) / 2
    placed = [tuple((edge + CANVAS * FILLED * x, edge + CANVAS * FILLED * y) for x, y in stroke) for stroke in strokes]
    drawing = Drawing((CANVAS * columns, CANVAS), tuple(Stroke(CANVAS * FILLED * width, points) for points in placed))
    return np.asarray(render(drawing))


def coarse(strokes: Strokes, rng: Random) -> Pixels:
    """Strokes on a raster of few pixels, bright on 0: with a pencil of 1 to 3 pixels, sharp (1-bit) or soft."""
    side = rng.randint(*COARSE_SIDE)
    width = rng.choice([1, 1, 2, 2, 3] if side > 14 else [1, 1, 2])
    finer = rng.choice([1, 4])
    picture = Image.new("L", ((2 * side) * finer, (2 * side) * finer))
    pen = ImageDraw.Draw(picture)
    shift_x, shift_y = rng.random(), rng.random()
    for stroke in strokes:
        points = [((side * (x + 0.5) + shift_x) * finer, (side * (y + 0.5) + shift_y) * finer) for x, y in stroke]
        pen.line(points * (2 if len(points) == 1 else 1), fill=255, width=width * finer)
    reduced = np.asarray(picture.reduce(finer) if finer > 1 else picture)
    if finer > 1 and rng.random() < 0.3:
        reduced = np.where(reduced > rng.choice([64, 128]), 255, 0).astype(np.uint8)
    return (
        reduced if reduced.max() >= 128 else np.asarray(picture.reduce(finer).point(lambda level: min(255, level * 4)))
    )


def with_neighbours(strokes: Strokes, digits: Sequence[PenDigit], rng: Random) -> Pixels:
    """A digit with slivers of the digits beside it, as a crop from a tight row has them."""
    width = _pen_width(rng)
    left, right = _reach(strokes)
    drawn = [list(stroke) for stroke in strokes]
    sides = rng.choice([(-1,), (1,), (-1, 1)])
    edges = {}
    for side in sides:
        low, high = _reach(other := changed(rng.choice(digits), rng))
        while high - low < WIDE_ENOUGH:
            low, high = _reach(other := changed(rng.choice(digits), rng))
        sliver, drop = rng.uniform(0.02, SLIVER), rng.gauss(0, 0.08)
        gap = rng.uniform(-0.08, 0.12) + width / 2
        move = (right + gap - low) if side > 0 else (left - gap - high)
        edges[side] = right + gap + sliver if side > 0 else left - gap - sliver
        drawn += [[(x + move, y + drop) for x, y in stroke] for stroke in other]
    first = edges.get(-1, left - width)
    last = edges.get(1, right + width)
    picture = _drawn([[(x + 1, y) for x, y in stroke] for stroke in drawn], width, columns=1 + 2 * FILLED)
    scale = picture.shape[0]
    columns = [round(scale * ((1 - FILLED) / 2 + FILLED * (x + 1))) for x in (first, last)]
    return picture[:, max(0, columns[0]) : columns[1]]


def _reach(strokes: Strokes) -> tuple[float, float]:
    """The least and the greatest x."""
    columns = [x for stroke in strokes for x, _ in stroke]
    return min(columns), max(columns)


def half(images: Pixels, labels: Sequence[int], rng: Random) -> Pixels:
    """The left or the right part of a digit (28, 28) that is no digit then, of N to choose from."""
    while True:
        index = rng.randrange(len(labels))
        side = rng.choice([-1, 1])
        if labels[index] not in (HALVED_LEFT if side < 0 else HALVED_RIGHT):
            continue
        columns = np.flatnonzero(images[index].any(axis=0))
        cut = round(columns[0] + (columns[-1] - columns[0]) * rng.uniform(0.4, 0.6))
        part = images[index][:, :cut] if side < 0 else images[index][:, cut:]
        if (part >= INKED).any(axis=1).sum() >= LEAST_ROWS:
            return fit(part)
