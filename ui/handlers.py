"""What happens on each event of the page: plain functions from values to values."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import gradio as gr

from model import DigitsError, Reading, Recognizer
from model.errors import PictureError, SettingsError
from model.store import DEFAULT_MODEL, load_card, load_mistakes, trained_models
from ui import examples, figures, mistakes, models, several, snippet, why
from ui.choices import place_of
from ui.photo import GONE
from ui.texts import DEFAULT, languages, texts

P = ParamSpec("P")
R = TypeVar("R")
EMPTY = Reading("blank", (), ())
#: A 1, read once before the first visitor comes.
WARM_UP = {"size": [28, 28], "strokes": [{"width": 3, "points": [[14, 4], [14, 24]]}]}


def told(handler: Callable[P, R]) -> Callable[P, R]:
    """A handler whose errors the page shows as a sentence in its language."""

    @wraps(handler)
    def telling(*values: P.args, **named: P.kwargs) -> R:
        try:
            return handler(*values, **named)
        except DigitsError as error:
            codes = [value for value in values if isinstance(value, str) and value in languages()]
            raise gr.Error(texts(codes[-1] if codes else DEFAULT).problem(error), print_exception=False) from error

    return telling


def read(source: Any, model: str = DEFAULT_MODEL) -> Reading:
    """The one way to a reading, for the pad, the uploads and both endpoints."""
    if source is GONE:
        raise PictureError("the upload has been deleted meanwhile: send the picture again")
    return EMPTY if source is None else recognizer(model).read(source)


def recognizer(model: object) -> Recognizer:
    """The recognizer of a model that the page offers.

    Raises:
        SettingsError: it offers none of that name; what programs send isn't checked before.
    """
    names = trained_models()
    if model not in names:
        raise SettingsError(f"there is no such model: choose one of {', '.join(names)}")
    return Recognizer.load(str(model))


def tell(source: Any, model: str = DEFAULT_MODEL) -> dict[str, Any]:
    """A reading as the endpoints give it, the same object as the command line's."""
    try:
        return {**read(source, model).to_dict(), "error": None}
    except DigitsError as error:
        return {"status": None, "digits": [], "error": str(error)}


def show(source: Any, drawn: bool, model: str, compare: bool, language: str) -> tuple[str, str, str]:
    """A reading as the page shows it: the answer, what the network saw, what the other models read."""
    t = texts(language)
    try:
        reading = read(source, model)
        others = {name: reading if name == model else read(source, name) for name in trained_models() if compare}
    except DigitsError as error:
        return figures.problem(t.problem(error), t), figures.steps(EMPTY, t), ""
    table = models.comparison(others, t) if compare else ""
    return figures.answer(reading, t, drawn=drawn), figures.steps(reading, t, drawn=drawn), table


def show_drawing(pad: Any, *choices: Any) -> tuple[Any, ...]:
    """A drawing's reading; it is now what is being read."""
    return (*show(pad, True, *choices), "pad")


def show_photo(photo: Any, *choices: Any) -> tuple[Any, ...]:
    """An upload's reading; it is now what is being read."""
    return (*show(photo, False, *choices), "photo")


def show_again(last: str, pad: Any, photo: Any, *choices: Any) -> tuple[str, str, str]:
    """What is being read, read by another model or told in another language."""
    return show(pad if last == "pad" else photo, last == "pad", *choices)


def speak(source: Any, model: str, language: str) -> str:
    """What screen readers say when the pen rests."""
    t = texts(language)
    try:
        return figures.spoken(read(source, model), t)
    except DigitsError as error:
        return figures.announced(t.problem(error))


def explain(source: Any, model: str, language: str) -> str:
    """Why a source is read as it is."""
    try:
        return why.why(recognizer(model), read(source, model), texts(language))
    except DigitsError:
        return ""  # the answer says what is wrong


def speak_again(last: str, pad: Any, photo: Any, model: str, language: str) -> str:
    """What screen readers say of what is being read."""
    return speak(pad if last == "pad" else photo, model, language)


def explain_again(last: str, pad: Any, photo: Any, model: str, language: str) -> str:
    """Why what is being read is read as it is."""
    return explain(pad if last == "pad" else photo, model, language)


def read_several(model: str, files: list[str] | None, language: str) -> str:
    """Several uploads as a table."""
    t = texts(language)
    try:
        return several.table(several.read_files(files or [], recognizer(model), t), t)
    except DigitsError as error:
        return figures.problem(t.problem(error), t)


@told
def list_mistakes(model: str, true: str, read_as: str, order: str, language: str) -> tuple[str, str, str, None]:
    """How many mistakes there are of a kind, their gallery, none of them chosen."""
    t, card = texts(language), load_card(model)
    places = mistakes.chosen(card, true, read_as, order)
    gallery = mistakes.tiles(card, load_mistakes(card), places)
    return mistakes.count(card, places, t), gallery, mistakes.nothing_chosen(t), None


@told
def introduce_mistakes(model: str, language: str) -> tuple[str, str]:
    """A model's accuracy and its confusion matrix."""
    t, card = texts(language), load_card(model)
    return mistakes.intro(card, t), mistakes.matrix(card, t)


def choose_cell(cell: str | None) -> tuple[str, str]:
    """The filters that a cell of the confusion matrix stands for, such as "49"."""
    return (cell[0], cell[1]) if place_of(cell, 100) is not None and cell and len(cell) == 2 else ("any", "any")


@told
def choose_mistake(choice: str | None, model: str, language: str) -> tuple[str, int | None]:
    """One mistake of the gallery in detail, and its place in the card's list."""
    t, card = texts(language), load_card(model)
    place = place_of(choice, len(card.mistakes))
    if place is None:
        return mistakes.nothing_chosen(t), None
    return mistakes.detail(card.mistakes[place], load_mistakes(card)[place], t), place


@told
def read_mistake(model: str, place: int | None) -> tuple[Any, Any, Any]:
    """A mistake as an upload, and the tabs where it is read."""
    card = load_card(model)
    if place is None or place >= len(card.mistakes):  # chosen before another model was
        return gr.skip(), gr.skip(), gr.skip()
    return load_mistakes(card)[place], gr.Tabs(selected="read"), gr.Tabs(selected="upload")


def choose_example(choice: str | None) -> tuple[Any, Any]:
    """An example as an upload, and the tab where it is shown."""
    place = place_of(choice, len(examples.pictures()))
    return (gr.skip(), gr.skip()) if place is None else (str(examples.pictures()[place]), gr.Tabs(selected="upload"))


@told
def look_at(model: str, language: str) -> str:
    """One model in detail."""
    return models.detail(load_card(model), texts(language))


def show_code(language: str, request: gr.Request) -> str:
    """Programs that call this page at the address where the visitor found it."""
    return snippet.snippets(str(request.request.base_url).rstrip("/"), texts(language))
