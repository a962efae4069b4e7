"""Photos as people take them, generated: a digit's ink laid on paper, in light, through a camera."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tests.helpers.pictures import saved

Levels = NDArray[np.float64]
Colour = tuple[int, int, int]

WIDTH, HEIGHT = 400, 300
PAPER, PEN = (235, 233, 228), (40, 42, 48)


def mask_of(digit: NDArray[np.uint8], size: int = 150, left: int = 120, top: int = 70) -> Levels:
    """Where the pen went: 0…1 (HEIGHT, WIDTH), a 28×28 digit enlarged to ``size`` pixels."""
    large = Image.fromarray(digit).resize((size, size), Image.Resampling.BICUBIC)
    page = Image.new("L", (WIDTH, HEIGHT))
    page.paste(large, (left, top))
    return np.asarray(page) / 255


def on_paper(mask: Levels, paper: Colour = PAPER, pen: Colour = PEN) -> Levels:
    """Pen on paper, float (HEIGHT, WIDTH, 3)."""
    return np.asarray(paper, float) * (1 - mask[..., None]) + np.asarray(pen, float) * mask[..., None]


def picture(levels: Levels, rng: Generator, grain: float = 3.0, quality: int | None = None) -> Image.Image:
    """What a camera makes of it: noise, a little blur, JPEG."""
    noisy = np.clip(levels + rng.normal(0, grain, levels.shape), 0, 255).astype(np.uint8)
    photo = Image.fromarray(noisy).filter(ImageFilter.GaussianBlur(0.7))
    if quality is None:
        return photo
    return Image.open(io.BytesIO(saved(photo, "JPEG", quality=quality)))


def _across() -> Levels:
    return np.linspace(0, 1, WIDTH)[None, :, None]


def _ruled(levels: Levels, spacing: int, colour: Colour, *, squared: bool, slope: float) -> Levels:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    lines = (rows + slope * columns) % spacing < 1.5
    if squared:
        lines |= (columns - slope * rows) % spacing < 1.5
    return np.where(lines[..., None], np.minimum(levels, colour), levels)


def plain(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """White paper, dark pen, even light."""
    return picture(on_paper(mask_of(digit)), rng)


def uneven_light(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """Half as bright on one side as on the other."""
    return picture(on_paper(mask_of(digit)) * (1 - 0.5 * _across()), rng)


def shadow(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """A hand's shadow over a part of the page, with a soft edge through the digit."""
    dark = 1 / (1 + np.exp(-(_across() - 0.45) * 40))
    return picture(on_paper(mask_of(digit)) * (1 - 0.4 * dark), rng)


def ruled_paper(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """Blue lines, not quite level."""
    slope = rng.uniform(-0.03, 0.03)
    page = _ruled(
        np.broadcast_to(np.asarray(PAPER, float), (HEIGHT, WIDTH, 3)), 40, (150, 170, 210), squared=False, slope=slope
    )
    mask = mask_of(digit)[..., None]
    return picture(page * (1 - mask) + np.asarray(PEN, float) * mask, rng)


def squared_paper(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """Grey squares."""
    slope = rng.uniform(-0.02, 0.02)
    page = _ruled(
        np.broadcast_to(np.asarray(PAPER, float), (HEIGHT, WIDTH, 3)), 30, (160, 165, 170), squared=True, slope=slope
    )
    mask = mask_of(digit)[..., None]
    return picture(page * (1 - mask) + np.asarray(PEN, float) * mask, rng)


def coloured(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """Red pen on a yellow note."""
    return picture(on_paper(mask_of(digit), (250, 235, 120), (200, 40, 50)), rng)


def same_brightness(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """A pen as bright as its paper, but of another colour."""
    return picture(on_paper(mask_of(digit), (120, 190, 120), (220, 130, 190)), rng)


def whiteboard(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """Green marker on a white board with a bright reflection."""
    levels = on_paper(mask_of(digit), (205, 210, 212), (20, 120, 80))
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    glare = 45 * np.exp(-((rows - 60) ** 2 + (columns - 330) ** 2) / 3000)
    return picture(levels + glare[..., None], rng)


def blackboard(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """Chalk on a dark board that was wiped."""
    rubbed = np.kron(rng.normal(0, 6, (10, 10)), np.ones((30, 40)))[..., None]
    return picture(on_paper(mask_of(digit), (38, 60, 48), (225, 228, 220)) + rubbed, rng, grain=6)


def pale_pen(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """A thin pencil, hardly darker than the paper."""
    return picture(on_paper(mask_of(digit) ** 3, pen=(178, 178, 176)), rng, grain=2)


def touching_the_edge(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """The picture cut right along the digit's ink."""
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    part = digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    large = np.asarray(Image.fromarray(part).resize((part.shape[1] * 8, part.shape[0] * 8), Image.Resampling.BICUBIC))
    return picture(on_paper(large / 255), rng)


def coarse_jpeg(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """JPEG of quality 15."""
    return picture(on_paper(mask_of(digit)), rng, quality=15)


def tiny(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """16 to 28 pixels, dark on light."""
    side = int(rng.integers(16, 29))
    return Image.fromarray(255 - np.asarray(Image.fromarray(digit).resize((side, side), Image.Resampling.BOX)))


def huge_margin(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """A small digit somewhere on a large page."""
    left, top = int(rng.integers(0, WIDTH - 40)), int(rng.integers(0, HEIGHT - 40))
    small = picture(on_paper(mask_of(digit, 40, left, top)), rng, grain=2)
    return small.resize((WIDTH * 3, HEIGHT * 3), Image.Resampling.BICUBIC)


def noisy(digit: NDArray[np.uint8], rng: Generator) -> Image.Image:
    """Salt and pepper on one pixel of eight."""
    page = on_paper(mask_of(digit)).astype(np.uint8)
    hit = rng.random((HEIGHT, WIDTH)) < 0.12
    page[hit] = np.where(rng.random((HEIGHT, WIDTH)) < 0.5, 0, 255)[hit][:, None]
    return Image.fromarray(page)


PHOTOS: tuple[Callable[[NDArray[np.uint8], Generator], Image.Image], ...] = (
    plain,
    uneven_light,
    shadow,
    ruled_paper,
    squared_paper,
    coloured,
    same_brightness,
    whiteboard,
    blackboard,
    pale_pen,
    touching_the_edge,
    coarse_jpeg,
    tiny,
    huge_margin,
    noisy,
)
