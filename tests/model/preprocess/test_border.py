"""Borders all round a picture go; whatever else is dark at the edges, or a digit by itself, stays to the pixel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data.digits import DataSet
from model.preprocess.border import without_border
from model.preprocess.components import Box
from model.preprocess.picture import Grey

INK: tuple[Box, ...] = ((90, 60, 96, 120), (110, 60, 116, 120))


def canvas(*ink: Box, border: int = 10, dark: int = 20, paper: int = 240, size: tuple[int, int] = (200, 240)) -> Grey:
    """White paper with ink on it in a dark border all round."""
    levels = np.full(size, float(dark), np.float32)
    levels[border:-border, border:-border] = paper
    for x0, y0, x1, y1 in ink or INK:
        levels[y0:y1, x0:x1] = 10
    return levels


def has_border(levels: Grey) -> bool:
    return without_border(levels) is not levels


def test_a_border_is_as_bright_as_the_paper_and_the_ink_stays() -> None:
    levels = canvas()
    evened = without_border(levels)
    assert np.array_equal(evened[20:-20, 20:-20], levels[20:-20, 20:-20])
    assert set(np.unique(evened)) == {10.0, 240.0}
    assert np.count_nonzero(evened == 10) == 2 * 6 * 60


def test_a_bright_border_goes_from_a_dark_page_too() -> None:
    assert without_border(255 - canvas()).max() == 245


@pytest.mark.parametrize("extract_part", ["train", "validation", "test"])
@pytest.mark.parametrize("factor", [1, 5])
def test_mnist_digits_stay(extract: DataSet, extract_part: str, factor: int) -> None:
    images = getattr(extract, extract_part).images.numpy()[:100].repeat(factor, 1).repeat(factor, 2)
    assert not any(has_border(image.astype(np.float32)) for image in images)


@pytest.mark.parametrize(("dark", "expected"), [(139, True), (141, False)])
def test_a_border_differs_from_paper_by_a_hundred_levels(dark: int, expected: bool) -> None:
    assert has_border(canvas(dark=dark)) == expected


@pytest.mark.parametrize(("border", "expected"), [(3, False), (4, True), (60, True), (62, False)])
def test_a_border_takes_two_hundredths_to_three_tenths_of_a_side(border: int, expected: bool) -> None:
    assert has_border(canvas((90, 80, 96, 120), border=border)) == expected


@pytest.mark.parametrize("side", range(4))
def test_an_edge_without_it_is_no_border_all_round(side: int) -> None:
    levels = np.rot90(canvas(), side).copy()
    levels[:10] = 240
    assert not has_border(levels)


@pytest.mark.parametrize(("bar", "expected"), [((60, 40, 120, 160), True), ((40, 30, 160, 170), False)])
def test_what_is_inside_is_mostly_paper(bar: Box, expected: bool) -> None:
    """7,200 of 39,600 pixels are ink, or 16,800: with so much the bright part may be the ink."""
    assert has_border(canvas(bar)) == expected


def test_a_bar_that_nearly_fills_its_picture_stays() -> None:
    """A 1, cut close: in a border there would be something on the paper."""
    assert not has_border(255 - canvas((10, 10, 11, 11), paper=250, dark=0, border=3, size=(60, 30)))


def test_a_slanting_side_is_none_of_a_border() -> None:
    levels = canvas()
    for row in range(10, 190):
        levels[row, : 10 + row // 4] = 20
    assert not has_border(levels)


def test_a_line_all_round_is_no_border() -> None:
    levels = canvas(border=12, dark=250, paper=250)
    levels[12:15, 12:-12] = levels[-15:-12, 12:-12] = 10
    levels[12:-12, 12:15] = levels[12:-12, -15:-12] = 10
    assert not has_border(levels)


@given(st.integers(1, 80), st.integers(1, 80), st.integers(0, 2**32 - 1))
def test_a_picture_of_any_size_keeps_it(height: int, width: int, seed: int) -> None:
    levels = np.random.default_rng(seed).choice([0.0, 255.0], (height, width)).astype(np.float32)
    assert without_border(levels).shape == (height, width)
