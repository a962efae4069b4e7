from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.lib.stride_tricks import sliding_window_view

from model.preprocess.paper import (
    _extended,
    _opened,
    coarse,
    filled,
    paper_under,
    polarity,
    strength,
    windowed,
)
from model.preprocess.picture import Grey, Pixels

levels = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=30), elements=st.integers(0, 255))


def bright_on_dark(grey: Grey) -> Grey:
    """The picture with its ink brighter than its paper: the same object, or inverted."""
    return grey if polarity(grey) >= 0 else 255 - grey


def page(side: int = 200) -> Pixels:
    """A page with a bold upright stroke of 20 × 100 pixels in the middle."""
    ink = np.zeros((side, side), dtype=np.uint8)
    ink[side // 2 - 50 : side // 2 + 50, side // 2 - 10 : side // 2 + 10] = 255
    return ink


@pytest.fixture
def noise() -> Grey:
    return np.random.default_rng(1).normal(0, 8, (200, 200)).astype(np.float32)


@pytest.mark.parametrize(("low", "high"), [(0, 255), (100, 130), (0, 60), (200, 255)])
def test_bright_ink_on_dark_stays_and_dark_ink_on_bright_is_inverted(low: int, high: int) -> None:
    bright = (low + page() / 255 * (high - low)).astype(np.float32)
    assert bright_on_dark(bright) is bright
    assert np.array_equal(bright_on_dark(255 - bright), bright)


def test_polarity_holds_under_noise(noise: Grey) -> None:
    bright = np.asarray(60 + page().astype(np.float32) / 3 + noise, np.float32)
    assert np.array_equal(bright_on_dark(bright), bright)
    assert np.array_equal(bright_on_dark(np.asarray(255 - bright, np.float32)), 255 - (255 - bright))


def test_a_bold_digit_that_fills_its_picture_is_told_by_the_edge() -> None:
    ring = np.full((100, 100), 255, dtype=np.float32)
    ring[:4], ring[-4:], ring[:, :4], ring[:, -4:], ring[35:65, 35:65] = 0, 0, 0, 0, 0
    assert np.array_equal(bright_on_dark(ring), ring)
    assert np.array_equal(bright_on_dark(255 - ring), ring)


@settings(max_examples=100)
@given(levels)
def test_polarity_changes_nothing_but_the_sign(grey: Grey) -> None:
    bright = bright_on_dark(grey)
    assert np.array_equal(bright, grey) or np.array_equal(bright, 255 - grey)


@pytest.mark.parametrize("level", [0, 77, 180])
def test_paper_under_ink_on_an_even_page_is_even(level: int) -> None:
    paper = paper_under(np.maximum(page(), level).astype(np.float32))
    assert np.unique(paper).tolist() == [level]
    assert (paper.shape, paper.dtype) == ((200, 200), np.float32)


def test_paper_follows_the_light_and_not_the_ink() -> None:
    light = np.linspace(20, 120, 200, dtype=np.float32)[None, :].repeat(200, axis=0)
    paper = paper_under(np.maximum(light, page()))
    assert np.abs(paper - light).max() < 30  # of a range of 100, and of ink of 255


@settings(max_examples=100)
@example(np.array([[0, 1, 3, 3, 0], [3, 0, 3, 3, 3]], np.float32))  # a slope that went on below the darkest level
@given(levels)
def test_paper_is_as_large_as_the_picture_and_within_its_levels(bright: Grey) -> None:
    paper = paper_under(bright)
    assert paper.shape == bright.shape
    assert bright.min() - 0.01 <= paper.min() <= paper.max() <= bright.max() + 0.01


def marked(paper: int, dark: int, bright: int) -> Grey:
    """A page of 20 × 20 pixels with so many single black and white ones, far from the edge."""
    levels = np.full((20, 20), paper, np.float32)
    places = [(y, x) for y in range(2, 18, 2) for x in range(2, 18, 2)]
    for place in places[:dark]:
        levels[place] = 0
    for place in places[len(places) - bright :]:
        levels[place] = 255
    return levels


@pytest.mark.parametrize(
    ("paper", "dark", "bright", "is_dark"),
    [
        (80, 7, 4, True),  # the edge is darker than the middle of the levels, and the skew is small
        (64, 5, 1, True),
        (64, 6, 1, False),  # the same edge, more black: the skew wins
        (80, 7, 3, False),
        (80, 2, 1, True),  # two black pixels in 400 don't make the paper any brighter
        (80, 8, 4, True),  # nor do four white ones make it darker
        (160, 1, 1, True),
        (144, 3, 1, False),
        (176, 3, 6, True),  # by the mean of windows of 11 × 11
    ],
)
def test_what_skew_and_edge_say_together_is_the_polarity(paper: int, dark: int, bright: int, is_dark: bool) -> None:
    levels = marked(paper, dark, bright)
    assert bool(np.array_equal(bright_on_dark(levels), levels)) is is_dark


@pytest.mark.parametrize("level", [0, 255])
def test_an_even_picture_is_what_its_edge_says(level: int) -> None:
    levels = np.full((5, 5), level, np.float32)
    assert bright_on_dark(levels) is levels


@pytest.mark.parametrize("reach", [1, 2, 3, 4])
@pytest.mark.parametrize(("function", "expected"), [(np.minimum, np.min), (np.maximum, np.max), (np.add, np.mean)])
def test_windows_are_those_of_a_sliding_window(function: Any, expected: Callable[..., Any], reach: int) -> None:
    grey = np.random.default_rng(2).integers(0, 256, (7, 5)).astype(np.float32)
    size = 2 * reach + 1
    windows = sliding_window_view(np.pad(grey, reach, mode="edge"), (size, size))
    np.testing.assert_allclose(windowed(grey, reach, function), expected(windows, axis=(2, 3)), rtol=1e-6)


def test_a_window_may_lie_along_one_axis() -> None:
    assert windowed(np.array([[9, 1, 5]], np.float32), 1, np.minimum, (0,)).tolist() == [[9, 1, 5]]
    assert windowed(np.array([[9, 1, 5]], np.float32), 1, np.minimum, (1,)).tolist() == [[1, 1, 1]]


@pytest.mark.parametrize(
    ("shape", "small"), [((96, 10), (96, 10)), ((97, 10), (49, 5)), ((10, 192), (5, 96)), ((10, 193), (4, 65))]
)
def test_the_light_is_looked_at_in_a_picture_at_most_96_long(shape: tuple[int, int], small: tuple[int, int]) -> None:
    assert coarse(np.zeros(shape, np.float32)).shape == small


def test_a_coarse_picture_is_the_mean_of_its_blocks() -> None:
    grey = np.zeros((100, 100), np.float32)
    grey[0, 0] = 100
    assert coarse(grey)[0, :2].tolist() == [25, 0]


def test_an_opening_takes_out_what_is_narrower_than_its_window() -> None:
    levels = np.array([[3, 3, 9, 9, 3, 3, 8, 8, 8, 3]], np.float32).repeat(10, axis=0)
    assert _opened(levels, 1)[5].tolist() == [3, 3, 3, 3, 3, 3, 8, 8, 8, 3]


def test_an_opening_follows_a_gradient_to_the_edge() -> None:
    slope = np.arange(0, 80, 10, dtype=np.float32)[:, None].repeat(8, axis=1)
    assert np.array_equal(_opened(slope, 2)[:, 4], slope[:, 4])


def test_a_margin_continues_a_gradient() -> None:
    slope = np.arange(0, 80, 10, dtype=np.float32)[:, None].repeat(8, axis=1)
    assert _extended(slope, 2)[:, 5].tolist() == [-20, -10, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90]
    assert _extended(np.ascontiguousarray(slope.T), 2)[5].tolist() == _extended(slope, 2)[:, 5].tolist()


def test_a_margin_does_not_continue_a_stroke() -> None:
    levels = np.zeros((8, 8), np.float32)
    levels[:, 4] = 200
    extended = _extended(levels, 2)
    assert extended.shape == (12, 12)
    assert np.array_equal(extended[2:-2, 2:-2], levels)
    assert not extended[:2].any()
    assert not extended[-2:].any()


def test_a_picture_no_longer_than_the_margin_repeats_its_edge() -> None:
    extended = _extended(np.array([[0, 10, 20], [0, 10, 20]], np.float32), 2)
    assert extended[:, 3].tolist() == [10] * 6
    assert extended[0].tolist() == [-20, -10, 0, 10, 20, 30, 40]


def test_what_is_unknown_takes_the_mean_of_the_nearest_that_is_known() -> None:
    known = np.array([[1, 1, 1, 0, 0, 0, 0, 1, 1, 1]], np.bool_)
    levels = np.array([[0, 0, 0, 7, 7, 7, 7, 90, 90, 90]], np.float32)
    assert filled(levels, known).tolist() == [[0, 0, 0, 0, 0, 90, 90, 90, 90, 90]]


def test_what_is_far_from_all_that_is_known_is_filled_too() -> None:
    known = np.zeros((1, 40), np.bool_)
    known[0, 0] = True
    assert filled(np.full((1, 40), 50, np.float32), known)[0].tolist() == pytest.approx([50] * 40)


def test_what_is_known_is_the_mean_of_five() -> None:
    whole = filled(np.arange(0, 70, 10, dtype=np.float32)[None], np.ones((1, 7), np.bool_))
    assert whole[0].tolist() == pytest.approx([6, 12, 20, 30, 40, 48, 54])


def test_the_noise_s_bound_is_judged_by_the_lower_third_of_the_levels() -> None:
    levels = np.arange(101, dtype=np.float32)  # percentiles 10, 20 and 30 are just these
    levels[80:] = 150
    levels[90:] = 200
    floor, level = strength(levels)
    assert floor == pytest.approx(20 + 3.342 * 20 / 0.757)
    assert level == pytest.approx((10 * 150**3 + 11 * 200**3) / (10 * 150**2 + 11 * 200**2))


def test_even_levels_have_no_ink() -> None:
    assert strength(np.full((5, 5), 7, np.float32)) == (7, 7)
    assert strength(np.full((5, 5), -7, np.float32)) == (0, 0)


def test_the_noise_of_even_paper_is_what_lies_below_it() -> None:
    levels = np.array([0, 0, -3, -4] + [100] * 16, np.float32)  # their mean square is 12.5
    assert strength(levels, is_even=True) == (pytest.approx(2.5 * 12.5**0.5), 100)
    assert strength(np.abs(levels), is_even=True)[0] == 0
    assert strength(levels)[0] > 100  # a fifth of it is paper: the lower third isn't


@pytest.mark.parametrize(("width", "is_paper"), [(20, False), (21, True)])
def test_what_is_wider_than_half_the_picture_is_paper(width: int, is_paper: bool) -> None:
    levels = np.zeros((40, 40), np.float32)
    levels[:, 10 : 10 + width] = 200
    assert bool(paper_under(levels).max() > 100) is is_paper


@pytest.mark.parametrize(("level", "is_paper"), [(79, True), (80, False)])
def test_a_spot_of_less_than_two_fifths_of_the_ink_s_level_is_paper(level: int, is_paper: bool) -> None:
    levels = np.zeros((40, 48), np.float32)
    levels[:, 24:] = 50  # paper of two levels
    levels[5:35, 4:8] = 200
    levels[18:20, 14:16] = level
    paper = paper_under(levels)
    assert bool(paper[18, 14] > 0) is is_paper
    assert (paper[18, 6], paper[18, 2], paper[18, 40]) == (0, 0, 50)


@pytest.mark.parametrize(("side", "level"), [(48, 0), (49, 40 / 9)])
def test_in_a_picture_of_more_than_48_pixels_grain_is_averaged(side: int, level: float) -> None:
    grain = (np.indices((side, side)).sum(axis=0) % 2 * 10).astype(np.float32)
    assert np.unique(paper_under(grain)).tolist() == [pytest.approx(level)]


def test_each_side_counts_for_the_edge() -> None:
    levels = np.zeros((10, 10), np.float32)
    levels[0], levels[:, 0] = 255, 255  # 22 of the 40 pixels along the sides, corners counted twice
    levels[4, 5] = 90
    expected = polarity(levels)
    for turns in range(1, 4):
        assert polarity(np.rot90(levels, turns).copy()) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(("paper", "dark", "bright"), [(80, 7, 4), (64, 5, 1), (160, 1, 1)])
def test_polarity_depends_on_neither_brightness_nor_contrast(paper: int, dark: int, bright: int) -> None:
    levels = marked(paper, dark, bright)
    assert polarity(np.asarray(levels / 2 + 60, np.float32)) == pytest.approx(polarity(levels), abs=1e-4)


@pytest.mark.parametrize(("width", "is_paper"), [(2, False), (3, True)])
def test_the_least_window_is_three_pixels_wide(width: int, is_paper: bool) -> None:
    levels = np.zeros((7, 7), np.float32)
    levels[:, 2 : 2 + width] = 200
    assert bool(paper_under(levels).max() > 60) is is_paper


def test_a_picture_of_one_pixel_is_paper() -> None:
    assert paper_under(np.full((1, 1), 7, np.float32)).tolist() == [[7]]


def test_paper_is_never_darker_than_the_darkest_level() -> None:
    # Its gradient, continued into the margin, would go below 0.
    paper = paper_under(np.array([[0, 1, 3, 3, 0], [3, 0, 3, 3, 3]], np.float32))
    assert 0 <= paper.min() <= paper.max() <= 3


def test_paper_of_two_levels_in_a_large_picture_has_no_level_beyond_them() -> None:
    levels = np.zeros((200, 200), np.float32)
    levels[:, 100:] = 60
    paper = paper_under(levels)
    assert paper.min() >= -0.001
    assert paper.max() <= 60.001


def test_what_is_far_from_what_is_known_is_filled_from_twice_as_far_each_time() -> None:
    known = np.zeros((1, 12), np.bool_)
    known[0, [0, 11]] = True
    levels = np.full((1, 12), 7, np.float32)
    levels[0, [0, 11]] = 0, 90
    whole = filled(levels, known)[0].tolist()
    assert whole == pytest.approx([0] * 5 + [90 * 3 / 7, 90 * 4 / 7] + [90] * 5, abs=0.001)
