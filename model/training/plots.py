"""Pictures of a training run, by matplotlib: curves, a few digits with their answers, weights as pictures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Line colours that colour-blind people tell apart (M. Okabe & K. Ito), and what they stand for.
COLOURS = {"training": "#0072b2", "validation": "#d55e00", "test": "#009e73"}


def curves(epochs: Sequence[dict[str, float]], log: Sequence[tuple[int, float]] = ()) -> bytes:
    """Loss and accuracy in training, on validation and, where it was watched, on test digits, as a PNG.

    Against epochs; the loss against examples seen, with every logged batch, when there is a log.
    """
    figure = _figure(9.0, 3.4)
    loss, accuracy = figure.subplots(1, 2)
    for name, axes in (("loss", loss), ("accuracy", accuracy)):
        against = "examples" if name == "loss" and log else "epoch"
        if against == "examples":
            seen, losses = zip(*log, strict=True)
            axes.plot(seen, losses, color=COLOURS["training"], linewidth=0.7, label="training, each logged batch")
        else:
            _line(axes, epochs, against, name, "training")
        for part in ("validation", "test"):
            _line(axes, epochs, against, f"{part}_{name}", part)
        axes.set_xlabel("examples seen" if against == "examples" else "epoch")
        axes.xaxis.get_major_locator().set_params(integer=True)  # there is no half epoch
        axes.set_ylabel(name)
        axes.grid(alpha=0.25)
        axes.legend(frameon=False)
    # Before training a network guesses: one point in ten would squeeze all the others together.
    known = [value for epoch in epochs[1:] for name, value in epoch.items() if name.endswith("accuracy")]
    if known:
        accuracy.set_ylim(max(0.0, min(known) - 0.02), 1.005)
    return _png(figure)


def _line(axes: Axes, epochs: Sequence[dict[str, float]], against: str, name: str, part: str) -> None:
    points = [(epoch[against], epoch[name]) for epoch in epochs if name in epoch]
    if points:
        x, y = zip(*points, strict=True)
        axes.plot(x, y, color=COLOURS[part], marker="o", markersize=3, label=part)


def sample_grid(images: NDArray[np.uint8], labels: Sequence[int], answers: Sequence[int]) -> bytes:
    """Six digits, uint8 (6, 28, 28), in two rows with what was read, as a PNG."""
    figure = _figure(4.5, 3.4)
    places = list(figure.subplots(2, 3).flat)
    for axes in places:
        axes.set_axis_off()
    for axes, image, label, answer in zip(places, images, labels, answers, strict=False):
        axes.imshow(image, cmap="gray", interpolation="none")
        axes.set_title(f"prediction: {answer}" + ("" if label == answer else f", true: {label}"), fontsize=9)
    return _png(figure)


def weight_pictures(weights: NDArray[np.float32]) -> bytes:
    """The weights (N, 784) of N units as pictures, for ink red and against it blue, as a PNG."""
    columns = min(10, len(weights))
    rows = -(-len(weights) // columns)
    figure = _figure(columns * 0.95, rows * 1.15)
    reach = float(np.abs(weights).max())
    for number, axes in enumerate(np.ravel(figure.subplots(rows, columns, squeeze=False))):
        axes.set_axis_off()
        if number < len(weights):
            axes.imshow(weights[number].reshape(28, 28), cmap="RdBu_r", vmin=-reach, vmax=reach)
            axes.set_title(str(number), fontsize=9)
    return _png(figure)


def _figure(width: float, height: float) -> Figure:
    # Takes 0.5 s to import, and only training draws; without pyplot nothing looks for a screen.
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=110, metadata={"Software": None})
    return file.getvalue()
