"""Signs that are no digits, as pen strokes: letters, symbols, simple pictures, some Chinese characters.

A sign is a list of strokes, each a list of points (x, y) in a box of about 1 × 1, x to the right, y down.
"""

from __future__ import annotations

import math
from random import Random

Point = tuple[float, float]
Sign = list[list[Point]]

#: Strokes are parted by "|", points are two digits, x and y in ninths; a stroke with "~" is a smooth curve.
#: Left out is what a person also writes as a digit: O o I l i, and what stands in DOUBTFUL.
PRINT = {
    "A": "09 50 99|26 76",
    "C": "~92 50 05 59 97",
    "D": "00 09|~00 70 95 79 09",
    "E": "90 00 09 99|05 65",
    "F": "90 00 09|05 65",
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
    "j": "~63 68 39 08|60 60",
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

#: Forms of running hand and of capitals in script, as above.
SCRIPT = {
    "A": "~09 35 50 59 79 98|25 75",
    "D": "~40 38 19 08 39 86 93 60 20 02",
    "E": "~82 50 21 34 55 24 06 18 58 97",
    "F": "~12 30 60 90|~60 54 48 19 07|35 75",
    "H": "~02 20 25 18 07|~90 73 69 99|05 85",
    "K": "~02 20 25 19|~90 54 35 56 99",
    "L": "~73 70 51 46 28 07 29 69 98",
    "M": "~08 19 20 49 60 79 98",
    "N": "~08 19 20 69 80 91",
    "P": "~39 40|~03 30 81 84 35",
    "R": "~29 30|~03 30 81 74 35 59 98",
    "T": "~02 20 51 90|~50 55 38 08",
    "U": "~02 10 17 49 75 80|80 78 98",
    "V": "~02 10 49 80 91",
    "W": "~01 10 29 52 69 90",
    "X": "~02 20 45 69 98|~90 62 36 09",
    "Y": "~02 10 24 63 80|~80 77 39 06",
    "c": "~08 36 62 31 05 39 88",
    "e": "~08 45 72 40 15 38 68 95",
    "f": "~06 54 70 41 39 28 45 95",
    "h": "~06 44 50 20 19|~16 43 67 79 97",
    "k": "~06 44 50 20 19|~16 53 55 26 69 97",
    "m": "~04 12 19|~14 32 39|~34 62 68 79 97",
    "n": "~04 12 19|~14 42 58 69 97",
    "p": "~05 22 19|~14 42 65 37 16",
    "r": "~08 32 34 63 67 79 97",
    "t": "~08 50 48 59 87|22 82",
    "u": "~04 12 17 37 52|~52 57 69 97",
    "v": "~04 12 39 62 92",
    "w": "~03 12 18 36 43|~43 48 66 72 92",
    "x": "~04 12 68 98|~71 08",
    "y": "~04 12 15 45 62|~62 68 39 17 56 94",
}

#: Symbols and simple pictures, as above.
PICTURES = {
    "ampersand": "~98 23 31 53 27 18 39 95",
    "dollar": "~81 31 13 45 76 58 07|50 59",
    "brace": "~80 51 54 35 55 58 89",
    "braced": "~10 41 44 65 45 48 19",
    "bracket": "70 20 29 79",
    "bracketed": "20 70 79 29",
    "exclaim": "50 55|59 59",
    "pi": "01 91|31 29|71 68 89",
    "sigma": "91 01 55 09 99",
    "omega": "~09 39 05 20 70 95 69 99",
    "lambda": "~10 35 99|46 09",
    "alpha": "~90 67 39 06 33 65 99",
    "root": "05 25 49 60 90",
    "house": "04 50 94|14 19 89 84|49 46 66 69",
    "sun": "~53 35 57 75 53|50 52|58 59|05 15|95 85|11 22|88 77",
    "stairs": "09 06 36 33 63 60 90",
    "wave": "~05 22 35 48 55 62 75 88",
    "smile": "~50 05 59 95 50|~26 48 76|33 34|63 64",
    "envelope": "01 91 98 08 01 55 91",
    "fish": "~15 42 75 48 15|15 02|15 08",
    "flag": "09 00 92 05",
    "moon": "~60 15 69 98 45 60",
    "tree": "50 25 45 18 78 55 75 50|58 59",
    "cross": "30 60 63 93 96 66 69 39 36 06 03 33 30",
    "diamond": "50 95 59 05 50",
    "bolts": "00 99|90 09|50 59",
    "person": "~50 32 53 72 50|54 57|05 95|57 19|57 89",
    "cup": "01 28 68 91 01|~82 95 66",
    "ladder": "20 29|70 79|22 72|25 75|28 78",
    "ren": "~50 36 09|~43 67 99",
    "da": "03 93|~50 46 09|~54 67 99",
    "mu": "03 93|50 59|53 08|53 98",
    "zhong": "12 82 86 16 12|50 59",
    "ri": "10 80 89 19 10|15 85",
    "tian": "00 90 99 09 00|05 95|50 59",
    "shang": "50 59|54 84|09 99",
    "xia": "01 91|51 59|53 86",
    "shan": "50 59|03 09 99 94",
    "wen": "50 62|02 92|~63 37 09|~33 67 99",
}

#: Letters that some people's digits look like, as a writer of letters makes them. A few of them among many
#: true digits teach doubt, so that an S scores below a 5 without a 5 being turned away.
DOUBTFUL = {
    "S": "~91 50 12 45 86 59 08",
    "Z": "00 90 09 99",
    "b": "00 09|~05 44 87 59 08",
    "g": "~82 50 03 36 82|~81 88 59 17",
    "q": "~82 50 04 48 85|81 89 98",
    "B": "00 09|~00 70 72 54 04|~04 84 87 69 09",
    "G": "~82 50 05 59 97|56 96 99",
}

#: Every sign, by where it comes from and its name.
SIGNS: dict[str, str] = {
    f"{kind} {name}": strokes
    for kind, signs in (("print", PRINT), ("script", SCRIPT), ("picture", PICTURES))
    for name, strokes in signs.items()
}


def sign(text: str) -> Sign:
    """The strokes that a text as in ``SIGNS`` stands for."""
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


def adorned(strokes: Sign, rng: Random) -> Sign:
    """A sign as it is, with serifs, or with the curls that a quick hand leaves at its ends."""
    habit = rng.random()
    if habit < 0.5:
        return strokes
    if habit < 0.7:
        return strokes + [bar for stroke in strokes for end in (stroke[0], stroke[-1]) for bar in _serif(end, rng)]
    return [_curl(_curl(stroke, rng)[::-1], rng)[::-1] for stroke in strokes]


def _serif(end: Point, rng: Random) -> Sign:
    """A short level bar through the end of a stroke, four times out of five."""
    half = rng.uniform(0.06, 0.13)
    return [[(end[0] - half, end[1]), (end[0] + half, end[1])]] if rng.random() < 0.8 else []


def _curl(stroke: list[Point], rng: Random) -> list[Point]:
    """A stroke that goes on into a small turn to either side, every second time."""
    if rng.random() < 0.5 or len(stroke) < 2:
        return stroke
    (x0, y0), (x, y) = stroke[-2:]
    heading, turn = math.atan2(y - y0, x - x0), rng.choice([-1, 1]) * rng.uniform(0.4, 1.0)
    length = rng.uniform(0.06, 0.12)
    curl = []
    for _ in range(3):
        heading += turn
        x, y = x + length * math.cos(heading), y + length * math.sin(heading)
        curl.append((x, y))
    return [*stroke, *smooth([stroke[-1], *curl])[1:]]


def invented(rng: Random) -> Sign:
    """A sign that nobody writes: three to six lines, arcs and hooks between the points of a 4×4 lattice."""

    def point() -> Point:
        return rng.randint(0, 3) / 3, rng.randint(0, 3) / 3

    strokes: Sign = []
    while len(strokes) < 3:
        for _ in range(rng.randint(3, 6)):
            corners = list(dict.fromkeys(point() for _ in range(rng.choice([2, 2, 3, 3, 4]))))
            if len(corners) > 1:
                strokes.append(smooth(corners) if rng.random() < 0.5 else corners)
    return strokes
