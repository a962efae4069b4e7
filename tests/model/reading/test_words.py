"""Words beside numbers are left out, where they are plainly words and the numbers plainly numbers."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from model.reading.parts import LineReading, Part
from model.reading.recognizer import Recognizer
from model.reading.words import MOST_GROUPS, groups_of, without_words
from tests.helpers.inks import block

HEIGHT = 40


def part(x: int, score: float = 9.0, height: int = HEIGHT, slices: int = 1) -> Part:
    """Something ten wide that is a 7 with that digit score; one of several slices if it doesn't begin at 0."""
    logits = np.full(11, -1000.0)
    logits[7], logits[10] = 0.0, -score
    atom = replace(block(x, 0, 10, height), is_slice=slices > 1 and x > 0)
    return Part(atom, np.zeros((28, 28), np.uint8), logits, 0.0, 0.0)


def line(digits: list[Part], left_out: list[Part] | None = None) -> LineReading:
    leads = tuple(float(place) for place in range(len(digits)))
    return LineReading(tuple(digits), tuple(left_out or []), HEIGHT, -1.0, leads, 5.0, (True,) * len(digits))


def starts(lines: list[LineReading] | None) -> list[int] | None:
    """Where the digits of lines begin."""
    return None if lines is None else [digit.atom.box[0] for each in lines for digit in each.digits]


NUMBER = [part(100), part(115)]


def beside(digits: list[Part], left_out: list[Part], score: float) -> list[int] | None:
    """What is kept of a group from 0 on with that score, and of a number from 100 on with a score of 3."""
    whole = line([*digits, *NUMBER], left_out)
    return starts(without_words([whole], lambda group: 3.0 if group.digits[0].atom.box[0] >= 100 else score))


@pytest.mark.parametrize(("gap", "count"), [(17, 1), (18, 2)])
def test_groups_stand_apart_by_nearly_half_of_the_height(gap: int, count: int) -> None:
    assert len(groups_of(line([part(0), part(10 + gap)]))) == count


def test_a_group_keeps_what_is_known_of_its_digits() -> None:
    one, other = groups_of(line([part(0), part(60), part(75)], [part(12, height=9)]))
    assert (starts([one]), starts([other])) == ([0], [60, 75])
    assert (len(one.left_out), one.leads, other.leads, other.odd) == (1, (0.0,), (1.0, 2.0), (True, True))
    assert (other.height, other.plain_lead) == (HEIGHT, 5.0)


def test_the_widest_part_ends_a_group() -> None:
    wide = Part(block(0, 0, 90, HEIGHT), np.zeros((28, 28), np.uint8), np.zeros(11), 0.0, 0.0)
    assert len(groups_of(line([wide, part(20), part(95)]))) == 1


@pytest.mark.parametrize(
    ("digits", "left_out", "score", "is_word"),
    [
        ([], [part(0)], 0.0, True),  # nothing but what is no digit
        ([], [part(0, height=15)], 0.0, False),  # a dash or a point
        ([part(0)], [part(12, height=24)], 9.0, True),  # as many small letters as digits
        ([part(0)], [part(12, height=23)], 9.0, False),  # a plus
        ([part(0), part(12)], [part(24, height=29)], 0.0, False),
        ([part(0), part(12)], [part(24, height=29)], -0.1, True),
        ([part(0), part(12)], [part(24, height=30)], 9.0, True),  # a letter
        ([part(0), part(12)], [], -9.0, False),  # each of them is like a digit
        ([part(0, -1.6), part(12)], [], 9.0, True),
        ([part(0, -1.4), part(12)], [], -9.0, False),
        ([part(x, slices=3) for x in (0, 12, 24)], [], 9.0, True),  # an m
    ],
)
def test_a_word_is_told_by_its_letters_and_by_its_judge(
    digits: list[Part], left_out: list[Part], score: float, is_word: bool
) -> None:
    assert beside(digits, left_out, score) == ([100, 115] if is_word else None)


@pytest.mark.parametrize(
    ("score", "digit_score", "left_out", "expected"),
    [(0.5, 4.0, [], [0]), (0.4, 4.0, [], None), (0.5, 3.9, [], None), (0.5, 4.0, [part(12)], None)],
)
def test_a_word_stands_beside_what_is_plainly_a_number(
    score: float, digit_score: float, left_out: list[Part], expected: list[int] | None
) -> None:
    whole = line([part(0, digit_score)], [*left_out, part(100)])
    assert starts(without_words([whole], lambda _: score)) == expected


def test_a_word_stands_in_the_line_of_a_number() -> None:
    number, word = line(NUMBER), line([], [part(0)])
    assert without_words([number, word], lambda _: 9.0) is None


def test_a_group_that_is_neither_stays() -> None:
    whole = line([part(50, 2.0), part(100)], [part(0)])
    kept = without_words([whole], lambda group: 9.0 if group.digits[0].atom.box[0] == 100 else 1.0)
    assert starts(kept) == [50, 100]


@pytest.mark.parametrize(("groups", "is_read"), [(MOST_GROUPS, True), (MOST_GROUPS + 1, False), (1, False)])
def test_many_groups_are_a_page(groups: int, is_read: bool) -> None:
    whole = line([part(100 * place) for place in range(groups - 1)], [part(100 * groups)])
    assert (without_words([whole], lambda _: 9.0) is not None) == is_read


def stroke(*points: tuple[float, float]) -> dict[str, object]:
    """A stroke through corners, as the pad sends it."""
    places = [np.linspace(start, end, 12) for start, end in pairwise(points)]
    return {"width": 12, "points": np.concatenate(places).tolist()}


KG = [
    stroke((330, 60), (330, 160)),
    stroke((375, 90), (335, 120), (378, 160)),
    stroke((440, 95), (405, 95), (400, 130), (435, 135), (442, 92), (440, 190), (405, 190)),
]
SEVENS = [stroke((20, 60), (80, 60), (45, 160)), stroke((110, 60), (170, 60), (135, 160))]


def test_a_number_is_read_beside_its_unit_and_is_in_doubt() -> None:
    reading = Recognizer.load().read({"size": [500, 240], "strokes": [*SEVENS, *KG]})
    assert ("".join(digit.label for digit in reading.digits), reading.status) == ("77", "unsure")
    assert reading.to_dict()["reason"] == "beside-words"
    assert reading.steps[-1].picture.shape == (28, 56)


ML = [
    stroke((330, 160), (330, 95), (332, 112), (348, 96), (360, 108), (360, 160), (360, 112), (376, 96), (388, 160)),
    stroke((420, 60), (420, 160)),
]


def test_a_sure_number_loses_its_unit_and_a_sure_sum_nothing() -> None:
    unit = Recognizer.load().read({"size": [500, 240], "strokes": [*SEVENS, *ML]})
    assert ("".join(digit.label for digit in unit.digits), unit.status) == ("77", "unsure")
    plus = [stroke((215, 110), (265, 110)), stroke((240, 85), (240, 135))]
    seven = stroke((310, 60), (370, 60), (335, 160))
    summed = Recognizer.load().read({"size": [500, 240], "strokes": [*SEVENS, *plus, seven]})
    assert ("".join(digit.label for digit in summed.digits), summed.status) == ("777", "digit")


def test_a_unit_alone_is_no_number() -> None:
    assert Recognizer.load().read({"size": [500, 240], "strokes": KG}).status == "no-digit"


def test_parts_are_told_by_their_place_not_their_look() -> None:
    twin = part(0)
    assert starts(groups_of(line([twin, replace(twin, atom=block(90, 0, 10, HEIGHT))]))) == [0, 90]
