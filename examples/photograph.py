"""Paper, ink, light and a camera, for the pictures that make.py makes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Levels = NDArray[Any]  # float32 or float64: (H, W), or (H, W, 3) of a scene
Colour = tuple[int, int, int]


def grain(rng: np.random.Generator, size: tuple[int, int], across: float, along: float | None = None) -> Levels:
    """Noise of unit strength (H, W) whose lumps measure ``across`` pixels, and ``along`` to the right if given."""
    few = max(2, round(size[0] / (along or across))), max(2, round(size[1] / across))
    lumps = Image.fromarray(rng.standard_normal((few[1], few[0])).astype(np.float32))
    noise = np.asarray(lumps.resize(size, Image.Resampling.BICUBIC))
    return noise / noise.std()


def blur(levels: Levels, radius: float) -> Levels:
    """Levels in 0…1 under a Gaussian."""
    picture = Image.fromarray(np.uint8(np.clip(levels, 0, 1) * 255)).filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(picture, dtype=np.float32) / 255


def relief(rng: np.random.Generator, size: tuple[int, int], across: float) -> Levels:
    """The lit side and the shadow of a rough surface, light from the upper left."""
    height = grain(rng, size, across) + 0.7 * grain(rng, size, 2.5 * across)
    return height - np.roll(height, (1, 1), axis=(0, 1))


def ramp(size: tuple[int, int], towards: tuple[float, float]) -> Levels:
    """How far each pixel (H, W) lies from the middle in a direction, in halves of the picture."""
    y, x = np.mgrid[-1 : 1 : size[1] * 1j, -1 : 1 : size[0] * 1j]
    return (x * towards[0] + y * towards[1]).astype(np.float32)


def shade(size: tuple[int, int], towards: tuple[float, float], edge: float, soft: float) -> Levels:
    """A shadow (H, W) in 0…1 that begins ``edge`` from the middle and deepens within ``soft``."""
    return 1 / (1 + np.exp(-(ramp(size, towards) - edge) / soft))


def lay(paper: Levels, ink: Levels, colour: Colour) -> Levels:
    """Ink (H, W) of a colour over paper (H, W, 3) in 0…255."""
    cover = np.clip(ink, 0, 1)[..., None]
    return paper * (1 - cover) + np.array(colour) * cover


def tinted(colour: Colour, *textures: Levels) -> Levels:
    """A colour (H, W, 3) made lighter and darker by the sum of the textures, in grey levels."""
    return np.array(colour) + np.sum(textures, axis=0)[..., None]


def shoot(scene: Levels, light: Levels, rng: np.random.Generator, noise: float, soft: float) -> Image.Image:
    """Photograph a scene (H, W, 3): light (H, W; what it lacks is bluish), lens, sensor noise, sharpening."""
    size = (scene.shape[1], scene.shape[0])
    corner = 1 - 0.05 * (ramp(size, (1, 0)) ** 2 + ramp(size, (0, 1)) ** 2)
    lit = scene * (light * corner)[..., None] ** np.array([1.08, 1.0, 0.9])
    picture = Image.fromarray(np.uint8(np.clip(lit, 0, 255))).filter(ImageFilter.GaussianBlur(soft))
    levels = np.asarray(picture, dtype=np.float32)
    strength = noise * (0.6 + 0.4 * np.sqrt(levels / 255))
    colours = np.stack([grain(rng, size, 3.5) for _ in range(3)], axis=-1)
    levels = levels + strength * (grain(rng, size, 1.5)[..., None] + 0.45 * colours)
    sharper = ImageFilter.UnsharpMask(radius=2, percent=40, threshold=2)
    return Image.fromarray(np.uint8(np.clip(levels, 0, 255))).filter(sharper)
