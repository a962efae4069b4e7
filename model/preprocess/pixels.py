"""Digits of few, coarse pixels: drawn smooth, as the picture's steps after this one expect strokes to be.

Where a stroke is a pixel wide, its holes look like stray pixels, its margin like a bar, its foot like light on paper.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from model.preprocess.even import EXACT, has_two_levels
from model.preprocess.picture import Grey

#: The longest side, in pixels, up to which a digit's pixels are coarse. Of 8×8 digits three in a hundred more are read
#: where they are drawn smooth, of 16×16 none.
COARSE_SIDE = 12
#: How many times larger they are drawn.
ENLARGED = 4
#: The margin of paper, in coarse pixels, that softens the edges of a digit that fills its picture.
MARGIN = 3
#: The least share of the picture that is paper: of one exact level, the darkest or the brightest. Without it a coarse
#: picture is left as it is.
LEAST_PAPER = 0.2


def with_fine_pixels(levels: Grey) -> Grey:
    """Levels (H, W), drawn smooth if their pixels are coarse; the same object if they aren't.

    Coarse are the pixels of a very small picture with shades, and of one that was enlarged by repeating them.
    """
    native = _unrepeated(levels)
    if max(native.shape) > COARSE_SIDE or min(native.shape) < 2 or has_two_levels(native):
        return levels
    paper = _paper_level(native)
    if paper is None:
        return levels
    framed = Image.fromarray(np.pad(native, MARGIN, constant_values=paper))
    size = (framed.width * ENLARGED, framed.height * ENLARGED)
    large = np.asarray(framed.resize(size, Image.Resampling.BICUBIC), dtype=np.float32)
    inside = slice(MARGIN * ENLARGED, -MARGIN * ENLARGED)
    return np.clip(large[inside, inside], native.min(), native.max())


def _unrepeated(levels: Grey) -> Grey:
    """Levels (H, W) with one pixel for each square of equal ones, if all of the picture is made of such squares."""
    rows = np.flatnonzero((levels[1:] != levels[:-1]).any(axis=1)) + 1
    columns = np.flatnonzero((levels[:, 1:] != levels[:, :-1]).any(axis=0)) + 1
    step = int(np.gcd.reduce(np.concatenate([rows, columns, levels.shape])))
    return levels[::step, ::step]


def _paper_level(levels: Grey) -> float | None:
    """The darkest or the brightest level, whichever covers more; ``None`` if neither covers ``LEAST_PAPER``."""
    low, high = float(levels.min()), float(levels.max())
    darkest, brightest = float(np.mean(levels <= low + EXACT)), float(np.mean(levels >= high - EXACT))
    if max(darkest, brightest) < LEAST_PAPER:
        return None
    return low if darkest >= brightest else high
