"""Handlers of a drawing or an upload: functions from values to values, without gradio.

They run in a process that reads (``ui.server.reading``); each takes what is to be read first.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model import DigitsError, Reading, Recognizer
from model.errors import PictureError, SettingsError, StrokesError
from model.reading.reading import percent
from model.reading.store import DEFAULT_MODEL, trained_models
from ui.texts import Texts, texts
from ui.views import figures, models, several, why

#: The reading of nothing.
EMPTY = Reading("blank", (), ())
#: A 1, read once before the first visitor comes, so that the network is loaded by then.
WARM_UP = {"size": [28, 28], "strokes": [{"width": 3, "points": [[14, 4], [14, 24]]}]}


@dataclass(frozen=True)
class Upload:
    """A file in the folder of uploads."""

    path: str

    def content(self) -> bytes:
        """Its bytes.

        Raises:
            PictureError: it has been deleted by its age.
        """
        try:
            return Path(self.path).read_bytes()
        except FileNotFoundError:
            raise PictureError("upload-deleted") from None


@dataclass(frozen=True)
class Encoded:
    """A picture that came as base64, decoded where it is read."""

    text: str

    def content(self) -> bytes:
        """Its bytes.

        Raises:
            PictureError: it isn't base64.
        """
        try:
            return base64.b64decode(self.text.encode().translate(None, b" \t\r\n"), validate=True)
        except ValueError:
            raise PictureError("picture-no-base64") from None


def read(source: Any, model: str = DEFAULT_MODEL) -> Reading:
    """Read a drawing, an upload or ``None``: the one way for the pad, the uploads and the endpoints.

    Raises:
        DigitsError: it can't be read, or the page offers no such model; or the source is itself an error.
    """
    if isinstance(source, DigitsError):
        raise source
    if isinstance(source, str):  # sent for a drawing; the recognizer would open it as a path
        raise StrokesError("strokes-no-object")
    if isinstance(source, (Upload, Encoded)):
        source = source.content()
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


def tell(source: Any, model: str, language: str) -> dict[str, Any]:
    """A reading as the tool for programs gives it: what the endpoints return, and one sentence."""
    t = texts(language)
    try:
        reading = read(source, model)
    except DigitsError as error:
        return {"told": t.problem(error), "reading": {"status": None, "digits": [], "error": str(error)}}
    return {"told": sentence(reading, t), "reading": {**reading.to_dict(), "error": None}}


def sentence(reading: Reading, t: Texts) -> str:
    """What a reading says, in one sentence."""
    digits = reading.digits
    if len(digits) > 1:
        doubtful = sum(not digit.sure for digit in digits)
        number = "".join(digit.label for digit in digits)
        return t(f"tool.number{'-unsure' if doubtful else ''}", len(digits), number, doubtful)
    top = [word for label, score in (digits[0].top if digits else ()) for word in (label, percent(score))]
    return t(f"tool.{'unsure-alone' if figures.is_perhaps_none(reading) else figures.kind_of(reading)}", *top)


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
    of = mark(source) if drawn else ""
    return figures.answer(reading, t, drawn=drawn, bound=bound, of=of), figures.steps(reading, t, drawn=drawn), table


def mark(drawing: Any) -> str:
    """What tells a drawing that could be read from others: the numbers of its strokes and points, and where it ends."""
    strokes = drawing["strokes"] if drawing else ()
    points = [point for stroke in strokes for point in stroke["points"]]
    return json.dumps([len(strokes), len(points), *(points[-1][:2] if points else ())])


def turn_to(source: str) -> str:
    """The input that comes into view: "pad" or "photo"."""
    return source


def speak(source: Any, model: str, language: str) -> str:
    """What screen readers say when the pen rests, as HTML."""
    t = texts(language)
    try:
        return figures.spoken(read(source, model), t)
    except DigitsError as error:
        return figures.announced(t.problem(error))


def explain(source: Any, model: str, language: str, place: int | None = None) -> str:
    """Why a source is read as it is, as HTML; empty where there is no reading.

    Args:
        place: of a number's digit; ``None`` for the least sure.
    """
    try:
        drawn = isinstance(source, dict)
        return why.why(recognizer(model), read(source, model), texts(language), drawn=drawn, place=place)
    except DigitsError:
        return ""  # the answer shows the error


def row(source: Any, name: str, model: str, language: str) -> dict[str, str]:
    """One of several files as a line of their table (``ui.views.several``)."""
    t = texts(language)
    try:
        return several.row(name, read(source, model), t)
    except DigitsError as error:
        return several.row(name, t.problem(error), t)
