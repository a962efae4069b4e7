"""Slashes and brackets between digits: a network that sees them alone reads a 1, so it takes the line to tell them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.reading.atoms import Atom

#: A slash or a bracket is so much higher than the digits of its line: the tallest tenth of single ones is not.
HIGHER = 1.1
#: How far a slash leans to the right at least, and a bracket's ends from upright at most, as run over rise.
LEANS, UPRIGHT = 0.16, 0.3
#: How far a slash may stray from straight, and a bracket from an even bend, as shares of its height.
STRAIGHT, EVEN = 0.035, 0.05
#: How far a bracket bends, as a share of its height.
LEAST_BEND, MOST_BEND = 0.07, 0.35
#: A digit that isn't a mere bar is at least so wide for its height; so many of them tell the line's height.
NOT_A_BAR, LEAST_DIGITS = 0.35, 2
#: The rings of a percent sign are so near in the line's order, and at least so high for a digit's height.
RINGS, RING = 2, 0.15
#: Ink from this level on is a stroke's; the ends of a stroke are left out of what is measured, as a share of its rows.
INKED, ENDS = 128, 0.06


def separators_of(line: Sequence[Atom]) -> list[bool]:
    """Which atoms of a line are slashes or brackets."""
    heights = [atom.height for atom in line if atom.width >= NOT_A_BAR * atom.height]
    if len(heights) < LEAST_DIGITS:
        return [False] * len(line)
    tall = float(np.percentile(heights, 90))
    height = float(np.median([height for height in heights if height >= 0.5 * tall]))
    return [
        _is_bar(atom) and (atom.height >= HIGHER * height or _has_rings(line, index, height))
        for index, atom in enumerate(line)
    ]


def _has_rings(line: Sequence[Atom], index: int, height: float) -> bool:
    """Whether small atoms stand on both sides of one as in a percent sign: left above its middle, right below."""
    bar = line[index]
    x, y = bar.middle
    near = [
        other.middle
        for other in line[max(0, index - RINGS) : index + RINGS + 1]
        if other is not bar
        and RING * height <= other.height < 0.5 * height
        and abs(other.middle[0] - x) <= 0.6 * height
        and bar.box[1] - 0.1 * height <= other.middle[1] <= bar.box[3] + 0.1 * height
    ]
    return any(a < x and b < y for a, b in near) and any(a > x and b > y for a, b in near)


def _is_bar(atom: Atom) -> bool:
    """Whether an atom is one stroke from top to bottom that leans to the right, or bends evenly to one side."""
    mask = atom.ink >= INKED
    ends = max(1, round(ENDS * len(mask)))
    mask = mask[ends:-ends]
    if len(mask) < 8 or not mask.any(axis=1).all():
        return False
    first = mask.argmax(axis=1)
    last = mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)
    if np.mean(last - first + 1 != mask.sum(axis=1)) > 0.05:  # two strokes beside each other
        return False
    middles, rows, height = (first + last) / 2, np.arange(len(mask)), float(len(mask))
    run, start = np.polyfit(rows, middles, 1)
    strayed = float(np.abs(middles - (run * rows + start)).max())
    if strayed <= STRAIGHT * height:
        return bool(-run >= LEANS)
    bent = np.polyval(np.polyfit(rows, middles, 2), rows)
    chord = np.interp(rows, [0, height - 1], [bent[0], bent[-1]])
    bend = float(np.abs(bent - chord).max())
    return bool(
        LEAST_BEND * height <= bend <= MOST_BEND * height
        and float(np.abs(middles - bent).max()) <= EVEN * height
        and abs(bent[-1] - bent[0]) <= UPRIGHT * height
    )
