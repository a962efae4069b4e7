"""The best reading of all atoms: lines of digits, one digit, too many of them, or none at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice, pairwise

import numpy as np

from model.preprocess.components import around
from model.preprocess.normalise import normalise
from model.preprocess.picture import Pixels
from model.reading import stacked
from model.reading.atoms import BODY, Atom, body_height, lines_of, union
from model.reading.chooser import Chooser
from model.reading.costs import EACH
from model.reading.lattice import CLEAR, Lattice
from model.reading.parting import best
from model.reading.parts import NO_RIVAL, LineReading, Part
from model.reading.scores import Logits, log_probabilities
from model.reading.separators import NOT_A_BAR, places_of, without_brackets

#: The most atoms that are read: 600 digits, and what stands between them. More would take longer than a person waits.
MOST_ATOMS = 800
#: Of more atoms so many are looked at, to tell a larger sheet from a texture.
SAMPLE = 60
#: The log probability that the median of these exceeds on a sheet: of noise some blobs look like some digit.
LIKE_A_SHEET = -0.3
#: The most runs of several atoms that are judged in a scene: a sheet of touching digits needs two for each.
MOST_RUNS = 1600
#: The most atoms that are tried as one digit, whatever lines they seem to stand on.
MOST_BROKEN = 8
#: Two lines are so far apart, as a share of the lower one's height: the rings of an 8 are nearer.
APART = 0.1
#: The widest that all atoms together may be as one digit, for their height.
WIDEST_WHOLE = 2.2
#: What the stroke inside a 0 is read as.
BAR = 1
#: A line lower than this share of the highest clear digit is left out; a mere bar is no measure: a page's edge is one.
LOWEST_LINE = 0.15
#: A scene is writing if the median of its digits' log probabilities of being digits exceeds this.
LIKELY = -0.7
#: A scene with more bodies left out than this for each digit is a picture of something else.
MOST_LEFT_OUT = 1.5

#: Logits (N, 10 or 11) of images, uint8 (N, 28, 28).
LogitsOf = Callable[[Pixels], Logits]


class Reader:
    """Reads atoms by a network.

    Args:
        logits_of: asks the network.
        temperature: what its logits are divided by before softmax.
        chooser: what has learned how digits stand in lines, if anything has.
    """

    def __init__(self, logits_of: LogitsOf, temperature: float, chooser: Chooser | None = None) -> None:
        self._logits_of = logits_of
        self._chooser = chooser
        self._temperature = temperature

    def judged(self, atoms: Sequence[Atom]) -> list[Part]:
        """Each atom as the network sees it."""
        if not atoms:
            return []
        images = np.stack([normalise(atom.ink)[1] for atom in atoms])
        logits = self._logits_of(images)
        log_ps = log_probabilities(logits, self._temperature).tolist()
        return [Part(*known, *log_p) for *known, log_p in zip(atoms, images, logits, log_ps, strict=True)]

    def read(self, atoms: Sequence[Atom], ringed: Atom | None = None) -> list[LineReading]:
        """The best reading of at most ``MOST_ATOMS`` atoms, line by line; or all of them as one digit, where that is
        likelier: a broken digit may seem to stand on two lines, and a ring round them may be a 0.

        Args:
            atoms: of the scene, without what isn't writing.
            ringed: all of them with the ring that goes round them, if one does.
        """
        by_line = [without_brackets(line) for line in lines_of(self._with_eights(atoms))]
        atoms = [atom for line in by_line for atom in line]
        lines = _without_remains(self._read_lines(by_line))
        whole = ringed if ringed is not None and _is_bar(lines) else _whole(atoms, lines)
        if whole is None:
            return lines
        (part,) = self.judged([whole])
        lead = part.log_p - EACH - log_p_of(lines)
        if lead < 0:
            return [_led(line, -lead) for line in lines]
        lead = min(NO_RIVAL, lead)
        return [LineReading((part,), (), whole.height, part.log_p - EACH, (lead,), lead)]

    def _with_eights(self, atoms: Sequence[Atom]) -> Sequence[Atom]:
        """The atoms, two rings as one where they are an 8 together."""
        pairs = stacked.pairs_of(atoms)
        if not pairs:
            return atoms
        wholes = self.judged([union([atoms[one], atoms[other]]) for one, other in pairs])
        # The rings are asked of only where both are an 8: most that stand so are none.
        pairs = [
            pair
            for pair, whole in zip(pairs, wholes, strict=True)
            if whole.label == stacked.RINGS and whole.log_p > CLEAR
        ]
        rings = self.judged([atoms[place] for pair in pairs for place in pair])
        are_rings = [
            upper.label == lower.label == stacked.RING for upper, lower in zip(rings[::2], rings[1::2], strict=True)
        ]
        return stacked.joined(atoms, [pair for pair, are in zip(pairs, are_rings, strict=True) if are])

    def _read_lines(self, lines: Sequence[Sequence[Atom]]) -> list[LineReading]:
        return [best(lattice, self._chooser) for lattice in self.lattices(lines)]

    def lattices(self, lines: Sequence[Sequence[Atom]]) -> list[Lattice]:
        """Each line with the runs of its atoms judged: what the network is asked of one it is asked of all at once."""
        singles = iter(self.judged([atom for line in lines for atom in line]))
        lattices = [
            Lattice(list(islice(singles, len(line))), places_of(line), body_height([atom.height for atom in line]))
            for line in lines
        ]
        for wanted in (Lattice.slices, Lattice.runs):
            asked = [(lattice, run) for lattice in lattices for run in wanted(lattice)]
            if wanted is Lattice.runs:
                asked = asked[:MOST_RUNS]
            parts = self.judged([lattice.union(run) for lattice, run in asked])
            for (lattice, run), part in zip(asked, parts, strict=True):
                lattice.parts[run] = part
        return lattices

    def is_sheet(self, atoms: Sequence[Atom]) -> bool:
        """Whether more atoms than are read look like a sheet of digits, and not like a texture."""
        bodies = sorted(atoms, key=lambda atom: -atom.height)[: len(atoms) // 2]
        sample = self.judged(bodies[:: max(1, len(bodies) // SAMPLE)])
        return float(np.median([part.log_p for part in sample])) > LIKE_A_SHEET


def _led(line: LineReading, lead: float) -> LineReading:
    """A line that leads another answer by no more than this."""
    leads = tuple(min(other, lead) for other in line.leads)
    return replace(line, leads=leads, plain_lead=min(line.plain_lead, lead))


def _without_remains(lines: Sequence[LineReading]) -> list[LineReading]:
    """Lines without those far lower than a clear digit: remains of the paper's lines look like ones and sevens."""
    heights = [part.atom.height for line in lines for part in line.digits if _is_clear_digit(part)]
    least = LOWEST_LINE * max(heights, default=0)
    return [line for line in lines if line.height >= least]


def _is_clear_digit(part: Part) -> bool:
    return part.log_p > CLEAR and part.atom.width >= NOT_A_BAR * part.atom.height


def _is_bar(lines: Sequence[LineReading]) -> bool:
    """Whether all that is read is a 1, or nothing: in a ring it may be the stroke inside a 0."""
    return [digit.label for line in lines for digit in line.digits] in ([], [BAR])


def _whole(atoms: Sequence[Atom], lines: Sequence[LineReading]) -> Atom | None:
    """All atoms as one, if they may be a broken digit."""
    if not 1 < len(atoms) <= MOST_BROKEN or _are_clear_apart(lines):
        return None
    whole = union(atoms)
    return whole if whole.width <= WIDEST_WHOLE * whole.height else None


def _are_clear_apart(lines: Sequence[LineReading]) -> bool:
    """Whether all is read as clear digits, those of different lines with room between them: no broken digit."""
    if not all(line.digits and all(digit.log_p > CLEAR for digit in line.digits) for line in lines):
        return False
    boxes = [around(*(digit.atom.box for digit in line.digits)) for line in lines]
    return all(below[1] - above[3] >= APART * min(line.height for line in lines) for above, below in pairwise(boxes))


def log_p_of(lines: Sequence[LineReading]) -> float:
    """The log probability of a reading."""
    return sum(line.log_p for line in lines)


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
    return float(np.median([part.log_digit for part in digits])) > LIKELY


def likelihood(lines: Sequence[LineReading]) -> float:
    """How likely a reading is, to be compared with another of the same source: the mean log probability of its digits.

    Worse than any when it isn't writing.
    """
    digits = [part.log_p for line in lines for part in line.digits]
    return float(np.mean(digits)) if is_writing(lines) else -np.inf
