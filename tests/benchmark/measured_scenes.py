"""How a recognizer reads the scenes: whole answers, digits, and what it was sure of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from model import Recognizer
from tests.benchmark.scenes import SCENES
from tests.benchmark.stage import WIDE, Stage
from tests.benchmark.writing import Hands


@dataclass(frozen=True)
class SceneFigures:
    """What was read of one scene's pictures.

    Attributes:
        name: of the scene.
        pictures: how many were made.
        right: of which the whole answer was right.
        digits: that stood on them.
        wrong_digits: edits that would make the answers right.
        sure, sure_wrong: answers given as sure, and wrong ones among them.
    """

    name: str
    pictures: int
    right: int
    digits: int
    wrong_digits: int
    sure: int
    sure_wrong: int


def measure(
    recognizer: Recognizer,
    hands: Hands,
    scans: tuple[NDArray[np.uint8], NDArray[np.int64]],
    count: int,
    seed: int = 0,
    names: Sequence[str] = (),
    wide: float = WIDE,
) -> Iterator[SceneFigures]:
    """Each scene's figures on ``count`` pictures of it; every other one is made with wide ranges."""
    for name in tqdm(names or list(SCENES), desc="scenes", leave=False):
        rng = Random(f"{name} {seed}")
        right = digits = wrong = sure = sure_wrong = 0
        for index in range(count):
            source, text = SCENES[name](Stage(rng, hands, scans, wide if index % 2 else 1.0))
            reading = recognizer.read(source)
            answer = "".join(digit.label for digit in reading.digits)
            right += answer == text
            digits += len(text)
            wrong += edits(answer, text)
            sure += reading.status == "digit"
            sure_wrong += reading.status == "digit" and answer != text
        yield SceneFigures(name, count, right, digits, wrong, sure, sure_wrong)


def edits(one: str, other: str) -> int:
    """The least digits to change, add or drop to make one text the other (V. Levenshtein, 1966)."""
    costs = list(range(len(other) + 1))
    for number, character in enumerate(one, 1):
        last, costs[0] = costs[0], number
        for place, wanted in enumerate(other, 1):
            last, costs[place] = costs[place], min(costs[place] + 1, costs[place - 1] + 1, last + (character != wanted))
    return costs[-1]
