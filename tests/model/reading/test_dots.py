"""The dots of dotted paper go; dust, crumbs of chalk and rows of points that are none of it stay."""

from __future__ import annotations

import numpy as np
import pytest

from model.preprocess.components import Box
from model.preprocess.ink import find_pieces
from model.reading.dots import without_dots
from tests.helpers.inks import page

DIGIT: Box = (100, 60, 120, 120)


def grid(*, pitch: int = 20, side: int = 3, rows: int = 8, columns: int = 12) -> list[Box]:
    """Squares at even distances, from the upper left, clear of the digit."""
    places = [(8 + pitch * column, 4 + pitch * row) for row in range(rows) for column in range(columns)]
    return [(x, y, x + side, y + side) for x, y in places if not (95 < x < 125 and 50 < y < 125)]


def kept(*boxes: Box) -> int:
    """How many pieces are left of these on one page."""
    return len(without_dots(find_pieces(page(*boxes))))


def test_dots_go_and_the_digit_stays() -> None:
    assert [piece.box for piece in without_dots(find_pieces(page(DIGIT, *grid())))] == [DIGIT]


@pytest.mark.parametrize(("dots", "left"), [(12, 1), (11, 12)])
def test_dotted_paper_has_twelve_dots(dots: int, left: int) -> None:
    assert kept(DIGIT, *grid()[:dots]) == left


@pytest.mark.parametrize(("side", "goes"), [(12, True), (13, False)])
def test_a_dot_is_a_fifth_as_long_as_the_longest_piece(side: int, goes: bool) -> None:
    dots = [(x, y, x + side, y + side) for x in range(130, 290, 40) for y in range(2, 160, 40)]
    assert (kept(DIGIT, *dots) == 1) == goes


def test_dots_of_many_sizes_are_dust() -> None:
    sizes = [1, 3, 6, 10]
    dots = [(x, y, x + sizes[n % 4], y + sizes[n % 4]) for n, (x, y, _, _) in enumerate(grid())]
    assert kept(DIGIT, *dots) == 1 + len(dots)


@pytest.mark.parametrize(("left", "stays"), [(126, True), (127, False)])
def test_on_dotted_paper_what_is_small_and_far_from_digits_is_a_part_of_it(left: int, stays: bool) -> None:
    """A tenth of 60 pixels."""
    crumb = (left, 70, left + 11, 72)
    assert (kept(DIGIT, crumb, *grid()) == 2) == stays


def test_dots_at_uneven_distances_are_dust() -> None:
    rng = np.random.default_rng(1)
    dots = [(x + int(rng.integers(-8, 9)), y, x + 3, y + 3) for x, y, _, _ in grid(pitch=22)]
    dots = [(min(x0, x1 - 3), y0, min(x0, x1 - 3) + 3, y1) for x0, y0, x1, y1 in dots]
    assert kept(DIGIT, *dots) == 1 + len(dots)


@pytest.mark.parametrize(("pitch", "goes"), [(9, True), (8, False)])
def test_dots_stand_three_of_their_sides_apart(pitch: int, goes: bool) -> None:
    """Nearer ones are the crumbs of a line of chalk."""
    dots = grid(pitch=pitch, rows=3, columns=9)
    assert (kept(DIGIT, *dots) == 1) == goes
