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


def pad_brackets(stage: Stage) -> Made:
    """A number in brackets on the pad."""
    writing = stage.signed(["(d)", "(dd)", "(ddd)"])
    scale = stage.between(55, 95) / HEIGHT
    return drawing(writing, stage, pen=stage.between(5, 10), size=280, scale=scale), writing.text


def pad_word(stage: Stage) -> Made:
    """A number beside a word on the pad."""
    writing = stage.beside_word()
    scale = stage.between(55, 95) / HEIGHT
    return drawing(writing, stage, pen=stage.between(5, 10), size=280, scale=scale), writing.text


def pad_marked(stage: Stage) -> Made:
    """A number with a line under it or a ring round it, by an unsteady hand."""
    rng, writing = stage.rng, stage.row(1, 5, (0.15, 0.45))
    left, top, right, bottom = writing.box()
    if rng.random() < 0.5:
        y, reach = bottom + HEIGHT * stage.between(0.2, 0.35), HEIGHT * stage.between(0.05, 0.3)
        mark = np.array([[left - reach, y], [(left + right) / 2, y + rng.gauss(0, 1)], [right + reach, y]])
        mark[:, 1] += (mark[:, 0] - left) * rng.uniform(-0.05, 0.05)
    else:
        angles = np.linspace(0, 2 * np.pi + rng.uniform(-0.2, 0.5), 50) + rng.uniform(0, 6)
        wobble = 1 + stage.between(0.02, 0.06) * np.sin(2 * angles + rng.uniform(0, 6))
        wide, high = (right - left) / 2 * 1.4 + 12, (bottom - top) / 2 * 1.4 + 12
        mark = np.stack([wide * wobble * np.cos(angles), high * wobble * np.sin(angles)], axis=1)
        mark += np.array([(left + right) / 2, (top + bottom) / 2])
    marked = Writing(writing.text, [*writing.strokes, mark])
    return drawing(marked, stage, pen=stage.between(5, 10), size=280, scale=stage.between(50, 80) / HEIGHT), marked.text


def pad_unsteady(stage: Stage) -> Made:
    """A row by a pen that loses touch in the middle of strokes, or goes over some digits again."""
    rng, writing = stage.rng, stage.row(1, 5, (0.2, 0.45))
    loses_touch = rng.random() < 0.5
    strokes: list[NDArray[np.float64]] = []
    for stroke in writing.strokes:
        if loses_touch and len(stroke) > 12 and rng.random() < 0.5:
            part = rng.randint(len(stroke) // 3, 2 * len(stroke) // 3)
            strokes += [stroke[:part], stroke[part - 1 :]]
        elif not loses_touch and rng.random() < 0.5:
            strokes += [stroke, stroke + np.array([rng.gauss(0, 1.2), rng.gauss(0, 1.2)]) * stage.spread]
        else:
            strokes.append(stroke)
    unsteady = Writing(writing.text, strokes)
    scale = stage.between(55, 95) / HEIGHT
    return drawing(unsteady, stage, pen=stage.between(5, 11), size=280, scale=scale), writing.text
