"""Handlers of the events that aren't a drawing or an upload: functions from values to values."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import gradio as gr

from model import DigitsError
from model.reading.store import load_card, load_mistakes
from ui.components.choices import place_of
from ui.texts import DEFAULT, languages, texts
from ui.views import examples, mistakes, models, snippet

P = ParamSpec("P")
R = TypeVar("R")


def shows_errors(handler: Callable[P, R]) -> Callable[P, R]:
    """Let the page show a handler's errors as a sentence in the language that is among the handler's values."""

    @wraps(handler)
    def wrapped(*values: P.args, **named: P.kwargs) -> R:
        try:
            return handler(*values, **named)
        except DigitsError as error:
            codes = [value for value in values if isinstance(value, str) and value in languages()]
            raise gr.Error(texts(codes[-1] if codes else DEFAULT).problem(error), print_exception=False) from error

    return wrapped


@shows_errors
def list_mistakes(model: str, true: str, read_as: str, order: str, language: str) -> tuple[str, str, str, None]:
    """The count and the gallery of a filter's mistakes; none of them is chosen."""
    t, card = texts(language), load_card(model)
    places = mistakes.chosen(card, true, read_as, order)
    gallery = mistakes.tiles(card, load_mistakes(card), places)
    return mistakes.count(card, places, t), gallery, mistakes.nothing_chosen(t), None


@shows_errors
def introduce_mistakes(model: str, language: str) -> tuple[str, str]:
    """A model's accuracy and its confusion matrix."""
    t, card = texts(language), load_card(model)
    return mistakes.intro(card, t), mistakes.matrix(card, t)


def choose_cell(cell: str | None) -> tuple[str, str]:
    """The filters that a cell of the confusion matrix stands for: ``("4", "9")`` for ``"49"``."""
    return (cell[0], cell[1]) if place_of(cell, 100) is not None and cell and len(cell) == 2 else ("any", "any")


@shows_errors
def choose_mistake(choice: str | None, model: str, language: str) -> tuple[str, int | None]:
    """One mistake of the gallery in detail, and its place in the card's list."""
    t, card = texts(language), load_card(model)
    place = place_of(choice, len(card.mistakes))
    if place is None:
        return mistakes.nothing_chosen(t), None
    return mistakes.detail(card.mistakes[place], load_mistakes(card)[place], t), place


@shows_errors
def read_mistake(model: str, place: int | None) -> tuple[Any, Any, Any]:
    """A mistake as an upload, and the tabs where it is read."""
    card = load_card(model)
    if place is None or place >= len(card.mistakes):  # the model was changed after the mistake was chosen
        return gr.skip(), gr.skip(), gr.skip()
    return load_mistakes(card)[place], gr.Tabs(selected="read"), gr.Tabs(selected="upload")


def choose_example(choice: str | None) -> tuple[Any, Any]:
    """An example as an upload, and the tab where it is shown."""
    place = place_of(choice, len(examples.pictures()))
    return (gr.skip(), gr.skip()) if place is None else (str(examples.pictures()[place]), gr.Tabs(selected="upload"))


@shows_errors
def look_at(model: str, language: str) -> str:
    """One model in detail."""
    return models.detail(load_card(model), texts(language))


def show_code(language: str, request: gr.Request) -> str:
    """Programs that call this page at the address where the visitor found it."""
    return snippet.snippets(str(request.base_url).rstrip("/"), texts(language))
