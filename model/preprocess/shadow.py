"""What lies on paper, wider than strokes and paler than ink: shadows, spots of light, and strips of a text marker.

Levels are float32 (H, W) in 0…255.
"""

from __future__ import annotations

import numpy as np

from model.preprocess.components import edges_of, find_components
from model.preprocess.order import percentiles
from model.preprocess.paper import COARSE, TINY, coarse, opening, windowed
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
#: Spots of light and soft shadows are wider than a stroke, too. They rise by so many levels, at least, …
SPOT_LEVELS = 10.0
#: … and by so much of what the strongest ink does, at most: paler strokes are not to be told from them; …
MOST_SPOT = 0.4
#: … they cover so much of the picture.
LEAST_SPOTS = 0.005
#: Of the strongest ink there are so many pixels, at least: those of one small digit on a large page.
FEW_PIXELS = 20
#: The strip of a text marker rises by so many levels, at least, and ink on it by so many more; …
STRIP_LEVELS = 30.0
#: … by this share of what the strongest ink does, at most; …
MOST_STRIP = 0.75
#: … between these percentiles its levels differ by less than it rises; …
EVENNESS = (25, 50, 75)
#: … it covers so much of the picture, …
LEAST_STRIP = 0.03
#: … it fills so much of its box, …
RECTANGULAR = 0.85
#: … and from and up to so much of that is ink: a bar that is a 1 is all ink.
LEAST_INK, MOST_INK = 0.01, 0.6
#: In a shadow there is at least this share of the light: what is darker is a table, not paper.
LEAST_LIGHT = 0.28


def is_in_uneven_light(paper: Grey, above: Grey) -> bool:
    """Whether a shadow, spots of light or the strip of a text marker lie on a picture's paper.

    Args:
        paper: what the paper would look like without its ink (see ``paper_under``).
        above: levels above the paper.
    """
    if min(paper.shape) < LEAST_SIDE:
        return False
    wide = without_strokes(above)
    return has_spots(above, wide) or has_shadow(paper, above, wide) or has_strip(above)


def has_spots(above: Grey, wide: Grey) -> bool:
    """Whether light falls in spots, as on a page that isn't flat.

    Args:
        above: levels above the paper.
        wide: the same without what is narrower than a stroke may be.
    """
    highest = float(wide.max())
    if highest < SPOT_LEVELS:
        return False
    most = MOST_SPOT * float(np.partition(above, -FEW_PIXELS, axis=None)[-FEW_PIXELS])
    if highest > most:
        return False
    # Where strokes meet they may be as wide, but there the ink itself is strong.
    return float(np.mean((wide >= SPOT_LEVELS) & (above <= most))) >= LEAST_SPOTS


def has_shadow(paper: Grey, above: Grey, wide: Grey) -> bool:
    """Whether a shadow with an edge falls on the paper, as that of a hand.

    It comes in from the picture's edge. A broad one is a part of ``paper``, one of a finger rises above it: wider than
    strokes are, but paler. What is wide and as strong as the strongest ink is a bold digit.

    Args:
        paper: what the paper would look like without its ink.
        above: levels above the paper.
        wide: the same without what is narrower than a stroke may be.
    """
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


def has_strip(above: Grey) -> bool:
    """Whether a rectangle lies on the paper, as of a text marker, with ink on it.

    A bold digit fills no rectangle, or has no stronger ink inside.

    Args:
        above: levels above the paper.
    """
    wide = without_strokes(coarse(above))
    strips = find_components(wide >= STRIP_LEVELS)
    if not strips or strips[0].area < LEAST_STRIP * wide.size:
        return False
    x0, y0, x1, y1 = strips[0].box
    if strips[0].area < RECTANGULAR * (x1 - x0) * (y1 - y0):
        return False
    low, level, high = percentiles(wide[y0:y1, x0:x1], EVENNESS)
    if high - low > STRIP_LEVELS or level > MOST_STRIP * percentiles(above, STRONGEST)[0]:
        return False
    factor = -(-max(above.shape) // COARSE)
    inside = above[y0 * factor : y1 * factor, x0 * factor : x1 * factor]
    return LEAST_INK <= float(np.mean(inside >= level + STRIP_LEVELS)) <= MOST_INK


def in_even_light(bright: Grey, *, is_dark_ink: bool) -> Grey:
    """What rises above a paper in uneven light (see ``is_in_uneven_light``), (H, W), as strong as in an even one.

    Whatever is wider than a stroke is paper. Ink in a shadow is darkened with its paper, so its contrast is divided by
    the light there.

    Args:
        bright: the picture, its ink brighter than its paper.
        is_dark_ink: whether the picture was inverted for that.
    """
    ground = without_strokes(bright)
    above: Grey = bright - ground
    if is_dark_ink:
        light = (255 - ground) / max(TINY, float(255 - ground.min()))
        above = np.where(light >= LEAST_LIGHT, above / np.maximum(light, LEAST_LIGHT), above)
    return above


def without_strokes(levels: Grey) -> Grey:
    """Levels (H, W) without what is narrower than a stroke may be: their morphological opening."""
    return opening(levels, _reach(levels))


def _reach(levels: Grey) -> int:
    """Half a stroke's width, at most, in pixels."""
    return max(1, round(STROKE * float(max(levels.shape)) / 2))
