"""Handlers of a drawing or an upload: functions from values to values, without gradio.

Those for drawings also run in the worker process (``ui.server.worker``).
"""

from __future__ import annotations

from typing import Any

from model import DigitsError, Reading, Recognizer
from model.errors import PictureError, SettingsError
from model.reading.store import DEFAULT_MODEL, trained_models
from ui.texts import texts
from ui.views import figures, models, why

#: The reading of nothing.
EMPTY = Reading("blank", (), ())
#: Stands for the bytes of an upload that has been deleted.
GONE = object()
#: A 1, read once before the first visitor comes, so that the network is loaded by then.
WARM_UP = {"size": [28, 28], "strokes": [{"width": 3, "points": [[14, 4], [14, 24]]}]}


def read(source: Any, model: str = DEFAULT_MODEL) -> Reading:
    """Read a drawing, an upload's bytes, ``GONE`` or ``None``: the one way for the pad, the uploads and the endpoints.

    Raises:
        DigitsError: it can't be read, or the page offers no such model.
    """
    if source is GONE:
        raise PictureError("upload-deleted")
    return EMPTY if source is None else recognizer(model).read(source)


def recognizer(model: object) -> Recognizer:
    """The recognizer of a model that the page offers.

    Raises:
        SettingsError: it offers none of that name, which programs may send.
    """
    names = trained_models()
    if model not in names:
        raise SettingsError("no-such-model", known=", ".join(names))
    return Recognizer.load(str(model))


def as_json(source: Any, model: str = DEFAULT_MODEL) -> dict[str, Any]:
    """A reading as the endpoints return it: the same JSON object as the command line's."""
    try:
        return {**read(source, model).to_dict(), "error": None}
    except DigitsError as error:
        return {"status": None, "digits": [], "error": str(error)}


def show(source: Any, drawn: bool, model: str, compare: bool, language: str) -> tuple[str, str, str]:
    """A reading as the page shows it: the HTML of the answer, of the steps, and of the comparison of models."""
    t = texts(language)
    try:
        reading = read(source, model)
        others = {name: reading if name == model else read(source, name) for name in trained_models() if compare}
    except DigitsError as error:
        return figures.problem(t.problem(error), t, drawn=drawn), figures.steps(EMPTY, t), ""
    table = models.comparison(others, t) if compare else ""
    bound = recognizer(model).card.unsure_below
    return figures.answer(reading, t, drawn=drawn, bound=bound), figures.steps(reading, t, drawn=drawn), table


def show_drawing(pad: Any, model: str, compare: bool, language: str) -> tuple[str, str, str]:
    """A drawing's reading."""
    return show(pad, True, model, compare, language)


def show_photo(photo: Any, model: str, compare: bool, language: str) -> tuple[str, str, str]:
    """An upload's reading."""
    return show(photo, False, model, compare, language)


def turn_to(source: str) -> str:
    """The input that comes into view: "pad" or "photo"."""
    return source


def show_again(last: str, pad: Any, photo: Any, model: str, compare: bool, language: str) -> tuple[str, str, str]:
    """The reading of the last source by another model or in another language."""
    return show(pad if last == "pad" else photo, last == "pad", model, compare, language)


def speak(source: Any, model: str, language: str) -> str:
    """What screen readers say when the pen rests, as HTML."""
    t = texts(language)
    try:
        return figures.spoken(read(source, model), t)
    except DigitsError as error:
        return figures.announced(t.problem(error))


def explain(source: Any, model: str, language: str) -> str:
    """Why a source is read as it is, as HTML; empty where there is no reading."""
    try:
        drawn = isinstance(source, dict)
        return why.why(recognizer(model), read(source, model), texts(language), drawn=drawn)
    except DigitsError:
        return ""  # the answer shows the error


def speak_again(last: str, pad: Any, photo: Any, model: str, language: str) -> str:
    """What screen readers say of the last source, in another language or by another model."""
    return speak(pad if last == "pad" else photo, model, language)


def explain_again(last: str, pad: Any, photo: Any, model: str, language: str) -> str:
    """Why the last source is read as it is, in another language or by another model."""
    return explain(pad if last == "pad" else photo, model, language)
