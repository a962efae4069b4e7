"""Even paper: of a digit that fills its picture, beside pictures on which light falls."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from model.preprocess.even import even_paper, has_two_levels
from model.preprocess.picture import Grey, Pixels
from model.preprocess.pipeline import preprocess


def blurred_bar(side: int = 120, level: float = 20, noise: float = 0) -> Grey:
    """A soft upright stroke from edge to edge, brighter than its paper."""
    away = np.abs(np.arange(side) - side / 2) / (side / 8)
    levels = np.tile(level + 200 * np.exp(-(away**2) / 2), (side, 1))
    return (levels + np.random.default_rng(0).normal(0, noise, levels.shape)).astype(np.float32)


def light_over(levels: Grey) -> Grey:
    """Paper that brightens from left to right, by a fifth of the ink."""
    return levels + np.linspace(0, 40, levels.shape[1], dtype=np.float32)


def shadow_over(levels: Grey) -> Grey:
    """A shadow over the lower half at the right, half as strong as the ink."""
    shaded = levels.copy()
    height, width = levels.shape
    part = shaded[height // 2 :, int(0.6 * width) :]
    part[:] = np.maximum(part, levels.min() + 100)
    return shaded


def strip_over(levels: Grey) -> Grey:
    """The strip of a text marker, a fifth as strong as the ink."""
    marked = levels.copy()
    part = marked[30:90, 10:110]
    part[:] = np.maximum(part, levels.min() + 40)
    return marked


@pytest.mark.parametrize(("side", "noise"), [(40, 0), (120, 0), (120, 4), (400, 0), (400, 4)])  # 40 isn't averaged
def test_a_soft_stroke_that_fills_its_picture_lies_on_even_paper(side: int, noise: float) -> None:
    assert even_paper(blurred_bar(side, noise=noise)) == pytest.approx(20, abs=3)


@pytest.mark.parametrize("changed", [light_over, shadow_over, strip_over])
def test_light_shadows_and_markers_leave_no_even_paper(changed: Callable[[Grey], Grey]) -> None:
    assert even_paper(changed(blurred_bar())) is None


def test_ink_that_reaches_no_two_facing_edges_needs_no_even_paper() -> None:
    levels = blurred_bar()
    levels[-10:] = 20
    assert even_paper(levels) is None


def test_ink_may_reach_the_left_and_the_right() -> None:
    assert even_paper(np.ascontiguousarray(blurred_bar().T)) is not None


@pytest.mark.parametrize(("rows", "is_even"), [(2, True), (1, False)])
def test_paper_shows_in_each_half(rows: int, is_even: bool) -> None:
    levels = np.full((60, 40), 200, np.float32)
    levels[:, 10:30] = np.linspace(60, 200, 20)
    levels[:3, 10:30] = 20
    levels[-rows:, 10:30] = 20  # averaged over 3×3 that is less: 0.015 of the lower half, or nothing
    assert (even_paper(levels) is not None) is is_even


@pytest.mark.parametrize("digit", ["2", "1"])
def test_the_foot_of_a_soft_digit_is_kept(digit: str) -> None:
    """Drawn on 8×8 as Optdigits has them, and enlarged: the foot lies along the picture's edge."""
    rows = {
        "2": ["00177100", "01737700", "00005700", "00005700", "00027300", "00175000", "00773332", "00777777"],
        "1": ["00017000", "00177000", "00747000", "00007000", "00007000", "00007000", "00137320", "01777773"],
    }[digit]
    coarse = np.array([[int(level) * 36 for level in row] for row in rows], np.uint8)
    large = np.asarray(Image.fromarray(coarse).resize((160, 160), Image.Resampling.BICUBIC))
    for source in (coarse, large, 255 - large):
        prepared = preprocess(source)
        assert prepared.ink is not None
        height, width = prepared.ink.shape
        assert prepared.ink[-height // 12 :, width // 3 : 2 * width // 3].min() > 128


def test_an_mnist_digit_stays_as_it_is(digit: Pixels) -> None:
    prepared = preprocess(digit)
    assert prepared.ink is not None
    assert np.array_equal(prepared.ink, digit)


def two_levels(between: int, level: float = 50, side: int = 20) -> Grey:
    """A picture of levels 0 and 100, with so many pixels at another level."""
    levels = np.zeros((20, side), np.float32)
    levels[5:15, 5:15] = 100
    levels[:2].flat[:between] = level
    return levels


@pytest.mark.parametrize(("between", "has_two"), [(0, True), (40, True), (41, False)])
def test_nine_tenths_of_a_picture_of_two_levels_have_one_of_them(between: int, has_two: bool) -> None:
    levels = two_levels(min(between, 40))
    levels[3, : between - min(between, 40)] = 50
    assert has_two_levels(levels) is has_two
    assert has_two_levels(levels + 100) is has_two


@pytest.mark.parametrize(("level", "has_two"), [(12, True), (13, False), (87, False), (88, True)])
def test_twelve_hundredths_of_the_range_off_is_still_the_level(level: float, has_two: bool) -> None:
    levels = two_levels(40, level)
    levels[3, 0] = level
    assert has_two_levels(levels) is has_two
    assert has_two_levels(levels + 100) is has_two


@pytest.mark.parametrize(("side", "has_two"), [(64, True), (65, False)])
def test_a_picture_longer_than_64_has_room_for_paper(side: int, has_two: bool) -> None:
    assert has_two_levels(two_levels(0, side=side)) is has_two
    assert has_two_levels(np.ascontiguousarray(two_levels(0, side=side).T)) is has_two
