"""What a hand has crossed out on paper: pieces through which more strokes run than through any digit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.preprocess.components import Component, cropped

#: From so many strokes on, one above another in most columns, a piece is crossed out. Digits have at most four, but for
#: an 8 whose loops are open, with five: of 1,000 MNIST digits, 1,170 in rows and 168 uploads one upload has more, the
#: grain of a photo. Of 30 digits with a zigzag over them 27 have six to eight.
STROKES = 6
#: This percentile of the columns' counts is looked at, …
MOST_COLUMNS = 75
#: … without this share of the columns at both sides, where strokes turn.
SIDE = 0.2
#: A lower piece, in pixels, has no room for so many.
LEAST_HEIGHT = 24
#: A higher one, as a share of the others' median height, may be two lines that touch; …
HIGHEST = 1.6
#: … a wider one may hold a digit that the zigzag touches.
WIDEST = 1.3


def is_crossed_out(piece: Component) -> bool:
    """Whether more strokes run through a piece than through a digit."""
    x0, y0, x1, y1 = piece.box
    if y1 - y0 < LEAST_HEIGHT:
        return False
    ink = np.pad(cropped(piece), ((1, 0), (0, 0))).astype(np.int8)  # with an empty row above
    side = int(SIDE * (x1 - x0))
    counts = (np.diff(ink, axis=0) == 1).sum(axis=0)[side : x1 - x0 - side]
    return float(np.percentile(counts, MOST_COLUMNS)) >= STROKES


def without_crossed_out(pieces: Sequence[Component]) -> list[Component]:
    """Pieces without what is crossed out beside others that aren't; all of them where nothing else would be left."""
    marked = [is_crossed_out(piece) for piece in pieces]
    rest = [piece for piece, is_marked in zip(pieces, marked, strict=True) if not is_marked]
    heights = [piece.box[3] - piece.box[1] for piece in rest if piece.box[3] - piece.box[1] >= LEAST_HEIGHT]
    if len(rest) == len(pieces) or not heights:
        return list(pieces)
    height = float(np.median(heights))

    def is_one(piece: Component) -> bool:
        x0, y0, x1, y1 = piece.box
        return y1 - y0 <= HIGHEST * height and x1 - x0 <= WIDEST * height

    return [piece for piece, is_marked in zip(pieces, marked, strict=True) if not (is_marked and is_one(piece))]
