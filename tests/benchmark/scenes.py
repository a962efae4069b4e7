"""Named scenes: what people draw and photograph, made of digits that no training run has seen.

Each scene is a few lines: a random generator, the hands that write and how wide its parameters spread, to a source and
the digits that stand on it in reading order. All six writers have helped to choose some bound of reading
(docs/experiments.md). The benchmark makes every other picture with ``WIDE``, whose ranges nobody tuned on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.benchmark.drawn import pad, pad_brackets, pad_late, pad_lines, pad_marked, pad_signs, pad_unsteady, pad_word
from tests.benchmark.paper import chalked, paint, photographed, scaled
from tests.benchmark.soft import blurred, few_pixels
from tests.benchmark.stage import HEIGHT, Made, Scene, Stage
from tests.benchmark.surroundings import (
    bordered,
    circled,
    crossed_out,
    highlighted,
    in_false_colours,
    in_shadow,
    in_spots,
    on_table,
    punched,
)
from tests.benchmark.writing import Writing, digit, joined, lines


def _picture(make: Callable[[Stage], tuple[Image.Image | NDArray[np.uint8] | bytes, Writing]]) -> Scene:
    def scene(stage: Stage) -> Made:
        picture, writing = make(stage)
        return picture, writing.text

    return scene


def _row(stage: Stage, gap: tuple[float, float] = (0.15, 0.45), low: int = 2, high: int = 6, **page: Any) -> Made:
    writing = stage.row(low, high, gap)
    return stage.paint(writing, **page), writing.text


def close(
    stage: Stage, gap: tuple[float, float], *, least: int = 2, most: int, pen: tuple[float, float] | None = None
) -> Made:
    """A row with such gaps, in heights; below 0 the boxes of its digits overlap."""
    return _row(stage, gap, least, most, **({} if pen is None else {"pen": stage.between(*pen)}))


def tilted(stage: Stage) -> Made:
    """On a line that rises or falls by up to 12°."""
    writing = stage.row().turned(stage.rng.choice([-1, 1]) * stage.between(3, 10))
    return stage.paint(writing), writing.text


def small(stage: Stage) -> Made:
    """Digits of 20 to 40 pixels."""
    writing = stage.row()
    picture = stage.paint(writing)
    factor = stage.between(22, 40) / HEIGHT
    return scaled(picture, factor, Image.Resampling.LANCZOS, 8), writing.text


def chalk(stage: Stage) -> Made:
    """Bright and grainy on a dark board."""
    writing = stage.row()
    level, board = int(stage.between(170, 250)), int(stage.between(25, 60))
    return chalked(stage.paint(writing, ink=(level,) * 3, paper=(board,) * 3), stage.rng), writing.text


def _photo(stage: Stage, writing: Writing, **page: object) -> Made:
    tint = tuple(int(stage.between(175, 250)) for _ in range(3))
    pen = stage.rng.choice([(20, 20, 25), (30, 40, 120), (120, 25, 35), (60, 60, 60)])
    picture = stage.paint(writing, paper=tint, ink=pen, margins=tuple(stage.between(60, 160) for _ in range(4)), **page)
    return photographed(picture, stage.rng, stage.spread), writing.text


def _squares(stage: Stage) -> dict[str, Any]:
    level = int(stage.between(150, 215))
    return {
        "squared": stage.between(18, 60),
        "rule": (level, level, min(255, level + 15)),
        "rule_width": stage.between(0.8, 2),
    }


def _ruled(stage: Stage) -> dict[str, Any]:
    level = int(stage.between(140, 210))
    return {
        "ruled": stage.between(60, 150),
        "rule": (level, level, min(255, level + 20)),
        "rule_width": stage.between(0.8, 2.2),
    }


def _dotted(stage: Stage) -> dict[str, Any]:
    level = int(stage.between(120, 200))
    return {"dotted": stage.between(18, 50), "rule": (level,) * 3, "rule_width": stage.between(0.8, 2)}


def separators(stage: Stage) -> Made:
    """Dates, times, telephone numbers, sums of money."""
    patterns = ["dd/dd/dddd", "dd.dd.dd", "ddd-ddd-dddd", "dd:dd", "d,ddd", "dd-dd", "(dd) dddd", "dddd/dd"]
    writing = stage.signed(patterns, gap=(0.15, 0.35))
    return stage.paint(writing), writing.text


def signs(stage: Stage) -> Made:
    """Numbers with a sign before or after, and sums."""
    writing = stage.signed(["-dd", "dd%", "$dd", "d+d=d", "d+dd=", "-d.d", "dd+d"])
    return stage.paint(writing), writing.text


def boxes(stage: Stage) -> Made:
    """One digit in each box of a printed form."""
    count, side = stage.rng.randint(3, 8), HEIGHT * stage.between(1.35, 1.9)
    parts, squares = [], []
    for place, pen in enumerate(stage.hands.choose(stage.rng, count)):
        part = digit(pen, HEIGHT, stage.rng)
        left, top, right, bottom = part.box()
        x, y = place * side + (side - right + left) / 2, (side - bottom + top) / 2
        parts.append(part.moved(x + stage.rng.gauss(0, 3), y + stage.rng.gauss(0, 3)))
        squares.append((place * side, 0.0, (place + 1) * side, side))
    level = int(stage.between(20, 170))
    writing = joined(*parts)
    page = stage.page(boxes=tuple(squares), printed=(level,) * 3, printed_width=stage.between(1.2, 3))
    edge = side * 0.6
    return paint(writing, replace(page, margins=(edge,) * 4), stage.rng), writing.text


def _sheet(rows: tuple[int, int], digits: tuple[int, int]) -> Scene:
    def scene(stage: Stage) -> Made:
        count = stage.rng.randint(*rows)
        lined = [stage.row(*digits, gap=(0.12, 0.4)) for _ in range(count)]
        writing = lines(lined, HEIGHT * stage.between(1.5, 2.1), stage.rng)
        return stage.paint(writing, pen=stage.between(5, 9)), writing.text

    return scene


def scanned(stage: Stage, rows: tuple[int, int] = (1, 1), columns: tuple[int, int] = (2, 6)) -> Made:
    """MNIST digits in a grid, enlarged."""
    images, labels = stage.scans
    high, wide = stage.rng.randint(*rows), stage.rng.randint(*columns)
    chosen = [stage.rng.randrange(len(labels)) for _ in range(high * wide)]
    pitch = round(stage.between(26, 36))
    picture = np.zeros((high * 34 + 20, wide * pitch + 20), np.uint8)
    for place, index in enumerate(chosen):
        y, x = 10 + place // wide * 34, 10 + place % wide * pitch + stage.rng.randint(-1, 1)
        part = picture[y : y + 28, x : x + 28]
        np.maximum(part, images[index][:, : part.shape[1]], out=part)
    size = (4 * picture.shape[1], 4 * picture.shape[0])
    return Image.fromarray(255 - picture).resize(size, Image.Resampling.BICUBIC), "".join(
        str(int(labels[index])) for index in chosen
    )


def two_small(stage: Stage) -> Made:
    """A number of two digits in 28×28, bright on black as MNIST's."""
    writing = stage.row(2, 2, gap=(0.15, 0.35))
    picture = stage.paint(
        writing, ink=(255,) * 3, paper=(0,) * 3, margins=(12, 40, 12, 40), pen=stage.between(9, 14)
    ).convert("L")
    side = max(picture.size)
    square = Image.new("L", (side, side))
    square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return square.resize((28, 28), Image.Resampling.BOX), writing.text


def ringed(stage: Stage) -> Made:
    """One digit in a printed ring or square."""
    writing, reach = stage.one(), HEIGHT * stage.between(0.85, 1.1)
    left, top, right, bottom = writing.box()
    x, y = (left + right) / 2, (top + bottom) / 2
    shape = {stage.rng.choice(["rings", "boxes"]): ((x - reach, y - reach, x + reach, y + reach),)}
    return stage.paint(writing, margins=(2 * HEIGHT,) * 4, printed_width=stage.between(1.5, 4), **shape), writing.text


def underlined(stage: Stage) -> Made:
    """One digit with a line under it."""
    writing = stage.one()
    left, _, right, bottom = writing.box()
    y, reach = bottom + HEIGHT * stage.between(0.15, 0.3), HEIGHT * stage.between(0.1, 0.3)
    line = ((left - reach, y, right + reach, y + stage.rng.uniform(-3, 3)),)
    return stage.paint(
        writing, strokes_below=line, printed_width=stage.between(3, 7), margins=(60, 60, 60, 90)
    ), writing.text


def filling(stage: Stage) -> Made:
    """1-bit, 16 pixels on its longest side, filled by the digit to its edges."""
    writing = stage.one()
    picture = stage.paint(writing, margins=(1.0,) * 4, pen=stage.between(9, 15)).convert("L")
    tiny = np.asarray(scaled(picture, 16 / max(picture.size), Image.Resampling.BOX, 5))
    return np.where(tiny < 128, 255, 0).astype(np.uint8), writing.text


def bar(stage: Stage) -> Made:
    """A plain upright bar in a small picture."""
    side = stage.rng.randint(16, 48)
    picture = np.full((side, side), 255, np.uint8)
    width, height = max(1, round(side * stage.rng.uniform(0.06, 0.14))), round(side * stage.rng.uniform(0.6, 0.9))
    top, left = (side - height) // 2, (side - width) // 2
    picture[top : top + height, left : left + width] = 0
    return picture, "1"


def note_on_table(stage: Stage) -> Made:
    """A coloured or white note on a table."""
    writing = stage.row(1, 4)
    paper = stage.rng.choice([(250, 240, 120), (255, 170, 190), (170, 230, 250), (245, 243, 238)])
    note = stage.paint(writing, paper=paper, ink=stage.rng.choice([(25, 25, 35), (30, 40, 120)]))
    return on_table(note, stage.rng, stage.spread), writing.text


def sheet_on_desk(stage: Stage) -> Made:
    """A whole sheet on a desk, with a number somewhere on it."""
    writing = stage.row(1, 4)
    sheet = stage.paint(writing, paper=(240, 238, 232), margins=tuple(stage.between(160, 900) for _ in range(4)))
    return on_table(sheet, stage.rng, stage.spread), writing.text


def framed(stage: Stage) -> Made:
    """A canvas with a border all round."""
    writing = stage.row(1, 5)
    return bordered(stage.paint(writing), stage.rng, stage.spread), writing.text


def marked(stage: Stage) -> Made:
    """A number under a text marker."""
    writing = stage.row(1, 5)
    page = stage.paint(writing, margins=tuple(stage.between(40, 220) for _ in range(4)))
    return highlighted(page, stage.rng, stage.spread), writing.text


def false_colours(stage: Stage) -> Made:
    """One of MNIST's digits in a colour map."""
    images, labels = stage.scans
    index = stage.rng.randrange(len(labels))
    return in_false_colours(images[index], stage.rng), str(int(labels[index]))


def shadowed(stage: Stage) -> Made:
    """A page in the shadow of a hand, or half in it."""
    writing = stage.row()
    page = stage.paint(writing, paper=(240, 238, 232), margins=tuple(stage.between(30, 160) for _ in range(4)))
    return in_shadow(page, stage.rng, stage.spread), writing.text


def spotted(stage: Stage) -> Made:
    """A large page that isn't flat, with a number somewhere on it."""
    writing = stage.row(1, 5)
    page = stage.paint(writing, paper=(235, 233, 228), margins=tuple(stage.between(80, 700) for _ in range(4)))
    return in_spots(page, stage.rng, stage.spread), writing.text


def answer(stage: Stage) -> Made:
    """A number with a ring round it."""
    writing = stage.row(2, 5)
    return circled(stage.paint(writing, margins=(110.0,) * 4), stage.rng, stage.spread), writing.text


def corrected(stage: Stage) -> Made:
    """A number whose first digit is crossed out."""
    writing = stage.row(2, 5, gap=(0.25, 0.5))
    page = stage.paint(writing, pen=stage.between(3, 8))
    return crossed_out(page, stage.rng, stage.spread), writing.text[1:]


def on_punched_sheet(stage: Stage) -> Made:
    """A number on a ruled sheet with punched holes."""
    writing, margin = stage.row(1, 5), stage.between(110, 180)
    margins = (margin + stage.between(10, 80), *(stage.between(60, 160) for _ in range(3)))
    page = stage.paint(writing, margins=margins, **_ruled(stage))
    return punched(page, margin, stage.rng, stage.spread), writing.text


def dithered(stage: Stage) -> Made:
    """Grey paper told by black and white dots."""
    writing, level = stage.row(1, 5), int(stage.between(150, 235))
    page = stage.paint(writing, paper=(level,) * 3, margins=tuple(stage.between(20, 80) for _ in range(4)))
    return page.convert("1"), writing.text


def beside_word(stage: Stage) -> Made:
    """A number before a unit, or behind a word."""
    writing = stage.beside_word()
    return stage.paint(writing), writing.text


TOUCHING = (-0.08, 0.04)

#: Name -> what makes it: pictures first, then drawings.
SCENES: dict[str, Scene] = {
    "row of 2–6": _row,
    "row of 7–12": lambda stage: _row(stage, low=7, high=12),
    "row, wide gaps": lambda stage: _row(stage, gap=(0.8, 2.2), high=7),
    "row, touching": lambda stage: _row(stage, gap=TOUCHING, high=5),
    "row, thin pen": lambda stage: _row(stage, pen=stage.between(1.5, 3)),
    "row, thick pen": lambda stage: _row(stage, pen=stage.between(14, 22), gap=(0.3, 0.5)),
    "row, tilted": tilted,
    "row, small": small,
    "row, cut close": lambda stage: _row(stage, margins=tuple(stage.between(4, 9) for _ in range(4))),
    "row, wide margins": lambda stage: _row(stage, margins=tuple(stage.between(200, 600) for _ in range(4))),
    "row, chalk": chalk,
    "row, faint pencil": lambda stage: _row(stage, ink=(int(stage.between(150, 200)),) * 3, pen=stage.between(2, 4)),
    "row, ruled": lambda stage: _row(stage, **_ruled(stage)),
    "row, squared": lambda stage: _row(stage, **_squares(stage)),
    "row, dotted": lambda stage: _row(stage, margins=tuple(stage.between(60, 300) for _ in range(4)), **_dotted(stage)),
    "row, in a border": framed,
    "row, under a text marker": marked,
    "row, photo": lambda stage: _photo(stage, stage.row()),
    "row, photo of ruled": lambda stage: _photo(stage, stage.row(), **_ruled(stage)),
    "row, photo of squared": lambda stage: _photo(stage, stage.row(), **_squares(stage)),
    "row, in a hand's shadow": shadowed,
    "row, in spots of light": spotted,
    "row, circled": answer,
    "row, first digit crossed out": corrected,
    "row, on a punched sheet": on_punched_sheet,
    "row, dithered": dithered,
    "beside a word": beside_word,
    "note on a table": note_on_table,
    "sheet on a desk": sheet_on_desk,
    "separators": separators,
    "signs left out": signs,
    "boxes of a form": boxes,
    "sheet of 2–6 lines": _sheet((2, 6), (2, 7)),
    "sheet of 8–14 lines": _sheet((8, 14), (5, 10)),
    "MNIST row": scanned,
    "MNIST sheet": lambda stage: scanned(stage, (3, 10), (4, 9)),
    "two in 28×28": two_small,
    "one, thin pen": lambda stage: (stage.paint(w := stage.one(), pen=stage.between(1, 2)), w.text),
    "one, photo": lambda stage: _photo(stage, stage.one()),
    "one, photo of squared": lambda stage: _photo(stage, stage.one(), **_squares(stage)),
    "one, ringed or boxed": ringed,
    "one, underlined": underlined,
    "one, 1-bit 16×16, filling": filling,
    "one, blurred, cut close": blurred,
    "one, of few pixels": few_pixels,
    "one, a plain bar": bar,
    "one, false colours": false_colours,
    "pad, one": pad((90, 220), (8, 24)),
    "pad, one small": pad((30, 70), (6, 14)),
    "pad, one thick": pad((140, 220), (26, 40)),
    "pad, row": pad((60, 110), (5, 12), (0.15, 0.45)),
    "pad, touching": pad((60, 110), (5, 10), TOUCHING),
    "pad, late strokes": pad_late,
    "pad, signs left out": pad_signs,
    "pad, in brackets": pad_brackets,
    "pad, beside a word": pad_word,
    "pad, two lines": pad_lines,
    "pad, underlined or ringed": pad_marked,
    "pad, lost touch or gone over": pad_unsteady,
}
