"""Even paper: pictures on which no light falls, so that what rises at their edges is ink.

Levels are float32 (H, W) in 0…255, of ink that is brighter than its paper. Without this the foot of a soft digit that
fills its picture would be taken for light on the paper: a 2 was read as a 7, a 1 on a foot as nothing.
"""

from __future__ import annotations

import numpy as np

from model.preprocess.order import median, percentiles
from model.preprocess.paper import smoothed, windowed
from model.preprocess.picture import Grey, Mask

#: Levels this near to the darkest or the brightest, as a share of the range, are one of two.
EXTREME = 0.12
#: A picture of which this share has one of two levels has no shades of paper to be told from ink, …
TWO_LEVELS = 0.9
#: … if its longest side is at most this: a larger one has room for paper.
SMALL_SIDE = 64
#: Paper is even if at least this share of each half of the picture, the upper and lower, left and right one, …
EVEN = 0.01
#: … lies, averaged over 3×3, within this share of the range …
NOISY = 0.03
#: … of the darkest, which this percentile stands for; …
LOWEST = (1,)
#: … if there is as much as this share of the range …
INK = 0.3
#: … within this share of the shorter side of two opposite edges: a digit that fills its picture. A hand's shadow comes
#: in from one edge, or from two that meet. With 0.4, and 0.02 for ``EVEN``, 17 instead of 6 of 126 digits that are
#: blurred by 0.6 of their pen's width are turned away; of 1,700 scenes with shadows, spots, strips and rules none is
#: read worse with these.
RIM = 0.03
#: But of what lies above this share of the range, …
ABOVE_PAPER = 0.06
#: … where neighbours differ by at most this share, …
CALM = 0.03
#: … below this one, …
BELOW_INK = 0.9
#: … no more than this share may lie: it would be a second paper, a shadow or a marker's colour. Of 19 in 20 strips of a
#: text marker, and of nearly all spots of light, more than 0.15 lies there; of 19 in 20 digits that are blurred or that
#: were enlarged from 16×16 less than 0.1.
SECOND_PAPER = 0.12


def even_paper(bright: Grey) -> float | None:
    """The level of the paper (H, W) if it is the same all over the picture; ``None`` if light may fall on it."""
    if has_two_levels(bright):
        return float(bright.min())
    small = smoothed(bright)
    (low,), high = percentiles(small, LOWEST), float(bright.max())
    is_lowest = small <= low + NOISY * (high - low)
    is_even = (
        _is_in_every_half(is_lowest)
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


def _is_in_every_half(mask: Mask) -> bool:
    """Whether what a mask (H, W) shows covers ``EVEN`` of its upper and lower, left and right half."""
    height, width = (-(-side // 2) for side in mask.shape)
    halves = (mask[:height], mask[-height:], mask[:, :width], mask[:, -width:])
    return all(np.mean(half) >= EVEN for half in halves)


def _reaches_opposite_edges(mask: Mask) -> bool:
    """Whether what a mask (H, W) shows lies at its top and its bottom, or at its left and its right."""
    rim = max(1, round(RIM * min(mask.shape)))
    return any(bool(along[:rim].any() and along[-rim:].any()) for along in (mask, mask.T))


def _has_second_paper(small: Grey, low: float, high: float) -> bool:
    """Whether a part of the levels (H, W), which run from ``low`` to ``high``, is calm and neither paper nor ink."""
    is_paper = small <= low + ABOVE_PAPER * (high - low)
    steps = windowed(small, 1, np.maximum) - windowed(small, 1, np.minimum)
    is_second = (steps <= CALM * (high - low)) & (small < low + BELOW_INK * (high - low)) & ~is_paper
    return bool(np.count_nonzero(is_second) > SECOND_PAPER * np.count_nonzero(~is_paper))
