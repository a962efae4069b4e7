"""A reading as HTML: the answer with its bars, the steps from picture to 28×28, what was found in a picture."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

import numpy as np

from model.preprocess.picture import Pixels
from model.preprocess.pipeline import Step
from model.reading.reading import Digit, Reading, percent
from ui.texts import Texts
from ui.views.numbers import Frame, frames, least_sure
from ui.views.render import render

#: What stands large before the verdict, by status; places are filled with the likeliest label.
SIGNS = {"digit": "{0}", "unsure": "{0}?", "no-digit": "∅", "blank": "–", "too-many": "…"}
#: Characters from which a sign is written smaller, to stay in its panel.
LONG_SIGN = 3
#: Of a number with more digits than this only the least sure have bars.
MOST_BARS = 12
#: A label with at least this probability is told beside the likeliest.
LIKELY = 0.01
#: The font size in rem of a long sign, times its characters.
SIGN_WIDTH = 14
#: The least longest side, in pixels, of a picture on which digits are framed: of fewer the label would hide it.
LEAST_SHOWN = 140


class Bar(NamedTuple):
    """One label with its probability (0…1), what else is said of it, and whether the reading isn't sure of it."""

    label: str
    score: float
    others: str = ""
    is_doubtful: bool = False


def header(t: Texts) -> str:
    """The page's title."""
    return render("header.html", t=t)


def footer(t: Texts) -> str:
    """What becomes of what a visitor sends."""
    return note("privacy", t("privacy"))


def note(kind: str, text: str) -> str:
    """A paragraph of a class."""
    return render("note.html", kind=kind, text=text)


def answer(reading: Reading, t: Texts, *, drawn: bool = False, bound: float = 1.0, of: str = "") -> str:
    """The verdict on a reading, with bars: the three likeliest labels of one digit, or each digit of a number.

    Args:
        drawn: it was drawn on the pad, which then frames the digits of a number.
        bound: the confidence (0…1) under which the model isn't sure.
        of: what tells the drawing from others, so that the pad knows a late answer to an older one.
    """
    if len(reading.digits) > 1:
        return _number(reading, t, drawn, bound, of)
    top = reading.digits[0].top if reading.digits else ()
    labels = [label for label, _ in top]
    sign, verdict = SIGNS[reading.status].format(*labels), _verdict(reading, t)
    missed = reading.status == "unsure" and top[0][1] < bound
    told = reading.reason or ("no-such-digit" if reading.status == "unsure" else reading.status)
    advice = t("advice.bound", percent(bound)) if missed else t(f"advice.{told}", *labels)
    return _panel(reading.status, sign, verdict, advice, bars(top), drawn, bound=bound if missed else None, of=of)


def _number(reading: Reading, t: Texts, drawn: bool, bound: float, of: str) -> str:
    number = "".join(digit.label for digit in reading.digits)
    shown = sorted(range(len(reading.digits)), key=lambda place: reading.digits[place].confidence)[:MOST_BARS]
    rows = [
        Bar(digit.label, digit.confidence, _others(digit), not digit.sure)
        for digit in map(reading.digits.__getitem__, sorted(shown))
    ]
    is_sure, is_sheet = reading.status == "digit", len(reading.digits) > MOST_BARS
    doubtful = next((digit for digit in reading.digits if not digit.sure), reading.digits[shown[0]])
    missed = not is_sure and doubtful.confidence < bound
    doubt = "doubt" if missed else reading.reason or "no-such-digit"
    advice = [] if is_sure else [t(f"advice.{doubt}", doubtful.label, doubtful.top[1][0], percent(bound))]
    if is_sheet:
        advice.append(t("advice.least", MOST_BARS, len(reading.digits)))
    told = t("verdict.sheet", len(reading.digits)) if is_sheet else number
    verdict = t("verdict.digit" if is_sure else "verdict.unsure-number", told)
    kind = f"{'digit' if is_sure else 'unsure'} is-number{' is-sheet' if is_sheet else ''}"
    sign = number if is_sure else f"{number}?"
    framed = frames(reading) if drawn else []
    return _panel(kind, sign, verdict, " ".join(advice), rows, drawn, framed, bound if missed else None, of)


def spoken(reading: Reading, t: Texts) -> str:
    """The verdict alone, for screen readers."""
    labels = [digit.label for digit in reading.digits]
    if len(labels) > 1:
        return announced(t("verdict.digit" if reading.status == "digit" else "verdict.unsure-number", "".join(labels)))
    return announced(_verdict(reading, t))


def is_perhaps_none(reading: Reading) -> bool:
    """Whether one digit is in doubt though no other label is likely: what was read may be something else."""
    return reading.status == "unsure" and len(reading.digits) == 1 and reading.digits[0].top[1][1] < LIKELY


def kind_of(reading: Reading) -> str:
    """What a reading's strings are named by: its status, or why nothing was read."""
    return reading.status if reading.digits else reading.reason or reading.status


def _verdict(reading: Reading, t: Texts) -> str:
    """What one digit, or none, is read as; if it is in doubt, between which two labels, where another is likely."""
    labels = [label for label, _ in reading.digits[0].top] if reading.digits else []
    return t(f"verdict.{'unsure-number' if is_perhaps_none(reading) else kind_of(reading)}", *labels)


def announced(text: str) -> str:
    """A text that the pad hands on to screen readers, which listen to a part of the page that stays."""
    return f'<p hidden data-spoken="{escape(text)}"></p>'


def problem(message: str, t: Texts, *, drawn: bool = False) -> str:
    """What was wrong with the input, in the answer's place."""
    return _panel("error", "!", t("verdict.error"), message, [], drawn)


def bars(top: Iterable[tuple[str, float]]) -> list[Bar]:
    """A bar for each label and its probability."""
    return [Bar(label, score) for label, score in top]


def _panel(
    status: str,
    sign: str,
    verdict: str,
    advice: str,
    rows: list[Bar],
    drawn: bool,
    framed: list[Frame] | None = None,
    bound: float | None = None,
    of: str = "",
) -> str:
    return render(
        "answer.html",
        status=status,
        sign=sign,
        size="" if len(sign) < LONG_SIGN else f"{SIGN_WIDTH / len(sign):.1f}",
        verdict=verdict,
        advice=advice,
        rows=rows,
        bound=bound,
        frames=json.dumps(framed or []),
        source="pad" if drawn else "photo",
        of=of,
    )


def _others(digit: Digit) -> str:
    """The second and third likeliest labels of a digit, such as ``9 38.0 % · 7 1.0 %``."""
    return " · ".join(f"{label} {percent(score)}" for label, score in digit.top[1:])


def steps(reading: Reading, t: Texts, *, drawn: bool = True) -> str:
    """The pictures from the source to the 28×28, the last one large; of an upload also what was found in it.

    Each digit of a number is a button with its 28×28; the least sure one is chosen, whose reason is told.
    """
    if not reading.steps or reading.steps[-1].name != "28x28":
        return render("empty.html", tag="div", kind="seen", text=t("seen.empty"))
    return render(
        "steps.html",
        t=t,
        source=reading.steps[0].picture,
        width=width_shown(reading.steps[0].picture),
        before=changing(reading.steps[:-1]),
        last=reading.steps[-1],
        digits=reading.digits if len(reading.digits) > 1 else (),
        chosen=least_sure(reading.digits) if reading.digits else None,
        frames=[] if drawn else frames(reading),
    )


def width_shown(picture: Pixels) -> int | None:
    """How many pixels wide a tiny picture (H, W) is shown on which digits are framed; ``None`` for any other."""
    height, width = picture.shape
    longest = max(height, width)
    return int(width * LEAST_SHOWN / longest + 0.5) if longest < LEAST_SHOWN else None


def changing(steps: Sequence[Step]) -> list[Step]:
    """The steps that change something: none that the next one repeats, and no paper of one shade."""
    steps = [step for step in steps if step.name != "background" or np.ptp(step.picture) > 0]
    followed = zip(steps, [*steps[1:], None], strict=True)
    return [step for step, after in followed if not (after and np.array_equal(step.picture, after.picture))]
