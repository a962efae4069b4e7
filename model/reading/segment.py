"""Several digits in one picture: ink -> lines of atoms -> the grouping that the network reads best.

An atom is a piece of ink that belongs to one digit: a connected piece with its loose parts,
or a part of one that was cut where digits may touch. Each run of atoms that may be one digit
is read, and of all ways to part a line into runs the likeliest is taken (dynamic
programming over the sum of log probabilities). So a broken 4 comes together, a touching 00
comes apart, and a wide 0 stays whole, because of what the network sees in each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import Box, Component, around, gap
from model.preprocess.ink import MAYBE, SPECK
from model.preprocess.normalise import normalise
from model.preprocess.picture import Pixels

#: Of the tallest piece's height: from which on a piece is a digit's body, how far a loose part
#: may stand from it, and how far the two halves of a broken digit.
BODY, LOOSE, BROKEN = 0.35, 0.3, 0.25
#: Of the line's height: the width from which on a piece may be two digits, and the widest digit.
WIDE, WIDEST = 0.75, 1.5
#: Bounds, so that a texture costs no more than a long number.
MOST_PIECES, MOST_ATOMS, MOST_CUTS = 400, 40, 8
#: All slices of a piece may come together again: else a digit that was cut in vain could not be read whole.
MOST_JOINED = MOST_CUTS + 1
#: What it costs in log probability to part a line at a gap, and to cut through ink: so that
#: two certain halves don't beat a certain whole. With half the cost to cut twice as many single digits come apart.
GAP, CUT = 0.1, 1.0
#: Of a number's parts the median is a digit with this log probability, and this share with that one.
LIKELY, MOSTLY, UNLIKE = -0.2, 0.7, -1.5
#: A single piece that is read with this log probability isn't cut at all.
CLEAR_WHOLE = -0.1


@dataclass(frozen=True)
class Atom:
    """Ink that belongs to one digit: its box in the picture, uint8 ink of the box's size, whether it was cut off
    the atom on its left."""

    box: Box
    ink: Pixels
    cut: bool = False

    @property
    def height(self) -> int:
        """In pixels."""
        return self.box[3] - self.box[1]

    @property
    def width(self) -> int:
        """In pixels."""
        return self.box[2] - self.box[0]


@dataclass(frozen=True)
class Found:
    """One digit that was found: its box in the ink's pixels, uint8 (28, 28), the log probability that it is one."""

    box: Box
    image: Pixels
    chance: float = 0.0


#: Log probabilities (N, 2) of images (N, 28, 28): that each is a digit, and if so, the one it looks like most.
Judge = Callable[[NDArray[np.uint8]], NDArray[np.float64]]


def find_digits(ink: Pixels, pieces: Sequence[Component], judge: Judge, whole: float) -> list[Found]:
    """The digits in ink (H, W), line by line, from left to right; empty when it is clearly one, or a thicket.

    Args:
        pieces: the ink's, the largest first (see ``find_pieces``).
        whole: the log probability that all of it is one digit, and the one that it looks like most.
    """
    groups = find_groups(pieces)
    if len(groups) == 1:
        box = _box_of(groups[0])
        if whole > CLEAR_WHOLE or not _may_be_two(box, _height(box)):
            return []
    found = [digit for line in find_lines(ink, groups) for digit in _read_line(line, judge)]
    # A face or a car falls apart into much that is like nothing: then it isn't a number at all. A 1 that may
    # be a 7 is none the less a digit.
    chances = np.array([digit.chance for digit in found] or [0.0])
    return found if np.median(chances) > LIKELY and np.mean(chances > UNLIKE) >= MOSTLY else []


def find_groups(pieces: Sequence[Component]) -> list[list[Component]]:
    """Pieces that belong to one digit together, before any is cut; nothing of a thicket."""
    if not pieces or len(pieces) > MOST_PIECES:
        return []
    pieces = [piece for piece in pieces if piece.area >= SPECK * pieces[0].area]
    tallest = max(_height(piece.box) for piece in pieces)
    bodies = [[piece] for piece in pieces if _height(piece.box) >= BODY * tallest]
    if len(bodies) > MOST_ATOMS:
        return []
    for piece in pieces:
        if _height(piece.box) < BODY * tallest:
            _attach(piece, bodies, LOOSE * tallest)
    return _merged(bodies, BROKEN * tallest)


def _attach(piece: Component, bodies: list[list[Component]], reach: float) -> None:
    """Give a loose part to the nearest body, or drop it."""
    nearest = min(bodies, key=lambda body: gap(piece.box, body[0].box))
    if gap(piece.box, nearest[0].box) <= reach:
        nearest.append(piece)


def _merged(bodies: list[list[Component]], reach: float) -> list[list[Component]]:
    """Bodies that stand over each other at a small gap as one: the halves of a broken digit."""
    groups: list[list[Component]] = []
    for body in sorted(bodies, key=lambda body: body[0].box):
        for group in groups:
            if _over_each_other(_box_of(group), body[0].box, reach):
                group.extend(body)
                break
        else:
            groups.append(list(body))
    return groups


def _over_each_other(one: Box, other: Box, reach: float) -> bool:
    overlap = min(one[2], other[2]) - max(one[0], other[0])
    gap = max(one[1], other[1]) - min(one[3], other[3])
    return overlap > 0.5 * min(one[2] - one[0], other[2] - other[0]) and gap <= reach


def _atom(pieces: Sequence[Component], ink: Pixels) -> Atom:
    """The ink of some pieces and of the pale edge, one pixel wide, round them."""
    x0, y0, x1, y1 = _box_of(pieces)
    mask = np.zeros((y1 - y0 + 2, x1 - x0 + 2), np.bool_)
    for piece in pieces:
        for y, first, end in piece.runs.tolist():
            mask[y - y0 : y - y0 + 3, first - x0 : end - x0 + 2] = True
    return Atom((x0, y0, x1, y1), np.where(mask[1:-1, 1:-1], ink[y0:y1, x0:x1], 0))


def find_lines(ink: Pixels, groups: Sequence[Sequence[Component]]) -> list[list[Atom]]:
    """Groups of pieces as atoms, by line, where a line is what shares half of its height, and by their left edge."""
    atoms = [_atom(group, ink) for group in groups]
    lines: list[list[Atom]] = []
    for atom in sorted(atoms, key=lambda atom: atom.box[1] + atom.box[3]):
        for line in lines:
            top, bottom = min(a.box[1] for a in line), max(a.box[3] for a in line)
            shared = min(bottom, atom.box[3]) - max(top, atom.box[1])
            if shared >= 0.5 * min(atom.height, bottom - top):
                line.append(atom)
                break
        else:
            lines.append([atom])
    lines.sort(key=lambda line: min(atom.box[1] for atom in line))
    return [sorted(line, key=lambda atom: atom.box[0]) for line in lines]


def _read_line(line: list[Atom], judge: Judge) -> list[Found]:
    """The likeliest parting of a line into digits."""
    height = max(atom.height for atom in line)
    wide = [atom for atom in line if _may_be_two(atom.box, height)]
    wholes = judge(np.stack([_found([atom]).image for atom in wide])).sum(axis=1) if wide else ()
    doubtful = {id(atom) for atom, whole in zip(wide, wholes, strict=True) if whole <= CLEAR_WHOLE}
    atoms = [part for atom in line for part in (cut(atom) if id(atom) in doubtful else [atom])]
    runs = [
        (first, last)
        for first in range(len(atoms))
        for last in range(first + 1, min(first + MOST_JOINED, len(atoms)) + 1)
        if last == first + 1 or _may_be_one(atoms[first:last], height)
    ]
    found = [_found(atoms[first:last]) for first, last in runs]
    chances = judge(np.stack([digit.image for digit in found]))
    best: list[tuple[float, int]] = [(0.0, -1)] + [(-np.inf, -1)] * len(atoms)
    for number, (first, last) in sorted(enumerate(runs), key=lambda run: run[1][1]):
        total = best[first][0] + float(chances[number].sum()) - (CUT if atoms[first].cut else GAP)
        if total > best[last][0]:
            best[last] = (total, number)
    chosen: list[Found] = []
    end = len(atoms)
    while end > 0:
        number = best[end][1]
        chosen.append(replace(found[number], chance=float(chances[number, 0])))
        end = runs[number][0]
    return chosen[::-1]


def _may_be_two(box: Box, line_height: int) -> bool:
    width, height = box[2] - box[0], _height(box)
    return width >= WIDE * line_height and min(width, height) >= 6


def _may_be_one(atoms: list[Atom], height: int) -> bool:
    """Whether atoms in a row are near enough and together narrow enough to be one digit."""
    box = around(*(atom.box for atom in atoms))
    gaps = (right.box[0] - left.box[2] for left, right in pairwise(atoms))
    return box[2] - box[0] <= WIDEST * height and all(gap <= LOOSE * height for gap in gaps)


def cut(atom: Atom) -> list[Atom]:
    """An atom in vertical slices, cut where little ink crosses: at the lowest minima of its profile."""
    profile = atom.ink.astype(np.float64).sum(axis=0)
    margin = max(2, round(0.12 * atom.height))
    columns: list[int] = []
    for x in np.argsort(profile[margin:-margin], kind="stable") + margin:
        if all(abs(int(x) - other) >= margin for other in columns):
            columns.append(int(x))
        if len(columns) == MOST_CUTS:
            break
    edges = [0, *sorted(columns), atom.width]
    slices = [_slice(atom, first, last) for first, last in pairwise(edges)]
    return [part for part in slices if part is not None]


def _slice(atom: Atom, first: int, last: int) -> Atom | None:
    """Columns of an atom, with the box drawn in to their ink."""
    part = atom.ink[:, first:last]
    rows = np.flatnonzero((part >= MAYBE).any(axis=1))
    if not len(rows):
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    x0, y0 = atom.box[0], atom.box[1]
    return Atom((x0 + first, y0 + top, x0 + last, y0 + bottom), part[top:bottom], cut=first > 0)


def _found(atoms: list[Atom]) -> Found:
    x0, y0, x1, y1 = box = around(*(atom.box for atom in atoms))
    ink = np.zeros((y1 - y0, x1 - x0), np.uint8)
    for atom in atoms:
        left, top = atom.box[0] - x0, atom.box[1] - y0
        part = ink[top : top + atom.height, left : left + atom.width]
        np.maximum(part, atom.ink, out=part)
    return Found(box, normalise(ink)[1])


def _box_of(pieces: Sequence[Component]) -> Box:
    return around(*(piece.box for piece in pieces))


def _height(box: Box) -> int:
    return box[3] - box[1]
