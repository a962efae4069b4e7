"""The dots of dotted paper, and what is left of squares: many small pieces, all alike, at even distances."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.preprocess.components import Component, gap

#: So many dots, at least, make dotted paper.
LEAST = 12
#: A dot's longer side is at most this share of the largest piece's.
SMALL = 0.2
#: Dots are alike if this share of the small pieces has sides within this many pixels, or this share, of the median's.
MOSTLY = 0.8
WITHIN, WITHIN_SHARE = 1.5, 0.5
#: Most dots have their nearest at the same distance, but for this share of it; …
EVEN = 0.15
#: … at least so many of their sides away: the crumbs of a chalk line lie nearer.
APART = 3.0
#: On such paper whatever else is small is a part of it, too, if it is so far from all larger pieces, as a share of the
#: largest one's longer side.
FAR = 0.1
#: More pieces than this are not compared with each other.
MOST = 3000


def without_dots(pieces: Sequence[Component]) -> list[Component]:
    """Pieces, the largest first, without those that are the dots of dotted paper, or stand alone among them."""
    if len(pieces) <= LEAST or len(pieces) > MOST:
        return list(pieces)
    boxes = np.array([piece.box for piece in pieces])
    sides = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    small = sides <= SMALL * sides[0]
    if np.count_nonzero(small) < LEAST:
        return list(pieces)
    side = np.median(sides[small])
    is_dot = small & (np.abs(sides - side) <= max(WITHIN, WITHIN_SHARE * side))
    if np.count_nonzero(is_dot) < max(LEAST, MOSTLY * np.count_nonzero(small)):
        return list(pieces)
    middles = (boxes[is_dot, :2] + boxes[is_dot, 2:]) / 2
    distances = np.abs(middles[:, None] - middles).max(axis=2)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.min(axis=1)
    usual = float(np.median(nearest))
    is_even = np.mean(np.abs(nearest - usual) <= max(WITHIN, EVEN * usual)) >= MOSTLY
    if not is_even or usual < APART * side:
        return list(pieces)
    large = [piece.box for piece, is_small in zip(pieces, small, strict=True) if not is_small]
    return [
        piece
        for piece, is_small, is_alike in zip(pieces, small, is_dot, strict=True)
        if not is_alike and not (is_small and min(gap(piece.box, box) for box in large) > FAR * sides[0])
    ]
