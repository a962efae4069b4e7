"""What is no digit, from other sources than the training's: Hershey's letters, wild pens, noise, textures."""

from __future__ import annotations

import gzip
import random
import string
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from HersheyFonts import HersheyFonts

from model.preprocess.pipeline import Source
from model.preprocess.strokes import Drawing, Stroke
from tests.benchmark.sources import CANVAS, on_canvas

#: A–Z and a–z but for what is written like a 0 or a 1.
LETTERS = "".join(letter for letter in string.ascii_letters if letter not in "OoIl")
#: Of these, what is written like a 5, 2, 6, 9 or 1.
ALIKE = "SsZzbgqi"
SYMBOLS = "+=?#&@%*<>$^~{}[]"
FONTS = ("futural", "rowmans", "scripts", "cursive", "timesr", "timesi")


def letters(seed: int = 0, without: str = "") -> Iterator[Source]:
    """Every letter and symbol in six stroke fonts, drawn on the pad as a person varies size, place and pen."""
    rng = random.Random(seed)
    for name in FONTS:
        font = HersheyFonts()
        font.load_default_font(name)
        for sign in LETTERS + SYMBOLS:
            strokes = [[[x, y] for x, y in stroke] for stroke in font.strokes_for_text(sign)]
            if strokes:
                drawing = on_canvas(strokes, rng)
                if sign not in without:
                    yield drawing


def scribbles(count: int, seed: int = 0) -> Iterator[Source]:
    """A pen that wanders: each step turns a little, at random."""
    rng = random.Random(seed)
    for _ in range(count):
        x, y, angle = rng.uniform(60, 220), rng.uniform(60, 220), rng.uniform(0, 6.3)
        points = []
        for _ in range(rng.randint(60, 250)):
            angle += rng.gauss(0, 0.6)
            x = min(max(x + 9 * np.cos(angle), 10), CANVAS - 10)
            y = min(max(y + 9 * np.sin(angle), 10), CANVAS - 10)
            points.append((float(x), float(y)))
        yield Drawing((CANVAS, CANVAS), (Stroke(rng.uniform(6, 20), tuple(points)),))


def clothes(file: Path, count: int) -> Iterator[Source]:
    """Fashion-MNIST's first test pictures, from its gzipped IDX file: uint8 (28, 28)."""
    with gzip.open(file) as packed:
        pixels = np.frombuffer(packed.read(16 + count * 28 * 28), np.uint8, offset=16)
    yield from pixels.reshape(-1, 28, 28)


def textures(count: int, seed: int = 0) -> Iterator[Source]:
    """Noise, stripes, checks and clouds: uint8 (120, 120)."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:120, :120]
    for number in range(count):
        period, turn = rng.uniform(4, 30), rng.uniform(0, np.pi)
        wave = np.sin((x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / period)
        cross = np.sin((y * np.cos(turn) - x * np.sin(turn)) * 2 * np.pi / period)
        cloud = np.kron(rng.normal(size=(8, 8)), np.ones((15, 15)))
        picture = [rng.normal(size=(120, 120)), wave, wave * cross, cloud][number % 4]
        yield np.clip(127 + 60 * picture, 0, 255).astype(np.uint8)
