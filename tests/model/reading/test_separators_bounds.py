"""Slashes and brackets drawn pixel by pixel: each bound of what is told from both sides."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from model.reading.atoms import Atom
from model.reading.separators import Place, places_of
from tests.helpers.inks import block

#: It ends a line, so that no slash does.
DOT = block(900, 0, 4, 4)

Way = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def curve(height: int, way: Way, left: int = 300, top: int = 0, level: int = 255) -> Atom:
    """A stroke four pixels wide along a way: of each row from 0 to 1 the column."""
    columns = np.round(way(np.arange(height) / (height - 1))).astype(int)
    columns -= columns.min()
    ink = np.zeros((height, int(columns.max()) + 4), np.uint8)
    for row, column in enumerate(columns.tolist()):
        ink[row, column : column + 4] = level
    return Atom((left, top, left + ink.shape[1], top + height), ink)


def slash(height: int = 200, lean: float = 60.0, left: int = 300, level: int = 255) -> Atom:
    """A straight stroke whose top leans so far to the right."""
    return curve(height, lambda t: -lean * t, left, level=level)


def bracket(bow: float, skew: float = 0.0, wave: float = 0.0) -> Atom:
    """A stroke that bends evenly, whose ends are so far from upright, or that waves along its bend."""
    return curve(200, lambda t: bow * (2 * t - 1) ** 2 - skew * t + wave * np.sin(4 * np.pi * t))


def is_told(atom: Atom, *others: Atom, height: int = 150, width: int = 100) -> bool:
    """Whether an atom is told from two digits of that size before it."""
    line = [block(0, 0, width, height), block(120, 0, width, height), *others, atom]
    line.sort(key=lambda each: each.middle[0])
    return places_of([*line, DOT])[line.index(atom)] is Place.SEPARATOR


def mirrored(atom: Atom) -> Atom:
    return Atom(atom.box, np.ascontiguousarray(atom.ink[:, ::-1]))


@pytest.mark.parametrize(("height", "told"), [(55, False), (56, True)])
def test_a_slash_is_a_tenth_higher_than_the_digits(height: int, told: bool) -> None:
    assert is_told(slash(height, 20), height=50, width=30) == told


@pytest.mark.parametrize(("lean", "told"), [(31, False), (32, True), (-32, False), (-60, False), (0, False)])
def test_a_slash_leans_sixteen_hundredths_to_the_right(lean: int, told: bool) -> None:
    assert is_told(slash(lean=lean)) == told


@pytest.mark.parametrize(("lean", "told"), [(136, True), (137, False)])
def test_a_slash_is_seven_tenths_as_wide_as_high(lean: int, told: bool) -> None:
    assert is_told(slash(lean=lean)) == told  # four pixels more than it leans


@pytest.mark.parametrize(("wave", "told"), [(5.0, True), (5.5, False)])
def test_a_slash_is_straight(wave: float, told: bool) -> None:
    assert is_told(curve(200, lambda t: -60 * t + wave * np.sin(6 * np.pi * t))) == told


@pytest.mark.parametrize(("bow", "told"), [(15, False), (16, True), (79, True), (80, False)])
def test_a_bracket_bends_a_little_and_not_too_much(bow: int, told: bool) -> None:
    assert is_told(bracket(bow)) == told
    assert is_told(mirrored(bracket(bow))) == told


@pytest.mark.parametrize(("wave", "told"), [(7.0, True), (7.5, False)])
def test_a_bracket_bends_evenly(wave: float, told: bool) -> None:
    assert is_told(bracket(40, wave=wave)) == told


@pytest.mark.parametrize(("skew", "told"), [(60, True), (61, False)])
def test_a_bracket_s_ends_are_upright(skew: int, told: bool) -> None:
    assert is_told(bracket(40, skew)) == told
    assert is_told(mirrored(bracket(40, skew))) == told


@pytest.mark.parametrize(("width", "told"), [(52, False), (53, True)])
def test_digits_that_are_no_bars_tell_how_high_the_line_is(width: int, told: bool) -> None:
    assert is_told(slash(), width=width) == told


def test_one_digit_tells_nothing() -> None:
    assert places_of([block(0, 0, 100, 150), slash()]) == [Place.DIGIT] * 2
    assert places_of([block(0, 0, 100, 150), block(120, 0, 100, 150), slash()])[2] is not Place.DIGIT


def test_slashes_and_brackets_are_no_digits_whose_height_is_measured() -> None:
    wide = [slash(lean=100, left=300 + 150 * place) for place in range(4)]
    digits = [block(0, 0, 100, 150), block(120, 0, 100, 150)]
    assert places_of([*digits, *wide]) == [Place.DIGIT] * 2 + [Place.SEPARATOR] * 4


def test_a_digit_may_be_just_as_wide_as_what_is_no_bar() -> None:
    assert is_told(slash(120, 36), height=100, width=35)
    assert not is_told(slash(120, 36), height=100, width=34)


def test_a_slash_may_be_just_a_tenth_higher() -> None:
    assert is_told(slash(33, 10), height=30, width=20)
    assert not is_told(slash(32, 10), height=30, width=20)


def at_the_end(atom: Atom, *before: Atom) -> Place:
    """What an atom is taken for at the end of a line."""
    return places_of([*before, block(120, 0, 100, 150), block(240, 0, 100, 150), atom])[-1]


def test_a_slash_that_parts_nothing_may_be_a_tall_one() -> None:
    assert at_the_end(slash()) is Place.PERHAPS
    assert places_of([slash(left=0), block(120, 0, 100, 150), block(240, 0, 100, 150)])[0] is Place.PERHAPS


def test_a_bracket_at_the_end_is_one_where_another_is() -> None:
    assert at_the_end(bracket(-40), slash(left=0)) is Place.SEPARATOR


def between(atom: Atom) -> Place:
    """What an atom is taken for between two digits."""
    return places_of([block(0, 0, 100, 200), atom, block(600, 0, 100, 200)])[1]


@pytest.mark.parametrize(("lean", "place"), [(50, Place.DIGIT), (51, Place.PERHAPS)])
def test_a_slanted_bar_as_high_as_the_digits_may_be_a_slash(lean: int, place: Place) -> None:
    assert between(slash(height=206, lean=lean)) is place


@pytest.mark.parametrize(("height", "place"), [(205, Place.DIGIT), (206, Place.PERHAPS), (221, Place.SEPARATOR)])
def test_a_slanted_bar_lower_than_the_digits_is_a_one(height: int, place: Place) -> None:
    assert between(slash(height=height)) is place


def test_a_slanted_bar_at_the_end_is_a_one() -> None:
    assert at_the_end(slash(height=150)) is Place.DIGIT


@pytest.mark.parametrize(("level", "told"), [(127, False), (128, True)])
def test_a_stroke_is_of_ink_from_128_on(level: int, told: bool) -> None:
    assert is_told(slash(level=level)) == told


@pytest.mark.parametrize(("height", "row", "told"), [(60, 3, True), (60, 4, False), (74, 3, True), (74, 4, False)])
def test_six_hundredths_at_each_end_may_be_torn(height: int, row: int, told: bool) -> None:
    for torn in (row, height - 1 - row):
        atom = slash(height, 20)
        atom.ink[torn] = 0
        assert is_told(atom, height=50, width=30) == told


@pytest.mark.parametrize(("rows", "told"), [(4, True), (5, False)])
def test_a_stroke_is_parted_in_a_twentieth_of_its_rows(rows: int, told: bool) -> None:
    atom = slash(108, 30)  # of which 96 rows are measured
    for row in range(40, 40 + rows):
        atom.ink[row, np.flatnonzero(atom.ink[row])[1]] = 0
    assert is_told(atom, height=80, width=50) == told


@pytest.mark.parametrize(("height", "told"), [(9, False), (10, True)])
def test_a_stroke_of_less_than_eight_rows_is_too_short(height: int, told: bool) -> None:
    ink = np.zeros((height, (height + 4) // 2), np.uint8)
    for row in range(height):
        middle = (height - row) / 2
        ink[row, math.ceil(middle - 1) : math.floor(middle + 1) + 1] = 255
    assert is_told(Atom((300, 0, 300 + ink.shape[1], height), ink), height=8, width=6) == told


def test_a_stroke_may_be_parted_in_just_a_twentieth_of_its_rows() -> None:
    atom = slash(114, 30)  # of which 100 rows are measured
    for row in range(40, 45):
        atom.ink[row, np.flatnonzero(atom.ink[row])[1]] = 0
    assert is_told(atom, height=80, width=50)


def percent(upper: tuple[int, int, int], lower: tuple[int, int, int], *between: Atom) -> bool:
    """Whether a bar as high as the digits is told, with rings of (left, top, side)."""
    bar = slash(100, 30)  # 300 to 334
    rings = [block(left, top, side, side) for left, top, side in (upper, lower)]
    return is_told(bar, *rings, *between, height=100, width=60)


@pytest.mark.parametrize(("side", "told"), [(14, False), (15, True), (49, True), (50, False)])
def test_a_ring_is_from_fifteen_hundredths_to_half_as_high_as_a_digit(side: int, told: bool) -> None:
    assert percent((280, 0, side), (330, 60, 20)) == told
    assert percent((280, 10, 20), (330, 50, side)) == told


@pytest.mark.parametrize(("left", "told"), [(247, True), (246, False)])
def test_a_ring_is_six_tenths_of_a_digit_from_the_bar(left: int, told: bool) -> None:
    assert percent((left, 10, 20), (330, 60, 20)) == told  # its middle 60 and 61 before 317
    assert percent((280, 10, 20), (614 - left, 60, 20)) == told


@pytest.mark.parametrize(("top", "told"), [(-20, True), (-21, False), (39, True), (40, False)])
def test_the_left_ring_is_above_the_bar_s_middle_and_not_far_over_it(top: int, told: bool) -> None:
    assert percent((280, top, 20), (330, 60, 20)) == told


@pytest.mark.parametrize(("top", "told"), [(40, False), (41, True), (100, True), (101, False)])
def test_the_right_ring_is_below_the_bar_s_middle_and_not_far_under_it(top: int, told: bool) -> None:
    assert percent((280, 10, 20), (330, top, 20)) == told


def test_rings_on_the_wrong_sides_are_no_percent_sign() -> None:
    assert percent((280, 10, 20), (340, 60, 20))
    assert not percent((280, 60, 20), (340, 10, 20))
    assert not percent((280, 10, 20), (290, 60, 20))
    assert not percent((330, 10, 20), (340, 60, 20))
    assert not percent((307, 10, 20), (340, 60, 20))  # right over the bar's middle
    assert not percent((280, 10, 20), (307, 60, 20))


@pytest.mark.parametrize(("count", "told"), [(1, True), (2, False)])
def test_a_ring_is_the_second_from_the_bar_at_most(count: int, told: bool) -> None:
    between = [block(296 + 2 * place, 95, 4, 4) for place in range(count)]
    assert percent((270, 10, 20), (330, 60, 20), *between) == told
    between = [block(334 - 2 * place, 5, 4, 4) for place in range(count)]
    assert percent((280, 10, 20), (345, 60, 20), *between) == told


def test_a_percent_sign_may_begin_a_line() -> None:
    rings = [block(280, 10, 20, 20), block(330, 60, 20, 20)]
    digits = [block(left, 0, 60, 100) for left in (400, 500)]
    places = places_of([rings[0], slash(100, 30), rings[1], *digits, slash(120, 36, left=600), DOT])
    assert places[1] is Place.SEPARATOR


def beside(atom: Atom, at: int) -> Place:
    """What an atom is taken for at that place among three digits."""
    line = [block(120 * place, 0, 100, 150) for place in range(3)]
    line.insert(at, atom)
    return places_of(line)[at]


def test_a_slanted_bar_that_may_be_a_slash_between_digits_is_a_one_at_the_ends() -> None:
    assert [beside(slash(height=160), at) for at in range(4)] == [
        Place.DIGIT,
        Place.PERHAPS,
        Place.PERHAPS,
        Place.DIGIT,
    ]


def test_a_bracket_does_not_lean() -> None:
    assert beside(curve(180, lambda t: 32 * (2 * t - 1) ** 2), 1) is Place.SEPARATOR
    assert beside(curve(160, lambda t: 32 * (2 * t - 1) ** 2), 1) is Place.DIGIT
