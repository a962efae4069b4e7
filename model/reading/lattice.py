"""The best reading of a line: which runs of its atoms are digits, and which atoms are none.

Each run of atoms that may be one digit is judged by the network; so is what may be left out, a sign or a smudge. Of all
ways to part a line the likeliest is taken, by dynamic programming over sums of log probabilities. So a broken 4 comes
together, a touching 00 comes apart, a wide 0 stays whole and a comma is left out, because of what the network sees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import around
from model.preprocess.normalise import normalise
from model.preprocess.picture import Pixels
from model.reading.atoms import BODY, Atom, body_height, lines_of, union
from model.reading.cuts import slices
from model.reading.separators import separators_of

#: An atom that is read with this log probability is clear: it isn't cut, and not tried together with clear neighbours.
CLEAR = -0.1
#: Of the line's height: the width from which on an atom may be two digits.
WIDE = 0.75
#: Of the line's height: the greatest width and the greatest height of a digit.
WIDEST = 1.5
HIGHEST = 1.7
#: A piece smaller than this, in pixels, is never cut.
LEAST_CUT = 6
#: Of the line's height: how far apart the parts of one digit may stand.
NEAR = 0.2
#: The same for a small part that stands beside its digit, not over it: farther off it is a dash.
NEAR_SMALL = 0.08
#: The share of the narrower of two atoms over which the other stands, from which on they are tried as one.
OVER = 0.3
#: The most atoms in one digit: of strokes and pieces, and of slices, which must all come together again.
MOST_JOINED = 5
#: The widest that all atoms together may be as one digit, for their height.
WIDEST_WHOLE = 2.2
#: The most atoms that are tried as one digit whatever lines they seem to stand on.
MOST_BROKEN = 8
#: What a digit costs in log probability, so that two certain halves don't beat a certain whole; a cut costs more.
EACH, CUT = 0.1, 1.0
#: What it costs to leave atoms out as no digit: a body of a digit's size, or something small.
LEAVE_BODY, LEAVE_SMALL = 1.5, 0.3
#: Of the line's height: the width of a body left out; a wider one costs as much more.
ROOM = 0.45
#: Something small alone, or a slash, is no digit: as if the network had said so with this log probability.
IS_NONE = -4.0

#: Log probabilities (N, 2) of images (N, 28, 28): that each is a digit, and if so, the one it looks like most.
Judge = Callable[[Pixels], NDArray[np.float64]]


@dataclass(frozen=True)
class Part:
    """A run of a line's atoms, judged.

    Attributes:
        atom: its ink as one.
        image: uint8 (28, 28), what the network saw.
        log_digit: the log probability that it is a digit.
        log_label: if it is, that of the label it looks like most.
    """

    atom: Atom
    image: Pixels
    log_digit: float
    log_label: float

    @property
    def log_p(self) -> float:
        """The log probability that it is a digit, and the one it looks like most."""
        return self.log_digit + self.log_label

    @property
    def log_none(self) -> float:
        """The log probability that it is no digit."""
        return float(np.log(max(1e-9, -np.expm1(min(self.log_digit, -1e-12)))))


@dataclass(frozen=True)
class LineReading:
    """A line as it is read.

    Attributes:
        digits: from left to right.
        left_out: what is no digit.
        height: of the line's digits, in pixels.
        log_p: the log probability of this parting, less what its digits and cuts cost.
    """

    digits: tuple[Part, ...]
    left_out: tuple[Part, ...]
    height: float
    log_p: float


def read_atoms(atoms: Sequence[Atom], judge: Judge) -> list[LineReading]:
    """The best reading of atoms, line by line; or all of them as one digit, where that is likelier.

    A broken digit may seem to stand on two lines.
    """
    lines = read_lines(lines_of(atoms), judge)
    if not 1 < len(atoms) <= MOST_BROKEN:
        return lines
    whole = union(atoms)
    if whole.width > WIDEST_WHOLE * whole.height:
        return lines
    (part,) = _judged([whole], judge)
    log_p = part.log_p - EACH
    if log_p < sum(line.log_p for line in lines):
        return lines
    return [LineReading((part,), (), whole.height, log_p)]


def read_lines(lines: Sequence[Sequence[Atom]], judge: Judge) -> list[LineReading]:
    """Read lines of atoms. What the network is asked, it is asked for all lines at once."""
    heights = [body_height([atom.height for atom in line]) for line in lines]
    singles = iter(_judged([atom for line in lines for atom in line], judge))
    known = [[next(singles) for _ in line] for line in lines]
    lattices = [
        _Lattice(parts, separators_of(line), height) for parts, line, height in zip(known, lines, heights, strict=True)
    ]
    for wanted in ("slices", "runs"):
        asked = [(lattice, run) for lattice in lattices for run in getattr(lattice, wanted)()]
        for (lattice, run), part in zip(
            asked, _judged([lattice.union(run) for lattice, run in asked], judge), strict=True
        ):
            lattice.parts[run] = part
    return [lattice.best() for lattice in lattices]


def _judged(atoms: Sequence[Atom], judge: Judge) -> list[Part]:
    if not atoms:
        return []
    images = np.stack([normalise(atom.ink)[1] for atom in atoms])
    return [
        Part(atom, image, float(log_digit), float(log_label))
        for atom, image, (log_digit, log_label) in zip(atoms, images, judge(images), strict=True)
    ]


Run = tuple[int, int]


class _Lattice:
    """A line's atoms and the judged runs of them."""

    def __init__(self, singles: Sequence[Part], are_separators: Sequence[bool], height: float) -> None:
        self.height = height
        self.atoms: list[Atom] = []
        self.parts: dict[Run, Part] = {}
        self.separators: set[Run] = set()
        for part, is_separator in zip(singles, are_separators, strict=True):
            first = len(self.atoms)
            wide = part.atom.width >= WIDE * height and min(part.atom.width, part.atom.height) >= LEAST_CUT
            parts = slices(part.atom) if wide and part.log_p <= CLEAR else []
            self.atoms += parts or [part.atom]
            self.parts[first, len(self.atoms)] = part
            if is_separator:
                self.separators.add((first, len(self.atoms)))

    def union(self, run: Run) -> Atom:
        """The run's atoms as one."""
        return union(self.atoms[run[0] : run[1]])

    def slices(self) -> list[Run]:
        """The atoms that aren't judged yet."""
        return [(index, index + 1) for index in range(len(self.atoms)) if (index, index + 1) not in self.parts]

    def runs(self) -> list[Run]:
        """Runs of several atoms that may be one digit."""
        runs = []
        for first in range(len(self.atoms)):
            for last in range(first + 2, len(self.atoms) + 1):
                if (
                    around(*(atom.box for atom in self.atoms[first:last]))[2] - self.atoms[first].box[0]
                    > WIDEST * self.height
                ):
                    break
                if (first, last) not in self.parts and self._may_be_one(first, last):
                    runs.append((first, last))
        return runs

    def _may_be_one(self, first: int, last: int) -> bool:
        atoms = self.atoms[first:last]
        if sum(not atom.is_slice for atom in atoms) > MOST_JOINED:
            return False
        box = around(*(atom.box for atom in atoms))
        if box[3] - box[1] > HIGHEST * self.height:
            return False
        if any(right.box[0] - left.box[2] > self._reach(left, right) for left, right in pairwise(atoms)):
            return False
        clear = [self.parts[index, index + 1].log_p > CLEAR for index in range(first, last)]
        return not all(clear) or any(_over(left, right) for left, right in pairwise(atoms))

    def _reach(self, left: Atom, right: Atom) -> float:
        is_small = min(left.height, right.height) < BODY * self.height and not (left.is_slice or right.is_slice)
        return (NEAR_SMALL if is_small else NEAR) * self.height

    def best(self) -> LineReading:
        """The likeliest parting, from the left."""
        count = len(self.atoms)
        by_end: dict[int, list[Run]] = {}
        for run in self.parts:
            by_end.setdefault(run[1], []).append(run)
        totals = [0.0] + [-np.inf] * count
        chosen: list[tuple[Run, bool] | None] = [None] * (count + 1)
        for last in range(1, count + 1):
            for run in by_end.get(last, []):
                for is_digit, score in ((True, self._as_digit(run)), (False, self._as_none(run))):
                    if totals[run[0]] + score > totals[last]:
                        totals[last], chosen[last] = totals[run[0]] + score, (run, is_digit)
        digits: list[Part] = []
        left_out: list[Part] = []
        end = count
        while end > 0:
            run, is_digit = chosen[end]  # type: ignore[misc]
            (digits if is_digit else left_out).append(self.parts[run])
            end = run[0]
        return LineReading(tuple(digits[::-1]), tuple(left_out[::-1]), self.height, float(totals[count]))

    def _as_digit(self, run: Run) -> float:
        part = self.parts[run]
        cost = CUT if self.atoms[run[0]].is_slice else EACH
        return part.log_p - cost + (IS_NONE if self._is_none(run) else 0.0)

    def _as_none(self, run: Run) -> float:
        part = self.parts[run]
        parted = self.atoms[run[0]].is_slice or (run[1] < len(self.atoms) and self.atoms[run[1]].is_slice)
        # A part of a piece isn't left out: it would always pay to drop what disturbs. Nor is what holds several digits.
        if parted or part.atom.width > WIDEST * self.height:
            return -np.inf
        if self._is_none(run):
            return -LEAVE_SMALL
        return part.log_none - LEAVE_BODY * max(1.0, part.atom.width / (ROOM * self.height))

    def _is_none(self, run: Run) -> bool:
        return self.parts[run].atom.height < BODY * self.height or run in self.separators


def _over(one: Atom, other: Atom) -> bool:
    """Whether one stands over the other rather than beside it."""
    shared = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    return shared > OVER * min(one.width, other.width)


#: A scene is writing if the median of its digits' log probability of being one exceeds this, a share of them another.
LIKELY, UNLIKE, MOSTLY = -0.7, -1.5, 0.5
#: A scene with more bodies left out than this for each digit is a picture of something else.
MOST_LEFT_OUT = 1.5


def is_writing(lines: Sequence[LineReading]) -> bool:
    """Whether what was read is digits, or something that falls apart into much that is like nothing."""
    digits = [part for line in lines for part in line.digits]
    if not digits:
        return False
    bodies = sum(part.atom.height >= BODY * line.height for line in lines for part in line.left_out)
    if bodies > max(1.0, MOST_LEFT_OUT * len(digits)):
        return False
    if len(digits) == 1:  # of one digit alone the card's threshold decides
        return True
    log_digits = np.array([part.log_digit for part in digits])
    return float(np.median(log_digits)) > LIKELY and float(np.mean(log_digits > UNLIKE)) >= MOSTLY


def likelihood(lines: Sequence[LineReading]) -> float:
    """How likely a reading is, to be compared with another of the same source: the mean log probability of its digits.

    Worse than any when it isn't writing.
    """
    digits = [part.log_p for line in lines for part in line.digits]
    return float(np.mean(digits)) if is_writing(lines) else -np.inf
