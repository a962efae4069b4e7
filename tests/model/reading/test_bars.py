"""How bars lean, and that ones which no hand leans so aren't sure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from model.preprocess.picture import Pixels
from model.reading.atoms import Atom
from model.reading.bars import MOST_APART, MOST_LEFT, MOST_RIGHT, lean, odd
from model.reading.parts import Part
from model.reading.recognizer import Recognizer


def bar(degrees: float, width: int = 3, half: float = 9.5) -> Pixels:
    """A bar in 28×28 that leans so far to the right at the top."""
    x, y = half * np.sin(np.radians(degrees)), half * np.cos(np.radians(degrees))
    picture = Image.new("L", (28, 28))
    ImageDraw.Draw(picture).line((13.5 - x, 13.5 + y, 13.5 + x, 13.5 - y), 255, width)
    return np.asarray(picture)


def part(image: Pixels, label: int = 1) -> Part:
    return Part(Atom((0, 0, 28, 28), image), image, np.eye(11)[label], 0.0, 0.0)


def drawn(*strokes: tuple[tuple[float, float], tuple[float, float]]) -> dict[str, object]:
    """Straight strokes on the pad, as it sends them."""
    points = [np.linspace(start, end, 12).tolist() for start, end in strokes]
    return {"size": [280, 280], "strokes": [{"width": 16, "points": each} for each in points]}


@given(st.integers(-80, 80), st.integers(2, 4))
def test_a_bar_s_lean_is_measured(degrees: int, width: int) -> None:
    found = lean(bar(degrees, width))
    assert found is not None
    assert found == pytest.approx(degrees, abs=5)


@pytest.mark.parametrize("picture", [np.zeros((28, 28)), np.full((28, 28), 255), np.eye(28) + np.eye(28)[::-1]])
def test_what_is_no_bar_leans_nowhere(picture: Pixels) -> None:
    assert lean(picture.astype(np.uint8)) is None


def test_one_pixel_is_no_bar() -> None:
    assert lean(np.eye(28)[:1].astype(np.uint8)) is None


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [(MOST_RIGHT - 6, False), (MOST_RIGHT + 6, True), (6 - MOST_LEFT, False), (-MOST_LEFT - 6, True)],
)
def test_a_bar_leans_as_far_as_somebody_leans_it(degrees: float, expected: bool) -> None:
    assert odd([part(bar(degrees))]) == [expected]


@pytest.mark.parametrize(("apart", "expected"), [(MOST_APART - 8, False), (MOST_APART + 8, True)])
def test_the_ones_of_a_hand_lean_alike(apart: float, expected: bool) -> None:
    assert odd([part(bar(apart)), part(bar(20), 7), part(bar(0))]) == [expected, False, expected]


def test_no_answer_has_no_odd_ones() -> None:
    assert odd([]) == []


@pytest.mark.parametrize(
    "strokes",
    [
        [((90, 40), (90, 240)), ((190, 40), (90, 140)), ((90, 140), (190, 240))],
        [((60, 60), (120, 220)), ((120, 220), (180, 60))],
        [((140, 60), (80, 220)), ((140, 60), (200, 220))],
    ],
    ids="KVΛ",
)
def test_letters_of_bars_are_no_sure_ones(strokes: list[tuple[tuple[float, float], tuple[float, float]]]) -> None:
    assert Recognizer.load().read(drawn(*strokes)).status != "digit"


@pytest.mark.parametrize(
    "strokes",
    [
        [((140, 60), (140, 220))],
        [((100, 60), (60, 220)), ((180, 60), (140, 220))],
        [((80, 60), (80, 220)), ((180, 60), (160, 220)), ((240, 60), (236, 220))],
    ],
)
def test_ones_of_a_hand_stay_sure(strokes: list[tuple[tuple[float, float], tuple[float, float]]]) -> None:
    reading = Recognizer.load().read(drawn(*strokes))
    assert ("".join(digit.label for digit in reading.digits), reading.status) == ("1" * len(strokes), "digit")


def test_a_1_and_another_cut_from_all_there_is_may_be_a_letter() -> None:
    whole, slices = part(bar(0)), replace(part(bar(0)), atom=Atom((28, 0, 56, 28), bar(0), is_slice=True))
    seven = replace(slices, logits=np.eye(11)[7])
    assert odd([whole, seven]) == [True, True]
    assert odd([replace(whole, logits=np.eye(11)[7]), seven]) == [False, False]
    assert odd([whole, seven, seven, replace(seven, logits=np.eye(11)[4])]) == [False] * 4
    assert odd([whole, seven, part(bar(0))]) == [False, False, False]  # two pieces
    assert odd([whole]) == [False]


def humps(labels: str, *, drawn: bool = False, gap: int = 0) -> list[bool]:
    """Of a sure 4 and parts with those labels: slices of one piece, or strokes that are so far apart."""
    four = replace(part(bar(0)), logits=np.eye(11)[4], atom=Atom((0, 0, 28, 28), bar(0)))
    made = [four]
    for place, label in enumerate(labels):
        ink = np.full((28, 20), 255, np.uint8)
        left = 60 + (20 + gap) * place
        atom = Atom((left, 0, left + 20, 28), ink, is_slice=place > 0 and not drawn, is_stroke=drawn)
        made.append(replace(four, logits=np.eye(11)[int(label)], atom=atom))
    return odd(made)


@pytest.mark.parametrize(("labels", "expected"), [("177", True), ("111", True), ("17", False), ("174", False)])
def test_a_piece_of_three_ones_and_sevens_is_an_m(labels: str, expected: bool) -> None:
    assert humps(labels) == [False] + [expected] * len(labels)


@pytest.mark.parametrize(
    ("labels", "gap", "expected"), [("177", 0, True), ("17", 0, False), ("177", 1, False), ("174", 0, False)]
)
def test_three_strokes_that_touch_are_an_m(labels: str, gap: int, expected: bool) -> None:
    assert humps(labels, drawn=True, gap=gap) == [False] + [expected] * len(labels)
