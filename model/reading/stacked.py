"""Rings one above the other: an 8 of two strokes whose rings don't meet, and not a 0 on each of two lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.reading.atoms import Atom, union

#: The label of a ring, and of two of them.
RING, RINGS = 0, 8
#: One ring stands over the other with so much of the narrower one's width, …
OVER = 0.6
#: … and no farther from it than this, as a share of the lower one's height: lines of zeros are farther apart.
NEAR = 0.2
#: The most of the lower ring's height that the other reaches into it.
INTO = 0.3
#: Together they are no higher than so many times the highest atom beside them: two zeros are twice as high.
AS_HIGH = 1.3
#: The lower one's height is at least this share of the other's.
ALIKE = 0.5


def pairs_of(atoms: Sequence[Atom]) -> list[tuple[int, int]]:
    """Which atoms stand close above another, and are as high together as the others: pairs of places in the list.

    Two alone are a pair if the lower one begins before the upper one ends, as zeros on two lines hardly do.
    """
    if len(atoms) < 2:
        return []
    x0, y0, x1, y1 = np.array([atom.box for atom in atoms], float).T
    heights, widths = y1 - y0, x1 - x0
    lower = np.minimum(heights[:, None], heights)
    shared = np.minimum(x1[:, None], x1) - np.maximum(x0[:, None], x0)
    gaps = (y0 - y1[:, None]) / lower  # of the second below the first
    stands_over = shared >= OVER * np.minimum(widths[:, None], widths)
    is_near = (gaps >= -INTO) & (gaps <= NEAR) & (lower >= ALIKE * np.maximum(heights[:, None], heights))
    together = y1 - y0[:, None]
    found = np.argwhere(stands_over & is_near & (y0[:, None] < y0))
    if len(atoms) == 2:
        return [(int(one), int(other)) for one, other in found if gaps[one, other] < 0]
    return [(int(one), int(other)) for one, other in found if _is_as_high(heights, one, other, together[one, other])]


def _is_as_high(heights: NDArray[np.float64], one: int, other: int, together: float) -> bool:
    others = np.delete(heights, [one, other])
    return bool(together <= AS_HIGH * others.max())


def joined(atoms: Sequence[Atom], pairs: Sequence[tuple[int, int]]) -> list[Atom]:
    """The atoms, each of these pairs as one in place of its first."""
    second = {other for _, other in pairs}
    wholes = {one: union([atoms[one], atoms[other]]) for one, other in pairs}
    return [wholes.get(place, atom) for place, atom in enumerate(atoms) if place not in second]
