"""Digits as real pens wrote them: 7,494 recorded trajectories of 30 writers, in ``pens.npz`` beside this file.

From "Pen-Based Recognition of Handwritten Digits" (E. Alpaydin and F. Alimoglu, UCI Machine Learning Repository,
CC BY 4.0). Two labels are mended: a 5 that was labelled 6, and a 2 that was labelled 3. Points that lie within 2 of the
recording's 500 units of the line between their neighbours are left out.
``python -m tests.make_pens STROKES.json`` makes the file anew.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from model.errors import DataError

FILE = Path(__file__).parent / "pens.npz"
#: Writers from this number on are kept out of training: they validate, and the benchmark's scenes are in their hands.
FIRST_KEPT_OUT = 25

Trajectory = NDArray[np.float64]


@dataclass(frozen=True)
class PenDigit:
    """One digit as it was written.

    Attributes:
        label: 0 to 9.
        writer: 1 to 30.
        strokes: in the order they were written, each float64 (P, 2) of x to the right and y down. The digit's
            longest side measures 1, and its box begins at (0, 0).
    """

    label: int
    writer: int
    strokes: tuple[Trajectory, ...]


def load_pens(file: Path = FILE) -> tuple[list[PenDigit], list[PenDigit]]:
    """The digits of the writers to train on, and those of the writers kept out.

    Raises:
        DataError: the file is missing or damaged.
    """
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as arrays:
            labels, writers, strokes, points = (arrays[name] for name in ("labels", "writers", "strokes", "points"))
            places = np.cumsum(arrays["moves"].astype(np.int64), axis=0).astype(np.float64)
        by_stroke = np.split(places, np.cumsum(points)[:-1])
        first = np.cumsum(strokes) - strokes
        digits = [
            _digit(int(label), int(writer), by_stroke[start : start + count])
            for label, writer, start, count in zip(labels, writers, first, strokes, strict=True)
        ]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise DataError("missing-or-damaged-data", file=file) from error
    return (
        [digit for digit in digits if digit.writer < FIRST_KEPT_OUT],
        [digit for digit in digits if digit.writer >= FIRST_KEPT_OUT],
    )


def _digit(label: int, writer: int, strokes: list[Trajectory]) -> PenDigit:
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    side = max(1.0, float((high - low).max()))
    return PenDigit(label, writer, tuple((stroke - low) / side for stroke in strokes))
