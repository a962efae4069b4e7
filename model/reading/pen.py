"""A drawing as atoms: each stroke drawn alone, so that no digit brings its neighbours' ink along."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from model.preprocess.components import Box
from model.preprocess.picture import Pixels
from model.preprocess.strokes import Drawing, Stroke, draw
from model.reading.atoms import Atom

#: How high in pixels the tallest stroke is drawn: as high as a digit on the pad.
TALL = 120.0
#: Drawn so many times finer and then averaged, for edges as smooth as the pad's.
FINER = 2
#: The longest side of a stroke's picture, in pixels: a level stroke is bounded by it, not by the tallest.
LONGEST = 2000.0
#: The most pixels that all strokes' pictures have together: 200 long strokes would take a second to draw.
MOST_PIXELS = 8_000_000
#: Ink from this level on is there; less is the pale edge.
VISIBLE = 64
#: How much of a stroke's visible ink must outlast the eraser.
LEFT = 12
#: So much drawing over and rubbing out is read as a picture: strokes times points of erasers.
MOST_RUBBED = 50_000


def is_apart(drawing: Drawing) -> bool:
    """Whether drawing each stroke alone, with what was erased of it, is worth its time."""
    rubbed = sum(len(stroke.points) for stroke in drawing.strokes if stroke.erase)
    return rubbed * len(drawing.strokes) <= MOST_RUBBED


def scale_of(drawing: Drawing) -> float:
    """Pixels to a canvas unit at which the drawing's strokes are drawn."""
    inked = [stroke for stroke in drawing.strokes if stroke.points and not stroke.erase]
    if not inked:
        return 1.0
    boxes = [_box(stroke) for stroke in inked]
    tallest = max(max(box[3] - box[1] for box in boxes), 1.0)
    longest = max(max(box[2] - box[0], box[3] - box[1]) for box in boxes)
    area = sum((box[2] - box[0]) * (box[3] - box[1]) for box in boxes)
    return min(TALL / tallest, LONGEST / longest, math.sqrt(MOST_PIXELS / area))


def atoms_of(drawing: Drawing, scale: float) -> list[Atom]:
    """One atom a stroke, in the order they were drawn; the eraser takes from what was there before it."""
    atoms = []
    for number, stroke in enumerate(drawing.strokes):
        if stroke.points and not stroke.erase:
            later = [other for other in drawing.strokes[number + 1 :] if other.erase and other.points]
            atom = _drawn(stroke, later, scale)
            if atom is not None:
                atoms.append(atom)
    return atoms


def _box(stroke: Stroke) -> tuple[float, float, float, float]:
    """The box of a stroke's ink in canvas units."""
    reach = stroke.width * (0.5 + 0.25 * (max(stroke.pressures, default=0.5) > 0.5))
    columns, rows = zip(*stroke.points, strict=True)
    return min(columns) - reach, min(rows) - reach, max(columns) + reach, max(rows) + reach


def _drawn(stroke: Stroke, erasers: Sequence[Stroke], scale: float) -> Atom | None:
    x0, y0, x1, y1 = (side * scale for side in _box(stroke))
    left, top = int(np.floor(x0)) - 1, int(np.floor(y0)) - 1
    width, height = int(np.ceil(x1)) + 1 - left, int(np.ceil(y1)) + 1 - top
    picture = Image.new("L", (width * FINER, height * FINER))
    for part in (stroke, *(eraser for eraser in erasers if _meet(_box(stroke), _box(eraser)))):
        draw(picture, part, scale * FINER, (left * FINER, top * FINER))
    ink: Pixels = np.asarray(picture.reduce(FINER))
    visible = ink >= VISIBLE
    if np.count_nonzero(visible) < (LEFT if erasers else 1):
        return None
    rows, columns = (np.flatnonzero(visible.any(axis=axis)) for axis in (1, 0))
    box: Box = (left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1)
    return Atom(box, ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], is_stroke=True)


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
