"""A reading as HTML: the answer with its bars, the steps from picture to 28×28, what was found in a picture."""

from __future__ import annotations

import base64
import io
import json
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.preprocess.picture import Pixels
from model.reading.reading import Digit, Reading, percent
from ui.texts import Texts

#: Longest side of a step's picture; larger ones are reduced.
STEP_SIDE = 140
SIGNS = {"digit": "{0}", "unsure": "{0}?", "no-digit": "∅", "blank": "–", "too-many": "…"}
LABELS = tuple("0123456789")


def header(t: Texts) -> str:
    """The page's title."""
    return f'<header class="masthead"><h1>{escape(t("title"))}</h1><p>{escape(t("tagline"))}</p></header>'


def footer(t: Texts) -> str:
    """What becomes of what a visitor sends."""
    return f'<p class="privacy">{escape(t("privacy"))}</p>'


def answer(reading: Reading, t: Texts, *, drawn: bool = False) -> str:
    """The verdict on a reading, with bars: the three likeliest labels of one digit, or each digit of a number.

    Args:
        drawn: it was drawn on the pad, which then frames the digits of a number.
    """
    boxes = _boxes(reading) if drawn and len(reading.digits) > 1 else []
    if len(reading.digits) > 1:
        return _number(reading, t, boxes)
    labels = [label for label, _ in reading.digits[0].top] if reading.digits else []
    bars = "".join(bar(label, score) for label, score in reading.digits[0].top) if labels else _no_bars()
    verdict = t(f"verdict.{reading.status}", *labels)
    return _panel(reading.status, SIGNS[reading.status].format(*labels), verdict, t(f"advice.{reading.status}"), bars)


def _number(reading: Reading, t: Texts, boxes: list[object]) -> str:
    number = "".join(digit.label for digit in reading.digits)
    bars = "".join(_digit_of_number(digit) for digit in reading.digits)
    if reading.status == "digit":
        return _panel("digit is-number", number, t("verdict.digit", number), "", bars, boxes)
    least = min(reading.digits, key=lambda digit: digit.confidence)
    doubt = t("advice.doubt", least.label, least.top[1][0])
    return _panel("unsure is-number", number, t("verdict.unsure-number", number), doubt, bars, boxes)


def spoken(reading: Reading, t: Texts) -> str:
    """The verdict alone, for screen readers."""
    labels = [digit.label for digit in reading.digits]
    if len(labels) > 1:
        return announced(t("verdict.digit" if reading.status == "digit" else "verdict.unsure-number", "".join(labels)))
    top = [label for label, _ in reading.digits[0].top] if labels else []
    return announced(t(f"verdict.{reading.status}", *top))


def announced(text: str) -> str:
    """A text that the pad hands on to screen readers, which listen to a part of the page that stays."""
    return f'<p hidden data-spoken="{escape(text)}"></p>'


def problem(message: str, t: Texts) -> str:
    """What was wrong with the input, in the answer's place."""
    return _panel("error", "!", t("verdict.error"), message, _no_bars())


def _panel(status: str, sign: str, verdict: str, advice: str, bars: str, boxes: list[object] | None = None) -> str:
    size = "" if len(sign) < 3 else f' style="font-size:clamp(1.6rem, {14 / len(sign):.1f}rem, 5rem)"'
    return (
        f'<section class="answer is-{status}" data-boxes="{escape(json.dumps(boxes or []))}">'
        f'<div class="verdict"><span class="sign" aria-hidden="true"{size}>{escape(sign)}</span>'
        f'<p><strong>{escape(verdict)}</strong><span class="advice">{escape(advice)}</span></p></div>'
        f'<ol class="bars">{bars}</ol></section>'
    )


def _boxes(reading: Reading) -> list[object]:
    """Each digit's label and box, as shares of the source's width and height."""
    width, height = reading.size
    return [
        [digit.label, *(round(edge / side, 4) for edge, side in zip(digit.box, (width, height) * 2, strict=True))]
        for digit in reading.digits
    ]


def bar(label: str, score: float) -> str:
    """One label with its probability as a bar."""
    return (
        f'<li><b>{escape(label)}</b><span class="track" aria-hidden="true">'
        f'<i style="width:{score * 100:.1f}%"></i></span><span class="score">{percent(score)}</span></li>'
    )


def _digit_of_number(digit: Digit) -> str:
    """One digit of a number with its own top three."""
    others = " · ".join(f"{label} {percent(score)}" for label, score in digit.top[1:])
    return bar(digit.label, digit.confidence).replace("</li>", f'<span class="others">{others}</span></li>')


def _no_bars() -> str:
    return '<li class="no-bar"><b>–</b><span class="track"></span><span class="score"></span></li>' * 3


def steps(reading: Reading, t: Texts, *, drawn: bool = True) -> str:
    """The pictures from the source to the 28×28, the last one large; of an upload first what was found in it."""
    if not reading.steps or reading.steps[-1].name != "28x28":
        return f'<div class="seen is-empty"><p>{escape(t("seen.empty"))}</p></div>'
    *before, last = reading.steps
    strip = "".join(_figure(step.name, step.picture, t) for step in before)
    found = "" if drawn or not reading.digits else _found(reading, t)
    number = " is-number" if len(reading.digits) > 1 else ""
    return (
        f'<div class="seen{number}">{_figure(last.name, last.picture, t)}<div><h2>{escape(t("seen.title"))}</h2>'
        f'<p class="advice">{escape(t("step.28x28.text"))}</p><div class="steps">{strip}</div></div>{found}</div>'
    )


def _found(reading: Reading, t: Texts) -> str:
    """The upload with a frame round each digit."""
    frames = "".join(
        f'<i style="left:{x0:.2%};top:{y0:.2%};width:{x1 - x0:.2%};height:{y1 - y0:.2%}"><b>{label}</b></i>'
        for label, x0, y0, x1, y1 in _boxes(reading)  # type: ignore[misc]
    )
    source = data_uri(_reduced(reading.steps[0].picture, 320))
    return (
        f'<figure class="found"><figcaption>{escape(t("seen.picture"))}</figcaption>'
        f'<span class="frames"><img src="{source}" alt="{escape(t("seen.picture"))}">{frames}</span></figure>'
    )


def _figure(name: str, picture: Pixels, t: Texts) -> str:
    caption, text = t(f"step.{name}"), t(f"step.{name}.text")
    return (
        f'<figure class="step step-{name}" tabindex="0"><img src="{data_uri(_reduced(picture))}" alt="">'
        f'<figcaption>{escape(caption)}</figcaption><span class="tip" role="tooltip">{escape(text)}</span></figure>'
    )


def _reduced(picture: Pixels, side: int = STEP_SIDE) -> Pixels:
    factor = -(-max(picture.shape) // side)
    return np.asarray(Image.fromarray(picture).reduce(factor)) if factor > 1 else picture


def data_uri(picture: NDArray[np.uint8]) -> str:
    """A grey (H, W) or colour (H, W, 3) picture as a PNG inside a URI, which costs no request and leaves no file."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
