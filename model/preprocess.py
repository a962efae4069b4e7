"""Any picture or drawing -> 28×28 as MNIST makes them, with every step kept to be shown.

The steps: grey, polarity, background, ink, box, 28×28. The last one is MNIST's own rule
(Y. LeCun's page on MNIST): the ink's bounding box, area-averaged into 20×20 with its aspect
kept, is pasted where its centre of mass falls on the centre. That centre is index 14, not
13.5, and the shift is a whole number of pixels: so made, 10000/10000 test digits come back
pixel for pixel, against 2455 with 13.5.

``python -m model.preprocess PICTURE OUT.png`` saves what the network would see.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.clean import despeckle, without_bars, without_rules
from model.components import Box, Component
from model.errors import DigitsError
from model.ink import bright_on_dark, clean_ink, find_pieces, keep_digit, paper_under
from model.picture import Grey, PictureSource, open_picture, to_grey
from model.strokes import Drawing, parse_drawing, render

Pixels = NDArray[np.uint8]
Source = PictureSource | Drawing | Mapping[str, object] | None

SIZE, BOX, CENTRE = 28, 20, 14
#: Ink under this level doesn't widen the box, for it would average away. By it MNIST's digits measure 19 or 20.
EDGE = 26
#: A digit that isn't resampled is left at its strength from this peak on: MNIST's have 254 or 255.
PEAK = 250
#: Strokes thinner than this share of the digit's height are thickened to THIN_TARGET: MNIST's thinnest
#: hundredth has 7 %, the mean 12 %, and a line of one pixel on a large canvas would average away.
THIN, THIN_TARGET = 0.06, 0.09
#: The longest side at which strokes are measured and thickened.
PEN_SIDE = 160

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
        size: (width, height) of the source, in its pixels or canvas units.
        scale: how many of those one of the ink's pixels stands for, along x and y.
    """

    image: Pixels | None
    box: Box | None
    steps: tuple[Step, ...]
    ink: Pixels | None = None
    pieces: Sequence[Component] = ()
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
        side = ink.shape
    else:
        picture = open_picture(source)
        grey = to_grey(picture.image)
        size, prepared, side = picture.size, prepare(grey), grey.shape
    prepared = replace(prepared, size=size, scale=(size[0] / side[1], size[1] / side[0]))
    return replace(prepared, box=prepared.box and prepared.to_source(prepared.box))


def prepare(grey: Grey) -> Prepared:
    """Grey levels (H, W) in 0…255, either polarity, to the digit in them; the box is in their pixels."""
    bright = bright_on_dark(without_bars(despeckle(grey)))
    paper = paper_under(bright)
    ink = clean_ink(bright - paper)
    steps = tuple(_pixels(levels) for levels in (grey, bright, paper))
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


def _pixels(levels: Grey) -> Pixels:
    pixels: Pixels = np.clip(levels + 0.5, 0, 255).astype(np.uint8)
    return pixels


def normalise(ink: Pixels) -> tuple[Box, Pixels]:
    """Ink (H, W), bright on 0 and with at least one pixel of 26 or more, to its box and MNIST's 28×28.

    A digit whose longest side already measures 18 to 20 is moved but not resampled, which would blur it.
    """
    box = ink_box(ink)
    x0, y0, x1, y1 = box
    side = max(x1 - x0, y1 - y0)
    if 18 <= side <= BOX:
        margin = (SIZE - BOX) // 2  # for the pale edge of the digit, and no farther
        crop = ink[max(0, y0 - margin) : y1 + margin, max(0, x0 - margin) : x1 + margin]
        return box, _centred(crop if int(crop.max()) >= PEAK else _at_full_strength(crop.astype(np.float32)))
    crop = thicken(ink[y0:y1, x0:x1])
    height, width = crop.shape
    size = (max(1, round(width * BOX / max(crop.shape))), max(1, round(height * BOX / max(crop.shape))))
    if side > BOX:
        small = area_average(crop.astype(np.float32), size)
    else:
        small = np.asarray(Image.fromarray(crop).resize(size, Image.Resampling.BICUBIC), dtype=np.float32)
    return box, _centred(_at_full_strength(small))


def _at_full_strength(levels: Grey) -> Pixels:
    return _pixels(levels * (255 / float(levels.max())))


def area_average(levels: Grey, size: tuple[int, int]) -> Grey:
    """Levels (H, W) resampled to ``size`` (width, height), each pixel the exact mean of what it covers.

    Pillow's BOX filter takes whole pixels by their centres: from 21 rows to 20 it loses one.
    """
    averaged: Grey = _overlaps(levels.shape[0], size[1]) @ levels @ _overlaps(levels.shape[1], size[0]).T
    return averaged


def _overlaps(count_in: int, count_out: int) -> Grey:
    """(count_out, count_in): the share that each old pixel has in each new one."""
    edges = np.arange(count_out + 1) * (count_in / count_out)
    pixels = np.arange(count_in)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    shares: Grey = (np.maximum(covered, 0) * (count_out / count_in)).astype(np.float32)
    return shares


def ink_box(ink: Pixels) -> Box:
    """The box (x0, y0, x1, y1) around all ink of at least ``EDGE``."""
    rows, columns = np.flatnonzero((ink >= EDGE).any(axis=1)), np.flatnonzero((ink >= EDGE).any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _centred(ink: Pixels) -> Pixels:
    """Paste ink, at most 20×20 of it above ``EDGE``, into 28×28 with its centre of mass at index 14."""
    rows, columns = np.nonzero(ink)
    ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1][:SIZE, :SIZE]
    mass = ink.astype(np.float64)
    top = _offset(mass.sum(axis=1))
    left = _offset(mass.sum(axis=0))
    image = np.zeros((SIZE, SIZE), dtype=np.uint8)
    image[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return image


def _offset(profile: NDArray[np.float64]) -> int:
    """Where a profile of ink begins so that its centre of mass is nearest index 14, all of it inside."""
    centre = float(profile @ np.arange(len(profile)) / profile.sum())
    return min(max(round(CENTRE - centre), 0), SIZE - len(profile))


def thicken(ink: Pixels) -> Pixels:
    """Give strokes that would average away the width of a pen, at a side of at most ``PEN_SIDE``.

    A stroke's width is twice its area over the length of its outline.
    """
    factor = max(ink.shape) // PEN_SIDE
    if factor > 1:
        ink = np.asarray(Image.fromarray(ink).reduce(factor))
        ink = _pixels(ink.astype(np.float32) * (255 / max(1, int(ink.max()))))
    mask = np.pad(ink >= 128, 1)
    outline = np.count_nonzero(mask[:, 1:] != mask[:, :-1]) + np.count_nonzero(mask[1:] != mask[:-1])
    width = 2 * np.count_nonzero(mask) / max(1, outline) * 1.27  # an edge at any angle has 4/π its length in steps
    side = max(ink.shape)
    if width >= THIN * side:
        return ink
    grow = round((THIN_TARGET * side - width) / 2)
    return dilate(np.pad(ink, grow), grow) if grow else ink


def dilate(ink: Pixels, radius: int) -> Pixels:
    """The greatest level within a disc of ``radius`` pixels."""
    height, width = ink.shape
    padded = np.pad(ink, radius)
    across = [padded[:, radius : radius + width]]  # the greatest level within so many columns
    for reach in range(1, radius + 1):
        left, right = radius - reach, radius + reach
        either = np.maximum(padded[:, left : left + width], padded[:, right : right + width])
        across.append(np.maximum(across[-1], either))
    grown = ink
    for dy in range(-radius, radius + 1):
        reach = int((radius * radius - dy * dy) ** 0.5)
        grown = np.maximum(grown, across[reach][radius + dy : radius + dy + height])
    return grown


def main() -> int:
    """Save what the network would see of a picture. Exit status 2 for one that can't be read."""
    if len(sys.argv) != 3:
        print("usage: python -m model.preprocess PICTURE OUT.png", file=sys.stderr)
        return 2
    try:
        prepared = preprocess(sys.argv[1])
    except DigitsError as error:
        print(error, file=sys.stderr)
        return 2
    if prepared.image is None:
        print(f"{sys.argv[1]} is blank", file=sys.stderr)
        return 2
    Image.fromarray(prepared.image).resize((280, 280), Image.Resampling.NEAREST).save(sys.argv[2])
    return 0


if __name__ == "__main__":
    sys.exit(main())
