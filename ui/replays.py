"""Handlers of the tab's part that replays a training: functions from what it asks to JSON, without gradio."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import numpy as np

from model.errors import SettingsError, WeightsError
from model.preprocess.picture import SIZE
from model.reading.forward import Forward
from model.reading.history import SUFFIX, History, load_history
from model.reading.scores import softmax
from model.reading.store import load_card, trained_models
from ui import readings
from ui.network import Answer, Asked, tells_problems
from ui.views import insides

#: Networks of the moments of so many models that a process keeps loaded: the largest takes 14 MB.
MOST_LOADED = 3
#: Pictures of a whole digit's weights that are shown: of mlp's 256 units the strongest at the end; all fill the screen.
MOST_UNITS = 12
#: Bytes of the weights of a network that a visitor trained; quick's have 168,340.
MOST_BYTES = 2_000_000


@lru_cache(maxsize=MOST_LOADED)
def loaded(model: str) -> tuple[History, tuple[Forward, ...]]:
    """A model's history, and its network at each moment.

    Raises:
        WeightsError: its file is missing or damaged.
    """
    card = readings.recognizer(model).card
    history = load_history(card)
    return history, tuple(Forward(card.layers, history.weights_at(place)) for place in range(len(history.moments)))


@lru_cache
def replayed() -> tuple[str, ...]:
    """The models that have a history, the simplest first."""
    cards = [load_card(name) for name in trained_models()]
    kept = [card for card in cards if f"{card.model}{SUFFIX}" in card.sha256]
    return tuple(card.model for card in sorted(kept, key=lambda card: card.metrics["test"]["accuracy"]))


def history_of(asked: Asked) -> tuple[History, tuple[Forward, ...]]:
    """The history of the model that is asked for.

    Raises:
        SettingsError: it has none.
    """
    if asked.model not in replayed():
        raise SettingsError("no-such-model", known=", ".join(replayed()))
    return loaded(asked.model)


@tells_problems
def history(asked: Asked) -> Answer:
    """What a model's training was, whatever digit is drawn: its moments, and its first weights as pictures."""
    made, _ = history_of(asked)
    card = readings.recognizer(asked.model).card
    first = next(layer["name"] for layer in card.layers if "name" in layer)
    levels = made.matrices[f"{first}.weight"]
    side = math.isqrt(levels[0, 0].size)
    pictures = levels.reshape(len(levels), -1, side, side)
    if side == SIZE and pictures.shape[1] > MOST_UNITS:
        strength = np.square(pictures[-1].astype(np.float32)).sum(axis=(1, 2))
        pictures = pictures[:, np.sort(np.argsort(-strength, kind="stable")[:MOST_UNITS])]
    return {
        "moments": [insides.moment(moment, card.epochs) for moment in made.moments],
        "same": made.is_of(card),
        "shipped": {name: card.metrics["test"][name] for name in ("right", "total")},
        "shape": list(pictures.shape[1:]),
        "most": int(np.abs(pictures).max()) or 1,
        "pictures": insides.encoded(pictures),
    }


@tells_problems
def replay(asked: Asked) -> Answer:
    """What a model reads at every moment of its training."""
    _, networks = history_of(asked)
    temperature, ink = readings.recognizer(asked.model).card.temperature, _as_input(asked)
    logits = np.concatenate([network(ink)[:, :10] for network in networks])
    return {"scores": insides.rounded(softmax(logits.astype(np.float64), temperature))}


def compared(request: object, language: object, file: str) -> Answer:
    """What a network that was trained just now reads, and what the model that ships does.

    Args:
        file: of its weights, which the page knows, not the visitor.
    """

    @tells_problems
    def handler(asked: Asked) -> Answer:
        card, ink = readings.recognizer(asked.model).card, _as_input(asked)
        trained = Forward(card.layers, _weights(Path(file)))(ink)[:, :10].astype(np.float64)
        shipped = readings.recognizer(asked.model).logits(asked.ink[None])[:, :10]
        scores = {"trained": softmax(trained, 1.0), "shipped": softmax(shipped, card.temperature)}
        return {name: insides.rounded(rows)[0] for name, rows in scores.items()}

    return handler(request, language)


def _weights(file: Path) -> dict[str, np.ndarray]:
    """The weights that a training has written.

    Raises:
        WeightsError: they are gone, or damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        if file.stat().st_size > MOST_BYTES:
            raise ValueError("too long")
        stored = load(file.read_bytes())
    except (OSError, ValueError, SafetensorError) as error:
        raise WeightsError("trained-gone") from error
    return {name: value.astype(np.float32) for name, value in stored.items() if value.dtype.kind == "f"}


def _as_input(asked: Asked) -> np.ndarray:
    return np.asarray(asked.ink[None].astype(np.float32) / 255)


#: What the part may ask, by name; each takes a few milliseconds, the first of a model some tens.
QUESTIONS = {"history": history, "replay": replay}
