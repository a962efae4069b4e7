"""A border all round a picture, as a screenshot of a canvas has one: it takes the level of the paper inside.

A border is even, differs strongly from the paper, and ends on each side along a straight line. What is inside it is
paper with little ink on it: so no digit that fills its picture, and no bar, is taken for the inside of a border.
"""

from __future__ import annotations

import numpy as np

from model.preprocess.clean import BAR_CONTRAST, EVEN, LEAST_SIDE, RIM
from model.preprocess.order import median
from model.preprocess.picture import Grey, Mask

#: The share of the picture's rim, on all four sides, that must be even for it to be a border's.
EVEN_RIM = 0.97
#: A border's greatest width, as a share of the picture's.
WIDEST = 0.3
#: The share of rows, or columns, in which it must end at the same place: a digit's side is rounder, and what is
#: written may touch it.
STRAIGHT = 0.85
#: The share of the inside that is not paper: at least that of a thin pen's digit, at most that of a bold one.
LEAST_INK, MOST_INK = 0.002, 0.3
#: So many rows, at most, of the middle half are looked at for the level of the paper: all would take 5 ms.
SAMPLED = 64


def without_border(levels: Grey) -> Grey:
    """Levels (H, W) in which a border all round has the level of the paper; the same object if there is none."""
    height, width = levels.shape
    if min(height, width) < LEAST_SIDE:
        return levels
    rim = max(1, round(RIM * min(height, width)))
    edges = np.concatenate([part.ravel() for part in (levels[:rim], levels[-rim:], levels[:, :rim], levels[:, -rim:])])
    border = median(edges)
    step = max(1, min(height, width) // SAMPLED)
    paper = median(levels[height // 4 : -(height // 4) : step, width // 4 : -(width // 4) : step])
    if abs(paper - border) < BAR_CONTRAST or np.mean(np.abs(edges - border) < EVEN) < EVEN_RIM:
        return levels
    is_inside: Mask = np.abs(levels - border) > np.abs(levels - paper)
    top, bottom = _ends(is_inside)
    left, right = _ends(is_inside.T)
    if min(top, bottom, left, right) == 0:
        return levels
    # The border's edge may be blurred by some pixels.
    inside = slice(top + rim, height - bottom - rim), slice(left + rim, width - right - rim)
    ink = 1 - float(np.mean(is_inside[inside]))
    if not LEAST_INK <= ink <= MOST_INK:
        return levels
    evened: Grey = np.full_like(levels, paper)
    evened[inside] = levels[inside]
    return evened


def _ends(is_inside: Mask) -> tuple[int, int]:
    """How many rows a border takes at the top and at the bottom of a mask (H, W) of what isn't like it; 0 if none."""
    height = len(is_inside)
    columns = is_inside[:, is_inside.any(axis=0)]
    found = []
    for rows in (columns, columns[::-1]):
        starts = np.argmax(rows, axis=0)
        end = round(median(starts)) if len(starts) else 0
        slack = max(1, round(RIM * height))
        is_border = 0 < end <= WIDEST * height and np.mean(np.abs(starts - end) <= slack) >= STRAIGHT
        found.append(end if is_border else 0)
    return found[0], found[1]
