"""Even paper: pictures on which no light falls, so that what rises at their edges is ink.

Levels are float32 (H, W) in 0…255, of ink that is brighter than its paper. Without this the foot of a digit that fills
its picture would be taken for light, a 2 be read as a 7.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from model.preprocess.order import median, percentiles
from model.preprocess.paper import EXTREMES, coarse, smoothed, windowed
from model.preprocess.picture import Grey, Mask

#: Levels this near to the darkest or the brightest, as a share of the range, are one of two.
EXTREME = 0.12
#: A picture of which this share has one of two levels has no shades of paper to be told from ink, …
TWO_LEVELS = 0.9
#: … if its longest side is at most this: a larger one has room for paper.
SMALL_SIDE = 64
#: Paper is even if in each quarter of the picture at least this share of the pixels has its level: …
EVEN = 0.02
#: … within so many grey levels of the darkest, nothing but a flat colour that was drawn on is so exact; …
EXACT = 1.5
#: … or within this share of the range, which noise needs, …
NOISY = 0.03
#: … if there is ink, …
INK = 0.4
#: … as much as this share of the range, within this share of the shorter side of two opposite edges: a digit that fills
#: its picture. A hand's shadow comes in from one edge, and is paler.
RIM = 0.03
#: But what lies between these shares of the way from the darkest to the brightest, …
SECOND_LEVEL = (0.06, 0.7)
#: … differs from its neighbours by at most this share of it, …
CALM = 0.03
#: … and covers more than this share of the picture is a second paper, a shadow or a marker's colour. Of scenes and
#: uploads with paper of one exact level markers cover 0.05 and more, all others at most 0.003; of 8×8 digits, made
#: smooth and large, the most is 0.025.
SECOND_PAPER = 0.03


def even_paper(bright: Grey) -> float | None:
    """The level of the paper (H, W) if it is the same all over the picture; ``None`` if light may fall on it."""
    low = float(bright.min())
    if has_two_levels(bright):
        return low
    small = coarse(bright)
    if _is_in_every_quarter(bright <= low + EXACT) and not _has_second_paper(small, low, float(bright.max())):
        return low
    small = smoothed(bright)
    low, high = percentiles(small, EXTREMES)
    is_lowest = small <= low + NOISY * (high - low)
    is_even = (
        _is_in_every_quarter(is_lowest)
        and _reaches_opposite_edges(small > low + INK * (high - low))
        and not _has_second_paper(small, low, high)
    )
    return median(small[is_lowest]) if is_even else None


def has_two_levels(grey: Grey) -> bool:
    """Whether a small picture (H, W) holds nothing but ink and paper: a 1-bit digit, perhaps filling it."""
    if max(grey.shape) > SMALL_SIDE:
        return False
    low, high = float(grey.min()), float(grey.max())
    reach = EXTREME * (high - low)
    return bool(np.mean((grey <= low + reach) | (grey >= high - reach)) >= TWO_LEVELS)


def _is_in_every_quarter(mask: Mask) -> bool:
    """Whether what a mask (H, W) shows covers ``EVEN`` of each quarter of it."""
    h, w = mask.shape[0] // 2, mask.shape[1] // 2
    return bool(min(np.mean(half) for half in (mask[:h], mask[-h:], mask[:, :w], mask[:, -w:])) >= EVEN)


def _reaches_opposite_edges(mask: Mask) -> bool:
    """Whether what a mask (H, W) shows lies at its top and its bottom, or at its left and its right."""
    rim = max(1, round(RIM * min(mask.shape)))
    return any(bool(along[:rim].any() and along[-rim:].any()) for along in (mask, mask.T))


def _has_second_paper(small: Grey, low: float, high: float) -> bool:
    """Whether a part of the levels (H, W), which run from ``low`` to ``high``, is calm and neither paper nor ink."""
    least, most = (low + share * (high - low) for share in SECOND_LEVEL)
    steps = windowed(small, 1, np.maximum) - windowed(small, 1, np.minimum)
    is_second = (steps <= CALM * (high - low)) & (small > least) & (small < most)
    return float(np.mean(is_second)) > SECOND_PAPER
