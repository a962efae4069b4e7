"""What goes on between ink and answer: a network as stages, and what each stage gives.

A stage is a layer with what only follows it: a convolution with its normalisation (``model.reading.forward`` makes
them one) and its ReLU. Each value that a stage gives is a sum of weights times inputs, and ``sum_behind`` tells which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.preprocess.picture import SIZE
from model.reading.forward import BATCH, KINDS, Layer, Step, Values, Weights, folded

#: Layers that begin a stage.
OPENING = ("scale", "convolution", "maximum", "linear")
#: Layers that bend a stage's sums.
BENDING = ("relu", "sigmoid")

#: Which of a stage's maps or units count, by the stage's place: (maps,) of truth values.
Muted = Mapping[int, NDArray[np.bool_]]


@dataclass(frozen=True)
class Stage:
    """One stage of a network.

    Attributes:
        kind: one of ``OPENING``.
        layer: what else the layer tells, such as its stride.
        weight: of a convolution (maps, input maps, size, size), of a linear layer (units, inputs).
        bias: (maps or units,); zeros where there is none.
        bend: ``"relu"``, ``"sigmoid"`` or ``""``.
        steps: what it does, one after the other; the sums are there after ``summed`` of them.
        summed: how many steps it takes to the sums.
    """

    kind: str
    layer: Layer
    weight: Values | None
    bias: Values | None
    bend: str
    steps: tuple[Step, ...]
    summed: int


@dataclass(frozen=True)
class Trace:
    """What a stage did with some digits.

    Attributes:
        inputs: what it was given, (N, height, width, maps) or (N, units).
        sums: before they are bent, (N, height, width, maps) or (N, units).
        values: what it gave, of the same shape.
    """

    inputs: Values
    sums: Values
    values: Values


class Activations:
    """A trained network as stages. Safe to use from several threads.

    Args:
        layers: of the network, as its card tells them.
        weights: by name, float32.

    Raises:
        KeyError, TypeError, ValueError: they aren't of one network.
    """

    def __init__(self, layers: Sequence[Layer], weights: Weights) -> None:
        self.stages = _stages(folded(layers, weights))

    @property
    def counts(self) -> list[int]:
        """The maps or units of each stage."""
        blank = np.zeros((1, SIZE, SIZE), np.float32)
        return [trace.values.shape[-1] for trace in self.trace(blank)]

    def trace(self, ink: Values) -> list[Trace]:
        """What each stage does with ink, float32 (N, 28, 28) in 0…1."""
        values, traces = ink[:, :, :, None], []
        for stage in self.stages:
            inputs = values
            for number, step in enumerate(stage.steps, 1):
                values = step(values)
                if number == stage.summed:
                    sums = values
            traces.append(Trace(inputs, sums, values))
        return traces

    def logits(self, ink: Values, muted: Muted | None = None) -> Values:
        """Logits (N, 10 or 11) of ink, float32 (N, 28, 28) in 0…1, with some maps or units giving nothing."""
        batches = []
        for start in range(0, max(1, len(ink)), BATCH):
            values = ink[start : start + BATCH, :, :, None]
            for place, stage in enumerate(self.stages):
                for step in stage.steps:
                    values = step(values)
                if muted and place in muted:
                    values = np.where(muted[place], np.float32(0), values)
            batches.append(values)
        return np.concatenate(batches)

    def changed(self, noise: float, rng: np.random.Generator, *, without_biases: bool) -> Activations:
        """A copy whose weights are off by normal noise, of so many of each layer's standard deviations."""
        copy = object.__new__(Activations)
        copy.stages = [_changed(stage, noise, rng, without_biases) for stage in self.stages]
        return copy


def _stages(layers: Sequence[tuple[Layer, Weights]]) -> list[Stage]:
    """Layers gathered into stages; a flattening belongs to the stage behind it, a last log-softmax to none."""
    stages: list[Stage] = []
    before: list[Step] = []
    for layer, taken in layers:
        kind = layer["kind"]
        if kind == "log-softmax":  # it takes the same number from all ten, which softmax doesn't notice
            continue
        step = KINDS[kind](layer, taken)
        if kind in OPENING:
            weight, bias = _weight_and_bias(layer, taken)
            stages.append(Stage(kind, layer, weight, bias, "", (*before, step), len(before) + 1))
            before = []
        elif kind in BENDING and stages and not before:
            last = stages[-1]
            stages[-1] = Stage(last.kind, last.layer, last.weight, last.bias, kind, (*last.steps, step), last.summed)
        else:
            before.append(step)
    if before:
        raise ValueError("there are layers behind the last stage")
    return stages


def _weight_and_bias(layer: Layer, taken: Weights) -> tuple[Values | None, Values | None]:
    if layer["kind"] not in ("convolution", "linear"):
        return None, None
    weight = taken[f"{layer['name']}.weight"]
    return weight, taken.get(f"{layer['name']}.bias", np.zeros(len(weight), np.float32))


def _changed(stage: Stage, noise: float, rng: np.random.Generator, without_biases: bool) -> Stage:
    if stage.weight is None or stage.bias is None:
        return stage
    shaken = rng.standard_normal(stage.weight.shape, np.float32) * (noise * stage.weight.std())
    weight = stage.weight + shaken.astype(np.float32)
    bias = np.zeros_like(stage.bias) if without_biases else stage.bias
    name = stage.layer["name"]
    step = KINDS[stage.kind](stage.layer, {f"{name}.weight": weight, f"{name}.bias": bias})
    steps = (*stage.steps[: stage.summed - 1], step, *stage.steps[stage.summed :])
    return Stage(stage.kind, stage.layer, weight, bias, stage.bend, steps, stage.summed)
