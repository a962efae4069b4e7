"""Where a ruled line runs, when two are one, and what is left: ``rules`` at the edges of pictures and at blots."""

from __future__ import annotations

import numpy as np
import pytest

from model.preprocess.picture import Pixels
from model.preprocess.rules import Line, _are_one, find_lines, upright_runs, without_rules


def ruled(*rows: int, width: int = 200, thick: int = 2, level: int = 120) -> Pixels:
    """A page 100 pixels high with level lines from edge to edge."""
    ink = np.zeros((100, width), np.uint8)
    for row in rows:
        ink[row : row + thick] = level
    return ink


def with_stroke(ink: Pixels) -> Pixels:
    """The same with an upright stroke in its middle."""
    ink = ink.copy()
    ink[10:90, 98:104] = 255
    return ink


def steep(first: int, last: int, lower: int = 0, thickness: float = 2.0) -> Line:
    """A line that falls by five pixels a column."""
    columns = np.arange(first, last + 1)
    return Line(columns, 5 * columns + lower, thickness, 120.0, reaches=False)


@pytest.mark.parametrize("extents", [((10, 40), (20, 60)), ((10, 20), (20, 30)), ((10, 60), (20, 30))])
def test_lines_are_compared_where_both_run(extents: tuple[tuple[int, int], tuple[int, int]]) -> None:
    line, other = steep(*extents[0]), steep(*extents[1])
    assert _are_one(line, other)
    assert _are_one(other, line)


@pytest.mark.parametrize(("lower", "thickness", "are_one"), [(3, 2, True), (4, 2, False), (7, 8, True), (8, 8, False)])
def test_two_lines_are_the_edges_of_one_that_is_as_thick(lower: int, thickness: int, are_one: bool) -> None:
    assert _are_one(steep(10, 60), steep(10, 60, lower, thickness)) == are_one


@pytest.mark.parametrize(
    ("rows", "top", "gone"), [((30, 70), 0, True), ((30,), 0, False), ((), 0, False), ((30, 70), 5, False)]
)
def test_an_upright_line_from_edge_to_edge_goes_on_ruled_paper(rows: tuple[int, ...], top: int, gone: bool) -> None:
    ink = with_stroke(ruled(*rows))
    ink[top:, 40:42] = 200
    assert (not without_rules(ink)[80:98, 40:42].any()) == gone


def test_what_is_left_and_the_runs_are_whole_numbers() -> None:
    assert without_rules(with_stroke(ruled(30, 70))).dtype == np.uint8
    assert upright_runs(ruled(30) > 0).dtype == np.int64


@pytest.mark.parametrize("row", [0, 50, 99])
def test_a_thin_line_is_found_in_every_row(row: int) -> None:
    (line,) = find_lines(ruled(row, thick=1))
    assert (set(line.rows.tolist()), line.thickness) == ({row}, 1.0)


@pytest.mark.parametrize("away", [-1, 1])
def test_a_line_may_be_jagged(away: int) -> None:
    ink = ruled(50, thick=1)
    ink[50, ::3], ink[50 + away, ::3] = 0, 120
    assert len(find_lines(ink)) == 1


def test_lines_four_pixels_apart_are_two() -> None:
    assert [int(line.rows[0]) for line in find_lines(ruled(40, 44))] == [40, 44]


@pytest.mark.parametrize(("blot", "told"), [(24, True), (25, False)])
def test_a_line_begins_where_it_is_thin(blot: int, told: bool) -> None:
    ink = ruled(50)
    ink[30:80, :blot] = 255
    assert bool(find_lines(ink)) == told


@pytest.mark.parametrize(("middle", "told"), [(98, True), (100, False)])
def test_how_much_of_a_line_shows_is_counted_from_its_own_beginning(middle: int, told: bool) -> None:
    ink = ruled(50)
    ink[30:80, :20] = 255
    ink[30:80, 60 : 60 + middle] = 255  # 0.45 of 180 columns is 81
    assert bool(find_lines(ink)) == told


def test_a_line_runs_on_straight_under_a_blot() -> None:
    ink = ruled(50)
    ink[30:80, 60:130] = 255
    (line,) = find_lines(ink)
    assert set(line.rows.tolist()) <= {48, 49, 50}  # a way is followed within two pixels


@pytest.mark.parametrize(("gap", "told"), [(2, True), (3, False)])
def test_a_short_line_s_gap_is_two_pixels(gap: int, told: bool) -> None:
    ink = ruled(50, width=50)
    ink[50:52, 20 : 20 + gap] = 0
    assert bool(find_lines(ink)) == told


def test_a_line_that_ends_at_a_blot_before_the_edge_does_not_reach_it() -> None:
    ink = ruled(50)
    ink[:, :3] = 0
    ink[45:57, 2] = 255
    (line,) = find_lines(ink)
    assert (int(line.columns[0]), line.reaches) == (3, False)


@pytest.mark.parametrize(("row", "stays"), [(46, True), (47, False), (53, False), (54, True)])
def test_only_ink_at_the_line_goes_with_it(row: int, stays: bool) -> None:
    ink = ruled(20, 50, 80)
    ink[row, 20:60] = 30
    assert bool(without_rules(with_stroke(ink))[row, 20:60].any()) == stays


@pytest.mark.parametrize(("thick", "stays"), [(3, False), (4, True)])
def test_a_thin_line_is_taken_where_it_is_three_times_as_thick(thick: int, stays: bool) -> None:
    ink = ruled(20, 50, 80, thick=1)
    ink[50 : 50 + thick, 60:70] = 120  # 1.5 · (1 + 1) = 3
    assert bool(without_rules(with_stroke(ink))[50, 60:70].any()) == stays


def test_a_stroke_as_pale_as_the_palest_line_stays() -> None:
    ink = ruled(20, 50, 80, level=32)
    ink[45:57, 60:70] = 32
    assert without_rules(with_stroke(ink))[50:52, 60:70].all()
