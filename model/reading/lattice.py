"""A line as a lattice: its atoms, cut where they may be several digits, and the runs of them that may be one.

Each run that may be one digit is judged by the network; so is what may be left out, a sign or a smudge.
``model.reading.parting`` takes the likeliest way through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from model.preprocess.components import around
from model.reading.atoms import BODY, Atom, union
from model.reading.cuts import slices
from model.reading.parts import Part
from model.reading.separators import Place
from model.reading.ways import Run

#: An atom that is read with this log probability is clear: it isn't cut, and not tried together with clear neighbours.
CLEAR = -0.1
#: An atom whose log probability of being a digit is no more than this is none.
NO_DIGIT = -3.0
#: A stroke lies across another, or in it, if the narrower of both shares so much of its width, …
SHARED_WIDTH = 0.9
#: … and the lower one so much of its height, …
SHARED_HEIGHT = 0.5
#: … and its middle is no farther beside the other's than this, of the wider one's width: at its side it touches.
CENTRAL = 0.25
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
#: Of the line's height: a body lower than this is left out more cheaply, down to ``LEAVE_SMALL`` at ``BODY``: a plus
#: is so low.
HIGH = 0.75
#: Of the line's height: what is lower than this and as clear as a digit may be one, but is left out; …
SMALL = 0.4
#: … and what is lower still is none.
SMALLEST = 0.3
#: Of the line's height: what is small and narrower is a comma or a dot, to the network a 1.
NARROW = 0.25
#: A slash alone in its line that is no higher than this may be a tall 1.
HIGH_SLASH = 1.15


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
        self.separators: set[Run] = set()
        self.perhaps: set[Run] = set()  # separators, or ones
        self._cut: set[int] = set()  # the atoms that are slices, the first of a piece among them
        for part, place in zip(singles, places, strict=True):
            first = len(self.atoms)
            self.atoms += (slices(part.atom) if self._may_be_several(part) else []) or [part.atom]
            self.parts[first, len(self.atoms)] = part
            if len(self.atoms) > first + 1:
                self._cut.update(range(first, len(self.atoms)))
            if place is not Place.DIGIT:
                known = self.separators if place is Place.SEPARATOR else self.perhaps
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

    def is_cut(self, run: Run) -> bool:
        """Whether a run begins or ends within a piece."""
        return self.atoms[run[0]].is_slice or (run[1] < len(self.atoms) and self.atoms[run[1]].is_slice)

    def is_overlaid(self, run: Run) -> bool:
        """Whether a run isn't clear and the next stroke stands over it, not beside it."""
        if self.parts[run].log_p > CLEAR:
            return False
        following = self.atoms[run[1] : run[1] + 1]
        return any(atom.is_stroke and _stands_over(self.parts[run].atom, atom) for atom in following)

    def goes_across(self, run: Run) -> bool:
        """Whether the next stroke of a pen lies across a run or in it, as the bar of a 4 and the slash of a 0 do."""
        following = self.atoms[run[1] : run[1] + 1]
        return any(atom.is_stroke and _lies_across(self.parts[run].atom, atom) for atom in following)

    def swallows(self, run: Run) -> bool:
        """Whether a run holds, beside or under what it is read as, another atom that is clearly a digit alone."""
        if run[1] - run[0] == 1:
            return False
        label = self.parts[run].label
        clear = [index for index in range(*run) if self._is_clear_body(index)]
        for index in clear:
            others = [other for other in range(*run) if other != index]
            stands_beside = not any(_stands_over(self.atoms[index], self.atoms[other]) for other in others)
            if stands_beside and not self._is_made_up(run, index, others):
                return True
            # A stroke through a 0 is its slash; through any other digit that stays what it was, it is a 1.
            if label != 0 and any(self.parts[other, other + 1].label == label for other in clear if other != index):
                return True
        return False

    def _is_made_up(self, run: Run, index: int, others: Sequence[int]) -> bool:
        """Whether a run is clear as another digit than its atom at ``index``, beside which alone nothing is a digit.

        So the hook and the stem of an open 4 are one digit, though the stem alone is a 1.
        """
        whole = self.parts[run]
        if whole.log_p <= CLEAR or whole.label == self.parts[index, index + 1].label:
            return False
        parts = [self.parts.get((other, other + 1)) for other in others]
        return all(part is not None and part.log_digit <= NO_DIGIT and part.label != whole.label for part in parts)

    def _is_clear_body(self, index: int) -> bool:
        """Whether an atom is clearly a digit alone: one of a digit's height, and no slice of a piece."""
        atom, part = self.atoms[index], self.parts.get((index, index + 1))
        is_body = index not in self._cut and atom.height >= BODY * self.height
        return is_body and part is not None and part.log_p > CLEAR

    def highness(self, atom: Atom) -> float:
        """From 0 for what is as low as ``BODY`` to 1 for what is as high as a digit, beside the line's height."""
        return min(1.0, max(0.0, (atom.height / self.height - BODY) / (HIGH - BODY)))

    def crosses(self, run: Run) -> bool:
        """Whether a run lies across the atom before or after it, as the bar of a 7 does."""
        x0, y0, x1, y1 = self.parts[run].atom.box
        beside = self.atoms[max(0, run[0] - 1) : run[0]] + self.atoms[run[1] : run[1] + 1]
        return any(
            2 * (min(x1, other.box[2]) - max(x0, other.box[0])) >= min(x1 - x0, other.width)
            and y0 < other.box[3]
            and other.box[1] < y1
            for other in beside
        )

    def is_none(self, run: Run) -> bool:
        """Whether a run is no digit by its place and size alone."""
        return (self._is_low(run) and not self.is_small_digit(run)) or run in self.separators

    def _is_low(self, run: Run) -> bool:
        return self.parts[run].atom.height < BODY * self.height

    def is_small_digit(self, run: Run) -> bool:
        """Whether a run is lower than digits beside it are, and yet may be one: a small 0, or a flat 2."""
        return self._is_low(run) and self.parts[run].atom.height >= SMALL * self.height and self._is_like_a_digit(run)

    def may_be_lost(self, run: Run) -> bool:
        """Whether a run that is left out may be a digit: something small, or the line's only slash, hardly higher."""
        if run in self.separators:
            height = self.parts[run].atom.height
            return len(self.separators) == 1 and height < HIGH_SLASH * self.height and self.parts[run].log_p > CLEAR
        return self.parts[run].atom.height >= SMALLEST * self.height and self._is_like_a_digit(run)

    def _is_like_a_digit(self, run: Run) -> bool:
        """Whether a run is clearly a digit to the network, and neither a comma nor a percent sign's ring."""
        part = self.parts[run]
        return part.log_p > CLEAR and part.atom.width >= NARROW * self.height and not self.separators


def _stands_over(one: Atom, other: Atom) -> bool:
    """Whether one atom stands over the other rather than beside it."""
    shared = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    return shared > OVER * min(one.width, other.width)


def _lies_across(one: Atom, other: Atom) -> bool:
    """Whether two atoms share a place: all of the narrower one's width, half of the lower one's height, the middle."""
    width = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    height = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    if width < SHARED_WIDTH * min(one.width, other.width) or height < SHARED_HEIGHT * min(one.height, other.height):
        return False
    return abs(one.middle[0] - other.middle[0]) <= CENTRAL * max(one.width, other.width)
