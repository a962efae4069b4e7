"""Underlines, rings, crossings-out and repeats go; the strokes of digits stay, each bound from both sides."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Recognizer
from model.data.pens import load_pens
from model.preprocess.strokes import Drawing, Stroke
from model.reading.gestures import MOST, written
from tests.benchmark.sources import on_canvas

Point = tuple[float, float]
#: A 1 with a flag, in the middle of the pad.
ONE: tuple[Point, ...] = ((120, 80), (140, 60), (140, 160))
SEVEN: tuple[Point, ...] = ((160, 60), (200, 60), (175, 160))


def stroke(*points: Point, width: float = 8) -> Stroke:
    return Stroke(width, points)


def drawing(*strokes: Stroke) -> Drawing:
    return Drawing((280, 280), strokes)


def kept(*strokes: Stroke) -> list[int]:
    """Which of some strokes are left as they are."""
    left = written(drawing(*strokes)).strokes
    return [number for number, one in enumerate(strokes) if one in left]


def ring(x: float, y: float, wide: float, high: float, turn: float = 1.0) -> Stroke:
    angles = [2 * math.pi * turn * step / 60 for step in range(61)]
    return stroke(*((x + wide / 2 * math.cos(angle), y + high / 2 * math.sin(angle)) for angle in angles))


def zigzag(left: float, right: float, top: float, bottom: float, swings: int) -> Stroke:
    step = (bottom - top) / swings
    return stroke(*((right if number % 2 else left, top + step * number) for number in range(swings + 1)))


def test_the_pens_of_writers_who_were_kept_out_stay_as_they_are() -> None:
    rng = Random(0)
    drawings = [on_canvas(pen.strokes, rng) for pen in load_pens()[1]]
    assert all(written(one) == one for one in drawings)


def test_one_stroke_and_none_stay() -> None:
    assert kept(stroke(*ONE)) == [0]
    assert written(drawing()).strokes == ()


# Underlines.


@pytest.mark.parametrize("line", [((115, 185), (205, 185)), ((205, 180), (115, 188)), ((100, 200), (220, 200))])
def test_an_underline_goes(line: tuple[Point, Point]) -> None:
    assert kept(stroke(*ONE), stroke(*SEVEN), stroke(*line)) == [0, 1]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (((115, 168), (205, 168)), "nearer than a tenth of the height it is a foot"),
        (((115, 225), (205, 225)), "farther than six tenths it is a rule, or a dash"),
        (((120, 185), (170, 185)), "it is shorter than what stands on it"),
        (((115, 185), (205, 203)), "it rises by a fifth of its length"),
        (((115, 185), (160, 205), (205, 185)), "it is bent"),
        (((115, 40), (205, 40)), "it lies above"),
    ],
)
def test_what_is_no_underline_stays(line: tuple[Point, ...], why: str) -> None:
    assert kept(stroke(*ONE), stroke(*SEVEN), stroke(*line)) == [0, 1, 2], why


@pytest.mark.parametrize(("right", "left"), [(169, [0, 1]), (172, [0])])
def test_under_one_digit_a_line_is_longer_than_a_foot(right: float, left: list[int]) -> None:
    """Six tenths of the 1's 100 units."""
    assert kept(stroke((140, 60), (140, 160)), stroke((110, 175), (right, 175))) == left


# Rings.


def test_a_ring_round_digits_goes_whether_it_was_drawn_first_or_last() -> None:
    assert kept(stroke(*ONE), stroke(*SEVEN), ring(160, 110, 150, 160)) == [0, 1]
    assert kept(ring(160, 110, 150, 160), stroke(*ONE), stroke(*SEVEN)) == [1, 2]


def test_a_ring_round_one_digit_goes() -> None:
    assert kept(stroke(*SEVEN), ring(180, 110, 130, 150)) == [0]


@pytest.mark.parametrize(("wide", "is_zero"), [(100, True), (140, False)])
def test_a_0_keeps_its_slash_unless_it_is_wide(wide: float, is_zero: bool) -> None:
    assert (kept(ring(140, 110, wide, 100), stroke((125, 140), (155, 80))) == [0, 1]) == is_zero


@pytest.mark.parametrize(("turn", "goes"), [(0.92, True), (0.8, False)])
def test_a_ring_is_closed(turn: float, goes: bool) -> None:
    assert (kept(stroke(*SEVEN), ring(180, 110, 130, 150, turn)) == [0]) == goes


def test_a_0_beside_others_holds_nothing() -> None:
    assert kept(ring(80, 110, 60, 100), stroke(*ONE), stroke(*SEVEN)) == [0, 1, 2]


# What is crossed out.


@pytest.mark.parametrize(("swings", "left"), [(6, [0]), (5, [0, 1, 2])])
def test_what_is_crossed_out_goes_with_what_crosses_it_out(swings: int, left: list[int]) -> None:
    assert kept(stroke(*SEVEN), stroke(*ONE), zigzag(112, 148, 55, 165, swings)) == left


def test_what_comes_after_a_crossing_out_stays() -> None:
    assert kept(stroke(*ONE), zigzag(112, 148, 55, 165, 8), stroke((125, 60), (130, 160))) == [2]


def test_a_scrawl_over_nothing_stays_to_be_judged() -> None:
    assert kept(stroke(*SEVEN), zigzag(40, 90, 55, 165, 9)) == [0, 1]


def test_a_trembling_hand_crosses_nothing_out() -> None:
    """A 1 over a 1, fourteen units wide at a pen of eight."""
    assert kept(stroke((140, 60), (141, 160)), zigzag(133, 147, 60, 160, 12)) != []


# Repeats, and strokes that go on.


@pytest.mark.parametrize(("aside", "count"), [(3, 1), (6, 2)])
def test_a_stroke_over_another_is_no_second_one(aside: float, count: int) -> None:
    again = stroke(*((x + aside, y) for x, y in SEVEN))
    assert len(written(drawing(stroke(*SEVEN), again)).strokes) == count


def test_what_was_rubbed_out_may_be_drawn_again() -> None:
    rubber = Stroke(40, SEVEN, erase=True)
    assert len(written(drawing(stroke(*SEVEN), rubber, stroke(*SEVEN))).strokes) == 3


@pytest.mark.parametrize(("gap", "count"), [(11, 1), (13, 2)])
def test_a_stroke_goes_on_within_a_width_and_a_half_of_its_pen(gap: float, count: int) -> None:
    halves = stroke((140, 60), (140, 110)), stroke((140, 110 + gap), (140, 170))
    assert len(written(drawing(*halves)).strokes) == count


@pytest.mark.parametrize(("x", "count"), [(165, 1), (220, 2)])
def test_a_stroke_that_turns_off_is_another(x: float, count: int) -> None:
    """By 27° and by 60° and a half."""
    halves = stroke((140, 60), (140, 110)), stroke((140, 112), (x, 157))
    assert len(written(drawing(*halves)).strokes) == count


def test_strokes_beside_each_other_may_be_two_digits() -> None:
    """The bar of a 5 and a 7 that begins where it ends."""
    assert len(written(drawing(stroke((100, 60), (140, 58)), stroke((142, 58), (190, 60), (165, 150)))).strokes) == 2


def test_many_strokes_are_left_as_they_are() -> None:
    many = drawing(*[stroke(*ONE)] * (MOST + 1))
    assert written(many) is many


numbers = st.floats(-300, 600, allow_nan=False)
strokes = st.builds(
    Stroke,
    st.floats(0.01, 280),
    st.lists(st.tuples(numbers, numbers), max_size=12).map(tuple),
    erase=st.booleans(),
)


@given(st.lists(strokes, max_size=8))
def test_any_drawing_is_taken(any_strokes: list[Stroke]) -> None:
    assert len(written(drawing(*any_strokes)).strokes) <= len(any_strokes)


@pytest.mark.parametrize("gesture", [stroke((110, 185), (210, 186)), ring(160, 110, 170, 170)])
def test_the_number_is_read_without_the_gesture(gesture: Stroke) -> None:
    reading = Recognizer.load().read(drawing(stroke(*ONE), stroke(*SEVEN), gesture))
    assert [digit.label for digit in reading.digits] == ["1", "7"]


def test_a_line_that_is_all_but_level_is_taken() -> None:
    strokes = Stroke(1.0, ((0.0, 2.0), (1.0, 0.0))), Stroke(1.0, ((0.0, 2.0), (153.0, 0.0), (0.0, 1.7e-306)))
    assert written(Drawing((280, 280), strokes)).strokes[-1] in strokes
