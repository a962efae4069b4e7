from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from model.reading.store import Card, Mistake
from ui.texts import languages, texts
from ui.views import mistakes

T = texts("en")
CONFUSION = [[90 if true == read else 0 for read in range(10)] for true in range(10)]
CONFUSION[4][9], CONFUSION[7][1] = 4, 1
MISTAKES = [
    Mistake(17, "4", [("9", 0.9961), ("4", 0.003), ("7", 0.0002)], disputed=False),
    Mistake(5, "7", [("1", 0.8), ("7", 0.15), ("2", 0.02)], disputed=True),
    Mistake(3, "4", [("6", 0.7), ("4", 0.25), ("0", 0.01)], disputed=False),
    Mistake(99, "2", [("1", 0.6), ("2", 0.35), ("7", 0.01)], disputed=False),
    Mistake(42, "4", [("9", 0.5), ("4", 0.45), ("7", 0.01)], disputed=False),
]
CARD = Card(
    model="mlp",
    about="A network to test with.",
    sha256={},
    parameters=7,
    temperature=1.0,
    unsure_below=0.5,
    no_digit_below=0.0,
    settings={},
    epochs=[],
    log=[],
    dataset={},
    metrics={"test": {"right": 9_948, "total": 10_000, "accuracy": 0.9948, "interval": [0.9932, 0.996]}},
    confusion=CONFUSION,
    mistakes=MISTAKES,
    machine={},
    layers=[],
)
PICTURES: NDArray[np.uint8] = np.arange(5, dtype=np.uint8).repeat(784).reshape(5, 28, 28)

in_each_language = pytest.mark.parametrize("code", languages())


def choices(html: str) -> list[str]:
    return re.findall(r'<button type="button" data-choice="([^"]*)"', html)


def levels(html: str) -> list[int]:
    """The one grey level of each picture."""
    found = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    return [int(np.unique(np.asarray(Image.open(io.BytesIO(base64.b64decode(content)))))[0]) for content in found]


@pytest.mark.parametrize(
    ("true", "read", "places"),
    [
        ("any", "any", [0, 1, 2, 3, 4]),
        ("4", "any", [0, 2, 4]),
        ("any", "1", [1, 3]),
        ("4", "9", [0, 4]),
        ("9", "4", []),
        ("7", "7", []),
    ],
)
def test_a_filter_leaves_the_mistakes_of_those_digits(true: str, read: str, places: list[int]) -> None:
    assert mistakes.chosen(CARD, true, read) == places


@pytest.mark.parametrize(
    ("order", "places"), [("most", [0, 1, 2, 3, 4]), ("least", [4, 3, 2, 1, 0]), ("by-digit", [3, 2, 0, 4, 1])]
)
def test_mistakes_come_in_the_chosen_order(order: str, places: list[int]) -> None:
    assert mistakes.chosen(CARD, order=order) == places


@pytest.mark.parametrize(("order", "places"), [("most", [0, 2, 4]), ("least", [4, 2, 0]), ("by-digit", [2, 0, 4])])
def test_filter_and_order_go_together(order: str, places: list[int]) -> None:
    assert mistakes.chosen(CARD, "4", "any", order) == places


@in_each_language
def test_a_filter_offers_any_digit_first(code: str) -> None:
    names, values = zip(*mistakes.digits(texts(code)), strict=True)
    assert names == (texts(code)("mistakes.any"), *"0123456789")
    assert values == ("any", *"0123456789")


@in_each_language
def test_an_order_has_a_name_in_every_language(code: str) -> None:
    expected = [(texts(code)(f"mistakes.{order}"), order) for order in ("most", "least", "by-digit")]
    assert mistakes.orders(texts(code)) == expected


def test_a_caption_tells_the_truth_the_reading_and_how_sure_it_was() -> None:
    assert mistakes.caption(MISTAKES[0]) == "4 → 9 · 99.6 %"


def test_a_disputed_caption_is_marked() -> None:
    assert mistakes.caption(MISTAKES[1]) == "7 → 1 · 80.0 % ⚑"


def test_the_introduction_tells_how_many_of_how_many_are_wrong() -> None:
    html = mistakes.intro(CARD, T)
    parts = (
        "10,000 digits",
        "mlp reads <strong>52 wrong</strong>",
        "99.48\N{NO-BREAK SPACE}% right",
        "99.32\N{NO-BREAK SPACE}% to 99.60\N{NO-BREAK SPACE}%",
    )
    assert [part in html for part in parts] == [True] * 4


@in_each_language
def test_the_introduction_has_its_figures_in_every_language(code: str) -> None:
    html = mistakes.intro(CARD, texts(code))
    assert [
        part in html
        for part in (
            "10,000",
            "mlp",
            "52",
            "99.48\N{NO-BREAK SPACE}%",
            "99.32\N{NO-BREAK SPACE}%",
            "99.60\N{NO-BREAK SPACE}%",
        )
    ] == [True] * 6


def test_the_wrong_cells_of_the_matrix_can_be_chosen() -> None:
    assert choices(mistakes.matrix(CARD, T)) == ["49", "71"]


def test_the_matrix_shows_all_counts_and_the_more_the_darker() -> None:
    html = mistakes.matrix(CARD, T)
    assert html.count('<td class="right">90</td>') == 10
    assert re.findall(r"--share:(0\.\d*[1-9]|1\.00)\d*", html) == ["1.00", "0.25"]


def test_a_cell_says_what_it_is_to_a_screen_reader() -> None:
    assert 'aria-label="4 → 9: 4"' in mistakes.matrix(CARD, T)


def test_a_matrix_without_mistakes_has_nothing_to_choose() -> None:
    right = [[90 if true == read else 0 for read in range(10)] for true in range(10)]
    assert choices(mistakes.matrix(replace(CARD, confusion=right), T)) == []


@in_each_language
def test_how_many_are_shown_is_told(code: str) -> None:
    t = texts(code)
    assert t("mistakes.shown", shown=2, total=5) in mistakes.count(CARD, [0, 4], t)
    assert t("mistakes.none") in mistakes.count(CARD, [], t)


def test_a_tile_is_chosen_by_its_place_in_the_card() -> None:
    html = mistakes.tiles(CARD, PICTURES, [4, 1])
    assert choices(html) == ["4", "1"]
    assert re.findall(r"<span>(.*?)</span>", html) == ["4 → 9 · 50.0 %", "7 → 1 · 80.0 % ⚑"]
    assert levels(html) == [4, 1]


def test_no_more_than_ninety_six_tiles_are_shown() -> None:
    many = replace(CARD, mistakes=MISTAKES * 40)
    places = mistakes.chosen(many)
    assert len(choices(mistakes.tiles(many, PICTURES.repeat(40, axis=0), places))) == 96
    assert "96 of 200 mistakes" in mistakes.count(many, places, T)


@in_each_language
def test_a_mistake_tells_its_truth_its_reading_and_its_number(code: str) -> None:
    t, html = texts(code), mistakes.detail(MISTAKES[0], PICTURES[3], texts(code))
    assert [text in html for text in (t("mistakes.one", "4", "9"), t("mistakes.index", 17))] == [True] * 2
    assert re.findall(r"<li><b>(.*?)</b>", html) == ["9", "4", "7"]
    assert levels(html) == [3]


@in_each_language
def test_only_a_disputed_mistake_is_said_to_be_disputed(code: str) -> None:
    t = texts(code)
    said = [t("mistakes.disputed") in mistakes.detail(mistake, PICTURES[0], t) for mistake in MISTAKES]
    assert said == [False, True, False, False, False]


@in_each_language
def test_before_a_mistake_is_chosen_the_page_says_how(code: str) -> None:
    assert texts(code)("mistakes.choose") in unescape(mistakes.nothing_chosen(texts(code)))


def test_a_card_can_bring_no_markup_along() -> None:
    evil = Mistake(1, "<b>4</b>", [("<i>9</i>", 0.9), ("<u>4</u>", 0.05), ("7", 0.01)], disputed=False)
    card = replace(CARD, model="<script>", mistakes=[evil])
    html = mistakes.intro(card, T) + mistakes.tiles(card, PICTURES, [0]) + mistakes.detail(evil, PICTURES[0], T)
    assert [markup in html for markup in ("<script>", "<b>4", "<i>9", "<u>4")] == [False] * 4
