from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.preprocess.picture import Grey, Pixels
from model.preprocess.pipeline import preprocess
from model.preprocess.pixels import with_fine_pixels


def nine(height: int = 8, width: int = 8) -> Grey:
    """A 9 with a hole of one pixel, on black."""
    levels = np.zeros((height, width), np.float32)
    levels[1:4, 2:5] = [[120, 220, 120], [220, 0, 220], [110, 220, 220]]
    levels[4:7, 3:5] = [[100, 220], [90, 220], [80, 220]]
    levels[1:4, 1] = levels[1:4, 5] = 60
    return levels


def test_coarse_pixels_are_drawn_smooth_between_their_levels() -> None:
    fine = with_fine_pixels(nine())
    assert fine.shape == (32, 32)
    assert (fine.min(), fine.max()) == (0, 220)
    assert len(np.unique(fine)) > 50
    assert fine[10, 14] < 100 < fine[6, 14]  # the hole is there, the stroke above it, too


@pytest.mark.parametrize(("side", "is_coarse"), [(12, True), (13, False)])
def test_a_side_of_twelve_is_coarse(side: int, is_coarse: bool) -> None:
    for levels in (nine(side), nine(8, side)):
        assert (with_fine_pixels(levels).shape == levels.shape) is not is_coarse


@pytest.mark.parametrize("times", [2, 8, 25])
def test_repeated_pixels_are_one(times: int) -> None:
    large = np.repeat(np.repeat(nine(), times, axis=0), times, axis=1)
    assert np.array_equal(with_fine_pixels(large), with_fine_pixels(nine()))


@pytest.mark.parametrize(("side", "by", "is_coarse"), [(16, 1, False), (64, 1, True), (64, 2, False)])
def test_squares_of_eight_pixels_may_meet_a_pixel_off(side: int, by: int, is_coarse: bool) -> None:
    large = np.repeat(np.repeat(nine(), side // 8, axis=0), side // 8, axis=1)
    shifted = np.roll(large, by, axis=1)
    assert (with_fine_pixels(shifted) is not shifted) is is_coarse


@pytest.mark.parametrize("side", [100, 217, 369, 640])
def test_a_square_s_side_may_be_no_whole_number_of_pixels(side: int) -> None:
    """As where a plot shows a picture; and the seams may be mixed, as where it was made smaller."""
    places = np.arange(2 * side) * 8 // (2 * side)
    twice = nine()[np.ix_(places, places)]
    halved = twice.reshape(side, 2, side, 2).mean(axis=(1, 3), dtype=np.float32)
    for large in (twice[::2, ::2], halved):
        assert np.array_equal(with_fine_pixels(large), with_fine_pixels(nine()))


def test_a_drawing_of_many_levels_is_no_squares() -> None:
    levels = np.hypot(*np.indices((200, 200))).astype(np.float32)
    levels[:, :100] = 0
    assert with_fine_pixels(levels) is levels


def test_dark_digits_are_drawn_as_bright_ones() -> None:
    assert np.allclose(with_fine_pixels(255 - nine()), 255 - with_fine_pixels(nine()), atol=0.01)


@pytest.mark.parametrize(("bare", "is_drawn"), [(13, True), (12, False)])
def test_a_fifth_of_the_picture_is_paper(bare: int, is_drawn: bool) -> None:
    levels = np.linspace(50, 200, 64, dtype=np.float32)
    levels[:bare] = 20
    picture = levels.reshape(8, 8)
    assert (with_fine_pixels(picture) is not picture) is is_drawn


def test_ink_and_paper_alone_stay_sharp() -> None:
    levels = np.where(nine() > 0, np.float32(255), np.float32(0))
    assert with_fine_pixels(levels) is levels


def test_mnist_s_pixels_are_fine(digit: Pixels) -> None:
    levels = digit.astype(np.float32)
    assert with_fine_pixels(levels) is levels
    large = np.repeat(np.repeat(levels, 10, axis=0), 10, axis=1)
    assert with_fine_pixels(large) is large


@given(arrays(np.float32, st.tuples(st.integers(1, 14), st.integers(1, 14)), elements=st.integers(0, 255)))
def test_any_tiny_picture_keeps_its_range_and_its_proportions(levels: Grey) -> None:
    fine = with_fine_pixels(levels)
    assert levels.min() <= fine.min() <= fine.max() <= levels.max()
    assert fine.shape[0] * levels.shape[1] == fine.shape[1] * levels.shape[0]


def test_boxes_are_in_the_pixels_of_the_source() -> None:
    box = preprocess(nine().astype(np.uint8)).box
    assert box is not None
    assert np.allclose(box, (1, 1, 6, 7), atol=1)
