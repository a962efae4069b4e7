"""The recognisers as HTML: their table, one of them in detail, all their answers to the same source."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape

from model.errors import WeightsError
from model.predict import Reading, percent
from model.store import WEIGHTS, Card, load_file

#: A model's pictures: the end of the file's name, the heading, what it shows.
PICTURES = {
    ".curves.png": ("Curves", "loss and accuracy while {0} was trained"),
    ".weights.png": ("Weights", "what each unit of {0} adds up: red counts for it, blue against it"),
    ".samples.png": ("First test digits", "the first six test digits and what {0} reads"),
}


def table(cards: Sequence[Card]) -> str:
    """Accuracy, size and speed of every model."""
    rows = "".join(
        f'<tr><th scope="row">{escape(card.model)}</th><td class="about">{escape(card.about)}</td>'
        f"<td>{_accuracy(card)}</td><td>{card.parameters:,}</td><td>{_size(card)}</td>"
        f"<td>{card.machine['milliseconds']:.1f} ms</td><td>{_minutes(card)}</td></tr>"
        for card in cards
    )
    return (
        '<div class="scroll"><table class="models"><thead><tr><th scope="col">model</th><th scope="col">what it is</th>'
        '<th scope="col">test accuracy</th><th scope="col">parameters</th><th scope="col">file</th>'
        '<th scope="col">one digit</th><th scope="col">training</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _accuracy(card: Card) -> str:
    low, high = card.metrics["test"]["interval"]
    return f"<b>{card.metrics['test']['accuracy']:.2%}</b> <small>{low:.2%} to {high:.2%}</small>"


def _size(card: Card) -> str:
    return f"{(WEIGHTS / f'{card.model}.safetensors').stat().st_size / 1e6:.2f} MB"


def _minutes(card: Card) -> str:
    epochs, minutes = card.settings["epochs"], card.machine["minutes"]
    return f"{epochs} epochs, " + (f"{minutes:.0f} min" if minutes >= 1.5 else f"{minutes * 60:.0f} s")


def detail(card: Card) -> str:
    """One model's curves, confusion matrix, precision and recall, samples and weights."""
    figures = "".join(
        f"<figure><h3>{heading}</h3><img src='{_data_uri(card, suffix)}' alt='{escape(text.format(card.model))}'>"
        f"<figcaption>{escape(text.format(card.model))}</figcaption></figure>"
        for suffix, (heading, text) in PICTURES.items()
        if f"{card.model}{suffix}" in card.sha256
    )
    return (
        f'<section class="model"><h2>{escape(card.model)}</h2><p>{escape(card.about)}</p>'
        f'<div class="model-figures">{figures}<figure><h3>Confusion matrix</h3>{confusion(card)}'
        "<figcaption>test digits: rows are what they are, columns what was read</figcaption></figure></div></section>"
    )


def _data_uri(card: Card, suffix: str) -> str:
    try:
        return "data:image/png;base64," + base64.b64encode(load_file(card, suffix)).decode()
    except WeightsError:
        return ""


def confusion(card: Card) -> str:
    """The confusion matrix with precision and recall; the more often digits are confused, the darker the cell."""
    worst = max(1, *(n for true, row in enumerate(card.confusion) for read, n in enumerate(row) if true != read))
    head = "".join(f'<th scope="col">{digit}</th>' for digit in range(10))
    rows = "".join(
        f'<tr><th scope="row">{true}</th>'
        + "".join(_cell(true, read, count, worst) for read, count in enumerate(row))
        + f"<td>{_share(of['precision'])}</td><td>{_share(of['recall'])}</td></tr>"
        for true, (row, of) in enumerate(zip(card.confusion, card.metrics["test"]["per_class"], strict=True))
    )
    return (
        f'<div class="scroll"><table class="confusion"><thead><tr><th></th>{head}<th scope="col">precision</th>'
        f'<th scope="col">recall</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _cell(true: int, read: int, count: int, worst: int) -> str:
    if true == read:
        return f'<td class="right">{count}</td>'
    return f'<td style="--share:{count / worst:.2f}">{count or ""}</td>'


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def comparison(readings: Mapping[str, Reading]) -> str:
    """What every model reads in the same source."""
    rows = "".join(
        f'<tr class="is-{reading.status}"><th scope="row">{escape(name)}</th><td class="reads">{_reads(reading)}</td>'
        f"<td>{_confidence(reading)}</td></tr>"
        for name, reading in readings.items()
    )
    return (
        '<table class="comparison"><thead><tr><th scope="col">model</th><th scope="col">reads</th>'
        f'<th scope="col">how sure</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _reads(reading: Reading) -> str:
    if not reading.digits:
        return {"blank": "–", "no-digit": "no digit"}[reading.status]
    number = "".join(digit.label for digit in reading.digits)
    return number if reading.status == "digit" else f"{number}?"


def _confidence(reading: Reading) -> str:
    if not reading.digits:
        return ""
    if len(reading.digits) > 1:
        return f"least sure digit {percent(min(digit.confidence for digit in reading.digits))}"
    return ", ".join(f"{label} {percent(score)}" for label, score in reading.digits[0].top)
