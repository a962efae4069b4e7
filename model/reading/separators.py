"""Slashes and brackets between digits: a network that sees them alone reads a 1, so it takes the line to tell them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import numpy as np

from model.reading.atoms import Atom, body_height
from model.reading.bars import ONE
from model.reading.parts import Part

#: A slash or a bracket is so much higher than the digits of its line: the tallest tenth of single ones is not.
HIGHER = 1.1
#: A bar that leans as much as this, as run over rise, between digits …
SLANTED = 0.25
#: … and is as high as this beside them may be a slash: a slanted 1 of MNIST is as high as the other digits.
AS_HIGH = 1.03
#: How far a slash leans to the right at least, as run over rise.
LEANS = 0.16
#: The widest that a slash or a bracket is for its height.
MOST_LEAN = 0.7
#: How far a bracket's ends may be from upright, as run over rise.
UPRIGHT = 0.3
#: The slashes of a date lean alike: by one hand they differ by no more than this.
ALIKE = 0.15
#: The most digits before, between and after the slashes of a date.
DATE = (4, 2, 4)
#: How far a slash may stray from straight, as a share of its height.
STRAIGHT = 0.035
#: How far a bracket may stray from an even bend, as a share of its height.
EVEN = 0.05
#: How far a bracket bends at least, as a share of its height.
LEAST_BEND = 0.07
#: … and at most: more is a 2 or a 3.
MOST_BEND = 0.35
#: Brackets are a pair if the lower one is at least so high as a share of the other, …
PAIR = 0.75
#: … and of what they hold: no hand bends the ones of a number to both sides.
AROUND = 0.9
#: Among so few parts at most a bar that leans and is so high as a share of theirs may be the slash of a fraction. Among
#: up to seven it would leave 6 of 95 sure rows of MNIST's digits in doubt, whose ones lean.
FEW, SLASH = 3, 0.9
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


class Place(Enum):
    """What an atom may be, by its place in a line."""

    DIGIT = "a digit, or a small sign"
    PERHAPS = "a slash or a bracket, or a 1 as tall or as slanted as one"
    SEPARATOR = "a slash or a bracket"


def places_of(line: Sequence[Atom]) -> list[Place]:
    """Which atoms of a line are slashes or brackets, or may be.

    A slash or a bracket at the end of a line without another may be a tall 1; a bar that leans much and is no higher
    than the digits may be a slash, and is one where two of them stand as in a date.
    """
    if len(line) < LEAST_DIGITS:  # told without measuring, for most pictures hold one digit
        return [Place.DIGIT] * len(line)
    leans = [_lean_and_bend(atom)[0] for atom in line]
    heights = [
        atom.height
        for atom, lean in zip(line, leans, strict=True)
        if lean is None and atom.width >= NOT_A_BAR * atom.height
    ]
    if len(heights) < LEAST_DIGITS:
        return [Place.DIGIT] * len(line)
    height = body_height(heights)
    places = [
        _place(atom, lean, height, is_percent=lean is not None and _has_rings(line, index, height))
        for index, (atom, lean) in enumerate(zip(line, leans, strict=True))
    ]
    is_alone = places.count(Place.SEPARATOR) == 1
    for end in (0, -1):
        if places[end] is Place.PERHAPS:
            places[end] = Place.DIGIT
        elif places[end] is Place.SEPARATOR and is_alone:
            places[end] = Place.PERHAPS
    return _with_date(places, leans)


def without_brackets(line: Sequence[Atom]) -> list[Atom]:
    """A line without a bracket that opens, before something, and one that closes, behind it."""
    if len(line) < 3:
        return list(line)
    bends = [_lean_and_bend(atom)[1] for atom in line]
    gone: set[int] = set()
    opened = None
    for index, bend in enumerate(bends):
        if bend < 0:
            opened = index
        elif bend > 0 and opened is not None and index > opened + 1:
            low, high = sorted((line[opened].height, line[index].height))
            within = max(atom.height for atom in line[opened + 1 : index])
            if low >= PAIR * high and low >= AROUND * within:
                gone |= {opened, index}
            opened = None
    return [atom for index, atom in enumerate(line) if index not in gone]


def odd(parts: Sequence[Part]) -> list[bool]:
    """For each part of an answer, whether it is a 1 that may be a bracket, higher than the others, or a slash."""
    told = [False] * len(parts)
    heights = [part.atom.height for part in parts]
    for index, part in enumerate(parts):
        others = heights[:index] + heights[index + 1 :]
        if part.label != ONE or not others:
            continue
        lean, bend = _lean_and_bend(part.atom)
        is_between = 0 < index < len(parts) - 1 and len(parts) <= FEW
        is_slash = is_between and (lean or 0.0) >= SLANTED and part.atom.height >= SLASH * body_height(others)
        told[index] = is_slash or (bend != 0 and part.atom.height >= HIGHER * max(others))
    return told


def _place(atom: Atom, lean: float | None, height: float, *, is_percent: bool) -> Place:
    """What an atom may be that leans so, or is no bar, in a line whose digits are so high."""
    if lean is None:
        return Place.DIGIT
    if is_percent or atom.height >= HIGHER * height:
        return Place.SEPARATOR
    return Place.PERHAPS if lean >= SLANTED and atom.height >= AS_HIGH * height else Place.DIGIT


def _with_date(places: list[Place], leans: Sequence[float | None]) -> list[Place]:
    """The places, where what may be slashes are if there are just two of them, alike and placed as in a date."""
    slashes = [
        (index, lean)
        for index, (place, lean) in enumerate(zip(places, leans, strict=True))
        if place is not Place.DIGIT and lean
    ]
    if len(slashes) != 2:
        return places
    (first, one), (second, other) = slashes
    groups = (first, second - first - 1, len(places) - second - 1)
    is_date = all(1 <= group <= most for group, most in zip(groups, DATE, strict=True))
    if not is_date or abs(one - other) > ALIKE:
        return places
    return [Place.SEPARATOR if index in (first, second) else place for index, place in enumerate(places)]


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


def _lean_and_bend(atom: Atom) -> tuple[float | None, float]:
    """How far one stroke from top to bottom leans to the right, as run over rise, or 0 if it bends evenly to one side;
    and how far it does, as a share of its height, below 0 as ( does.

    None and 0 for everything else.
    """
    nothing = None, 0.0
    if atom.width > MOST_LEAN * atom.height:
        return nothing
    mask = atom.ink >= INKED
    ends = max(1, round(ENDS * len(mask)))
    mask = mask[ends:-ends]
    if len(mask) < LEAST_ROWS or not mask.any(axis=1).all():
        return nothing
    first = mask.argmax(axis=1)
    last = mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)
    if np.mean(last - first + 1 != mask.sum(axis=1)) > GAPS:
        return nothing
    middles, rows, height = (first + last) / 2, np.arange(len(mask)), float(len(mask))
    run, start = np.polyfit(rows, middles, 1)
    strayed = float(np.abs(middles - (run * rows + start)).max())
    if strayed <= STRAIGHT * height:
        return (float(-run) if -run >= LEANS else None), 0.0
    bent = np.polyval(np.polyfit(rows, middles, 2), rows)
    chord = np.interp(rows, [0, height - 1], [bent[0], bent[-1]])
    bend = float((bent - chord)[np.abs(bent - chord).argmax()])
    is_bracket = (
        LEAST_BEND * height <= abs(bend) <= MOST_BEND * height
        and float(np.abs(middles - bent).max()) <= EVEN * height
        and abs(bent[-1] - bent[0]) <= UPRIGHT * height
    )
    return (0.0, bend / height) if is_bracket else nothing
