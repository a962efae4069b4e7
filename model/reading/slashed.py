"""What is in a ring: the slash of a 0, or a 1 with a ring round it where both are a pen's strokes; or a face."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import find_components
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
    rings = [atoms[ring].box for ring, bar in _pairs_of(atoms) if not _is_slash(atoms[ring], atoms[bar])]
    return [
        part.label == RING and (_is_face(part.atom) or any(_is_in(box, part.atom.box) for box in rings))
        for part in parts
    ]


def _is_face(atom: Atom) -> bool:
    """Whether several pieces lie apart within the largest, as eyes and a mouth do."""
    pieces = find_components(atom.ink >= INKED)
    return (
        sum(piece.area >= SPECK * pieces[0].area and _is_in(piece.box, pieces[0].box) for piece in pieces[1:]) >= EYES
    )


def _pairs_of(atoms: Sequence[Atom]) -> list[tuple[int, int]]:
    """Which strokes lie straight in the middle of which others: pairs of places in the list, that of the ring first."""
    strokes = [place for place, atom in enumerate(atoms) if atom.is_stroke]
    if len(strokes) < 2:
        return []
    x0, y0, x1, y1 = np.array([atoms[place].box for place in strokes], float).T
    middles = np.stack([(x0 + x1) / 2, (y0 + y1) / 2])
    sides = np.stack([x1 - x0, y1 - y0])
    is_near = (np.abs(middles[:, :, None] - middles[:, None]) <= APART * sides[:, :, None]).all(axis=0)
    np.fill_diagonal(is_near, val=False)
    found = [(strokes[ring], strokes[bar]) for ring, bar in np.argwhere(is_near)]
    return [(ring, bar) for ring, bar in found if lean(atoms[bar].ink) is not None and _share(atoms[ring], atoms[bar])]


def _is_slash(ring: Atom, bar: Atom) -> bool:
    """Whether a straight stroke in a ring slashes it; if not, it may be a 1 that is ringed."""
    angle, share = lean(bar.ink), _share(ring, bar)
    if angle is None or share is None or not LEAST_LEAN <= angle <= MOST_LEAN:
        return False
    return angle >= SLASHED or share >= REACHES


def _is_in(box: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return box[0] >= other[0] and box[1] >= other[1] and box[2] <= other[2] and box[3] <= other[3]


def _share(ring: Atom, bar: Atom) -> float | None:
    """How long a straight stroke is, as a share of the room within the ring along its way; ``None`` if the ring's ink
    isn't on both sides of its middle."""
    angle = math.radians(lean(bar.ink) or 0.0)
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
