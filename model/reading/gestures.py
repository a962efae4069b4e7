"""What a pen does besides digits: it underlines, rings, crosses out, goes over a stroke again, and loses touch.

All of it is told from the strokes themselves, before any of them is looked at by the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from model.preprocess.strokes import Drawing, Stroke

Points = NDArray[np.float64]

#: More strokes than this are left as they are: they are looked at in pairs.
MOST = 120
#: Of a stroke so many points are looked at, evenly along it.
SAMPLED = 48
#: A stroke goes on where the last one ended if it begins within so many of its widths …
TOUCH = 1.5
#: … and turns by less than this, as the cosine of the angle: 60°.
ONWARD = 0.5
#: Of the lower one's height, ink and all, they share at most this: beside each other they may be two digits.
STACKED = 0.4
#: A stroke lies on others if this share of its points does, …
MOSTLY = 0.9
#: … within so much of the pen's width, or of the stroke's longer side.
ON_WIDTH, ON_SIDE = 0.5, 0.04
#: What crosses out swings so often from side to side, or up and down: a 3 does so thrice, a 0 drawn twice five times.
SWINGS = 6
#: A swing goes from this share of its side to the same share from the other side.
SWING = 0.3
#: Within so many widths of the pen it is a hand that trembles.
TREMOR = 2.0
#: What is crossed out lies in its box for this share of its points.
CROSSED = 0.8
#: An underline rises or falls by at most this share of its length, …
LEVEL = 0.18
#: … is at least so far from what stands on it, as a share of that one's height and in widths of the pen: a foot is
#: nearer, …
BELOW, BELOW_WIDTHS = 0.1, 1.0
#: … and at most so far below it, …
FAR_BELOW = 0.6
#: … and is as long as this share of what stands on it is wide, and of its height: the foot of a 1 is shorter.
AS_WIDE, AS_HIGH = 0.75, 0.6
#: What stands on an underline is over it by so much of its width.
OVER = 0.6
#: The ends of a ring lie within this share of its longer side.
CLOSED = 0.35
#: A ring holds a stroke if this share of its points is inside.
INSIDE = 0.7
#: A ring so many times as wide as high isn't a 0, even if it holds but one straight stroke.
WIDE = 1.3
#: A stroke is straight if it strays from the line between its ends by at most this share of its length: an underline, …
STRAIGHT = 0.12
#: … and the stroke inside a 0.
NEARLY_STRAIGHT = 0.25


def written(drawing: Drawing) -> Drawing:
    """A drawing without underlines, rings, what was crossed out or gone over again; strokes that go on are one."""
    if not 1 < len(drawing.strokes) <= MOST or any(not stroke.points for stroke in drawing.strokes):
        return drawing
    strokes = _without_repeats(_without_crossed_out(_joined(drawing.strokes)))
    pens = [_sampled(stroke) for stroke in strokes if not stroke.erase]
    inked = [stroke for stroke in strokes if not stroke.erase]
    gone = {id(stroke) for number, stroke in enumerate(inked) if _is_ring(number, pens)}
    rest = [(stroke, pen) for stroke, pen in zip(inked, pens, strict=True) if id(stroke) not in gone]
    gone |= {id(stroke) for number, (stroke, _) in enumerate(rest) if _is_underline(number, rest)}
    kept = tuple(stroke for stroke in strokes if id(stroke) not in gone)
    return replace(drawing, strokes=kept)


def _joined(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Strokes, of which each that goes on where the last one ended is a part of it."""
    joined: list[Stroke] = []
    for stroke in strokes:
        if joined and _goes_on(joined[-1], stroke):
            last = joined[-1]
            joined[-1] = replace(last, points=last.points + stroke.points, pressures=last.pressures + stroke.pressures)
        else:
            joined.append(stroke)
    return joined


def _goes_on(last: Stroke, stroke: Stroke) -> bool:
    if last.erase or stroke.erase or last.width != stroke.width or bool(last.pressures) != bool(stroke.pressures):
        return False
    if len(last.points) < 2 or len(stroke.points) < 2:
        return False
    end, begin = np.array(last.points[-1]), np.array(stroke.points[0])
    if np.hypot(*(begin - end)) > TOUCH * stroke.width:
        return False
    if _shared_height(last, stroke) > STACKED:
        return False
    before, after = end - _back(last.points[::-1], stroke.width), _back(stroke.points, stroke.width) - begin
    lengths = float(np.hypot(*before) * np.hypot(*after))
    return lengths > 0 and float(before @ after) >= ONWARD * lengths


def _shared_height(one: Stroke, other: Stroke) -> float:
    """The share of the lower one's height, ink and all, that two strokes of a width have in common."""
    (low, high), (other_low, other_high) = (
        (min(y for _, y in stroke.points), max(y for _, y in stroke.points) + stroke.width) for stroke in (one, other)
    )
    shared = min(high, other_high) - max(low, other_low)
    return max(0.0, shared) / min(high - low, other_high - other_low)


def _back(points: Sequence[tuple[float, float]], width: float) -> Points:
    """The first point that is a pen's width from the first, or the last one."""
    places = np.array(points)
    far = np.hypot(*(places - places[0]).T) >= width
    return np.asarray(places[int(np.argmax(far)) if far.any() else -1])


def _sampled(stroke: Stroke) -> Points:
    """``SAMPLED`` points (N, 2), evenly along a stroke."""
    points = np.array(stroke.points, np.float64)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0, along[-1], SAMPLED)
    return np.stack([np.interp(at, along, points[:, axis]) for axis in (0, 1)], axis=1)


def _without_crossed_out(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Strokes without those that were crossed out, and without what crossed them out."""
    kept: list[Stroke] = []
    for stroke in strokes:
        points = np.array(stroke.points)
        if not stroke.erase and max(_swings(places, stroke.width) for places in points.T) >= SWINGS:
            crossed = {id(other) for other in kept if not other.erase and _lies_in(other, points)}
            if crossed:
                kept = [other for other in kept if id(other) not in crossed]
                continue
        kept.append(stroke)
    return kept


def _swings(places: NDArray[np.float64], width: float) -> int:
    """How often a coordinate goes from one side of its range to the other; 0 within some widths of the pen."""
    low, span = float(places.min()), float(np.ptp(places))
    if span < TREMOR * width:
        return 0
    sides = np.where(places <= low + SWING * span, -1, np.where(places >= low + (1 - SWING) * span, 1, 0))
    return int(np.count_nonzero(np.diff(sides[sides != 0])))


def _lies_in(stroke: Stroke, points: Points) -> bool:
    pen = _sampled(stroke)
    inside = np.all((pen >= points.min(axis=0)) & (pen <= points.max(axis=0)), axis=1)
    return bool(np.mean(inside) >= CROSSED)


def _without_repeats(strokes: Sequence[Stroke]) -> list[Stroke]:
    """Strokes without those that lie on what was drawn before them."""
    kept: list[Stroke] = []
    drawn: list[Points] = []
    for stroke in strokes:
        if stroke.erase:
            drawn = []  # what was rubbed out may be drawn again
        else:
            pen = _sampled(stroke)
            if drawn and _lies_on(pen, np.concatenate(drawn), stroke.width):
                continue
            drawn.append(pen)
        kept.append(stroke)
    return kept


def _lies_on(pen: Points, drawn: Points, width: float) -> bool:
    side = float(np.ptp(pen, axis=0).max())
    if side < width:
        return False  # a dot
    near = max(ON_WIDTH * width, ON_SIDE * side)
    return bool(np.mean(_distances(pen, drawn) <= near) >= MOSTLY)


def _distances(pen: Points, others: Points) -> NDArray[np.float64]:
    """How far each point of a stroke is from the nearest of others, (N,)."""
    return np.asarray(np.hypot(*(pen[:, None] - others).transpose(2, 0, 1)).min(axis=1))


def _is_ring(number: int, pens: Sequence[Points]) -> bool:
    """Whether a stroke goes round others, and isn't a 0 with a stroke inside."""
    ring = pens[number]
    low, high = ring.min(axis=0), ring.max(axis=0)
    width, height = high - low
    if np.hypot(*(ring[-1] - ring[0])) > CLOSED * max(width, height):
        return False
    held = [
        pen
        for other, pen in enumerate(pens)
        if other != number
        and np.all((pen.min(axis=0) + pen.max(axis=0)) / 2 > low)
        and np.all((pen.min(axis=0) + pen.max(axis=0)) / 2 < high)
        and np.mean(_is_inside(pen, ring)) >= INSIDE
    ]
    if not held:
        return False
    return len(held) > 1 or bool(width > WIDE * height) or not _is_straight(held[0], NEARLY_STRAIGHT)


def _is_inside(points: Points, ring: Points) -> NDArray[np.bool_]:
    """Which points (N, 2) lie inside a closed line: those from which a ray crosses it an odd number of times."""
    x, y = points[:, :1], points[:, 1:]
    (x0, y0), (x1, y1) = ring.T, np.roll(ring, -1, axis=0).T
    crosses = (y0 > y) != (y1 > y)
    steps = np.where(crosses, y1 - y0, 1.0)  # of others the share would overflow where a line is nearly level
    right = x < x0 + (x1 - x0) * ((y - y0) / steps)
    inside: NDArray[np.bool_] = np.count_nonzero(crosses & right, axis=1) % 2 == 1
    return inside


def _is_straight(pen: Points, most: float) -> bool:
    along = pen[-1] - pen[0]
    length = float(np.hypot(*along))
    if not length:
        return False
    off = np.abs((pen - pen[0]) @ np.array([-along[1], along[0]])) / length
    return float(off.max()) <= most * length


def _is_underline(number: int, drawn: Sequence[tuple[Stroke, Points]]) -> bool:
    """Whether a stroke is a level line below others that reaches along them."""
    stroke, line = drawn[number]
    (left, top), (right, bottom) = line.min(axis=0), line.max(axis=0)
    if not right > left or bottom - top > LEVEL * (right - left) or not _is_straight(line, STRAIGHT):
        return False
    over = []
    for other, (_, pen) in enumerate(drawn):
        (x0, y0), (x1, y1) = pen.min(axis=0), pen.max(axis=0)
        height = y1 - y0
        is_over = min(right, x1) - max(left, x0) >= OVER * (x1 - x0) and height > 2 * (bottom - top)
        if other != number and is_over and -height / 2 < top - y1 < FAR_BELOW * height:
            over.append((x0, x1, height, float(_distances(line, pen).min())))
    if not over:
        return False
    lefts, rights, heights, gaps = np.array(over).T
    tall = float(heights.max())
    is_below = float(gaps.min()) >= max(BELOW * tall, BELOW_WIDTHS * stroke.width)
    return is_below and right - left >= max(AS_WIDE * (rights.max() - lefts.min()), AS_HIGH * tall)
