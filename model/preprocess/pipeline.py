"""Any picture or drawing -> 28×28 as MNIST makes them, with every step kept to be shown.

The steps: grey, polarity, background, ink, box, 28×28. ``model.preprocess.normalise`` is the last one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from model.preprocess.border import without_border
from model.preprocess.clean import despeckle, without_bars
from model.preprocess.components import Box, Component
from model.preprocess.dither import undithered
from model.preprocess.even import even_paper
from model.preprocess.ink import clean_ink, find_pieces, keep_digit
from model.preprocess.normalise import normalise
from model.preprocess.note import without_surroundings
from model.preprocess.paper import DECIDED, paper_under, polarity
from model.preprocess.picture import (
    WORKING_SIDE,
    Grey,
    PictureSource,
    Pixels,
    as_pixels,
    off_axis,
    open_picture,
    to_grey,
)
from model.preprocess.pixels import with_fine_pixels
from model.preprocess.rules import without_rules
from model.preprocess.shadow import in_even_light, is_in_uneven_light
from model.preprocess.strokes import Drawing, parse_drawing, render

Source = PictureSource | Drawing | Mapping[str, object] | None

#: Pieces under this height, in pixels, are dust.
LEAST_WRITING = 5
#: If the median height of the others is under this, in pixels, the writing is small …
SMALL_WRITING = 24
#: … and the picture is prepared again at a size at which it is so high.
FINE_WRITING = 40
#: The longest side, in pixels, at which that is done.
FINEST_SIDE = 2560
#: How many of the largest pieces are measured for it.
MOST_MEASURED = 1000

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
        before: the pictures of the first three ``STEPS``, uint8 (H, W).
        ink: all the ink, uint8 (H, W), of one digit or of several; ``None`` when there is none.
        drawing: whose strokes the ink is, where they are known.
        reversed: the same with ink and paper exchanged, where it isn't clear which is which.
        size: (width, height) of the source, in its pixels or canvas units.
        scale: how many of those one of the ink's pixels stands for, along x and y.
        colour: how far the source's colours lie from the line through paper and ink, 0…1 (see ``off_axis``).
    """

    before: tuple[Pixels, ...]
    ink: Pixels | None = None
    drawing: Drawing | None = None
    reversed: Prepared | None = None
    size: tuple[float, float] = (0, 0)
    scale: tuple[float, float] = (1.0, 1.0)
    colour: float = 0.0

    @cached_property
    def pieces(self) -> list[Component]:
        """The ink's connected pieces, the largest first."""
        return [] if self.ink is None else find_pieces(self.ink)

    @property
    def image(self) -> Pixels | None:
        """uint8 (28, 28), ink 255 on 0, of the ink taken as one digit; ``None`` when there is none."""
        return None if self._digit is None else self._digit[2]

    @property
    def box(self) -> Box | None:
        """(x0, y0, x1, y1) of the ink taken as one digit, in the upright source's pixels, or canvas units."""
        return None if self._digit is None else self.to_source(self._digit[1])

    @property
    def first_steps(self) -> tuple[Step, ...]:
        """The pictures on the way to the ink, in the order of ``STEPS``; three without ink."""
        pictures = self.before if self.ink is None else (*self.before, self.ink)
        return tuple(Step(name, picture) for name, picture in zip(STEPS, pictures, strict=False))

    @property
    def steps(self) -> tuple[Step, ...]:
        """The pictures on the way to the ink taken as one digit, in the order of ``STEPS``; three without ink."""
        if self._digit is None:
            return self.first_steps[:3]
        digit, (x0, y0, x1, y1), image = self._digit
        last = (digit[y0:y1, x0:x1], image)
        return (*self.first_steps, *(Step(name, picture) for name, picture in zip(STEPS[4:], last, strict=True)))

    @cached_property
    def _digit(self) -> tuple[Pixels, Box, Pixels] | None:
        """The ink of one digit (H, W), its box in it, and its 28×28."""
        digit = None if self.ink is None else keep_digit(self.ink, self.pieces)
        return None if digit is None else (digit, *normalise(digit))

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
        ink = np.asarray(render(drawing))
        # What a pen left on nothing is ink, all of it: there is no paper to be told from it.
        before = (ink, ink, np.zeros_like(ink))
        return _placed(Prepared(before, ink if ink.any() else None, drawing), drawing.size, ink.shape)
    picture = open_picture(source)
    grey = with_fine_pixels(to_grey(picture.image))
    prepared = prepare(grey)
    if max(picture.size) > WORKING_SIDE and (finer := _finer_side(prepared.pieces, max(grey.shape))):
        grey = to_grey(open_picture(source, finer).image, finer)
        prepared = prepare(grey)
    return _placed(prepared, picture.size, grey.shape, off_axis(picture.image))


def _placed(prepared: Prepared, size: tuple[float, float], side: tuple[int, ...], colour: float = 0.0) -> Prepared:
    """What was prepared of a source of that size and colour, at (height, width) ``side``."""
    scale = (size[0] / side[1], size[1] / side[0])
    other = prepared.reversed and replace(prepared.reversed, size=size, scale=scale, colour=colour)
    return replace(prepared, reversed=other, size=size, scale=scale, colour=colour)


def _finer_side(pieces: Sequence[Component], side: int) -> int | None:
    """At which longest side a picture is better prepared, whose writing is small: a sheet of many digits."""
    heights = [piece.box[3] - piece.box[1] for piece in pieces[:MOST_MEASURED]]
    heights = [height for height in heights if height >= LEAST_WRITING]
    if not heights or (height := float(np.median(heights))) >= SMALL_WRITING:
        return None
    return min(FINEST_SIDE, round(side * FINE_WRITING / height))


def prepare(grey: Grey) -> Prepared:
    """The ink in grey levels (H, W) in 0…255, of either polarity."""
    even = without_surroundings(without_bars(without_border(despeckle(undithered(grey)))))
    clearly = polarity(even)
    is_dark = clearly < 0
    prepared = _prepare(grey, even, is_dark_ink=is_dark)
    return (
        prepared
        if abs(clearly) >= DECIDED
        else replace(prepared, reversed=_prepare(grey, even, is_dark_ink=not is_dark))
    )


def _prepare(grey: Grey, even: Grey, *, is_dark_ink: bool) -> Prepared:
    """The ink in grey levels, given the same evened out, as ink that is darker or brighter than its paper."""
    bright = 255 - even if is_dark_ink else even
    level = even_paper(bright)
    paper = paper_under(bright) if level is None else np.full_like(bright, level)
    above = bright - paper
    if level is None and is_in_uneven_light(paper, above):
        above = in_even_light(bright, is_dark_ink=is_dark_ink)
    ink = clean_ink(above, is_even=level is not None)
    before = tuple(as_pixels(levels) for levels in (grey, bright, paper))
    return Prepared(before, None if ink is None else without_rules(ink))
