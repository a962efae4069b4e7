from __future__ import annotations

import re
from html import unescape

import gradio as gr
import numpy as np
import pytest

from model.reading.store import load_card, load_mistakes, trained_models
from ui import handlers, readings
from ui.texts import languages, texts
from ui.views import examples, mistakes
from ui.views.pictures import data_uri

EN, ZH = texts("en"), texts("zh")
CARD = load_card("cnn")

in_each_language = pytest.mark.parametrize("code", languages())


def text(html: str) -> str:
    return unescape(re.sub("<.*?>", " ", html))


@in_each_language
@pytest.mark.parametrize("name", trained_models())
def test_mistakes_are_counted_and_shown_and_none_is_chosen(name: str, code: str) -> None:
    t, card = texts(code), load_card(name)
    count, gallery, detail, place = handlers.list_mistakes(name, "any", "any", "most", code)
    shown = min(96, len(card.mistakes))
    assert t("mistakes.shown", shown=shown, total=len(card.mistakes)) in count
    assert (gallery.count("<button"), detail, place) == (shown, mistakes.nothing_chosen(t), None)


@pytest.mark.parametrize("order", ["most", "least", "by-digit"])
def test_a_cell_s_mistakes_are_as_many_as_it_counts(order: str) -> None:
    gallery = handlers.list_mistakes("logistic", "4", "9", order, "en")[1]
    assert len(re.findall("<span>4 → 9 ·", gallery)) == gallery.count("<button")
    assert gallery.count("<button") == load_card("logistic").confusion[4][9]


def test_a_filter_that_leaves_nothing_says_so() -> None:
    count, gallery, _, _ = handlers.list_mistakes("cnn", "4", "4", "most", "zh")
    assert ZH("mistakes.none") in count
    assert "<button" not in gallery


@in_each_language
def test_mistakes_are_introduced_with_their_matrix(code: str) -> None:
    intro, matrix = handlers.introduce_mistakes("mlp", code)
    assert f"<strong>{len(load_card('mlp').mistakes)}" in intro
    assert texts(code)("mistakes.matrix") in matrix


@pytest.mark.parametrize(("cell", "filters"), [("49", ("4", "9")), ("00", ("0", "0")), ("07", ("0", "7"))])
def test_a_cell_stands_for_its_two_digits(cell: str, filters: tuple[str, str]) -> None:
    assert handlers.choose_cell(cell) == filters


@pytest.mark.parametrize("cell", [None, "", "4", "049", "-4", "4a", "a4", "٤٩", " 4", "<b"])
def test_what_is_no_cell_stands_for_any_digit(cell: str | None) -> None:
    assert handlers.choose_cell(cell) == ("any", "any")


@in_each_language
def test_a_chosen_mistake_is_shown_in_detail(code: str) -> None:
    mistake = CARD.mistakes[3]
    html, place = handlers.choose_mistake("3", "cnn", code)
    assert place == 3
    assert texts(code)("mistakes.one", mistake.label, mistake.top[0][0]) in html
    assert data_uri(load_mistakes(CARD)[3]) in html


@in_each_language
@pytest.mark.parametrize("choice", [None, "", "-1", str(len(CARD.mistakes)), "nothing", "9" * 20])
def test_what_is_no_mistake_chooses_none(choice: str | None, code: str) -> None:
    assert handlers.choose_mistake(choice, "cnn", code) == (mistakes.nothing_chosen(texts(code)), None)


def test_a_mistake_becomes_the_upload_and_its_tabs_open() -> None:
    picture, page, inner = handlers.read_mistake("cnn", 2)
    np.testing.assert_array_equal(picture, load_mistakes(CARD)[2])
    assert (page.selected, inner.selected) == ("read", "upload")


def test_without_a_chosen_mistake_nothing_changes() -> None:
    assert handlers.read_mistake("cnn", None) == (gr.skip(),) * 3


def test_a_mistake_is_read_again_as_it_was_read() -> None:
    again = [readings.read(handlers.read_mistake("cnn", place)[0]) for place in range(len(CARD.mistakes))]
    single = [place for place, reading in enumerate(again) if len(reading.digits) == 1]
    assert len(single) > len(again) // 2
    # Reading leaves out specks and what lies at the edge, which the network alone did see: a few are then read right.
    same = [place for place in single if again[place].digits[0].label == CARD.mistakes[place].top[0][0]]
    assert len(same) >= 0.9 * len(single)


def test_an_example_becomes_the_upload() -> None:
    path, inner = handlers.choose_example("1")
    assert path == str(examples.pictures()[1])
    assert inner.selected == "upload"


@pytest.mark.parametrize("choice", [None, "", "1000", "../7-mnist.png"])
def test_what_is_no_example_changes_nothing(choice: str | None) -> None:
    assert handlers.choose_example(choice) == (gr.skip(),) * 2


@in_each_language
@pytest.mark.parametrize("name", trained_models())
def test_a_model_is_looked_at_in_the_page_s_language(name: str, code: str) -> None:
    html = unescape(handlers.look_at(name, code))
    assert f"<h2>{name}</h2>" in html
    assert [texts(code)(key) in html for key in (f"about.{name}", "models.curves", "models.confusion")] == [True] * 3
