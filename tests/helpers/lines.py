"""Lines 40 pixels high, judged by hand: log probabilities as literal numbers."""

from __future__ import annotations

from model.reading.atoms import Atom
from model.reading.lattice import Lattice
from model.reading.parting import best
from model.reading.separators import Place
from tests.helpers.inks import part

SURE = -0.01


def lattice(
    *atoms: Atom, log_digits: list[float] | None = None, separators: tuple[int, ...] = (), perhaps: tuple[int, ...] = ()
) -> Lattice:
    """A line 40 pixels high, its atoms judged as digits with these log probabilities."""
    kinds = dict.fromkeys(separators, Place.SEPARATOR) | dict.fromkeys(perhaps, Place.PERHAPS)
    singles = [part(atom, log_digit) for atom, log_digit in zip(atoms, log_digits or [SURE] * len(atoms), strict=True)]
    return Lattice(singles, [kinds.get(index, Place.DIGIT) for index in range(len(atoms))], 40.0)


def judge(line: Lattice, **known: float) -> None:
    """Judge runs, named "first_last", as digits with these log probabilities; all other wanted runs as none."""
    for wanted in (line.slices, line.runs):
        for run in wanted():
            line.parts[run] = part(line.union(run), known.get(f"{run[0]}_{run[1]}", -8.0))


def digits(line: Lattice) -> list[int]:
    """The left edges of the digits."""
    return [digit.atom.box[0] for digit in best(line).digits]
