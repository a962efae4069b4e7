"""What a change does to a dot, a cross or a full picture, worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from model.preprocess.picture import Pixels
from model.reading import variations
from model.reading.variations import AXES, CENTRE, NOISE_SEED, STEPS, Axis, vary

Grey = NDArray[np.float32]
FULL: Grey = np.full((28, 28), 100, np.float32)
CROSS = {(14, 14): 100, (13, 14): 100, (15, 14): 100, (14, 13): 100, (14, 15): 100}


def ink(levels: Mapping[tuple[int, int], float]) -> Grey:
    grey = np.zeros((28, 28), np.float32)
    for place, level in levels.items():
        grey[place] = level
    return grey


def changed(name: str, grey: Grey, amount: float) -> dict[tuple[int, int], float]:
    """The levels of what isn't paper after a change, by row and column."""
    found = AXES[name].change(grey, amount)
    assert (found.shape, found.dtype) == ((28, 28), np.float32)
    return {(int(y), int(x)): round(float(found[y, x]), 3) for y, x in np.argwhere(np.abs(found) > 1e-3)}


def counted(amount_of_none: float, low: float = 0, high: float = 24) -> Axis:
    return Axis(low, high, amount_of_none, lambda grey, amount: np.asarray(grey + np.float32(10.3 * amount)))


# The steps of an axis


def test_the_step_nearest_to_no_change_is_exactly_that() -> None:
    axis = counted(7.2)
    assert axis.rest == 7
    assert axis.amounts.tolist() == [*range(7), 7.2, *range(8, 25)]
    assert STEPS == 25


def test_an_axis_may_begin_or_end_with_no_change() -> None:
    assert (counted(0).rest, counted(24).rest, counted(0, -24, 0).rest) == (0, 24, 24)


def varied(monkeypatch: pytest.MonkeyPatch, axis: Axis) -> Pixels:
    monkeypatch.setitem(variations.AXES, "test", axis)
    return vary(np.full((28, 28), 100, np.uint8), "test")


def test_each_step_changes_the_digit_by_its_amount_rounded(monkeypatch: pytest.MonkeyPatch) -> None:
    images = varied(monkeypatch, counted(2))
    assert (images.shape, images.dtype) == ((25, 28, 28), np.uint8)
    assert images[:5, 3, 9].tolist() == [100, 110, 100, 131, 141]
    assert all(len(np.unique(image)) == 1 for image in images)


def test_there_is_nothing_blacker_than_ink_or_whiter_than_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    assert varied(monkeypatch, counted(0))[[15, 16, 24], 0, 0].tolist() == [254, 255, 255]
    assert varied(monkeypatch, counted(0, -24, 0))[[0, 14, 15], 0, 0].tolist() == [0, 0, 7]


# Moved


@pytest.mark.parametrize(
    ("pixels", "found"),
    [
        (0, {(10, 14): 100}),
        (3, {(10, 17): 100}),
        (-3, {(10, 11): 100}),
        (1.5, {(10, 15): 50, (10, 16): 50}),
        (0.25, {(10, 14): 75, (10, 15): 25}),
    ],
)
def test_a_shift_goes_to_the_right_between_pixels_too(pixels: float, found: dict[tuple[int, int], float]) -> None:
    assert changed("shift", ink({(10, 14): 100}), pixels) == found


@pytest.mark.parametrize(
    ("degrees", "place"), [(90, (18, 12)), (-90, (10, 16)), (180, (12, 10)), (0, (16, 18)), (360, (16, 18))]
)
def test_a_turn_is_clockwise_about_the_centre(degrees: float, place: tuple[int, int]) -> None:
    assert CENTRE == 14
    assert changed("rotate", ink({(16, 18): 100}), degrees) == {place: 100}


def test_half_of_a_quarter_turn_takes_the_right_to_the_lower_right() -> None:
    turned = AXES["rotate"].change(ink({(14, x): 100 for x in range(15, 28)}), 45)
    assert turned[18, 18] > 50
    assert turned[10, 18] == turned[18, 10] == turned[10, 10] == 0


@pytest.mark.parametrize(
    ("amount", "found"),
    [
        (0.5, {(10, 16): 100, (14, 14): 50, (18, 12): 25}),
        (-0.5, {(10, 12): 100, (14, 14): 50, (18, 16): 25}),
        (1.0, {(10, 18): 100, (14, 14): 50, (18, 10): 25}),
    ],
)
def test_a_slant_pushes_the_top_to_the_right_and_the_bottom_to_the_left(
    amount: float, found: dict[tuple[int, int], float]
) -> None:
    assert changed("slant", ink({(10, 14): 100, (14, 14): 50, (18, 14): 25}), amount) == found


def test_half_the_size_is_half_as_far_from_the_centre() -> None:
    assert changed("size", ink({(18, 20): 100, (8, 14): 50}), 0.5) == {(16, 17): 100, (11, 14): 50}


def test_twice_the_size_is_twice_as_far_from_the_centre() -> None:
    beside = {(18, 21): 50, (18, 23): 50, (17, 22): 50, (19, 22): 50}
    corners = dict.fromkeys([(17, 21), (17, 23), (19, 21), (19, 23)], 25)
    assert changed("size", ink({(16, 18): 100}), 2) == {(18, 22): 100, **beside, **corners}


def test_what_comes_from_outside_is_paper() -> None:
    half = AXES["size"].change(FULL, 0.5)
    assert (half[7:21, 7:21] == 100).all()
    assert half.sum() == pytest.approx(14 * 14 * 100, rel=0.002)
    right, left = AXES["shift"].change(FULL, 0.5), AXES["shift"].change(FULL, -0.5)
    assert (right[:, 0] == 50).all()
    assert (right[:, 1:] == 100).all()
    assert (left[:, 27] == 50).all()
    assert (left[:, :27] == 100).all()


def test_an_edge_of_ink_fades_into_the_paper_outside_within_a_pixel() -> None:
    found = AXES["size"].change(FULL, 0.8)
    assert found[14, [2, 3, 25, 26]].tolist() == pytest.approx([0, 100, 25, 0], abs=0.2)
    assert found[[2, 3, 25, 26], 14].tolist() == pytest.approx([0, 100, 25, 0], abs=0.2)


def test_the_last_row_and_column_stay_where_nothing_moves() -> None:
    corners = {(0, 0): 10.0, (0, 27): 20.0, (27, 0): 30.0, (27, 27): 40.0}
    for name, none in (("shift", 0), ("size", 1), ("rotate", 0), ("slant", 0)):
        assert changed(name, ink(corners), none) == corners


# Thickened


def test_thicker_by_a_pixel_is_ink_on_each_side() -> None:
    assert changed("thicken", ink({(14, 14): 100}), 1) == CROSS


def test_thicker_by_half_a_pixel_is_half_of_the_ink_on_each_side() -> None:
    assert changed("thicken", ink({(14, 14): 100}), 0.5) == {**dict.fromkeys(CROSS, 50), (14, 14): 100}


def test_thicker_by_more_than_a_pixel_goes_on_from_the_thicker_one() -> None:
    found = changed("thicken", ink({(14, 14): 100}), 1.5)
    assert {place: level for place, level in found.items() if level == 100} == CROSS
    assert {abs(y - 14) + abs(x - 14) for (y, x), level in found.items() if level == 50} == {2}
    assert len(found) == 5 + 8


def test_thinner_by_a_pixel_leaves_what_has_ink_on_all_sides() -> None:
    assert changed("thicken", ink(CROSS), -1) == {(14, 14): 100}
    assert changed("thicken", ink(CROSS), -0.25) == {**dict.fromkeys(CROSS, 75), (14, 14): 100}
    for place in CROSS:
        if place != (14, 14):
            assert changed("thicken", ink({**CROSS, place: 40}), -1) == {(14, 14): 40}


def test_no_thickness_changes_nothing() -> None:
    assert changed("thicken", ink(CROSS), 0) == CROSS


def test_ink_at_the_edge_of_the_picture_is_not_thinned_from_outside() -> None:
    assert (AXES["thicken"].change(FULL, -2) == 100).all()
    assert changed("thicken", ink({(0, 0): 100}), 1) == {(0, 0): 100, (0, 1): 100, (1, 0): 100}


# Noisy


def test_noise_is_so_many_times_the_blackest_ink() -> None:
    noise = np.random.default_rng(NOISE_SEED).standard_normal((28, 28), np.float32)
    found = AXES["noise"].change(FULL, 0.5)
    np.testing.assert_allclose(found, 100 + 127.5 * noise, rtol=1e-5, atol=1e-4)
    assert found.dtype == np.float32
