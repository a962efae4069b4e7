"""Ink -> 28×28 as MNIST's makers made it.

MNIST's own rule (Y. LeCun's page on MNIST): the ink's bounding box, area-averaged into 20×20 with its aspect kept, is
pasted where its centre of mass falls on the centre. That centre is index 14, not 13.5, and the shift is a whole number
of pixels: so made, 10000/10000 test digits come back pixel for pixel, against 2455 with 13.5. What a person drew
larger is softened a little, too: an upright stroke of even width would have edges as sharp as no training digit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.preprocess.components import Box
from model.preprocess.picture import Grey, Pixels, as_pixels

SIZE, BOX, CENTRE = 28, 20, 14
#: Ink under this level doesn't widen the box, for it would average away. By it MNIST's digits measure 19 or 20.
EDGE = 26
#: A digit that isn't resampled is left at its strength from this peak on: MNIST's have 254 or 255.
PEAK = 250
#: Strokes thinner than this share of the digit's height are thickened to THIN_TARGET: MNIST's thinnest
#: hundredth has 7 %, the mean 12 %, and a line of one pixel on a large canvas would average away.
THIN, THIN_TARGET = 0.06, 0.09
#: The share of each pixel that each of its neighbours gets. Of 300 upright strokes on the pad 193 were surely read as 1
#: without, 295 with 0.05, all with 0.07 and with 0.1; pen strokes that the network was unsure of fell from 521 to 460.
SOFT = 0.07
#: The least share of the ink that is pale where edges are soft.
SHADES = 0.05
#: A digit that measures at most so many pixels across is a bar.
NARROW = 6
#: The longest side at which strokes are measured and thickened.
PEN_SIDE = 160


def normalise(ink: Pixels) -> tuple[Box, Pixels]:
    """Ink (H, W), bright on 0 and with at least one pixel of 26 or more, to its box and the network's 28×28.

    It is what ``as_mnist`` makes of it, softened where that was made smaller, or is a bar without shades: so sharp an
    edge beside so much straightness no training digit has.
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
    """Ink (H, W), bright on 0 and with at least one pixel of 26 or more, to its box and MNIST's 28×28, not softened.

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
    return as_pixels(levels * (255 / float(levels.max())))


def area_average(levels: Grey, size: tuple[int, int]) -> Grey:
    """Levels (H, W) resampled to ``size`` (width, height), each pixel the exact mean of what it covers.

    Pillow's BOX filter takes whole pixels by their centres: from 21 rows to 20 it loses one.
    """
    averaged: Grey = _overlaps(levels.shape[0], size[1]) @ levels @ _overlaps(levels.shape[1], size[0]).T
    return averaged


def soften(image: Pixels) -> Pixels:
    """An image, uint8 (H, W), with ``SOFT`` of each pixel given to each neighbour and its brightest at 255 again.

    What would go over the image's border is lost.
    """
    levels = image.astype(np.float32)
    for _ in range(2):  # along the rows, then along the columns
        padded = np.pad(levels.T, ((0, 0), (1, 1)))
        levels = SOFT * (padded[:, :-2] + padded[:, 2:]) + (1 - 2 * SOFT) * padded[:, 1:-1]
    return _at_full_strength(levels)


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
        ink = as_pixels(ink.astype(np.float32) * (255 / max(1, int(ink.max()))))
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
