from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from model.preprocess.ink import clean_ink, find_pieces, keep_digit
from model.preprocess.picture import Grey, Pixels

levels = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=30), elements=st.integers(0, 255))
inks = arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=30))


def page(side: int = 200) -> Pixels:
    """A page with a bold upright stroke of 20 × 100 pixels in the middle."""
    ink = np.zeros((side, side), dtype=np.uint8)
    ink[side // 2 - 50 : side // 2 + 50, side // 2 - 10 : side // 2 + 10] = 255
    return ink


@pytest.fixture
def noise() -> Grey:
    return np.random.default_rng(1).normal(0, 8, (200, 200)).astype(np.float32)


def test_full_ink_on_black_passes_unchanged(digit: Pixels) -> None:
    assert np.array_equal(clean_ink(digit.astype(np.float32)), digit)


@pytest.mark.parametrize("strength", [0.1, 0.3, 0.6])
def test_pale_ink_becomes_full(strength: float) -> None:
    ink = clean_ink(page().astype(np.float32) * strength)
    assert np.array_equal(ink, page())


@pytest.mark.parametrize("level", [0, 2, 4])
def test_too_little_contrast_is_blank(level: int) -> None:
    assert clean_ink(page().astype(np.float32) * (level / 255)) is None


def test_noise_alone_is_blank(noise: Grey) -> None:
    assert clean_ink(noise) is None


def test_noise_is_taken_from_under_the_ink(noise: Grey) -> None:
    ink = clean_ink(page() * np.float32(0.6) + noise)
    assert ink is not None
    assert ink[page() == 255].mean() > 230
    assert (ink[page() == 0] >= 64).mean() < 0.001


@settings(deadline=None, max_examples=100)
@given(levels)
def test_cleaned_ink_is_blank_or_surely_ink(above: Grey) -> None:
    ink = clean_ink(above)
    assert ink is None or (ink.shape == above.shape and ink.dtype == np.uint8 and ink.max() >= 128)


@pytest.mark.parametrize("level", [70, 128, 255])
def test_specks_go_with_their_pale_edges(level: int) -> None:
    ink = page()
    ink[20:24, 120:124] = 40
    ink[21:23, 121:123] = level
    assert np.array_equal(keep_digit(ink, find_pieces(ink)), page())


@pytest.mark.parametrize("level", [1, 30, 63])
def test_faint_marks_far_from_the_digit_go(level: int) -> None:
    ink = page()
    ink[2:5, 3:5] = level
    assert np.array_equal(keep_digit(ink, find_pieces(ink)), page())


def test_another_thing_far_off_goes() -> None:
    ink = page()
    ink[60:140, 190:196] = 255
    assert np.array_equal(keep_digit(ink, find_pieces(ink)), page())


def test_a_broken_stroke_is_kept() -> None:
    ink = page()
    ink[95:105] = 0
    assert np.array_equal(keep_digit(ink, find_pieces(ink)), ink)


def test_the_bar_of_a_5_is_kept_and_widens_what_counts_as_near() -> None:
    ink = page()
    ink[50:60, 120:160] = ink[50:60, 175:185] = 255
    assert np.array_equal(keep_digit(ink, find_pieces(ink)), ink)


def test_a_large_shadow_at_the_edge_goes_and_the_digit_stays() -> None:
    ink = page()
    ink[:30], ink[:, :30] = 255, 255
    assert np.array_equal(keep_digit(ink, find_pieces(ink)), page())


def test_a_digit_that_runs_off_the_picture_is_kept() -> None:
    ink = page()[60:]
    assert np.array_equal(keep_digit(ink, find_pieces(ink)), ink)


def test_many_specks_do_not_take_long() -> None:
    salt = np.random.default_rng(1).random((640, 640)) < 0.15
    started = time.process_time()
    ink = salt.astype(np.uint8) * 255
    keep_digit(ink, find_pieces(ink))
    assert time.process_time() - started < 10  # a quarter of a second; a minute when pieces are looked up in a list


@settings(deadline=None, max_examples=100)
@given(inks.filter(lambda ink: ink.max() >= 128))
def test_what_is_kept_is_ink_that_was_there(ink: Pixels) -> None:
    kept = keep_digit(ink, find_pieces(ink))
    if kept is not None:
        assert np.array_equal(kept[kept > 0], ink[kept > 0])
        assert kept.max() >= 128
