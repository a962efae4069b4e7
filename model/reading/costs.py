"""What it costs, in log probability, to take a run of a line's atoms as one digit, or to leave it out."""

from __future__ import annotations

import math

from model.reading.lattice import WIDEST, Lattice
from model.reading.ways import Run

#: What each digit costs in log probability, so that two certain halves don't beat a certain whole.
EACH = 0.1
#: What a digit costs that is cut off the one before it.
CUT = 0.5
#: Of the line's height: the width up to which a digit costs no more; of recorded pens 95 in 100 are narrower.
BROAD = 1.05
#: What each height of width beyond that costs: two digits that touch may look like one with something beside it.
TOO_WIDE = 6.0
#: Of the line's height: the width of each digit that is cut out of a piece, from 0 to 9, up to which it costs no more.
#: Three in four of recorded pens' are narrower; the network reads two touching fours as one.
USUAL = (1.01, 0.64, 0.95, 0.73, 0.68, 0.93, 0.64, 0.79, 0.65, 0.73)
#: What each height of width beyond that costs.
UNUSUAL = 12.0
#: What a digit costs that has swallowed another: a network that looks past neighbours reads a bold 71 as a 7.
SWALLOWS = 2.0
#: What a doubtful digit costs over which the next stroke of a pen stands: the strokes of a 4 are hardly two ones.
OVERLAID = 2.0
#: What a digit costs through which the next stroke of a pen goes, or in which it lies: two digits hardly stand so.
ACROSS = 3.0
#: What it costs to leave out a body of a digit's size as no digit.
LEAVE_BODY = 1.5
#: What a digit costs that is as low as ``BODY``, beside others; less up to ``HIGH``.
LOW = 1.0
#: What it costs to leave out something small, or a separator.
LEAVE_SMALL = 0.3
#: What it costs to leave out what may be a slash or a bracket: a clear 1 is kept for that, but the answer doesn't lead.
LEAVE_PERHAPS = 2.0
#: What it costs to leave out something small that lies across a neighbour: a bar is a part of its 7, or of a plus.
LEAVE_CROSSING = 2.0
#: Of the line's height: the width of a body left out; a wider one costs as much more.
ROOM = 0.45
#: Something small alone, or a separator, is no digit: as if the network had said so with this log probability.
IS_NONE = -4.0


def as_digit(lattice: Lattice, run: Run) -> float:
    """The log probability of a run as one digit, less its cost."""
    part = lattice.parts[run]
    cost = CUT if lattice.atoms[run[0]].is_slice else EACH
    # The line's height is that of strokes, where these are known: a 4 of two is higher than both.
    width = part.atom.width / max(lattice.height, part.atom.height)
    is_cut = lattice.is_cut(run)
    cost += UNUSUAL * max(0.0, width - USUAL[part.label]) if is_cut else TOO_WIDE * max(0.0, width - BROAD)
    cost += OVERLAID if lattice.is_overlaid(run) else 0.0
    cost += ACROSS if lattice.goes_across(run) else 0.0
    cost += SWALLOWS if lattice.swallows(run) else 0.0
    return part.log_p - cost + (IS_NONE if lattice.is_none(run) else LOW * (lattice.highness(part.atom) - 1))


def as_none(lattice: Lattice, run: Run) -> float:
    """The log probability of a run as no digit, less its cost."""
    part = lattice.parts[run]
    # A part of a piece isn't left out: it would always pay to drop what disturbs. Nor is what holds several digits.
    if lattice.is_cut(run) or part.atom.width > WIDEST * lattice.height:
        return -math.inf
    if lattice.is_none(run):
        return -LEAVE_CROSSING if lattice.crosses(run) else -LEAVE_SMALL
    if run in lattice.perhaps:
        return -LEAVE_PERHAPS
    cost = LEAVE_SMALL + (LEAVE_BODY - LEAVE_SMALL) * lattice.highness(part.atom)
    return part.log_none - cost * max(1.0, part.atom.width / (ROOM * lattice.height))
