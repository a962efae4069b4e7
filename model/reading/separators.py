"""Slashes and brackets between digits: a network that sees them alone reads a 1, so it takes the line to tell them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.reading.atoms import Atom, body_height

#: A slash or a bracket is so much higher than the digits of its line: the tallest tenth of single ones is not.
HIGHER = 1.1
#: How far a slash leans to the right at least, as run over rise.
LEANS = 0.16
#: The widest that a slash or a bracket is for its height.
MOST_LEAN = 0.7
#: How far a bracket's ends may be from upright, as run over rise.
UPRIGHT = 0.3
#: How far a slash may stray from straight, as a share of its height.
STRAIGHT = 0.035
#: How far a bracket may stray from an even bend, as a share of its height.
EVEN = 0.05
#: How far a bracket bends at least, as a share of its height.
LEAST_BEND = 0.07
#: … and at most: more is a 2 or a 3.
MOST_BEND = 0.35
#: A digit that isn't a mere bar is at least so wide for its height.
NOT_A_BAR = 0.35
#: So many digits that aren't bars tell the height of the line's.
LEAST_DIGITS = 2
#: The rings of a percent sign are so near in the line's order.
RINGS = 2
#: The rings of a percent sign are at least so high, as a share of a digit's height, …
RING = 0.15
#: … lower than this, …
MOST_RING = 0.5
#: … and no farther than this from the bar's middle.
RING_NEAR = 0.6
#: Ink from this level on is a stroke's.
INKED = 128
#: The ends of a stroke that are left out of what is measured, as a share of its rows.
ENDS = 0.06
#: The share of rows in which a stroke may have a gap: with more there are two strokes.
GAPS = 0.05
#: A stroke of fewer rows is too short to be told straight from bent.
LEAST_ROWS = 8


def separators_of(line: Sequence[Atom]) -> list[bool]:
    """Which atoms of a line are slashes or brackets."""
    if len(line) < LEAST_DIGITS:  # told without measuring, for most pictures hold one digit
        return [False] * len(line)
    bars = [_is_bar(atom) for atom in line]
    heights = [
        atom.height
        for atom, is_bar in zip(line, bars, strict=True)
        if not is_bar and atom.width >= NOT_A_BAR * atom.height
    ]
    if len(heights) < LEAST_DIGITS:
        return [False] * len(line)
    height = body_height(heights)
    return [
        is_bar and (atom.height >= HIGHER * height or _has_rings(line, index, height))
        for index, (atom, is_bar) in enumerate(zip(line, bars, strict=True))
    ]


def _has_rings(line: Sequence[Atom], index: int, height: float) -> bool:
    """Whether small atoms stand on both sides of one as in a percent sign: left above its middle, right below."""
    bar = line[index]
    x, y = bar.middle
    near = [
        other.middle
        for other in line[max(0, index - RINGS) : index + RINGS + 1]
        if other is not bar
        and RING * height <= other.height < MOST_RING * height
        and abs(other.middle[0] - x) <= RING_NEAR * height
        and bar.box[1] - 0.1 * height <= other.middle[1] <= bar.box[3] + 0.1 * height
    ]
    return any(a < x and b < y for a, b in near) and any(a > x and b > y for a, b in near)


def _is_bar(atom: Atom) -> bool:
    """Whether an atom is one stroke from top to bottom that leans to the right, or bends evenly to one side."""
    if atom.width > MOST_LEAN * atom.height:
        return False
    mask = atom.ink >= INKED
    ends = max(1, round(ENDS * len(mask)))
    mask = mask[ends:-ends]
    if len(mask) < LEAST_ROWS or not mask.any(axis=1).all():
        return False
    first = mask.argmax(axis=1)
    last = mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)
    if np.mean(last - first + 1 != mask.sum(axis=1)) > GAPS:
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
