"""Ink that belongs to a digit and makes it none: a Z is no 7, though it holds one, and a 1 with a dot is an i or a !.

What is no digit stands apart from digits. Of 1,458 sure answers to recorded digits two leave out ink that touches.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.preprocess.components import Box, around, grown, holds
from model.preprocess.picture import Mask
from model.reading.atoms import Atom
from model.reading.parts import LineReading, Part

#: Ink from this level on touches; less is its soft edge.
INKED = 128
#: What an i, a ! and a ? are read as. In small pictures the top of an open 4 is apart, and as small as a dot.
DOTTED = (1, 7)
#: A dot's sides are at most this share of the height of what it dots, …
SMALL = 0.3
#: … which it stands over or under, no farther to a side than this share of that height, …
BESIDE = 0.05
#: … and between these shares of it away: a decimal point stands on the line, beside its digit.
NEAREST, FARTHEST = 0.03, 0.5


def odd(lines: Sequence[LineReading]) -> list[bool]:
    """For each digit of an answer, line by line, whether it has a dot, or something left out touches it or is in it."""
    digits = [part for line in lines for part in line.digits]
    left_out = [part for line in lines for part in line.left_out]
    told = [part.label in DOTTED and has_dot(part.atom) for part in digits]
    for place, other in _near(digits, left_out):
        one, atom = digits[place].atom, left_out[other].atom
        told[place] = told[place] or touch(one, atom) or _is_beside(one.box, atom.box)
    return told


def _near(digits: Sequence[Part], left_out: Sequence[Part]) -> list[tuple[int, int]]:
    """Which of the digits have which of the others near enough to touch or to dot them: of a sheet's few."""
    if not digits or not left_out:
        return []
    x0, y0, x1, y1 = (np.array([part.atom.box for part in digits], float).T)[:, :, None]
    left, top, right, bottom = np.array([part.atom.box for part in left_out], float).T
    reach = 1 + FARTHEST * (y1 - y0)
    is_near = (left <= x1 + reach) & (right >= x0 - reach) & (top <= y1 + reach) & (bottom >= y0 - reach)
    return [(int(place), int(other)) for place, other in np.argwhere(is_near)]


def _is_beside(box: Box, other: Box) -> bool:
    """Whether something left out dots what is in a box, or lies in it, as the eyes of a face do in what is no 0."""
    return holds(box, other) or dots(other, box)


def dots(dot: Box, box: Box) -> bool:
    """Whether something is small and stands close over or under what is in another box, as on an i and in an !."""
    height = box[3] - box[1]
    if max(dot[2] - dot[0], dot[3] - dot[1]) > SMALL * height:
        return False
    x = (dot[0] + dot[2]) / 2
    away = max(box[1] - dot[3], dot[1] - box[3])
    is_beside = not box[0] - BESIDE * height <= x <= box[2] + BESIDE * height
    return not is_beside and NEAREST * height <= away <= FARTHEST * height


def has_dot(atom: Atom) -> bool:
    """Whether an atom's highest or lowest ink is a dot of the rest, with rows between them that have none."""
    inked = np.flatnonzero((atom.ink >= INKED).any(axis=1))
    gaps = np.flatnonzero(np.diff(inked) > 1)
    if not len(gaps):
        return False
    first, last = int(inked[gaps[0]]) + 1, int(inked[gaps[-1] + 1])  # where the highest ink ends, the lowest begins
    height = atom.height
    parted = ((0, first), (first, height)), ((last, height), (0, last))
    return any(dots(_box(atom, *dot), _box(atom, *rest)) for dot, rest in parted)


def _box(atom: Atom, first: int, end: int) -> Box:
    """The box of the ink in some of an atom's rows."""
    y, x = np.nonzero(atom.ink[first:end] >= INKED)
    left, top = atom.box[0], atom.box[1] + first
    return left + int(x.min()), top + int(y.min()), left + int(x.max()) + 1, top + int(y.max()) + 1


def touch(one: Atom, other: Atom) -> bool:
    """Whether the ink of two atoms overlaps, or is no farther apart than neighbouring pixels."""
    x0, y0, x1, y1 = one.box
    left, top, right, bottom = other.box
    shared = (max(x0 - 1, left), max(y0 - 1, top), min(x1 + 1, right), min(y1 + 1, bottom))
    if shared[0] >= shared[2] or shared[1] >= shared[3]:
        return False
    within = around(shared, (x0, y0, x1, y1))
    return bool((grown(_inked(one, within)) & _inked(other, within)).any())


def _inked(atom: Atom, within: Box) -> Mask:
    """Where an atom's ink is, in a box."""
    x0, y0, x1, y1 = within
    left, top, right, bottom = max(x0, atom.box[0]), max(y0, atom.box[1]), min(x1, atom.box[2]), min(y1, atom.box[3])
    mask = np.zeros((y1 - y0, x1 - x0), np.bool_)
    ink = atom.ink[top - atom.box[1] : bottom - atom.box[1], left - atom.box[0] : right - atom.box[0]]
    mask[top - y0 : bottom - y0, left - x0 : right - x0] = ink >= INKED
    return mask
