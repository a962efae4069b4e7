"""What training learns beside MNIST's digits: other ways of writing them, recorded pens, bad pictures, what is none."""

from __future__ import annotations

from random import Random

import torch

from model.data.digits import Digits, as_images, as_input, joined, stacked
from model.preprocess.ink import keep_digit
from model.preprocess.normalise import as_mnist
from model.preprocess.picture import Pixels
from model.preprocess.pipeline import preprocess
from model.reading.scores import DIGITS
from model.settings import Settings
from model.synthesis.degrade import degrade
from model.synthesis.hand import FONTS, printed, write
from model.synthesis.outliers import outliers
from model.synthesis.pens import pen_digits
from model.synthesis.styles import DIGIT_STYLES

#: Fonts that have digits only.
DIGIT_FONTS = ("cmr10", "cmb10", "cmss10", "cmtt10", "cmti10")
#: Of the synthetic digits, how many of each: most where MNIST has one style of several. Its ones are bare
#: strokes, so that a flag alone makes a network see a 7.
STYLE_WEIGHTS = (1, 4, 1, 2, 3, 1, 1, 3, 1, 4)


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
    return stacked(images, labels)


def degraded(digits: Digits, count: int, seed: int) -> Digits:
    """``count`` training digits as preprocessing gives them back from a bad picture: a part of the lines, the
    noise and the shadows remains, and the box is too wide. Some are lost on the way and missing here.
    """
    rng = torch.Generator().manual_seed(seed)
    chosen = torch.randperm(len(digits), generator=rng)[:count]
    pictures = as_images(degrade(as_input(digits.images[chosen]), rng, share=1.0))
    seen = [_seen(picture) for picture in pictures.numpy()]
    kept = [(image, int(label)) for image, label in zip(seen, digits.labels[chosen], strict=True) if image is not None]
    return stacked([image for image, _ in kept], [label for _, label in kept])


def _seen(picture: Pixels) -> Pixels | None:
    """What preprocessing finds in a picture, not softened; None where it finds nothing."""
    prepared = preprocess(picture)
    digit = None if prepared.ink is None else keep_digit(prepared.ink, prepared.pieces)
    return None if digit is None else as_mnist(digit)[1]


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
