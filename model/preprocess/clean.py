"""What lies over paper and ink and belongs to neither: stray pixels, bars at the edge."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from model.preprocess.picture import Grey

#: A stray pixel is this many grey levels from all of its eight neighbours.
STRAY = 96
#: The share of stray pixels from which on the picture is noisy; of MNIST's digits none has half of it.
NOISY = 0.01

#: A bar at a picture's edge differs by so many grey levels from the paper beside it.
BAR_CONTRAST = 100
#: Levels that differ by less are even: the bar in itself, the paper beside it.
EVEN = 40
#: The share of the bar's rim that is even.
EVEN_RIM = 0.97
#: The share of the paper beside it that is even.
EVEN_PAPER = 0.9
#: In this share of the rows a bar must end at the same place: a digit's side, cut along its top, is rounder.
STRAIGHT = 0.6
#: A smaller picture is a digit that fills it, and what looks like a bar is its margin.
LEAST_SIDE = 24
#: A bar's greatest width, as a share of the picture's.
BAR_WIDTH = 0.45
#: How wide the rim is in which a bar must be even, as a share of the picture's width.
RIM = 0.02


def despeckle(levels: Grey) -> Grey:
    """Levels (H, W) with stray pixels replaced by the median around them, if there are many; else as they came."""
    pixels = np.clip(levels, 0, 255).astype(np.uint8)
    if min(pixels.shape) < 3:
        return levels
    inner = pixels[1:-1, 1:-1]
    height, width = pixels.shape
    places = [(y, x) for y in range(3) for x in range(3) if (y, x) != (1, 1)]
    around = [pixels[y : height - 2 + y, x : width - 2 + x] for y, x in places]
    highest, lowest = around[0], around[0]
    for shifted in around[1:]:
        highest, lowest = np.maximum(highest, shifted), np.minimum(lowest, shifted)
    # Kept within uint8 by comparing only where there is room for the difference.
    stray = (inner > STRAY) & (inner - np.minimum(inner, STRAY) > highest)
    stray |= (inner < 255 - STRAY) & (np.minimum(inner, 255 - STRAY) + np.uint8(STRAY) < lowest)
    if np.count_nonzero(stray) < NOISY * stray.size:
        return levels
    median = np.asarray(Image.fromarray(pixels).filter(ImageFilter.MedianFilter(3)), dtype=np.float32)
    calm: Grey = np.where(np.abs(levels - median) > STRAY, median, levels)
    return calm


def without_bars(levels: Grey) -> Grey:
    """Levels (H, W) with even bars along the edges, such as a screenshot has, brought to the level beside them.

    What is drawn on a bar stays visible, even in reversed colours: by as much as it differs from the bar.
    """
    upright: Grey = _without_side_bars(levels).T
    evened: Grey = _without_side_bars(upright).T
    return evened


def _without_side_bars(levels: Grey) -> Grey:
    height, width = levels.shape
    if min(height, width) < LEAST_SIDE:
        return levels
    rim = max(1, round(RIM * height))
    top, bottom = (np.median(rows, axis=0) for rows in (levels[:rim], levels[-rim:]))
    middle = slice(width // 4, -(width // 4))
    paper = float(np.median(np.concatenate([top[middle], bottom[middle]])))
    for flipped in (False, True):
        step = -1 if flipped else 1
        levels = _without_left_bar(levels[:, ::step], top[::step], bottom[::step], paper)[:, ::step]
    return levels


def _without_left_bar(levels: Grey, top: Grey, bottom: Grey, paper: float) -> Grey:
    """Levels without the bar at their left, whose end the top and the bottom row must show at the same place."""
    width = levels.shape[1]
    rim = levels[:, : max(1, round(RIM * width))]
    bar = float(np.median(rim))
    if abs(bar - paper) < BAR_CONTRAST or np.mean(np.abs(rim - bar) < EVEN) < EVEN_RIM:
        return levels
    ends = [int(np.argmax(np.abs(row - bar) > np.abs(row - paper))) for row in (top, bottom)]
    end, slack = max(ends), max(1, round(RIM * width))
    if min(ends) == 0 or end - min(ends) > slack or end > BAR_WIDTH * width:
        return levels
    beside = np.concatenate([top[end + slack : width // 2], bottom[end + slack : width // 2]])
    if not len(beside) or np.mean(np.abs(beside - paper) < EVEN) < EVEN_PAPER:
        return levels
    starts = np.argmax(np.abs(levels - bar) > np.abs(levels - paper), axis=1)
    if np.mean(np.abs(starts - end) <= slack) < STRAIGHT:
        return levels
    soft = [
        x
        for x in range(max(0, end - slack - 1), min(width, end + slack))
        if EVEN < abs(top[x] - bar) < abs(paper - bar) - EVEN
    ]
    evened: Grey = levels.copy()
    direction = 1.0 if paper < bar else -1.0
    evened[:, :end] = paper + direction * np.abs(levels[:, :end] - bar)
    evened[:, soft] = paper
    return evened
