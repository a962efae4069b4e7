"""The holes punched along a sheet's side: round, filled, alike, in a row, with all writing on one side of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import Component

#: So many holes, at least: a binder with two rings.
LEAST = 2
#: A hole's area is this share of its box; of a disc it is π/4, of a blotted 0 mostly less.
FILLED_FROM, FILLED_TO = 0.7, 0.86
#: A hole's sides differ by at most this share of the longer one, or by a pixel.
ROUND = 0.15
#: The longer sides of holes differ from their median by at most this share of it, or by a pixel.
ALIKE = 0.12
#: Their middles stray from a straight line along the sheet's side by at most this share of it, …
STRAIGHT = 0.25
#: … and are so many sides apart, at least: the points of a colon are nearer.
APART = 2.5
#: A hole's side is at least this share of the height of the highest other piece: dots are smaller. What is thinner than
#: the second share of its length is a line, and no measure.
LARGE, THIN = 0.15, 0.1
#: What is smaller than this share of a hole's side may lie beyond the holes, where the sheet ends.
CRUMB = 0.5


def without_holes(pieces: Sequence[Component]) -> list[Component]:
    """Pieces without punched holes."""
    if len(pieces) <= LEAST:
        return list(pieces)
    boxes = np.array([piece.box for piece in pieces])
    sides = boxes[:, 2:] - boxes[:, :2]
    longer, shorter = sides.max(axis=1), sides.min(axis=1)
    filled = np.array([piece.area for piece in pieces]) / sides.prod(axis=1)
    is_disc = (longer - shorter <= np.maximum(1, ROUND * longer)) & (filled >= FILLED_FROM) & (filled <= FILLED_TO)
    side = float(np.median(longer[is_disc])) if is_disc.any() else 0.0
    is_hole = is_disc & (np.abs(longer - side) <= max(1.0, ALIKE * side))
    others = ~is_hole & (longer >= CRUMB * side)
    heights = sides[others & (shorter >= THIN * longer), 1]
    if np.count_nonzero(is_hole) < LEAST or not len(heights) or side < LARGE * heights.max():
        return list(pieces)
    if not any(_are_beside(boxes[is_hole], boxes[others], axis, side) for axis in (0, 1)):
        return list(pieces)
    return [piece for piece, goes in zip(pieces, is_hole, strict=True) if not goes]


def _are_beside(holes: NDArray[np.int64], others: NDArray[np.int64], axis: int, side: float) -> bool:
    """Whether boxes (N, 4) stand in a row, all others on one side of it.

    Args:
        axis: 0 for a row from top to bottom, 1 for one from left to right.
    """
    middles = (holes[:, :2] + holes[:, 2:]) / 2
    across, along = middles[:, axis], np.sort(middles[:, 1 - axis])
    if np.ptp(across) > 2 * STRAIGHT * side or np.diff(along).min() < APART * side:
        return False
    is_before = others[:, axis + 2].max() <= holes[:, axis].min()
    return bool(is_before or others[:, axis].min() >= holes[:, axis + 2].max())
