"""A network of three stages with so few weights that what it gives can be worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]

LAYERS: list[dict[str, Any]] = [
    {"kind": "convolution", "name": "first", "stride": 2, "padding": 1},
    {"kind": "relu"},
    {"kind": "maximum", "size": 2},
    {"kind": "flatten"},
    {"kind": "linear", "name": "last"},
]


def weights() -> dict[str, Values]:
    """Two filters of 3 × 3 and the ten rows of the last layer.

    Map 0 is the pixel in the middle of each patch, and a half; map 1 is the pixel on its right less that on its left.
    The maps are 14 × 14, 7 × 7 after the maximum. Logit 1 is twice the first value of map 0; logit 2 is the last value
    of map 1 less the first of map 0; each logit has a tenth of its digit for its bias.
    """
    filters = np.zeros((2, 1, 3, 3), np.float32)
    filters[0, 0, 1, 1] = filters[1, 0, 1, 2] = 1
    filters[1, 0, 1, 0] = -1
    rows = np.zeros((10, 2 * 7 * 7), np.float32)
    rows[1, 0], rows[2, -1], rows[2, 0] = 2, 1, -1
    return {
        "first.weight": filters,
        "first.bias": np.array([0.5, 0], np.float32),
        "last.weight": rows,
        "last.bias": np.arange(10, dtype=np.float32) / np.float32(10),
    }


def dots(*places: tuple[int, int], count: int = 1) -> Values:
    """So many pictures, float32 (N, 28, 28), each with ink of 1 at these rows and columns."""
    ink = np.zeros((count, 28, 28), np.float32)
    for y, x in places:
        ink[:, y, x] = 1
    return ink
