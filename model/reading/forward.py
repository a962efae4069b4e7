"""A trained network without torch: what its layers do with a digit, one after the other, in numpy.

Torch takes a second and 200 MB to import; to read a digit, its layers come down to a few products of matrices,
and one digit takes two thirds of torch's time. ``model.networks.layers.layers_of`` tells the layers of a network.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: What goes from layer to layer: float32 (N, height, width, channels), or (N, units) once it is flat.
Values = NDArray[np.float32]
Weights = Mapping[str, Values]
#: A layer's kind, the name that its weights begin with, and what else it takes.
Layer = Mapping[str, Any]
#: What a layer does.
Step = Callable[[Values], Values]

#: Digits that go through together: with more, the patches of a convolution leave the processor's cache.
BATCH = 8


class Forward:
    """A trained network that turns ink into logits. Safe to use from several threads."""

    def __init__(self, layers: Sequence[Layer], weights: Weights) -> None:
        """Join layers and weights.

        Raises:
            KeyError, TypeError, ValueError: they aren't of one network that takes a digit to 10 or 11 logits.
        """
        prepared = [(layer["kind"], KINDS[layer["kind"]](layer, taken)) for layer, taken in folded(layers, weights)]
        self._steps = [step for _, step in prepared]
        self._last = max(index for index, (kind, _) in enumerate(prepared) if kind == "linear")
        owners = {layer.get("name") for layer in layers}
        if any(name.rpartition(".")[0] not in owners for name in weights):
            raise ValueError("there are weights that no layer takes")
        with np.errstate(all="ignore"):
            width = self(np.zeros((1, 28, 28), np.float32)).shape[1:]
        if width not in ((10,), (11,)):
            raise ValueError(f"it gives {width} values")

    def __call__(self, ink: Values) -> Values:
        """Logits (N, 10 or 11) of ink, float32 (N, 28, 28) in 0…1."""
        return self._run(ink, len(self._steps))

    def features(self, ink: Values) -> Values:
        """What the last linear layer is given, (N, units): two digits that the network finds alike lie close."""
        return self._run(ink, self._last)

    def _run(self, ink: Values, count: int) -> Values:
        batches = []
        for start in range(0, max(1, len(ink)), BATCH):
            values = ink[start : start + BATCH, :, :, None]
            for step in self._steps[:count]:
                values = step(values)
            batches.append(values)
        return np.concatenate(batches)


def folded(layers: Sequence[Layer], weights: Weights) -> list[tuple[Layer, Weights]]:
    """Layers with what each takes, where a normalisation is part of the convolution or linear layer before it.

    That scales its outputs and moves them, and so can its own weights: a digit takes a tenth less time.
    """
    folded: list[tuple[Layer, Weights]] = []
    for layer in layers:
        before, taken = folded[-1] if folded else ({"kind": "nothing"}, {})
        if layer["kind"] == "normalisation" and before["kind"] in ("convolution", "linear"):
            scale, offset = _scale_and_offset(layer, weights)
            weight, bias = f"{before['name']}.weight", f"{before['name']}.bias"
            filters = taken[weight]  # (out, in) or (out, in, size, size)
            scaled = filters * scale.reshape(-1, *[1] * (filters.ndim - 1))
            folded[-1] = before, {weight: scaled, bias: taken.get(bias, np.float32(0)) * scale + offset}
        else:
            folded.append((layer, weights))
    return folded


def _convolution(layer: Layer, weights: Weights) -> Step:
    """Each patch of the input times each filter: the patches as rows of a matrix (im2col), so one product does it."""
    filters = weights[f"{layer['name']}.weight"]  # (out, in, size, size)
    bias = weights.get(f"{layer['name']}.bias", np.zeros(len(filters), np.float32))
    size, stride, padding = filters.shape[2], int(layer["stride"]), int(layer["padding"])
    if not (stride >= 1 and 0 <= padding < size):
        raise ValueError(f"a convolution of size {size} with stride {stride} and padding {padding}")
    columns = np.ascontiguousarray(filters.transpose(2, 3, 1, 0).reshape(-1, len(filters)))

    def step(values: Values) -> Values:
        patches = _patches(_padded(values, padding) if padding else values, size, stride)
        count, height, width = patches.shape[:3]
        products = patches.reshape(count * height * width, len(columns)) @ columns
        products += bias
        return np.asarray(products.reshape(count, height, width, len(filters)))

    return step


def _padded(values: Values, padding: int) -> Values:
    """With a margin of zeros; np.pad takes 70 µs for it, which is a tenth of a reading."""
    count, height, width, channels = values.shape
    padded = np.zeros((count, height + 2 * padding, width + 2 * padding, channels), np.float32)
    padded[:, padding:-padding, padding:-padding] = values
    return padded


def _patches(values: Values, size: int, stride: int) -> Values:
    """A view (N, rows, columns, size, size, channels) of the squares of that size, a stride apart."""
    count, height, width, channels = values.shape
    places = [(side - size) // stride + 1 for side in (height, width)]
    if min(places) < 1:
        raise ValueError(f"there is no patch of {size}×{size} in {height}×{width}")
    over, down, right, deep = values.strides
    strides = (over, stride * down, stride * right, down, right, deep)
    # What as_strided gives, in a tenth of its 10 µs; the buffer must be in one piece.
    buffer = np.ascontiguousarray(values)
    patches: Values = np.ndarray((count, *places, size, size, channels), np.dtype(np.float32), buffer, 0, strides)
    return patches


def _normalisation(layer: Layer, weights: Weights) -> Step:
    scale, offset = _scale_and_offset(layer, weights)
    return lambda values: values * scale + offset


def _scale_and_offset(layer: Layer, weights: Weights) -> tuple[Values, Values]:
    """Of a normalisation by the means and variances of training (S. Ioffe & C. Szegedy, 2015)."""
    gain, shift, mean, variance = (
        weights[f"{layer['name']}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = (gain / np.sqrt(variance + layer["epsilon"])).astype(np.float32)
    return scale, shift - mean * scale


def _linear(layer: Layer, weights: Weights) -> Step:
    matrix = np.ascontiguousarray(weights[f"{layer['name']}.weight"].T)
    bias = weights.get(f"{layer['name']}.bias", np.zeros(matrix.shape[1], np.float32))
    return lambda values: values @ matrix + bias


def _maximum(layer: Layer, _: Weights) -> Step:
    """The largest value of each square; what is left over at the edge is dropped."""
    size = int(layer["size"])
    if size < 1:
        raise ValueError(f"squares of {size}")

    def step(values: Values) -> Values:
        count, height, width, channels = values.shape
        squares = values[:, : height // size * size, : width // size * size].reshape(
            count, height // size, size, width // size, size, channels
        )
        return np.asarray(squares.max(axis=(2, 4)))

    return step


def _scale(layer: Layer, _: Weights) -> Step:
    mean, deviation = np.float32(layer["mean"]), np.float32(layer["deviation"])
    return lambda values: (values - mean) / deviation


def _flatten(_layer: Layer, _: Weights) -> Step:
    """Channel by channel, as torch does."""
    return lambda values: values.transpose(0, 3, 1, 2).reshape(len(values), math.prod(values.shape[1:]))


def _relu(_layer: Layer, _: Weights) -> Step:
    return lambda values: np.maximum(values, 0)


def _sigmoid(_layer: Layer, _: Weights) -> Step:
    return lambda values: 0.5 + 0.5 * np.tanh(0.5 * values)  # unlike 1 / (1 + exp(-x)) it can't overflow


def _log_softmax(_layer: Layer, _: Weights) -> Step:
    def step(values: Values) -> Values:
        lowered = values - values.max(axis=1, keepdims=True)
        return np.asarray(lowered - np.log(np.exp(lowered).sum(axis=1, keepdims=True)))

    return step


#: What prepares each kind of layer.
KINDS: dict[str, Callable[[Layer, Weights], Step]] = {
    "convolution": _convolution,
    "normalisation": _normalisation,
    "linear": _linear,
    "maximum": _maximum,
    "scale": _scale,
    "flatten": _flatten,
    "relu": _relu,
    "sigmoid": _sigmoid,
    "log-softmax": _log_softmax,
}
