"""What is crossed out on paper: left out beside digits, and nothing else is."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.preprocess.components import find_components
from model.preprocess.pipeline import preprocess
from model.reading.crossed import HIGHEST, LEAST_HEIGHT, STROKES, WIDEST, is_crossed_out, without_crossed_out
from model.reading.recognizer import Recognizer
from tests.benchmark.scenes import SCENES
from tests.benchmark.stage import Stage
from tests.benchmark.writing import Hands

Boxes = list[tuple[int, int, int, int]]
NO_SCANS = (np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.int64))


def ladder(bars: int, box: tuple[int, int, int, int], width: int = 2) -> Image.Image:
    """One upright stroke with so many level ones over it, on 400×200 pixels."""
    picture = Image.new("L", (400, 200))
    draw = ImageDraw.Draw(picture)
    x0, y0, x1, y1 = box
    draw.line(((x0 + x1) / 2, y0, (x0 + x1) / 2, y1 - 1), 255, width)
    for y in np.linspace(y0, y1 - width, bars):
        draw.rectangle((x0, round(y), x1 - 1, round(y) + width - 1), 255)
    return picture


def left(*pictures: Image.Image) -> Boxes:
    """The boxes of the pieces that are kept of all pictures laid over each other."""
    ink = np.max([np.asarray(picture) for picture in pictures], axis=0)
    return sorted(piece.box for piece in without_crossed_out(find_components(ink > 128)))


SEVEN = ladder(1, (200, 50, 250, 130))


@pytest.mark.parametrize(("bars", "expected"), [(STROKES - 1, False), (STROKES, True)])
def test_digits_have_at_most_five_strokes_above_each_other(bars: int, expected: bool) -> None:
    (piece,) = find_components(np.asarray(ladder(bars, (50, 50, 100, 130))) > 128)
    assert is_crossed_out(piece) == expected


@pytest.mark.parametrize(("height", "expected"), [(LEAST_HEIGHT - 1, False), (LEAST_HEIGHT, True)])
def test_low_pieces_have_no_room_for_it(height: int, expected: bool) -> None:
    (piece,) = find_components(np.asarray(ladder(7, (50, 50, 100, 50 + height), 1)) > 128)
    assert is_crossed_out(piece) == expected


def test_what_is_crossed_out_goes_beside_what_is_not() -> None:
    assert left(ladder(7, (50, 50, 110, 130)), SEVEN) == [(200, 50, 250, 130)]


def test_alone_it_stays() -> None:
    assert left(ladder(7, (50, 50, 110, 130))) == [(50, 50, 110, 130)]


@pytest.mark.parametrize("width", [0.9 * WIDEST * 80, 1.1 * WIDEST * 80])
def test_what_is_wide_may_hold_a_digit(width: float) -> None:
    kept = left(ladder(7, (50, 50, 50 + round(width), 130)), SEVEN)
    assert (len(kept) == 1) == (width < WIDEST * 80)


@pytest.mark.parametrize("height", [0.9 * HIGHEST * 80, 1.1 * HIGHEST * 80])
def test_what_is_high_may_be_two_lines(height: float) -> None:
    kept = left(ladder(9, (50, 50, 110, 50 + round(height))), SEVEN)
    assert (len(kept) == 1) == (height < HIGHEST * 80)


CLEAN = [name for name in SCENES if name.startswith("row") and "out" not in name]


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_crossed_out_in_rows(name: str) -> None:
    rng = Random(name)
    for _ in range(4):
        source, text = SCENES[name](Stage(rng, Hands.trained_on(), NO_SCANS))
        assert len(without_crossed_out(pieces := preprocess(source).pieces)) == len(pieces), text


def test_a_number_is_read_without_its_first_digit_that_is_crossed_out() -> None:
    rng = Random(5)
    read = Recognizer.load().read
    answers = [SCENES["row, first digit crossed out"](Stage(rng, Hands.trained_on(), NO_SCANS)) for _ in range(10)]
    right = sum("".join(digit.label for digit in read(source).digits) == text for source, text in answers)
    assert right >= 8
