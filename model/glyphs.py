"""Signs as pen strokes: letters and symbols that are no digits, and ways of writing digits that MNIST lacks.

A sign is a list of strokes, each a list of points (x, y) in a box of about 1 × 1, x to the right, y down.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

Point = tuple[float, float]
Sign = list[list[Point]]

#: Strokes are parted by "|", points are two digits, x and y in ninths; a stroke with "~" is a smooth curve.
#: Left out is what a person also writes as a digit: O o I l S s Z z b q g.
LETTERS_AND_SYMBOLS = {
    "A": "09 50 99|26 76",
    "B": "00 09|~00 70 72 54 04|~04 84 87 69 09",
    "C": "~92 50 05 59 97",
    "D": "00 09|~00 70 95 79 09",
    "E": "90 00 09 99|05 65",
    "F": "90 00 09|05 65",
    "G": "~82 50 05 59 97|56 96 99",
    "H": "00 09|90 99|05 95",
    "J": "~80 87 59 17",
    "K": "00 09|80 05 99",
    "L": "00 09 89",
    "M": "09 00 55 90 99",
    "N": "09 00 99 90",
    "P": "09 00|~00 80 83 75 05",
    "Q": "~50 05 59 95 50|66 99",
    "R": "09 00|~00 80 83 75 05|55 99",
    "T": "00 90|50 59",
    "U": "~00 07 59 97 90",
    "V": "00 59 90",
    "W": "00 29 50 79 90",
    "X": "00 99|90 09",
    "Y": "00 54 90|54 59",
    "a": "~85 40 05 49 85|80 86 99",
    "d": "~86 53 06 59 86|90 99",
    "e": "~15 85 60 05 49 88",
    "f": "~90 50 49|14 84",
    "h": "00 09|~05 54 86 89",
    "j": "~60 68 39 08|68 68",
    "k": "00 09|74 06 89",
    "m": "03 09|~05 33 45 49|~45 73 85 89",
    "n": "03 09|~05 53 85 89",
    "p": "00 09|~01 60 83 66 05",
    "r": "03 09|~05 33 73",
    "t": "~40 47 59 79|13 73",
    "u": "~00 06 49 86 80|80 89",
    "w": "~00 18 35 52 68 90",
    "x": "~00 45 99|~90 45 09",
    "y": "00 45|90 45 19",
    "plus": "50 59|05 95",
    "equals": "03 93|06 96",
    "question": "~02 40 82 55 57|58 59",
    "hash": "30 29|70 69|03 93|06 96",
    "asterisk": "50 59|12 87|82 17",
    "less": "80 05 89",
    "greater": "00 85 09",
    "caret": "09 50 99",
    "tilde": "~05 33 66 94",
    "minus": "05 95",
    "at": "~75 53 36 58 75 95 70 20 05 29 89",
    "triangle": "50 09 99 50",
    "square": "00 90 99 09 00",
    "star": "29 50 79 03 93 29",
    "heart": "~59 13 20 52 80 93 59",
    "arrow": "05 95|72 95 78",
    "tick": "05 39 90",
    "percent": "90 09|~20 02 23 32 20|~76 78 97 76",
    "spiral": "~55 65 66 46 43 74 77 38 24 41 81",
    "lightning": "60 15 64 29",
}


def sign(text: str) -> Sign:
    """The strokes that a text as in ``LETTERS_AND_SYMBOLS`` stands for."""
    strokes = []
    for stroke in text.split("|"):
        points = [(int(point[0]) / 9, int(point[1]) / 9) for point in stroke.removeprefix("~").split()]
        strokes.append(smooth(points) if stroke.startswith("~") else points)
    return strokes


def smooth(points: list[Point], steps: int = 8) -> list[Point]:
    """A curve through the points (Catmull–Rom spline, E. Catmull & R. Rom 1974)."""
    ends = [points[0], *points, points[-1]]
    curve = [points[0]]
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(1, steps + 1):
            curve.append(_spline(before, start, end, after, step / steps))
    return curve


def _spline(before: Point, start: Point, end: Point, after: Point, t: float) -> Point:
    x, y = (
        0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3)
        for p, q, r, s in zip(before, start, end, after, strict=True)
    )
    return x, y


def _oval(x: float, y: float, width: float, height: float, start: float = -0.25, turns: float = -1.0) -> list[Point]:
    """Points along an ellipse about (x, y), beginning at ``start`` turns clockwise from the right."""
    angles = [2 * math.pi * (start + turns * step / 24) for step in range(25)]
    return [(x + width / 2 * math.cos(angle), y + height / 2 * math.sin(angle)) for angle in angles]


def flagged_one(chance: Random) -> Sign:
    """A stem with an upstroke, a foot, or both. The longer the flag, the steeper, or it were a 7."""
    angle = math.radians(chance.uniform(30, 75))
    length = chance.uniform(0.12, 0.4 + 0.4 * math.sin(angle) ** 2)
    lean = chance.uniform(-0.45, 0.05)
    bottom = (0.5 + lean, 1.0)
    strokes = [[(0.5 - length * math.cos(angle), length * math.sin(angle)), (0.5, 0.0), bottom]]
    foot = chance.random()
    if foot < 0.4:
        half = chance.uniform(0.12, 0.35)
        strokes.append([(bottom[0] - half, 1.0), (bottom[0] + half, chance.uniform(0.97, 1.03))])
    if foot < 0.12:
        strokes[0] = strokes[0][1:]
    return strokes


def crossed_seven(chance: Random) -> Sign:
    """A 7 with a bar through its stem, sometimes with a serif, sometimes with neither."""
    width, foot = chance.uniform(0.5, 0.8), chance.uniform(0.1, 0.4)
    top = [(0.0, chance.uniform(-0.02, 0.06)), (width, 0.0), (foot, 1.0)]
    strokes = [top if chance.random() < 0.5 else [(0.0, chance.uniform(0.08, 0.2)), *top]]
    if chance.random() < 0.3:  # a waved bar and a bent stem
        strokes = [smooth([(0.0, 0.12), (0.2, 0.0), (width * 0.6, 0.06), (width, 0.0), (foot + 0.1, 0.5), (foot, 1.0)])]
    if chance.random() < 0.8:
        y, half = chance.uniform(0.4, 0.58), chance.uniform(0.14, 0.28)
        middle = width + (foot - width) * y
        strokes.append([(middle - half, y + chance.uniform(-0.03, 0.06)), (middle + half, y)])
    return strokes


def open_four(chance: Random) -> Sign:
    """A 4 of two strokes, open or closed at the top, its stem from the very top to only just above the bar."""
    apex, stem = chance.uniform(0.1, 0.6), chance.uniform(0.5, 0.75)
    level, left = chance.uniform(0.5, 0.75), chance.uniform(0.0, 0.08)
    stem_top = 0.0 if apex > 0.45 else chance.uniform(0.0, level - 0.15)
    return [
        [(apex, 0.0), (left, level), (chance.uniform(0.75, 1.0), level + chance.uniform(-0.1, 0.03))],
        [(stem, stem_top), (stem + chance.uniform(-0.3, 0.03), 1.0)],
    ]


def slashed_zero(chance: Random) -> Sign:
    """A 0 with a slash, inside it or beyond."""
    width, reach = chance.uniform(0.5, 0.8), chance.uniform(0.75, 1.15)
    half_x, half_y = width / 2 * reach * 0.75, 0.5 * reach * 0.75
    return [_oval(0.5, 0.5, width, 1.0), [(0.5 + half_x, 0.5 - half_y), (0.5 - half_x, 0.5 + half_y)]]


def flat_three(chance: Random) -> Sign:
    """A 3 with a flat top and a corner."""
    knee = (chance.uniform(0.25, 0.4), chance.uniform(0.36, 0.46))
    bowl = smooth([knee, (0.62, 0.5), (0.68, 0.76), (0.4, 1.0), (0.0, chance.uniform(0.82, 0.95))])
    return [[(0.02, 0.0), (chance.uniform(0.58, 0.7), 0.0), *bowl]]


def ringed_eight(chance: Random) -> Sign:
    """An 8 of two rings."""
    upper = chance.uniform(0.4, 0.5)
    return [
        _oval(0.5, upper / 2, chance.uniform(0.38, 0.55), upper),
        _oval(0.5, (1 + upper) / 2, chance.uniform(0.48, 0.7), 1 - upper),
    ]


def stick_nine(chance: Random) -> Sign:
    """A 9 of a ring, closed or not quite, and a straight or hooked stem."""
    width, height = chance.uniform(0.42, 0.6), chance.uniform(0.35, 0.55)
    x = width
    foot = [(x + chance.uniform(-0.25, 0.03), 1.0)]
    if chance.random() < 0.4:
        foot = smooth([(x, 0.7), (x - 0.1, 0.95), (x - 0.3, 1.0), (x - 0.5, 0.92)])
    ring = _oval(width / 2, height / 2, width, height, start=-0.1, turns=chance.uniform(-1.05, -0.7))
    return [ring, [(x, chance.uniform(0, 0.2)), *foot]]


def stick_six(chance: Random) -> Sign:
    """A 6 of one curve into a ring."""
    height = chance.uniform(0.4, 0.55)
    width = chance.uniform(0.45, 0.65)
    ring = _oval(width / 2, 1 - height / 2, width, height, start=0.5)
    top = (chance.uniform(0.2, 0.55), 0.0)
    return [smooth([top, (0.1 + top[0] * 0.2, 0.35), ring[0]]) + ring[1:]]


def angular_five(chance: Random) -> Sign:
    """A 5 with straight edges, its bar joined or loose."""
    x = chance.uniform(0.02, 0.15)
    bowl = smooth([(0.03, 0.46), (0.45, 0.38), (0.66, 0.66), (0.4, 0.98), (0.0, chance.uniform(0.82, 0.96))])
    bar_end = (chance.uniform(0.5, 0.72), chance.uniform(-0.04, 0.03))
    if chance.random() < 0.5:
        return [[bar_end, (x, 0.0), *bowl]]
    return [[(x, chance.uniform(0, 0.08)), *bowl], [(x + chance.uniform(-0.02, 0.1), 0.0), bar_end]]


def angular_two(chance: Random) -> Sign:
    """A 2 with a straight foot and no loop."""
    head = smooth([(0.02, chance.uniform(0.12, 0.28)), (0.32, 0.0), (0.62, 0.24), (0.4, 0.6), (0.0, 1.0)])
    return [[*head, (chance.uniform(0.6, 0.75), chance.uniform(0.95, 1.0))]]


#: label -> the ways to write it that MNIST lacks or is short of.
DIGIT_STYLES: dict[int, tuple[Callable[[Random], Sign], ...]] = {
    0: (slashed_zero,),
    1: (flagged_one,),
    2: (angular_two,),
    3: (flat_three,),
    4: (open_four,),
    5: (angular_five,),
    6: (stick_six,),
    7: (crossed_seven,),
    8: (ringed_eight,),
    9: (stick_nine,),
}
