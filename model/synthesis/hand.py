"""Signs in a hand or in print, as 28×28: each goes the way of a visitor's drawing, but isn't softened.

Redrawing in training softens every edge.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from model.preprocess.normalise import as_mnist
from model.preprocess.picture import Pixels
from model.preprocess.strokes import Drawing, Stroke, render
from model.synthesis.signs import Sign

#: The side of the canvas that a sign is drawn on, in pixels.
CANVAS = 96
#: Fonts of Pillow and matplotlib with and without serifs, upright and slanted, and some that have digits only.
FONTS = (
    *("Pillow", "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSansMono-Bold"),
    *("DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic", "STIXGeneral", "STIXGeneralBol", "STIXGeneralItalic"),
)


def write(strokes: Sign, rng: Random) -> Pixels:
    """A sign as one hand would write it: slanted, stretched, turned, unsteady, with one pen. uint8 (28, 28)."""
    angle, slant = math.radians(rng.gauss(0, 7)), rng.gauss(0.05, 0.2)
    stretch_x, stretch_y = rng.uniform(0.7, 1.15), rng.uniform(0.85, 1.15)
    unsteady = _unsteady(rng)
    cos, sin = math.cos(angle), math.sin(angle)

    def place(x: float, y: float) -> tuple[float, float]:
        dx, dy = unsteady(x, y)
        x, y = (x - 0.5) * stretch_x - slant * (y - 0.5) + dx, (y - 0.5) * stretch_y + dy
        return CANVAS * (0.5 + 0.6 * (x * cos - y * sin)), CANVAS * (0.5 + 0.6 * (x * sin + y * cos))

    width = CANVAS * 0.6 * math.exp(rng.gauss(math.log(0.1), 0.4))
    drawn = tuple(Stroke(width, tuple(place(x, y) for x, y in stroke)) for stroke in strokes)
    return fit(render(Drawing((CANVAS, CANVAS), drawn)))


def _unsteady(rng: Random) -> Callable[[float, float], tuple[float, float]]:
    """Where a hand goes astray: displacements along x and y that vary smoothly over the sign, two waves each."""
    waves = [(rng.gauss(0, 0.03), rng.gauss(0, 4), rng.gauss(0, 4), rng.uniform(0, 2 * math.pi)) for _ in range(4)]

    def displacement(x: float, y: float) -> tuple[float, float]:
        moves = [swing * math.sin(across * x + down * y + phase) for swing, across, down, phase in waves]
        return moves[0] + moves[1], moves[2] + moves[3]

    return displacement


def fit(picture: Image.Image | Pixels) -> Pixels:
    """A picture of bright ink in MNIST's form."""
    return as_mnist(np.asarray(picture))[1]


@lru_cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font that matplotlib carries, or Pillow's own."""
    if name == "Pillow":
        return ImageFont.load_default(size=size)
    import matplotlib  # its fonts are all that is wanted of it

    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf", size)


def printed(text: str, rng: Random, fonts: Sequence[str] = FONTS) -> Pixels:
    """A character in one of the fonts, bolder or softer by chance. uint8 (28, 28)."""
    picture = Image.new("L", (CANVAS, CANVAS))
    font = _font(rng.choice(fonts), rng.choice([48, 56, 64]))
    ImageDraw.Draw(picture).text((CANVAS / 2, CANVAS / 2), text, 255, font=font, anchor="mm")
    bolder = rng.choice([1, 1, 3, 5, 7])
    if bolder > 1:  # a MaxFilter of 1 is a division by zero inside Pillow
        picture = picture.filter(ImageFilter.MaxFilter(bolder))
    slant = rng.gauss(0, 0.12)
    picture = picture.transform(picture.size, Image.Transform.AFFINE, (1, slant, -slant * CANVAS / 2, 0, 1, 0))
    return fit(picture.filter(ImageFilter.GaussianBlur(rng.uniform(0, 2))))
