"""Where a digit's pixels lie in its 28×28, on blocks of ink drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest

from model.preprocess.normalise import area_average, as_mnist, normalise, soften, thicken
from model.preprocess.picture import Pixels


def heavy_on_the_left() -> Pixels:
    """Ink of 20 × 20 pixels that is pale but for its first two columns, with three paler columns after it."""
    ink = np.zeros((60, 60), np.uint8)
    ink[20:40, 20:40] = 30
    ink[20:40, 20:22] = 255
    ink[20:40, 40:43] = 20
    return ink


@pytest.mark.parametrize("upright", [False, True])
def test_a_digit_heavy_on_one_side_is_moved_just_as_far_as_it_stays_inside(upright: bool) -> None:
    image = as_mnist(heavy_on_the_left().T if upright else heavy_on_the_left())[1]
    row = (image.T if upright else image)[14]
    assert row.tolist() == [0] * 5 + [255] * 2 + [30] * 18 + [20] * 3


@pytest.mark.parametrize("upright", [False, True])
def test_a_digit_heavy_on_its_other_side_begins_at_the_image_s_edge(upright: bool) -> None:
    mirrored = np.ascontiguousarray(heavy_on_the_left()[:, ::-1])
    image = as_mnist(mirrored.T if upright else mirrored)[1]
    row = (image.T if upright else image)[14]
    assert row.tolist() == [20] * 3 + [30] * 18 + [255] * 2 + [0] * 5


@pytest.mark.parametrize("side", [10, 20, 30])
def test_levels_are_whole_numbers_of_8_bits(side: int) -> None:
    ink = np.zeros((60, 60), np.uint8)
    ink[10 : 10 + side, 10 : 10 + side] = 255
    for image in (as_mnist(ink)[1], normalise(ink)[1], soften(ink), thicken(ink)):
        assert image.dtype == np.uint8


def test_an_average_is_of_32_bits() -> None:
    assert area_average(np.ones((3, 4), np.float32), (2, 2)).dtype == np.float32
