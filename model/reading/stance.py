"""How a run of atoms stands in its line, in numbers: its size, its neighbours, the cuts at its ends.

``model.reading.chooser`` weighs them; each has a name, so that anyone can see what a parting rests on.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import around
from model.preprocess.order import median
from model.reading.atoms import BODY, Atom
from model.reading.lattice import Lattice
from model.reading.scores import DIGITS
from model.reading.ways import Run

#: Ink from this level on is a stroke's.
INKED = 128
#: What the numbers that lengths give are bounded by, in heights of the line.
FARTHEST, MOST_WIDTH, MOST_HEIGHT = 1.0, 2.5, 2.0
#: Log probabilities lower than these say nothing more.
LEAST_LOG_P, LEAST_LOG_LABEL = -12.0, -8.0
#: More pieces or slices than these say nothing more.
MOST_PIECES, MOST_SLICES = 5, 12

#: What each number tells; lengths are in heights of the line.
FEATURES = (
    "log probability of a digit",
    "log probability of its label",
    "log probability of none",
    "cut on the left",
    "cut on the right",
    "width",
    "height",
    "too small, or a separator",
    "a separator",
    "perhaps a separator",
    "the next stroke stands over it",
    "it swallows another digit",
    "how high for a digit",
    "lies across a neighbour",
    "top below the others'",
    "foot below the others'",
    "pieces",
    "slices",
    "ink through the cut on the left",
    "ink through the cut on the right",
    "most ink through a cut within",
    "a pen's stroke",
    "gap on the left",
    "gap on the right",
    "ink",
    "cut",
    *(f"a {label}" for label in range(DIGITS)),
    *(f"width of a {label}" for label in range(DIGITS)),
)


def stances(lattice: Lattice, runs: list[Run]) -> NDArray[np.float64]:
    """The numbers that ``FEATURES`` names, float64 (R, F), of some judged runs of a line."""
    cuts = [0.0, *(_through(left, right) / lattice.height for left, right in pairwise(lattice.atoms)), 0.0]
    bodies = [atom for atom in lattice.atoms if atom.height >= BODY * lattice.height] or lattice.atoms
    top, foot = (median([atom.box[side] for atom in bodies]) for side in (1, 3))
    rows = [_stance(lattice, run, cuts, top, foot) for run in runs]
    labels = np.array([lattice.parts[run].label for run in runs])
    marks = np.eye(DIGITS)[labels]
    widths = np.array([min(MOST_WIDTH, lattice.parts[run].atom.width / lattice.height) for run in runs])
    return np.concatenate([np.array(rows, np.float64), marks, marks * widths[:, None]], axis=1)


def _stance(lattice: Lattice, run: Run, cuts: list[float], top: float, foot: float) -> list[float]:
    """All numbers of a run but those of its label."""
    first, last = run
    part, unit = lattice.parts[run], lattice.height
    atom = part.atom
    within = lattice.atoms[first:last]
    before, after = lattice.atoms[first - 1 : first] if first else [], lattice.atoms[last : last + 1]
    gap_before = (atom.box[0] - before[0].box[2]) / unit if before else FARTHEST
    gap_after = (after[0].box[0] - atom.box[2]) / unit if after else FARTHEST
    return [
        max(LEAST_LOG_P, part.log_digit),
        max(LEAST_LOG_LABEL, part.log_label),
        max(LEAST_LOG_P, part.log_none),
        within[0].is_slice,
        bool(after and after[0].is_slice),
        min(MOST_WIDTH, atom.width / unit),
        min(MOST_HEIGHT, atom.height / unit),
        lattice.is_none(run),
        run in lattice.separators,
        run in lattice.perhaps,
        lattice.is_overlaid(run),
        lattice.swallows(run),
        lattice.highness(atom),
        lattice.crosses(run),
        _bounded((atom.box[1] - top) / unit),
        _bounded((atom.box[3] - foot) / unit),
        min(MOST_PIECES, sum(not other.is_slice for other in within)),
        min(MOST_SLICES, len(within)),
        min(1.0, cuts[first]),
        min(1.0, cuts[last]),
        min(1.0, max(cuts[first + 1 : last], default=0.0)),
        atom.is_stroke,
        _bounded(gap_before),
        _bounded(gap_after),
        min(1.0, np.count_nonzero(atom.ink >= INKED) / unit**2),
        lattice.is_cut(run),
    ]


def _bounded(length: float) -> float:
    return max(-FARTHEST, min(FARTHEST, length))


def _through(left: Atom, right: Atom) -> int:
    """In how many pixels ink goes on from one slice to the next; 0 where they aren't cut from each other."""
    if not right.is_slice:
        return 0
    x0, y0, x1, y1 = around(left.box, right.box)
    here, there = np.zeros((2, y1 - y0, x1 - x0), np.bool_)
    for mask, atom in ((here, left), (there, right)):
        rows = slice(atom.box[1] - y0, atom.box[3] - y0)
        mask[rows, atom.box[0] - x0 : atom.box[2] - x0] = atom.ink >= INKED
    return int(np.count_nonzero(here[:, :-1] & there[:, 1:]))
