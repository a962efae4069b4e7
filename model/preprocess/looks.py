"""What a picture looks like, in numbers: ink of a pen's width on something like paper, or a photo of a thing.

No number decides alone: ``model.reading.judge`` weighs all of them together.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import grown
from model.preprocess.picture import Mask
from model.preprocess.pipeline import Prepared
from model.preprocess.rules import upright_runs

#: Ink from this level on is a stroke's, less is its edge.
INKED = 128
#: Ink from this level on is there at all.
VISIBLE = 32
#: Ink from this level on is at full strength.
STRONG = 224
#: Larger pictures are looked at in every second, third … pixel, so that their longest side has at most so many.
LOOKED_AT = 800
#: How far from ink, in pixels, paper begins: nearer lies the ink's soft edge.
APART = 2
#: What keeps a logarithm finite.
TINY = 1e-3

#: What each number tells, in the order of ``looks``.
LOOKS = (
    "log share of the picture that is ink",
    "log share of the ink's box that is ink",
    "log stroke width over the ink's longest side",
    "log wide over usual stroke width",
    "log narrow over usual stroke width",
    "log area over outline, over stroke width",
    "log soft pixels over outline",
    "log contrast of ink and paper",
    "unevenness of the ink",
    "unevenness of the paper",
    "faint ink on the paper",
    "edges on the paper",
    "range of the paper's light",
    "share of ink and paper in the spread of levels",
    "share of the ink that touches the picture's edge",
    "log pieces",
    "share of the ink in its largest piece",
    "colour apart from ink and paper",
    "log of the picture's longest side",
)


def looks(prepared: Prepared) -> NDArray[np.float64]:
    """The numbers that ``LOOKS`` names, (19,), of a picture with ink."""
    ink = prepared.ink
    if ink is None:
        raise ValueError("a picture without ink")
    longest = max(ink.shape)
    step = -(-longest // LOOKED_AT)
    ink = ink[::step, ::step]
    bright, paper = (prepared.before[index][::step, ::step].astype(np.float32) for index in (1, 2))
    above = bright - paper
    mask = ink >= INKED
    area = max(1.0, float(np.count_nonzero(mask)))
    inside = mask & ~grown(~mask, (0,)) & ~grown(~mask, (1,))
    outline = max(1.0, float(np.count_nonzero(mask & ~inside)))
    soft = float(np.count_nonzero((ink >= VISIBLE) & (ink < STRONG) & ~inside))
    widths = _widths(mask)
    narrow, usual, wide = (float(value) for value in np.percentile(widths, (10, 50, 90)))
    outside = ~_apart(ink >= VISIBLE)
    contrast = max(1.0, float(above[mask].mean()) if mask.any() else 0.0)
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    height, width = (int(places[-1] - places[0]) + 1 if len(places) else 1 for places in (rows, columns))
    areas = np.array([piece.area for piece in prepared.pieces], np.float64)
    touching = [_touches(piece.box, prepared) for piece in prepared.pieces]
    return np.array(
        [
            math.log(area / mask.size + TINY),
            math.log(area / (height * width)),
            math.log(usual / max(height, width)),
            math.log(wide / usual),
            math.log(narrow / usual),
            math.log(area / outline / usual),
            math.log(soft / outline + TINY),
            math.log(contrast),
            float(above[inside].std()) / contrast if inside.any() else 0.0,
            float(above[outside].std()) / contrast if outside.any() else 0.0,
            float(ink[outside].mean()) / 255 if outside.any() else 0.0,
            _edges(bright, outside) / contrast,
            float(np.ptp(paper)) / 255,
            _parted(above, mask),
            float(areas[touching].sum() / areas.sum()) if len(areas) else 0.0,
            math.log(1 + len(areas)),
            float(areas.max() / areas.sum()) if len(areas) else 0.0,
            prepared.colour,
            math.log(longest),
        ]
    )


def _touches(box: tuple[int, int, int, int], prepared: Prepared) -> bool:
    height, width = prepared.before[0].shape
    return box[0] == 0 or box[1] == 0 or box[2] >= width or box[3] >= height


def _widths(mask: Mask) -> NDArray[np.int64]:
    """Of each inked pixel the shorter of the level and the upright run that hold it."""
    if not mask.any():
        return np.ones(1, np.int64)
    shorter = np.minimum(upright_runs(mask), upright_runs(np.ascontiguousarray(mask.T)).T)
    return np.asarray(shorter[mask])


def _apart(mask: Mask) -> Mask:
    for _ in range(APART):
        mask = grown(mask)
    return mask


def _edges(levels: NDArray[np.float32], where: Mask) -> float:
    """The mean difference of neighbouring pixels on the paper."""
    both = where[1:, 1:] & where[:-1, :-1]
    if not both.any():
        return 0.0
    steps = np.abs(levels[1:, 1:] - levels[:-1, 1:]) + np.abs(levels[1:, 1:] - levels[1:, :-1])
    return float(steps[both].mean())


def _parted(above: NDArray[np.float32], mask: Mask) -> float:
    """The share of the levels' variance that lies between ink and paper (N. Otsu, 1979): 1 for two flat levels."""
    spread = float(above.var())
    share = float(mask.mean())
    if spread == 0.0 or not 0.0 < share < 1.0:
        return 1.0
    apart = float(above[mask].mean()) - float(above[~mask].mean())
    return min(1.0, share * (1 - share) * apart**2 / spread)
