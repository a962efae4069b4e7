"""What was read, as it is told to programs and to people."""

from __future__ import annotations

import numpy as np
import pytest

from model.reading.reading import MOST_CERTAIN, STATUSES, Digit, Reading, describe, floor4, percent

IMAGE = np.zeros((28, 28), np.uint8)
SEVEN = Digit("7", 0.98765, (("7", 0.98765), ("1", 0.01), ("9", 0.0004)), (1, 2, 3, 4), IMAGE)
ONE = Digit("1", 0.5, (("1", 0.5), ("7", 0.45), ("2", 0.05)), (5, 6, 7, 8), IMAGE, sure=False)


def reading(status: str, *digits: Digit) -> Reading:
    return Reading(status, digits, ())


def test_nothing_is_certain() -> None:
    assert MOST_CERTAIN == 0.9999
    assert percent(MOST_CERTAIN) == "> 99.9 %"


def test_a_digit_is_sure_and_a_source_has_no_size_if_nothing_else_is_said() -> None:
    assert SEVEN.sure
    assert reading("blank").size == (0, 0)


def test_a_reading_is_given_with_its_digits_and_scores_of_four_places() -> None:
    assert reading("unsure", SEVEN, ONE).to_dict() == {
        "status": "unsure",
        "digits": [
            {
                "label": "7",
                "confidence": 0.9876,
                "top": [["7", 0.9876], ["1", 0.01], ["9", 0.0004]],
                "box": [1, 2, 3, 4],
                "sure": True,
            },
            {
                "label": "1",
                "confidence": 0.5,
                "top": [["1", 0.5], ["7", 0.45], ["2", 0.05]],
                "box": [5, 6, 7, 8],
                "sure": False,
            },
        ],
    }


def test_a_reason_is_given_where_there_is_one() -> None:
    assert Reading("no-digit", (), (), reason="no-paper").to_dict() == {
        "status": "no-digit",
        "reason": "no-paper",
        "digits": [],
    }
    assert reading("no-digit").to_dict() == {"status": "no-digit", "digits": []}


def test_a_reason_is_told_in_the_place_of_the_status() -> None:
    thing = Reading("no-digit", (), (), reason="no-paper")
    assert describe(thing) == "this looks like a thing, not like ink on paper"


@pytest.mark.parametrize(
    ("score", "told"),
    [
        (0.0, 0.0),
        (0.00019, 0.0001),
        (0.57, 0.57),
        (0.9999, 0.9999),
        (0.99999, 0.9999),
        (0.12349999, 0.1234),
        (1.0, 1.0),
    ],
)
def test_a_score_is_rounded_down_to_four_places(score: float, told: float) -> None:
    assert floor4(score) == told


@pytest.mark.parametrize(("score", "told"), [(0.12339999, 0.1233), (0.1233999999999, 0.1234), (0.12339999999, 0.1234)])
def test_what_differs_from_four_places_in_the_eleventh_is_taken_for_them(score: float, told: float) -> None:
    assert floor4(score) == told


def test_what_is_no_reading_is_told_in_a_sentence() -> None:
    assert describe(reading("blank")) == "blank: there is no ink"
    assert describe(reading("no-digit")) == "this doesn't look like a digit"
    assert describe(reading("too-many")) == (
        "more digits than are read at once: at most 600, so cut the sheet into parts"
    )
    assert set(STATUSES) == {"digit", "unsure", "no-digit", "blank", "too-many"}


def test_a_digit_is_told_with_its_three_likeliest_labels() -> None:
    assert describe(reading("digit", SEVEN)) == "7  (7 98.8 %, 1 1.0 %, 9 < 0.1 %)"


def test_an_unsure_digit_is_told_with_its_rival() -> None:
    assert describe(reading("unsure", ONE)) == "unsure: 1 or 7  (1 50.0 %, 7 45.0 %, 2 5.0 %)"


def test_a_number_is_told_with_each_digit_s_confidence() -> None:
    assert describe(reading("digit", SEVEN, ONE)) == "71  (7 98.8 %, 1 50.0 %)"
    assert describe(reading("unsure", SEVEN, ONE)) == "71?  (7 98.8 %, 1 50.0 %)"


@pytest.mark.parametrize(
    ("score", "told"),
    [
        (0.0, "< 0.1 %"),
        (0.00099, "< 0.1 %"),
        (0.001, "0.1 %"),
        (0.5, "50.0 %"),
        (0.999, "99.9 %"),
        (0.9991, "> 99.9 %"),
        (1.0, "> 99.9 %"),
    ],
)
def test_a_percentage_is_never_0_or_100(score: float, told: str) -> None:
    assert percent(score) == told
