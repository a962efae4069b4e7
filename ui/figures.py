"""A reading as HTML: the answer with its bars, the steps from picture to 28×28, a mistake."""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np
from PIL import Image

from model.predict import Pixels, Reading, percent
from model.store import Card, Mistake

#: Longest side of a step's picture; larger ones are reduced.
STEP_SIDE = 140
#: A gallery of more mistakes is slow to open.
MOST_TILES = 96

VERDICTS = {
    "digit": ("{0}", "reads as {0}"),
    "unsure": ("{0}?", "unsure: {0} or {1}"),
    "no-digit": ("∅", "this doesn't look like a digit"),
    "blank": ("–", "waiting for a digit"),
    "error": ("!", "can't read this"),
}
ADVICE = {
    "digit": "",
    "unsure": "Draw it a little clearer, or look at both bars.",
    "no-digit": "Nothing here resembles what the network learned. Try a digit or two, dark on light or light on dark.",
    "blank": "Draw on the pad, drop a picture, or choose an example.",
}
STEP_TEXTS = {
    "grey": ("grey", "colours become levels of grey, along the axis where they differ most"),
    "polarity": ("polarity", "ink is made the bright part, whichever way round it came"),
    "background": ("paper", "what the paper looks like without the ink: light, shadow, tint"),
    "ink": ("ink", "what rises above the paper and its noise"),
    "box": ("box", "the digit alone, without specks, in its bounding box"),
    "28x28": ("28×28", "These 28×28 pixels and no more: the digit in 20×20, set on its centre of mass, as in MNIST."),
}


def answer(reading: Reading) -> str:
    """The verdict on a reading, with bars: the three likeliest labels of one digit, or each digit of a number."""
    if len(reading.digits) > 1:
        return _number(reading)
    top = reading.digits[0].top if reading.digits else ()
    sign, verdict = (text.format(*(label for label, _ in top)) for text in VERDICTS[reading.status])
    return _panel(reading.status, sign, verdict, ADVICE[reading.status], top)


def _number(reading: Reading) -> str:
    number = "".join(digit.label for digit in reading.digits)
    bars = tuple((digit.label, digit.confidence) for digit in reading.digits)
    if reading.status == "digit":
        return _panel("digit is-number", number, f"reads as {number}", "", bars)
    least = min(reading.digits, key=lambda digit: digit.confidence)
    doubt = f"The {least.label} may be a {least.top[1][0]}."
    return _panel("unsure is-number", number, f"unsure: probably {number}", doubt, bars)


def problem(message: str) -> str:
    """What was wrong with the input, in the answer's place."""
    sign, verdict = VERDICTS["error"]
    return _panel("error", sign, verdict, message, ())


def _panel(status: str, sign: str, verdict: str, advice: str, bars: tuple[tuple[str, float], ...]) -> str:
    rows = bars or (("–", 0.0),) * 3
    size = "" if len(sign) < 3 else f' style="font-size:clamp(1.6rem, {14 / len(sign):.1f}rem, 5rem)"'
    return (
        f'<section class="answer is-{status}" aria-live="polite" aria-atomic="true">'
        f'<div class="verdict"><span class="sign" aria-hidden="true"{size}>{escape(sign)}</span>'
        f'<p><strong>{escape(verdict)}</strong><span class="advice">{escape(advice)}</span></p></div>'
        f'<ol class="bars">{"".join(_bar(label, score, shown=bool(bars)) for label, score in rows)}</ol></section>'
    )


def _bar(label: str, score: float, *, shown: bool) -> str:
    text = percent(score) if shown else ""
    return (
        f'<li><b>{escape(label)}</b><span class="track" aria-hidden="true">'
        f'<i style="width:{score * 100:.1f}%"></i></span><span class="score">{text}</span></li>'
    )


def steps(reading: Reading) -> str:
    """The pictures from the source to the 28×28, the last one large."""
    if not reading.steps or reading.steps[-1].name != "28x28":
        return '<div class="seen is-empty"><p>Here you will see what the network sees.</p></div>'
    *before, last = reading.steps
    strip = "".join(_figure(step.name, step.picture) for step in before)
    return (
        f'<div class="seen">{_figure(last.name, last.picture)}<div><h2>What the network saw</h2>'
        f'<p class="advice">{escape(STEP_TEXTS[last.name][1])}</p><div class="steps">{strip}</div></div></div>'
    )


def _figure(name: str, picture: Pixels) -> str:
    caption, text = STEP_TEXTS[name]
    source = data_uri(_reduced(picture))
    return (
        f'<figure class="step step-{name}" title="{escape(text)}"><img src="{source}" alt="{escape(text)}">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def _reduced(picture: Pixels) -> Pixels:
    factor = -(-max(picture.shape) // STEP_SIDE)
    return np.asarray(Image.fromarray(picture).reduce(factor)) if factor > 1 else picture


def data_uri(picture: Pixels) -> str:
    """A grey picture as a PNG inside a URI, which costs no request and leaves no file."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def mistake_caption(mistake: Mistake) -> str:
    """Such as ``4 → 9 · 98.2 %``."""
    label, score = mistake.top[0]
    return f"{mistake.label} → {label} · {percent(score)}"


def mistake_detail(mistake: Mistake, picture: Pixels) -> str:
    """One misclassified test digit, enlarged, with its three likeliest labels."""
    bars = "".join(_bar(label, score, shown=True) for label, score in mistake.top)
    note = '<p class="advice">Human annotators dispute this label.</p>' if mistake.disputed else ""
    return (
        f'<section class="mistake" aria-live="polite"><img src="{data_uri(picture)}" alt="the misread digit">'
        f"<div><p><strong>A {escape(mistake.label)}, read as {escape(mistake.top[0][0])}</strong></p>"
        f'<p class="advice">test digit {mistake.index}</p>{note}<ol class="bars">{bars}</ol></div></section>'
    )


HEADER = """
<header class="masthead"><h1>Draw a digit</h1>
<p>A small network reads it while you write, and shows what it saw and where it fails.</p></header>
"""


def mistakes_intro(card: Card) -> str:
    """How many of the test digits the network reads wrong, and how many of them are shown."""
    test = card.metrics["test"]
    low, high = test["interval"]
    shown = "all of them" if len(card.mistakes) <= MOST_TILES else f"{MOST_TILES} of them"
    return (
        f'<p class="intro">Of the {test["total"]:,} digits of the MNIST test set {escape(card.model)} reads '
        f"<strong>{test['total'] - test['right']} wrong</strong>: {test['accuracy']:.2%} right, 95 % interval "
        f"{low:.2%} to {high:.2%}. These are {shown}, the most confident first: "
        f"the true digit → the one it read.</p>"
    )


def choose_a_mistake() -> str:
    """What stands in the place of a mistake before one is chosen."""
    return '<section class="mistake is-empty"><p>Choose a digit to see its three likeliest labels.</p></section>'


def mistake_tiles(card: Card, pictures: Pixels) -> list[tuple[Image.Image, str]]:
    """Enlarged pictures with captions, in the card's order, the most confident only when there are many."""
    pictures = pictures[:MOST_TILES]
    room = np.pad(pictures, ((0, 0), (0, 6), (0, 0)))  # for the caption, which the gallery lays over the picture
    enlarged = [Image.fromarray(picture).resize((112, 136), Image.Resampling.NEAREST) for picture in room]
    return list(zip(enlarged, map(mistake_caption, card.mistakes[:MOST_TILES]), strict=True))
