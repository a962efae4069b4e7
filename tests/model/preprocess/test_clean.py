from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.data.digits import DataSet
from model.preprocess.clean import despeckle, without_bars


def test_stray_pixels_are_taken_out(digit: NDArray[np.uint8]) -> None:
    rng = np.random.default_rng(0)
    noisy = np.where(rng.random(digit.shape) < 0.1, 255 * (rng.random(digit.shape) < 0.5), digit)
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


def framed(bar: int = 0, paper: int = 230, width: int = 12, side: int = 80) -> NDArray[np.float32]:
    """A picture with an even bar at its left and a stroke in the middle."""
    levels = np.full((side, side), paper, np.float32)
    levels[30:50, 38:42] = 20
    levels[:, :width] = bar
    return levels


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_bar_at_any_edge_takes_the_level_of_the_paper(turns: int) -> None:
    evened = np.rot90(without_bars(np.rot90(framed(), turns).copy()), -turns)
    assert np.all(evened[:, :12] == 230)
    assert np.array_equal(evened[:, 13:], framed()[:, 13:])


@pytest.mark.parametrize(
    "levels",
    [framed(bar=150), framed(width=40), framed(side=20, width=3)],
    ids=["too little contrast", "too wide", "too small a picture"],
)
def test_what_may_be_paper_or_ink_is_no_bar(levels: NDArray[np.float32]) -> None:
    assert np.array_equal(without_bars(levels), levels)


@pytest.mark.parametrize(("straight", "is_bar"), [(0.9, True), (0.7, True), (0.5, False), (0.3, False)])
def test_a_bar_ends_at_the_same_place_in_most_rows(straight: float, is_bar: bool) -> None:
    levels = framed()
    middle = slice(round(80 * straight / 2), 80 - round(80 * straight / 2))
    levels[middle, 12:20] = 0
    assert (without_bars(levels)[0, 0] == 230) == is_bar
