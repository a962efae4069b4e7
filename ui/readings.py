"""What a drawing or an upload becomes on the page: plain functions from values to values, without gradio.

Those of a drawing run in a process of their own, too (see ``ui.server.worker``).
"""

from __future__ import annotations

from typing import Any

from model import DigitsError, Reading, Recognizer
from model.errors import PictureError, SettingsError
from model.reading.store import DEFAULT_MODEL, trained_models
from ui.texts import texts
from ui.views import figures, models, why

EMPTY = Reading("blank", (), ())
#: In the place of an upload's bytes, when it has been deleted since.
GONE = object()
#: A 1, read once before the first visitor comes.
WARM_UP = {"size": [28, 28], "strokes": [{"width": 3, "points": [[14, 4], [14, 24]]}]}


def read(source: Any, model: str = DEFAULT_MODEL) -> Reading:
    """The one way to a reading, for the pad, the uploads and both endpoints."""
    if source is GONE:
        raise PictureError("upload-deleted")
    return EMPTY if source is None else recognizer(model).read(source)


def recognizer(model: object) -> Recognizer:
    """The recognizer of a model that the page offers.

    Raises:
        SettingsError: it offers none of that name; what programs send isn't checked before.
    """
    names = trained_models()
    if model not in names:
        raise SettingsError("no-such-model", known=", ".join(names))
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


def show_drawing(pad: Any, model: str, compare: bool, language: str) -> tuple[str, str, str, str]:
    """A drawing's reading; it is now what is being read."""
    return (*show(pad, True, model, compare, language), "pad")


def show_photo(photo: Any, model: str, compare: bool, language: str) -> tuple[str, str, str, str]:
    """An upload's reading; it is now what is being read."""
    return (*show(photo, False, model, compare, language), "photo")


def show_again(last: str, pad: Any, photo: Any, model: str, compare: bool, language: str) -> tuple[str, str, str]:
    """What is being read, read by another model or told in another language."""
    return show(pad if last == "pad" else photo, last == "pad", model, compare, language)


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
