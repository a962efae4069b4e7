"""One hidden layer over numbers with names, kept as JSON and fitted to one network's weights."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.errors import WeightsError

Numbers = NDArray[np.float64]
Fitted = TypeVar("Fitted")


@dataclass(frozen=True)
class Weighing:
    """What some numbers weigh together.

    Attributes:
        names: of the numbers, (N,).
        mean, deviation: (N,), by which the numbers are brought to one scale.
        hidden: (N, H), and their biases (H,).
        out: (H, K), and their biases (K,).
    """

    names: tuple[str, ...]
    mean: Numbers
    deviation: Numbers
    hidden: Numbers
    hidden_bias: Numbers
    out: Numbers
    out_bias: Numbers

    def __call__(self, numbers: Numbers) -> Numbers:
        """The weights (…, K) of numbers (…, N)."""
        values = (numbers - self.mean) / self.deviation
        return np.asarray(np.maximum(0.0, values @ self.hidden + self.hidden_bias) @ self.out + self.out_bias)

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any], names: Sequence[str], count: int) -> Weighing:
        """What ``to_fields`` gave.

        Args:
            names: those it must have.
            count: how many weights it gives.

        Raises:
            ValueError: it is one of other numbers, or they aren't finite; or a KeyError or TypeError.
        """
        arrays = {name: np.array(fields[name], np.float64) for name in ("mean", "deviation", "hidden", "hidden_bias")}
        width = arrays["hidden_bias"].size
        arrays["out"] = np.array(fields["out"], np.float64).reshape(width, count)
        arrays["out_bias"] = np.array(fields["out_bias"], np.float64).reshape(count)
        shapes = [arrays[name].shape for name in ("mean", "deviation", "hidden", "hidden_bias")]
        if tuple(fields["names"]) != tuple(names) or shapes != [*[(len(names),)] * 2, (len(names), width), (width,)]:
            raise ValueError("weights of other numbers")
        if not (all(np.isfinite(array).all() for array in arrays.values()) and (arrays["deviation"] > 0).all()):
            raise ValueError("weights that aren't finite")
        return cls(tuple(names), **arrays)

    def to_fields(self) -> dict[str, Any]:
        """For a file, with five significant digits."""
        arrays = ("mean", "deviation", "hidden", "hidden_bias", "out", "out_bias")
        return {"names": list(self.names), **{name: rounded(getattr(self, name).tolist()) for name in arrays}}


def rounded(value: Any) -> Any:
    """Numbers, or lists of them, with five significant digits."""
    return [rounded(part) for part in value] if isinstance(value, list) else float(f"{value:.5g}")


def load_fitted(path: Path, sha256: str, made_of: Callable[[Mapping[str, Any]], Fitted]) -> Fitted | None:
    """What is made of the fields of a file, if it was fitted to weights with that checksum; ``None`` if there is none.

    Args:
        made_of: raises a ValueError, TypeError or KeyError for fields of another kind.

    Raises:
        WeightsError: the file is damaged.
    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return made_of(fields) if fields["network"] == sha256 else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise WeightsError("damaged-file", file=path) from error
