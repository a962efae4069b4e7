"""Frames: the ring round a digit, the boxes of a form, the lines of a table. What goes round others is no digit.

But a 0 may have a stroke inside that doesn't touch it. Beside digits of its height a ring is a 0; of a ring alone the
network says whether it is a digit with what it holds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import Box, Component, around
from model.reading.atoms import SHARED, body_height

#: A frame has another piece of this share of its height inside.
HELD = 0.25
#: A frame lies so near to its own box's sides where it is nearest to what it holds, as a share of the box.
NEAR_SIDE = 0.3
#: A frame of cells holds so many pieces.
CELLS = 3
#: A frame has ink on no more than this share of its box, …
THIN_FRAME = 0.35
#: … unless each of its sides is straight: of its box's sides it has at least this share. No digit has four.
STRAIGHT = 0.95
#: Into so many directions round what a frame holds it is looked for, …
DIRECTIONS = 72
#: … and in so many beside each other, at most, it is missing: 45°. A ring by hand has a gap, an open 6 one of 65°.
GAP = 9
#: A ring is a 0 if it is no higher than this beside the digits of its line: a ring round one is half as high again.
LIKE_OTHERS = 1.3
#: A ring with a stroke inside is a 0, too, if it is at most so wide, for its height, …
WIDEST_ZERO = 1.1
#: … and the stroke slants more than a 1 does: it is at least so wide, for its height, …
SLANTING = 0.5
#: … and so straight: across, it deviates by at most this share of what it does along.
STRAIGHT_STROKE = 0.2
#: What has less than this share of a ring's ink doesn't stand beside it.
CRUMB = 0.05


def without_frames(pieces: Sequence[Component]) -> list[Component]:
    """Pieces without frames; a 0 comes together with the stroke inside it."""
    frames = _frames(pieces)
    inside = {held for all_held in frames.values() for held in all_held}
    free = [piece.box for number, piece in enumerate(pieces) if number not in frames and number not in inside]
    zeros = {
        number: held
        for number, held in frames.items()
        if _is_like(pieces[number].box, free) or _is_slashed(pieces[number].box, [pieces[n] for n in held])
    }
    strokes = {held for all_held in zeros.values() for held in all_held}
    return [
        _joined([piece, *(pieces[held] for held in zeros.get(number, []))])
        for number, piece in enumerate(pieces)
        if number in zeros or not (number in frames or number in strokes)
    ]


def ring_of(pieces: Sequence[Component]) -> Component | None:
    """The only frame of pieces as one with what it holds, if nothing stands beside it; else None."""
    frames = _frames(pieces)
    if len(frames) != 1:
        return None
    ((number, held),) = frames.items()
    ring = pieces[number]
    crumbs = sum(piece.area <= CRUMB * ring.area and n not in held for n, piece in enumerate(pieces))
    is_alone = len(held) + crumbs == len(pieces) - 1
    return _joined([ring, *(pieces[other] for other in held)]) if is_alone else None


def _frames(pieces: Sequence[Component]) -> dict[int, list[int]]:
    """The numbers of the pieces that go round others, and of those that each holds."""
    boxes = np.array([piece.box for piece in pieces])
    frames = {}
    for number, piece in enumerate(pieces):
        x0, y0, x1, y1 = piece.box
        inside = (boxes[:, 0] > x0) & (boxes[:, 1] > y0) & (boxes[:, 2] < x1) & (boxes[:, 3] < y1)
        inside[number] = False
        high = boxes[:, 3] - boxes[:, 1] >= HELD * (y1 - y0) * min(1.0, (x1 - x0) / max(1, y1 - y0))
        like_frame = piece.area <= THIN_FRAME * (x1 - x0) * (y1 - y0) or _is_rectangle(piece)
        if like_frame and (inside & high).any() and _goes_round(piece, boxes[inside & high]):
            frames[number] = np.flatnonzero(inside).tolist()
    return frames


def _goes_round(piece: Component, held: NDArray[np.int64]) -> bool:
    """Whether a piece has ink on all four sides of what it holds: near its own box's sides, or round many, in cells."""
    rows, first, end = piece.runs.T
    x0, y0, x1, y1 = piece.box
    near_x, near_y = NEAR_SIDE * (x1 - x0), NEAR_SIDE * (y1 - y0)
    has_cells = len(held) >= CELLS
    for left, top, right, bottom in held:
        x, y = (left + right) / 2, (top + bottom) / 2
        level, upright = rows == int(y), (first <= x) & (end > x)
        before, after = end[level & (end <= x)], first[level & (first > x)]
        above, below = rows[upright & (rows < y)], rows[upright & (rows > y)]
        if not (len(before) and len(after) and len(above) and len(below)):
            continue
        # The bowl of a 6 or a 9 may hold the stroke's end; above or below it there is more of the digit.
        is_near = before.max() - x0 <= near_x and x1 - after.min() <= near_x
        is_near = is_near and above.max() - y0 <= near_y and y1 - below.min() <= near_y
        if has_cells or (is_near and _widest_gap(piece, x, y) <= GAP):
            return True
    return False


def _widest_gap(piece: Component, x: float, y: float) -> int:
    """In how many of ``DIRECTIONS`` beside each other a piece isn't seen from a point."""
    rows, columns = _pixels_of(piece)
    angles = np.arctan2(rows - y, columns - x)
    seen = np.unique((angles / (2 * np.pi) * DIRECTIONS).astype(int) % DIRECTIONS)
    return int(np.diff(seen, append=seen[0] + DIRECTIONS).max()) - 1


def _pixels_of(piece: Component) -> NDArray[np.int64]:
    """The rows and columns of a piece's pixels, int64 (2, area)."""
    rows, first, end = piece.runs.T
    lengths = end - first
    columns = np.arange(piece.area) + np.repeat(first - np.cumsum(lengths) + lengths, lengths)
    return np.stack([np.repeat(rows, lengths), columns])


def _is_rectangle(piece: Component) -> bool:
    """Whether a piece lies along all four sides of its box."""
    rows, first, end = piece.runs.T
    x0, y0, x1, y1 = piece.box
    along_x = min((end - first)[rows == row].sum() for row in (y0, y1 - 1))
    along_y = min(len(np.unique(rows[side])) for side in (first == x0, end == x1))
    return bool(along_x >= STRAIGHT * (x1 - x0) and along_y >= STRAIGHT * (y1 - y0))


def _is_like(frame: Box, free: Sequence[Box]) -> bool:
    """Whether a frame is no higher than what stands beside it on its line."""
    height = frame[3] - frame[1]
    beside = [
        bottom - top
        for _, top, _, bottom in free
        if min(frame[3], bottom) - max(frame[1], top) >= SHARED * min(height, bottom - top)
    ]
    return bool(beside) and height <= LIKE_OTHERS * body_height(beside)


def _is_slashed(frame: Box, held: Sequence[Component]) -> bool:
    """Whether a frame is about as wide as a 0 and holds nothing but a straight, slanting stroke."""
    if len(held) != 1 or frame[2] - frame[0] > WIDEST_ZERO * (frame[3] - frame[1]):
        return False
    x0, y0, x1, y1 = held[0].box
    if not SLANTING <= (x1 - x0) / (y1 - y0) <= 1 / SLANTING:
        return False
    across, along = np.linalg.eigvalsh(np.cov(_pixels_of(held[0])))
    return bool(across <= STRAIGHT_STROKE**2 * along)


def _joined(pieces: Sequence[Component]) -> Component:
    """Several pieces as one."""
    runs = np.concatenate([piece.runs for piece in pieces])
    return Component(around(*(piece.box for piece in pieces)), sum(piece.area for piece in pieces), runs)
