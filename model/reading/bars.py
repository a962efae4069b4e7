"""Plain bars that are read as ones: how they lean, and whether one hand would lean them so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.preprocess.picture import Pixels
from model.reading.atoms import Atom
from model.reading.parts import Part
from model.reading.touching import touch

ONE = 1
#: What the humps of an m are read as, and how many there are. Two may be a touching 17.
HUMPS, LEAST_HUMPS = (1, 7), 3
#: Ink is a bar if its spread across is at most this share of its spread along. A straight stroke has 0.01 to 0.05 by
#: its pen, a 1 with a flag 0.1 and more.
STRAIGHT = 0.08
#: Degrees from upright. Bars that 30 writers wrote lean by 41 to the right at the top and 9 to the left, at most; a
#: page may be turned by 10 more.
MOST_RIGHT, MOST_LEFT = 52.0, 25.0
#: No two bars of one writer differ by more than 23 degrees, of 1,416 pairs: those of a V do, by 40.
MOST_APART = 30.0


def lean(image: Pixels) -> float | None:
    """By how many degrees a bar leans to the right at the top, −90…90; ``None`` of ink that is no bar.

    Args:
        image: ink uint8 (H, W), bright on 0.
    """
    y, x = np.nonzero(image)
    weights = image[y, x].astype(np.float64)
    if len(weights) < 2:
        return None
    (across, both), (_, along) = np.cov(np.stack([x, y]), aweights=weights)
    spreads, axes = np.linalg.eigh([[across, both], [both, along]])
    if spreads[0] > STRAIGHT * spreads[1]:
        return None
    right, down = axes[:, 1]
    return float(np.degrees(np.arctan2(-right * np.sign(down or 1), abs(down))))


def odd(parts: Sequence[Part]) -> list[bool]:
    """For each part of an answer, whether it is a bar that nobody leans so, or not beside the others.

    A V of two strokes is two such ones, a K of three is three. So are the only two, cut from one piece, if one is a 1:
    they may be an n or an H; and an m, which is three ones and sevens that touch.
    """
    if len(parts) == 2 and parts[1].atom.is_slice and any(part.label == ONE for part in parts):
        return [True, True]
    humps = _humps(parts)
    leans = [lean(part.image) if part.label == ONE else None for part in parts]
    known = [angle for angle in leans if angle is not None]
    is_apart = bool(known) and max(known) - min(known) > MOST_APART
    return [
        is_hump or (angle is not None and (is_apart or not -MOST_LEFT <= angle <= MOST_RIGHT))
        for is_hump, angle in zip(humps, leans, strict=True)
    ]


def _humps(parts: Sequence[Part]) -> list[bool]:
    """Which parts hang together, three or more, and are nothing but ones and sevens."""
    told: list[bool] = []
    first = 0
    for end in range(1, len(parts) + 1):
        if end < len(parts) and _hang_together(parts[end - 1].atom, parts[end].atom):
            continue
        told += [end - first >= LEAST_HUMPS and all(part.label in HUMPS for part in parts[first:end])] * (end - first)
        first = end
    return told


def _hang_together(one: Atom, other: Atom) -> bool:
    return other.is_slice or (one.is_stroke and other.is_stroke and touch(one, other))
