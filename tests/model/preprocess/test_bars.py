"""Bars along a picture's edges, on a page of 100 × 200 white pixels: the rim is 4 columns and 2 rows wide."""

from __future__ import annotations

import numpy as np
import pytest

from model.preprocess.clean import without_bars
from model.preprocess.picture import Grey


def page(width: int = 30, level: float = 0, height: int = 100, length: int = 200) -> Grey:
    """White paper with a bar at its left."""
    levels = np.full((height, length), 255, np.float32)
    levels[:, :width] = level
    return levels


def stays(levels: Grey) -> bool:
    return bool(np.array_equal(without_bars(levels), levels))


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("level", [0, 60, 155])
def test_a_bar_at_any_edge_becomes_paper(level: float, turns: int) -> None:
    levels = np.ascontiguousarray(np.rot90(page(30, level), turns))
    assert np.unique(without_bars(levels)).tolist() == [255]


@pytest.mark.parametrize("upright", [False, True])
def test_bars_that_face_each_other_become_paper(upright: bool) -> None:
    levels = page(10, 30)
    levels[:, -40:] = 0
    evened = without_bars(np.ascontiguousarray(levels.T) if upright else levels)
    assert np.unique(evened).tolist() == [255]


def test_a_bright_bar_on_dark_paper_becomes_paper() -> None:
    assert np.unique(without_bars(255 - page())).tolist() == [0]


def test_what_is_drawn_on_a_bar_keeps_its_contrast() -> None:
    levels = page(30, 20)
    levels[40:60, 10:20], levels[70:80, 10:20] = 220, 50
    evened = without_bars(levels)
    assert (evened[50, 15], evened[75, 15], evened[90, 15]) == (55, 225, 255)
    dark = without_bars(255 - levels)
    assert (dark[50, 15], dark[75, 15], dark[90, 15]) == (200, 30, 0)


@pytest.mark.parametrize(("soft", "is_bar"), [([], True), ([128], True), ([90, 170], False)])
def test_a_small_digit_s_soft_side_is_no_bar(soft: list[int], is_bar: bool) -> None:
    levels = page(8, height=32, length=32)
    levels[:, 8 - len(soft) : 8] = soft
    assert bool(without_bars(levels)[0, 0] == 255) is is_bar


def test_a_large_bar_s_edge_may_be_as_soft_as_the_rim_is_wide() -> None:
    for soft, is_bar in ((4, True), (5, False)):
        levels = page()
        levels[:, 30 - soft // 2 : 30 - soft // 2 + soft] = np.linspace(60, 190, soft)
        assert bool(without_bars(levels)[0, 0] == 255) is is_bar


def test_what_is_drawn_beside_a_bar_stays() -> None:
    levels = page()
    levels[40:60, 80:120] = 10
    evened = without_bars(levels)
    assert np.array_equal(evened[:, 30:], levels[:, 30:])
    assert np.unique(evened[:, :30]).tolist() == [255]


def test_the_picture_that_came_is_not_written_to() -> None:
    levels = page()
    without_bars(levels)
    assert np.array_equal(levels, page())


@pytest.mark.parametrize(("level", "is_bar"), [(155, True), (156, False)])
def test_a_bar_differs_by_100_levels_from_the_paper(level: float, is_bar: bool) -> None:
    assert stays(page(30, level)) is not is_bar


@pytest.mark.parametrize(("uneven", "is_bar"), [(12, True), (13, False)])
def test_97_of_100_pixels_of_the_rim_are_even(uneven: int, is_bar: bool) -> None:
    levels = page()
    levels[40 : 40 + uneven, 2] = 40  # of 4 × 100 pixels
    assert stays(levels) is not is_bar


def test_39_levels_off_is_still_even() -> None:
    levels = page()
    levels[40:90, 2] = 39
    assert not stays(levels)


@pytest.mark.parametrize(("wider", "is_bar"), [(40, True), (41, False)])
def test_in_60_of_100_rows_a_bar_ends_at_the_same_column(wider: int, is_bar: bool) -> None:
    levels = page()
    levels[20 : 20 + wider, 30:50] = 0
    assert stays(levels) is not is_bar


@pytest.mark.parametrize(
    ("height", "length", "is_bar"), [(24, 60, True), (60, 24, True), (23, 60, False), (60, 23, False)]
)
def test_in_a_picture_of_less_than_24_pixels_nothing_is_a_bar(height: int, length: int, is_bar: bool) -> None:
    assert stays(page(6, 0, height, length)) is not is_bar


@pytest.mark.parametrize(("width", "is_bar"), [(1, True), (90, True), (91, False), (200, False)])
def test_a_bar_is_at_most_45_hundredths_of_the_picture_wide(width: int, is_bar: bool) -> None:
    levels = page(width)
    if width == 1:
        levels = levels[:, :60]  # where the rim is one pixel wide
    assert stays(levels) is not is_bar


def test_a_line_thinner_than_the_rim_is_no_bar() -> None:
    assert stays(page(1))


@pytest.mark.parametrize(("slant", "is_bar"), [(4, True), (5, False)])
def test_a_bar_s_end_may_slant_by_the_rim_s_width(slant: int, is_bar: bool) -> None:
    levels = page()
    levels[50:, 30 : 30 + slant] = 0
    assert stays(levels) is not is_bar
    assert stays(levels[::-1].copy()) is not is_bar


@pytest.mark.parametrize(("slant", "is_bar"), [(5, True), (6, False)])
def test_the_rim_of_a_picture_250_pixels_wide_is_five(slant: int, is_bar: bool) -> None:
    levels = page(length=250)
    levels[50:, 30 : 30 + slant] = 0
    assert stays(levels) is not is_bar


def test_what_touches_only_the_top_or_only_the_bottom_is_no_bar() -> None:
    levels = page()
    levels[:2] = 255
    assert stays(levels)
    assert stays(levels[::-1].copy())


@pytest.mark.parametrize(("odd", "is_bar"), [(1, True), (2, False)])
def test_of_150_rows_the_first_three_tell_where_a_bar_ends(odd: int, is_bar: bool) -> None:
    levels = page(30, 0, 150)
    levels[:odd] = 255
    evened = without_bars(levels)
    assert bool(np.array_equal(evened[odd:], np.full((150 - odd, 200), 255))) is is_bar


def test_of_40_rows_the_first_tells_where_a_bar_ends() -> None:
    levels = page(12, 0, 40, 60)
    levels[0] = 255
    assert stays(levels)


@pytest.mark.parametrize(("uneven", "is_bar"), [(10, True), (11, False)])
def test_nine_tenths_of_the_paper_beside_a_bar_are_even(uneven: int, is_bar: bool) -> None:
    levels = page(46)
    levels[:2, 60 : 60 + uneven] = 215  # of twice the columns 50 to 99
    assert stays(levels) is not is_bar


def test_paper_39_levels_off_is_still_even() -> None:
    levels = page()
    levels[:2, 34:100] = 216
    assert not stays(levels)


@pytest.mark.parametrize("columns", [slice(30, 34), slice(100, 145)])
def test_only_the_paper_from_the_bar_s_edge_to_the_middle_must_be_even(columns: slice) -> None:
    levels = page()
    levels[:2, columns] = 215
    assert not stays(levels)


@pytest.mark.parametrize(("length", "is_bar"), [(25, False), (26, True)])
def test_a_bar_up_to_the_middle_has_no_paper_beside_it(length: int, is_bar: bool) -> None:
    assert stays(page(11, 0, 60, length)) is not is_bar


@pytest.mark.parametrize(("width", "is_bar"), [(74, True), (76, False)])
def test_paper_is_what_most_of_the_middle_half_of_the_top_and_the_bottom_is(width: int, is_bar: bool) -> None:
    levels = page(width)
    levels[:, -width:] = 0
    assert stays(levels) is not is_bar


@pytest.mark.parametrize(("level", "becomes"), [(40, 215), (41, 255), (127, 255), (128, 255), (214, 255), (215, 215)])
def test_a_bar_s_blurred_edge_becomes_paper(level: float, becomes: float) -> None:
    levels = page()
    levels[:, 30] = level
    assert np.unique(without_bars(levels)[:, 30]).tolist() == [becomes]


@pytest.mark.parametrize(("level", "becomes"), [(70, 215), (71, 255), (214, 255), (215, 215)])
def test_a_grey_bar_s_blurred_edge_becomes_paper(level: float, becomes: float) -> None:
    levels = page(30, 30)
    levels[:, 30] = level
    assert np.unique(without_bars(levels)[:, 30]).tolist() == [becomes]


@pytest.mark.parametrize(("column", "level", "becomes"), [(24, 41, 214), (25, 41, 255), (33, 200, 255), (34, 200, 200)])
def test_a_blurred_edge_is_as_wide_as_the_rim(column: int, level: float, becomes: float) -> None:
    levels = page()
    levels[:, column] = level
    assert np.unique(without_bars(levels)[:, column]).tolist() == [becomes]


@pytest.mark.parametrize(("level", "is_bar"), [(127.5, False), (128, True)])
def test_a_column_halfway_between_bar_and_paper_is_the_bar_s(level: float, is_bar: bool) -> None:
    levels = page(90)
    levels[:, 90] = level  # with it the bar is 91 columns wide
    assert stays(levels) is not is_bar


@pytest.mark.parametrize(("level", "is_bar"), [(127.5, False), (128, True)])
def test_a_row_in_which_a_bar_is_five_columns_wider_up_to_halfway_is_not_straight(level: float, is_bar: bool) -> None:
    levels = page()
    levels[20:61, 30:34], levels[20:61, 34] = 0, level
    assert stays(levels) is not is_bar


def test_a_bar_as_narrow_as_the_rim_touches_both_edges_too() -> None:
    assert not stays(page(4))
    levels = page(4)
    levels[:2] = 255
    assert stays(levels)


def test_a_narrow_bar_may_be_blurred_from_its_first_column_on() -> None:
    levels = page(4)
    levels[:2, 0] = 41
    assert np.unique(without_bars(levels)).tolist() == [255]
