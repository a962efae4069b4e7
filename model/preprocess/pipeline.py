"""Any picture or drawing -> 28×28 as in MNIST. The picture of every step is kept, to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.preprocess.clean import despeckle, without_bars, without_rules
from model.preprocess.components import Box, Component
from model.preprocess.ink import clean_ink, find_pieces, keep_digit
from model.preprocess.normalise import normalise
from model.preprocess.paper import bright_on_dark, paper_under
from model.preprocess.picture import Grey, PictureSource, Pixels, as_pixels, open_picture, to_grey
from model.preprocess.strokes import Drawing, parse_drawing, render

#: A picture (see ``open_picture``), a drawing, strokes as the pad sends them, or ``None``: an empty pad.
Source = PictureSource | Drawing | Mapping[str, object] | None

#: The names of the steps, in order.
STEPS = ("grey", "polarity", "background", "ink", "box", "28x28")


@dataclass(frozen=True)
class Step:
    """The picture (H, W) after one step of preprocessing, and the step's name."""

    name: str
    picture: Pixels


@dataclass(frozen=True)
class Prepared:
    """What preprocessing made of a source.

    Attributes:
        image: uint8 (28, 28), ink 255 on 0: the digit that the ink is if it is one; ``None`` if there is no ink.
        box: the box of that digit in the upright source's pixels or canvas units.
        steps: in the order of ``STEPS``; without ink only the first three.
        ink: uint8 (H, W), all ink, of one digit or several; ``None`` if there is none.
        pieces: the ink's connected pieces, the largest first.
        size: width and height of the upright source, in pixels or canvas units.
        scale: how many of the source's pixels or canvas units one pixel of the ink measures, along x and y.
    """

    image: Pixels | None
    box: Box | None
    steps: tuple[Step, ...]
    ink: Pixels | None = None
    pieces: Sequence[Component] = ()
    size: tuple[float, float] = (0, 0)
    scale: tuple[float, float] = (1.0, 1.0)

    def to_source(self, box: Box) -> Box:
        """A box that is given in the ink's pixels, in the source's pixels or canvas units."""
        x0, y0, x1, y1 = box
        x, y = self.scale
        return round(x0 * x), round(y0 * y), round(x1 * x), round(y1 * y)


def preprocess(source: Source) -> Prepared:
    """The one way from a picture or a drawing to the network's input.

    Args:
        source: a picture (see ``open_picture``), a ``Drawing``, or strokes as the pad sends them (see
            ``parse_drawing``); ``None`` is an empty pad.

    Raises:
        PictureError: the picture can't be read.
        StrokesError: the strokes are malformed.
    """
    if source is None or isinstance(source, (Drawing, Mapping)):
        drawing = source if isinstance(source, Drawing) else parse_drawing(source)
        size, ink = drawing.size, np.asarray(render(drawing))
        # A drawing is all ink: there is no paper under it to find.
        prepared = _find_digit(ink if ink.any() else None, (ink, ink, np.zeros_like(ink)))
        side = ink.shape
    else:
        picture = open_picture(source)
        grey = to_grey(picture.image)
        size, prepared, side = picture.size, prepare(grey), grey.shape
    prepared = replace(prepared, size=size, scale=(size[0] / side[1], size[1] / side[0]))
    return replace(prepared, box=prepared.box and prepared.to_source(prepared.box))


def prepare(grey: Grey) -> Prepared:
    """Find the digit in grey levels (H, W) of either polarity; its box is in their pixels."""
    bright = bright_on_dark(without_bars(despeckle(grey)))
    paper = paper_under(bright)
    ink = clean_ink(bright - paper)
    steps = tuple(as_pixels(levels) for levels in (grey, bright, paper))
    return _find_digit(None if ink is None else without_rules(ink), steps)


def _find_digit(ink: Pixels | None, before: tuple[Pixels, ...]) -> Prepared:
    """Find the digit in ink (H, W); ``before`` are the pictures of the steps up to it."""
    steps = [Step(name, picture) for name, picture in zip(STEPS, before, strict=False)]
    pieces = [] if ink is None else find_pieces(ink)
    digit = None if ink is None else keep_digit(ink, pieces)
    if ink is None or digit is None:
        return Prepared(None, None, tuple(steps))
    box, image = normalise(digit)
    x0, y0, x1, y1 = box
    steps += [Step("ink", ink), Step("box", digit[y0:y1, x0:x1]), Step("28x28", image)]
    return Prepared(image, box, tuple(steps), ink, pieces)
