from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.reading.atoms import Atom
from model.reading.separators import Place, places_of
from tests.helpers.inks import block

#: It ends a line, so that no slash does.
DOT = block(900, 0, 4, 4)
DIGITS = [block(0, 0, 30, 50), block(40, 0, 30, 50)]


def stroke(points: list[tuple[float, float]], width: int = 5, left: int = 100) -> Atom:
    """A pen stroke as an atom, its ink from the top of the digits' line."""
    picture = Image.new("L", (120, 120))
    ImageDraw.Draw(picture).line([(x + 40, y + 10) for x, y in points], fill=255, width=width, joint="curve")
    ink = np.asarray(picture)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    top, bottom, first, last = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    return Atom((left + first, top - 10, left + last, bottom - 10), ink[top:bottom, first:last])


def bent(bow: float, height: float = 60.0) -> Atom:
    """A bracket of that bow."""
    heights = np.linspace(0, height, 25)
    return stroke([(bow * (2 * y / height - 1) ** 2, y) for y in heights.tolist()])


def is_separator(atom: Atom, *others: Atom) -> bool:
    line = sorted([*DIGITS, atom, *others], key=lambda each: each.middle[0])
    return places_of([*line, DOT])[line.index(atom)] is Place.SEPARATOR


@pytest.mark.parametrize(("height", "told"), [(57, True), (50, False)])
def test_a_slash_is_higher_than_the_digits(height: int, told: bool) -> None:
    assert is_separator(stroke([(20, 0), (0, height)])) == told


@pytest.mark.parametrize(("lean", "told"), [(14, True), (7, False), (-20, False)])
def test_a_slash_leans_to_the_right(lean: int, told: bool) -> None:
    assert is_separator(stroke([(20 + lean, 0), (20, 60)])) == told


def test_a_one_with_a_flag_is_no_slash() -> None:
    assert not is_separator(stroke([(2, 18), (20, 0), (5, 60)]))


@pytest.mark.parametrize("bow", [8.0, -8.0, 15.0])
def test_a_bracket_is_told(bow: float) -> None:
    assert is_separator(bent(bow))


@pytest.mark.parametrize("bow", [2.0, 30.0])
def test_what_hardly_bends_or_bends_too_much_is_no_bracket(bow: float) -> None:
    assert not is_separator(bent(bow))


def test_a_bracket_no_higher_than_the_digits_may_be_a_digit() -> None:
    assert not is_separator(bent(8.0, height=46.0))


@pytest.mark.parametrize("index", [0, 1])
def test_digits_are_no_separators(index: int) -> None:
    assert places_of(DIGITS)[index] is Place.DIGIT


def test_without_digits_beside_it_nothing_is_told() -> None:
    slash = stroke([(20, 0), (0, 60)])
    assert places_of([slash]) == [Place.DIGIT]
    assert places_of([DIGITS[0], slash]) == [Place.DIGIT] * 2


def test_a_percent_sign_is_told_by_its_rings() -> None:
    bar, upper, lower = stroke([(20, 0), (0, 50)]), block(118, 4, 12, 12), block(164, 36, 12, 12)
    assert is_separator(bar, upper, lower)
    assert not is_separator(bar, upper)
    assert not is_separator(bar, block(118, 36, 12, 12), block(164, 4, 12, 12))


@pytest.mark.parametrize(("side", "told"), [(8, True), (6, False)])
def test_a_percent_sign_s_rings_are_more_than_dust(side: int, told: bool) -> None:
    bar = stroke([(20, 0), (0, 50)])
    assert is_separator(bar, block(122, 4, side, side), block(164, 40, side, side)) == told


def test_a_word_of_dust_is_no_stroke() -> None:
    assert not is_separator(block(100, 0, 3, 6))


def date(*, lean: int = 20, other: int = 20, last: int = 2) -> list[Place]:
    """What the slashes of two digits, two digits and ``last`` may be, that are hardly higher than they are."""
    slashes = [stroke([(20 + run, 0), (20, 49)], left=left) for run, left in ((lean, 60), (other, 180))]
    digits = [block(left, 0, 30, 50) for left in (0, 40, 120, 160, *(240 + 40 * number for number in range(last)))]
    line = sorted([*slashes, *digits], key=lambda each: each.middle[0])
    places = places_of(line)
    return [places[line.index(slash)] for slash in slashes]


def test_two_slashes_of_a_date_are_told_though_they_are_no_higher_than_a_one() -> None:
    assert date() == [Place.SEPARATOR] * 2


@pytest.mark.parametrize(("other", "last"), [(35, 2), (20, 5), (20, 0)])
def test_two_bars_that_lean_apart_or_stand_otherwise_may_be_ones(other: int, last: int) -> None:
    assert Place.SEPARATOR not in date(other=other, last=last)
