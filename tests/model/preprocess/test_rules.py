"""Ruled and squared paper: what goes, and that clean paper is left alone."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.preprocess.rules import find_lines, upright_runs, without_rules
from tests.benchmark.scenes import SCENES
from tests.benchmark.stage import Stage
from tests.benchmark.writing import Hands


def page(height: int = 120, width: int = 160) -> NDArray[np.uint8]:
    return np.zeros((height, width), np.uint8)


def ones(count: int, height: int = 100) -> NDArray[np.uint8]:
    """Upright strokes in a row, cut close: 4 pixels from the picture's edges."""
    ink = page(height, 40 * count)
    for place in range(count):
        ink[4 : height - 4, 40 * place + 18 : 40 * place + 21] = 255
    return ink


@pytest.mark.parametrize("slope", [-0.03, 0.0, 0.03])
def test_ruled_lines_go_and_a_stroke_across_them_stays(slope: float) -> None:
    ink = page()
    ink[30:90, 70:80] = 255
    stroke = ink.copy()
    rows, columns = np.mgrid[:120, :160]
    ink[(rows + slope * columns) % 25 < 2] = np.maximum(ink, 120)[(rows + slope * columns) % 25 < 2]
    cleaned = without_rules(ink)
    assert np.array_equal(cleaned[30:90, 70:80], stroke[30:90, 70:80])
    inner = np.s_[8:112]  # a line that leaves the picture at its top or bottom is no line across it
    paper = stroke[inner] == 0
    assert np.count_nonzero(cleaned[inner][paper] >= 64) < 0.03 * np.count_nonzero(ink[inner][paper] >= 64)


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


def test_a_line_across_the_whole_picture_goes_even_alone() -> None:
    ink = page()
    ink[60:62] = 120
    ink[20:100, 70:76] = 255
    cleaned = without_rules(ink)
    assert not cleaned[60:62, :68].any()
    assert np.all(cleaned[60:62, 70:76] == 255)


def test_two_lines_that_reach_no_edge_stay() -> None:
    ink = page()
    ink[40:42, 20:140], ink[80:82, 20:140] = 120, 120
    assert without_rules(ink) is ink


def test_three_lines_that_reach_no_edge_go() -> None:
    ink = page()
    ink[30:110, 70:76] = 255
    for row in (20, 60, 100):
        ink[row : row + 2, 10:150] = np.maximum(ink[row : row + 2, 10:150], 120)
    assert not without_rules(ink)[20:22].any()


@pytest.mark.parametrize("count", [3, 6, 9])
def test_ones_in_a_row_are_no_squared_paper(count: int) -> None:
    assert without_rules(ones(count)) is not None
    assert np.array_equal(without_rules(ones(count)), ones(count))


def test_the_boxes_of_a_form_go_and_their_digits_stay() -> None:
    ink = Image.new("L", (320, 100))
    pen = ImageDraw.Draw(ink)
    for left in range(10, 310, 75):
        pen.rectangle((left, 10, left + 75, 90), outline=200, width=2)
        pen.line((left + 40, 25, left + 30, 75), fill=255, width=6)
    cleaned = without_rules(np.asarray(ink))
    assert not cleaned[10:12, 60:70].any()
    assert not cleaned[30:50, 85].any()
    assert all(cleaned[50, left + 35] == 255 for left in range(10, 310, 75))


def test_a_box_alone_is_left_rather_than_nothing() -> None:
    ink = page()
    ink[20:22, 30:130], ink[98:100, 30:130], ink[20:100, 30:32], ink[20:100, 128:130] = 255, 255, 255, 255
    assert without_rules(ink) is ink


def test_a_thick_stroke_along_a_line_stays() -> None:
    ink = page()
    for row in (20, 60, 100):
        ink[row : row + 2] = 90
    ink[58:66, 40:110] = 255  # the bar of a digit on the line
    assert np.all(without_rules(ink)[59:65, 42:108] == 255)


@pytest.mark.parametrize("length", [0.8, 0.95])
def test_a_line_covers_most_of_the_writing(length: float) -> None:
    ink = page(120, 200)
    ink[10:110, 2:4], ink[10:110, 196:198] = 255, 255  # the writing's width
    for row in (30, 60, 90):
        ink[row : row + 2, 2 : 2 + round(196 * length)] = 120
    assert (len(find_lines(ink)) == 3) == (length > 0.9)


def test_runs_are_measured_along_columns() -> None:
    mask = np.array([[1, 0], [1, 1], [0, 1], [1, 1]], np.bool_)
    assert upright_runs(mask).tolist() == [[2, 0], [2, 3], [0, 3], [1, 3]]


#: Punched sheets are ruled, and dots are grey again before lines are looked for.
NOT_CLEAN = ("ruled", "squared", "photo", "shadow", "spots", "punched", "dithered")
CLEAN = [name for name in SCENES if name.startswith("row") and not any(word in name for word in NOT_CLEAN)]


@pytest.mark.parametrize("name", CLEAN)
def test_clean_paper_is_left_alone(name: str) -> None:
    hands, scans = Hands.trained_on(), (np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.int64))
    rng = Random(name)
    for _ in range(6):
        source, text = SCENES[name](Stage(rng, hands, scans))
        grey = np.asarray(source.convert("L") if isinstance(source, Image.Image) else source)
        ink = np.ascontiguousarray(grey if "chalk" in name else 255 - grey)
        assert without_rules(ink) is ink, text
