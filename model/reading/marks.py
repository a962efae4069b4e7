"""Which connected pieces of a picture are writing, and which aren't: frames, borders, lines, specks, crossings-out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import Box, Component, around, gap
from model.preprocess.picture import Pixels
from model.reading.atoms import Atom, atom_of, body_height
from model.reading.crossed import without_crossed_out
from model.reading.dots import without_dots
from model.reading.frames import ring_of, without_frames
from model.reading.holes import without_holes
from model.reading.rings import peeled
from model.reading.touching import dots

#: A piece under this share of the largest piece's area is a speck; of MNIST's digits none is smaller.
SPECK = 0.004
#: More pieces than this are a texture, of which the largest are looked at.
MOST_PIECES = 6000
#: A line is so many times as long as thick.
LINE = 7.0
#: An underline begins so far below what it underlines, as a share of that one's height: nearer it is a foot, …
BELOW = 0.06
#: … and farther off a rule.
FAR_BELOW = 0.6
#: An underline is at least so wide as a share of what stands over it, of each of which it is below so much.
AS_WIDE = 0.75
UNDER = 0.6
#: What touches the picture's edge is writing if its height is within these shares of the others'.
LOWEST = 0.5
HIGHEST = 1.8
#: What touches two edges has ink on no more than this share of its box.
FILLED = 0.6
#: The last digit of a close crop touches three: such a picture is no higher than so many times its other digits.
CLOSE = 1.25
#: The line of a margin is so many times as high as wide, and the highest piece beside it between these shares as high:
#: what is lower is dust, and a digit that is higher may stand beside a 1 that fills the picture.
MARGIN_LINE, LEAST_BESIDE, MOST_BESIDE = 12, 0.1, 0.7
#: What touches no edge is dust, and no measure for the rest, if it has less ink than this share of the largest piece.
FREE = 0.15
#: A fragment is smaller than this share of the bodies' height on both sides.
FRAGMENT = 0.3
#: A fragment belongs to a piece that is so near, as a share of the bodies' height.
FRAGMENT_NEAR = 0.08
#: What remains of ruled or squared paper is thinner than this share of the largest piece's longer side, …
SLENDER = 0.08
#: … and paler than this share of the darkest large piece. Of digits on the benchmark's scenes the palest has 0.59, of
#: what remains of squares in a shadow nearly all is under 0.46.
PALE = 0.5
#: What touches so many of the picture's edges lies in a corner.
CORNER = 2
#: A piece is large from this share of the largest one's area on.
LARGE = 0.1
#: What is smaller than this on both sides, and alone, is dust.
DUST = 0.1
#: … unless it stands over or under something as a dot does, and isn't smaller than this.
DOT = 0.05


def writing_of(pieces: Sequence[Component], ink: Pixels) -> list[Atom]:
    """The atoms of a picture's ink (H, W): its pieces without what isn't writing, fragments joined to their pieces."""
    pieces = without_holes(without_dots(_without_specks(pieces)))
    pieces = _without_edges(without_frames(peeled(pieces)), ink.shape)
    if not pieces:
        return []
    pieces = without_crossed_out(_without_underlines(_without_remains(pieces, ink)))
    return [atom_of(group, ink) for group in _groups(pieces)]


def ringed_of(pieces: Sequence[Component], ink: Pixels) -> Atom | None:
    """A picture's only ring with what it holds. ``writing_of`` takes that for a digit in a ring; it may be a 0."""
    ring = ring_of(without_dots(_without_specks(pieces))) if pieces else None
    return None if ring is None else atom_of([ring], ink)


def _without_specks(pieces: Sequence[Component]) -> list[Component]:
    return [piece for piece in pieces[:MOST_PIECES] if piece.area >= SPECK * pieces[0].area]


def _height(box: Box) -> int:
    return box[3] - box[1]


def _width(box: Box) -> int:
    return box[2] - box[0]


def _touches(box: Box, shape: tuple[int, ...]) -> int:
    """How many of the picture's four edges a box touches."""
    return (box[0] == 0) + (box[1] == 0) + (box[2] == shape[1]) + (box[3] == shape[0])


def _without_edges(pieces: Sequence[Component], shape: tuple[int, ...]) -> list[Component]:
    """Pieces without borders, table edges and fingers: what touches the picture's edge and is unlike the rest."""
    pieces = _without_margins(pieces, shape)
    free = [piece for piece in pieces if not _touches(piece.box, shape)]
    if len(free) == len(pieces) or sum(piece.area for piece in free) < FREE * max(piece.area for piece in pieces):
        return list(pieces)
    height = body_height([_height(piece.box) for piece in free])
    is_close = shape[0] <= CLOSE * height

    def is_writing(piece: Component) -> bool:
        edges = _touches(piece.box, shape)
        like_others = LOWEST * height <= _height(piece.box) <= HIGHEST * height and not _is_line(piece)
        # In a corner lie shadows and fingers, which are filled; the first digit of a crop is a stroke.
        is_stroke = piece.area <= FILLED * _width(piece.box) * _height(piece.box)
        return edges == 0 or (like_others and (edges == 1 or (is_stroke and (edges == 2 or (edges == 3 and is_close)))))

    return [piece for piece in pieces if is_writing(piece)]


def _without_margins(pieces: Sequence[Component], shape: tuple[int, ...]) -> list[Component]:
    """Pieces without thin lines from the picture's upper edge to its lower one, beside which the highest is lower."""
    upright = [
        piece
        for piece in pieces
        if _height(piece.box) == shape[0] and _width(piece.box) * MARGIN_LINE <= _height(piece.box)
    ]
    heights = [_height(piece.box) for piece in pieces if _height(piece.box) < shape[0] and not _is_line(piece)]
    if not upright or not heights or not LEAST_BESIDE <= max(heights) / shape[0] <= MOST_BESIDE:
        return list(pieces)
    return [piece for piece in pieces if not any(piece is line for line in upright)]


def _without_remains(pieces: Sequence[Component], ink: Pixels) -> list[Component]:
    """Pieces without what is far paler than the rest and thin, or in a corner.

    The thin is what remains of the paper's lines, and its grain; in the corners of a photo the light falls off.
    """
    levels = _mean_levels(pieces, ink)
    largest = max(pieces, key=lambda piece: piece.area)
    least = PALE * max(levels[[piece.area >= LARGE * largest.area for piece in pieces]])
    thin = SLENDER * max(_width(largest.box), _height(largest.box))

    def may_be_pale(box: Box) -> bool:
        return min(_width(box), _height(box)) >= thin and _touches(box, ink.shape) < CORNER

    return [piece for piece, level in zip(pieces, levels, strict=True) if level >= least or may_be_pale(piece.box)]


def _mean_levels(pieces: Sequence[Component], ink: Pixels) -> NDArray[np.float64]:
    """The mean level of each piece's ink (N,), by sums along the rows of the ink (H, W)."""
    sums = np.pad(np.cumsum(ink, axis=1, dtype=np.int32), ((0, 0), (1, 0)))
    rows, first, end = np.concatenate([piece.runs for piece in pieces]).T
    starts = np.cumsum([0, *(len(piece.runs) for piece in pieces[:-1])])
    totals = np.add.reduceat(sums[rows, end] - sums[rows, first], starts)
    return np.asarray(totals / [piece.area for piece in pieces])


def _is_line(piece: Component) -> bool:
    """Whether a piece is a straight level or upright line."""
    width, height = _width(piece.box), _height(piece.box)
    return max(width, height) >= LINE * min(width, height)


def _without_underlines(pieces: Sequence[Component]) -> list[Component]:
    """Pieces without level lines that lie below others and reach along them."""
    kept = []
    for piece in pieces:
        x0, y0, x1, y1 = piece.box
        if x1 - x0 >= LINE * (y1 - y0):
            over = [
                other.box
                for other in pieces
                if other is not piece
                and _height(other.box) > 2 * (y1 - y0)
                and min(x1, other.box[2]) - max(x0, other.box[0]) >= UNDER * _width(other.box)
                and other.box[3] + BELOW * _height(other.box) <= y0 <= other.box[3] + FAR_BELOW * _height(other.box)
            ]
            if over and x1 - x0 >= AS_WIDE * _width(around(*over)):
                continue
        kept.append(piece)
    return kept


def _groups(pieces: Sequence[Component]) -> list[list[Component]]:
    """Pieces with the fragments that belong to them; dust that stands alone is dropped."""
    height = body_height([_height(piece.box) for piece in pieces])
    whole = [piece for piece in pieces if max(_height(piece.box), _width(piece.box)) >= FRAGMENT * height]
    groups = [[piece] for piece in whole]
    for piece in pieces:
        side = max(_height(piece.box), _width(piece.box))
        if side >= FRAGMENT * height:
            continue
        nearest = min(groups, key=lambda group: gap(piece.box, group[0].box))
        if gap(piece.box, nearest[0].box) <= FRAGMENT_NEAR * height:
            nearest.append(piece)
        elif side >= DUST * height or (side >= DOT * height and any(dots(piece.box, one.box) for one in whole)):
            groups.append([piece])
    return groups
