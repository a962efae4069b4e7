"""Where a piece of ink may be two digits: seams from its top to its bottom through as little ink as can be.

A seam bends round strokes where a straight cut would take a part of a neighbour along (after S. Avidan & A. Shamir,
"Seam Carving for Content-Aware Image Resizing", 2007).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from model.preprocess.picture import Pixels
from model.reading.atoms import Atom

#: The ink's level from which on it counts when a slice's box is drawn in.
FAINT = 64
#: What a step to the side costs, in levels of ink: on white paper a seam goes straight down.
SIDEWAYS = 40.0
#: The least width of what is cut, in pixels.
LEAST_APART = 2
#: The least ink between two seams, as a share of a square of the height: a fifth of a thin 1.
LEAST_INK = 0.02
#: Places at which a seam is tried, those with least ink first.
MOST_TRIED = 500
#: The most seams in a piece as high as wide, and how many more for each height that it is wider.
MOST_SEAMS = 10
MORE_SEAMS = 8
#: The most seams in any piece.
MOST_IN_ALL = 40
#: A slice of fewer pixels of ink than this is dust between two seams.
DUST = 4


def slices(atom: Atom) -> list[Atom]:
    """An atom in slices from left to right, the first of which isn't marked as cut off."""
    seams = find_seams(atom.ink)
    height, width = atom.ink.shape
    edges = [np.zeros(height, np.int64), *seams, np.full(height, width)]
    columns = np.arange(width)
    parts: list[Atom] = []
    for left, right in pairwise(edges):
        inside = (columns >= left[:, None]) & (columns < right[:, None])
        part = _drawn_in(atom, np.where(inside, atom.ink, 0).astype(np.uint8), is_slice=bool(parts))
        if part is not None:
            parts.append(part)
    return parts


def find_seams(ink: Pixels) -> list[NDArray[np.int64]]:
    """Seams through ink (H, W), from left to right: of each row the first column on the right side, (H,) each."""
    height, width = ink.shape
    if width < 2 * LEAST_APART:
        return []
    cost = ink.astype(np.float32)
    down, from_above = _accumulated(cost)
    up, from_below = _accumulated(cost[::-1])
    middle = height // 2
    through = down[middle] + up[height - 1 - middle] - cost[middle]
    inked = np.pad(np.cumsum(ink / 255, axis=1), ((0, 0), (1, 0)))  # ink on the left of each column
    least = LEAST_INK * height * height
    most = min(MOST_IN_ALL, MOST_SEAMS + int(MORE_SEAMS * max(0.0, width / height - 1)))
    chosen: dict[float, NDArray[np.int64]] = {}  # by the ink on their left
    bounds = [0.0, float(inked[:, -1].sum())]
    for x in np.argsort(through[1:], kind="stable")[:MOST_TRIED] + 1:
        upper = _followed(from_above[: middle + 1], int(x))
        lower = _followed(from_below[: height - middle], int(x))
        seam = np.concatenate([upper, lower[::-1][1:]])
        on_left = float(inked[np.arange(height), seam].sum())
        if min(abs(on_left - other) for other in bounds) >= least:
            chosen[on_left] = seam
            bounds.append(on_left)
            if len(chosen) == most:
                break
    # They may meet but can't cross: each would have been cheaper without the step to the other's side.
    return [chosen[on_left] for on_left in sorted(chosen)]


def _accumulated(cost: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """The least cost of a seam from the top to each pixel (H, W), and from which column's side it comes: −1, 0, 1."""
    total, steps = cost.copy(), np.zeros(cost.shape, np.int8)
    width = cost.shape[1]
    wide = np.full(width + 2, np.float32(np.inf))
    for y in range(1, len(cost)):
        wide[1:-1] = total[y - 1]
        choices = np.stack([wide[:-2] + SIDEWAYS, wide[1:-1], wide[2:] + SIDEWAYS])
        best = choices.argmin(axis=0)
        steps[y] = best - 1
        total[y] += choices[best, np.arange(width)]
    return total, steps


def _followed(steps: NDArray[np.int8], x: int) -> NDArray[np.int64]:
    """The columns of a seam that ends at ``x`` in the last row."""
    columns = np.empty(len(steps), np.int64)
    for y in range(len(steps) - 1, -1, -1):
        columns[y] = x
        x += int(steps[y, x])
    return columns


def _drawn_in(atom: Atom, ink: Pixels, *, is_slice: bool) -> Atom | None:
    """Ink of the atom's size with the box drawn in to it; ``None`` for dust."""
    mask = ink >= FAINT
    if np.count_nonzero(mask) < DUST:
        return None
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    x0, y0 = atom.box[:2]
    return Atom((x0 + left, y0 + top, x0 + right, y0 + bottom), ink[top:bottom, left:right], is_slice)
