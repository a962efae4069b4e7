"""Training pictures of what is no digit: letters, signs, scribbles, things, digits turned or cut."""

from __future__ import annotations

import math
import string
from collections.abc import Callable
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from model.data.digits import Digits, stacked
from model.preprocess.picture import SIZE, Pixels
from model.reading.scores import DIGITS
from model.synthesis.hand import CANVAS, fit, printed, write
from model.synthesis.pens import half
from model.synthesis.signs import DOUBTFUL, SIGNS, Sign, adorned, invented, sign, smooth

#: The label of what is no digit: the one after the ten.
NO_DIGIT = DIGITS
#: Digits that look like no other in the mirror.
MIRRORED = (3, 6, 7, 9)
#: Digits that look like no other after so many quarter turns.
TURNED = {1: (2, 3, 4, 5, 6, 7, 8, 9), 2: (3, 4, 7), 3: (2, 3, 4, 5, 6, 7, 8, 9)}
#: Printed signs that nobody takes for a digit.
PRINTED = "".join(sorted(set(string.ascii_letters + "+?#&@%=<>*{}[]$") - set("OoIliSsZzbqg")))


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
    return stacked(pictures, [NO_DIGIT] * count)


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
    return fit(np.rot90(image, turns) if turns else image[:, ::-1])


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
    return fit(picture.filter(ImageFilter.GaussianBlur(1)))


def silhouette(rng: Random) -> Pixels:
    """A thing as a filled shape, alike on both sides or not: flat, shaded or grainy, with openings and stripes."""
    middle, corners = CANVAS / 2, rng.randint(4, 9)
    spacing = 0.76 / (corners - 1)
    right = [
        (rng.uniform(4, 40), CANVAS * (0.12 + spacing * (corner + rng.uniform(-0.3, 0.3)))) for corner in range(corners)
    ]
    left = right if rng.random() < 0.6 else [(rng.uniform(4, 40), y) for _, y in right]
    outline = [(middle + x, y) for x, y in right] + [(middle - x, y) for x, y in reversed(left)]
    outline = smooth([*outline, outline[0]]) if rng.random() < 0.5 else outline
    shape = Image.new("L", (CANVAS, CANVAS))
    pen = ImageDraw.Draw(shape)
    pen.polygon(outline, fill=255)
    for _ in range(rng.choice([0, 0, 1, 2])):
        x, y, size = rng.uniform(30, 66), rng.uniform(20, 76), rng.uniform(4, 16)
        pen.ellipse([x - size, y - size, x + size, y + size], fill=0)
    if rng.random() < 0.3:  # a strap, a handle, a leg
        x, size = rng.uniform(10, 86), rng.uniform(2, 8)
        pen.line([(middle, middle), (x, rng.choice([4.0, 92.0]))], fill=255, width=round(size))
    filled = np.where(np.asarray(shape) > 0, _cloth(rng), 0).clip(0, 255).astype(np.uint8)
    return fit(Image.fromarray(filled).filter(ImageFilter.GaussianBlur(rng.uniform(0, 2))))


def _cloth(rng: Random) -> NDArray[np.float64]:
    """Levels (``CANVAS``, ``CANVAS``): of one brightness or falling to a side, some with stripes, some with grain."""
    levels = np.full((CANVAS, CANVAS), rng.uniform(90, 255))
    across, down = np.meshgrid(np.linspace(-1, 1, CANVAS), np.linspace(-1, 1, CANVAS))
    levels *= 1 + rng.uniform(-0.5, 0.5) * across + rng.uniform(-0.5, 0.5) * down
    if rng.random() < 0.4:
        along = across if rng.random() < 0.5 else down
        levels *= np.where(np.sin(along * rng.uniform(6, 40) + rng.uniform(0, 6)) > rng.uniform(-0.6, 0.6), 1.0, 0.3)
    if rng.random() < 0.5:
        levels *= 0.4 + np.frombuffer(rng.randbytes(CANVAS * CANVAS), np.uint8).reshape(CANVAS, CANVAS) / 255
    return levels


def overlaid(digits: Digits, rng: Random) -> Pixels:
    """Two digits of different labels, one over the other."""
    one, other = _two(digits, rng, different=True)
    shift = (rng.randint(-4, 4), rng.randint(-4, 4))
    return fit(np.maximum(one, np.roll(other, shift, axis=(0, 1))))


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
    return fit(picture)


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
