"""Pen strokes from the pad -> a picture, bright ink on black."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from model.errors import StrokesError, Term

#: The most strokes that a drawing may have.
MAX_STROKES = 200
#: The most points that all of a drawing's strokes may have together.
MAX_POINTS = 20_000
#: The longest side of a canvas in its own units (CSS pixels on the page).
MAX_SIDE = 4096
#: The longest side, in pixels, of the picture that strokes are drawn on.
PICTURE_SIDE = 280
#: How many times finer strokes are drawn before they are averaged.
OVERSAMPLING = 2
#: The share of its width that a stroke has at pressure 0; the pressure is added to it, so 0.5 gives the full width.
LEAST_WIDTH = 0.5


@dataclass(frozen=True)
class Stroke:
    """One movement of the pen or the eraser.

    Attributes:
        width: in canvas units.
        points: the (x, y) that it went through, in canvas units.
        pressures: the pressure at each point, 0…1; at 0.5 the stroke is ``width`` wide. Empty if the pen
            doesn't report pressure.
        erase: whether it takes ink away instead of leaving it.
    """

    width: float
    points: tuple[tuple[float, float], ...]
    pressures: tuple[float, ...] = ()
    erase: bool = False


@dataclass(frozen=True)
class Drawing:
    """What was drawn on a canvas of ``size`` (width, height): x to the right, y down."""

    size: tuple[float, float]
    strokes: tuple[Stroke, ...]


def parse_drawing(payload: object) -> Drawing:
    """Check untrusted strokes: ``{"size": [w, h], "strokes": [{"width": 18, "points": [[x, y], …]}, …]}``.

    A point may have a third number, the pen's pressure, and a stroke may say ``"erase": true``.
    ``None`` and a drawing without strokes are an empty canvas. Points outside the canvas are moved to within
    one canvas length of it.

    Raises:
        StrokesError: the structure is another, a number isn't finite, or there are more than ``MAX_STROKES``,
            ``MAX_POINTS`` or ``MAX_SIDE`` units a side.
    """
    if payload is None:
        return Drawing((PICTURE_SIDE, PICTURE_SIDE), ())
    if not isinstance(payload, Mapping):
        raise StrokesError("strokes-no-object")
    size = _pair(payload.get("size"), Term("canvas-size"))
    if not all(1 <= side <= MAX_SIDE for side in size):
        raise StrokesError("canvas-size", width=size[0], height=size[1], most=MAX_SIDE)
    strokes = _sequence(payload.get("strokes"), MAX_STROKES, Term("strokes"))
    count = 0
    parsed = []
    for stroke in strokes:
        if not isinstance(stroke, Mapping):
            raise StrokesError("stroke-no-object")
        points = _sequence(stroke.get("points"), MAX_POINTS, Term("points"), count)
        count += len(points)
        parsed.append(_parse_stroke(stroke.get("width"), points, size, erase=stroke.get("erase") is True))
    return Drawing(size, tuple(parsed))


def _parse_stroke(width: object, points: Sequence[Any], size: tuple[float, float], *, erase: bool) -> Stroke:
    width = _number(width, Term("pen-width"))
    if not 0 < width <= max(size):
        raise StrokesError("pen-width", width=width)
    has_pressure = bool(points) and all(isinstance(point, Sequence) and len(point) == 3 for point in points)
    inside = [_pair(point[:2] if has_pressure else point, Term("point")) for point in points]
    return Stroke(
        width,
        tuple((_clamp(x, size[0]), _clamp(y, size[1])) for x, y in inside),
        tuple(min(max(_number(point[2], Term("pressure")), 0.0), 1.0) for point in points) if has_pressure else (),
        erase,
    )


def _clamp(value: float, side: float) -> float:
    return min(max(value, -side), 2 * side)


def _sequence(value: object, most: int, what: Term, before: int = 0) -> Sequence[Any]:
    """A list of at most so many elements, together with those that came before it."""
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
        raise StrokesError("not-a-list", what=what)
    if before + len(value) > most:
        raise StrokesError("too-many", most=most, what=what)
    return value


def _number(value: object, what: Term) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise StrokesError("not-a-number", what=what)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise StrokesError("not-finite", what=what)
    return number


def _pair(value: object, what: Term) -> tuple[float, float]:
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)) or len(value) != 2:
        raise StrokesError("not-a-pair", what=what)
    return _number(value[0], what), _number(value[1], what)


def render(drawing: Drawing) -> Image.Image:
    """The drawing as a grey picture (mode L), ``PICTURE_SIDE`` on its longest side, ink 255 on 0.

    It is drawn larger and area-averaged, for edges as smooth as the pad shows them.
    """
    scale = PICTURE_SIDE / max(drawing.size)
    width, height = (max(1, round(side * scale)) for side in drawing.size)
    fine = scale * OVERSAMPLING
    picture = Image.new("L", (width * OVERSAMPLING, height * OVERSAMPLING))
    for stroke in drawing.strokes:
        draw(picture, stroke, fine)
    return picture.reduce(OVERSAMPLING)


def draw(picture: Image.Image, stroke: Stroke, scale: float, corner: tuple[float, float] = (0, 0)) -> None:
    """Draw lines from point to point with round joints and ends, in ink or, for the eraser, in black.

    Args:
        picture: mode L.
        scale: the picture's pixels to a canvas unit.
        corner: where the picture's corner lies on the canvas, in the picture's pixels.
    """
    pen = ImageDraw.Draw(picture)
    level = 0 if stroke.erase else 255
    points = [(x * scale - corner[0], y * scale - corner[1]) for x, y in stroke.points]
    radii = [stroke.width * scale / 2 * (LEAST_WIDTH + pressure) for pressure in stroke.pressures]
    if not radii:
        radii = [stroke.width * scale / 2] * len(points)
        if len(points) > 1:
            pen.line(points, fill=level, width=max(1, round(2 * radii[0])))
    else:
        for start, end, radius in zip(points, points[1:], radii, strict=False):
            pen.line([start, end], fill=level, width=max(1, round(2 * radius)))
    for (x, y), radius in zip(points, radii, strict=True):  # round ends and joints
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=level)
