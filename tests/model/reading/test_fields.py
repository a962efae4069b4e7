"""What a card's fields may hold: each check with a value on each side of every bound."""

from __future__ import annotations

import math
from typing import Any

import pytest

from model.reading.fields import (
    FIELDS,
    MOST,
    all_of,
    check_fields,
    each,
    finite,
    having,
    is_count,
    is_number,
    is_share,
    is_text,
)

#: The smallest card that is one, in the form in which JSON gives it.
CARD: dict[str, Any] = {
    "model": "",
    "about": "",
    "sha256": {},
    "parameters": 0,
    "temperature": 1,
    "unsure_below": 0,
    "no_digit_below": -1.5,
    "settings": {},
    "epochs": [],
    "log": [],
    "dataset": {},
    "metrics": {},
    "confusion": [[0] * 10] * 10,
    "mistakes": [],
    "machine": {},
    "layers": [],
}


@pytest.mark.parametrize(
    ("value", "text", "number", "count", "share"),
    [
        ("", True, False, False, False),
        ("1", True, False, False, False),
        (None, False, False, False, False),
        (True, False, False, False, False),
        (False, False, False, False, False),
        ([], False, False, False, False),
        (0, False, True, True, True),
        (1, False, True, True, True),
        (-1, False, True, False, False),
        (2, False, True, True, False),
        (0.0, False, True, False, True),
        (1.0, False, True, False, True),
        (0.5, False, True, False, True),
        (-0.001, False, True, False, False),
        (1.001, False, True, False, False),
        (MOST, False, True, True, False),
        (-MOST, False, True, False, False),
        (MOST + 1, False, False, False, False),
        (-MOST - 1, False, False, False, False),
        (math.inf, False, False, False, False),
        (math.nan, False, False, False, False),
    ],
)
def test_a_value_is_a_text_a_number_a_count_or_a_share(
    value: object, text: bool, number: bool, count: bool, share: bool
) -> None:
    assert (is_text(value), is_number(value), is_count(value), is_share(value)) == (text, number, count, share)


def test_the_largest_count_is_the_largest_that_javascript_does_not_round() -> None:
    assert float(MOST) == MOST
    assert float(MOST + 1) == MOST


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ([], True),
        ([1], True),
        ((1, 2), True),
        ([1, "2"], False),
        (["1", 2], False),
        ("", False),
        ({}, False),
        (1, False),
    ],
)
def test_all_of_a_list_are_good(value: object, good: bool) -> None:
    assert all_of(is_count)(value) is good


@pytest.mark.parametrize(
    ("value", "good"), [([1], False), ([1, 2], True), ([1, 2, 3], False), ([1, "2"], False), ([], False)]
)
def test_a_list_has_its_length(value: object, good: bool) -> None:
    assert all_of(is_count, 2)(value) is good


@pytest.mark.parametrize(
    ("value", "good"),
    [({}, True), ({"a": 1}, True), ({"a": 1, "b": "2"}, False), ({"a": "1", "b": 2}, False), ([1], False), (1, False)],
)
def test_each_value_of_an_object_is_good(value: object, good: bool) -> None:
    assert each(is_count)(value) is good


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ({}, True),
        ({"count": 1}, True),
        ({"name": "a", "other": None}, True),
        ({"count": 1, "name": "a"}, True),
        ({"count": "1", "name": "a"}, False),
        ({"count": 1, "name": None}, False),
        (["count"], False),
        ("count", False),
    ],
)
def test_an_object_s_values_are_good_where_they_are_there(value: object, good: bool) -> None:
    assert having(count=is_count, name=is_text)(value) is good


def test_the_smallest_card_is_one() -> None:
    assert CARD.keys() == FIELDS.keys()
    check_fields(CARD)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sha256", {"cnn.safetensors": "0123456789abcdef" * 4}),
        ("temperature", 0.001),
        ("unsure_below", 1),
        ("settings", {"epochs": 3, "model": "cnn"}),
        ("epochs", [{"epoch": 0, "loss": -0.5}]),
        ("log", [[250, 2.25], (500, 0.5)]),
        ("metrics", {"test": {"right": 9, "total": 10, "accuracy": 0.9, "interval": [0.8, 0.95], "other": None}}),
        ("metrics", {"test": {"per_class": [{"recall": 1, "precision": None}] * 10}}),
        ("mistakes", [{"index": 3, "label": "7", "top": [["1", 1], ["7", 0]], "disputed": True}]),
        ("machine", {"cores": 2, "torch": "2.0", "minutes": 1.5, "milliseconds": 0.25, "other": None}),
        ("layers", [{"name": "first", "kind": "linear"}]),
    ],
)
def test_a_field_may_hold_what_it_is_for(name: str, value: object) -> None:
    check_fields({**CARD, name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("model", 1),
        ("sha256", {"cnn.safetensors": "0123456789abcdef" * 4 + "0"}),
        ("sha256", {"cnn.safetensors": "0123456789ABCDEF" * 4}),
        ("temperature", 0),
        ("temperature", -1),
        ("log", [[250]]),
        ("metrics", {"test": {"interval": [0.8]}}),
        ("metrics", {"test": {"per_class": [{"recall": 1}] * 9}}),
        ("metrics", {"test": {"per_class": [{"recall": 1.1}] * 10}}),
        ("metrics", {"test": {"right": 0.5}}),
        ("metrics", {"test": {"calibration_error": "small"}}),
        ("confusion", [[0] * 10] * 9),
        ("mistakes", [{"index": 3, "label": "7", "top": [["1", 1.5]]}]),
        ("mistakes", [{"index": 3, "label": "7", "top": [[1, 1]]}]),
        ("mistakes", [{"index": 3, "label": "7", "top": [["1", 1, 1]]}]),
        ("machine", {"cores": 0.5}),
        ("layers", [{"name": "first", "kind": 1}]),
    ],
)
def test_a_field_that_holds_something_else_is_named(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"^{name} isn't what it should be$"):
        check_fields({**CARD, name: value})


@pytest.mark.parametrize("name", FIELDS)
def test_no_field_may_be_missing(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        check_fields({other: value for other, value in CARD.items() if other != name})


@pytest.mark.parametrize(("text", "value"), [("1.5", 1.5), ("-0.0", 0.0), ("1e308", 1e308), ("1e-400", 0.0)])
def test_a_finite_number_is_read(text: str, value: float) -> None:
    assert finite(text) == value


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e309"])
def test_a_number_without_bound_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text} is no finite number$"):
        finite(text)
