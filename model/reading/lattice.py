"""The best reading of a line: which runs of its atoms are digits, and which atoms are none.

Each run of atoms that may be one digit is judged by the network; so is what may be left out, a sign or a smudge. Of all
ways to part a line the one with the greatest sum of log probabilities is taken. So a broken 4 comes
together, a touching 00 comes apart, a wide 0 stays whole and a comma is left out, because of what the network sees.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from model.preprocess.components import around
from model.reading.atoms import BODY, Atom, union
from model.reading.cuts import slices
from model.reading.parts import NO_RIVAL, LineReading, Part
from model.reading.separators import Place
from model.reading.ways import Run, likeliest

#: An atom that is read with this log probability is clear: it isn't cut, and not tried together with clear neighbours.
CLEAR = -0.1
#: Of the line's height: the width from which on an atom may be two digits.
WIDE = 0.5
#: The same of a pen's stroke: hardly anyone writes two digits without lifting the pen.
WIDE_STROKE = 1.3
#: Of the line's height: the greatest width of a digit.
WIDEST = 1.5
#: Of the line's height: the greatest height of a digit.
HIGHEST = 1.7
#: An atom smaller than this on one side, in pixels, is never cut.
LEAST_CUT = 6
#: Of the line's height: how far apart the parts of one digit may stand.
NEAR = 0.2
#: The same for a small part that stands beside its digit, not over it: farther off it is a dash.
NEAR_SMALL = 0.08
#: The share of the narrower of two atoms over which the other stands, from which on they are tried as one.
OVER = 0.3
#: The most strokes or pieces in one digit. Slices of a piece must all come together again, however many.
MOST_JOINED = 5
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
#: What it costs to leave out a body of a digit's size as no digit.
LEAVE_BODY = 1.5
#: Of the line's height: a body lower than this is left out more cheaply, down to ``LEAVE_SMALL`` at ``BODY``: a plus
#: is so low.
HIGH = 0.75
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


class Lattice:
    """A line's atoms, cut where they may be several digits, and what is known of runs of them."""

    def __init__(self, singles: Sequence[Part], places: Sequence[Place], height: float) -> None:
        """Cut what may be several digits.

        Args:
            singles: each atom judged alone.
            places: which of them stand between digits, or may (see ``places_of``).
            height: of the line's digits, in pixels.
        """
        self.height = height
        self.atoms: list[Atom] = []
        self.parts: dict[Run, Part] = {}
        self._separators: set[Run] = set()
        self._perhaps: set[Run] = set()  # separators, or ones
        self._cut: set[int] = set()  # the atoms that are slices, the first of a piece among them
        for part, place in zip(singles, places, strict=True):
            first = len(self.atoms)
            self.atoms += (slices(part.atom) if self._may_be_several(part) else []) or [part.atom]
            self.parts[first, len(self.atoms)] = part
            if len(self.atoms) > first + 1:
                self._cut.update(range(first, len(self.atoms)))
            if place is not Place.DIGIT:
                known = self._separators if place is Place.SEPARATOR else self._perhaps
                known.add((first, len(self.atoms)))

    def _may_be_several(self, part: Part) -> bool:
        atom = part.atom
        is_body = atom.height >= BODY * self.height and min(atom.width, atom.height) >= LEAST_CUT
        wide = WIDE_STROKE if atom.is_stroke else WIDE
        return part.log_p <= CLEAR and is_body and atom.width >= wide * self.height

    def union(self, run: Run) -> Atom:
        """The run's atoms as one."""
        return union(self.atoms[run[0] : run[1]])

    def slices(self) -> list[Run]:
        """The single atoms that aren't judged yet: what was cut."""
        return [(index, index + 1) for index in range(len(self.atoms)) if (index, index + 1) not in self.parts]

    def runs(self) -> list[Run]:
        """Runs of several atoms that may be one digit and aren't judged yet. Every single atom is judged by now."""
        runs = []
        for first in range(len(self.atoms)):
            for last in range(first + 2, len(self.atoms) + 1):
                box = around(*(atom.box for atom in self.atoms[first:last]))
                if box[2] - box[0] > WIDEST * self.height:
                    break
                if (first, last) not in self.parts and self._may_be_one(first, last, box[3] - box[1]):
                    runs.append((first, last))
        return runs

    def _may_be_one(self, first: int, last: int, height: int) -> bool:
        atoms = self.atoms[first:last]
        if height > HIGHEST * self.height or sum(not atom.is_slice for atom in atoms) > MOST_JOINED:
            return False
        if any(right.box[0] - left.box[2] > self._reach(left, right) for left, right in pairwise(atoms)):
            return False
        all_clear = all(self.parts[index, index + 1].log_p > CLEAR for index in range(first, last))
        return not all_clear or any(_stands_over(left, right) for left, right in pairwise(atoms))

    def _reach(self, left: Atom, right: Atom) -> float:
        """How far apart two atoms of one digit may stand, in pixels."""
        is_small = min(left.height, right.height) < BODY * self.height and not (left.is_slice or right.is_slice)
        return (NEAR_SMALL if is_small else NEAR) * self.height

    def best(self) -> LineReading:
        """The likeliest parting, and which of its digits another answer that is nearly as likely parts otherwise."""
        count = len(self.atoms)
        best, *others = likeliest(count, self.parts, lambda run: self.parts[run].label, self._as_digit, self._as_none)
        digits, left_out = (tuple(self.parts[run] for run in runs) for runs in (best.digits, best.left_out))
        leads: tuple[float, ...] = (NO_RIVAL,) * len(digits)
        if others:
            lead = min(NO_RIVAL, best.log_p - others[0].log_p)
            leads = tuple(NO_RIVAL if run in others[0].digits else lead for run in best.digits)
            if min(leads, default=lead) > lead:  # the other answer has more digits, where this leaves something out
                leads = (lead,) * len(digits)
        return LineReading(digits, left_out, self.height, best.log_p, leads)

    def _as_digit(self, run: Run) -> float:
        """The log probability of a run as one digit, less its cost."""
        part = self.parts[run]
        cost = CUT if self.atoms[run[0]].is_slice else EACH
        # The line's height is that of strokes, where these are known: a 4 of two is higher than both.
        width = part.atom.width / max(self.height, part.atom.height)
        is_cut = self._is_cut(run)
        cost += UNUSUAL * max(0.0, width - USUAL[part.label]) if is_cut else TOO_WIDE * max(0.0, width - BROAD)
        cost += OVERLAID if self._is_overlaid(run) else 0.0
        cost += SWALLOWS if self._swallows(run) else 0.0
        return part.log_p - cost + (IS_NONE if self._is_none(run) else LOW * (self._highness(part.atom) - 1))

    def _is_cut(self, run: Run) -> bool:
        """Whether a run begins or ends within a piece."""
        return self.atoms[run[0]].is_slice or (run[1] < len(self.atoms) and self.atoms[run[1]].is_slice)

    def _is_overlaid(self, run: Run) -> bool:
        """Whether a run isn't clear and the next stroke stands over it, not beside it."""
        if self.parts[run].log_p > CLEAR:
            return False
        following = self.atoms[run[1] : run[1] + 1]
        return any(atom.is_stroke and _stands_over(self.parts[run].atom, atom) for atom in following)

    def _swallows(self, run: Run) -> bool:
        """Whether a run holds, beside or under what it is read as, another atom that is clearly a digit alone."""
        if run[1] - run[0] == 1:
            return False
        label = self.parts[run].label
        clear = [index for index in range(*run) if self._is_clear_body(index)]
        for index in clear:
            others = [other for other in range(*run) if other != index]
            if not any(_stands_over(self.atoms[index], self.atoms[other]) for other in others):
                return True
            # A stroke through a 0 is its slash; through any other digit that stays what it was, it is a 1.
            if label != 0 and any(self.parts[other, other + 1].label == label for other in clear if other != index):
                return True
        return False

    def _is_clear_body(self, index: int) -> bool:
        """Whether an atom is clearly a digit alone: one of a digit's height, and no slice of a piece."""
        atom, part = self.atoms[index], self.parts.get((index, index + 1))
        is_body = index not in self._cut and atom.height >= BODY * self.height
        return is_body and part is not None and part.log_p > CLEAR

    def _as_none(self, run: Run) -> float:
        """The log probability of a run as no digit, less its cost."""
        part = self.parts[run]
        # A part of a piece isn't left out: it would always pay to drop what disturbs. Nor is what holds several digits.
        if self._is_cut(run) or part.atom.width > WIDEST * self.height:
            return -math.inf
        if self._is_none(run):
            return -LEAVE_CROSSING if self._crosses(run) else -LEAVE_SMALL
        if run in self._perhaps:
            return -LEAVE_PERHAPS
        cost = LEAVE_SMALL + (LEAVE_BODY - LEAVE_SMALL) * self._highness(part.atom)
        return part.log_none - cost * max(1.0, part.atom.width / (ROOM * self.height))

    def _highness(self, atom: Atom) -> float:
        """From 0 for what is as low as ``BODY`` to 1 for what is as high as a digit, beside the line's height."""
        return min(1.0, max(0.0, (atom.height / self.height - BODY) / (HIGH - BODY)))

    def _crosses(self, run: Run) -> bool:
        """Whether a run lies across the atom before or after it, as the bar of a 7 does."""
        x0, y0, x1, y1 = self.parts[run].atom.box
        beside = self.atoms[max(0, run[0] - 1) : run[0]] + self.atoms[run[1] : run[1] + 1]
        return any(
            2 * (min(x1, other.box[2]) - max(x0, other.box[0])) >= min(x1 - x0, other.width)
            and y0 < other.box[3]
            and other.box[1] < y1
            for other in beside
        )

    def _is_none(self, run: Run) -> bool:
        """Whether a run is no digit by its place and size alone."""
        return self.parts[run].atom.height < BODY * self.height or run in self._separators


def _stands_over(one: Atom, other: Atom) -> bool:
    """Whether one atom stands over the other rather than beside it."""
    shared = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    return shared > OVER * min(one.width, other.width)
