"""Whether what was read is digits at all: a small network weighs how the source looks and how its digits stand.

It is asked where an answer is in doubt, and never of one that is sure. ``python -m tests.make_judge`` fits it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import WeightsError
from model.preprocess.looks import LOOKS
from model.reading.evidence import OF_DRAWING, OF_PICTURE
from model.reading.store import WEIGHTS

#: The folder of judges in the folder of weights: each has the name of the network whose scores it weighs.
FOLDER = "judges"

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Judge:
    """One hidden layer over numbers with names.

    Attributes:
        names: of the numbers, (N,).
        mean, deviation: (N,), by which the numbers are brought to one scale.
        usual: (N,), what the numbers are of a picture of digits in the median.
        hidden: (N, H), and their biases (H,).
        out: (H,), and its bias.
        bound: a score under which there are no digits.
    """

    names: tuple[str, ...]
    mean: Numbers
    deviation: Numbers
    usual: Numbers
    hidden: Numbers
    hidden_bias: Numbers
    out: Numbers
    out_bias: float
    bound: float

    def score(self, numbers: Numbers) -> float:
        """How much speaks for digits: above 0 more than against them."""
        values = (numbers - self.mean) / self.deviation
        return float(np.maximum(0.0, values @ self.hidden + self.hidden_bias) @ self.out + self.out_bias)

    def is_none(self, numbers: Numbers) -> bool:
        """Whether there are no digits."""
        return self.score(numbers) < self.bound

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
def load_judges(name: str, sha256: str | None, folder: Path = WEIGHTS) -> Judges | None:
    """The judges of the network of that name; ``None`` if none were fitted to weights with that checksum.

    Raises:
        WeightsError: their file is damaged.
    """
    path = folder / FOLDER / f"{name}.json"
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields["network"] != sha256:
            return None
        return Judges(_judge(fields["picture"], OF_PICTURE), _judge(fields["drawing"], OF_DRAWING))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise WeightsError("damaged-file", file=path) from error


def _judge(fields: Mapping[str, Any], names: Sequence[str]) -> Judge:
    arrays = {
        name: np.array(fields[name], np.float64)
        for name in ("mean", "deviation", "usual", "hidden", "hidden_bias", "out")
    }
    judge = Judge(tuple(fields["names"]), **arrays, out_bias=float(fields["out_bias"]), bound=float(fields["bound"]))
    count, width = len(names), len(judge.out)
    shapes = [array.shape for array in arrays.values()]
    if judge.names != tuple(names) or shapes != [*[(count,)] * 3, (count, width), (width,), (width,)]:
        raise ValueError("a judge of other numbers")
    if not (all(np.isfinite(array).all() for array in arrays.values()) and (judge.deviation > 0).all()):
        raise ValueError("a judge with numbers that aren't finite")
    return judge


def to_fields(judge: Judge) -> dict[str, Any]:
    """A judge as its file keeps it: numbers with five significant digits."""

    def rounded(value: Any) -> Any:
        return [rounded(part) for part in value] if isinstance(value, list) else float(f"{value:.5g}")

    fields: dict[str, Any] = {"names": list(judge.names)}
    for name in ("mean", "deviation", "usual", "hidden", "hidden_bias", "out"):
        fields[name] = rounded(getattr(judge, name).tolist())
    return {**fields, "out_bias": rounded(judge.out_bias), "bound": rounded(judge.bound)}
