"""Medians and percentiles of a few values, in a few µs: numpy's take 15 and 40 before they look at one.

They give the same bits as numpy's do for finite values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: From so many values on numpy's own is faster than sorting all of them.
MANY = 2000


def median(values: NDArray[Any] | Sequence[float]) -> float:
    """The median of all values of an array, or of a sequence; there must be one."""
    array = np.asarray(values)
    if array.size > MANY:
        return float(np.median(array))
    ordered = np.sort(array, axis=None)
    upper = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[upper])
    return float((ordered[upper - 1] + ordered[upper]) / 2)


def percentiles(values: NDArray[np.floating], shares: Sequence[float]) -> list[float]:
    """Percentiles of all values of an array, linear between two of them.

    Args:
        shares: in percent.
    """
    if values.size > MANY:
        return [float(level) for level in np.percentile(values, shares)]
    ordered = np.sort(values, axis=None)
    found = []
    for share in shares:
        place = share / 100 * (len(ordered) - 1)
        below = int(place)
        low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
        step, part = float(high - low), place - below
        # As numpy does: from the nearer of the two.
        found.append(float(low) + step * part if part < 0.5 else float(high) - step * (1 - part))
    return found
