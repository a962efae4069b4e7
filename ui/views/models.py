"""The recognisers as HTML: their table, one of them in detail, all their answers to the same source."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape

from model.errors import WeightsError
from model.reading.reading import Reading, percent
from model.reading.store import WEIGHTS, Card, load_file
from ui.texts import Texts
from ui.views.confusion import confusion_table

#: A model's pictures: the end of the file's name, the string's key.
PICTURES = {".curves.png": "curves", ".weights.png": "weights", ".samples.png": "samples"}


def table(cards: Sequence[Card], t: Texts) -> str:
    """Accuracy, size and speed of every model."""
    columns = ("model", "about", "accuracy", "parameters", "file", "speed", "training")
    head = "".join(f'<th scope="col">{escape(t(f"models.{column}"))}</th>' for column in columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(card.model)}</th><td class="about">{escape(about(card, t))}</td>'
        f"<td>{_accuracy(card, t)}</td><td>{card.parameters:,}</td><td>{_size(card)}</td>"
        f"<td>{card.machine['milliseconds']:.2g} ms</td><td>{_minutes(card, t)}</td></tr>"
        for card in cards
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(t("tab.models"))}"><table class="models">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def about(card: Card, t: Texts) -> str:
    """What a model is: translated where there is a translation."""
    return t.get(f"about.{card.model}", card.about)


def _accuracy(card: Card, t: Texts) -> str:
    low, high = card.metrics["test"]["interval"]
    interval = t("models.interval", f"{low:.2%}", f"{high:.2%}")
    return f"<b>{card.metrics['test']['accuracy']:.2%}</b> <small>{interval}</small>"


def _size(card: Card) -> str:
    file = WEIGHTS / f"{card.model}.safetensors"
    return f"{file.stat().st_size / 1e6:.2f} MB" if file.is_file() else "–"  # a reading says that it is missing


def _minutes(card: Card, t: Texts) -> str:
    epochs, minutes = card.settings["epochs"], card.machine["minutes"]
    long = minutes >= 1.5
    return t("models.minutes" if long else "models.seconds", epochs, f"{minutes if long else minutes * 60:.0f}")


def detail(card: Card, t: Texts) -> str:
    """One model's curves, confusion matrix, precision and recall, samples and weights."""
    figures = "".join(
        _figure(t(f"models.{key}"), _picture(card, suffix, text := t(f"models.{key}.text", card.model), t), text)
        for suffix, key in PICTURES.items()
        if f"{card.model}{suffix}" in card.sha256
    )
    matrix = _figure(t("models.confusion"), confusion(card, t), t("models.confusion.text"))
    return (
        f'<section class="model"><h2>{escape(card.model)}</h2><p>{escape(about(card, t))}</p>'
        f'<div class="model-figures">{figures}{matrix}</div></section>'
    )


def _figure(heading: str, content: str, text: str) -> str:
    return f"<figure><h3>{escape(heading)}</h3>{content}<figcaption>{escape(text)}</figcaption></figure>"


def _picture(card: Card, suffix: str, text: str, t: Texts) -> str:
    try:
        content = base64.b64encode(load_file(card, suffix)).decode()
    except WeightsError as error:
        return f"<p>{escape(t.problem(error))}</p>"
    return f'<img src="data:image/png;base64,{content}" alt="{escape(text)}">'


def confusion(card: Card, t: Texts) -> str:
    """The confusion matrix with precision and recall."""
    measures = [
        f"<td>{_share(of['precision'])}</td><td>{_share(of['recall'])}</td>" for of in card.metrics["test"]["per_class"]
    ]
    head = [t("models.precision"), t("models.recall")]
    table = confusion_table(card.confusion, lambda _, __, count: str(count or ""), head=head, ends=measures)
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(t("models.confusion"))}">{table}</div>'


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def comparison(readings: Mapping[str, Reading], t: Texts) -> str:
    """What every model reads in the same source."""
    head = "".join(f'<th scope="col">{escape(t(f"compare.{name}"))}</th>' for name in ("model", "reads", "sure"))
    rows = "".join(
        f'<tr class="is-{reading.status}"><th scope="row">{escape(name)}</th>'
        f'<td class="reads">{escape(_reads(reading, t))}</td><td>{escape(_confidence(reading, t))}</td></tr>'
        for name, reading in readings.items()
    )
    return f'<table class="comparison"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _reads(reading: Reading, t: Texts) -> str:
    if not reading.digits:
        return t("compare.none") if reading.status in ("no-digit", "too-many") else "–"
    number = "".join(digit.label for digit in reading.digits)
    return number if reading.status == "digit" else f"{number}?"


def _confidence(reading: Reading, t: Texts) -> str:
    if not reading.digits:
        return ""
    if len(reading.digits) > 1:
        return t("compare.least", percent(min(digit.confidence for digit in reading.digits)))
    return ", ".join(f"{label} {percent(score)}" for label, score in reading.digits[0].top)
