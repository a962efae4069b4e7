"""Ways of writing digits that MNIST lacks or is short of, as pen strokes (see ``model.synthesis.signs``)."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from model.synthesis.signs import Point, Sign, smooth


def _oval(x: float, y: float, width: float, height: float, start: float = -0.25, turns: float = -1.0) -> list[Point]:
    """Points along an ellipse about (x, y), beginning at ``start`` turns clockwise from the right."""
    angles = [2 * math.pi * (start + turns * step / 24) for step in range(25)]
    return [(x + width / 2 * math.cos(angle), y + height / 2 * math.sin(angle)) for angle in angles]


def flagged_one(rng: Random) -> Sign:
    """A stem with an upstroke, a foot, both, or bare. The longer the flag, the steeper, or it were a 7."""
    if rng.random() < 0.2:
        return [[(0.5, 0.0), (0.5 + rng.uniform(-0.3, 0.1), 1.0)]]
    if rng.random() < 0.25:
        return _footed_one(rng)
    angle = math.radians(rng.uniform(30, 75))
    length = rng.uniform(0.12, 0.4 + 0.4 * math.sin(angle) ** 2)
    lean = rng.uniform(-0.45, 0.05)
    bottom = (0.5 + lean, 1.0)
    strokes = [[(0.5 - length * math.cos(angle), length * math.sin(angle)), (0.5, 0.0), bottom]]
    foot = rng.random()
    if foot < 0.4:
        half = rng.uniform(0.12, 0.35)
        strokes.append([(bottom[0] - half, 1.0), (bottom[0] + half, rng.uniform(0.97, 1.03))])
    if foot < 0.12:
        strokes[0] = strokes[0][1:]
    return strokes


def _footed_one(rng: Random) -> Sign:
    """A stem with a long foot, which may cross it, and a flag as flat as a 7's: a 7 stands on no foot."""
    angle, length = math.radians(rng.uniform(-5, 40)), rng.uniform(0.15, 0.45)
    lean = rng.uniform(-0.35, 0.1)
    level, left, right = rng.uniform(0.75, 1.0), rng.uniform(0.15, 0.5), rng.uniform(0.15, 0.45)
    middle = 0.5 + lean * level
    flag = (0.5 - length * math.cos(angle), length * math.sin(angle))
    foot = [(middle - left, level + rng.uniform(0.0, 0.06)), (middle + right, level + rng.uniform(-0.06, 0.02))]
    return [[flag, (0.5, 0.0), (0.5 + lean, 1.0)], foot]


def bent_one(rng: Random) -> Sign:
    """A 1 of one quick stroke, its flag and stem joined by a bend, the stem slanted or waved."""
    angle, length = math.radians(rng.uniform(35, 75)), rng.uniform(0.2, 0.65)
    foot = 0.5 - rng.uniform(-0.05, 0.6)
    tip = (0.5 - length * math.cos(angle), length * math.sin(angle))
    bend = rng.uniform(0.02, 0.1)
    top = [(0.5 - bend * math.cos(angle), bend * math.sin(angle)), (0.5, 0.0), (0.5 - bend * (0.5 - foot), bend)]
    middle = ((0.5 + foot) / 2 + rng.uniform(-0.05, 0.05), 0.5)
    return [smooth([tip, *top, middle, (foot, 1.0)])]


def crossed_seven(rng: Random) -> Sign:
    """A 7 with a bar through its stem, sometimes with a serif, sometimes with neither."""
    width, foot = rng.uniform(0.5, 0.8), rng.uniform(0.1, 0.4)
    top = [(0.0, rng.uniform(-0.02, 0.06)), (width, 0.0), (foot, 1.0)]
    strokes = [top if rng.random() < 0.5 else [(0.0, rng.uniform(0.08, 0.2)), *top]]
    if rng.random() < 0.3:  # a waved bar and a bent stem
        strokes = [smooth([(0.0, 0.12), (0.2, 0.0), (width * 0.6, 0.06), (width, 0.0), (foot + 0.1, 0.5), (foot, 1.0)])]
    if width < 0.6 or rng.random() < 0.7:  # a narrow 7 without a bar is a 1
        y, half = rng.uniform(0.4, 0.58), rng.uniform(0.14, 0.28)
        middle = width + (foot - width) * y
        strokes.append([(middle - half, y + rng.uniform(-0.03, 0.06)), (middle + half, y)])
    return strokes


def curly_seven(rng: Random) -> Sign:
    """A 7 of curves: a hook or a wave for its top, a bent stem, a bar low or long or joined to the stem."""
    width, foot = rng.uniform(0.45, 0.75), rng.uniform(0.1, 0.4)
    hook = (rng.uniform(-0.05, 0.1), rng.uniform(0.08, 0.25))
    dip = rng.uniform(0.0, 0.1)
    top = [hook, (0.12, 0.02), (width * 0.6, dip), (width, rng.uniform(0.0, 0.05))]
    stem = [(width * 0.6 + foot * 0.4, rng.uniform(0.35, 0.5)), (foot, 1.0)]
    y, left, right = rng.uniform(0.42, 0.66), rng.uniform(0.1, 0.3), rng.uniform(0.15, 0.45)
    middle = width + (foot - width) * y
    bar = [(middle - left, y + rng.uniform(-0.05, 0.1)), (middle + right, y + rng.uniform(-0.1, 0.05))]
    return [smooth(top + stem), bar]


def looped_seven(rng: Random) -> Sign:
    """A 7 of one stroke, its stem turned back at the foot to draw the bar."""
    width, foot = rng.uniform(0.4, 0.75), rng.uniform(0.05, 0.4)
    top = [(0.0, rng.uniform(0.0, 0.25)), (width * 0.4, 0.0), (width, rng.uniform(0.0, 0.08))]
    stem = [(width * 0.6 + foot * 0.4, rng.uniform(0.35, 0.5)), (foot, 1.0)]
    y = rng.uniform(0.42, 0.64)
    turn = (foot - rng.uniform(0.03, 0.2), y + rng.uniform(0.02, 0.15))
    bar = [(foot, y), (width + rng.uniform(-0.05, 0.3), y + rng.uniform(-0.12, 0.03))]
    return [smooth([*top, *stem, turn, *bar])]


def open_four(rng: Random) -> Sign:
    """A 4 of two strokes, open or closed at the top, its stem from the very top to only just above the bar."""
    apex, stem = rng.uniform(0.1, 0.6), rng.uniform(0.5, 0.75)
    level, left = rng.uniform(0.5, 0.75), rng.uniform(0.0, 0.08)
    stem_top = 0.0 if apex > 0.45 else rng.uniform(0.0, level - 0.15)
    return [
        [(apex, 0.0), (left, level), (rng.uniform(0.75, 1.0), level + rng.uniform(-0.1, 0.03))],
        [(stem, stem_top), (stem + rng.uniform(-0.3, 0.03), 1.0)],
    ]


def slender_four(rng: Random) -> Sign:
    """A narrow slanted 4 of two strokes: a hook, and a stem that only just crosses it, or hangs low on it."""
    width, level = rng.uniform(0.3, 0.6), rng.uniform(0.5, 0.85)
    lean = rng.uniform(0.05, 0.35)
    corner = [
        (lean, 0.0),
        (0.0, level - rng.uniform(0, 0.08)),
        (0.06, level),
        (width, level - rng.uniform(0, 0.1)),
    ]
    stem = width * rng.uniform(0.6, 1.0)
    top = (stem + lean * 0.5, rng.uniform(0.05, level - 0.25))
    return [
        smooth(corner) if rng.random() < 0.5 else corner,
        [top, (stem - rng.uniform(0.0, 0.2), 1.0)],
    ]


def hooked_zero(rng: Random) -> Sign:
    """A 0 whose ends overlap or cross at the top, sometimes with a curl into it."""
    width, turns = rng.uniform(0.5, 0.8), rng.choice([-1, 1]) * rng.uniform(1.02, 1.2)
    ring = _oval(0.5, 0.55, width, 0.9, start=-0.25 + rng.uniform(-0.08, 0.08), turns=turns)
    x, y = ring[0]
    away = rng.uniform(0.05, 0.25) * (1 if turns < 0 else -1)
    return [smooth([(x + away, y + rng.uniform(-0.15, 0.1)), (x + away * 0.4, y - 0.05)]) + ring]


def slashed_zero(rng: Random) -> Sign:
    """A 0 with a slash, inside it or beyond."""
    width, reach = rng.uniform(0.5, 0.8), rng.uniform(0.75, 1.15)
    half_x, half_y = width / 2 * reach * 0.75, 0.5 * reach * 0.75
    return [_oval(0.5, 0.5, width, 1.0), [(0.5 + half_x, 0.5 - half_y), (0.5 - half_x, 0.5 + half_y)]]


def struck_zero(rng: Random) -> Sign:
    """A 0 of one curve, open or closed at the top, whose end turns back and strikes through it from below."""
    width, turns = rng.uniform(0.45, 0.75), rng.uniform(0.95, 1.05)
    ring = _oval(0.5, 0.5, width, 1.0, start=-0.25 + rng.uniform(0.0, 0.1), turns=-turns)
    reach = width / 2 * rng.uniform(0.2, 0.7)
    slash = [(0.5 - reach, rng.uniform(0.7, 0.95)), (0.5 + reach, rng.uniform(0.15, 0.5))]
    return [ring, slash] if rng.random() < 0.5 else [[*ring, *slash]]


def flat_three(rng: Random) -> Sign:
    """A 3 with a flat top and a corner."""
    knee = (rng.uniform(0.25, 0.4), rng.uniform(0.36, 0.46))
    bowl = smooth([knee, (0.62, 0.5), (0.68, 0.76), (0.4, 1.0), (0.0, rng.uniform(0.82, 0.95))])
    return [[(0.02, 0.0), (rng.uniform(0.58, 0.7), 0.0), *bowl]]


def hasty_three(rng: Random) -> Sign:
    """A 3 of one curve, its middle hardly drawn in, its lower bowl small or open."""
    knee = (rng.uniform(0.25, 0.5), rng.uniform(0.36, 0.5))
    reach = rng.uniform(0.5, 0.7)
    end = (rng.uniform(0.0, 0.3), rng.uniform(0.88, 1.0))
    top = [(rng.uniform(0, 0.1), rng.uniform(0.02, 0.15)), (reach * 0.6, 0.0), (reach, 0.14)]
    return [smooth([*top, knee, (reach * rng.uniform(0.85, 1.1), 0.68), (reach * 0.7, 0.96), end])]


def single_eight(rng: Random) -> Sign:
    """An 8 of one stroke that begins at the top right and ends near there, its ends not always meeting."""
    waist, width = rng.uniform(0.4, 0.5), rng.uniform(0.5, 0.75)
    start = (width + rng.uniform(-0.15, 0.1), rng.uniform(0.0, 0.2))
    down = [(width * 0.4, 0.0), (0.05, 0.2), (width * 0.5, waist), (width, 0.78), (width * 0.5, 1.0)]
    return [smooth([start, *down, (0.0, 0.8), (width * 0.5, waist + 0.05), (width * 0.85, rng.uniform(0.1, 0.3))])]


def ringed_eight(rng: Random) -> Sign:
    """An 8 of two rings."""
    upper = rng.uniform(0.4, 0.5)
    return [
        _oval(0.5, upper / 2, rng.uniform(0.38, 0.55), upper),
        _oval(0.5, (1 + upper) / 2, rng.uniform(0.48, 0.7), 1 - upper),
    ]


def stick_nine(rng: Random) -> Sign:
    """A 9 of a ring, closed or not quite, and a straight or hooked stem."""
    width, height = rng.uniform(0.42, 0.6), rng.uniform(0.35, 0.55)
    x = width
    foot = [(x + rng.uniform(-0.25, 0.03), 1.0)]
    if rng.random() < 0.4:
        foot = smooth([(x, 0.7), (x - 0.1, 0.95), (x - 0.3, 1.0), (x - 0.5, 0.92)])
    ring = _oval(width / 2, height / 2, width, height, start=-0.1, turns=rng.uniform(-1.05, -0.7))
    return [ring, [(x, rng.uniform(0, 0.2)), *foot]]


def curly_nine(rng: Random) -> Sign:
    """A 9 of one curve: a ring that may be open, a stem that swings out to the right, a tail that curls to the left."""
    width, height = rng.uniform(0.45, 0.7), rng.uniform(0.32, 0.5)
    start = (width * rng.uniform(0.65, 1.0), height * rng.uniform(0.05, 0.5))
    ring = [start, (width * 0.5, 0.0), (0.0, height * 0.55), (width * 0.4, height), (width * 0.95, height * 0.6)]
    stem = [(width * rng.uniform(0.95, 1.15), 0.62), (width * 0.75, 0.93), (width * 0.3, 1.0)]
    tail = (rng.uniform(-0.25, 0.1), rng.uniform(0.82, 1.0))
    return [smooth([*ring, *stem, tail])]


def knotted_nine(rng: Random) -> Sign:
    """A 9 of one curve whose ring is no more than a knot, its stem straight, bent, or swung out like half a 3."""
    width, height = rng.uniform(0.2, 0.42), rng.uniform(0.15, 0.32)
    ring = [(width, height * 0.3), (width * 0.5, 0.0), (0.0, height * 0.5), (width * 0.5, height)]
    crossing = (width * rng.uniform(0.9, 1.1), height * rng.uniform(0.3, 0.7))
    belly, foot = width + rng.uniform(-0.05, 0.3), rng.uniform(0.1, 0.4)
    tail = (foot - rng.uniform(0.05, 0.5), rng.uniform(0.88, 1.0))
    return [smooth([*ring, crossing, (belly, rng.uniform(0.55, 0.72)), (foot, 1.0), tail])]


def flat_nine(rng: Random) -> Sign:
    """A slanted 9 whose ring is pressed flat: hardly more than a thick bar above its stem."""
    width, height = rng.uniform(0.3, 0.5), rng.uniform(0.13, 0.25)
    lean, drop = rng.uniform(0.1, 0.4), rng.uniform(0.0, 0.12)
    ring = [(width, 0.02), (width * 0.4, drop), (0.0, drop + height * 0.6), (width * 0.4, drop + height)]
    crossing = (width * rng.uniform(0.92, 1.08), height * rng.uniform(0.2, 0.6))
    return [smooth([*ring, crossing, (width - lean * 0.5, 0.55), (width - lean, 1.0)])]


def stick_six(rng: Random) -> Sign:
    """A 6 of one curve into a ring."""
    height = rng.uniform(0.4, 0.55)
    width = rng.uniform(0.45, 0.65)
    ring = _oval(width / 2, 1 - height / 2, width, height, start=0.5)
    top = (rng.uniform(0.2, 0.55), 0.0)
    return [smooth([top, (0.1 + top[0] * 0.2, 0.35), ring[0]]) + ring[1:]]


def angular_five(rng: Random) -> Sign:
    """A 5 with straight edges, its bar joined or loose."""
    x = rng.uniform(0.02, 0.15)
    bowl = smooth([(0.03, 0.46), (0.45, 0.38), (0.66, 0.66), (0.4, 0.98), (0.0, rng.uniform(0.82, 0.96))])
    bar_end = (rng.uniform(0.5, 0.72), rng.uniform(-0.04, 0.03))
    if rng.random() < 0.5:
        return [[bar_end, (x, 0.0), *bowl]]
    return [[(x, rng.uniform(0, 0.08)), *bowl], [(x + rng.uniform(-0.02, 0.1), 0.0), bar_end]]


def angular_two(rng: Random) -> Sign:
    """A 2 with a straight foot and no loop."""
    head = smooth([(0.02, rng.uniform(0.12, 0.28)), (0.32, 0.0), (0.62, 0.24), (0.4, 0.6), (0.0, 1.0)])
    return [[*head, (rng.uniform(0.6, 0.75), rng.uniform(0.95, 1.0))]]


#: label -> the ways to write it that MNIST lacks or is short of.
DIGIT_STYLES: dict[int, tuple[Callable[[Random], Sign], ...]] = {
    0: (slashed_zero, struck_zero, hooked_zero),
    1: (flagged_one, bent_one),
    2: (angular_two,),
    3: (flat_three, hasty_three),
    4: (open_four, slender_four),
    5: (angular_five,),
    6: (stick_six,),
    7: (crossed_seven, curly_seven, looped_seven),
    8: (ringed_eight, single_eight),
    9: (stick_nine, curly_nine, knotted_nine, flat_nine),
}
