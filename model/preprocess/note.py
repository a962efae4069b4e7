"""A note on a table: paper that takes up a part of the picture only. What lies around it holds no ink."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.preprocess.components import edges_of, find_components, grown, mask_of
from model.preprocess.order import percentiles
from model.preprocess.paper import coarse, filled
from model.preprocess.picture import Grey, Mask

#: A picture with a shorter side shows one thing.
LEAST_SIDE = 64
#: A note covers from and up to so much of the picture.
LEAST_SHARE, MOST_SHARE = 0.06, 0.85
#: It is brighter than what lies around it by so many levels, at least.
CONTRAST = 40.0
#: The middle half of its paper's levels lie within this share of that contrast.
EVEN = 0.35
#: So much of it, at least, is paper, not ink.
PAPER = 0.7
#: So much of it, at least, is ink: on an empty note there is nothing to be read. A 1 on a whole sheet is 0.0001.
INK = 0.00005
#: So much of what lies around it, at most, is as bright as it is.
BRIGHT_AROUND = 0.15
#: It fills so much, at least, of the smallest rectangle around it: of an ellipse, such as a 0's, it is 0.785.
RECTANGULAR = 0.86
#: The rectangles that are tried are turned by so many degrees.
TURNS = range(-45, 45, 3)
#: What lies around is uneven if its levels deviate by this much. On an even ground a note may be a bold 0.
UNEVEN = 5.0
#: Ink that fills so much of its box, and so much of the note, may be the hole of a 0.
SOLID = 0.5
HOLE = 0.01
#: Across its edge the levels change by so much of that contrast: the light that falls on paper changes slowly.
SHARP = 0.7
#: It touches so many of the picture's edges, at most.
MOST_EDGES = 2
#: So many pixels of the coarse picture along a note's edge are no paper: it casts a shadow, and isn't quite straight.
RIM = 2


def without_surroundings(levels: Grey) -> Grey:
    """Levels (H, W), 0…255, with what lies around a note as bright as its paper; the same object without a note."""
    if min(levels.shape) < LEAST_SIDE:
        return levels
    small = coarse(levels)
    threshold = _threshold(small)
    bright = small > threshold
    note = _note_in(small, bright)
    if note is None:
        return levels
    note = _shrunk(note)
    height, width = levels.shape
    inside = np.asarray(Image.fromarray(note).resize((width, height), Image.Resampling.NEAREST))
    # Small writing is too pale in the coarse picture.
    if np.count_nonzero((levels <= threshold) & inside) < INK * np.count_nonzero(inside):
        return levels
    under = filled(small, note & bright)
    around = np.asarray(Image.fromarray(under).resize((width, height), Image.Resampling.BILINEAR), dtype=np.float32)
    evened: Grey = np.where(inside, levels, around)
    return evened


def _note_in(levels: Grey, bright: Mask) -> Mask | None:
    """The mask of a note, without gaps where its ink is; ``None`` if the picture is no note on something else."""
    pieces = find_components(bright)
    if not pieces:
        return None
    paper = mask_of(pieces[:1], levels.shape)
    note: Mask = _spanned(paper) & _spanned(paper.T).T
    share = float(note.mean())
    if not LEAST_SHARE <= share <= MOST_SHARE or paper.sum() < PAPER * note.sum() or not _is_rectangle(note):
        return None
    if edges_of(note) > MOST_EDGES:
        return None
    outside = ~grown(note)
    if not outside.any() or np.mean(bright[outside]) > BRIGHT_AROUND:
        return None
    low, middle, high = percentiles(levels[paper], (25, 50, 75))
    contrast = middle - float(np.median(levels[outside]))
    if contrast < CONTRAST or high - low > EVEN * contrast:
        return None
    within, beyond = _shrunk(note), ~_shrunk(~note)
    step = float(np.median(levels[note & ~within & bright])) - float(np.median(levels[beyond & ~note]))
    if step < SHARP * contrast:
        return None
    ink = find_components(within & ~bright)
    if float(levels[outside].std()) < UNEVEN and len(ink) == 1:
        x0, y0, x1, y1 = ink[0].box
        if ink[0].area >= max(HOLE * note.sum(), SOLID * (x1 - x0) * (y1 - y0)):
            return None
    return note


def _shrunk(mask: Mask) -> Mask:
    """A mask without its rim."""
    for _ in range(RIM):
        mask = ~grown(~mask)
    return mask


def _threshold(levels: Grey) -> float:
    """The level that parts the levels into two classes of the greatest variance between (N. Otsu, 1979)."""
    counts = np.bincount(np.clip(levels, 0, 255).astype(np.uint8).ravel(), minlength=256).astype(np.float64)
    below = np.cumsum(counts)
    sums = np.cumsum(counts * np.arange(256))
    above = below[-1] - below
    with np.errstate(invalid="ignore", divide="ignore"):
        between = (sums[-1] * below / below[-1] - sums) ** 2 / (below * above)
    return float(np.argmax(np.nan_to_num(between, posinf=0.0)))


def _spanned(mask: Mask) -> Mask:
    """The pixels of each row from the mask's first to its last."""
    spans: Mask = np.maximum.accumulate(mask, axis=1) & np.maximum.accumulate(mask[:, ::-1], axis=1)[:, ::-1]
    return spans


def _is_rectangle(mask: Mask) -> bool:
    """Whether a mask fills a rectangle, however it is turned."""
    rows, columns = np.nonzero(mask)
    areas = [_area(rows, columns, np.radians(turn)) for turn in TURNS]
    return float(mask.sum()) >= RECTANGULAR * min(areas)


def _area(rows: NDArray[np.int64], columns: NDArray[np.int64], angle: float) -> float:
    """Of the smallest rectangle turned by an angle, in radians, around some pixels."""
    along, across = columns * np.cos(angle) + rows * np.sin(angle), rows * np.cos(angle) - columns * np.sin(angle)
    return float((np.ptp(along) + 1) * (np.ptp(across) + 1))
