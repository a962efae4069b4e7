"""Lines whose digits are known, with all their partings: what ``tests.make_chooser`` fits the chooser on.

The hands are writers 1 to 24 and the scans MNIST's validation digits: nothing of what the benchmark measures on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

import numpy as np
from numpy.typing import NDArray

from model import Recognizer
from model.reading.atoms import Atom
from model.reading.costs import as_digit, as_none
from model.reading.lattice import Lattice
from model.reading.parting import best
from model.reading.scene import Reader, likelihood
from model.reading.stance import stances
from model.reading.ways import likeliest
from tests.benchmark.scenes import SCENES, close
from tests.benchmark.stage import WIDE, Scene, Stage
from tests.benchmark.writing import Hands

#: Rows closer together, and touching in more ways, than in the scenes of the benchmark.
CLOSE: dict[str, Scene] = {
    "touching more": partial(close, gap=(-0.2, 0.02), most=5),
    "touching, thick pen": partial(close, gap=(-0.05, 0.15), most=6, pen=(12, 22)),
    "touching, thin pen": partial(close, gap=(-0.15, 0.05), most=6, pen=(2, 5)),
    "touching, long": partial(close, gap=(-0.1, 0.1), least=5, most=10),
    "close": partial(close, gap=(0.0, 0.2), most=8),
}
#: How many times as many pictures of these are made.
MANY = {"row, touching": 8, **dict.fromkeys(CLOSE, 3), "pad, row": 2, "pad, touching": 2}


@dataclass(frozen=True)
class Partings:
    """One source's lines as one row of atoms, with all that may be read of them.

    Attributes:
        text: the digits that stand there.
        atoms: how many there are.
        runs: int (R, 2), those that were judged.
        labels: int (R,), what each looks like.
        numbers: float64 (R, F), see ``stances``.
        costs: float64 (R, 2), the log probabilities as a digit and as none, less their costs.
    """

    text: str
    atoms: int
    runs: NDArray[np.int64]
    labels: NDArray[np.int64]
    numbers: NDArray[np.float64]
    costs: NDArray[np.float64]


class _Listening(Reader):
    """A reader that keeps the lattices of what it reads."""

    heard: list[list[Lattice]]

    def lattices(self, lines: Sequence[Sequence[Atom]]) -> list[Lattice]:
        lattices = super().lattices(lines)
        self.heard.append(lattices)
        return lattices


class _Recording(Recognizer):
    """A recognizer that reads without a chooser, and keeps the lattices."""

    heard: list[list[Lattice]]

    @property
    def _reader(self) -> Reader:
        reader = _Listening(self.logits, self.card.temperature)
        reader.heard = self.heard
        return reader


def collect(
    name: str, seed: int, count: int, hands: Hands, scans: tuple[NDArray[np.uint8], NDArray[np.int64]]
) -> list[Partings]:
    """The partings of ``count`` pictures or drawings of a scene."""
    recognizer = _Recording(Recognizer.load().card)
    rng = Random(f"chooser {name} {seed}")
    scene = CLOSE.get(name) or SCENES[name]
    kept = []
    for index in range(count):
        source, text = scene(Stage(rng, hands, scans, WIDE if index % 2 else 1.0))
        recognizer.heard = []
        recognizer.read(source)
        if recognizer.heard:
            lattices = max(recognizer.heard, key=lambda lattices: likelihood([best(lattice) for lattice in lattices]))
            if lattices:
                kept.append(_partings(text, lattices))
    return kept


def _partings(text: str, lattices: Sequence[Lattice]) -> Partings:
    """Lines one after the other as one."""
    runs, labels, numbers, costs = [], [], [], []
    atoms = 0
    for lattice in lattices:
        known = sorted(lattice.parts)
        runs.append(np.array(known) + atoms)
        labels.append(np.array([lattice.parts[run].label for run in known]))
        numbers.append(stances(lattice, known))
        costs.append(np.array([(as_digit(lattice, run), as_none(lattice, run)) for run in known]))
        atoms += len(lattice.atoms)
    arrays = (np.concatenate(parts) for parts in (runs, labels, numbers, costs))
    return Partings(text, atoms, *arrays)


def answer(line: Partings, worths: NDArray[np.float64] | None = None) -> str:
    """The likeliest answer, with what is added to the costs (R, 2)."""
    scores = (line.costs if worths is None else line.costs + worths).tolist()
    place = {(first, last): number for number, (first, last) in enumerate(line.runs.tolist())}
    ways = likeliest(
        line.atoms,
        place,
        lambda run: int(line.labels[place[run]]),
        lambda run: scores[place[run]][0],
        lambda run: scores[place[run]][1],
    )
    return ways[0].answer if ways else ""
