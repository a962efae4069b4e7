from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.preprocess.normalise import area_average, as_mnist, dilate, ink_box, normalise, soften, thicken
from model.preprocess.picture import Pixels


def test_the_centre_rule_in_numbers() -> None:
    ink = np.zeros((60, 60), dtype=np.uint8)
    ink[10:50, 10:14], ink[46:50, 10:30] = 255, 255  # an L of 40 × 20, so 20 × 10 when it is halved
    box, image = normalise(ink)
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    assert box == (10, 10, 30, 50)
    assert ink_box(image) == (12, 2, 22, 22)
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (1, 22, 11, 22)  # with what softening adds


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(0, 99))
def test_area_average_preserves_the_mean(height: int, width: int, rows: int, columns: int, seed: int) -> None:
    levels = np.random.default_rng(seed).uniform(0, 255, (height, width)).astype(np.float32)
    averaged = area_average(levels, (columns, rows))
    assert averaged.shape == (rows, columns)
    assert averaged.mean() == pytest.approx(levels.mean(), rel=1e-4)


@pytest.mark.parametrize("row", range(21))
def test_area_average_loses_no_row(row: int) -> None:
    levels = np.zeros((21, 21), dtype=np.float32)
    levels[row] = 210
    assert area_average(levels, (20, 20)).sum(axis=0) == pytest.approx(np.full(20, 200), rel=1e-4)


def test_area_average_in_numbers() -> None:
    averaged = area_average(np.array([[0, 30, 90]], dtype=np.float32), (2, 1))
    assert averaged.tolist() == [pytest.approx([10, 70])]


def test_thick_strokes_are_not_thickened(digit: Pixels) -> None:
    crop = digit.repeat(5, axis=0).repeat(5, axis=1)[35:135, 30:110]
    assert thicken(crop) is crop


def test_dilation_makes_a_disc_of_a_point() -> None:
    point = np.zeros((7, 7), dtype=np.uint8)
    point[3, 3] = 200
    disc = np.array([[abs(x - 3) ** 2 + abs(y - 3) ** 2 <= 4 for x in range(7)] for y in range(7)])
    assert np.array_equal(dilate(point, 2), disc * np.uint8(200))


@settings(deadline=None, max_examples=50)
@given(arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12))), st.integers(0, 6))
def test_a_dilated_pixel_is_the_greatest_within_the_disc(ink: Pixels, radius: int) -> None:
    rows, columns = np.indices(ink.shape)
    grown = dilate(ink, radius)
    for y, x in np.ndindex(ink.shape):
        assert grown[y, x] == ink[(rows - y) ** 2 + (columns - x) ** 2 <= radius**2].max()


def test_no_edge_of_what_is_made_smaller_is_as_sharp_as_a_pixel() -> None:
    ink = np.zeros((280, 280), dtype=np.uint8)
    ink[60:220, 120:144] = 255  # 3 pixels wide, once it is 20 tall
    assert as_mnist(ink)[1][14, 12:17].tolist() == [0, 255, 255, 255, 0]
    assert normalise(ink)[1][14, 12:17].tolist() == [18, 237, 255, 237, 18]


def test_softening_gives_each_neighbour_its_share() -> None:
    image = np.zeros((5, 5), dtype=np.uint8)
    image[1:4, 1:4] = 255
    assert soften(image)[2].tolist() == [18, 237, 255, 237, 18]
    assert soften(image)[1].tolist() == [17, 221, 237, 221, 17]
