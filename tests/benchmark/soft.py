"""Digits without sharp edges: out of focus, or of few pixels; cut close, so that they fill their picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tests.benchmark.paper import scaled
from tests.benchmark.stage import Made, Stage

#: How few pixels are enlarged, if they are.
RESAMPLING = (Image.Resampling.BICUBIC, Image.Resampling.BILINEAR, Image.Resampling.NEAREST)


def blurred(stage: Stage) -> Made:
    """One digit on grey paper with grain, blurred by up to half its pen's width and a little more."""
    writing, pen = stage.one(), stage.between(6, 13)
    picture = stage.paint(writing, pen=pen, margins=tuple(stage.between(2, 16) for _ in range(4))).convert("L")
    soft = picture.filter(ImageFilter.GaussianBlur(pen * stage.between(0.2, 0.5)))
    grain = np.random.default_rng(stage.rng.getrandbits(32)).normal(0, stage.between(0, 5), (soft.height, soft.width))
    levels = stage.between(20, 50) + 0.75 * np.asarray(soft, np.float64) + grain
    return np.clip(levels, 0, 255).astype(np.uint8), writing.text


def few_pixels(stage: Stage) -> Made:
    """One digit of 8 to 12 pixels, bright on black or dark on white; most are enlarged."""
    writing = stage.one()
    margin = stage.between(0, 6)
    picture = stage.paint(writing, pen=stage.between(9, 15), margins=(margin,) * 4).convert("L")
    tiny = scaled(picture, stage.rng.randint(8, 12) / max(picture.size), Image.Resampling.BOX, 3)
    if stage.rng.random() < 0.75:
        times = stage.rng.randint(4, 40)
        tiny = tiny.resize((tiny.width * times, tiny.height * times), stage.rng.choice(RESAMPLING))
    levels: NDArray[np.uint8] = np.asarray(tiny)
    return levels if stage.rng.random() < 0.5 else 255 - levels, writing.text
