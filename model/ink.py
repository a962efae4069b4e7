"""Telling ink from paper: which is brighter, how the light falls, what is noise, what belongs to the digit.

Levels are float32 (H, W) in 0…255. A picture with an even background, such as an MNIST
digit, passes through all of it unchanged.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

from model.components import Box, Component, find_components, mask_of
from model.picture import Grey

#: The longest side at which the light is looked at: strokes thinner than a hundredth don't matter to it.
COARSE = 96
#: The least contrast of ink with paper, in grey levels, and as a multiple of the picture's noise.
LEAST_CONTRAST, LEAST_SIGNAL = 10.0, 6.0
#: A mean level from which ink counts as full: the palest of MNIST's test digits has 175.
FULL = 170
#: Of full ink: what surely is ink, and what is if it hangs together with that.
SURE, MAYBE = 128, 64
#: A piece under this share of the main piece's area is a speck; of MNIST's digits none is smaller.
SPECK = 0.004
#: How far a piece of a broken digit may stand from the rest, as a share of its side.
REACH = 0.45


def _coarse(levels: Grey) -> Grey:
    factor = -(-max(levels.shape) // COARSE)
    picture = Image.fromarray(levels)
    return np.asarray(picture.reduce(factor) if factor > 1 else picture, dtype=np.float32)


def _windowed(levels: Grey, reach: int, function: Callable[..., Grey]) -> Grey:
    """np.min, np.max or np.mean within ``reach`` pixels along both axes; the edge repeats itself outward."""
    for axis in (0, 1):
        widths = [(reach, reach) if k == axis else (0, 0) for k in (0, 1)]
        windows = sliding_window_view(np.pad(levels, widths, mode="edge"), 2 * reach + 1, axis=axis)
        levels = function(windows, axis=-1)
    return levels


def bright_on_dark(grey: Grey) -> Grey:
    """The picture with its ink brighter than its paper: as it is, or inverted.

    Ink is the lesser part, so what differs strongly from its surroundings differs towards
    ink. Where a bold digit fills its picture that is undecided, and the edge is paper.
    """
    coarse = _coarse(grey)
    away = coarse - _windowed(coarse, max(1, min(coarse.shape) // 4), np.mean)
    skew = float((away**3).sum() / max(1e-6, float((np.abs(away) ** 3).sum())))
    edge = np.concatenate([coarse[0], coarse[-1], coarse[:, 0], coarse[:, -1]])
    low, high = np.percentile(coarse, [1, 99])
    brightness = float((np.median(edge) - low) / max(1e-6, high - low)) * 2 - 1
    return grey if skew - 0.7 * brightness >= 0 else 255 - grey


def paper_under(bright: Grey) -> Grey:
    """What the paper would look like without its ink: (H, W), for ink brighter than paper.

    The greatest of the least levels within half the picture (a morphological opening):
    strokes are narrower than that and vanish, while shadows and uneven light remain.
    """
    coarse = _coarse(bright)
    if max(bright.shape) > COARSE // 2:
        coarse = _windowed(coarse, 1, np.mean)
    reach = max(1, min(coarse.shape) // 4)
    opened = _windowed(_windowed(coarse, reach, np.min), reach, np.max)
    if np.ptp(opened) == 0:
        return np.full_like(bright, opened.flat[0])
    smooth = _windowed(opened, max(1, reach // 2), np.mean)
    size = (bright.shape[1], bright.shape[0])
    return np.asarray(Image.fromarray(smooth).resize(size, Image.Resampling.BILINEAR), dtype=np.float32)


def clean_ink(above: Grey) -> NDArray[np.uint8] | None:
    """Ink as uint8 (H, W), 255 at full strength on 0, from the levels above the paper.

    Noise is judged by the lower third of the levels, which is paper even under a bold digit
    that fills its picture; the strength of ink is the mean level of what rises from the noise,
    weighted by its square. ``None`` when nothing does: a blank picture.
    """
    p10, p20, p30 = (float(level) for level in np.percentile(above, [10, 20, 30]))
    noise = (p30 - p10) / 0.757  # percentiles of the normal distribution, in standard deviations
    floor = p20 + (0.842 + 2.5) * noise
    risen = above[above > floor].astype(np.float64)
    if not len(risen):
        return None
    level = float((risen**3).sum() / (risen**2).sum())
    if level < max(LEAST_CONTRAST, LEAST_SIGNAL * noise):
        return None
    gain = 255 / ((level if level < FULL else 255) - floor)
    ink = np.clip((above - floor) * gain + 0.5, 0, 255).astype(np.uint8)
    return ink if int(ink.max()) >= SURE else None


def keep_digit(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink (H, W) without specks, without shadows at the edge, without what stands far from the digit."""
    pieces = find_components(ink >= MAYBE)
    if len(pieces) < 2:
        return ink
    main = max(pieces, key=lambda piece: _weight(piece, ink.shape))
    kept, box = [main], main.box
    for piece in pieces:
        if piece is not main and piece.area >= SPECK * main.area and _gap(piece.box, box) <= REACH * _side(box):
            kept.append(piece)
            box = _around(box, piece.box)
    if len(kept) == len(pieces):
        return ink
    gone = mask_of([piece for piece in pieces if piece not in kept], ink.shape)
    return np.where(_near(gone), 0, ink)


def _weight(piece: Component, shape: tuple[int, ...]) -> float:
    """Area, less for what lies along the picture's edge."""
    x0, y0, x1, y1 = piece.box
    touches = (x0 == 0) + (y0 == 0) + (x1 == shape[1]) + (y1 == shape[0])
    return piece.area * (1.0, 0.5, 0.1, 0.05, 0.02)[touches]


def _side(box: Box) -> int:
    return max(box[2] - box[0], box[3] - box[1])


def _gap(one: Box, other: Box) -> int:
    """The empty pixels between two boxes, along the axis where there are more."""
    gap_x = max(one[0] - other[2], other[0] - one[2], 0)
    gap_y = max(one[1] - other[3], other[1] - one[3], 0)
    return max(gap_x, gap_y)


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _near(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask grown by one pixel all round, to take the pale edge of what it covers."""
    return np.asarray(sliding_window_view(np.pad(mask, 1), (3, 3)).any(axis=(2, 3)))
