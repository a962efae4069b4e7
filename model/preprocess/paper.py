"""Telling paper from ink: which of them is brighter, how the light falls on the paper, and how strong the ink is.

Levels are float32 (H, W) in 0…255. A picture with an even background, such as an MNIST digit, passes through
all of it unchanged.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from model.preprocess.components import grown
from model.preprocess.order import median, percentiles
from model.preprocess.picture import Grey, Mask

#: The longest side at which the light is looked at: it changes slowly, and strokes thinner than a hundredth of the
#: picture don't matter to it.
COARSE = 96
#: How much the brightness of the edge counts for the polarity, against the skew of the levels.
EDGE_VOTE = 0.7
#: The percentiles of the levels that stand for the darkest and the brightest: single pixels don't count.
EXTREMES = (1, 99)
#: Half the windows in which the light is looked at, as a share of the picture's shorter side, is one over this.
WINDOW = 4
#: The polarity from which on it is sure, either way. Of MNIST's digits and people's uploads none is under 1.1; of 1-bit
#: digits that fill 16×16 pixels half are.
DECIDED = 1.1
#: Under that, thin ink may tell: of a picture of more pixels than ``COARSE`` a side, at up to so many, …
FINE = 384
#: … what differs from its surroundings within so many pixels …
FINE_REACH = 8
#: … is ink if it nearly all does to one side. Of uploads that coarse levels decide the other way, none is over 0.2.
CLEARLY_FINE = 0.7
#: What rises by more than this share of the way from the noise to full ink is no paper.
CLEAR = 0.4
#: How far, in pixels, known paper is averaged at first to fill what lies under ink; doubled until all is filled.
FILL_REACH = 2
#: The percentiles that the noise of the paper is judged by: the lower third is paper even under a bold digit.
LOWER_THIRD = (10, 20, 30)
#: How far the 10th and the 30th percentile of a normal distribution lie apart, in standard deviations.
SPREAD_10_30 = 0.757
#: How far the 20th percentile of a normal distribution lies below its mean, in standard deviations.
BELOW_MEAN_20 = 0.842
#: What is more standard deviations than this above the mean of the noise counts as risen from the paper.
NOISE_SDS = 2.5
#: Divisors are at least this.
TINY = 1e-6


def coarse(levels: Grey) -> Grey:
    """The levels averaged by a whole factor, to at most ``COARSE`` a side."""
    return _reduced(levels, COARSE)


def smoothed(levels: Grey) -> Grey:
    """The levels as ``coarse`` gives them, of all but small pictures averaged over 3×3."""
    small = coarse(levels)
    return windowed(small, 1, np.add) if max(levels.shape) > COARSE // 2 else small


def _reduced(levels: Grey, side: int) -> Grey:
    factor = -(-max(levels.shape) // side)
    return np.asarray(Image.fromarray(levels).reduce(factor), dtype=np.float32) if factor > 1 else levels


def windowed(levels: Grey, reach: int, function: Callable[..., Grey], axes: tuple[int, ...] = (0, 1)) -> Grey:
    """For each pixel the least, greatest or mean level within ``reach`` pixels along the axes.

    ``function`` is np.minimum, np.maximum or, for the mean, np.add. Levels beyond the edge are the edge's.
    Windows of a minimum or maximum are built by doubling: two of half the size, which may overlap.
    """
    size = 2 * reach + 1
    for axis in axes:
        rows = levels if axis == 0 else levels.T
        rows = np.concatenate([np.repeat(rows[:1], reach, axis=0), rows, np.repeat(rows[-1:], reach, axis=0)])
        if function is np.add:
            sums = np.zeros((len(rows) + 1, rows.shape[1]), np.float64)
            np.cumsum(rows, axis=0, dtype=np.float64, out=sums[1:])
            rows = ((sums[size:] - sums[:-size]) / size).astype(np.float32)
        else:
            covered = 1
            while covered < size:
                step = min(covered, size - covered)
                rows = function(rows[:-step], rows[step:])
                covered += step
        levels = rows if axis == 0 else rows.T
    return levels


def _widths(reach: int, axis: int) -> list[tuple[int, int]]:
    return [(reach, reach) if k == axis else (0, 0) for k in (0, 1)]


def polarity(grey: Grey) -> float:
    """How clearly ink is brighter than paper (above 0) or darker (below): −1.7…1.7.

    Ink covers less than paper, so what differs most from its surroundings is ink: the skew of the differences
    tells its side. And the edge is paper. Where a bold digit fills its picture to the edges neither tells; under
    ``DECIDED`` both ways are to be tried.
    """
    small = coarse(grey)
    skew = _skew(small, max(1, min(small.shape) // WINDOW))
    edge = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    low, high = percentiles(small, EXTREMES)
    brightness = (median(edge) - low) / max(TINY, high - low) * 2 - 1
    clearly = skew - EDGE_VOTE * brightness
    if abs(clearly) < DECIDED and max(grey.shape) > FINE:
        # A few digits on a whole sheet hardly count beside how the light falls on it.
        fine = _skew(_reduced(grey, FINE), FINE_REACH)
        if abs(fine) >= CLEARLY_FINE:
            return fine * (1 + EDGE_VOTE)
    return clearly


def _skew(levels: Grey, reach: int) -> float:
    """To which side levels mostly differ from their mean within ``reach``: −1, all darker, to 1."""
    away = levels - windowed(levels, reach, np.add)
    cubes = away * away * away  # a power takes 20 times as long
    return float(cubes.sum() / max(TINY, float(np.abs(cubes).sum())))


def paper_under(bright: Grey) -> Grey:
    """What the paper would look like without its ink: (H, W), for ink brighter than paper.

    The first guess is a morphological opening with a window of half the picture. Strokes are narrower than that
    and vanish, but so do bumps of the paper's own brightness. So whatever doesn't clearly rise above the guess
    is taken for paper, and the gaps are filled from the paper around them.
    """
    small = smoothed(bright)
    reach = max(1, min(small.shape) // WINDOW)
    opened = _opened(small, reach)
    if np.ptp(opened) == 0:
        return np.full_like(bright, opened.flat[0])
    above = small - opened
    floor, level = strength(above)
    is_paper = ~grown(above > floor + CLEAR * (level - floor))
    light = filled(small, is_paper) if is_paper.any() else opened
    size = (bright.shape[1], bright.shape[0])
    return np.asarray(Image.fromarray(light).resize(size, Image.Resampling.BILINEAR), dtype=np.float32)


def opening(levels: Grey, reach: int, axes: tuple[int, ...] = (0, 1)) -> Grey:
    """The morphological opening within ``reach`` along the axes: without what is narrower and bright."""
    return windowed(windowed(levels, reach, np.minimum, axes), reach, np.maximum, axes)


def _opened(levels: Grey, reach: int) -> Grey:
    """The morphological opening within ``reach``, kept between the least level of all and each pixel's own."""
    inside = slice(reach, -reach)
    opened = opening(_extended(levels, reach), reach)[inside, inside]
    return np.clip(opened, levels.min(), levels)


def _extended(levels: Grey, reach: int) -> Grey:
    """The levels with a margin of ``reach``, into which gradients of light are continued.

    Without it the opening of a gradient would lie below it along the edge, and the difference be taken for ink.
    Strokes that reach the edge aren't continued: an opening along the edge has taken them out.
    """
    for axis in (0, 1):
        if levels.shape[axis] <= reach:
            levels = np.pad(levels, _widths(reach, axis), mode="edge")
            continue
        across = (1 - axis,)
        calm = opening(levels, reach, across)
        wide = np.pad(calm, _widths(reach, axis), mode="reflect", reflect_type="odd")
        inside = [slice(None), slice(None)]
        inside[axis] = slice(reach, -reach)
        wide[tuple(inside)] = levels
        levels = wide
    return levels


def filled(levels: Grey, known: Mask) -> Grey:
    """Levels smoothed over their known pixels; unknown ones take the mean of the nearest known ones."""
    weights = known.astype(np.float32)
    whole = np.zeros_like(levels)
    missing = np.ones_like(known)
    reach = FILL_REACH
    while missing.any():
        weight = windowed(weights, reach, np.add)
        mean = windowed(levels * weights, reach, np.add) / np.maximum(weight, TINY)
        found = missing & (weight > TINY)
        whole[found] = mean[found]
        missing &= ~found
        reach *= 2
    return whole


def strength(above: Grey, *, is_even: bool = False) -> tuple[float, float]:
    """The noise's upper bound and the ink's level, of levels above the paper (H, W); equal if nothing rises.

    The ink's level is the mean of what rises above the noise, weighted by its square.

    Args:
        is_even: the paper's level is known, at 0: what lies below is noise, which rises as far. Otherwise the lowest
            third of the levels is taken for paper, which a soft digit that fills its picture doesn't leave.
    """
    if is_even:
        below = above[above < 0].astype(np.float64)
        floor = NOISE_SDS * float(np.sqrt(np.mean(below**2))) if len(below) else 0.0
    else:
        p10, p20, p30 = percentiles(above, LOWER_THIRD)
        deviation = (p30 - p10) / SPREAD_10_30
        floor = max(0.0, p20 + (BELOW_MEAN_20 + NOISE_SDS) * deviation)
    risen = above[above > floor].astype(np.float64)
    return floor, float((risen**3).sum() / (risen**2).sum()) if len(risen) else floor
