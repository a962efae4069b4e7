"""Words beside numbers, as in “Room 12” or “40 kg”: groups of a line, some plainly numbers and some not.

The network knows no letters, and parts some of them into what looks like digits. A word is told as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from model.reading import bars
from model.reading.atoms import BODY
from model.reading.parts import LineReading, Part
from model.reading.scores import digit_score

#: Of the line's height: the gap from which on two parts stand in different groups.
GAP = 0.45
#: A group is plainly a number if the judge gives it at least this score, and each of its digits has this digit score.
NUMBER, NUMBER_DIGIT = 0.5, 4.0
#: A group is a word if its bars are no hand's ones, or a digit of it has less than this digit score, as 5 in 10,000 of
#: MNIST's have; …
UNLIKE = -1.5
#: … or if something in it is no digit that is higher than this share of the line, or as many things as there are
#: digits are higher than the second: a plus is lower.
LETTER, SMALL_LETTER = 0.75, 0.6
#: More groups than this are a page, or a plot: of MNIST sheets 4 of 25 lost a digit.
MOST_GROUPS = 6


def without_words(lines: Sequence[LineReading], score_of: Callable[[LineReading], float]) -> list[LineReading] | None:
    """The lines without the words that stand beside numbers; ``None`` if none does.

    Args:
        lines: as they are read.
        score_of: how much speaks for digits in a group.

    Returns:
        Groups of digits as lines of their own.
    """
    by_line = [groups_of(line) for line in lines]
    if not 1 < sum(map(len, by_line)) <= MOST_GROUPS:
        return None
    kept: list[LineReading] = []
    count = 0
    for groups in by_line:
        scores = [score_of(group) if group.digits else -np.inf for group in groups]
        scored = list(zip(groups, scores, strict=True))
        is_beside_a_number = any(_is_number(group, score) for group, score in scored)
        words = [group for group, score in scored if is_beside_a_number and _is_word(group, score)]
        count += len(words)
        kept += [group for group in groups if group.digits and not any(group is word for word in words)]
    return kept if count else None


def groups_of(line: LineReading) -> list[LineReading]:
    """A line's parts as they stand together, from left to right, with wider gaps between groups."""
    leads = dict(zip(map(id, line.digits), line.leads, strict=True))
    odd = dict(zip(map(id, line.digits), line.each_odd, strict=True))
    groups: list[list[Part]] = []
    right = -np.inf
    for part in sorted((*line.digits, *line.left_out), key=lambda part: part.atom.box[0]):
        if part.atom.box[0] - right >= GAP * line.height:
            groups.append([])
        groups[-1].append(part)
        right = max(right, part.atom.box[2])
    return [_group(line, group, leads, odd) for group in groups]


def _group(line: LineReading, parts: Sequence[Part], leads: dict[int, float], odd: dict[int, bool]) -> LineReading:
    digits = tuple(part for part in parts if id(part) in leads)
    return replace(
        line,
        digits=digits,
        left_out=tuple(part for part in parts if id(part) not in leads),
        leads=tuple(leads[id(part)] for part in digits),
        odd=tuple(odd[id(part)] for part in digits),
    )


def _is_number(group: LineReading, score: float) -> bool:
    if not group.digits or score < NUMBER or _left_out(group, BODY):
        return False
    return _least_score(group) >= NUMBER_DIGIT


def _is_word(group: LineReading, score: float) -> bool:
    bodies = _left_out(group, BODY)
    if not group.digits:
        return bodies > 0
    has_letters = _left_out(group, LETTER) > 0 or _left_out(group, SMALL_LETTER) >= len(group.digits)
    if has_letters or _least_score(group) < UNLIKE or any(bars.odd(group.digits)):
        return True
    return bodies > 0 and score < 0


def _left_out(group: LineReading, least: float) -> int:
    """How many parts of a group are no digits and at least so high as a share of the line."""
    return sum(part.atom.height >= least * group.height for part in group.left_out)


def _least_score(group: LineReading) -> float:
    return float(digit_score(np.stack([part.logits for part in group.digits])).min())
