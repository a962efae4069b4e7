"""Rings round answers: who circles a number often runs through its digits. A ring is peeled off what it touches.

Seen from the middle a ring is the outermost ink in nearly every direction, and that ink changes its distance slowly. A
stroke that crosses it stands out in a few directions only. So the median distance of neighbouring directions is the
ring's, whoever drew it, and what isn't near it stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import Component, cropped, find_components, moved
from model.preprocess.picture import Mask

#: A ring that is so many times as wide as high goes round a number. A rounder one may be a 0 with a slash, …
WIDE = 1.15
#: … unless it holds so many digits.
SEVERAL = 2
#: No ring is narrower than this, for its height.
ROUND = 0.75
#: In pixels: a lower ring holds nothing that could be read.
LEAST_HEIGHT = 24
#: In so many directions the distance of the outermost ink is measured, …
DIRECTIONS = 240
#: … and so many neighbours on each side give a median: 20°, more than a stroke that crosses the ring takes up.
NEIGHBOURS = 13
#: A ring's distances are within this share of those of the ellipse in its box: a box has corners.
LIKE_ELLIPSE = 0.2
#: In this share of the directions the outermost ink lies on the ring: strokes may cross it.
CLOSED = 0.8
#: In so many directions, at most, it lies inside: a ring may have a gap. Two zeros side by side have a waist.
GAP = 0.06
#: A ring's line is at most this share of its height thick.
THIN = 0.15
#: How far the ring's line reaches from its outer edge, in its thickness, inwards and outwards: hands shake.
INWARDS, OUTWARDS = 1.2, 0.6
#: What a ring holds is at least this share of its height high.
HELD = 0.3
#: What is left of a stroke that a ring took a part of, if smaller than this share of the ring's area, is no piece.
CRUMB = 0.02


def peeled(pieces: Sequence[Component]) -> list[Component]:
    """Pieces, of which each ring that hangs together with what it holds is parted into the ring and that."""
    return [part for piece in pieces for part in _parted(piece, pieces)]


def _parted(piece: Component, pieces: Sequence[Component]) -> list[Component]:
    x0, y0, x1, y1 = piece.box
    width, height = x1 - x0, y1 - y0
    if height < LEAST_HEIGHT or width < ROUND * height:
        return [piece]
    mask = cropped(piece)
    ring = _ring_in(mask)
    if ring is None:
        return [piece]
    (line, *_), held = find_components(ring), find_components(mask & ~ring)
    held = [moved(part, x0, y0) for part in held if part.area >= CRUMB * piece.area]
    high = [part for part in held if part.box[3] - part.box[1] >= HELD * height]
    inside = [other for other in pieces if _is_inside(other, piece) and other.box[3] - other.box[1] >= HELD * height]
    if not high or (width < WIDE * height and len(high) + len(inside) < SEVERAL):
        return [piece]
    return [moved(line, x0, y0), *held]


def _is_inside(piece: Component, ring: Component) -> bool:
    (left, top, right, bottom), (x0, y0, x1, y1) = piece.box, ring.box
    return piece is not ring and left > x0 and top > y0 and right < x1 and bottom < y1


def _ring_in(mask: Mask) -> Mask | None:
    """The pixels of a mask (H, W) that are a ring's line; ``None`` if its outermost ink is none."""
    height, width = mask.shape
    angles = np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False)
    # In a circle of radius 1: distances are shares of the ellipse's.
    steps = np.arange(0.0, 1.5, 1.0 / width)
    x = (width - 1) / 2 + np.outer(np.cos(angles), steps) * width / 2
    y = (height - 1) / 2 + np.outer(np.sin(angles), steps) * height / 2
    rows, columns = np.rint(y).astype(int), np.rint(x).astype(int)
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    ink = np.zeros(inside.shape, np.bool_)
    ink[inside] = mask[rows[inside], columns[inside]]
    last = ink.shape[1] - 1 - np.argmax(ink[:, ::-1], axis=1)
    outer = np.where(ink.any(axis=1), steps[last], 0.0)
    ring = _smoothed(outer)
    thickness = float(np.median(_lengths(ink, last))) / width  # in the same shares
    if np.abs(ring - 1).max() > LIKE_ELLIPSE or thickness > THIN:
        return None
    is_inside, is_outside = outer < ring - INWARDS * thickness, outer > ring + OUTWARDS * thickness
    if np.mean(is_inside) > GAP or np.mean(is_inside | is_outside) > 1 - CLOSED:
        return None
    down, across = np.mgrid[:height, :width]
    dx, dy = (2 * across - (width - 1)) / width, (2 * down - (height - 1)) / height
    direction = np.rint(np.arctan2(dy, dx) / (2 * np.pi) * DIRECTIONS).astype(int) % DIRECTIONS
    distance = np.hypot(dx, dy)
    near = ring[direction]
    line: Mask = mask & (distance >= near - INWARDS * thickness) & (distance <= near + OUTWARDS * thickness)
    return line


def _smoothed(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each direction's median with its neighbours on both sides, round and round."""
    wrapped = np.concatenate([distances[-NEIGHBOURS:], distances, distances[:NEIGHBOURS]])
    windows = np.lib.stride_tricks.sliding_window_view(wrapped, 2 * NEIGHBOURS + 1)
    return np.asarray(np.median(windows, axis=1))


def _lengths(ink: NDArray[np.bool_], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many steps inwards from the last ink of each direction (D, S) the ink goes on."""
    steps = np.arange(ink.shape[1])
    gaps = np.where(~ink & (steps < last[:, None]), steps, -1).max(axis=1)
    return np.asarray(last - gaps)
