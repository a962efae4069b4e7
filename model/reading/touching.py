"""Ink that was left out and yet touches a digit: a Z is no 7, though it holds one.

What is no digit stands apart from digits. Of 1,458 sure answers to recorded digits two leave out ink that touches.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.preprocess.components import Box, around, grown
from model.preprocess.picture import Mask
from model.reading.atoms import Atom
from model.reading.parts import LineReading

#: Ink from this level on touches; less is its soft edge.
INKED = 128


def odd(lines: Sequence[LineReading]) -> list[bool]:
    """For each digit of an answer, line by line, whether something that was left out touches it."""
    left_out = [part.atom for line in lines for part in line.left_out]
    return [any(touch(part.atom, other) for other in left_out) for line in lines for part in line.digits]


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
