"""Shadows with an edge, of a hand or a finger: wider than strokes, paler than ink, and sharper than light falls off.

Levels are float32 (H, W) in 0…255.
"""

from __future__ import annotations

import numpy as np

from model.preprocess.components import edges_of
from model.preprocess.order import percentiles
from model.preprocess.paper import TINY, coarse, opening, windowed
from model.preprocess.picture import Grey

#: Strokes are narrower than this share of a picture's longest side, what throws a shadow is wider.
STROKE = 0.06
#: A picture with a shorter side has no room for both.
LEAST_SIDE = 96
#: By so many levels, at least, the paper changes within a stroke's width where a shadow ends, …
EDGE_LEVELS = 40.0
#: … at this share of the picture's pixels.
LEAST_EDGE = 0.01
#: A finger's shadow is wider than a stroke and rises by so many levels, at least.
FINGER_LEVELS = 25.0
#: What is wider than a stroke and rises by so much of what the strongest ink does is bold ink, no corner of a shadow.
BOLD = 0.85
#: The percentile of the levels above the paper that stands for the strongest ink.
STRONGEST = (99.5,)
#: In a shadow there is at least this share of the light: what is darker is a table, not paper.
LEAST_LIGHT = 0.28


def has_shadow(bright: Grey, paper: Grey) -> bool:
    """Whether a shadow with an edge falls on a picture's paper (see ``paper_under``), as that of a hand.

    It comes in from the picture's edge. A broad one is a part of ``paper``, one of a finger rises above it: wider than
    strokes are, but paler. What is wide and as strong as the strongest ink is a bold digit.
    """
    if min(paper.shape) < LEAST_SIDE:
        return False
    above = bright - paper
    wide = _wide(above)
    if float(wide.max()) >= BOLD * percentiles(above, STRONGEST)[0]:
        return False
    light = coarse(paper)
    reach = _reach(light)
    steps = windowed(light, reach, np.maximum) - windowed(light, reach, np.minimum)
    is_edged = np.mean(steps >= EDGE_LEVELS) >= LEAST_EDGE
    return any(
        edges_of(shadow) and np.mean(shadow) >= LEAST_EDGE
        for shadow in (light >= light.min() + (EDGE_LEVELS if is_edged else np.inf), wide >= FINGER_LEVELS)
    )


def in_even_light(bright: Grey, *, is_dark_ink: bool) -> Grey:
    """What rises above a paper on which a shadow falls, (H, W), as strong as if none fell on it.

    Whatever is wider than a stroke is paper. Ink in a shadow is darkened with its paper, so its contrast is divided by
    the light there.

    Args:
        bright: the picture, its ink brighter than its paper.
        is_dark_ink: whether the picture was inverted for that.
    """
    ground = _wide(bright)
    above: Grey = bright - ground
    if is_dark_ink:
        light = (255 - ground) / max(TINY, float(255 - ground.min()))
        above = np.where(light >= LEAST_LIGHT, above / np.maximum(light, LEAST_LIGHT), above)
    return above


def _wide(levels: Grey) -> Grey:
    """The levels without what is narrower than a stroke may be: their morphological opening."""
    return opening(levels, _reach(levels))


def _reach(levels: Grey) -> int:
    """Half a stroke's width, at most, in pixels."""
    return max(1, round(STROKE * float(max(levels.shape)) / 2))
