"""What is in a ring: the slash of a 0, or a 1 with a ring round it where both are a pen's strokes; or a face."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import Box, find_components, holds
from model.reading.atoms import Atom
from model.reading.bars import lean
from model.reading.parts import Part

#: The label of a ring, slashed or not.
RING = 0
#: Between the middles of the ring and the stroke, as a share of the ring's sides: the stem of a 9 is farther off.
APART = 0.3
#: Degrees to the right at the top from which on a stroke that reaches the ring is a slash; less is an upright one.
LEAST_LEAN = 12.0
#: … and from which on a shorter one is, too: slashes that a writer keeps inside the ring lean by 40 to 61, hardly a 1
#: by more than 38.
SLASHED = 38.0
#: Nobody's slash lies flatter.
MOST_LEAN = 70.0
#: A stroke reaches the ring if it is as long as this share of the room that the ring leaves it along its way.
REACHES = 0.95
#: Two to five strokes are one digit.
MOST_STROKES = 8
#: A face has at least so many pieces in its ring, each of at least this share of the ring's ink.
EYES, SPECK = 2, 0.01
#: Ink from this level on is looked at; less is a soft edge.
INKED = 128

Points = NDArray[np.float64]


def odd(parts: Sequence[Part], atoms: Sequence[Atom]) -> list[bool]:
    """For each part of an answer whether it is a 0 that may be a ringed 1, or a face.

    Args:
        atoms: of the source.
    """
    return [part.label == RING and (_is_face(part.atom) or _may_be_ringed(part.atom.box, atoms)) for part in parts]


def _may_be_ringed(box: Box, atoms: Sequence[Atom]) -> bool:
    """Whether strokes in a box may be a 1 with a ring round it; more strokes than a digit has may be anything."""
    strokes = [atom for atom in atoms if atom.is_stroke and holds(box, (*atom.middle, *atom.middle))]
    if len(strokes) > MOST_STROKES:
        return True
    rings = [stroke for stroke in strokes if holds(box, stroke.box)]
    bars = [(stroke, angle) for stroke in strokes if (angle := lean(stroke.ink)) is not None]
    return any(
        ring is not bar and _is_near(ring, bar) and _is_upright(angle, _share(ring, bar, angle))
        for bar, angle in bars
        for ring in rings
    )


def _is_face(atom: Atom) -> bool:
    """Whether several pieces lie apart within the largest, as eyes and a mouth do."""
    pieces = find_components(atom.ink >= INKED)
    return sum(piece.area >= SPECK * pieces[0].area and holds(pieces[0].box, piece.box) for piece in pieces[1:]) >= EYES


def _is_near(ring: Atom, bar: Atom) -> bool:
    """Whether a stroke lies in the middle of another."""
    (x, y), (bar_x, bar_y) = ring.middle, bar.middle
    return abs(x - bar_x) <= APART * ring.width and abs(y - bar_y) <= APART * ring.height


def _is_upright(angle: float, share: float | None) -> bool:
    """Whether a straight stroke that leans so, and is so long for its ring, doesn't slash it."""
    if not share:
        return False
    return not (LEAST_LEAN <= angle <= MOST_LEAN and (angle >= SLASHED or share >= REACHES))


def _share(ring: Atom, bar: Atom, degrees: float) -> float | None:
    """How long a straight stroke is, as a share of the room within the ring along its way; ``None`` if the ring's ink
    isn't on both sides of its middle."""
    angle = math.radians(degrees)
    along = np.array([math.sin(angle), -math.cos(angle)])
    line, round_it = _points(bar), _points(ring)
    middle = (line.min(axis=0) + line.max(axis=0)) / 2
    across = np.array([-along[1], along[0]])
    half_width = max(1.5, float(np.abs((line - middle) @ across).max()))
    near = (round_it - middle)[np.abs((round_it - middle) @ across) <= half_width] @ along
    if not (near > 0).any() or not (near < 0).any():
        return None
    return float(np.ptp((line - middle) @ along) / (near[near > 0].min() - near[near < 0].max()))


def _points(atom: Atom) -> Points:
    """Where an atom's ink is, (N, 2), x first."""
    y, x = np.nonzero(atom.ink >= INKED)
    return np.stack([x + atom.box[0], y + atom.box[1]], axis=1).astype(np.float64)
