"""Digits of few, coarse pixels: drawn smooth, as the picture's steps after this one expect strokes to be.

Where a stroke is a pixel wide, its holes look like stray pixels, its margin like a bar, its foot like light on paper.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.preprocess.even import has_two_levels
from model.preprocess.picture import Grey

#: The longest side, in pixels, up to which a digit's pixels are coarse. Of 8×8 digits three in a hundred more are read
#: where they are drawn smooth, of 16×16 none.
COARSE_SIDE = 12
#: How many times larger they are drawn.
ENLARGED = 4
#: The margin of paper, in coarse pixels, that softens the edges of a digit that fills its picture.
MARGIN = 3
#: Levels within so many of the darkest or the brightest are the same.
EXACT = 1.5
#: Where squares of equal pixels meet, levels change within so many pixels: theirs may be mixed where squares aren't a
#: whole number of pixels long, …
BLENDED = 2
#: … and as long as this; smaller ones are.
LEAST_BLENDED = 8
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
    """Levels (H, W) with one pixel for each square of equal ones, if all of the picture is such squares, and few.

    A square's side may be no whole number of pixels, as where a plot shows a picture.
    """
    rows = np.flatnonzero((levels[1:] != levels[:-1]).any(axis=1)) + 1
    columns = np.flatnonzero((levels[:, 1:] != levels[:, :-1]).any(axis=0)) + 1
    if max(len(rows), len(columns)) > BLENDED * COARSE_SIDE:
        return levels
    for count in range(2, COARSE_SIDE + 1):
        side = max(levels.shape) / count
        high, wide = (round(length / side) for length in levels.shape)
        if _are_ends(rows, levels.shape[0], high) and _are_ends(columns, levels.shape[1], wide):
            return levels[np.ix_(_middles(levels.shape[0], high), _middles(levels.shape[1], wide))]
    return levels


def _are_ends(changes: NDArray[np.intp], length: int, count: int) -> bool:
    """Whether levels that change at these places are ``count`` equal parts of ``length`` pixels."""
    if not count:
        return False
    side = length / count
    off = np.abs(changes - np.round(changes / side) * side)
    return bool(np.all(off <= (BLENDED - 1 if side >= LEAST_BLENDED else 0)))


def _middles(length: int, count: int) -> NDArray[np.intp]:
    """The pixels in the middle of ``count`` equal parts of ``length`` pixels."""
    return ((np.arange(count) + 0.5) * (length / count)).astype(np.intp)


def _paper_level(levels: Grey) -> float | None:
    """The darkest or the brightest level, whichever covers more; ``None`` if neither covers ``LEAST_PAPER``."""
    low, high = float(levels.min()), float(levels.max())
    darkest, brightest = float(np.mean(levels <= low + EXACT)), float(np.mean(levels >= high - EXACT))
    if max(darkest, brightest) < LEAST_PAPER:
        return None
    return low if darkest >= brightest else high
