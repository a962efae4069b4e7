"""The models as HTML: their table, one of them in detail, and a comparison of their readings of one source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from model.errors import WeightsError
from model.reading.reading import Reading, percent
from model.reading.store import WEIGHTS, Card, load_file
from ui.texts import Texts
from ui.views import grids
from ui.views.confusion import confusion
from ui.views.curves import curves
from ui.views.pictures import png_uri
from ui.views.render import in_percent, render

#: The columns of the table, by the end of their string's key.
COLUMNS = ("model", "about", "accuracy", "parameters", "file", "speed", "training")
#: A model's pictures: the end of the file's name, and of the string's key.
PICTURES = {".curves.png": "curves", ".weights.png": "weights", ".samples.png": "samples"}

#: What draws each of them on the page; HTML, empty where only the saved picture can be shown.
DRAWN: dict[str, Callable[[Card, Texts], str]] = {"curves": curves, "weights": grids.weights, "samples": grids.samples}

#: Shorter trainings are given in seconds: rounded to whole minutes they would be off by up to a half.
LEAST_MINUTES = 1.5


def table(cards: Sequence[Card], t: Texts) -> str:
    """Accuracy, size and speed of every model."""
    return render("models.html", t=t, columns=COLUMNS, rows=[_row(card, t) for card in cards])


def _row(card: Card, t: Texts) -> dict[str, str]:
    test = card.metrics["test"]
    low, high = test["interval"]
    return {
        "model": card.model,
        "about": about(card, t),
        "accuracy": in_percent(test["accuracy"], 2),
        "interval": t("models.interval", in_percent(low, 2), in_percent(high, 2)),
        "parameters": f"{card.parameters:,}",
        "file": _size(card),
        "speed": f"{card.machine['milliseconds']:.2g} ms",
        "training": _minutes(card, t),
    }


def about(card: Card, t: Texts) -> str:
    """What a model is, in a sentence; the card's own where there is no translation."""
    return t.get(f"about.{card.model}", card.about)


def _size(card: Card) -> str:
    file = WEIGHTS / f"{card.model}.safetensors"
    return f"{file.stat().st_size / 1e6:.2f} MB" if file.is_file() else "–"  # reading tells that it is missing


def _minutes(card: Card, t: Texts) -> str:
    epochs, minutes = card.settings["epochs"], card.machine["minutes"]
    if minutes < LEAST_MINUTES:
        return t("models.seconds", epochs, f"{minutes * 60:.0f}")
    return t("models.minutes", epochs, f"{minutes:.0f}")


def detail(card: Card, t: Texts) -> str:
    """One model's curves, confusion matrix, precision and recall, samples and weights."""
    test = card.metrics["test"]
    return render(
        "model.html",
        t=t,
        model=card.model,
        about=about(card, t),
        pictures=[
            _picture(card, suffix, key, t) for suffix, key in PICTURES.items() if f"{card.model}{suffix}" in card.sha256
        ],
        confusion=confusion(card.confusion),
        measures=[(_share(of["precision"]), _share(of["recall"])) for of in test["per_class"]],
    )


def _picture(card: Card, suffix: str, key: str, t: Texts) -> dict[str, str]:
    """What training drew, drawn again for the page's language and colours, or why it can't be."""
    drawn = uri = problem = ""
    try:
        drawn = DRAWN[key](card, t)
        if not drawn:
            uri = png_uri(load_file(card, suffix))  # as it was saved
    except WeightsError as error:
        problem = t.problem(error)
    heading, text = t(f"models.{key}"), t(f"models.{key}.text", card.model)
    return {"heading": heading, "text": text, "drawn": Markup(drawn), "uri": uri, "problem": problem}


def _share(value: float | None) -> str:
    return "–" if value is None else in_percent(value, 1)


def comparison(readings: Mapping[str, Reading], t: Texts) -> str:
    """What each model reads in the same source, as a table."""
    rows = [
        {"model": name, "status": reading.status, "reads": _reads(reading, t), "sure": _confidence(reading, t)}
        for name, reading in readings.items()
    ]
    return render("comparison.html", t=t, rows=rows)


def _reads(reading: Reading, t: Texts) -> str:
    if not reading.digits:
        return t("compare.none") if reading.status in ("no-digit", "too-many") else "–"
    number = "".join(digit.label for digit in reading.digits)
    return number if reading.status == "digit" else f"{number}?"


def _confidence(reading: Reading, t: Texts) -> list[str]:
    """Its parts, each of which stays on one line."""
    if not reading.digits:
        return []
    if len(reading.digits) > 1:
        return [t("compare.least", percent(min(digit.confidence for digit in reading.digits)))]
    return [f"{label} {percent(score)}" for label, score in reading.digits[0].top]
