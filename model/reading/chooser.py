"""What the parting of a line rests on beside the network: a small layer that has learned how digits stand in lines.

The network sees each run of atoms alone: half of a 4 is a clear 1 to it, and two touching ones are a 4. How wide a run
is for its label, how much ink its cuts go through and what stands beside it tell them apart. ``python -m
tests.make_chooser`` fits the layer, to lines whose digits are known (a conditional random field over partings, after
S. Sarawagi & W. Cohen, "Semi-Markov Conditional Random Fields for Information Extraction", 2004).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from model.reading.lattice import Lattice
from model.reading.stance import FEATURES, stances
from model.reading.store import WEIGHTS
from model.reading.ways import Run
from model.reading.weighing import Weighing, load_fitted

#: The folder of choosers in the folder of weights: each has the name of the network to whose scores it was fitted.
FOLDER = "choosers"
#: A run has two costs: as a digit, and as none.
OUTCOMES = 2


class Chooser:
    """Says what a run of atoms is worth as a digit or as none, beyond what the network and ``costs`` say of it."""

    def __init__(self, weighing: Weighing) -> None:
        self.weighing = weighing

    def worths(self, lattice: Lattice) -> dict[Run, tuple[float, float]]:
        """Of each judged run, what is added to its log probability as a digit, and as none."""
        runs = list(lattice.parts)
        rows = self.weighing(stances(lattice, runs)).tolist()
        return {run: (as_digit, as_none) for run, (as_digit, as_none) in zip(runs, rows, strict=True)}


@lru_cache
def load_chooser(name: str, sha256: str, folder: Path = WEIGHTS) -> Chooser | None:
    """The chooser of the network of that name; ``None`` if none was fitted to weights with that checksum.

    Raises:
        WeightsError: its file is damaged.
    """
    return load_fitted(folder / FOLDER / f"{name}.json", sha256, _chooser)


def _chooser(fields: Mapping[str, Any]) -> Chooser:
    return Chooser(Weighing.of_fields(fields["weighing"], FEATURES, OUTCOMES))
