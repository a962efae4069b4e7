"""What must not change an answer: a digit's place, its size, which way round it is, how it was saved, its pen."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from PIL import Image, ImageOps

from model import Recognizer
from model.preprocess.pipeline import Source
from model.preprocess.strokes import Drawing, render
from tests.helpers.pictures import saved

Change = Callable[[Drawing, random.Random], Source]


def shifted(drawing: Drawing, rng: random.Random) -> Drawing:
    """Anywhere on the canvas."""
    reach = max(stroke.width for stroke in drawing.strokes) / 2
    points = [point for stroke in drawing.strokes for point in stroke.points]
    moves = [
        rng.uniform(reach - min(values), side - reach - max(values)) if max(values) - min(values) < side else 0.0
        for values, side in zip(zip(*(point[:2] for point in points), strict=True), drawing.size, strict=True)
    ]
    return replace(
        drawing,
        strokes=tuple(
            replace(stroke, points=tuple((x + moves[0], y + moves[1]) for x, y in stroke.points))
            for stroke in drawing.strokes
        ),
    )


def scaled(drawing: Drawing, rng: random.Random) -> Image.Image:
    """The whole picture 0.3 to 3 times as large."""
    factor = _between(0.3, 3.0, rng)
    picture = _on_paper(drawing)
    return picture.resize([max(1, round(side * factor)) for side in picture.size], Image.Resampling.BICUBIC)


def inverted(drawing: Drawing, _: random.Random) -> Image.Image:
    """Light on dark."""
    return ImageOps.invert(_on_paper(drawing))


def saved_as_jpeg(drawing: Drawing, rng: random.Random) -> bytes:
    """With a quality of 40 to 95."""
    return saved(_on_paper(drawing), "JPEG", quality=rng.randint(40, 95))


def with_margin(drawing: Drawing, rng: random.Random) -> Image.Image:
    """Up to its own size of paper more on each side."""
    picture = _on_paper(drawing)
    left, top, right, bottom = (round(rng.random() * side) for side in picture.size * 2)
    return ImageOps.expand(picture, (left, top, right, bottom), fill=255)


def with_another_pen(drawing: Drawing, rng: random.Random) -> Drawing:
    """A pen half to twice as wide."""
    factor = _between(0.5, 2.0, rng)
    strokes = tuple(replace(stroke, width=stroke.width * factor) for stroke in drawing.strokes)
    return replace(drawing, strokes=strokes)


#: How a changed digit is told of -> the change.
CHANGES: dict[str, Change] = {
    "moved": shifted,
    "0.3 to 3 times as large": scaled,
    "inverted": inverted,
    "a JPEG of quality 40 to 95": saved_as_jpeg,
    "given a margin": with_margin,
    "drawn with a pen half to twice as wide": with_another_pen,
}


def kept(recognizer: Recognizer, drawings: Iterable[Drawing], change: Change, seed: int = 0) -> Iterator[bool]:
    """Of each drawing that is read as surely one digit, whether its label stays under the change."""
    rng = random.Random(seed)
    for drawing in drawings:
        reading = recognizer.read(drawing)
        if reading.status == "digit" and len(reading.digits) == 1:
            changed = recognizer.read(change(drawing, rng))
            yield [digit.label for digit in changed.digits] == [reading.digits[0].label]


def _on_paper(drawing: Drawing) -> Image.Image:
    """Dark ink on white paper."""
    return ImageOps.invert(render(drawing))


def _between(low: float, high: float, rng: random.Random) -> float:
    """A factor, as likely to shrink as to grow."""
    return math.exp(rng.uniform(math.log(low), math.log(high)))
