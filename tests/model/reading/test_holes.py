"""Punched holes go; what is round and no hole stays."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model import Recognizer
from model.preprocess.components import Box
from model.preprocess.ink import find_pieces
from model.preprocess.picture import Pixels
from model.reading.holes import without_holes

DIGIT: Box = (150, 60, 180, 140)
AT = ((30, 30), (30, 110), (30, 190))


def page(*discs: tuple[float, float], diameter: float = 24, height: float | None = None) -> Pixels:
    """Discs around their middles, and a filled box as a digit."""
    picture = Image.new("L", (300, 240))
    pen = ImageDraw.Draw(picture)
    for x, y in discs:
        half, upright = diameter / 2, (height or diameter) / 2
        pen.ellipse([x - half, y - upright, x + half, y + upright], fill=255)
    pen.rectangle(DIGIT, fill=255)
    return np.asarray(picture)


def left(ink: Pixels) -> int:
    """How many pieces stay."""
    return len(without_holes(find_pieces(ink)))


@pytest.mark.parametrize("discs", [AT, AT[:2], tuple((270, y) for _, y in AT), ((60, 20), (140, 20), (220, 20))])
def test_holes_along_a_side_go(discs: tuple[tuple[float, float], ...]) -> None:
    assert left(page(*discs)) == 1


@pytest.mark.parametrize(
    "discs",
    [
        AT[:1],  # one: a point, or a blot
        ((30, 30), (60, 110), (30, 190)),  # not in a row
        ((165, 20), (165, 220)),  # over and under the digit
        ((30, 90), (30, 125)),  # a colon
    ],
)
def test_other_discs_stay(discs: tuple[tuple[float, float], ...]) -> None:
    assert left(page(*discs)) == 1 + len(discs)


@pytest.mark.parametrize(("diameter", "expected"), [(14, 1), (10, 4)])
def test_dots_are_smaller(diameter: float, expected: int) -> None:
    assert left(page(*AT, diameter=diameter)) == expected


@pytest.mark.parametrize(("height", "expected"), [(26, 1), (32, 4)])
def test_holes_are_round(height: float, expected: int) -> None:
    assert left(page(*AT, height=height)) == expected


def test_holes_are_filled_and_rings_stay() -> None:
    ink = page(*AT).copy()
    for x, y in AT:
        ink[y - 4 : y + 5, x - 4 : x + 5] = 0
    assert left(ink) == 4


def test_holes_are_alike() -> None:
    ink = np.maximum(page(*AT[:1]), page(*AT[1:2], diameter=34))
    assert left(ink) == 3


def test_pieces_that_are_none_stay() -> None:
    assert without_holes([]) == []
    assert left(np.maximum(page(*AT), page((270, 40), diameter=40))) == 2  # beyond the digit another blot


def test_a_margin_s_line_is_no_measure() -> None:
    ink = page(*AT, diameter=14).copy()
    ink[:, 60:63] = 255
    assert left(ink) == 2


def test_holes_alone_are_left() -> None:
    ink = page(*AT)
    ink = np.where(np.arange(300) > 100, 0, ink).astype(np.uint8)
    assert left(ink) == 3


def test_a_7_on_a_punched_sheet_is_read() -> None:
    picture = Image.new("L", (300, 240), 245)
    pen = ImageDraw.Draw(picture)
    for x, y in AT:
        pen.ellipse([x - 12, y - 12, x + 12, y + 12], fill=60)
    pen.line([(130, 70), (200, 70), (150, 180)], fill=30, width=9, joint="curve")
    reading = Recognizer.load().read(picture)
    assert ("".join(digit.label for digit in reading.digits), reading.status) == ("7", "digit")
