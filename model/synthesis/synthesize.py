"""Training pictures that MNIST lacks: other ways of writing digits, and what is no digit at all.

Everything is drawn as strokes, or in the fonts that Pillow and matplotlib carry, and goes the way of a
visitor's drawing into 28×28, but isn't softened: redrawing in training softens every edge.
"""

from __future__ import annotations

import math
import string
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from model.data.digits import Digits, as_images, as_input, joined
from model.preprocess.ink import keep_digit
from model.preprocess.normalise import as_mnist
from model.preprocess.picture import SIZE, Pixels
from model.preprocess.pipeline import preprocess
from model.preprocess.strokes import Drawing, Stroke, render
from model.reading.scores import DIGITS
from model.settings import Settings
from model.synthesis.degrade import degrade
from model.synthesis.pens import half, pen_digits
from model.synthesis.signs import DOUBTFUL, SIGNS, Sign, adorned, invented, sign, smooth
from model.synthesis.styles import DIGIT_STYLES

#: The label of what is no digit: the one after the ten.
NO_DIGIT = DIGITS
CANVAS = 96
#: Fonts of Pillow and matplotlib with and without serifs, upright and slanted, and some that have digits only.
FONTS = (
    *("Pillow", "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSansMono-Bold"),
    *("DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic", "STIXGeneral", "STIXGeneralBol", "STIXGeneralItalic"),
)
DIGIT_FONTS = ("cmr10", "cmb10", "cmss10", "cmtt10", "cmti10")
#: Of the synthetic digits, how many of each: most where MNIST has one style of several. Its ones are bare
#: strokes, so that a flag alone makes a network see a 7.
STYLE_WEIGHTS = (1, 4, 1, 2, 3, 1, 1, 3, 1, 4)
#: Digits that look like no other in the mirror.
MIRRORED = (3, 6, 7, 9)
#: Digits that look like no other after so many quarter turns.
TURNED = {1: (2, 3, 4, 5, 6, 7, 8, 9), 2: (3, 4, 7), 3: (2, 3, 4, 5, 6, 7, 8, 9)}
#: Printed signs that nobody takes for a digit.
PRINTED = "".join(sorted(set(string.ascii_letters + "+?#&@%=<>*{}[]$") - set("OoIliSsZzbqg")))


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
    return _fit(render(Drawing((CANVAS, CANVAS), drawn)))


def _unsteady(rng: Random) -> Callable[[float, float], tuple[float, float]]:
    """Where a hand goes astray: displacements along x and y that vary smoothly over the sign, two waves each."""
    waves = [(rng.gauss(0, 0.03), rng.gauss(0, 4), rng.gauss(0, 4), rng.uniform(0, 2 * math.pi)) for _ in range(4)]

    def displacement(x: float, y: float) -> tuple[float, float]:
        moves = [swing * math.sin(across * x + down * y + phase) for swing, across, down, phase in waves]
        return moves[0] + moves[1], moves[2] + moves[3]

    return displacement


def _fit(picture: Image.Image) -> Pixels:
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
    return _fit(picture.filter(ImageFilter.GaussianBlur(rng.uniform(0, 2))))


def digit_styles(count: int, seed: int) -> Digits:
    """``count`` digits in styles that MNIST lacks; one in five is printed."""
    rng = Random(seed)
    labels = rng.choices(range(DIGITS), STYLE_WEIGHTS, k=count)
    images = [
        printed(str(label), rng, FONTS + DIGIT_FONTS)
        if rng.random() < 0.2
        else write(rng.choice(DIGIT_STYLES[label])(rng), rng)
        for label in labels
    ]
    return _digits(images, labels)


def degraded(digits: Digits, count: int, seed: int) -> Digits:
    """``count`` training digits as preprocessing gives them back from a bad picture: a part of the lines, the
    noise and the shadows remains, and the box is too wide. Some are lost on the way and missing here.
    """
    rng = torch.Generator().manual_seed(seed)
    chosen = torch.randperm(len(digits), generator=rng)[:count]
    pictures = as_images(degrade(as_input(digits.images[chosen]), rng, share=1.0))
    seen = [_seen(picture) for picture in pictures.numpy()]
    kept = [(image, int(label)) for image, label in zip(seen, digits.labels[chosen], strict=True) if image is not None]
    return _digits([image for image, _ in kept], [label for _, label in kept])


def _seen(picture: Pixels) -> Pixels | None:
    """What preprocessing finds in a picture, not softened; None where it finds nothing."""
    prepared = preprocess(picture)
    digit = None if prepared.ink is None else keep_digit(prepared.ink, prepared.pieces)
    return None if digit is None else as_mnist(digit)[1]


def outliers(count: int, seed: int, digits: Digits) -> Digits:
    """``count`` pictures of what is no digit, labelled ``NO_DIGIT``.

    Letters and symbols by hand and in print, signs that nobody writes, digits turned or mirrored,
    scribbles, blobs, silhouettes of things, two digits over or beside each other, halves of digits. Natural pictures
    aren't among them: what misleads a reader of strokes is strokes.

    Args:
        digits: training digits, from which some are made.
    """
    rng = Random(seed)
    images, labels = digits.images.numpy(), digits.labels.tolist()
    certain, doubtful = list(SIGNS.values()), list(DOUBTFUL.values())
    kinds: list[tuple[float, Callable[[], Pixels]]] = [
        (0.33, lambda: write(adorned(sign(rng.choice(certain)), rng), rng)),
        (0.04, lambda: write(adorned(sign(rng.choice(doubtful)), rng), rng)),
        (0.08, lambda: printed(rng.choice(PRINTED), rng)),
        (0.1, lambda: write(invented(rng), rng)),
        (0.12, lambda: turned(digits, rng)),
        (0.1, lambda: write(scribble(rng), rng)),
        (0.03, lambda: blob(rng)),
        (0.08, lambda: silhouette(rng)),
        (0.04, lambda: overlaid(digits, rng)),
        (0.16, lambda: side_by_side(digits, rng)),
        (0.08, lambda: half(images, labels, rng)),
    ]
    weights = [share for share, _ in kinds]
    pictures = [rng.choices(kinds, weights)[0][1]() for _ in range(count)]
    return _digits(pictures, [NO_DIGIT] * count)


def scribble(rng: Random) -> Sign:
    """One long wild curve between random places, or one that wanders and turns as it goes."""
    if rng.random() < 0.4:
        return [smooth([(rng.random(), rng.random()) for _ in range(rng.randint(7, 24))])]
    x, y, heading = rng.random(), rng.random(), rng.uniform(0, 2 * math.pi)
    restless, stride = rng.uniform(0.2, 1.2), rng.uniform(0.03, 0.12)
    points = []
    for _ in range(rng.randint(30, 200)):
        heading += rng.gauss(0, restless)
        x = min(max(x + stride * math.cos(heading), 0.0), 1.0)
        y = min(max(y + stride * math.sin(heading), 0.0), 1.0)
        points.append((x, y))
    return [points]


def turned(digits: Digits, rng: Random) -> Pixels:
    """A digit in the mirror, or on its side, or on its head, where that is no other digit."""
    turns = rng.choice([0, *TURNED])
    suitable = TURNED.get(turns, MIRRORED)
    image = _one_of(digits, suitable, rng)
    return _fit(Image.fromarray(np.rot90(image, turns) if turns else image[:, ::-1]))


def blob(rng: Random) -> Pixels:
    """A filled shape, or smoothed noise."""
    if rng.random() < 0.5:
        picture = Image.new("L", (CANVAS, CANVAS))
        corners = [(rng.uniform(10, 86), rng.uniform(10, 86)) for _ in range(rng.randint(3, 7))]
        ImageDraw.Draw(picture).polygon(corners, fill=255)
        ImageDraw.Draw(picture).ellipse([30, 30, rng.uniform(40, 80), rng.uniform(40, 80)], fill=255)
    else:
        noise = np.frombuffer(rng.randbytes(CANVAS * CANVAS), np.uint8).reshape(CANVAS, CANVAS)
        soft = Image.fromarray(noise).filter(ImageFilter.GaussianBlur(rng.uniform(1.5, 6)))
        middle = float(np.median(np.asarray(soft)))
        picture = soft.point(lambda level: 255 if level > middle + 2 else 0)
    return _fit(picture.filter(ImageFilter.GaussianBlur(1)))


def silhouette(rng: Random) -> Pixels:
    """A thing as a filled shape, alike on both sides or not: flat, shaded or grainy, with openings and stripes."""
    count = rng.randint(4, 9)
    right = [(rng.uniform(4, 40), 96 * (0.12 + 0.76 * (k + rng.uniform(-0.3, 0.3)) / (count - 1))) for k in range(count)]
    left = right if rng.random() < 0.6 else [(rng.uniform(4, 40), y) for _, y in right]
    outline = [(48 + x, y) for x, y in right] + [(48 - x, y) for x, y in reversed(left)]
    outline = smooth([*outline, outline[0]]) if rng.random() < 0.5 else outline
    shape = Image.new("L", (CANVAS, CANVAS))
    pen = ImageDraw.Draw(shape)
    pen.polygon(outline, fill=255)
    for _ in range(rng.choice([0, 0, 1, 2])):  # openings
        x, y, size = rng.uniform(30, 66), rng.uniform(20, 76), rng.uniform(4, 16)
        pen.ellipse([x - size, y - size, x + size, y + size], fill=0)
    if rng.random() < 0.3:  # what stands out: straps, handles, legs
        x, size = rng.uniform(10, 86), rng.uniform(2, 8)
        pen.line([(48, 48), (x, rng.choice([4.0, 92.0]))], fill=255, width=round(size))
    level = np.full((CANVAS, CANVAS), rng.uniform(90, 255))
    across, down = np.meshgrid(np.linspace(-1, 1, CANVAS), np.linspace(-1, 1, CANVAS))
    level *= 1 + rng.uniform(-0.5, 0.5) * across + rng.uniform(-0.5, 0.5) * down
    if rng.random() < 0.4:  # stripes
        along = across if rng.random() < 0.5 else down
        level *= np.where(np.sin(along * rng.uniform(6, 40) + rng.uniform(0, 6)) > rng.uniform(-0.6, 0.6), 1.0, 0.3)
    if rng.random() < 0.5:  # grain
        level *= 0.4 + np.frombuffer(rng.randbytes(CANVAS * CANVAS), np.uint8).reshape(CANVAS, CANVAS) / 255
    filled = np.where(np.asarray(shape) > 0, level, 0).clip(0, 255).astype(np.uint8)
    return _fit(Image.fromarray(filled).filter(ImageFilter.GaussianBlur(rng.uniform(0, 2))))


def overlaid(digits: Digits, rng: Random) -> Pixels:
    """Two digits of different labels, one over the other."""
    one, other = _two(digits, rng, different=True)
    shift = (rng.randint(-4, 4), rng.randint(-4, 4))
    return _fit(Image.fromarray(np.maximum(one, np.roll(other, shift, axis=(0, 1)))))


def side_by_side(digits: Digits, rng: Random) -> Pixels:
    """Two digits beside each other, touching or not far apart; a third of them with a 1, the easiest to overlook."""
    pair = list(_two(digits, rng, different=False))
    if rng.random() < 0.33:
        pair[rng.randrange(2)] = _one_of(digits, (1,), rng)
    left, right = (image[:, image.any(axis=0)] for image in pair)
    start, drop = max(0, left.shape[1] + rng.randint(-3, 6)), rng.randint(-3, 3)
    picture = np.zeros((SIZE, start + right.shape[1] + 3), np.uint8)
    picture[:, : left.shape[1]] = left
    part = picture[:, start : start + right.shape[1]]
    np.maximum(part, np.roll(right, drop, axis=0), out=part)
    return _fit(Image.fromarray(picture))


def _two(digits: Digits, rng: Random, *, different: bool) -> tuple[Pixels, Pixels]:
    while True:
        first, second = rng.randrange(len(digits)), rng.randrange(len(digits))
        if not different or digits.labels[first] != digits.labels[second]:
            return digits.images[first].numpy(), digits.images[second].numpy()


def _one_of(digits: Digits, labels: tuple[int, ...], rng: Random) -> Pixels:
    while True:
        number = rng.randrange(len(digits))
        if int(digits.labels[number]) in labels:
            return digits.images[number].numpy()


def _digits(images: list[Pixels], labels: list[int]) -> Digits:
    return Digits(
        torch.from_numpy(np.stack(images) if images else np.zeros((0, SIZE, SIZE), np.uint8)),
        torch.tensor(labels, dtype=torch.int64),
    )


def extend(digits: Digits, settings: Settings) -> Digits:
    """Training digits with what the settings add to them, in this order."""
    parts = (
        digits,
        digit_styles(settings.styles, settings.seed),
        pen_digits(settings.pens, settings.seed) if settings.pens else digits[:0],
        degraded(digits, settings.degraded, settings.seed),
        outliers(settings.outliers, settings.seed, digits),
    )
    return joined(*parts)
