"""Training pictures that MNIST lacks: other ways of writing digits, and what is no digit at all.

Everything is drawn as strokes, or in the font that Pillow carries, and goes the way of a
visitor's drawing: through ``preprocess`` into 28×28.
"""

from __future__ import annotations

import math
import string
from collections.abc import Callable
from random import Random

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from model.data import Digits
from model.glyphs import DIGIT_STYLES, LETTERS_AND_SYMBOLS, Sign, sign, smooth
from model.preprocess import Pixels, normalise
from model.scores import DIGITS
from model.settings import Settings
from model.strokes import Drawing, Stroke, render

#: The label of what is no digit: the one after the ten.
NO_DIGIT = DIGITS
CANVAS = 96
#: Printed signs that nobody takes for a digit.
PRINTED = "".join(sorted(set(string.ascii_letters + "+?#&@%=<>*{}$") - set("OoIlSsZzbqgij")))


def write(strokes: Sign, chance: Random) -> Pixels:
    """A sign as one hand would write it: slanted, stretched, turned, shaky, with one pen. uint8 (28, 28)."""
    angle, slant = math.radians(chance.gauss(0, 6)), chance.gauss(0.05, 0.18)
    stretch_x, stretch_y = chance.uniform(0.7, 1.15), chance.uniform(0.85, 1.15)
    shake = abs(chance.gauss(0, 0.02))
    cos, sin = math.cos(angle), math.sin(angle)

    def place(x: float, y: float) -> tuple[float, float]:
        x = (x - 0.5) * stretch_x - slant * (y - 0.5) + chance.gauss(0, shake)
        y = (y - 0.5) * stretch_y + chance.gauss(0, shake)
        return CANVAS * (0.5 + 0.6 * (x * cos - y * sin)), CANVAS * (0.5 + 0.6 * (x * sin + y * cos))

    width = CANVAS * 0.6 * math.exp(chance.gauss(math.log(0.1), 0.4))
    drawn = tuple(Stroke(width, tuple(place(x, y) for x, y in stroke)) for stroke in strokes)
    return _fit(render(Drawing((CANVAS, CANVAS), drawn)))


def _fit(picture: Image.Image) -> Pixels:
    """A picture of bright ink in MNIST's form."""
    return normalise(np.asarray(picture))[1]


def printed(text: str, chance: Random) -> Pixels:
    """A character in Pillow's own font, bolder or softer by chance. uint8 (28, 28)."""
    picture = Image.new("L", (CANVAS, CANVAS))
    font = ImageFont.load_default(size=chance.choice([48, 56, 64]))
    ImageDraw.Draw(picture).text((CANVAS / 2, CANVAS / 2), text, 255, font=font, anchor="mm")
    bolder = chance.choice([1, 1, 3, 5, 7])
    if bolder > 1:  # a MaxFilter of 1 is a division by zero inside Pillow
        picture = picture.filter(ImageFilter.MaxFilter(bolder))
    slant = chance.gauss(0, 0.12)
    picture = picture.transform(picture.size, Image.Transform.AFFINE, (1, slant, -slant * CANVAS / 2, 0, 1, 0))
    return _fit(picture.filter(ImageFilter.GaussianBlur(chance.uniform(0, 2))))


def digit_styles(count: int, seed: int) -> Digits:
    """``count`` digits in styles that MNIST lacks; one in eight is printed.

    A third are ones: MNIST's are bare strokes, so that a flag alone makes a network see a 7.
    """
    chance = Random(seed)
    labels = chance.choices(range(10), [5 if label == 1 else 1 for label in range(10)], k=count)
    images = [
        printed(str(label), chance)
        if chance.random() < 0.125
        else write(chance.choice(DIGIT_STYLES[label])(chance), chance)
        for label in labels
    ]
    return _digits(images, labels)


def outliers(count: int, seed: int, digits: Digits) -> Digits:
    """``count`` pictures of what is no digit, labelled ``NO_DIGIT``.

    Letters and symbols by hand (half of them) and in print, scribbles, blobs, two digits over
    or beside each other. Natural pictures aren't among them: what misleads a reader of strokes
    is strokes.

    Args:
        digits: training digits, from which the pairs are made.
    """
    chance = Random(seed)
    kinds: list[tuple[float, Callable[[], Pixels]]] = [
        (0.5, lambda: write(sign(chance.choice(list(LETTERS_AND_SYMBOLS.values()))), chance)),
        (0.15, lambda: printed(chance.choice(PRINTED), chance)),
        (0.1, lambda: write(scribble(chance), chance)),
        (0.07, lambda: blob(chance)),
        (0.08, lambda: overlaid(digits, chance)),
        (0.1, lambda: side_by_side(digits, chance)),
    ]
    weights = [share for share, _ in kinds]
    images = [chance.choices(kinds, weights)[0][1]() for _ in range(count)]
    return _digits(images, [NO_DIGIT] * count)


def scribble(chance: Random) -> Sign:
    """One long wild curve."""
    return [smooth([(chance.random(), chance.random()) for _ in range(chance.randint(7, 24))])]


def blob(chance: Random) -> Pixels:
    """A filled shape, or smoothed noise."""
    if chance.random() < 0.5:
        picture = Image.new("L", (CANVAS, CANVAS))
        corners = [(chance.uniform(10, 86), chance.uniform(10, 86)) for _ in range(chance.randint(3, 7))]
        ImageDraw.Draw(picture).polygon(corners, fill=255)
        ImageDraw.Draw(picture).ellipse([30, 30, chance.uniform(40, 80), chance.uniform(40, 80)], fill=255)
    else:
        noise = np.frombuffer(chance.randbytes(CANVAS * CANVAS), np.uint8).reshape(CANVAS, CANVAS)
        soft = Image.fromarray(noise).filter(ImageFilter.GaussianBlur(chance.uniform(1.5, 6)))
        middle = float(np.median(np.asarray(soft)))
        picture = soft.point(lambda level: 255 if level > middle + 2 else 0)
    return _fit(picture.filter(ImageFilter.GaussianBlur(1)))


def overlaid(digits: Digits, chance: Random) -> Pixels:
    """Two digits of different labels, one over the other."""
    one, other = _two(digits, chance, different=True)
    shift = (chance.randint(-4, 4), chance.randint(-4, 4))
    return _fit(Image.fromarray(np.maximum(one, np.roll(other, shift, axis=(0, 1)))))


def side_by_side(digits: Digits, chance: Random) -> Pixels:
    """Two digits beside each other, touching or nearly so."""
    one, other = _two(digits, chance, different=False)
    gap = chance.randint(-3, 3)
    left, right = one[:, one.any(axis=0)], other[:, other.any(axis=0)]
    picture = np.zeros((28, left.shape[1] + right.shape[1] + 3), np.uint8)
    picture[:, : left.shape[1]] = left
    start = left.shape[1] + gap
    part = picture[:, start : start + right.shape[1]]
    np.maximum(part, right, out=part)
    return _fit(Image.fromarray(picture))


def _two(digits: Digits, chance: Random, *, different: bool) -> tuple[Pixels, Pixels]:
    while True:
        first, second = chance.randrange(len(digits)), chance.randrange(len(digits))
        if not different or digits.labels[first] != digits.labels[second]:
            return digits.images[first].numpy(), digits.images[second].numpy()


def _digits(images: list[Pixels], labels: list[int]) -> Digits:
    return Digits(
        torch.from_numpy(np.stack(images) if images else np.zeros((0, 28, 28), np.uint8)),
        torch.tensor(labels, dtype=torch.int64),
    )


def extend(digits: Digits, settings: Settings) -> Digits:
    """Training digits, with as many in other styles and as many outliers as the settings say."""
    styles = digit_styles(settings.styles, settings.seed)
    others = outliers(settings.outliers, settings.seed, digits)
    parts = (digits, styles, others)
    return Digits(torch.cat([part.images for part in parts]), torch.cat([part.labels for part in parts]))
