"""Which of two levels is ink: told, or left to who reads; and sheets that are looked at more closely."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from model.data.digits import DataSet
from model.preprocess.even import has_two_levels
from model.preprocess.paper import DECIDED, polarity
from model.preprocess.picture import Grey, Pixels
from model.preprocess.pipeline import preprocess


def filling(digit: Pixels) -> Pixels:
    """A bold digit as 1 bit, cut to its edges."""
    digit = np.asarray(Image.fromarray(digit).filter(ImageFilter.MaxFilter(3)))
    rows, columns = np.flatnonzero((digit > 127).any(axis=1)), np.flatnonzero((digit > 127).any(axis=0))
    return np.where(digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] > 127, 255, 0).astype(np.uint8)


def halves(share: float, side: int = 16) -> Grey:
    """Two levels, of which the bright one has that share."""
    levels = np.zeros((side, side), np.float32)
    levels[:, : round(side * share)] = 255
    return levels


def test_the_polarity_of_each_mnist_digit_is_decided(extract: DataSet) -> None:
    assert all(polarity(image.astype(np.float32)) >= DECIDED for image in extract.test.images.numpy())


def test_a_picture_has_the_opposite_polarity_inverted(digit: Pixels) -> None:
    assert polarity(255 - digit.astype(np.float32)) == pytest.approx(-polarity(digit.astype(np.float32)))


def test_a_digit_that_fills_its_picture_is_prepared_both_ways(digit: Pixels) -> None:
    prepared = preprocess(filling(digit))
    assert prepared.reversed is not None
    assert prepared.ink is not None
    assert prepared.reversed.ink is not None
    assert np.array_equal(prepared.ink, 255 - prepared.reversed.ink)
    assert prepared.reversed.size == prepared.size


def test_a_digit_with_a_margin_is_prepared_once(digit: Pixels) -> None:
    assert preprocess(digit).reversed is None


@pytest.mark.parametrize(("pale", "two"), [(0, True), (1, True), (2, False)])
def test_nearly_all_pixels_are_dark_or_bright(pale: int, two: bool) -> None:
    levels = halves(0.5)
    levels[:pale] = 128  # each row is 6 % of the picture
    assert has_two_levels(levels) == two


@pytest.mark.parametrize(("level", "two"), [(30, True), (31, False)])
def test_a_level_near_an_extreme_is_one_of_two(level: int, two: bool) -> None:
    levels = halves(0.5)
    levels[:4, 9:] = level  # a little more than a tenth of the picture
    assert has_two_levels(levels) == two


@pytest.mark.parametrize(("side", "two"), [(64, True), (65, False)])
def test_a_large_picture_has_room_for_paper(side: int, two: bool) -> None:
    assert has_two_levels(halves(0.5, side)) == two


@pytest.mark.parametrize(("height", "finer"), [(36, True), (60, False)])
def test_a_large_picture_of_small_writing_is_looked_at_more_closely(height: int, finer: bool) -> None:
    sheet = np.full((1280, 1280), 255, np.uint8)
    for row in range(8):
        for column in range(12):
            sheet[40 + 150 * row : 40 + 150 * row + height, 40 + 100 * column : 46 + 100 * column] = 0
    prepared = preprocess(Image.fromarray(sheet))
    assert prepared.ink is not None
    assert (max(prepared.ink.shape) > 640) == finer
    assert prepared.size == (1280, 1280)
    assert prepared.to_source(prepared.pieces[0].box)[3] - prepared.to_source(prepared.pieces[0].box)[1] in range(
        height - 3, height + 4
    )


def test_a_small_picture_has_no_more_to_show() -> None:
    dots = np.full((300, 300), 255, np.uint8)
    dots[100:112, 100:104] = 0
    prepared = preprocess(dots)
    assert prepared.ink is not None
    assert prepared.ink.shape == (300, 300)


def vignette(ink: int) -> Grey:
    """A sheet of 600×800 pixels that gets darker towards its edges, and a few thin strokes on it."""
    y, x = np.mgrid[-1:1:600j, -1:1:800j]
    levels = (215 - 50 * (x * x + y * y)).astype(np.float32)
    for left in (300, 330, 360):
        levels[200:240, left : left + 3] = ink
    return levels


@pytest.mark.parametrize(("ink", "side"), [(40, -1), (255, 1)])
def test_thin_ink_on_a_large_sheet_tells_more_than_how_the_light_falls(ink: int, side: int) -> None:
    assert side * polarity(vignette(ink)) >= DECIDED


@pytest.mark.parametrize(("width", "told"), [(3, True), (40, False)])
def test_only_thin_ink_tells_it(width: int, told: bool) -> None:
    """Of a bar of 40 pixels the edges differ from what lies beside them to both sides alike."""
    levels = vignette(215)
    levels[200:400, 300 : 300 + width] = 80
    assert (abs(polarity(levels)) >= DECIDED) == told
