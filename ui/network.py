"""Handlers of the tab that shows the network at work: functions from what it asks to JSON, without gradio.

They run in a process that reads (``ui.server.reading``). A question is what a browser sent: its digit is always 784
bytes, and each number in it names one of things that are there, so nothing in it sets how much is computed.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model import DigitsError
from model.errors import SettingsError, WeightsError
from model.preprocess.picture import SIZE, Pixels
from model.reading import sums, variations
from model.reading.activations import Activations
from model.reading.breaking import Damage, nudge
from model.reading.digit_map import FILE, load_map, load_tested
from model.reading.scores import softmax
from model.reading.store import DEFAULT_MODEL, load_activations
from ui import readings
from ui.texts import texts
from ui.views import insides

Answer = dict[str, Any]
#: Of a number, the digits that can be looked into.
MOST_DIGITS = 12
#: Maps and units that can be muted at once.
MOST_MUTED = 100
#: The most noise that is added to weights, in their standard deviations.
MOST_NOISE = 2.0
#: Models that a process keeps loaded for it: the largest takes 26 MB.
MOST_LOADED = 2
#: The largest seed of noise.
MOST_SEED = 999


class Asked:
    """What a browser asks, which anyone may send.

    Raises, from each of its methods:
        SettingsError: the page asks no such thing.
    """

    def __init__(self, request: object) -> None:
        if isinstance(request, DigitsError):
            raise request
        self._request: Mapping[str, object] = request if isinstance(request, Mapping) else {}

    @property
    def model(self) -> str:
        """The name of a model that the page offers."""
        readings.recognizer(self._request.get("model"))
        return str(self._request["model"])

    @property
    def ink(self) -> Pixels:
        """The digit, uint8 (28, 28)."""
        text = self._request.get("ink")
        try:
            content = base64.b64decode(text, validate=True) if isinstance(text, str) and len(text) < 2000 else b""
            return np.frombuffer(content, np.uint8).reshape(SIZE, SIZE)
        except ValueError:
            raise SettingsError("no-such-question") from None

    def integer(self, name: str, most: int, least: int = 0) -> int:
        """A whole number."""
        return _integer(self._request.get(name), most, least)

    def amount(self, name: str, most: float) -> float:
        """A number from 0 on."""
        value = self._request.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:  # nor NaN
            raise SettingsError("no-such-question")
        return float(value)

    def one_of(self, name: str, names: Mapping[str, object]) -> str:
        """One of some names."""
        value = self._request.get(name)
        if not isinstance(value, str) or value not in names:
            raise SettingsError("no-such-question")
        return value

    @property
    def muted(self) -> dict[int, list[int]]:
        """What gives nothing: units by stage."""
        pairs = self._request.get("muted")
        if not isinstance(pairs, list) or len(pairs) > MOST_MUTED:
            raise SettingsError("no-such-question")
        muted: dict[int, list[int]] = {}
        for pair in pairs:
            if not isinstance(pair, list) or len(pair) != 2:
                raise SettingsError("no-such-question")
            muted.setdefault(_integer(pair[0], 99), []).append(_integer(pair[1], 99_999, -1))
        return muted


def _integer(value: object, most: int, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise SettingsError("no-such-question")
    return value


def tells_problems(handler: Callable[[Asked], Answer]) -> Callable[[object, object], Answer]:
    """A handler of what was sent and a language, that tells errors as a sentence."""

    @wraps(handler)
    def wrapped(request: object, language: object) -> Answer:
        try:
            return handler(Asked(request))
        except DigitsError as error:
            return {"problem": texts(language).problem(error)}
        except IndexError:
            return {"problem": texts(language).problem(SettingsError("no-such-question"))}

    return wrapped


@lru_cache(maxsize=MOST_LOADED)
def activations_of(model: str) -> Activations:
    """The stages of a model that the page offers."""
    return load_activations(readings.recognizer(model).card)


def look(source: Any, model: str, language: str) -> Answer:
    """The digits of the last drawing or upload, as 28×28; where there are none, one that ships."""
    try:
        reading = readings.read(source, model)
    except DigitsError as error:
        return {**_shipped(), "problem": texts(language).problem(error)}
    digits = [insides.digit(digit.image, digit.label) for digit in reading.digits[:MOST_DIGITS]]
    last = reading.steps[-1].picture if reading.steps else None
    if not digits and last is not None and last.shape == (SIZE, SIZE):  # ink that is read as no digit
        digits = [insides.digit(last, "")]
    return {"digits": digits, "source": "yours"} if digits else _shipped()


def _shipped() -> Answer:
    tested = load_tested()
    return {"digits": [insides.digit(tested.images[0], str(tested.labels[0]))], "source": "shipped"}


@tells_problems
def layers(asked: Asked) -> Answer:
    """What every stage of a model gives for a digit."""
    activations, ink = activations_of(asked.model), asked.ink
    traces = activations.trace(_as_input(ink[None]))
    return {
        "stages": insides.stages(activations.stages, traces),
        "answers": insides.answers(activations.stages, traces),
        "scores": _scores(traces[-1].values, asked.model)[0],
    }


@tells_problems
def value(asked: Asked) -> Answer:
    """The sum behind one value of a stage."""
    activations = activations_of(asked.model)
    traces = activations.trace(_as_input(asked.ink[None]))
    place = asked.integer("stage", len(traces) - 1)
    spot = [asked.integer(name, 99_999) for name in ("unit", "y", "x")]
    return insides.total(sums.sum_behind(activations.stages, traces, place, *spot), activations.stages[place])


@tells_problems
def axis(asked: Asked) -> Answer:
    """What a model reads along an axis of changes."""
    name = asked.one_of("axis", variations.AXES)
    images = variations.vary(asked.ink, name)
    return insides.axis(variations.AXES[name], images, _scores(_logits(images, asked.model), asked.model))


@tells_problems
def digits(_: Asked) -> Answer:
    """The digits on the map."""
    return insides.digit_map(load_map())


@tells_problems
def place(asked: Asked) -> Answer:
    """Where a digit lands on the map, and its neighbours there.

    Raises:
        WeightsError: the map is by other weights.
    """
    known, recognizer = load_map(), readings.recognizer(DEFAULT_MODEL)
    if not known.is_of(recognizer.card):
        raise WeightsError("map-of-other-weights", file=FILE)
    nearest, likeness = known.nearest(recognizer.features(asked.ink[None])[0])
    across, down = known.between(nearest, likeness)
    return {"x": round(across, 4), "y": round(down, 4), "nearest": nearest}


@tells_problems
def broken(asked: Asked) -> Answer:
    """What a broken model reads, and how much of the test digits, beside the whole one."""
    model, tested = asked.model, load_tested()
    noise, seed = asked.amount("noise", MOST_NOISE), asked.integer("seed", MOST_SEED)
    without = bool(asked.integer("biases", 1))
    images = np.concatenate([asked.ink[None], tested.images])
    damaged = Damage(asked.muted, noise, seed, without).logits(activations_of(model), _as_input(images))
    return {
        name: insides.tested(_scores(logits, model), tested.labels)
        for name, logits in (("whole", _logits(images, model)), ("broken", damaged))
    }


@tells_problems
def nudged(asked: Asked) -> Answer:
    """A digit with one dab of ink more or less, on its way to be read as another."""
    recognizer = readings.recognizer(asked.model)
    dab = nudge(asked.ink, asked.integer("target", 9), recognizer.logits)
    if dab is None:
        return {"ink": None}
    scores = _scores(_logits(dab.image[None], asked.model), asked.model)[0]
    where = {"x": dab.x, "y": dab.y, "added": dab.added, "amount": round(dab.ink, 2)}
    return {"ink": insides.encoded(dab.image), "scores": scores, **where}


#: What the tab may ask, by name; each is given what was sent, and the language.
QUESTIONS: dict[str, Callable[[object, object], Answer]] = {
    question.__name__: question for question in (layers, value, axis, digits, place, broken, nudged)
}
#: Of these, those that take a few milliseconds.
QUICK = (layers, value)


def _as_input(images: Pixels) -> NDArray[np.float32]:
    return np.asarray(images.astype(np.float32) / 255)


def _logits(images: Pixels, model: str) -> NDArray[np.float64]:
    return readings.recognizer(model).logits(images)


def _scores(logits: NDArray[Any], model: str) -> list[list[float]]:
    """Probabilities of the ten digits; noise can make logits of weights that are no numbers."""
    temperature = readings.recognizer(model).card.temperature
    return insides.rounded(softmax(np.nan_to_num(logits.astype(np.float64)), temperature))
