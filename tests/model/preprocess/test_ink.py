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


def same(ink: Pixels | None, expected: Pixels) -> bool:
    """Whether there is ink, and just that."""
    return ink is not None and np.array_equal(ink, expected)


@pytest.fixture
def noise() -> Grey:
    return np.random.default_rng(1).normal(0, 8, (200, 200)).astype(np.float32)


def test_full_ink_on_black_passes_unchanged(digit: Pixels) -> None:
    assert same(clean_ink(digit.astype(np.float32)), digit)


@pytest.mark.parametrize("strength", [0.1, 0.3, 0.6])
def test_pale_ink_becomes_full(strength: float) -> None:
    ink = clean_ink(page().astype(np.float32) * strength)
    assert same(ink, page())


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


def above(noise: float, ink: float) -> Grey:
    """Even noise with an eighth of it covered by ink."""
    levels = np.full((16, 16), noise, np.float32)
    levels[:2] = ink
    return levels


@pytest.mark.parametrize(("contrast", "is_ink"), [(7.9, False), (8, True)])
def test_ink_rises_by_8_levels(contrast: float, is_ink: bool) -> None:
    assert (clean_ink(above(0, contrast)) is not None) is is_ink
    assert (clean_ink(above(5, 5 + contrast)) is not None) is is_ink


@pytest.mark.parametrize(("level", "is_ink"), [(35.9, False), (36, True)])
def test_ink_has_18_tenths_of_the_noise_s_bound(level: float, is_ink: bool) -> None:
    assert (clean_ink(above(20, level)) is not None) is is_ink


@pytest.mark.parametrize(("level", "becomes"), [(169, 255), (170, 170), (255, 255)])
def test_ink_from_170_on_is_left_at_its_level(level: float, becomes: int) -> None:
    ink = clean_ink(above(0, level))
    assert ink is not None
    assert np.unique(ink).tolist() == [0, becomes]


@pytest.mark.parametrize(("noise", "brightest"), [(84, 128), (85, 128), (86, None)])
def test_ink_whose_brightest_pixel_is_under_128_is_blank(noise: float, brightest: int | None) -> None:
    ink = clean_ink(above(noise, 170))
    assert (None if ink is None else int(ink.max())) == brightest


def test_ink_in_numbers() -> None:
    levels = above(20, 120)
    levels[8, 8] = 70  # halfway between noise and ink, whose weighted mean is 119.6
    ink = clean_ink(levels)
    assert ink is not None
    assert (ink[5, 5], ink[0, 0], ink[8, 8]) == (0, 255, 128)


@settings(max_examples=100)
@given(levels)
def test_cleaned_ink_is_blank_or_surely_ink(above: Grey) -> None:
    ink = clean_ink(above)
    assert ink is None or (ink.shape == above.shape and ink.dtype == np.uint8 and ink.max() >= 128)


@pytest.mark.parametrize("level", [70, 128, 255])
def test_specks_go_with_their_pale_edges(level: int) -> None:
    ink = page()
    ink[20:24, 120:124] = 40
    ink[21:23, 121:123] = level
    assert same(keep_digit(ink, find_pieces(ink)), page())


@pytest.mark.parametrize("level", [1, 30, 63])
def test_faint_marks_far_from_the_digit_go(level: int) -> None:
    ink = page()
    ink[2:5, 3:5] = level
    assert same(keep_digit(ink, find_pieces(ink)), page())


def test_another_thing_far_off_goes() -> None:
    ink = page()
    ink[60:140, 190:196] = 255
    assert same(keep_digit(ink, find_pieces(ink)), page())


def test_a_broken_stroke_is_kept() -> None:
    ink = page()
    ink[95:105] = 0
    assert same(keep_digit(ink, find_pieces(ink)), ink)


def test_the_bar_of_a_5_is_kept_and_widens_what_counts_as_near() -> None:
    ink = page()
    ink[50:60, 120:160] = ink[50:60, 175:185] = 255
    assert same(keep_digit(ink, find_pieces(ink)), ink)


def test_a_large_shadow_at_the_edge_goes_and_the_digit_stays() -> None:
    ink = page()
    ink[:30], ink[:, :30] = 255, 255
    assert same(keep_digit(ink, find_pieces(ink)), page())


def test_a_digit_that_runs_off_the_picture_is_kept() -> None:
    ink = page()[60:]
    assert same(keep_digit(ink, find_pieces(ink)), ink)


def test_many_specks_do_not_take_long() -> None:
    salt = np.random.default_rng(1).random((640, 640)) < 0.15
    started = time.process_time()
    ink = salt.astype(np.uint8) * 255
    keep_digit(ink, find_pieces(ink))
    assert time.process_time() - started < 10  # a quarter of a second; a minute when pieces are looked up in a list


@settings(max_examples=100)
@given(inks.filter(lambda ink: ink.max() >= 128))
def test_what_is_kept_is_ink_that_was_there(ink: Pixels) -> None:
    kept = keep_digit(ink, find_pieces(ink))
    if kept is not None:
        assert np.array_equal(kept[kept > 0], ink[kept > 0])
        assert kept.max() >= 128


def kept(ink: Pixels) -> Pixels:
    digit = keep_digit(ink, find_pieces(ink))
    assert digit is not None
    return digit


@pytest.mark.parametrize(("size", "stays"), [(39, False), (40, True)])
def test_a_piece_of_four_thousandths_of_the_main_piece_is_no_speck(size: int, stays: bool) -> None:
    ink = page()
    ink[50:150, 50:150] = 255
    ink[100 : 100 + size, 160] = 255
    assert bool(kept(ink)[100, 160]) is stays


@pytest.mark.parametrize(("distance", "stays"), [(45, True), (46, False)])
def test_a_piece_stands_within_45_hundredths_of_the_digit_s_side(distance: int, stays: bool) -> None:
    ink = page()
    ink[80:120, 110 + distance : 116 + distance] = 255
    assert bool(kept(ink)[100, 110 + distance]) is stays


@pytest.mark.parametrize(("level", "stays"), [(63, False), (64, True)])
def test_pieces_are_made_of_pixels_from_64_on(level: int, stays: bool) -> None:
    ink = page()
    ink[80:120, 140:146] = level
    assert (len(find_pieces(ink)) == 2) is stays
    assert bool(kept(ink)[100, 140]) is stays


@pytest.mark.parametrize(("level", "is_digit"), [(127, False), (128, True)])
def test_a_digit_has_a_pixel_of_128(level: int, is_digit: bool) -> None:
    ink = np.minimum(page(), np.uint8(level))
    assert (keep_digit(ink, find_pieces(ink)) is not None) is is_digit


def test_without_pieces_there_is_no_digit() -> None:
    assert keep_digit(page(), []) is None


@pytest.mark.parametrize(("distance", "stays"), [(12, True), (13, False)])
def test_faint_ink_within_12_pixels_of_a_digit_stays(distance: int, stays: bool) -> None:
    ink = page()
    for place in [(100, 109 + distance), (100, 90 - distance), (149 + distance, 100), (50 - distance, 100)]:
        ink[place] = 40
        assert bool(kept(ink)[place]) is stays


@pytest.mark.parametrize(("distance", "stays"), [(15, True), (16, False)])
def test_faint_ink_within_3_hundredths_of_a_large_digit_stays(distance: int, stays: bool) -> None:
    ink = np.zeros((560, 300), np.uint8)
    ink[30:530, 100:150] = 255
    ink[200, 149 + distance] = 40
    assert bool(kept(ink)[200, 149 + distance]) is stays


EDGES = {  # 1000 pixels of a picture of 200 × 200 that touch so many of its edges
    1: (slice(0, 20), slice(40, 90)),
    2: (slice(0, 20), slice(0, 50)),
    3: (slice(0, 5), slice(0, 200)),
}


@pytest.mark.parametrize(("edges", "weight"), [(1, 0.5), (2, 0.1), (3, 0.05)])
@pytest.mark.parametrize(("share", "is_main"), [(0.97, False), (1.03, True)])
def test_what_touches_edges_counts_for_less(edges: int, weight: float, share: float, is_main: bool) -> None:
    ink = np.zeros((200, 200), np.uint8)
    ink[EDGES[edges]] = 255
    area = round(1000 * weight / share)
    ink[150:160, 130 : 130 + area // 10] = 255
    ink[150 : 150 + area % 10, 130 + area // 10] = 255  # the rest as a last column
    assert bool(kept(ink)[EDGES[edges]].any()) is is_main
    assert bool(kept(ink)[155, 130]) is not is_main


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize(("left", "stays"), [(20, True), (0, False)])
def test_what_touches_two_edges_is_no_part_of_a_digit_that_touches_none(left: int, stays: bool, turns: int) -> None:
    ink = np.zeros((140, 120), np.uint8)
    ink[10:110, 20:40] = 255
    ink[:5, left : left + 15] = 254
    digit = kept(np.ascontiguousarray(np.rot90(ink, turns)))
    assert bool((digit == 254).any()) is stays


@pytest.mark.parametrize("turns", range(4))
def test_a_wide_digit_s_side_is_its_width(turns: int) -> None:
    for distance, stays in [(45, True), (46, False)]:
        ink = np.zeros((150, 300), np.uint8)
        ink[20:40, 60:160] = 255
        ink[39 + distance : 49 + distance, 80:90] = 254
        ink[39 + distance, 80:90] = 0
        digit = kept(np.ascontiguousarray(np.rot90(ink, turns)))
        assert bool((digit == 254).any()) is stays


def test_faint_ink_at_the_picture_s_edge_stays_with_a_digit_near_it() -> None:
    ink = page()[50:150, 85:]
    ink[0, 0], ink[99, 0] = 40, 40
    assert np.array_equal(kept(ink), ink)
