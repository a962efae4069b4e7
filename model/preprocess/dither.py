"""Grey that was told by black and white dots (R. Floyd & L. Steinberg 1976, and others): made grey again."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from model.preprocess.picture import Grey

#: In smaller pictures strokes are as fine as dots.
LEAST_SIDE = 64
#: Of a dithered picture at least this share of the pixels differ from all four beside them. Of strokes that are a
#: pixel wide only slanted ones do so, which cover less.
DOTTED = 0.06
#: In at least this share of its fields, of so many pixels a side: dots are all over the paper, scribbles in places.
SPREAD, FIELD = 0.5, 16
#: The radius of the blur, in pixels: dots of middle grey are two pixels apart.
RADIUS = 1.5


def undithered(levels: Grey) -> Grey:
    """Levels (H, W) in which dots are grey again; the same object if the picture isn't dithered."""
    if min(levels.shape) < LEAST_SIDE:
        return levels
    low, high = levels.min(), levels.max()
    is_high = levels == high
    if low == high or not np.all(is_high | (levels == low)):
        return levels
    inner = is_high[1:-1, 1:-1]
    beside = (is_high[1:-1, :-2], is_high[1:-1, 2:], is_high[:-2, 1:-1], is_high[2:, 1:-1])
    is_dot = np.logical_and.reduce([inner != other for other in beside])
    height, width = (side // FIELD * FIELD for side in is_dot.shape)
    fields = is_dot[:height, :width].reshape(height // FIELD, FIELD, width // FIELD, FIELD).mean(axis=(1, 3))
    if is_dot.mean() < DOTTED or np.mean(fields >= DOTTED) < SPREAD:
        return levels
    picture = Image.fromarray(levels.astype(np.float32))  # mode F
    return np.asarray(picture.convert("L").filter(ImageFilter.GaussianBlur(RADIUS)), dtype=np.float32)
