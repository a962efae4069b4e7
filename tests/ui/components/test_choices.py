from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ui.components.choices import MAX_CHOICE, Choices, place_of

CHOICES = Choices("<p>first</p>")
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.binary(max_size=3)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["choice", "html", "x"]), inner),
)


@given(ANYTHING)
@example({"choice": ["4"]})
@example({"choice": {"choice": "4"}})
@example({"choice": "4" * 21})
def test_whatever_is_sent_is_no_choice_or_a_short_string(payload: Any) -> None:
    choice = CHOICES.preprocess(payload)
    assert choice is None or (isinstance(choice, str) and len(choice) <= MAX_CHOICE)


@pytest.mark.parametrize("choice", ["49", "0", "", "4" * 20, "<b>"])
def test_a_short_string_is_the_choice(choice: str) -> None:
    assert CHOICES.preprocess({"html": "<p></p>", "choice": choice}) == choice


@pytest.mark.parametrize("payload", [None, {}, "49", ["49"], {"choice": None}, {"choice": 49}, {"choice": "4" * 21}])
def test_anything_else_is_no_choice(payload: Any) -> None:
    assert CHOICES.preprocess(payload) is None


def test_new_html_has_nothing_chosen() -> None:
    assert CHOICES.postprocess("<p>new</p>") == {"html": "<p>new</p>", "choice": None}
    assert CHOICES.postprocess(None) == {"html": "", "choice": None}


def test_the_first_html_is_shown_at_once() -> None:
    assert CHOICES.get_config()["value"] == {"html": "<p>first</p>", "choice": None}


@pytest.mark.parametrize(
    ("choice", "count", "place"),
    [("0", 1, 0), ("7", 8, 7), ("99", 100, 99), ("0007", 8, 7), ("9" * 20, 10**20, 10**20 - 1)],
)
def test_a_number_below_the_count_is_a_place(choice: str, count: int, place: int) -> None:
    assert place_of(choice, count) == place


@pytest.mark.parametrize("choice", [None, "", "8", "-1", "1.0", " 1", "1\n", "+1", "0x1", "1_0", "²", "٣", "a", "<b>"])
def test_anything_else_is_no_place(choice: str | None) -> None:
    assert place_of(choice, 8) is None


@given(st.text(max_size=MAX_CHOICE), st.integers(0, 200))
def test_a_place_is_always_in_the_list(choice: str, count: int) -> None:
    place = place_of(choice, count)
    assert place is None or 0 <= place < count
