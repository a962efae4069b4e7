"""Connected pieces of ink, found by joining the runs of each row (8-neighbourhood)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Component:
    """One connected piece of a mask.

    Attributes:
        box: (x0, y0, x1, y1), the last column and row excluded.
        area: its pixels.
        runs: int array (R, 3) of row, first column and end column of its horizontal runs.
    """

    box: Box
    area: int
    runs: NDArray[np.int64]


def gap(one: Box, other: Box) -> int:
    """The empty pixels between two boxes, along the axis where there are more; 0 when they overlap."""
    return max(one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3], 0)


def around(*boxes: Box) -> Box:
    """The smallest box that holds all of them."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def find_components(mask: NDArray[np.bool_]) -> list[Component]:
    """The 8-connected components of a mask (H, W), the largest area first."""
    runs = _runs(mask)
    parents = list(range(len(runs)))
    starts = np.searchsorted(runs[:, 0], np.arange(mask.shape[0] + 1)).tolist()
    rows = runs.tolist()
    for y in range(1, mask.shape[0]):
        _join_rows(rows, parents, starts[y - 1], starts[y], starts[y + 1])
    roots = np.array([_root(parents, index) for index in range(len(parents))], dtype=np.int64)
    components = [_component(runs[order]) for order in _groups(roots)]
    return sorted(components, key=lambda component: -component.area)


def _runs(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(R, 3): row, first column, end column of every horizontal run, row by row."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    rows, first = np.nonzero(steps == 1)
    _, end = np.nonzero(steps == -1)
    return np.stack([rows, first, end], axis=1)


def _join_rows(rows: list[list[int]], parents: list[int], above: int, here: int, end: int) -> None:
    """Unite the runs of one row (here…end) with those of the row above that they touch."""
    upper = above
    for lower in range(here, end):
        _, first, last = rows[lower]
        while upper < here and rows[upper][2] < first:
            upper += 1
        touching = upper
        while touching < here and rows[touching][1] <= last:
            parents[_root(parents, lower)] = _root(parents, touching)
            touching += 1


def _root(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


def _groups(roots: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    order = np.argsort(roots, kind="stable")
    return [part for part in np.split(order, np.flatnonzero(np.diff(roots[order])) + 1) if len(part)]


def _component(runs: NDArray[np.int64]) -> Component:
    box = (int(runs[:, 1].min()), int(runs[:, 0].min()), int(runs[:, 2].max()), int(runs[:, 0].max()) + 1)
    return Component(box, int((runs[:, 2] - runs[:, 1]).sum()), runs)


def mask_of(components: list[Component], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """The mask (H, W) that holds just these components."""
    mask = np.zeros(shape, dtype=np.bool_)
    for component in components:
        for y, first, end in component.runs.tolist():
            mask[y, first:end] = True
    return mask
