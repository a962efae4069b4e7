"""What a scene is made with: chance, the hands that write, and how wide its parameters spread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.preprocess.pipeline import Source
from tests.benchmark.paper import Page, paint
from tests.benchmark.writing import Hands, Writing, digit, number, row, sign, word

#: How much wider than tuned on the ranges are of every other picture that the benchmark makes.
WIDE = 1.4
#: The height of a digit in pixels.
HEIGHT = 90.0
#: What stands behind numbers, and before them.
UNITS = ("kg", "cm", "km", "pm", "EUR", "years", "mm", "ml", "hours", "pages")
WORDS = ("No", "Room", "Age", "Page", "Tel", "Gate", "Size", "Total", "Week", "Bus")
#: Stroke fonts that look written or drawn.
WORD_FONTS = ("futural", "rowmans", "scripts")


@dataclass(frozen=True)
class Stage:
    """What a scene is made with.

    Attributes:
        rng: all chance comes from it.
        hands: pen digits.
        scans: MNIST digits as uint8 (N, 28, 28) and their labels.
        spread: 1 as tuned on, more for wider ranges.
    """

    rng: Random
    hands: Hands
    scans: tuple[NDArray[np.uint8], NDArray[np.int64]]
    spread: float = 1.0

    def between(self, low: float, high: float) -> float:
        """Evenly between two bounds, which move apart by the spread."""
        middle, reach = (low + high) / 2, (high - low) / 2 * self.spread
        return max(0.3 * low, self.rng.uniform(middle - reach, middle + reach))

    def row(self, low: int = 2, high: int = 6, gap: tuple[float, float] = (0.15, 0.45), wave: float = 0.05) -> Writing:
        """A number of ``low`` to ``high`` digits."""
        return number(self.rng, self.hands, self.rng.randint(low, high), HEIGHT, gap, wave * self.spread)

    def one(self) -> Writing:
        """One digit."""
        return digit(self.hands.choose(self.rng, 1)[0], HEIGHT, self.rng)

    def signed(self, patterns: Sequence[str], gap: tuple[float, float] = (0.2, 0.4)) -> Writing:
        """Digits for each d of one of the patterns, with signs before, between or after them."""
        pattern = self.rng.choice(patterns)
        pens = iter(self.hands.choose(self.rng, pattern.count("d")))
        parts = [digit(next(pens), HEIGHT, self.rng) if c == "d" else sign(c, HEIGHT) for c in pattern if c != " "]
        gaps = [HEIGHT * self.rng.uniform(*gap) for _ in parts]
        return row(parts, gaps, [0.0 if part.text else -HEIGHT / 2 for part in parts])

    def beside_word(self) -> Writing:
        """A number of one to four digits before a unit, or behind a word."""
        pens = self.hands.choose(self.rng, self.rng.randint(1, 4))
        digits = [digit(pen, HEIGHT, self.rng) for pen in pens]
        gaps = [HEIGHT * self.rng.uniform(0.15, 0.35) for _ in digits]
        is_first = self.rng.random() < 0.5
        name = word(self.rng.choice(UNITS if is_first else WORDS), HEIGHT, self.rng.choice(WORD_FONTS))
        room = HEIGHT * self.between(0.65, 1.0)
        if is_first:
            return row([*digits, name], [*gaps[:-1], room, 0.0], [*[0.0] * len(digits), -HEIGHT / 2])
        return row([name, *digits], [room, *gaps], [-HEIGHT / 2, *[0.0] * len(digits)])

    def page(self, **changes: object) -> Page:
        """White paper with a dark pen of some width and margins of some size."""
        margins = tuple(self.between(30, 80) for _ in range(4))
        return replace(Page(pen=self.between(4, 12), margins=margins), **changes)  # type: ignore[arg-type]

    def paint(self, writing: Writing, **changes: object) -> Image.Image:
        """The writing on such a page."""
        return paint(writing, self.page(**changes), self.rng)


Made = tuple[Source, str]
Scene = Callable[[Stage], Made]
