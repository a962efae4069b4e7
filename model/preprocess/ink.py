"""Telling ink from paper: which is brighter, how the light falls, what is noise, what belongs to the digit.

Levels are float32 (H, W) in 0…255. A picture with an even background, such as an MNIST
digit, passes through all of it unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.preprocess.components import Box, Component, around, find_components, gap, mask_of
from model.preprocess.picture import Grey

#: The longest side at which the light is looked at: strokes thinner than a hundredth don't matter to it.
COARSE = 96
#: The least contrast of ink with paper, in grey levels above the noise.
LEAST_CONTRAST = 8.0
#: The least level of ink, as a multiple of the level up to which there is noise.
LEAST_SIGNAL = 1.8
#: How much the brightness of the edge counts for the polarity beside the skew of all levels.
EDGE_WEIGHT = 0.7
#: The polarity from which on it is sure: of MNIST's digits and people's uploads none is under 1.1, of 1-bit digits that
#: fill 16×16 pixels half are.
DECIDED = 1.1
#: Levels this near to the darkest or the brightest, as a share of the range, are one of two.
EXTREME = 0.12
#: A picture of which this share has one of two levels has no shades of paper to be told from ink, …
TWO_LEVELS = 0.9
#: … if its longest side is at most this: a larger one has room for paper.
SMALL_SIDE = 64
#: What rises this share of the way from the noise to full ink is no paper.
CLEAR = 0.4
#: A mean level from which ink counts as full: the palest of MNIST's test digits has 175.
FULL = 170
#: Ink of this level is surely ink: without a pixel of it a picture is blank.
SURE = 128
#: From this level on ink counts as a piece's, whether or not any of the piece is sure.
MAYBE = 64
#: A piece under this share of the main piece's area is a speck; of MNIST's digits none is smaller.
SPECK = 0.004
#: How far a piece of a broken digit may stand from the rest, as a share of its side.
REACH = 0.45
#: How far round the digit faint marks are kept, in pixels, and as a share of its side if that is more.
MARGIN = 12
MARGIN_SHARE = 0.03
#: What a piece's area counts for the choice of the main one, by how many of the picture's edges it touches.
EDGE_WEIGHTS = (1.0, 0.5, 0.1, 0.05, 0.02)
#: Standard deviations of the normal distribution between its 10th and 30th percentile, and from the mean to the 20th.
FROM_10_TO_30 = 0.757
TO_20 = 0.842
#: So many standard deviations over the paper's mean there is no noise any more.
NOISE_ENDS = 2.5


def _coarse(levels: Grey) -> Grey:
    factor = -(-max(levels.shape) // COARSE)
    picture = Image.fromarray(levels)
    return np.asarray(picture.reduce(factor) if factor > 1 else picture, dtype=np.float32)


def _windowed(levels: Grey, reach: int, function: Callable[..., Grey], axes: tuple[int, ...] = (0, 1)) -> Grey:
    """np.minimum, np.maximum or np.add (for the mean) within ``reach`` pixels; the edge repeats itself outward.

    Windows are built by doubling: two of half the size, overlapping where the size is no power
    of two, which a minimum doesn't mind and a sum does.
    """
    size = 2 * reach + 1
    for axis in axes:
        padded = np.pad(levels, _widths(reach, axis), mode="edge")
        rows = padded if axis == 0 else padded.T
        if function is np.add:
            sums = np.pad(np.cumsum(rows, axis=0, dtype=np.float64), ((1, 0), (0, 0)))
            rows = ((sums[size:] - sums[:-size]) / size).astype(np.float32)
        else:
            covered = 1
            while covered < size:
                step = min(covered, size - covered)
                rows = function(rows[:-step], rows[step:])
                covered += step
        levels = rows if axis == 0 else rows.T
    return levels


def _widths(reach: int, axis: int) -> list[tuple[int, int]]:
    return [(reach, reach) if k == axis else (0, 0) for k in (0, 1)]


def bright_on_dark(grey: Grey) -> Grey:
    """The picture with its ink brighter than its paper: as it is, or inverted."""
    return grey if polarity(grey) >= 0 else 255 - grey


def polarity(grey: Grey) -> float:
    """How clearly the ink is brighter (above 0) or darker (below) than the paper: −1.7…1.7.

    Ink is the lesser part, so what differs strongly from its surroundings differs towards
    ink; and the edge is paper. Where a bold digit fills its picture to the edges, neither is
    decided: under ``DECIDED`` either way, both ways are to be tried.
    """
    coarse = _coarse(grey)
    away = coarse - _windowed(coarse, max(1, min(coarse.shape) // 4), np.add)
    skew = float((away**3).sum() / max(1e-6, float((np.abs(away) ** 3).sum())))
    edge = np.concatenate([coarse[0], coarse[-1], coarse[:, 0], coarse[:, -1]])
    low, high = np.percentile(coarse, [1, 99])
    brightness = float((np.median(edge) - low) / max(1e-6, high - low)) * 2 - 1
    return skew - EDGE_WEIGHT * brightness


def paper_under(bright: Grey) -> Grey:
    """What the paper would look like without its ink: (H, W), for ink brighter than paper.

    First guess: the greatest of the least levels within half the picture (a morphological
    opening). Strokes are narrower than that and vanish, but so do the paper's own bumps; so
    whatever doesn't clearly rise above the guess is taken for paper, and the gaps are
    filled from the paper around them.
    """
    coarse = _coarse(bright)
    if max(bright.shape) > COARSE // 2:
        coarse = _windowed(coarse, 1, np.add)
    reach = max(1, min(coarse.shape) // 4)
    opened = _opened(coarse, reach)
    if np.ptp(opened) == 0:
        return np.full_like(bright, opened.flat[0])
    above = coarse - opened
    floor, level = _strength(above)
    is_paper = ~_near(above > floor + CLEAR * (level - floor))
    filled = _filled(coarse, is_paper) if is_paper.any() else opened
    size = (bright.shape[1], bright.shape[0])
    return np.asarray(Image.fromarray(filled).resize(size, Image.Resampling.BILINEAR), dtype=np.float32)


def has_two_levels(grey: Grey) -> bool:
    """Whether a small picture (H, W) holds nothing but ink and paper: a 1-bit digit, perhaps filling it."""
    if max(grey.shape) > SMALL_SIDE:
        return False
    low, high = float(grey.min()), float(grey.max())
    reach = EXTREME * (high - low)
    return bool(np.mean((grey <= low + reach) | (grey >= high - reach)) >= TWO_LEVELS)


def _opened(levels: Grey, reach: int) -> Grey:
    """The greatest of the least levels within ``reach``, never above the levels themselves, never below them all."""
    inside = slice(reach, -reach)
    opened = _windowed(_windowed(_extended(levels, reach), reach, np.minimum), reach, np.maximum)[inside, inside]
    return np.clip(opened, levels.min(), levels)


def _extended(levels: Grey, reach: int) -> Grey:
    """The levels with a margin of ``reach``, into which slopes of light go on as they came.

    Without it a slope would lie below itself along the edge, and the difference be taken for
    ink. Strokes that reach the edge aren't continued: along the edge they are narrow.
    """
    for axis in (0, 1):
        if levels.shape[axis] <= reach:
            levels = np.pad(levels, _widths(reach, axis), mode="edge")
            continue
        across = (1 - axis,)
        calm = _windowed(_windowed(levels, reach, np.minimum, across), reach, np.maximum, across)
        wide = np.pad(calm, _widths(reach, axis), mode="reflect", reflect_type="odd")
        inside = [slice(None), slice(None)]
        inside[axis] = slice(reach, -reach)
        wide[tuple(inside)] = levels
        levels = wide
    return levels


def _filled(levels: Grey, known: NDArray[np.bool_]) -> Grey:
    """Levels smoothed over their known pixels; the unknown take the mean of the nearest that are known."""
    weights = known.astype(np.float32)
    filled = np.zeros_like(levels)
    missing = np.ones_like(known)
    reach = 2
    while missing.any():
        weight = _windowed(weights, reach, np.add)
        mean = _windowed(levels * weights, reach, np.add) / np.maximum(weight, 1e-6)
        found = missing & (weight > 1e-6)
        filled[found] = mean[found]
        missing &= ~found
        reach *= 2
    return filled


def _strength(above: Grey) -> tuple[float, float]:
    """Up to where levels above the paper are noise, and the level of ink; equal when nothing rises.

    Noise is judged by the lower third of the levels, which is paper even under a bold digit
    that fills its picture; the level of ink is the mean of what rises, weighted by its square.
    """
    p10, p20, p30 = (float(level) for level in np.percentile(above, [10, 20, 30]))
    noise = (p30 - p10) / FROM_10_TO_30
    floor = max(0.0, p20 + (TO_20 + NOISE_ENDS) * noise)
    risen = above[above > floor].astype(np.float64)
    return floor, float((risen**3).sum() / (risen**2).sum()) if len(risen) else floor


def clean_ink(above: Grey) -> NDArray[np.uint8] | None:
    """Ink as uint8 (H, W), 255 at full strength on 0, from the levels above the paper.

    ``None`` when nothing rises clearly from the paper's noise: a blank picture.
    """
    floor, level = _strength(above)
    if level - floor < LEAST_CONTRAST or level < LEAST_SIGNAL * floor:
        return None
    gain = 255 / ((level if level < FULL else 255) - floor)
    ink = np.clip((above - floor) * gain + 0.5, 0, 255).astype(np.uint8)
    return ink if int(ink.max()) >= SURE else None


def find_pieces(ink: NDArray[np.uint8]) -> list[Component]:
    """The connected pieces of ink (H, W), the largest first."""
    return find_components(ink >= MAYBE)


def keep_digit(ink: NDArray[np.uint8], pieces: Sequence[Component]) -> NDArray[np.uint8] | None:
    """The ink (H, W) without specks, without shadows at the edge, without what stands far from the digit.

    ``None`` when nothing of full strength is left.
    """
    if not pieces:
        return None
    main = max(pieces, key=lambda piece: _weight(piece, ink.shape))
    gone, box = [], main.box
    for piece in pieces:
        is_near = piece.area >= SPECK * main.area and gap(piece.box, box) <= REACH * _side(box)
        # What fills a corner of the picture, when the digit touches no edge, is a scan's border or a finger.
        in_corner = _touches(piece, ink.shape) > 1 and not _touches(main, ink.shape)
        if is_near and not in_corner:
            box = around(box, piece.box)
        else:
            gone.append(piece)
    if gone:
        ink = np.where(_near(mask_of(gone, ink.shape)), 0, ink)
    ink = _within(box, max(MARGIN, round(MARGIN_SHARE * _side(box))), ink)
    return ink if int(ink.max()) >= SURE else None


def _weight(piece: Component, shape: tuple[int, ...]) -> float:
    """Area, less for what lies along the picture's edge."""
    return piece.area * EDGE_WEIGHTS[_touches(piece, shape)]


def _touches(piece: Component, shape: tuple[int, ...]) -> int:
    """How many of the picture's four edges a piece touches."""
    x0, y0, x1, y1 = piece.box
    return (x0 == 0) + (y0 == 0) + (x1 == shape[1]) + (y1 == shape[0])


def _side(box: Box) -> int:
    return max(box[2] - box[0], box[3] - box[1])


def _within(box: Box, reach: int, ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink in a box and up to ``reach`` pixels round it: a faint mark farther off isn't the digit's."""
    x0, y0, x1, y1 = box
    part = slice(max(0, y0 - reach), y1 + reach), slice(max(0, x0 - reach), x1 + reach)
    kept = np.zeros_like(ink)
    kept[part] = ink[part]
    return kept


def _near(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask grown by one pixel all round, to take the pale edge of what it covers."""
    # Shifted ORs take 0.15 ms at 640 × 640 where a sliding window takes 50.
    rows = mask.copy()
    rows[1:] |= mask[:-1]
    rows[:-1] |= mask[1:]
    near: NDArray[np.bool_] = rows.copy()
    near[:, 1:] |= rows[:, :-1]
    near[:, :-1] |= rows[:, 1:]
    return near
