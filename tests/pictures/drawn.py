"""What is drawn without a font: plots, textures, scribbles, shapes, codes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from model.synthesis.outliers import scribble
from tests.pictures.shown import mask_of_strokes, shown
from tests.pictures.written import WORDS


def scribbles(count: int, rng: Random) -> Iterator[Image.Image]:
    """Wild curves."""
    for _ in range(count):
        yield shown(mask_of_strokes(scribble(rng), rng.uniform(4, 20)), rng)


def shapes(count: int, rng: Random) -> Iterator[Image.Image]:
    """Polygons, stars, zigzags, hearts and crosses with a pen; rounder ones are left out, which are a 0."""
    for index in range(count):
        corners, turn = rng.randint(3, 5), rng.uniform(0, 2 * math.pi)
        kind = index % 5
        if kind == 0:
            strokes = [polygon([turn + 2 * math.pi * i / corners for i in range(corners)], [1.0] * corners)]
        elif kind == 1:
            radii = [1.0, rng.uniform(0.35, 0.6)] * (corners + 1)
            strokes = [polygon([turn + math.pi * i / (corners + 1) for i in range(2 * corners + 2)], radii)]
        elif kind == 2:
            strokes = [[(i * 0.4, rng.uniform(0.6, 1.2) * (i % 2)) for i in range(corners + 3)]]
        elif kind == 3:
            around = [2 * math.pi * i / 60 for i in range(61)]
            strokes = [[(16 * math.sin(t) ** 3, -13 * math.cos(t) + 5 * math.cos(2 * t)) for t in around]]
        else:
            strokes = [[(-1.0, 0.0), (1.0, 0.0)], [(0.0, -1.0), (0.0, 1.0)], [(-0.7, -0.7), (0.7, 0.7)]]
        yield shown(mask_of_strokes(strokes, rng.uniform(4, 24)), rng)


def polygon(angles: list[float], radii: list[float]) -> list[tuple[float, float]]:
    """A closed line through points at angles, so far from the middle."""
    points = [(radius * math.cos(angle), radius * math.sin(angle)) for angle, radius in zip(angles, radii, strict=True)]
    return [*points, points[0]]


def codes(count: int, rng: Random) -> Iterator[Image.Image]:
    """Squares and bars at random, as codes for machines are."""
    chance = np.random.default_rng(rng.getrandbits(32))
    for index in range(count):
        rows, columns = (rng.randint(15, 40),) * 2 if index % 2 else (1, rng.randint(30, 90))
        cells = (chance.random((rows, columns)) < 0.5).astype(np.uint8) * 255
        size = (400, 400) if index % 2 else (500, rng.randint(120, 260))
        yield shown(Image.fromarray(cells).resize(size, Image.Resampling.NEAREST), rng)


def plots(count: int, rng: Random) -> Iterator[Image.Image]:
    """Curves, bars, points, shares and maps, with axes and their numbers or without."""
    chance = np.random.default_rng(rng.getrandbits(32))
    for index in range(count):
        figure = Figure(figsize=(rng.uniform(2.5, 6), rng.uniform(2, 4.5)), dpi=rng.choice([60, 80, 100]))
        axes = figure.add_subplot()
        kind, points = index % 5, np.cumsum(chance.normal(size=(rng.randint(1, 4), rng.randint(8, 60))), axis=1)
        if kind == 0:
            axes.plot(points.T, linewidth=rng.uniform(0.8, 3))
        elif kind == 1:
            axes.bar(range(points.shape[1]), np.abs(points[0]))
        elif kind == 2:
            axes.scatter(chance.normal(size=80), chance.normal(size=80), s=rng.uniform(4, 40))
        elif kind == 3:
            axes.pie(np.abs(points[0][:6]) + 0.1)
        else:
            axes.imshow(chance.normal(size=(rng.randint(3, 12),) * 2))
        if rng.random() < 0.3:
            axes.axis("off")
        elif rng.random() < 0.6:
            axes.set_title(rng.choice(WORDS))
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        yield Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")


def textures(count: int, rng: Random) -> Iterator[Image.Image]:
    """Noise, clouds of several sizes, slopes, checks, threads, blobs, large pixels, weaves."""
    chance = np.random.default_rng(rng.getrandbits(32))
    for index in range(count):
        side = rng.choice([28, 64, 160, 300])
        y, x = np.mgrid[:side, :side] / side
        noise = chance.normal(size=(side, side))
        coarse = Image.fromarray(chance.normal(size=(rng.randint(2, 20),) * 2).astype(np.float32), "F")
        cloud = np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC))
        cells = rng.randint(2, 12)
        picture = [
            noise,
            cloud,
            3 * (x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1)) + 0.1 * noise,
            np.where((x * cells).astype(int) % 2 == (y * cells).astype(int) % 2, 1.5, -1.5),
            np.sin(2 * np.pi * cells * (x + 0.1 * cloud)) + 0.2 * noise,
            np.where(cloud > rng.uniform(0, 1), 2.0, -1.0),
            np.asarray(coarse.resize((side, side), Image.Resampling.NEAREST)),
            np.sin(2 * np.pi * cells * (x + y)) * np.sin(2 * np.pi * cells * (x - y)),
        ][index % 8]
        levels = np.clip(127 + rng.uniform(20, 70) * picture, 0, 255).astype(np.uint8)
        yield Image.fromarray(levels).convert("RGB")
