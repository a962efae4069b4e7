"""Ink that touches a digit, dots it or lies in it leaves that digit in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageOps

from model.preprocess.picture import Pixels
from model.preprocess.strokes import parse_drawing, render
from model.reading.atoms import Atom
from model.reading.parts import LineReading, Part
from model.reading.recognizer import Recognizer
from model.reading.touching import INKED, dots, has_dot, odd, touch
from tests.helpers.inks import block

PAD = [280, 280]


def part(atom: Atom) -> Part:
    return Part(atom, np.zeros((28, 28), np.uint8), np.zeros(11), 0.0, 0.0)


def line(digits: list[Atom], left_out: list[Atom]) -> LineReading:
    parts, others = (tuple(part(atom) for atom in atoms) for atoms in (digits, left_out))
    return LineReading(parts, others, 40.0, 0.0, (9.0,) * len(digits))


def drawn(*strokes: Sequence[tuple[float, float]]) -> dict[str, object]:
    """Strokes through corners, on the pad, as it sends them."""
    points = []
    for corners in strokes:
        along = np.linspace(0, len(corners) - 1, 12 * len(corners))
        x, y = (np.interp(along, range(len(corners)), [corner[axis] for corner in corners]) for axis in (0, 1))
        points.append(np.stack([x, y], axis=1).tolist())
    return {"size": PAD, "strokes": [{"width": 14, "points": each} for each in points]}


@pytest.mark.parametrize(("gap", "expected"), [(-3, True), (0, True), (1, False), (9, False)])
@pytest.mark.parametrize("direction", [(1, 0), (0, 1)])
def test_ink_touches_up_to_the_next_pixel(gap: int, expected: bool, direction: tuple[int, int]) -> None:
    one = block(20, 20, 10, 30)
    dx, dy = (10 + gap) * direction[0], (30 + gap) * direction[1]
    other = block(20 + dx, 20 + dy, 10, 30)
    assert touch(one, other) == touch(other, one) == expected


def test_corners_touch() -> None:
    assert touch(block(20, 20, 10, 30), block(30, 50, 5, 5))
    assert not touch(block(20, 20, 10, 30), block(31, 51, 5, 5))


def test_boxes_that_overlap_need_not_touch() -> None:
    corner = np.zeros((20, 20), np.uint8)
    corner[0], corner[:, 0] = 255, 255
    assert not touch(Atom((0, 0, 20, 20), corner), block(5, 5, 10, 10))


@pytest.mark.parametrize(("level", "expected"), [(INKED, True), (INKED - 1, False)])
def test_a_soft_edge_does_not_touch(level: int, expected: bool) -> None:
    pale: Pixels = np.full((10, 10), level, np.uint8)
    assert touch(block(0, 0, 10, 10), Atom((10, 0, 20, 10), pale)) == expected


@given(st.tuples(*[st.integers(0, 30)] * 4), st.tuples(*[st.integers(1, 20)] * 4))
def test_filled_boxes_touch_where_no_pixel_is_between_them(
    places: tuple[int, int, int, int], sizes: tuple[int, int, int, int]
) -> None:
    (x, y, other_x, other_y), (width, height, other_width, other_height) = places, sizes
    level = max(x - (other_x + other_width), other_x - (x + width))
    upright = max(y - (other_y + other_height), other_y - (y + height))
    touches = touch(block(x, y, width, height), block(other_x, other_y, other_width, other_height))
    assert touches == (max(level, upright) <= 0)


def test_only_the_digit_that_is_touched_is_odd_whatever_its_line() -> None:
    below = line([block(0, 60, 10, 40)], [block(30, 42, 20, 4), block(70, 60, 3, 3)])
    above = line([block(0, 0, 10, 40), block(30, 0, 10, 43), block(50, 0, 10, 30)], [])
    assert odd([above, below]) == [False, True, False, False]
    assert odd([]) == []


Z = [(80, 60), (180, 60), (80, 220)], [(80, 220), (180, 220)]
BARRED_Z = [(80, 60), (180, 60)], [(180, 60), (80, 220)], [(80, 220), (180, 220)]


@pytest.mark.parametrize("strokes", [Z, BARRED_Z], ids=["two strokes", "three strokes"])
def test_a_z_is_no_sure_7(strokes: tuple[Sequence[tuple[float, float]], ...]) -> None:
    assert Recognizer.load().read(drawn(*strokes)).status != "digit"


def test_a_7_with_a_line_under_it_stays_sure() -> None:
    reading = Recognizer.load().read(drawn([(100, 50), (180, 50), (120, 180)], [(70, 230), (210, 230)]))
    assert ("".join(digit.label for digit in reading.digits), reading.status) == ("7", "digit")


# Dots


@pytest.mark.parametrize(
    ("dot", "expected"),
    [
        ((22, 94, 28, 100), True),  # under it, as of a !
        ((22, 8, 28, 14), True),  # over it, as of an i
        ((32, 74, 38, 80), False),  # on the line beside it: a point
        ((22, 81, 28, 87), False),  # it nearly touches
        ((22, 112, 28, 118), False),  # far below
        ((22, 94, 42, 100), False),  # a dash
    ],
)
def test_a_dot_stands_over_or_under(dot: tuple[int, int, int, int], expected: bool) -> None:
    assert dots(dot, (20, 20, 30, 80)) == expected


@pytest.mark.parametrize(("gap", "expected"), [(0, False), (1, False), (3, True), (20, True), (40, False)])
@pytest.mark.parametrize("is_under", [True, False])
def test_a_digit_may_have_its_dot_with_it(gap: int, expected: bool, is_under: bool) -> None:
    ink = np.zeros((60 + gap + 6, 8), np.uint8)
    ink[:60] = 255
    ink[60 + gap :, 1:7] = 255
    ink = ink if is_under else ink[::-1]
    assert has_dot(Atom((10, 10, 18, 76 + gap), ink)) == expected


def test_soft_edges_are_no_dot() -> None:
    ink = np.full((64, 8), 255, np.uint8)
    ink[[0, 1, 62, 63]] = 60
    assert not has_dot(Atom((0, 0, 8, 64), ink))
    assert not has_dot(Atom((0, 0, 8, 64), np.zeros((64, 8), np.uint8)))


def test_the_bar_of_a_5_is_no_dot() -> None:
    ink = np.zeros((60, 30), np.uint8)
    ink[:6], ink[10:] = 255, 255
    assert not has_dot(Atom((0, 0, 30, 60), ink))


@pytest.mark.parametrize(("label", "expected"), [(1, True), (7, True), (4, False), (8, False)])
def test_only_what_an_i_is_read_as_may_have_its_dot_with_it(label: int, expected: bool) -> None:
    ink = np.zeros((80, 8), np.uint8)
    ink[:60], ink[72:] = 255, 255
    alone = line([Atom((10, 10, 18, 90), ink)], [])
    labelled = replace(alone.digits[0], logits=np.eye(11)[label])
    assert odd([replace(alone, digits=(labelled,))]) == [expected]


def test_what_lies_in_a_digit_leaves_it_in_doubt() -> None:
    ring = np.full((60, 40), 255, np.uint8)
    ring[8:52, 8:32] = 0
    atom = Atom((20, 20, 60, 80), ring)
    assert odd([line([atom], [block(36, 40, 4, 20)])]) == [True]
    assert odd([line([atom], [block(70, 40, 4, 20)])]) == [False]


@pytest.mark.parametrize("is_drawn", [True, False])
def test_an_exclamation_mark_is_no_sure_1(is_drawn: bool) -> None:
    seven, bar, dot = [(30, 60), (100, 60), (60, 180)], [(160, 60), (160, 140)], [(160, 178), (160, 180)]
    strokes = drawn(seven, bar, dot)
    source = strokes if is_drawn else ImageOps.invert(render(parse_drawing(strokes)))
    assert Recognizer.load().read(source).status != "digit"
    plain = drawn(seven, [(160, 60), (160, 180)])
    source = plain if is_drawn else ImageOps.invert(render(parse_drawing(plain)))
    assert Recognizer.load().read(source).status == "digit"
