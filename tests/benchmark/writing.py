"""Digits of held-out writers laid out as rows, columns and sheets: strokes in pixels, before any paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random

import numpy as np
from HersheyFonts import HersheyFonts
from numpy.typing import NDArray

from model.data.pens import PenDigit, load_pens

Points = NDArray[np.float64]

#: Signs that stand between digits, as strokes in a box of height 1 whose baseline is y = 1.
SIGNS: dict[str, list[list[tuple[float, float]]]] = {
    "-": [[(0.0, 0.55), (0.4, 0.55)]],
    "/": [[(0.4, -0.05), (0.0, 1.1)]],
    ".": [[(0.0, 0.97), (0.03, 1.0)]],
    ":": [[(0.0, 0.3), (0.03, 0.33)], [(0.0, 0.85), (0.03, 0.88)]],
    ",": [[(0.06, 0.95), (0.0, 1.2)]],
    "+": [[(0.0, 0.55), (0.5, 0.55)], [(0.25, 0.3), (0.25, 0.8)]],
    "=": [[(0.0, 0.42), (0.5, 0.42)], [(0.0, 0.68), (0.5, 0.68)]],
    "(": [[(0.25, -0.1), (0.05, 0.2), (0.0, 0.5), (0.05, 0.8), (0.25, 1.1)]],
    ")": [[(0.0, -0.1), (0.2, 0.2), (0.25, 0.5), (0.2, 0.8), (0.0, 1.1)]],
    "%": [[(0.6, 0.0), (0.1, 1.0)], [(0.1, 0.1), (0.0, 0.25), (0.1, 0.4), (0.2, 0.25), (0.1, 0.1)],
          [(0.6, 0.6), (0.5, 0.75), (0.6, 0.9), (0.7, 0.75), (0.6, 0.6)]],
    "$": [[(0.5, 0.15), (0.25, 0.05), (0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.25, 0.95), (0.0, 0.85)],
          [(0.25, -0.1), (0.25, 1.1)]],
}  # fmt: skip


@dataclass
class Writing:
    """What one hand wrote.

    Attributes:
        text: the digits in reading order, without signs.
        strokes: in the order they were written, each (P, 2) in pixels.
    """

    text: str = ""
    strokes: list[Points] = field(default_factory=list)

    def moved(self, x: float, y: float) -> Writing:
        """The same somewhere else."""
        return Writing(self.text, [stroke + np.array([x, y]) for stroke in self.strokes])

    def turned(self, degrees: float) -> Writing:
        """The same, turned about the origin."""
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        return Writing(self.text, [stroke @ np.array([[cos, sin], [-sin, cos]]) for stroke in self.strokes])

    def box(self) -> tuple[float, float, float, float]:
        """(x0, y0, x1, y1) of all its points."""
        points = np.concatenate(self.strokes)
        return (*map(float, points.min(axis=0)), *map(float, points.max(axis=0)))  # type: ignore[return-value]


def joined(*parts: Writing) -> Writing:
    """Several parts as one, in their order."""
    return Writing("".join(part.text for part in parts), [stroke for part in parts for stroke in part.strokes])


class Hands:
    """The writers whose digits a scene may use, one at a time."""

    def __init__(self, digits: Sequence[PenDigit]) -> None:
        self._by_writer: dict[int, list[PenDigit]] = {}
        for digit in digits:
            self._by_writer.setdefault(digit.writer, []).append(digit)

    @classmethod
    def kept_out(cls) -> Hands:
        """Writers 25 to 30, whom no training run has seen."""
        return cls(_pens()[1])

    @classmethod
    def trained_on(cls) -> Hands:
        """Writers 1 to 24, for choosing thresholds."""
        return cls(_pens()[0])

    def choose(self, rng: Random, count: int) -> list[PenDigit]:
        """Digits of one writer."""
        return rng.choices(self._by_writer[rng.choice(sorted(self._by_writer))], k=count)


class WithHabits(Hands):
    """The same, some of whom slash their zeros or cross their sevens, as nobody among the writers 1 to 24 does."""

    #: The share of scenes in which zeros are slashed, and that in which sevens are crossed.
    SLASHED, CROSSED = 0.25, 0.2

    def choose(self, rng: Random, count: int) -> list[PenDigit]:
        """Digits of one writer, with one habit each time."""
        digits = super().choose(rng, count)
        is_slashed, is_crossed, is_first = (rng.random() < share for share in (self.SLASHED, self.CROSSED, 0.5))
        length, lean = rng.uniform(0.9, 1.35), rng.uniform(0.5, 1.2)
        made = []
        for pen in digits:
            low, high = (bound(np.concatenate(pen.strokes), axis=0) for bound in (np.min, np.max))
            middle, reach = (low + high) / 2, (high - low) / 2
            added: Points | None = None
            if is_slashed and pen.label == 0:
                added = middle + rng.uniform(0.85, 1.15) * length * reach * np.array([[lean, -1.0], [-lean, 1.0]])
                added = added[::-1] if rng.random() < 0.3 else added
            elif is_crossed and pen.label == 7:
                y = middle[1] + reach[1] * rng.uniform(-0.2, 0.2)
                half, rise = reach[0] * rng.uniform(0.5, 1.0), reach[1] * rng.uniform(-0.1, 0.1)
                added = np.array([[middle[0] - half, y + rise], [middle[0] + half, y]])
            made.append(pen if added is None else _with_stroke(pen, added, is_first=is_first and pen.label == 0))
        return made


def _with_stroke(pen: PenDigit, added: Points, *, is_first: bool) -> PenDigit:
    """A digit with one stroke more, its box's corner at (0, 0) again."""
    strokes = (added, *pen.strokes) if is_first else (*pen.strokes, added)
    corner = np.min(np.concatenate(strokes), axis=0)
    return replace(pen, strokes=tuple(stroke - corner for stroke in strokes))


@cache
def _pens() -> tuple[list[PenDigit], list[PenDigit]]:
    """Unpacked once: it takes a fifth of a second."""
    return load_pens()


def digit(pen: PenDigit, height: float, rng: Random) -> Writing:
    """One digit that high, or 1.1 times as wide where it is a wide one, its box's corner at (0, 0)."""
    points = np.concatenate(pen.strokes)
    scale = height * rng.uniform(0.9, 1.1) / max(1e-6, float(points[:, 1].max()))
    scale = min(scale, 1.1 * height / max(1e-6, float(points[:, 0].max())))
    return Writing(str(pen.label), [stroke * scale for stroke in pen.strokes])


def sign(name: str, height: float) -> Writing:
    """A sign that belongs to no number."""
    return Writing("", [np.array(stroke) * height for stroke in SIGNS[name]])


def word(text: str, height: float, font: str) -> Writing:
    """A word in a stroke font, whose capitals are that high; it belongs to no number."""
    letters = HersheyFonts()
    letters.load_default_font(font)
    capital = np.concatenate([np.array(stroke, float) for stroke in letters.strokes_for_text("H")])
    low, high = capital[:, 1].min(), capital[:, 1].max()
    scale = height / (high - low)
    return Writing("", [(np.array(stroke, float) - [0, low]) * scale for stroke in letters.strokes_for_text(text)])


def row(parts: Sequence[Writing], gaps: Sequence[float], drops: Sequence[float]) -> Writing:
    """Parts from left to right on one line, so many pixels between their points and so many below the line."""
    placed, x = [], 0.0
    for part, gap, drop in zip(parts, gaps, drops, strict=True):
        left, top, right, bottom = part.box()
        # Digits stand on the line by their middle, signs as they are made.
        down = drop - (top + bottom) / 2 if part.text else drop
        placed.append(part.moved(x - left, down))
        x += right - left + gap
    return joined(*placed)


def number(rng: Random, hands: Hands, count: int, height: float, gap: tuple[float, float], wave: float) -> Writing:
    """Digits of one writer in a row; ``gap`` is a range in heights, ``wave`` how far they stray from the line."""
    digits = [digit(pen, height, rng) for pen in hands.choose(rng, count)]
    gaps = [height * rng.uniform(*gap) for _ in digits]
    return row(digits, gaps, [height * rng.gauss(0, wave) for _ in digits])


def lines(rows: Sequence[Writing], pitch: float, rng: Random) -> Writing:
    """Rows below each other, each beginning a little elsewhere."""
    return joined(*(part.moved(rng.uniform(0, 0.3 * pitch), number * pitch) for number, part in enumerate(rows)))
