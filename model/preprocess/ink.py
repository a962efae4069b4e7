"""What belongs to the digit: ink at full strength, its connected pieces, and which of them to keep."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.preprocess.components import Box, Component, around, find_components, gap, grown, mask_of
from model.preprocess.paper import strength
from model.preprocess.picture import Grey, Pixels

#: The least contrast of ink with paper, in grey levels; a picture with less is blank.
LEAST_CONTRAST = 8.0
#: The least level of ink, as a multiple of the noise's upper bound; a picture with less is blank.
LEAST_SIGNAL = 1.8
#: Ink with a mean level from this on counts as full and isn't scaled up: the palest of MNIST's test digits has 175.
FULL = 170
#: Ink is blank unless its brightest pixel reaches this. It is asked of all ink together, not of each piece.
SURE = 128
#: Pixels of at least this level make up the pieces; paler ones belong to no piece, whatever they touch.
MAYBE = 64
#: A piece under this share of the main piece's area is a speck; of MNIST's digits none is smaller.
SPECK = 0.004
#: How far a piece of a broken digit may stand from the rest, as a share of the longest side of the rest's box.
REACH = 0.45
#: What a piece's area counts for, by how many of the picture's edges it touches: shadows and borders touch some.
EDGE_WEIGHTS = (1.0, 0.5, 0.1, 0.05, 0.02)
#: How far from the digit's box faint ink may be and still be its own, as a share of the box's longest side.
FAINT_REACH = 0.03
#: The same in pixels: the greater of both counts.
LEAST_FAINT_REACH = 12


def clean_ink(above: Grey, *, is_even: bool = False) -> Pixels | None:
    """Ink (H, W), 255 at full strength on 0, from levels above the paper.

    ``None`` if nothing rises clearly from the paper's noise: the picture is blank.

    Args:
        is_even: the paper's level is known, at 0 (see ``strength``).
    """
    floor, level = strength(above, is_even=is_even)
    if level - floor < LEAST_CONTRAST or level < LEAST_SIGNAL * floor:
        return None
    gain = 255 / ((level if level < FULL else 255) - floor)
    ink = np.clip((above - floor) * gain + 0.5, 0, 255).astype(np.uint8)
    return ink if int(ink.max()) >= SURE else None


def find_pieces(ink: Pixels) -> list[Component]:
    """The connected pieces of ink (H, W) of at least ``MAYBE``, the largest first."""
    return find_components(ink >= MAYBE)


def keep_digit(ink: Pixels, pieces: Sequence[Component]) -> Pixels | None:
    """The ink (H, W) without specks, shadows at the edge, and what stands far from the digit.

    ``None`` if no pixel of what is left reaches ``SURE``.

    Args:
        ink: bright on 0.
        pieces: the ink's, the largest first (see ``find_pieces``).
    """
    if not pieces:
        return None
    main = max(pieces, key=lambda piece: _weight(piece, ink.shape))
    gone, box = [], main.box
    for piece in pieces:
        is_near = piece.area >= SPECK * main.area and gap(piece.box, box) <= REACH * _side(box)
        # If the digit touches no edge, what touches two or more is a scan's border or a finger.
        in_corner = _touches(piece, ink.shape) > 1 and not _touches(main, ink.shape)
        if is_near and not in_corner:
            box = around(box, piece.box)
        else:
            gone.append(piece)
    if gone:
        ink = np.where(grown(mask_of(gone, ink.shape)), 0, ink)  # with their pale edges
    ink = _within(box, max(LEAST_FAINT_REACH, round(FAINT_REACH * _side(box))), ink)
    return ink if int(ink.max()) >= SURE else None


def _weight(piece: Component, shape: tuple[int, ...]) -> float:
    """How likely a piece is to be the digit: its area, reduced for each edge of the picture that it touches."""
    return piece.area * EDGE_WEIGHTS[_touches(piece, shape)]


def _touches(piece: Component, shape: tuple[int, ...]) -> int:
    """How many of the picture's four edges a piece touches."""
    x0, y0, x1, y1 = piece.box
    return (x0 == 0) + (y0 == 0) + (x1 == shape[1]) + (y1 == shape[0])


def _side(box: Box) -> int:
    return max(box[2] - box[0], box[3] - box[1])


def _within(box: Box, reach: int, ink: Pixels) -> Pixels:
    """The ink in a box and up to ``reach`` pixels around it; faint marks farther off go."""
    x0, y0, x1, y1 = box
    part = slice(max(0, y0 - reach), y1 + reach), slice(max(0, x0 - reach), x1 + reach)
    kept = np.zeros_like(ink)
    kept[part] = ink[part]
    return kept
