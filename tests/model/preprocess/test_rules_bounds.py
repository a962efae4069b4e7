"""What is a ruled line and what isn't: each bound of ``rules`` from both sides, on pages drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest

from model.preprocess.picture import Pixels
from model.preprocess.rules import find_lines, without_rules


def page(height: int = 100, width: int = 200) -> Pixels:
    return np.zeros((height, width), np.uint8)


def ruled(*rows: int, height: int = 100, width: int = 200, thick: int = 2, level: int = 120) -> Pixels:
    """A page with level lines from edge to edge."""
    ink = page(height, width)
    for row in rows:
        ink[row : row + thick] = level
    return ink


def with_stroke(ink: Pixels, level: int = 255) -> Pixels:
    """The same with an upright stroke in its middle."""
    ink = ink.copy()
    ink[10:90, 98:104] = level
    return ink


def is_line(ink: Pixels) -> bool:
    return bool(find_lines(ink))


@pytest.mark.parametrize(("level", "told"), [(31, False), (32, True)])
def test_a_line_is_of_ink_from_32_on(level: int, told: bool) -> None:
    assert is_line(ruled(50, level=level)) == told


@pytest.mark.parametrize(
    ("height", "thick", "told"), [(100, 3, True), (100, 4, False), (400, 8, True), (400, 9, False)]
)
def test_a_line_is_three_pixels_thick_or_a_fiftieth_of_the_height(height: int, thick: int, told: bool) -> None:
    assert is_line(ruled(50, height=height, thick=thick)) == told


@pytest.mark.parametrize(("rise", "told"), [(30, True), (34, False)])
def test_a_line_rises_an_eighth_of_its_length(rise: int, told: bool) -> None:
    ink = page()
    columns = np.arange(200)
    for thick in (0, 1):
        ink[np.round(30 + rise * columns / 199).astype(int) + thick, columns] = 120
    assert is_line(ink) == told
    assert is_line(np.ascontiguousarray(ink[::-1])) == told


@pytest.mark.parametrize(("bow", "told"), [(7, True), (8, False)])
def test_a_line_is_straight(bow: int, told: bool) -> None:
    ink = page()
    columns = np.arange(200)
    for thick in (0, 1):
        ink[np.round(50 + bow * np.sin(np.pi * columns / 199)).astype(int) + thick, columns] = 120
    assert is_line(ink) == told


@pytest.mark.parametrize(("columns", "told"), [(110, True), (112, False)])
def test_a_line_shows_on_nearly_half_of_its_way(columns: int, told: bool) -> None:
    ink = ruled(50)
    ink[30:80, 100 - columns // 2 : 100 + columns // 2] = 255
    assert is_line(ink) == told


@pytest.mark.parametrize(("gap", "told"), [(12, True), (13, False)])
def test_a_line_s_gaps_are_short(gap: int, told: bool) -> None:
    ink = ruled(50)
    ink[50:52, 100 : 99 + gap] = 0
    assert is_line(ink) == told


@pytest.mark.parametrize(("gaps", "told"), [(19, True), (21, False)])
def test_a_line_has_ink_on_nine_tenths_of_its_way(gaps: int, told: bool) -> None:
    ink = ruled(50)
    for place in range(gaps):
        ink[50:52, 5 + 9 * place] = 0
    assert is_line(ink) == told


@pytest.mark.parametrize(("length", "told"), [(176, True), (174, False)])
def test_a_line_is_nearly_as_long_as_the_ink_is_wide(length: int, told: bool) -> None:
    ink = page()
    ink[50:52, :length] = 120
    ink[20:80, 199] = 255
    assert is_line(ink) == told


@pytest.mark.parametrize(("width", "told"), [(39, False), (40, True)])
def test_ink_is_forty_pixels_wide_to_hold_a_line(width: int, told: bool) -> None:
    ink = page()
    ink[50:52, 60 : 60 + width] = 120
    assert is_line(ink) == told


@pytest.mark.parametrize("rows", [(50,), (40, 46)])
def test_a_line_is_found_once(rows: tuple[int, ...]) -> None:
    assert [int(line.rows[0]) for line in find_lines(ruled(*rows))] == list(rows)


@pytest.mark.parametrize(("lines", "gone"), [(2, False), (3, True)])
def test_a_thick_line_counts_once(lines: int, gone: bool) -> None:
    # Three level lines are a page; each of these is found at both of its edges.
    ink = page(200, 300)
    for place in range(lines):
        ink[50 + 40 * place : 54 + 40 * place, 10:290] = 120
    ink[20:180, 150:158] = 255
    assert (not without_rules(ink)[50:54, 20:100].any()) == gone


@pytest.mark.parametrize(("level", "walls", "gone"), [(110, 3, True), (111, 3, False), (110, 2, False)])
def test_three_pale_upright_lines_are_the_walls_of_boxes(level: int, walls: int, gone: bool) -> None:
    ink = page(100, 300)
    for place in range(walls):
        ink[10:90, 40 + 100 * place : 42 + 100 * place] = level
    ink[30:70, 80:100] = 255
    assert (not without_rules(ink)[:, 40:42].any()) == gone


def test_a_line_has_its_columns_rows_thickness_and_level() -> None:
    ink = page()
    ink[50:52, 5:195] = 120
    (line,) = find_lines(ink)
    assert (line.columns[0], line.columns[-1], line.thickness, line.level) == (5, 194, 2.0, 120.0)
    assert set(line.rows.tolist()) <= {50, 51}
    assert not line.reaches


@pytest.mark.parametrize(("left", "right", "reaches"), [(0, 0, True), (2, 2, True), (3, 0, False), (0, 3, False)])
def test_a_line_reaches_both_edges_within_two_pixels(left: int, right: int, reaches: bool) -> None:
    ink = page()
    ink[50:52, left : 200 - right] = 120
    (line,) = find_lines(ink)
    assert line.reaches == reaches


@pytest.mark.parametrize(("side", "is_left"), [(79, True), (80, False)])
def test_a_picture_of_80_pixels_has_lines(side: int, is_left: bool) -> None:
    for ink in (with_stroke(ruled(30, 50, height=100, width=side)[:, :side]), ruled(30, 50, height=side)):
        ink[10:70, 38:44] = 255
        assert (without_rules(ink) is ink) == is_left


@pytest.mark.parametrize(("rows", "gone"), [((20, 70), False), ((20, 45, 70), True)])
def test_three_lines_are_a_page_though_they_reach_no_edge(rows: tuple[int, ...], gone: bool) -> None:
    ink = ruled(*rows)
    ink[:, :8], ink[:, 192:] = 0, 0
    ink = with_stroke(ink)
    assert bool(without_rules(ink)[20:22, 10:90].any()) != gone


@pytest.mark.parametrize(("level", "upright", "gone"), [(2, 2, True), (1, 2, False), (2, 1, False)])
def test_two_lines_of_each_direction_are_boxes(level: int, upright: int, gone: bool) -> None:
    ink = page(200, 200)
    for place in (20, 120)[:level]:
        ink[place : place + 2, 10:190] = 120
    for place in (15, 150)[:upright]:
        ink[10:190, place : place + 2] = 120
    ink[60:100, 70:76] = 255
    cleaned = without_rules(ink)
    assert (not cleaned[20:22, 30:140].any()) == gone
    assert (not cleaned[30:110, 15:17].any()) == gone


@pytest.mark.parametrize(("darker", "stays"), [(172, False), (173, True)])
def test_ink_is_taken_away_that_is_not_much_darker_than_its_line(darker: int, stays: bool) -> None:
    ink = ruled(20, 50, 80)
    ink[50:52, 60:70] = darker  # 1.35 · 120 + 10 = 172
    assert bool(without_rules(with_stroke(ink))[50:52, 60:70].any()) == stays


@pytest.mark.parametrize(("darker", "stays"), [(64, False), (65, True)])
def test_a_pale_line_s_ink_may_be_ten_levels_darker_still(darker: int, stays: bool) -> None:
    ink = ruled(20, 50, 80, level=40)
    ink[50:52, 60:70] = darker  # 1.35 · 40 + 10 = 64
    assert bool(without_rules(with_stroke(ink))[50:52, 60:70].any()) == stays


@pytest.mark.parametrize(("thick", "stays"), [(4, False), (5, True)])
def test_ink_is_taken_away_that_is_not_much_thicker_than_its_line(thick: int, stays: bool) -> None:
    ink = ruled(20, 50, 80)
    ink[50 : 50 + thick, 60:70] = 120  # 1.5 · (2 + 1) = 4.5
    assert bool(without_rules(with_stroke(ink))[50:52, 60:70].any()) == stays


@pytest.mark.parametrize(("pixels", "is_left"), [(23, True), (24, False)])
def test_a_stroke_of_24_pixels_must_remain(pixels: int, is_left: bool) -> None:
    ink = ruled(20, 50, 80)
    ink[30, 60 : 60 + pixels // 2], ink[31, 60 : 60 + pixels - pixels // 2] = 255, 255
    assert (without_rules(ink) is ink) == is_left


@pytest.mark.parametrize(("level", "is_left"), [(63, True), (64, False)])
def test_what_remains_must_be_as_dark_as_a_stroke(level: int, is_left: bool) -> None:
    ink = ruled(20, 50, 80)
    ink[30:34, 60:70] = level
    assert (without_rules(ink) is ink) == is_left


@pytest.mark.parametrize("row", [0, 98])
def test_a_line_along_the_picture_s_own_edge_goes(row: int) -> None:
    cleaned = without_rules(with_stroke(ruled(row, 50)))
    assert not cleaned[row : row + 2].any()
    assert np.array_equal(cleaned[10:90, 98:104], np.full((80, 6), 255))


def test_a_line_s_pale_edges_go_with_it() -> None:
    ink = ruled(20, 50, 80)
    for row in (19, 22, 49, 52, 79, 82):
        ink[row] = 30
    assert np.count_nonzero(without_rules(with_stroke(ink))) == 80 * 6
