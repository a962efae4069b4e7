"""Taking out what is neither paper nor handwriting: stray pixels, bars at the edges, ruled and squared lines."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from model.preprocess.components import grown
from model.preprocess.picture import Grey, Mask, Pixels

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
#: as much.
RIM = 0.02

#: Ink from this level on may be a ruled line, which is often paler than the pen.
RULED = 32
#: The share of the picture's width that a ruled line covers, at least.
COVERED = 0.6
#: A ruled line's greatest thickness, as a share of the picture's height.
RULE_WIDTH = 0.02
#: A line of up to this many pixels may be ruled in any picture.
LEAST_RULE_WIDTH = 2.0
#: The percentile of the lengths of upright runs that is a line's thickness: upright lines that cross it, and strokes,
#: are longer.
THICKNESS_PERCENTILE = 25
#: Runs of up to this many times a line's thickness, and a pixel more, are the line's.
THICKNESS_SPREAD = 1.5
#: Fewer lines than this must also reach the picture's edges, or the bar of a 7 would be one.
RULES = 3
#: Lines up to this many rows of the coarse picture apart are counted once.
SAME_RULE = 3
#: How close to the picture's edges a line must begin and end to reach them, as a share of the picture's width.
RULE_END = 0.03
#: The longest side at which lines are looked for.
RULE_SIDE = 160
#: How far lines may rise over the whole width of the picture, as a share of that width.
RULE_RISE = 0.06
#: A sloping line must have at least this share of the picture's width inside the picture.
RULE_INSIDE = 0.2
#: In a picture with a shorter side a ruled line can't be told from a stroke: 16 % of USPS's digits have a stroke two
#: pixels thick.
LEAST_RULED = 80


def despeckle(levels: Grey) -> Grey:
    """Levels (H, W) with stray pixels replaced by the median around them; the same object if there are few."""
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
    top, bottom = (np.median(rows, axis=0) for rows in (levels[:rim], levels[-rim:]))
    middle = slice(width // 4, -(width // 4))
    paper = float(np.median(np.concatenate([top[middle], bottom[middle]])))
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
    bar = float(np.median(rim))
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
    evened: Grey = levels.copy()
    direction = 1.0 if paper < bar else -1.0
    evened[:, :end] = paper + direction * np.abs(levels[:, :end] - bar)
    evened[:, soft] = paper
    return evened


def without_rules(ink: Pixels) -> Pixels:
    """Ink (H, W) without the lines of ruled or squared paper; strokes stay whole where lines cross them."""
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


def _rules(ink: Pixels) -> Mask | None:
    """The pixels (H, W) of thin, nearly level lines that run across the picture; ``None`` if there are none."""
    mask = ink >= RULED
    near = _lines(mask)
    if near is None:
        return None
    lengths = _upright_runs(mask)
    thickness = float(np.percentile(lengths[near & mask], THICKNESS_PERCENTILE))
    if thickness > max(LEAST_RULE_WIDTH, RULE_WIDTH * len(ink)):
        return None
    thin = near & mask & (lengths <= THICKNESS_SPREAD * thickness + 1)
    rim = grown(thin, axes=(0,)) & (ink < 2 * RULED)  # the pale edge above and below
    return np.asarray(thin | rim)


def _lines(mask: Mask) -> Mask | None:
    """A band (H, W) around each line across the picture; ``None`` if there are none.

    A Hough transform of slight slopes: ink is counted along each of them, from each row.
    """
    factor = -(-max(mask.shape) // RULE_SIDE)
    coarse = _any_of_blocks(mask, factor)
    height, width = coarse.shape
    if coarse.any(axis=0).mean() < COVERED:
        return None
    columns = np.arange(width)
    most = max(1, round(RULE_RISE * width))
    reach = max(1, round(RULE_END * width))
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
        for middle in np.flatnonzero((inside >= RULE_INSIDE * width) & (on_line.sum(axis=1) >= COVERED * inside)):
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
    """How many lines there are at these rows; rows up to ``SAME_RULE`` apart are one line."""
    ordered = sorted(rows)
    return 1 + sum(after - before > SAME_RULE for before, after in pairwise(ordered))


def _any_of_blocks(mask: Mask, factor: int) -> Mask:
    """The mask made smaller by a whole factor: whether any pixel of each block is in it."""
    if factor == 1:
        return mask
    height, width = (-(-side // factor) * factor for side in mask.shape)
    whole = np.zeros((height, width), np.bool_)
    whole[: mask.shape[0], : mask.shape[1]] = mask
    return np.asarray(whole.reshape(height // factor, factor, width // factor, factor).any(axis=(1, 3)))


def _upright_runs(mask: Mask) -> NDArray[np.int64]:
    """For each pixel (H, W) of a mask, the length of the upright run that it is part of; 0 outside the mask."""
    columns = np.pad(mask.T, ((0, 0), (0, 1))).ravel()  # a gap after each column
    steps = np.diff(columns.astype(np.int8), prepend=0, append=0)
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    lengths = np.zeros(len(columns), np.int64)
    lengths[columns] = np.repeat(ends - starts, ends - starts)
    by_row: NDArray[np.int64] = lengths.reshape(mask.shape[1], -1)[:, :-1].T
    return by_row
