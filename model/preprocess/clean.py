"""Taking out what is neither paper nor handwriting: stray pixels, bars at the edges."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from model.preprocess.order import median
from model.preprocess.picture import Grey

#: A pixel is stray if it is more than this many grey levels brighter, or darker, than all its eight neighbours.
STRAY = 96
#: A picture is noisy if at least this share of its pixels is stray; no MNIST digit has half as many.
NOISY = 0.01

#: How much a bar at a picture's edge differs from the paper, at least, in grey levels.
BAR_CONTRAST = 100
#: How far levels may be from a bar's median, or the paper's, and still be even with it.
EVEN = 40
#: The share of the rim that must be even for it to be a bar's.
BAR_EVEN = 0.97
#: The share of the paper beside a bar, along the top and bottom edges, that must be even.
PAPER_EVEN = 0.9
#: The share of rows in which a bar must end at the same column: the side of a digit that is cut off is rounder.
STRAIGHT = 0.6
#: In a picture with a shorter side nothing is a bar: there a digit fills the picture, and its margin looks like one.
LEAST_SIDE = 24
#: A bar's greatest width, as a share of the picture's.
BAR_WIDTH = 0.45
#: The width of the picture's rim, in which a bar must be even, as a share of the picture's; a bar's end may vary by
#: as much, and be as soft: the side of a soft digit that fills its picture is softer.
RIM = 0.02


def despeckle(levels: Grey) -> Grey:
    """Levels (H, W) with stray pixels replaced by the median around them; the same object if there are few."""
    pixels = np.clip(levels, 0, 255).astype(np.uint8)
    if min(pixels.shape) < 3:
        return levels
    inner = pixels[1:-1, 1:-1]
    height, width = pixels.shape
    # What stands out from all neighbours does so from the two beside it: in most pictures too little for more to be
    # looked at.
    left, right = pixels[1:-1, :-2].astype(np.int16), pixels[1:-1, 2:].astype(np.int16)
    stands_out = (inner > np.maximum(left, right) + STRAY) | (inner < np.minimum(left, right) - STRAY)
    if np.count_nonzero(stands_out) < NOISY * inner.size:
        return levels
    places = [(y, x) for y in range(3) for x in range(3) if (y, x) != (1, 1)]
    around = [pixels[y : height - 2 + y, x : width - 2 + x] for y, x in places]
    highest, lowest = around[0], around[0]
    for shifted in around[1:]:
        highest, lowest = np.maximum(highest, shifted), np.minimum(lowest, shifted)
    # Compared only where the difference fits: uint8 would wrap around.
    stray = (inner > STRAY) & (inner - np.minimum(inner, STRAY) > highest)
    stray |= (inner < 255 - STRAY) & (np.minimum(inner, 255 - STRAY) + np.uint8(STRAY) < lowest)
    if np.count_nonzero(stray) < NOISY * stray.size:
        return levels
    median = np.asarray(Image.fromarray(pixels).filter(ImageFilter.MedianFilter(3)), dtype=np.float32)
    calm: Grey = np.where(np.abs(levels - median) > STRAY, median, levels)
    return calm


def without_bars(levels: Grey) -> Grey:
    """Levels (H, W) in which even bars along the edges, as in a screenshot, have the level of the paper beside them.

    What is drawn on a bar keeps its contrast: it differs from the paper by as much as it differed from the bar.
    """
    upright: Grey = _without_side_bars(levels).T
    evened: Grey = _without_side_bars(upright).T
    return evened


def _without_side_bars(levels: Grey) -> Grey:
    """The levels without bars at their left and right."""
    height, width = levels.shape
    if min(height, width) < LEAST_SIDE:
        return levels
    rim = max(1, round(RIM * height))
    # Of a small picture's rim, one row high, there is no median to be taken.
    top, bottom = (rows[0] if rim == 1 else np.median(rows, axis=0) for rows in (levels[:rim], levels[-rim:]))
    middle = slice(width // 4, -(width // 4))
    paper = median(np.concatenate([top[middle], bottom[middle]]))
    for flipped in (False, True):
        step = -1 if flipped else 1
        levels = _without_left_bar(levels[:, ::step], top[::step], bottom[::step], paper)[:, ::step]
    return levels


def _without_left_bar(levels: Grey, top: Grey, bottom: Grey, paper: float) -> Grey:
    """The levels without a bar at their left.

    ``top`` and ``bottom`` are the medians (W,) of the rim's rows: in both, a bar must end at the same column.
    """
    width = levels.shape[1]
    rim = levels[:, : max(1, round(RIM * width))]
    bar = median(rim)
    if abs(bar - paper) < BAR_CONTRAST or np.mean(np.abs(rim - bar) < EVEN) < BAR_EVEN:
        return levels
    ends = [int(np.argmax(np.abs(row - bar) > np.abs(row - paper))) for row in (top, bottom)]
    end, slack = max(ends), max(1, round(RIM * width))
    if min(ends) == 0 or end - min(ends) > slack or end > BAR_WIDTH * width:
        return levels
    beside = np.concatenate([top[end + slack : width // 2], bottom[end + slack : width // 2]])
    if not len(beside) or np.mean(np.abs(beside - paper) < EVEN) < PAPER_EVEN:
        return levels
    starts = np.argmax(np.abs(levels - bar) > np.abs(levels - paper), axis=1)
    if np.mean(np.abs(starts - end) <= slack) < STRAIGHT:
        return levels
    soft = [  # the columns of the bar's blurred edge
        x
        for x in range(max(0, end - slack - 1), min(width, end + slack))
        if EVEN < abs(top[x] - bar) < abs(paper - bar) - EVEN
    ]
    if len(soft) > slack:
        return levels
    evened: Grey = levels.copy()
    direction = 1.0 if paper < bar else -1.0
    evened[:, :end] = paper + direction * np.abs(levels[:, :end] - bar)
    evened[:, soft] = paper
    return evened
