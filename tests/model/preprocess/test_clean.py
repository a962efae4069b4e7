from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.data.digits import DataSet
from model.preprocess.clean import despeckle, without_rules


def page(height: int = 120, width: int = 160) -> NDArray[np.uint8]:
    return np.zeros((height, width), np.uint8)


def test_stray_pixels_are_taken_out(digit: NDArray[np.uint8]) -> None:
    chance = np.random.default_rng(0)
    noisy = np.where(chance.random(digit.shape) < 0.1, 255 * (chance.random(digit.shape) < 0.5), digit)
    cleaned = despeckle(noisy.astype(np.float32))
    assert np.abs(cleaned - digit).mean() < 0.5 * np.abs(noisy - digit.astype(float)).mean()
    assert np.count_nonzero(cleaned[:4] > 128) <= 2


@pytest.mark.mnist
def test_no_mnist_digit_counts_as_noisy(mnist: DataSet) -> None:
    for image in mnist.test.images[:2000].numpy():
        levels = image.astype(np.float32)
        assert despeckle(levels) is levels


@pytest.mark.parametrize("shape", [(1, 1), (2, 50), (3, 3), (28, 28)])
def test_even_pictures_of_any_shape_stay(shape: tuple[int, int]) -> None:
    for level in (0, 96, 159, 160, 255):
        levels = np.full(shape, level, np.float32)
        assert np.array_equal(despeckle(levels), levels)


@pytest.mark.parametrize("slope", [-0.03, 0.0, 0.03])
@pytest.mark.parametrize("upright", [False, True])
def test_ruled_lines_go_and_a_stroke_across_them_stays(slope: float, upright: bool) -> None:
    ink = page()
    ink[30:90, 70:80] = 255
    stroke = ink.copy()
    rows, columns = np.mgrid[:120, :160]
    ink[(rows + slope * columns) % 25 < 2] = np.maximum(ink, 120)[(rows + slope * columns) % 25 < 2]
    cleaned = without_rules(np.ascontiguousarray(ink.T)).T if upright else without_rules(ink)
    assert np.array_equal(cleaned[30:90, 70:80], stroke[30:90, 70:80])
    assert np.count_nonzero(cleaned[stroke == 0] >= 64) < 0.03 * np.count_nonzero(ink[stroke == 0] >= 64)


def test_squares_go() -> None:
    ink = page()
    ink[::20], ink[:, ::20] = 100, 100
    ink[35:85, 62:72] = 255
    assert np.count_nonzero(without_rules(ink)) == pytest.approx(500, abs=60)


def test_the_bar_of_a_seven_is_no_ruled_line() -> None:
    ink = page()
    ink[20:24, 10:150] = 255
    ink[20:110, 146:150] = 255
    assert without_rules(ink) is ink


def test_a_thin_seven_that_fills_its_picture_is_left() -> None:
    ink = page()
    ink[10:12, 10:150] = 255
    for row in range(10, 110):
        ink[row, 150 - row : 152 - row] = 255
    assert without_rules(ink) is ink


def test_a_thick_bar_from_edge_to_edge_is_left() -> None:
    ink = page()
    ink[50:60] = 255
    assert without_rules(ink) is ink


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (300, 5), (8, 8)])
def test_pictures_too_small_for_lines_are_left(shape: tuple[int, int]) -> None:
    ink = np.full(shape, 255, np.uint8)
    assert without_rules(ink) is ink
