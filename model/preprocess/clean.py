"""What lies over paper and ink and belongs to neither: stray pixels, bars at the edge, ruled and squared lines."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from model.preprocess.picture import Grey

#: A stray pixel is this many grey levels from all of its eight neighbours.
STRAY = 96
#: The share of stray pixels from which on the picture is noisy; of MNIST's digits none has half of it.
NOISY = 0.01

#: A bar at a picture's edge differs this much from the paper beside it, and this little in itself.
BAR_CONTRAST, EVEN = 100, 40
#: In this share of the rows a bar must end at the same place: a digit's side, cut along its top, is rounder.
STRAIGHT = 0.6
#: A smaller picture is a digit that fills it, and what looks like a bar is its margin.
LEAST_SIDE = 24
#: Its greatest width, and how wide the picture's rim is in which it must be even, as shares of the picture's width.
BAR_WIDTH, RIM = 0.45, 0.02

#: Ink from this level on may be a ruled line: it is often paler than the pen.
RULED = 32
#: How much of the picture's width a ruled line covers, and its greatest thickness as a share of the height.
COVERED, RULE_WIDTH = 0.6, 0.02
#: Fewer lines than this must also reach the picture's edges, or the bar of a 7 would be one.
RULES = 3
#: The longest side at which lines are looked for, and how far they may rise over the picture, as a share of its width.
RULE_SIDE, RULE_RISE = 160, 0.06
#: In a smaller picture a ruled line can't be told from a stroke: 16 % of USPS's digits have one two pixels thick.
LEAST_RULED = 80


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
    if abs(bar - paper) < BAR_CONTRAST or np.mean(np.abs(rim - bar) < EVEN) < 0.97:
        return levels
    ends = [int(np.argmax(np.abs(row - bar) > np.abs(row - paper))) for row in (top, bottom)]
    end, slack = max(ends), max(1, round(RIM * width))
    if min(ends) == 0 or end - min(ends) > slack or end > BAR_WIDTH * width:
        return levels
    beside = np.concatenate([top[end + slack : width // 2], bottom[end + slack : width // 2]])
    if not len(beside) or np.mean(np.abs(beside - paper) < EVEN) < 0.9:
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


def without_rules(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ink (H, W) without the lines of ruled or squared paper; strokes that cross them stay whole."""
    if min(ink.shape) < LEAST_RULED:
        return ink
    level = _rules(ink)
    upright = _rules(ink.T)
    if level is None and upright is None:
        return ink
    rules = np.zeros(ink.shape, np.bool_)
    for found in (level, None if upright is None else upright.T):
        if found is not None:
            rules |= found
    return np.where(rules, 0, ink).astype(np.uint8)


def _rules(ink: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    """The pixels (H, W) of nearly level thin lines that run across the picture; ``None`` when there are none."""
    mask = ink >= RULED
    near = _lines(mask)
    if near is None:
        return None
    lengths = _upright_runs(mask)
    # The lower quarter: upright lines that cross are in the band as well.
    thickness = float(np.percentile(lengths[near & mask], 25))
    if thickness > max(2.0, RULE_WIDTH * len(ink)):
        return None
    thin = near & mask & (lengths <= 1.5 * thickness + 1)
    # The pale rim above and below.
    rim = sliding_window_view(np.pad(thin, ((1, 1), (0, 0))), 3, axis=0).any(axis=2) & (ink < 2 * RULED)
    return np.asarray(thin | rim)


def _lines(mask: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """A band (H, W) round each line that covers the width, found by adding up along all slight slopes."""
    factor = -(-max(mask.shape) // RULE_SIDE)
    coarse = _any_of_blocks(mask, factor)
    height, width = coarse.shape
    if coarse.any(axis=0).mean() < COVERED:
        return None
    columns = np.arange(width)
    most = max(1, round(RULE_RISE * width))
    reach = max(1, round(0.03 * width))
    inked = np.zeros((height + 1, width), np.bool_)  # the last row stands for what is outside
    inked[:height] = coarse
    inked[: height - 1] |= coarse[1:]  # a line between two rows is in one here and in the other there
    found = np.zeros((height, width), np.bool_)
    middles: set[int] = set()
    touches_both = False
    for rise in range(-most, most + 1):
        slope = np.round(rise * (columns / (width - 1) - 0.5)).astype(np.int64)
        rows = np.arange(-most, height + most)[:, None] + slope
        rows[(rows < 0) | (rows >= height)] = height
        on_line = inked[rows, columns]
        inside = (rows < height).sum(axis=1)
        for middle in np.flatnonzero((inside >= 0.2 * width) & (on_line.sum(axis=1) >= COVERED * inside)):
            middles.add(int(middle))
            line = on_line[middle]
            touches_both |= bool(inside[middle] == width and line[:reach].any() and line[-reach:].any())
            places = np.clip(middle - most + slope + np.array([[-1], [0], [1], [2]]), 0, height - 1)
            found[places, columns] = True
    if not middles or not (touches_both or _groups(middles) >= RULES):
        return None
    band = found.repeat(factor, axis=0).repeat(factor, axis=1)
    return band[: mask.shape[0], : mask.shape[1]]


def _groups(rows: set[int]) -> int:
    """How many rows there are, counting those within three of each other once."""
    ordered = sorted(rows)
    return 1 + sum(after - before > 3 for before, after in pairwise(ordered))


def _any_of_blocks(mask: NDArray[np.bool_], factor: int) -> NDArray[np.bool_]:
    if factor == 1:
        return mask
    height, width = (-(-side // factor) * factor for side in mask.shape)
    whole = np.zeros((height, width), np.bool_)
    whole[: mask.shape[0], : mask.shape[1]] = mask
    return np.asarray(whole.reshape(height // factor, factor, width // factor, factor).any(axis=(1, 3)))


def _upright_runs(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each pixel (H, W) of a mask, how many pixels long the upright run is that holds it; 0 outside."""
    columns = np.pad(mask.T, ((0, 0), (0, 1))).ravel()  # a gap after each column
    steps = np.diff(columns.astype(np.int8), prepend=0, append=0)
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    lengths = np.zeros(len(columns), np.int64)
    lengths[columns] = np.repeat(ends - starts, ends - starts)
    by_row: NDArray[np.int64] = lengths.reshape(mask.shape[1], -1)[:, :-1].T
    return by_row
