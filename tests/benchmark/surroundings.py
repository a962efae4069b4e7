"""What comes between writing and its reader: a table, shadows and spots, a ring or a border, false colours."""

from __future__ import annotations

import math
from random import Random

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from tests.benchmark.paper import as_jpeg

#: Colour maps in which notebooks show digits.
COLOUR_MAPS = ("viridis", "plasma", "inferno", "magma", "cividis", "jet", "hot", "bone", "Blues", "Purples")
#: Tables: wood, slate, cloth.
TABLES = ((130, 90, 55), (60, 60, 66), (95, 110, 90))


def _grain(shape: tuple[int, int], deviation: float, rng: Random) -> NDArray[np.float32]:
    return np.random.default_rng(rng.randrange(2**31)).normal(0, deviation, shape).astype(np.float32)


def _dark(page: Image.Image) -> NDArray[np.bool_]:
    """Where a bright page has ink, (H, W)."""
    return np.asarray(page.convert("L")) < 128


def on_table(note: Image.Image, rng: Random, spread: float = 1.0) -> bytes:
    """A note that lies on a table with a grain, turned by up to 6° times the spread."""
    width, height = note.size
    edges = [rng.randint(30, 130) for _ in range(4)]
    shape = (height + edges[1] + edges[3], width + edges[0] + edges[2])
    streaks = _grain((shape[0], 1), 12 * spread, rng) + _grain((shape[0], -(-shape[1] // 24)), 8, rng).repeat(24, 1)
    table = np.array(rng.choice(TABLES), np.float32) + streaks[:, : shape[1], None]
    picture = Image.fromarray(np.clip(table, 0, 255).astype(np.uint8))
    turned = note.convert("RGBA").rotate(rng.uniform(-6, 6) * spread, Image.Resampling.BICUBIC, expand=True)
    picture.paste(turned, (edges[0], edges[1]), turned)
    seen = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.0)))
    return as_jpeg(np.asarray(seen, np.float32) + _grain(shape, 2 * spread, rng)[..., None], rng)


def in_shadow(page: Image.Image, rng: Random, spread: float = 1.0) -> bytes:
    """A page on which the shadow of a hand or a telephone falls, from below or the right."""
    width, height = page.size
    mask = Image.new("L", page.size, 255)
    tip = (rng.uniform(0.25, 0.75) * width, rng.uniform(0.0, 0.6) * height)
    corners = [(rng.uniform(0, width), height), (width, height), (width, rng.uniform(0, height)), tip]
    ImageDraw.Draw(mask).polygon(corners, fill=round(255 * max(0.3, 1 - rng.uniform(0.35, 0.6) * spread)))
    light = np.asarray(mask.filter(ImageFilter.GaussianBlur(rng.uniform(2, 12) * spread)), np.float32) / 255
    return as_jpeg(
        np.asarray(page, np.float32) * light[..., None] + _grain(light.shape, 2.5 * spread, rng)[..., None], rng
    )


def in_spots(page: Image.Image, rng: Random, spread: float = 1.0) -> bytes:
    """A page that isn't flat, so that light falls on it in soft spots."""
    width, height = page.size
    size = rng.uniform(90, 300)
    coarse = 1 + _grain((max(2, round(height / size)), max(2, round(width / size))), 0.05 * spread, rng)
    light = np.asarray(Image.fromarray(coarse).resize(page.size, Image.Resampling.BICUBIC), np.float32)
    noise = _grain(light.shape, 2.5 * spread, rng)
    return as_jpeg(np.asarray(page, np.float32) * light[..., None] + noise[..., None], rng)


def circled(page: Image.Image, rng: Random, spread: float = 1.0) -> Image.Image:
    """A page whose ink has a ring round it, drawn by an unsteady hand: it may run through what it goes round."""
    rows, columns = np.nonzero(_dark(page))
    x, y = (columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2
    reach_x, reach_y = np.ptp(columns) / 2 * rng.uniform(1.08, 1.4), np.ptp(rows) / 2 * rng.uniform(1.15, 1.7)
    waves = [(rng.uniform(0, 0.05 * spread), rng.uniform(0, 2 * math.pi)) for _ in range(3)]
    start, turn = rng.uniform(0, 2 * math.pi), 2 * math.pi + rng.uniform(-0.08, 0.5) * spread
    points = []
    for step in range(201):
        angle = start + turn * step / 200
        reach = 1 + sum(size * math.sin(number * angle + phase) for number, (size, phase) in enumerate(waves, start=1))
        points.append((x + reach_x * reach * math.cos(angle), y + reach_y * reach * math.sin(angle)))
    ringed = page.copy()
    colour = rng.choice([(200, 30, 30), (30, 30, 30), (30, 60, 200)])
    ImageDraw.Draw(ringed).line(points, fill=colour, width=rng.randint(3, 7), joint="curve")
    return ringed


def crossed_out(page: Image.Image, rng: Random, spread: float = 1.0) -> Image.Image:
    """A page with a zigzag over what stands first on it."""
    dark = _dark(page)
    rows, used = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    gaps = np.flatnonzero(np.diff(used) > 1)
    end = used[gaps[0]] if len(gaps) else used[-1]
    left, right = used[0] - rng.uniform(-2, 8), end + rng.uniform(-2, 8)
    turns = rng.randint(round(9 / spread), round(16 * spread))
    points = [
        (right if turn % 2 else left, rows[0] + (rows[-1] - rows[0]) * turn / (turns - 1) + rng.gauss(0, 2 * spread))
        for turn in range(turns)
    ]
    crossed = page.copy()
    ImageDraw.Draw(crossed).line(
        [(x + rng.gauss(0, 4), y) for x, y in points], (10, 10, 10), rng.randint(2, 5), "curve"
    )
    return crossed


def bordered(page: Image.Image, rng: Random, spread: float = 1.0) -> Image.Image:
    """A page as a screenshot shows a canvas: with a dark border all round, half the time on white."""
    width = round(rng.uniform(5, 30 * spread))
    framed = ImageOps.expand(page, width, (rng.randint(0, 50),) * 3)
    return framed if rng.random() < 0.5 else ImageOps.expand(framed, rng.randint(5, 30), (255, 255, 255))


def highlighted(page: Image.Image, rng: Random, spread: float = 1.0) -> Image.Image:
    """A page on which a text marker has gone over the writing."""
    rows, columns = np.nonzero(_dark(page))
    reach = [rng.uniform(2, 18 * spread) for _ in range(4)]
    strip = Image.new("RGB", page.size, (255, 255, 255))
    box = (columns.min() - reach[0], rows.min() - reach[1], columns.max() + reach[2], rows.max() + reach[3])
    colour = rng.choice([(250, 245, 90), (150, 245, 130), (255, 170, 200), (140, 215, 250)])
    ImageDraw.Draw(strip).rounded_rectangle(box, rng.uniform(0, 8), fill=colour)
    return ImageChops.multiply(page, strip)


def punched(page: Image.Image, margin: float, rng: Random, spread: float = 1.0) -> Image.Image:
    """A sheet with a red line along the margin on its left, and two to four punched holes in that."""
    sheet = page.copy()
    pen = ImageDraw.Draw(sheet)
    line = margin * rng.uniform(0.75, 0.9)
    pen.line([(line, 0), (line, sheet.height)], (225, 90, 90), rng.randint(1, 3))
    radius, x, desk = rng.uniform(11, 13 + 4 * spread), margin * rng.uniform(0.3, 0.45), rng.choice(TABLES)
    for y in np.linspace(0.12, 0.88, rng.randint(2, 4)) * sheet.height:
        pen.ellipse([x - radius, y - radius, x + radius, y + radius], fill=desk)
    return sheet


def in_false_colours(levels: NDArray[np.uint8], rng: Random) -> Image.Image:
    """A digit's levels (H, W) in a colour map, enlarged, as a notebook shows them."""
    colours = mpl.colormaps[rng.choice(COLOUR_MAPS)](levels)[..., :3]
    picture = Image.fromarray(np.round(255 * colours).astype(np.uint8))
    factor = rng.choice([1, 4, 9, 13])
    size = (picture.width * factor, picture.height * factor)
    return picture.resize(size, rng.choice([Image.Resampling.NEAREST, Image.Resampling.BICUBIC]))
