from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from model.preprocess.picture import Pixels
from model.preprocess.pipeline import STEPS, Step, preprocess
from model.preprocess.sheet import CAPTION, MARGIN, SIDE, sheet
from tests.helpers.running import ROOT


def pixels(*steps: Step) -> NDArray[np.uint8]:
    picture = Image.open(io.BytesIO(sheet(steps)), formats=["PNG"])
    return np.asarray(picture)


def even(level: int, height: int = 28, width: int = 28) -> Pixels:
    return np.full((height, width), level, np.uint8)


def field(picture: NDArray[np.uint8], number: int = 0) -> NDArray[np.uint8]:
    """The square that a step is fitted into."""
    left = MARGIN + number * (SIDE + MARGIN)
    return picture[MARGIN : MARGIN + SIDE, left : left + SIDE]


@pytest.mark.parametrize(("count", "width"), [(1, 192), (3, 552), (6, 1092)])
def test_a_sheet_is_as_wide_as_its_steps(count: int, width: int) -> None:
    assert pixels(*[Step("ink", even(0))] * count).shape == (214, width)


def test_steps_go_from_left_to_right() -> None:
    picture = pixels(Step("grey", even(10)), Step("ink", even(20)), Step("box", even(30)))
    assert [np.unique(field(picture, number)).tolist() for number in range(3)] == [[10], [20], [30]]


def test_round_the_steps_the_sheet_is_white() -> None:
    picture = pixels(Step("grey", even(0)), Step("ink", even(0)))
    assert picture[:MARGIN].min() == picture[:, :MARGIN].min() == picture[:, -MARGIN:].min() == 255
    assert picture[: MARGIN + SIDE, MARGIN + SIDE : MARGIN + SIDE + MARGIN].min() == 255


def test_a_digit_s_pixels_become_squares_of_six(digit: Pixels) -> None:
    np.testing.assert_array_equal(field(pixels(Step("28x28", digit))), np.kron(digit, np.ones((6, 6), np.uint8)))


def test_a_large_picture_is_averaged() -> None:
    stripes = np.tile(np.array([[0], [200]], np.uint8), (168, 336))
    assert np.unique(field(pixels(Step("grey", stripes)))).tolist() == [100]


@pytest.mark.parametrize(("height", "width"), [(28, 56), (300, 600)])
def test_a_wide_picture_keeps_its_shape_in_the_middle(height: int, width: int) -> None:
    ink = field(pixels(Step("box", even(0, height, width)))) == 0
    assert np.flatnonzero(ink.any(axis=1)).tolist() == list(range(42, 126))
    assert np.flatnonzero(ink.any(axis=0)).tolist() == list(range(168))


def test_the_thinnest_line_is_still_seen() -> None:
    ink = field(pixels(Step("box", even(0, 1000, 1)))) == 0
    assert (ink.any(axis=1).sum(), ink.any(axis=0).sum()) == (168, 1)


def test_each_step_has_its_name_under_it() -> None:
    names = pixels(*[Step(name, even(255)) for name in (*STEPS, "")])[MARGIN + SIDE :]
    parts = [names[:, MARGIN + n * (SIDE + MARGIN) :][:, :SIDE] for n in range(7)]
    assert [bool(part.min() < 100) for part in parts] == [True] * 6 + [False]
    assert len({part.tobytes() for part in parts}) == 7


@pytest.mark.parametrize("name", STEPS)
def test_a_name_is_whole_and_in_the_middle(name: str) -> None:
    text = pixels(Step(name, even(255)))[-CAPTION - MARGIN :] < 255
    columns = np.flatnonzero(text.any(axis=0))
    assert not text[-1].any()
    assert columns[0] > MARGIN
    assert columns[0] + columns[-1] == pytest.approx(192, abs=4)


def test_all_steps_of_an_example_are_on_its_sheet() -> None:
    steps = preprocess(ROOT / "examples" / "7-ballpoint.jpg").steps
    picture = pixels(*steps)
    assert picture.shape == (214, 1092)
    np.testing.assert_array_equal(field(picture, 5), np.kron(steps[5].picture, np.ones((6, 6), np.uint8)))


def test_a_tall_picture_stands_in_the_middle() -> None:
    ink = field(pixels(Step("box", even(0, 56, 28)))) == 0
    assert np.flatnonzero(ink.any(axis=0)).tolist() == list(range(42, 126))
    assert np.flatnonzero(ink.any(axis=1)).tolist() == list(range(168))


def test_the_thinnest_level_line_is_still_seen() -> None:
    ink = field(pixels(Step("box", even(0, 1, 1000)))) == 0
    assert (ink.any(axis=1).sum(), ink.any(axis=0).sum()) == (1, 168)


def test_a_name_is_written_in_black_15_pixels_high() -> None:
    text = pixels(Step("grey", even(255)))[SIDE + MARGIN :]
    rows = np.flatnonzero((text < 128).any(axis=1))
    assert text.min() == 0
    assert rows[-1] - rows[0] + 1 == pytest.approx(11, abs=1)  # from the top of an e to the foot of a g
