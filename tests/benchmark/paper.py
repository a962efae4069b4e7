"""Writing put on paper, and before a camera: from strokes to pictures."""

from __future__ import annotations

import io
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from tests.benchmark.writing import Writing

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
#: The picture is drawn so many times finer and then averaged.
FINER = 3


@dataclass(frozen=True)
class Page:
    """How a writing lies on paper.

    Attributes:
        pen: the pen's width in pixels.
        margins: left, top, right, bottom in pixels, between the ink's points and the picture's edges.
        paper, ink, rule: colours.
        ruled, squared, dotted: the distance of lines or dots in pixels; 0 for none.
        rule_width: of those lines; dots are twice as wide.
        shapes: lines of a form as (x0, y0, x1, y1) in the writing's pixels; an ellipse if its name says so.
    """

    pen: float = 6.0
    margins: tuple[float, float, float, float] = (40.0, 40.0, 40.0, 40.0)
    paper: Colour = WHITE
    ink: Colour = (10, 10, 10)
    rule: Colour = (150, 170, 200)
    ruled: float = 0.0
    squared: float = 0.0
    dotted: float = 0.0
    rule_width: float = 1.2
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    rings: tuple[tuple[float, float, float, float], ...] = ()
    strokes_below: tuple[tuple[float, float, float, float], ...] = ()
    printed: Colour = (60, 60, 60)
    printed_width: float = 2.0


def paint(writing: Writing, page: Page, rng: Random) -> Image.Image:
    """The page as a scanner would give it: RGB."""
    x0, y0, x1, y1 = writing.box()
    left, top, right, bottom = page.margins
    width, height = max(4, round(x1 - x0 + left + right)), max(4, round(y1 - y0 + top + bottom))
    picture = Image.new("RGB", (width * FINER, height * FINER), page.paper)
    pen = ImageDraw.Draw(picture)
    for distance, upright in ((page.ruled or page.squared, False), (page.squared, True)):
        _rules(pen, distance, page, (width, height), rng, upright=upright)
    _dots(pen, page, (width, height), rng)

    def place(x: float, y: float) -> tuple[float, float]:
        return (x - x0 + left) * FINER, (y - y0 + top) * FINER

    line = max(1, round(page.printed_width * FINER))
    for shapes, draw in ((page.boxes, pen.rectangle), (page.rings, pen.ellipse)):
        for a, b, c, d in shapes:
            draw([place(a, b), place(c, d)], outline=page.printed, width=line)
    for a, b, c, d in page.strokes_below:
        pen.line([place(a, b), place(c, d)], fill=page.printed, width=line)
    radius = page.pen * FINER / 2
    for stroke in writing.strokes:
        points = [place(float(x), float(y)) for x, y in stroke]
        if len(points) > 1:
            pen.line(points, fill=page.ink, width=max(1, round(2 * radius)))
        for x, y in points:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=page.ink)
    return picture.reduce(FINER)


def _rules(
    pen: ImageDraw.ImageDraw, distance: float, page: Page, size: tuple[int, int], rng: Random, *, upright: bool
) -> None:
    if not distance:
        return
    at = rng.uniform(0, distance)
    length, across = (size[1], size[0]) if upright else (size[0], size[1])
    while at < across:
        ends = (
            [(at * FINER, 0), (at * FINER, length * FINER)]
            if upright
            else [(0, at * FINER), (length * FINER, at * FINER)]
        )
        pen.line(ends, fill=page.rule, width=max(1, round(page.rule_width * FINER)))
        at += distance


def _dots(pen: ImageDraw.ImageDraw, page: Page, size: tuple[int, int], rng: Random) -> None:
    if not page.dotted:
        return
    left, top, radius = rng.uniform(0, page.dotted), rng.uniform(0, page.dotted), page.rule_width * FINER
    for y in np.arange(top, size[1], page.dotted) * FINER:
        for x in np.arange(left, size[0], page.dotted) * FINER:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=page.rule)


def scaled(picture: Image.Image, factor: float, resampling: Image.Resampling, least: int) -> Image.Image:
    """A picture so many times as large, and at least ``least`` pixels wide and high."""
    width, height = (max(least, round(side * factor)) for side in picture.size)
    return picture.resize((width, height), resampling)


def photographed(picture: Image.Image, rng: Random, strength: float = 1.0) -> bytes:
    """The page before a camera, as JPEG: turned, in perspective, in uneven light, noisy, a little out of focus."""
    width, height = picture.size
    shift = [rng.uniform(0, 0.05 * strength) for _ in range(8)]
    quad = (
        shift[0] * width, shift[1] * height, shift[2] * width, (1 - shift[3]) * height,
        (1 - shift[4]) * width, (1 - shift[5]) * height, (1 - shift[6]) * width, shift[7] * height,
    )  # fmt: skip
    seen = picture.transform(picture.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)
    seen = seen.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 1.0) * strength))
    levels = np.asarray(seen, np.float32) * _light(width, height, rng, strength)[..., None]
    noise = np.random.default_rng(rng.randrange(2**31)).normal(0, rng.uniform(1, 5) * strength, levels.shape)
    return as_jpeg(levels + noise, rng)


def as_jpeg(levels: NDArray[np.floating], rng: Random) -> bytes:
    """Colours (H, W, 3) as a camera or a telephone's programs keep them."""
    file = io.BytesIO()
    Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=rng.randint(60, 92))
    return file.getvalue()


def _light(width: int, height: int, rng: Random, strength: float) -> NDArray[np.float32]:
    """A slope of light, and half the time the edge of a shadow."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width - 0.5, y / height - 0.5
    light = 0.85 + 0.3 * strength * (rng.uniform(-0.5, 0.5) * x + rng.uniform(-0.5, 0.5) * y)
    if rng.random() < 0.5:
        edge = np.cos(angle := rng.uniform(0, 6.28)) * x + np.sin(angle) * y - rng.uniform(-0.3, 0.3)
        light = light * (1 - 0.35 * strength * rng.random() / (1 + np.exp(-edge * rng.uniform(8, 40))))
    return np.asarray(np.clip(light, 0.2, 1.05), np.float32)


def chalked(picture: Image.Image, rng: Random) -> NDArray[np.uint8]:
    """Grain over bright strokes on a dark board."""
    levels = np.asarray(picture.convert("L"), np.float32)
    grain = np.random.default_rng(rng.randrange(2**31))
    worn = np.where(levels > 90, levels * grain.uniform(0.75, 1.0, levels.shape), levels)
    return np.clip(worn + grain.normal(0, 4, levels.shape), 0, 255).astype(np.uint8)
