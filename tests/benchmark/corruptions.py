"""The fifteen corruptions of MNIST-C, from the definitions in N. Mu & J. Gilmer, "MNIST-C" (2019).

Each takes a test digit, float (28, 28) in 0…1, and a generator, and gives the corrupted digit.
Strengths are the paper's; where it used ImageMagick (motion blur) or a fractal (fog) the same
effect is made with numpy and scipy.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage
from skimage.feature import canny

Image = NDArray[np.float64]
Corruption = Callable[[Image, Generator], Image]

ROWS, COLUMNS = np.mgrid[:28, :28].astype(np.float64)


def shot_noise(x: Image, rng: Generator) -> Image:
    """Photons counted, five at full light."""
    return rng.poisson(x * 5) / 5


def impulse_noise(x: Image, rng: Generator) -> Image:
    """Salt and pepper on 17 % of the pixels."""
    hit, salt = rng.random(x.shape) < 0.17, rng.random(x.shape) < 0.5
    return np.where(hit, salt.astype(np.float64), x)


def glass_blur(x: Image, rng: Generator) -> Image:
    """Blur, pixels swapped with near ones twice over, blur."""
    x = ndimage.gaussian_filter(x, 0.7)
    for _ in range(2):
        for row, column in np.ndindex(26, 26):
            if rng.random() < 0.5:
                here, there = (row + 1, column + 1), tuple(np.array([row, column]) + 1 + rng.integers(-1, 1, 2))
                x[here], x[there] = x[there], x[here]
    return ndimage.gaussian_filter(x, 0.7)


def motion_blur(x: Image, rng: Generator) -> Image:
    """Drawn out along a direction within 45° of level, fading over ten pixels with a deviation of 3."""
    angle = np.radians(rng.uniform(-45, 45))
    steps = np.arange(11)
    weights = np.exp(-(steps**2) / (2 * 3**2))
    moved = [ndimage.shift(x, (np.sin(angle) * step, np.cos(angle) * step), order=1) for step in steps]
    return np.tensordot(weights / weights.sum(), np.stack(moved), 1)


def _affine(x: Image, matrix: list[list[float]]) -> Image:
    """Output to input about the centre."""
    inverse = np.array(matrix)
    centre = np.array([13.5, 13.5])
    return ndimage.affine_transform(x, inverse, centre - inverse @ centre, order=1)


def shear(x: Image, rng: Generator) -> Image:
    """Slanted by 0.4 to either side."""
    return _affine(x, [[1, 0], [rng.choice([-0.4, 0.4]), 1]])


def scale(x: Image, _: Generator) -> Image:
    """Shrunk to seven tenths."""
    return _affine(x, [[1 / 0.7, 0], [0, 1 / 0.7]])


def rotate(x: Image, rng: Generator) -> Image:
    """Turned by 0.4 radians to either side."""
    angle = rng.choice([-0.4, 0.4])
    return _affine(x, [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def brightness(x: Image, _: Generator) -> Image:
    """Half of full light added everywhere."""
    return x + 0.5


def translate(x: Image, rng: Generator) -> Image:
    """Moved by three pixels along both axes."""
    return ndimage.shift(x, rng.choice([-3, 3], 2), order=1)


def stripe(x: Image, _: Generator) -> Image:
    """All but a band in the middle inverted."""
    x = x.copy()
    x[:, :7], x[:, 21:] = 1 - x[:, :7], 1 - x[:, 21:]
    return x


def fog(x: Image, rng: Generator) -> Image:
    """Clouds of all sizes over the digit, twice as light as it."""
    clouds = sum(ndimage.zoom(rng.normal(size=(n, n)), 28 / n, order=1) / n**0.5 for n in (2, 4, 7, 14, 28))
    clouds = (clouds - clouds.min()) / np.ptp(clouds)
    return (x + 2.0 * clouds) / 3.0


def spatter(x: Image, rng: Generator) -> Image:
    """Spots of mud over it."""
    liquid = ndimage.gaussian_filter(rng.normal(0.65, 0.3, x.shape), 1)
    mud = ndimage.gaussian_filter((liquid > 0.65).astype(np.float64), 1.5)
    mud[mud < 0.8] = 0
    return x * (1 - mud) + 63 / 255 * mud


def _line(start: tuple[float, float], end: tuple[float, float]) -> Image:
    """A soft line between two points (column, row), its strength falling with the logarithm of the distance."""
    (c0, r0), (c1, r1) = start, end
    slope = (r1 - r0) / (c1 - c0)
    distance = np.clip(np.abs(ROWS - (slope * (COLUMNS - c0) + r0)), 0, 2.3 - 1e-10)
    line = np.clip(np.log(1 - distance / 2.3) + 1, 0, 1)
    return np.where((np.floor(c0) <= COLUMNS) & (np.ceil(c1) > COLUMNS), line, 0)


def dotted_line(x: Image, rng: Generator) -> Image:
    """A dotted line across it."""
    r0, r1 = rng.uniform(0, 28, 2)
    line = _line((0.0, r0), (28.0, r1))
    line[:, (COLUMNS[0] // 2).astype(int) % 2 == 1] = 0
    return np.maximum(x, line)


def zigzag(x: Image, rng: Generator) -> Image:
    """A zigzag across it, two pixels up and down, nearly level."""
    r0 = rng.uniform(0, 27)
    r1 = r0 + rng.uniform(-5, 5)
    width, swing = 2.0, 2.0
    for number in range(1, 13):
        c0 = number * width
        here, there = (r0 + (r1 - r0) * c / 28 for c in (c0, c0 + width))
        up = swing if number % 2 else -swing
        x = np.maximum(x, _line((c0, here - up), (c0 + width, there + up)))
    return x


def canny_edges(x: Image, _: Generator) -> Image:
    """Its edges instead of itself."""
    return canny(x).astype(np.float64)


CORRUPTIONS: tuple[Corruption, ...] = (
    shot_noise,
    impulse_noise,
    glass_blur,
    motion_blur,
    shear,
    scale,
    rotate,
    brightness,
    translate,
    stripe,
    fog,
    spatter,
    dotted_line,
    zigzag,
    canny_edges,
)


def corrupted(images: NDArray[np.uint8], corruption: Corruption, seed: int = 0) -> NDArray[np.uint8]:
    """Digits uint8 (N, 28, 28), each corrupted anew."""
    rng = np.random.default_rng(seed)
    changed = [corruption(image / 255.0, rng) for image in images]
    return np.round(np.clip(np.stack(changed), 0, 1) * 255).astype(np.uint8)
