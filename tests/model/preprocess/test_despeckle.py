from __future__ import annotations

import numpy as np
import pytest

from model.preprocess.clean import despeckle
from model.preprocess.picture import Grey


def dotted(count: int, level: float, paper: float = 100, side: int = 20) -> Grey:
    """Paper with single pixels on it, far from each other; of 20 × 20 pixels 18 × 18 have eight neighbours."""
    levels = np.full((side, side), paper, np.float32)
    for number in range(count):
        levels[2 + 4 * (number // 4), 2 + 4 * (number % 4)] = level
    return levels


@pytest.mark.parametrize(
    ("paper", "level"), [(100, 197), (100, 255), (0, 97), (158, 255), (100, 3), (100, 0), (97, 0), (255, 158)]
)
def test_a_pixel_97_levels_off_all_around_it_is_stray(paper: float, level: float) -> None:
    assert np.unique(despeckle(dotted(4, level, paper))).tolist() == [paper]


@pytest.mark.parametrize(
    ("paper", "level"), [(100, 196), (0, 96), (159, 255), (100, 4), (96, 0), (255, 159), (0, 1), (255, 254), (100, 100)]
)
def test_a_pixel_96_levels_off_is_not(paper: float, level: float) -> None:
    levels = dotted(16, level, paper)
    assert despeckle(levels) is levels


@pytest.mark.parametrize("level", [0, 255])
def test_four_stray_pixels_of_324_are_more_than_a_hundredth_and_three_are_not(level: float) -> None:
    few = dotted(3, level)
    assert despeckle(few) is few
    assert np.unique(despeckle(dotted(4, level))).tolist() == [100]


def test_one_stray_pixel_of_100_is_a_hundredth() -> None:
    assert np.unique(despeckle(dotted(1, 255, side=12))).tolist() == [100]


@pytest.mark.parametrize("level", [0, 255])
@pytest.mark.parametrize("step", [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)])
def test_two_pixels_side_by_side_are_not_stray(step: tuple[int, int], level: float) -> None:
    levels = dotted(1, level, side=12)
    levels[2 + step[0], 2 + step[1]] = level
    assert despeckle(levels) is levels


def test_in_a_noisy_picture_what_differs_by_96_stays() -> None:
    levels = dotted(4, 255)
    levels[15, 15], levels[15, 5] = 196, 4
    cleaned = despeckle(levels)
    assert (cleaned[15, 15], cleaned[15, 5], cleaned[2, 2]) == (196, 4, 100)


def test_in_a_noisy_picture_stray_pixels_at_the_edge_go_too() -> None:
    levels = dotted(4, 255)
    levels[0, 9] = levels[9, 19] = levels[19, 19] = 255
    assert np.unique(despeckle(levels)).tolist() == [100]


def test_the_median_of_nine_replaces_a_stray_pixel() -> None:
    levels = np.array([[1, 2, 3], [4, 255, 6], [7, 8, 9]], np.float32)
    assert despeckle(levels).tolist() == [[1, 2, 3], [4, 6, 6], [7, 8, 9]]


def test_levels_keep_their_fractions_and_what_is_out_of_range_counts_as_the_range_s_end() -> None:
    levels = dotted(4, 300)
    levels[15, 15] = 100.25
    cleaned = despeckle(levels)
    assert cleaned.dtype == np.float32
    assert (cleaned[15, 15], cleaned[2, 2]) == (100.25, 100)


@pytest.mark.parametrize("shape", [(2, 50), (50, 2), (1, 1)])
def test_a_picture_with_no_pixel_inside_it_is_left(shape: tuple[int, int]) -> None:
    levels = np.zeros(shape, np.float32)
    levels[0, 0] = 255
    assert despeckle(levels) is levels


@pytest.mark.parametrize(("paper", "level"), [(255, 300), (0, -40), (250, 1000)])
def test_what_is_out_of_range_is_not_stray_for_that(paper: float, level: float) -> None:
    levels = dotted(16, level, paper)
    assert despeckle(levels) is levels


def test_the_median_is_a_whole_number() -> None:
    cleaned = despeckle(dotted(4, 255, 100.75))
    assert (cleaned[2, 2], cleaned[0, 0]) == (100, 100.75)


def lined(level: float, line: float) -> Grey:
    """An upright line one pixel wide, whose pixels differ from those beside them, and 16 single pixels."""
    levels = dotted(16, level)
    levels[:, 18] = line
    return levels


@pytest.mark.parametrize(("level", "line"), [(100, 255), (100, 0), (196, 255), (4, 0)])
def test_a_thin_line_is_not_stray_nor_is_what_lies_beside_it_and_differs_by_96(level: float, line: float) -> None:
    levels = lined(level, line)
    assert despeckle(levels) is levels


def test_one_stray_pixel_beside_a_thin_line_makes_no_noise() -> None:
    levels = lined(100, 255)
    levels[10, 10] = 255
    assert despeckle(levels) is levels
