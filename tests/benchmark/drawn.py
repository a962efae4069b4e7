"""Scenes on the pad: rows, single digits and lines, stroke by stroke."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.preprocess.strokes import Drawing, Stroke
from tests.benchmark.stage import HEIGHT, Made, Scene, Stage
from tests.benchmark.writing import Writing, lines


def drawing(writing: Writing, stage: Stage, *, pen: float, size: float, scale: float = 1.0) -> Drawing:
    """The writing on the pad: its points on a canvas ``size`` high or wider."""
    x0, y0, x1, y1 = writing.box()
    width = max(size, (x1 - x0) * scale + 50)
    height = max(size, (y1 - y0) * scale + 50)
    left = stage.rng.uniform(20, width - (x1 - x0) * scale - 20)
    top = stage.rng.uniform(20, height - (y1 - y0) * scale - 20)
    strokes = tuple(
        Stroke(pen, tuple(((x - x0) * scale + left, (y - y0) * scale + top) for x, y in points.tolist()))
        for points in writing.strokes
    )
    return Drawing((width, height), strokes)


def pad(height: tuple[float, float], pen: tuple[float, float], gap: tuple[float, float] | None = None) -> Scene:
    """Digits of some height by a pen of some width; a row if there is a gap."""

    def scene(stage: Stage) -> Made:
        writing = stage.one() if gap is None else stage.row(2, 6, gap)
        scale = stage.between(*height) / HEIGHT
        return drawing(writing, stage, pen=stage.between(*pen), size=280, scale=scale), writing.text

    return scene


def pad_late(stage: Stage) -> Made:
    """A row whose bars and dots were added after all digits were begun."""
    writing = stage.row(2, 5, (0.15, 0.4))
    firsts: list[NDArray[np.float64]] = []
    later: list[NDArray[np.float64]] = []
    for stroke in writing.strokes:
        overlaps = firsts and stroke[:, 0].min() < firsts[-1][:, 0].max()
        (later if overlaps else firsts).append(stroke)
    late = Writing(writing.text, firsts + later)
    return drawing(late, stage, pen=stage.between(6, 11), size=280, scale=stage.between(55, 95) / HEIGHT), writing.text


def pad_lines(stage: Stage) -> Made:
    """Two lines."""
    writing = lines([stage.row(1, 4, (0.15, 0.4)) for _ in range(2)], HEIGHT * stage.between(1.35, 1.8), stage.rng)
    return drawing(
        writing, stage, pen=stage.between(5, 9), size=280, scale=stage.between(50, 75) / HEIGHT
    ), writing.text


def pad_signs(stage: Stage) -> Made:
    """Sums and differences on the pad."""
    writing = stage.signed(["d+d", "dd+d", "d+d=", "-d", "d-dd"])
    scale = stage.between(55, 95) / HEIGHT
    return drawing(writing, stage, pen=stage.between(5, 10), size=280, scale=scale), writing.text
