"""What the template of a confusion matrix is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Confusion(NamedTuple):
    """Counts: rows are true digits, columns what was read.

    Attributes:
        rows: 10 by 10.
        worst: the most in a cell off the diagonal, at least 1; the nearer a cell is to it, the darker it is.
    """

    rows: Sequence[Sequence[int]]
    worst: int


def confusion(rows: Sequence[Sequence[int]]) -> Confusion:
    """The counts with the worst of the wrong cells."""
    wrong = [count for label, row in enumerate(rows) for read, count in enumerate(row) if read != label]
    return Confusion(rows, max(1, *wrong))
