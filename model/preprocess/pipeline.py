"""Any picture or drawing -> 28×28 as MNIST makes them, with every step kept to be shown.

The steps: grey, polarity, background, ink, box, 28×28. ``model.preprocess.normalise`` is the last one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.preprocess.clean import despeckle, without_bars
from model.preprocess.components import Box, Component
from model.preprocess.ink import DECIDED, clean_ink, find_pieces, has_two_levels, keep_digit, paper_under, polarity
from model.preprocess.normalise import normalise
from model.preprocess.picture import WORKING_SIDE, Grey, PictureSource, Pixels, as_pixels, open_picture, to_grey
from model.preprocess.rules import without_rules
from model.preprocess.strokes import Drawing, parse_drawing, render

Source = PictureSource | Drawing | Mapping[str, object] | None

#: Pieces under this height in pixels are dust; if the median of the others is under that, the writing is small,
#: and the picture is prepared again at a size at which the writing is so high.
LEAST_WRITING, SMALL_WRITING, FINE_WRITING = 5, 24, 40
#: The longest side at which that is done, and how many of the largest pieces are measured.
FINEST_SIDE, MOST_MEASURED = 2560, 1000

STEPS = ("grey", "polarity", "background", "ink", "box", "28x28")


@dataclass(frozen=True)
class Step:
    """One named picture on the way: uint8 (H, W)."""

    name: str
    picture: Pixels


@dataclass(frozen=True)
class Prepared:
    """What preprocessing made of a source.

    Attributes:
        image: uint8 (28, 28), ink 255 on 0, of the ink taken as one digit; ``None`` when there is none.
        box: (x0, y0, x1, y1) of that digit in the upright source's pixels, or canvas units.
        steps: in the order of ``STEPS``; the first three only when there is no ink.
        ink: all the ink, uint8 (H, W), of one digit or of several; ``None`` when there is none.
        pieces: the ink's connected pieces, the largest first.
        drawing: whose strokes the ink is, where they are known.
        reversed: the same with ink and paper exchanged, where it isn't clear which is which.
        size: (width, height) of the source, in its pixels or canvas units.
        scale: how many of those one of the ink's pixels stands for, along x and y.
    """

    image: Pixels | None
    box: Box | None
    steps: tuple[Step, ...]
    ink: Pixels | None = None
    pieces: Sequence[Component] = ()
    drawing: Drawing | None = None
    reversed: Prepared | None = None
    size: tuple[float, float] = (0, 0)
    scale: tuple[float, float] = (1.0, 1.0)

    def to_source(self, box: Box) -> Box:
        """A box in the ink's pixels, in the source's."""
        x0, y0, x1, y1 = box
        x, y = self.scale
        return round(x0 * x), round(y0 * y), round(x1 * x), round(y1 * y)


def preprocess(source: Source) -> Prepared:
    """The one way from a picture or a drawing to the network's input.

    Args:
        source: a picture (see ``open_picture``), a ``Drawing``, or strokes as the pad sends
            them (see ``parse_drawing``; ``None`` is an empty pad).

    Raises:
        PictureError: the picture can't be read.
        StrokesError: the strokes are malformed.
    """
    if source is None or isinstance(source, (Drawing, Mapping)):
        drawing = source if isinstance(source, Drawing) else parse_drawing(source)
        size, ink = drawing.size, np.asarray(render(drawing))
        # What a pen left on nothing is ink, all of it: there is no paper to be told from it.
        prepared = _find_digit(ink if ink.any() else None, (ink, ink, np.zeros_like(ink)))
        prepared = replace(prepared, drawing=drawing)
        side = ink.shape
    else:
        picture = open_picture(source)
        grey = to_grey(picture.image)
        prepared, finer = prepare(grey), None
        if max(picture.size) > WORKING_SIDE and (finer := _finer_side(prepared.pieces, max(grey.shape))):
            grey = to_grey(open_picture(source, finer).image, finer)
            prepared = prepare(grey)
        size, side = picture.size, grey.shape
    return _placed(prepared, size, side)


def _placed(prepared: Prepared, size: tuple[float, float], side: tuple[int, ...]) -> Prepared:
    """What was prepared, with its box in the source's units."""
    prepared = replace(prepared, size=size, scale=(size[0] / side[1], size[1] / side[0]))
    if prepared.reversed is not None:
        prepared = replace(prepared, reversed=_placed(prepared.reversed, size, side))
    return replace(prepared, box=prepared.box and prepared.to_source(prepared.box))


def _finer_side(pieces: Sequence[Component], side: int) -> int | None:
    """At which longest side a picture is better prepared, whose writing is small: a sheet of many digits."""
    heights = [piece.box[3] - piece.box[1] for piece in pieces[:MOST_MEASURED]]
    heights = [height for height in heights if height >= LEAST_WRITING]
    if not heights or (height := float(np.median(heights))) >= SMALL_WRITING:
        return None
    return min(FINEST_SIDE, round(side * FINE_WRITING / height))


def prepare(grey: Grey) -> Prepared:
    """Grey levels (H, W) in 0…255, either polarity, to the digit in them; the box is in their pixels."""
    even = without_bars(despeckle(grey))
    clearly = polarity(even)
    prepared = _prepare_bright(grey, even if clearly >= 0 else 255 - even)
    if abs(clearly) >= DECIDED:
        return prepared
    return replace(prepared, reversed=_prepare_bright(grey, 255 - even if clearly >= 0 else even))


def _prepare_bright(grey: Grey, bright: Grey) -> Prepared:
    """Grey levels, and the same evened with ink brighter than paper, to the digit in them."""
    paper = np.full_like(bright, bright.min()) if has_two_levels(bright) else paper_under(bright)
    ink = clean_ink(bright - paper)
    steps = tuple(as_pixels(levels) for levels in (grey, bright, paper))
    return _find_digit(None if ink is None else without_rules(ink), steps)


def _find_digit(ink: Pixels | None, before: tuple[Pixels, ...]) -> Prepared:
    """The digit in ink (H, W), with the pictures of the steps before it."""
    steps = [Step(name, picture) for name, picture in zip(STEPS, before, strict=False)]
    pieces = [] if ink is None else find_pieces(ink)
    digit = None if ink is None else keep_digit(ink, pieces)
    if ink is None or digit is None:
        return Prepared(None, None, tuple(steps))
    box, image = normalise(digit)
    x0, y0, x1, y1 = box
    steps += [Step("ink", ink), Step("box", digit[y0:y1, x0:x1]), Step("28x28", image)]
    return Prepared(image, box, tuple(steps), ink, pieces)
