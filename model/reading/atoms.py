"""Ink parted into atoms, and atoms into lines.

An atom is ink that belongs to one digit or to none: a pen stroke, a connected piece of a picture, or a slice of a piece
that may be two digits. A digit is a run of atoms that stand beside each other in a line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import Box, Component, around
from model.preprocess.order import median
from model.preprocess.picture import Pixels

#: The place of the tall atoms' height among all heights in order: a tenth is higher.
TALL = 0.9
#: Of the tall atoms' height: from which on an atom is the body of a digit.
BODY = 0.5
#: Two atoms are on one line if they share this part of the lower one's height.
SHARED = 0.45
#: The steepest that a line may rise or fall, in degrees.
STEEPEST = 16.0
#: The step in which slopes are tried, in degrees.
SLOPE_STEP = 2.0
#: Another slope than none must leave lines that take up no more than this share of the height that they do level.
COMPACT = 0.85
#: The half of an atom's height by which lines are told apart: less than a half, for they may nearly touch.
HALF = 0.35
#: From so many bodies on the lines' slope is looked for: with fewer there is none to be seen.
LEAST_SLOPED = 4


@dataclass(frozen=True)
class Atom:
    """Ink that belongs to one digit or to none.

    Attributes:
        box: (x0, y0, x1, y1) in the ink's pixels.
        ink: uint8 of the box's size, 255 at full strength on 0.
        is_slice: cut off the atom before it, with which it hangs together.
        is_stroke: drawn by one movement of a pen that was recorded.
    """

    box: Box
    ink: Pixels
    is_slice: bool = False
    is_stroke: bool = False

    @property
    def height(self) -> int:
        """In pixels."""
        return self.box[3] - self.box[1]

    @property
    def width(self) -> int:
        """In pixels."""
        return self.box[2] - self.box[0]

    @property
    def middle(self) -> tuple[float, float]:
        """The box's middle, x and y."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


def union(atoms: Sequence[Atom]) -> Atom:
    """Several atoms as one."""
    if len(atoms) == 1:
        return atoms[0]
    x0, y0, x1, y1 = box = around(*(atom.box for atom in atoms))
    ink = np.zeros((y1 - y0, x1 - x0), np.uint8)
    for atom in atoms:
        left, top = atom.box[0] - x0, atom.box[1] - y0
        part = ink[top : top + atom.height, left : left + atom.width]
        np.maximum(part, atom.ink, out=part)
    return Atom(box, ink, atoms[0].is_slice)


def atom_of(pieces: Sequence[Component], ink: Pixels) -> Atom:
    """The ink (H, W) of some connected pieces and of the pale edge, one pixel wide, round them."""
    x0, y0, x1, y1 = around(*(piece.box for piece in pieces))
    mask = np.zeros((y1 - y0 + 2, x1 - x0 + 2), np.bool_)
    for piece in pieces:
        for y, first, end in piece.runs.tolist():
            mask[y - y0 : y - y0 + 3, first - x0 : end - x0 + 2] = True
    return Atom((x0, y0, x1, y1), np.where(mask[1:-1, 1:-1], ink[y0:y1, x0:x1], 0))


def body_height(heights: Sequence[float]) -> float:
    """How high the digits are: the median of the heights that aren't small beside the tall ones."""
    tall = sorted(heights)[math.ceil(TALL * (len(heights) - 1))]
    return median([height for height in heights if height >= BODY * tall])


def lines_of(atoms: Sequence[Atom]) -> list[list[Atom]]:
    """Atoms by line, from top to bottom, and in each by their middle, from left to right."""
    if not atoms:
        return []
    least = BODY * body_height([atom.height for atom in atoms])
    bodies = [atom for atom in atoms if atom.height >= least]
    slope = _slope(bodies)
    lines: list[list[Atom]] = []
    for atom in sorted(bodies, key=lambda atom: _level(atom, slope)):
        line = max(lines, key=lambda line: _shared(atom, line, slope), default=None)
        if line is not None and _shared(atom, line, slope) >= SHARED:
            line.append(atom)
        else:
            lines.append([atom])
    lines.sort(key=lambda line: median([_level(atom, slope) for atom in line]))
    for atom in atoms:
        if atom.height < least:
            min(lines, key=lambda line: _distance(atom, line, slope)).append(atom)
    return [sorted(line, key=lambda atom: atom.middle[0]) for line in lines]


def _level(atom: Atom, slope: float) -> float:
    """The height of an atom's middle over a line with that slope."""
    x, y = atom.middle
    return y - slope * x


def _shared(atom: Atom, line: Sequence[Atom], slope: float) -> float:
    """The part of its height that an atom shares with a line's, both as they stand on the slope."""
    levels = [_level(other, slope) for other in line]
    half = median([other.height for other in line]) / 2
    low, high = median(levels) - half, median(levels) + half
    level = _level(atom, slope)
    shared = min(high, level + atom.height / 2) - max(low, level - atom.height / 2)
    return shared / min(atom.height, 2 * half)


def _distance(atom: Atom, line: Sequence[Atom], slope: float) -> float:
    return abs(_level(atom, slope) - median([_level(other, slope) for other in line]))


def _slope(bodies: Sequence[Atom]) -> float:
    """The slope at which bodies stand on the fewest, most compact lines: rise over run, y down.

    A level page needs no turning: another slope must part the lines better than it.
    """
    if len(bodies) < LEAST_SLOPED:
        return 0.0
    middles = np.array([atom.middle for atom in bodies])
    halves = np.array([atom.height for atom in bodies]) * HALF
    steps = int(STEEPEST / SLOPE_STEP)
    slopes = [math.tan(math.radians(step * SLOPE_STEP)) for step in range(-steps, steps + 1)]
    covers = [_cover(middles[:, 1] - slope * middles[:, 0], halves) for slope in slopes]
    best = int(np.argmin(covers))
    return slopes[best] if covers[best] < COMPACT * covers[steps] else 0.0


def _cover(levels: NDArray[np.float64], halves: NDArray[np.float64]) -> float:
    """How much of the height all bodies together take up."""
    order = np.argsort(levels - halves)
    starts, ends = (levels - halves)[order], np.maximum.accumulate((levels + halves)[order])
    gaps = np.maximum(0, starts[1:] - ends[:-1]).sum()
    return float(ends[-1] - starts[0] - gaps)
