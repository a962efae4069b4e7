"""The sum behind one value of a network: which inputs, times which weights, add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.preprocess.picture import SIZE
from model.reading.activations import Stage, Trace
from model.reading.forward import Values

#: Rows and columns of the drawing, from the first to the one behind the last: left, top, right, bottom.
Field = tuple[int, int, int, int]


@dataclass(frozen=True)
class Sum:
    """One value, and what it is made of.

    Attributes:
        inputs: what the value looks at, (input maps, height, width).
        weights: what each input is multiplied by, of the same shape; ``None`` for a maximum or a scaling.
        bias: what is added whatever the input.
        total: the sum, before it is bent; of a maximum the largest input.
        value: what the stage gives.
        field: the part of the drawing that it depends on.
    """

    inputs: Values
    weights: Values | None
    bias: float
    total: float
    value: float
    field: Field

    @property
    def products(self) -> NDArray[np.float64]:
        """Inputs times weights, (input maps, height, width); they and the bias add up to the total."""
        weights = 0.0 if self.weights is None else self.weights.astype(np.float64)
        return np.asarray(self.inputs.astype(np.float64) * weights)


def sum_behind(stages: Sequence[Stage], traces: Sequence[Trace], place: int, unit: int, y: int, x: int) -> Sum:
    """The sum behind a value of the first digit.

    Args:
        place: of the stage.
        unit: the map, or the unit of a linear layer.
        y: row in the map; any for a linear layer.
        x: column in the map.

    Raises:
        IndexError: there is no such value.
    """
    stage, trace = stages[place], traces[place]
    if min(place, unit, y, x) < 0:
        raise IndexError("a place below zero")
    inputs = trace.inputs[0]
    spot = (unit,) if stage.kind == "linear" else (y, x, unit)
    total, value = float(trace.sums[0][spot]), float(trace.values[0][spot])
    bias = float(stage.bias[unit]) if stage.bias is not None else 0.0
    field = field_of(stages, place, y, x)
    if stage.kind == "linear" and stage.weight is not None:
        maps = inputs.transpose(2, 0, 1) if inputs.ndim == 3 else inputs[:, None, None]
        return Sum(maps, stage.weight[unit].reshape(maps.shape), bias, total, value, field)
    if stage.kind == "convolution" and stage.weight is not None:
        size, stride, padding = _geometry(stage)
        padded = np.pad(inputs, ((padding, padding), (padding, padding), (0, 0)))
        patch = padded[y * stride : y * stride + size, x * stride : x * stride + size].transpose(2, 0, 1)
        return Sum(patch, stage.weight[unit], bias, total, value, field)
    size, stride, _ = _geometry(stage)
    patch = inputs[y * stride : y * stride + size, x * stride : x * stride + size, unit]
    return Sum(patch[None], None, bias, total, value, field)


def field_of(stages: Sequence[Stage], place: int, y: int, x: int) -> Field:
    """The part of the drawing that a value depends on: all of it, once a layer has flattened it."""
    if any(stage.kind == "linear" for stage in stages[: place + 1]):
        return 0, 0, SIZE, SIZE
    left, top, right, bottom = _reach(stages, place, y, x)
    return max(0, left), max(0, top), min(SIZE, right), min(SIZE, bottom)


def grid_of(stages: Sequence[Stage], place: int) -> tuple[float, float]:
    """Where a stage's maps lie on the drawing: the middle of what their first value sees, and the step to the next."""
    first, second = (_reach(stages, place, 0, x) for x in (0, 1))
    return (first[0] + first[2]) / 2, float(second[0] - first[0])


def _reach(stages: Sequence[Stage], place: int, y: int, x: int) -> Field:
    """What a value sees, over the drawing's edges where there is a margin."""
    left, top, right, bottom = x, y, x + 1, y + 1
    for stage in reversed(stages[: place + 1]):
        size, stride, padding = _geometry(stage)
        left, top = left * stride - padding, top * stride - padding
        right, bottom = (right - 1) * stride - padding + size, (bottom - 1) * stride - padding + size
    return left, top, right, bottom


def _geometry(stage: Stage) -> tuple[int, int, int]:
    """Size of the square that a value looks at, the step to the next, and the margin of zeros."""
    if stage.kind == "convolution" and stage.weight is not None:
        return stage.weight.shape[2], int(stage.layer["stride"]), int(stage.layer["padding"])
    size = int(stage.layer["size"]) if stage.kind == "maximum" else 1
    return size, size, 0


def shares(traces: Sequence[Trace], stages: Sequence[Stage]) -> NDArray[np.float64]:
    """What speaks for each answer of the last stage, and what against it: (answers, 2), of the first digit."""
    weight = stages[-1].weight
    if weight is None:
        raise ValueError("the last stage has no weights")
    inputs = traces[-1].inputs[0]
    flat = inputs.transpose(2, 0, 1).ravel() if inputs.ndim == 3 else inputs
    products = weight.astype(np.float64) * flat
    return np.stack([products.clip(min=0).sum(axis=1), products.clip(max=0).sum(axis=1)], axis=1)


def adding_up(terms: Sequence[float], total: float, digits: int = 2) -> list[float]:
    """Terms rounded so that they add up to their rounded total; each is off by less than one in its last place.

    Those that were rounded down the most are raised first (the method of the largest remainder).
    """
    unit = 10**digits
    scaled = np.asarray(terms, np.float64) * unit
    whole = np.floor(scaled).astype(np.int64)
    missing = round(total * unit) - int(whole.sum())
    order = np.argsort(-(scaled - whole), kind="stable")
    if missing > 0:
        whole[order[:missing]] += 1
    elif missing < 0:
        whole[order[missing:]] -= 1
    return [round(int(value) / unit, digits) for value in whole]
