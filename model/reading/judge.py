"""Whether what was read is digits at all, and whether all of it is right: small networks weigh how the source looks
and how its digits stand.

A sure answer isn't turned away; where a picture would be, if its answer were in doubt, it is. ``python -m
tests.make_judge`` fits both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from model.preprocess.looks import LOOKS
from model.reading.evidence import OF_DRAWING, OF_PICTURE
from model.reading.store import WEIGHTS
from model.reading.weighing import Numbers, Weighing, load_fitted, rounded

#: The folder of judges in the folder of weights: each has the name of the network whose scores it weighs.
FOLDER = "judges"

#: An answer in doubt is sure if it is right with these log odds: all but one in 250 are.
SURE = 5.5
#: An answer that seems sure is in doubt if it is right with lower log odds than these, one in four or fewer, …
DOUBTFUL = -1.0
#: … unless it is a picture's and each of its digits has a digit score of at least this. Without that, 9 instead of 3 of
#: 466 uploaded digits were in doubt, a photo of chalk among them, and 63 instead of 51 of 100 pictures of what is none.
PLAIN = 6.0
#: … and whatever is weighed, none in doubt is sure with a lower number of these: a digit whose label is right nine
#: times of ten, an answer that isn't the likeliest by costs alone. With 1.5 instead of 2.2, of 7,069 answers in unseen
#: hands 9 instead of 5 were sure and wrong, and 278 instead of 312 right ones in doubt.
#: Nor where a body is left out, which may be a digit: of 431 right answers in doubt one fewer becomes sure for that.
AT_LEAST = {"least log odds of the labels": 2.2, "lead over the next answer": 0.0}


@dataclass(frozen=True)
class Judge:
    """What weighs the numbers of a source and its answer.

    Attributes:
        weighing: of the numbers, to one score.
        usual: (N,), what the numbers are of a picture of digits in the median.
        bound: a score under which there are no digits.
        right: of the same numbers, to the log odds that all of the answer is right.
    """

    weighing: Weighing
    usual: Numbers
    bound: float
    right: Weighing

    def score(self, numbers: Numbers) -> float:
        """How much speaks for digits: above 0 more than against them."""
        return float(self.weighing(numbers)[0])

    def is_none(self, numbers: Numbers) -> bool:
        """Whether there are no digits."""
        return self.score(numbers) < self.bound

    def is_sure(self, numbers: Numbers, *, seems_sure: bool) -> bool:
        """Whether an answer is sure, that seems so or doesn't by its digits' probabilities and leads.

        A picture's answer isn't that would be turned away if it were in doubt: of 12,848 right ones three are in doubt
        for that, of 463 uploads three, and of 117 pictures of what is none 43. A drawing's may be: 34 of 4,001 right
        ones, numbers of one digit, would be in doubt.
        """
        odds = float(self.right(numbers)[0])
        named = dict(zip(self.right.names, numbers.tolist(), strict=True))
        if seems_sure:
            if self.right.names != OF_PICTURE:
                return odds >= DOUBTFUL
            is_plain = named["least digit score"] >= PLAIN
            return (odds >= DOUBTFUL or is_plain) and not self.is_none(numbers)
        is_whole = named["bodies left out for each digit"] == 0
        return odds >= SURE and is_whole and all(named[name] >= least for name, least in AT_LEAST.items())

    def is_no_paper(self, seen: Numbers) -> bool:
        """Whether a picture would hold no digits by its looks alone, whatever was read in it.

        Args:
            seen: what ``looks`` gives of it.
        """
        numbers = self.usual.copy()
        numbers[-len(LOOKS) :] = seen
        return self.is_none(numbers)


@dataclass(frozen=True)
class Judges:
    """The judge of pictures and the judge of drawings."""

    picture: Judge
    drawing: Judge


@lru_cache
def load_judges(name: str, sha256: str, folder: Path = WEIGHTS) -> Judges | None:
    """The judges of the network of that name; ``None`` if none were fitted to weights with that checksum.

    Raises:
        WeightsError: their file is damaged.
    """
    return load_fitted(folder / FOLDER / f"{name}.json", sha256, _judges)


def _judges(fields: Mapping[str, Any]) -> Judges:
    return Judges(_judge(fields["picture"], OF_PICTURE), _judge(fields["drawing"], OF_DRAWING))


def _judge(fields: Mapping[str, Any], names: Sequence[str]) -> Judge:
    usual = np.array(fields["usual"], np.float64)
    if usual.shape != (len(names),) or not np.isfinite(usual).all():
        raise ValueError("a judge of other numbers")
    right = Weighing.of_fields(fields["right"], names, 1)
    return Judge(Weighing.of_fields(fields, names, 1), usual, float(fields["bound"]), right)


def to_fields(judge: Judge) -> dict[str, Any]:
    """A judge as its file keeps it."""
    known = {"usual": rounded(judge.usual.tolist()), "bound": rounded(judge.bound)}
    return {**judge.weighing.to_fields(), **known, "right": judge.right.to_fields()}
