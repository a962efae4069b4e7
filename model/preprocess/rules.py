"""Ruled and squared paper, and the lines of forms: long, thin, straight lines under or round the writing.

What looks for lines can also find them in digits, so a line must be more than long: it reaches both of the picture's
edges, or has company (three level lines; two of each direction that cross). Upright lines alone are ones, unless three
of them are far paler than the pen: those are the walls of boxes whose floors are too pale to be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import find_components
from model.preprocess.picture import Pixels

#: Ink from this level on may be a line: it is often paler than the pen.
RULED = 32
#: The greatest thickness of a line, as a share of the picture's height.
THICKEST = 0.02
#: … and in pixels, for small pictures.
THIN = 3.0
#: The strips across which a line is followed.
STRIPS = 12
#: How far a line may rise over the picture, as a share of its width.
RISE = 0.12
#: How far, in pixels, a line may stray from the straight way through the strips.
STRAY = 2
#: The share of a line's way on which it shows as thin: elsewhere strokes cross it.
SHOWN = 0.45
#: The share of a line's way on which there is ink at all.
INKED = 0.9
#: A line's longest gap, as a share of the ink's width.
LONGEST_GAP = 0.06
#: The share of the ink's width that a line covers: a 1 in the box of a form is three quarters as high as that.
COVERED = 0.88
#: The most ways that are looked at closely.
MOST_TRIED = 100
#: Lines nearer than this to a stronger one are the same, in pixels.
SAME = 4
#: So many level lines are a ruled page.
LEVEL = 3
#: So many lines of each direction that cross are squares or boxes.
CROSSING = 2
#: A line is pale up to this level; a pen's full strength is 255. Ones are as dark as other digits.
PALE = 110
#: So many pale upright lines are the walls of boxes.
WALLS = 3
#: How much darker than its line a pixel may be and still be taken away: more is a pen's.
DARKER = 1.35
#: … and by how many levels, where the line is very pale.
DARKER_LEVELS = 10
#: How much thicker than its line ink may be and still be taken away, and by how many pixels.
THICKER = 1.5
#: The least stroke that must remain, in pixels, else the lines were the writing.
STROKE = 24
#: In a smaller picture a line can't be told from a stroke: 16 % of USPS's digits have one two pixels thick.
LEAST_SIDE = 80


@dataclass(frozen=True, eq=False)
class Line:
    """A level line: of each column of its extent the row of its middle, how thick, how dark, whether to both edges."""

    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    thickness: float
    level: float
    reaches: bool


def without_rules(ink: Pixels) -> Pixels:
    """Ink (H, W) without the lines of ruled or squared paper and of forms; strokes that cross them stay whole."""
    if min(ink.shape) < LEAST_SIDE:
        return ink
    level, upright = find_lines(ink), find_lines(ink.T)
    crossing = _number(level) >= CROSSING and _number(upright) >= CROSSING
    is_page = crossing or _number(level) >= LEVEL
    level = [line for line in level if is_page or line.reaches]
    are_ruled = _number(level) >= CROSSING
    walls = [line for line in upright if line.level <= PALE]
    if not crossing:
        has_walls = _number(walls) >= WALLS
        upright = [line for line in upright if (line.reaches and are_ruled) or (has_walls and line in walls)]
    if not level and not upright:
        return ink
    gone = _covered(ink, level) | _covered(ink.T, upright).T
    left = np.where(gone, 0, ink).astype(np.uint8)
    # Lines of a page may be nearly all the ink there is; what remains must still be a stroke.
    strokes = find_components(left >= 2 * RULED)
    return left if strokes and strokes[0].area >= STROKE else ink


def find_lines(ink: Pixels) -> list[Line]:
    """Nearly level, thin, straight and unbroken lines over most of the ink's width; a thick one at both its edges."""
    mask = ink >= RULED
    columns = np.flatnonzero(mask.any(axis=0))
    if len(columns) < LEAST_SIDE // 2:
        return []
    first, end = int(columns[0]), int(columns[-1]) + 1
    thickest = max(THIN, THICKEST * len(ink))
    lengths = upright_runs(mask)
    thin = (lengths > 0) & (lengths <= thickest)
    edges = np.linspace(first, end, STRIPS + 1).round().astype(int)
    strips = [thin[:, left:right].sum(axis=1) for left, right in pairwise(edges)]
    profile = np.stack(strips).astype(np.float32)  # (STRIPS, H)
    near = profile.copy()
    for away in range(1, STRAY + 1):
        near[:, away:] = np.maximum(near[:, away:], profile[:, :-away])
        near[:, :-away] = np.maximum(near[:, :-away], profile[:, away:])
    lines: list[Line] = []
    taken: list[NDArray[np.float64]] = []
    for way in _ways(near, end - first):
        if any(float(np.abs(way - other).min()) < SAME for other in taken):
            continue
        line = _line(ink, mask, lengths, thin, _rows(way, profile, edges), (first, end))
        if line is not None:
            lines.append(line)
            taken.append(way)
    return lines


def _number(lines: Sequence[Line]) -> int:
    """How many lines these are: a thick one is found at both of its edges."""
    single: list[Line] = []
    for line in lines:
        if not any(_are_one(line, other) for other in single):
            single.append(line)
    return len(single)


def _are_one(line: Line, other: Line) -> bool:
    """Whether two lines are the two edges of one."""
    first = max(line.columns[0], other.columns[0])
    last = min(line.columns[-1], other.columns[-1])
    rows, others = (each.rows[first - each.columns[0] : last + 1 - each.columns[0]] for each in (line, other))
    return float(np.median(np.abs(rows - others))) < max(SAME, other.thickness)


def _ways(near: NDArray[np.float32], width: int) -> list[NDArray[np.float64]]:
    """Rows (STRIPS,) of straight ways through the strips with much thin ink, the most first."""
    strips, height = near.shape
    most = round(RISE * width)
    along = (np.arange(strips) + 0.5) / strips - 0.5
    padded = np.pad(near, ((0, 0), (most + 1, most + 1)))
    best, best_rise = np.zeros(height), np.zeros(height)
    for rise in sorted(range(-most, most + 1, 2 * STRAY), key=abs):
        offsets = np.round(rise * along).astype(int) + most + 1
        total = np.sum([padded[strip, offset : offset + height] for strip, offset in enumerate(offsets)], axis=0)
        better = total > best
        best[better], best_rise[better] = total[better], rise
    peaks = [row for row in np.argsort(-best, kind="stable") if best[row] >= SHOWN * COVERED * width]
    ways: list[NDArray[np.float64]] = []
    for row in peaks:
        way = row + best_rise[row] * along
        if all(float(np.abs(way - other).max()) > STRAY for other in ways):
            ways.append(way)
        if len(ways) == MOST_TRIED:
            break
    return ways


def _rows(way: NDArray[np.float64], profile: NDArray[np.float32], edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """The row of each column from the first edge to the last, drawn to where each strip has most thin ink."""
    height = profile.shape[1]
    middles = (edges[:-1] + edges[1:]) / 2
    drawn = []
    for strip, row in enumerate(way):
        low = min(max(0, round(row) - STRAY), height - 1)
        high = max(low + 1, min(height, round(row) + STRAY + 1))
        window = profile[strip, low:high]
        drawn.append(low + int(window.argmax()) if window.max() > 0 else round(row))
    rows = np.interp(np.arange(edges[0], edges[-1]), middles, drawn)
    return np.asarray(np.clip(np.round(rows), 0, height - 1), np.int64)


def _line(
    ink: Pixels,
    mask: NDArray[np.bool_],
    lengths: NDArray[np.int64],
    thin: NDArray[np.bool_],
    rows: NDArray[np.int64],
    extent: tuple[int, int],
) -> Line | None:
    """The line along these rows, if it is one: without gaps over most of its way, and thin."""
    columns = np.arange(*extent)
    height = len(ink)
    around = [np.clip(rows + away, 0, height - 1) for away in (0, -1, 1)]
    inked = np.any([mask[place, columns] for place in around], axis=0)
    if inked.mean() < COVERED:
        return None
    shown = np.any([thin[place, columns] for place in around], axis=0)
    # The line's own extent: from its first to its last thin ink.
    own = np.flatnonzero(shown)
    if not len(own):
        return None
    start, stop = int(own[0]), int(own[-1]) + 1
    if stop - start < COVERED * len(columns) or inked[start:stop].mean() < INKED or len(own) < SHOWN * (stop - start):
        return None
    gaps = np.diff(np.flatnonzero(inked[start:stop])).max()  # both ends of it have ink
    if gaps > max(3, LONGEST_GAP * len(columns)):
        return None
    places = columns[own], np.max([np.where(thin[place, columns], place, -1) for place in around], axis=0)[own]
    thickness = float(np.median(lengths[places[1], places[0]]))
    level = float(np.median(np.max([ink[place, columns] for place in around], axis=0)[own]))
    reaches = extent[0] + start <= 2 and extent[0] + stop >= ink.shape[1] - 2
    return Line(columns[start:stop], rows[start:stop], thickness, level, reaches)


def _covered(ink: Pixels, lines: list[Line]) -> NDArray[np.bool_]:
    """The pixels (H, W) that are a line's and no pen's."""
    gone = np.zeros(ink.shape, np.bool_)
    lengths = upright_runs(ink >= RULED)
    for line in lines:
        reach = int(line.thickness / 2) + 2
        for away in range(-reach, reach + 1):
            rows = line.rows + away
            inside = (rows >= 0) & (rows < len(ink))
            rows, columns = rows[inside], line.columns[inside]
            is_thin = lengths[rows, columns] <= THICKER * (line.thickness + 1)
            is_pale = ink[rows, columns] <= DARKER * line.level + DARKER_LEVELS
            gone[rows[is_thin & is_pale], columns[is_thin & is_pale]] = True
    return gone


def upright_runs(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each pixel (H, W) of a mask, how many pixels long the upright run is that holds it; 0 outside."""
    columns = np.pad(mask.T, ((0, 0), (0, 1))).ravel()  # a gap after each column
    steps = np.diff(columns.astype(np.int8), prepend=0)
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    lengths = np.zeros(len(columns), np.int64)
    lengths[columns] = np.repeat(ends - starts, ends - starts)
    by_row: NDArray[np.int64] = lengths.reshape(mask.shape[1], -1)[:, :-1].T
    return by_row
