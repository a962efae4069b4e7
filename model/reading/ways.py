"""The likeliest ways to part a line, and how much likelier the best is than the best with another answer.

Dynamic programming from the left, which keeps at each place the best way of each of the two likeliest answers. What
only the second answer parts otherwise is in doubt, however sure the network is of every digit alone: a 13 that is
read as 13 or, with nearly as much right, as 73.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

#: How many answers are kept at each place.
ANSWERS = 2

#: Atoms from a first one up to, and without, a last.
Run = tuple[int, int]


@dataclass(frozen=True)
class Way:
    """Runs of a line's atoms from the left, each taken as a digit or left out.

    Attributes:
        log_p: the sum of their log probabilities, less what they cost.
        answer: the labels of the digits.
        digits: the runs that are digits.
        left_out: the runs that are none.
    """

    log_p: float = 0.0
    answer: str = ""
    digits: tuple[Run, ...] = ()
    left_out: tuple[Run, ...] = ()


def likeliest(
    count: int,
    runs: Iterable[Run],
    label: Callable[[Run], int],
    as_digit: Callable[[Run], float],
    as_none: Callable[[Run], float],
) -> list[Way]:
    """The best way through ``count`` atoms, and the best with another answer if there is one.

    Args:
        runs: those that were judged; every atom must be in a run of its own or be covered by others.
        label: the digit that a run looks like.
        as_digit: the log probability of a run as a digit, less its cost.
        as_none: the same as no digit; −∞ where a run may not be left out.
    """
    by_end: dict[int, list[Run]] = {}
    for run in runs:
        by_end.setdefault(run[1], []).append(run)
    ways: list[list[Way]] = [[Way()], *([] for _ in range(count))]
    for end in range(1, count + 1):
        best: dict[str, Way] = {}
        for run in by_end.get(end, []):
            digit, none, name = as_digit(run), as_none(run), str(label(run))
            for before in ways[run[0]]:
                _keep(best, before.log_p + digit, before.answer + name, (*before.digits, run), before.left_out)
                _keep(best, before.log_p + none, before.answer, before.digits, (*before.left_out, run))
        ways[end] = sorted(best.values(), key=lambda way: -way.log_p)[:ANSWERS]
    return ways[count]


def _keep(best: dict[str, Way], log_p: float, answer: str, digits: tuple[Run, ...], left_out: tuple[Run, ...]) -> None:
    """Keep a way if it is possible and better than the best known with its answer."""
    known = best.get(answer)
    if log_p > (-math.inf if known is None else known.log_p):
        best[answer] = Way(log_p, answer, digits, left_out)
