"""Ink -> 28×28 as MNIST's makers made it.

MNIST's own rule (Y. LeCun's page on MNIST): the ink's bounding box is area-averaged into 20×20, its aspect ratio
kept, and pasted so that its centre of mass falls on the centre of 28×28. That centre is index 14, not 13.5, and the
shift is a whole number of pixels: made so, 10000/10000 test digits come back pixel for pixel, against 2455 with 13.5.
What was drawn larger is softened a little, too: the edges of an upright stroke of even width would otherwise be
sharper than in any training digit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.preprocess.components import Box
from model.preprocess.picture import SIZE, Grey, Pixels, as_pixels

#: The side of the square that a digit's box is fitted into, in pixels.
BOX = 20
#: The row and the column that a digit's centre of mass is moved to.
CENTRE = 14
#: A digit whose longest side measures this to ``BOX`` is moved but not resampled, which would blur it.
LEAST_BOX = 18
#: Paler ink doesn't count for the box, for it would average away. So measured, MNIST's digits are 19 or 20 long.
EDGE = 26
#: A digit that isn't resampled is left at its strength from this peak on: MNIST's have 254 or 255.
PEAK = 250
#: Strokes thinner than this share of the digit's longest side are thickened: a line of one pixel on a large canvas
#: would average away. MNIST's thinnest hundredth has 7 %, the mean 12 %.
THIN = 0.06
#: The share that they are thickened to.
THIN_TARGET = 0.09
#: Ink from this level on is inside a stroke when its width is measured.
INSIDE = 128
#: An outline of pixels is longer than the curve it stands for: on average over all angles by 4/π.
STAIRS = 1.27
#: The share of each pixel's level that goes to each of its neighbours. Of 300 upright strokes on the pad 193 were
#: surely read as 1 without softening, 295 with 0.05, all with 0.07 and with 0.1; of the recorded pen strokes 460 were
#: left unsure, 521 without softening.
SOFT = 0.07
#: The least share of the ink that is pale where edges are soft.
SHADES = 0.05
#: A digit that measures at most so many pixels across is a bar.
NARROW = 6
#: Strokes are measured and thickened at a longest side of this to twice as many pixels, or of fewer.
PEN_SIDE = 160


def normalise(ink: Pixels) -> tuple[Box, Pixels]:
    """The box of a digit and the network's 28×28: what ``as_mnist`` gives, softened if it was made smaller.

    Softened is a bar without shades, too: no training digit has so sharp an edge along so straight a stroke.

    Args:
        ink: (H, W), bright on 0, with at least one pixel of ``EDGE`` or more.
    """
    box, image = as_mnist(ink)
    x0, y0, x1, y1 = box
    is_sharp_bar = x1 - x0 <= NARROW and not _has_shades(image)
    return box, soften(image) if max(x1 - x0, y1 - y0) > BOX or is_sharp_bar else image


def _has_shades(image: Pixels) -> bool:
    """Whether some of the ink is pale: of MNIST's digits, but for one in ten thousand, a fifth and more is."""
    inked = image[image >= EDGE]
    return bool(np.mean(inked < PEAK - EDGE) >= SHADES)


def as_mnist(ink: Pixels) -> tuple[Box, Pixels]:
    """The box of a digit and its 28×28 by MNIST's rule, not softened.

    Args:
        ink: (H, W), bright on 0, with at least one pixel of ``EDGE`` or more.
    """
    box = ink_box(ink)
    x0, y0, x1, y1 = box
    side = max(x1 - x0, y1 - y0)
    if LEAST_BOX <= side <= BOX:
        margin = (SIZE - BOX) // 2  # the digit's pale edge comes along, nothing from farther away
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
    """Levels scaled so that the brightest is 255."""
    return as_pixels(levels * (255 / float(levels.max())))


def area_average(levels: Grey, size: tuple[int, int]) -> Grey:
    """Levels (H, W) resampled to ``size`` (width, height); each new pixel is the exact mean of the area it covers.

    Pillow's BOX filter takes or leaves whole pixels by their centres: from 21 rows to 20 it drops one.
    """
    averaged: Grey = _overlaps(levels.shape[0], size[1]) @ levels @ _overlaps(levels.shape[1], size[0]).T
    return averaged


def soften(image: Pixels) -> Pixels:
    """A picture (H, W) blurred a little, then scaled so that its brightest pixel is 255 again.

    Along each axis every pixel gives the share ``SOFT`` to both its neighbours; over the border it is lost.
    """
    levels = image.astype(np.float32)
    for _ in range(2):  # along the rows, then along the columns
        padded = np.pad(levels.T, ((0, 0), (1, 1)))
        levels = SOFT * (padded[:, :-2] + padded[:, 2:]) + (1 - 2 * SOFT) * padded[:, 1:-1]
    return _at_full_strength(levels)


def _overlaps(count_in: int, count_out: int) -> Grey:
    """The share that each of ``count_in`` old pixels has in each of ``count_out`` new ones: (count_out, count_in)."""
    edges = np.arange(count_out + 1) * (count_in / count_out)
    pixels = np.arange(count_in)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    shares: Grey = (np.maximum(covered, 0) * (count_out / count_in)).astype(np.float32)
    return shares


def ink_box(ink: Pixels) -> Box:
    """The smallest box that holds all ink (H, W) of at least ``EDGE``; there must be some."""
    rows, columns = np.flatnonzero((ink >= EDGE).any(axis=1)), np.flatnonzero((ink >= EDGE).any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _centred(ink: Pixels) -> Pixels:
    """Paste ink, at most 20×20 of it above ``EDGE``, into 28×28 with its centre of mass at ``CENTRE``."""
    rows, columns = np.nonzero(ink)
    ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1][:SIZE, :SIZE]
    mass = ink.astype(np.float64)
    top = _offset(mass.sum(axis=1))
    left = _offset(mass.sum(axis=0))
    image = np.zeros((SIZE, SIZE), dtype=np.uint8)
    image[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return image


def _offset(profile: NDArray[np.float64]) -> int:
    """The index at which a profile of ink must begin for its centre of mass to be nearest ``CENTRE``, all inside."""
    centre = float(profile @ np.arange(len(profile)) / profile.sum())
    return min(max(round(CENTRE - centre), 0), SIZE - len(profile))


def thicken(ink: Pixels) -> Pixels:
    """Ink (H, W) with thin strokes made as wide as a pen's; from twice ``PEN_SIDE`` on it is made smaller first.

    A stroke's width is measured as twice its area over the length of its outline.
    """
    factor = max(ink.shape) // PEN_SIDE
    if factor > 1:
        ink = np.asarray(Image.fromarray(ink).reduce(factor))
        ink = as_pixels(ink.astype(np.float32) * (255 / max(1, int(ink.max()))))
    mask = np.pad(ink >= INSIDE, 1)
    outline = np.count_nonzero(mask[:, 1:] != mask[:, :-1]) + np.count_nonzero(mask[1:] != mask[:-1])
    width = 2 * np.count_nonzero(mask) / max(1, outline) * STAIRS
    side = max(ink.shape)
    if width >= THIN * side:
        return ink
    grow = round((THIN_TARGET * side - width) / 2)
    return dilate(np.pad(ink, grow), grow) if grow else ink


def dilate(ink: Pixels, radius: int) -> Pixels:
    """For each pixel of ink (H, W) the greatest level within a disc of ``radius`` pixels around it."""
    height, width = ink.shape
    padded = np.pad(ink, radius)
    across = [padded[:, radius : radius + width]]  # at index n: the greatest level within n columns
    for reach in range(1, radius + 1):
        left, right = radius - reach, radius + reach
        either = np.maximum(padded[:, left : left + width], padded[:, right : right + width])
        across.append(np.maximum(across[-1], either))
    grown = ink
    for dy in range(-radius, radius + 1):
        reach = int((radius * radius - dy * dy) ** 0.5)
        grown = np.maximum(grown, across[reach][radius + dy : radius + dy + height])
    return grown
