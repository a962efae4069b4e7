"""Ink on a ground, as screens and scans show it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.benchmark.paper import photographed, scaled

Colour = tuple[int, int, int]


def shown(mask: Image.Image, rng: Random) -> Image.Image:
    """Ink that a mask holds, as screens and scans show it: colours, margins, size, blur, few tones."""
    ink = mask.crop(mask.getbbox())
    margin = round(max(ink.size) * rng.choice([0.05, 0.15, 0.3, 0.6, 1.2]))
    alpha = Image.new("L", (ink.width + 2 * margin + 2, ink.height + 2 * margin + 2))
    alpha.paste(ink, (margin + 1, margin + 1))
    paper, pen = two_colours(rng)
    picture = Image.composite(Image.new("RGB", alpha.size, pen), Image.new("RGB", alpha.size, paper), alpha)
    scale = rng.choice([28, 48, 96, 160, 280, 500]) / max(picture.size)
    picture = scaled(picture, scale, rng.choice([Image.Resampling.BICUBIC, Image.Resampling.BOX]), 12)
    change = rng.random()
    if change < 0.2:
        return picture.filter(ImageFilter.GaussianBlur(0.008 * max(picture.size) + 0.2))
    if change < 0.35:
        return picture.quantize(2, dither=Image.Dither.NONE).convert("RGB")
    if change < 0.5:
        noise = np.random.default_rng(rng.getrandbits(32)).normal(0, 12, (*picture.size[::-1], 3))
        return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))
    return picture


def decorated(mask: Image.Image, rng: Random) -> Image.Image:
    """Ink that a mask holds as posters show it: a slope of colours on another, a shadow or depth, a photo's light."""
    ink = mask.crop(mask.getbbox())
    depth, margin = rng.choice([0, 0, 4, 10, 20]), round(max(ink.size) * rng.uniform(0.15, 0.5))
    size = (ink.width + 2 * margin, ink.height + 2 * margin)
    paper, pen = two_colours(rng)
    picture, across = slope(paper, size, rng), rng.choice([-1, 1])
    behind: Colour = tuple((p + q) // 2 for p, q in zip(paper, pen, strict=True))  # type: ignore[assignment]
    for step in range(depth, 0, -1):
        picture.paste(behind, (margin + across * step, margin + step), ink)
    picture.paste(slope(pen, ink.size, rng), (margin, margin), ink)
    longest = rng.choice([48, 96, 160, 280, 500])
    picture.thumbnail((longest, longest))
    return Image.open(io.BytesIO(photographed(picture, rng))) if rng.random() < 0.5 else picture


def slope(colour: Colour, size: tuple[int, int], rng: Random) -> Image.Image:
    """A colour that grows a little lighter or darker from one side to the other."""
    y, x = np.mgrid[: size[1], : size[0]].astype(float)
    along = rng.uniform(-60, 60) * (x / size[0] - 0.5) + rng.uniform(-60, 60) * (y / size[1] - 0.5)
    return Image.fromarray(np.clip(np.array(colour) + along[..., None], 0, 255).astype(np.uint8))


def two_colours(rng: Random) -> tuple[Colour, Colour]:
    """Paper and ink: mostly dark on white, sometimes white on black or any two that differ."""
    chance = rng.random()
    if chance < 0.6:
        dark = rng.randint(0, 70)
        return (rng.randint(235, 255),) * 3, (dark,) * 3
    if chance < 0.8:
        return (0, 0, 0), (255, 255, 255)
    red, green, blue = (rng.randint(0, 85) for _ in range(3))
    deep, pale = (red, green, blue), (255 - blue, 255 - red, 255 - green)
    return (pale, deep) if rng.random() < 0.6 else (deep, pale)


def mask_of_strokes(strokes: Sequence[Sequence[tuple[float, float]]], pen: float) -> Image.Image:
    """Strokes on a box of 260 pixels, in white on black."""
    points = np.concatenate([np.asarray(stroke, float) for stroke in strokes])
    low, reach = points.min(axis=0), max(1e-6, float(np.ptp(points, axis=0).max()))
    mask = Image.new("L", (320, 320))
    draw = ImageDraw.Draw(mask)
    for stroke in strokes:
        placed = [tuple(point) for point in (np.asarray(stroke, float) - low) / reach * 260 + 30]
        draw.line(placed, fill=255, width=round(pen), joint="curve")
        for x, y in placed:
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
    return mask
