"""Make the pictures of this folder: ``python examples/make.py --pen STROKES.json --mnist DIR``.

People's own pen strokes, drawn in many ways: flat drawings as they come out of programs, and
rendered "photographs" with light, paper, pen and camera. The README lists them and their sources.
Each picture has a seed of its own, so that changing one leaves the others as they are.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from photograph import Colour, Levels, blur, grain, lay, ramp, relief, shade, shoot, tinted

Line = NDArray[np.float64]  # (N, 3): x, y in pixels, and the pen's speed relative to its usual one

HERE = Path(__file__).resolve().parent
#: The strokes are whole numbers on a 500×500 box; this much smoothing, of a digit's height, hides the steps.
SMOOTHING = 0.012
#: Strokes are drawn this much finer, then averaged.
OVERSAMPLING = 2
#: Of JPEGs: no visible blocks at 100 to 250 KB each.
QUALITY = 84
EXIF_ORIENTATION, TURNED_RIGHT = 0x0112, 6
#: The first of MNIST's test digits, a 7.
MNIST_NAME, MNIST_INDEX = "7-mnist.png", 0

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@dataclass(frozen=True)
class Example:
    """How a picture is made.

    Attributes:
        index: of the digit in the pen data.
        size: of the picture, (width, height).
        side: of the digit, the longest.
        width: of the pen.
        scene: what draws the ink, and on what.
        at: the place of the digit's centre, (0, 0) to (1, 1).
        turned: whether the camera was held upright: it then stores the picture lying on its
            left side, and an EXIF note to turn it right.
    """

    index: int
    size: tuple[int, int]
    side: float
    width: float
    scene: Callable[[Example, list[Line], np.random.Generator], Image.Image]
    at: tuple[float, float] = (0.5, 0.5)
    turned: bool = False


def trace(strokes: list[list[list[float]]], example: Example) -> list[Line]:
    """The strokes in their place on the picture, as smooth lines with a point for every pixel or so."""
    points = np.concatenate([np.asarray(stroke, dtype=np.float64) for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = example.side / float((high - low).max())
    lines = []
    for stroke in strokes:
        path = (np.asarray(stroke) - (low + high) / 2) * (scale, -scale) + np.multiply(example.at, example.size)
        steps = np.hypot(*np.diff(path, axis=0).T)
        moved = np.concatenate([[True], steps > 0])  # the pen was sampled in time: a resting one repeats itself
        path, along = path[moved], np.concatenate([[0], np.cumsum(steps)])[moved]
        speed = np.gradient(along) / max(1e-6, float(np.median(np.gradient(along)))) if len(along) > 1 else [1.0]
        places = np.linspace(0, along[-1], max(2, int(along[-1])))
        line = np.stack([np.interp(places, along, values) for values in (*path.T, speed)], axis=1)
        lines.append(_smooth(line, max(1.0, SMOOTHING * example.side)))
    return lines


def _smooth(line: Line, sigma: float) -> Line:
    """A Gaussian along the line (ten times as wide for the speed); its two ends stay in place."""
    for columns, width in ((slice(0, 2), sigma), (slice(2, 3), 10 * sigma)):
        reach = min(len(line) - 1, int(3 * width))
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
        padded = np.pad(line[:, columns], ((reach, reach), (0, 0)), mode="reflect", reflect_type="odd")
        smooth = [np.convolve(column, kernel / kernel.sum(), mode="valid") for column in padded.T]
        line[:, columns] = np.stack(smooth, axis=1)
    return line


def draw(example: Example, lines: list[Line], sway: float = 0.0, fade: float = 0.0) -> Levels:
    """The ink (H, W) in 0…1. A quick pen is thinner by ``sway`` and paler by ``fade``, a slow one the contrary."""
    picture = Image.new("L", (example.size[0] * OVERSAMPLING, example.size[1] * OVERSAMPLING))
    pen = ImageDraw.Draw(picture)
    for line in lines:
        for x, y, speed in line:
            haste = float(np.clip(speed - 1, -1, 1))
            radius = example.width * (1 - sway * haste) / 2
            box = [(value - radius, value + radius) for value in (x, y)]
            level = round(255 * min(1.0, 1 - fade * (haste + 1) / 2))
            pen.ellipse([side[k] * OVERSAMPLING for k in (0, 1) for side in box], fill=level)
    return np.asarray(picture.reduce(OVERSAMPLING), dtype=np.float32) / 255


def flat(colour: Colour, paper: Colour | None) -> Callable[[Example, list[Line], np.random.Generator], Image.Image]:
    """Plain drawings, as programs save them; without ``paper`` they are transparent."""

    def scene(example: Example, lines: list[Line], _: np.random.Generator) -> Image.Image:
        mask = Image.fromarray(np.uint8(draw(example, lines) * 255))
        if paper is None:
            picture = Image.new("RGB", example.size, colour)
            picture.putalpha(mask)
        else:
            picture = Image.new("RGB", example.size, paper)
            picture.paste(colour, mask=mask)
        return picture

    return scene


def ballpoint(example: Example, lines: list[Line], rng: np.random.Generator) -> Image.Image:
    """A blue ballpoint on cream paper by a window, the shadow of a hand across a corner."""
    size = example.size
    paper = tinted((240, 231, 207), 2.0 * relief(rng, size, 3), 1.6 * grain(rng, size, 60))
    gaps = np.clip(0.93 + 0.10 * grain(rng, size, 2.5) + 0.07 * grain(rng, size, 14), 0.3, 1)
    ink = blur(draw(example, lines, sway=0.22, fade=0.22), 1.0) * gaps
    light = 0.93 - 0.08 * ramp(size, (0.8, 0.4)) - 0.17 * shade(size, (0.75, 0.65), 0.85, 0.12)
    return shoot(lay(paper, ink * 0.93, (32, 48, 142)), light, rng, noise=3.2, soft=1.1)


def pencil(example: Example, lines: list[Line], rng: np.random.Generator) -> Image.Image:
    """A soft pencil on rough grey paper: graphite stays on the paper's heights."""
    size = example.size
    tooth = 0.7 * grain(rng, size, 3.2) + 0.5 * grain(rng, size, 1.7)
    paper = tinted((186, 186, 182), 3.0 * (tooth - np.roll(tooth, 1, axis=1)), 2.0 * grain(rng, size, 90))
    ink = blur(draw(example, lines, sway=0.20, fade=0.40), 2.2)
    ink = ink * np.clip(0.80 + 0.30 * tooth, 0.12, 1)
    light = 0.95 - 0.07 * ramp(size, (-0.6, 0.7)) - 0.05 * shade(size, (-0.9, 0.3), 0.6, 0.2)
    return shoot(lay(paper, ink * 0.66, (78, 78, 84)), light, rng, noise=3.0, soft=1.0)


def chalk(example: Example, lines: list[Line], rng: np.random.Generator) -> Image.Image:
    """Chalk on a wiped blackboard: it breaks on the board's grain, and dust lies about."""
    size = example.size
    wiped = grain(rng, size, 40, along=500) + 0.35 * grain(rng, size, 7, along=300)
    cloud = grain(rng, size, 180) + 0.6 * grain(rng, size, 60)
    board = tinted((44, 68, 56), 2.2 * wiped, 3.5 * cloud, 1.6 * relief(rng, size, 3))
    stroke = draw(example, lines, sway=0.15, fade=0.25)
    pores = 0.8 * grain(rng, size, 3.0) + 0.5 * grain(rng, size, 7) + 0.35 * grain(rng, size, 3, along=14)
    ink = np.clip((blur(stroke, 4.0) * 2.0 - 0.75 + 0.40 * pores) * 1.2, 0, 1) * np.clip(stroke * 3, 0, 1)
    dust = 0.10 * blur(stroke, 22) + 0.35 * (grain(rng, size, 2.2) > 3.3) * rng.random()
    light = 0.98 - 0.10 * ramp(size, (0.7, 0.5))
    return shoot(lay(lay(board, dust, (205, 210, 200)), ink * 0.92, (232, 232, 222)), light, rng, noise=3.0, soft=0.9)


def whiteboard(example: Example, lines: list[Line], rng: np.random.Generator) -> Image.Image:
    """A red marker on a whiteboard, a lamp mirrored in it: the ink gathers at the stroke's edges."""
    size = example.size
    smear = np.clip(grain(rng, size, 30, along=260) - 0.8, 0, None)
    board = tinted((214, 219, 224), -2.5 * smear, 1.0 * grain(rng, size, 120))
    stroke = draw(example, lines, sway=0.10, fade=0.12)
    edge = 1 - blur(stroke, example.width / 5)
    ink = blur(stroke, 0.8) * np.clip(0.80 + 0.35 * edge + 0.04 * grain(rng, size, 6), 0, 1)
    scene = lay(board, ink * 0.95, (206, 36, 44))
    lamp = np.exp(-((ramp(size, (1.0, 0.25)) + 0.62) ** 2 / 0.05 + (ramp(size, (-0.2, 1.0)) + 0.62) ** 2 / 0.10))
    light = 0.94 - 0.08 * ramp(size, (0.6, 0.8))
    return shoot(lay(scene, 0.75 * lamp, (255, 255, 255)), light, rng, noise=2.6, soft=1.0)


def phone(example: Example, lines: list[Line], rng: np.random.Generator) -> Image.Image:
    """A black felt pen on copy paper under a warm lamp, the phone's own shadow on it."""
    size = example.size
    paper = tinted((236, 226, 208), 1.2 * relief(rng, size, 4), 1.5 * grain(rng, size, 140))
    stroke = draw(example, lines, sway=0.14, fade=0.08)
    bled = np.clip((blur(stroke, 3) - 0.5 + 0.05 * grain(rng, size, 5)) * 3 + 0.5, 0, 1)
    ink = blur(bled, 1.2) * np.clip(0.95 + 0.02 * grain(rng, size, 5) + 0.025 * grain(rng, size, 60), 0, 1)
    light = 0.95 - 0.06 * ramp(size, (0.3, -0.7)) - 0.18 * shade(size, (0.25, 1.0), 0.78, 0.08)
    return shoot(lay(paper, ink * 0.92, (30, 29, 32)), light, rng, noise=2.6, soft=1.2)


def scan(example: Example, lines: list[Line], rng: np.random.Generator) -> Image.Image:
    """A fountain pen on pale green paper, cut out so closely that the digit touches all four edges."""
    size = example.size
    paper = tinted((214, 228, 205), 1.5 * relief(rng, size, 2))
    stroke = draw(example, lines, sway=0.28, fade=0.25)
    ink = stroke * np.clip(0.93 + 0.02 * grain(rng, size, 3) + 0.05 * grain(rng, size, 40), 0, 1)
    scene = shoot(lay(paper, ink * 0.95, (36, 32, 60)), 0.98 - 0.05 * ramp(size, (1, 0)), rng, noise=2.0, soft=0.7)
    rows, columns = np.flatnonzero((stroke > 0.5).any(axis=1)), np.flatnonzero((stroke > 0.5).any(axis=0))
    return scene.crop((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1))


#: Each name begins with the digit's true value; each index is of another writer.
EXAMPLES = {
    "3-drawn.png": Example(1350, (280, 280), 190, 18, flat(BLACK, WHITE)),
    "4-small.png": Example(509, (400, 300), 64, 6, flat(WHITE, BLACK), at=(0.80, 0.28)),
    "2-thin-line.png": Example(6212, (300, 300), 200, 2, flat(BLACK, WHITE)),
    "8-fat-marker.png": Example(6723, (400, 400), 270, 50, flat((38, 38, 46), WHITE)),
    "5-transparent.png": Example(2261, (320, 320), 220, 20, flat(BLACK, None)),
    "0-white-transparent.png": Example(2874, (320, 320), 220, 20, flat(WHITE, None)),
    "6-yellow.png": Example(762, (400, 400), 270, 26, flat((255, 226, 60), WHITE), at=(0.48, 0.52)),
    "7-ballpoint.jpg": Example(1470, (1200, 900), 600, 24, ballpoint, at=(0.46, 0.50)),
    "6-pencil.jpg": Example(4023, (1000, 800), 520, 17, pencil, at=(0.53, 0.48)),
    "9-chalk.jpg": Example(5916, (1200, 900), 620, 44, chalk, at=(0.52, 0.50)),
    "1-whiteboard.jpg": Example(459, (1200, 900), 560, 38, whiteboard, at=(0.56, 0.52)),
    "2-phone-turned.jpg": Example(5589, (1200, 1600), 900, 64, phone, at=(0.48, 0.46), turned=True),
    "5-cut-close.jpg": Example(1118, (420, 480), 300, 22, scan),
}


def make(pen: list[dict[str, Any]], mnist_digit: Image.Image) -> None:
    """Write all pictures into this folder."""
    for name, example in EXAMPLES.items():
        record = pen[example.index]
        if str(record["label"]) != name[0]:
            raise ValueError(f"digit {example.index} of the pen data is a {record['label']}, not the one in {name}")
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        picture = example.scene(example, trace(record["strokes"], example), rng)
        exif = Image.Exif()
        if example.turned:
            picture = picture.transpose(Image.Transpose.ROTATE_90)
            exif[EXIF_ORIENTATION] = TURNED_RIGHT
        picture.save(HERE / name, optimize=True, quality=QUALITY, exif=exif)
    mnist_digit.save(HERE / MNIST_NAME, optimize=True)


def read_mnist_digit(file: Path) -> Image.Image:
    """MNIST's test digit ``MNIST_INDEX``: 28×28, after a header of 16 bytes."""
    digits = np.frombuffer(file.read_bytes(), dtype=np.uint8, offset=16).reshape(-1, 28, 28)
    return Image.fromarray(digits[MNIST_INDEX])


def main() -> int:
    """Exit status 2 where the sources are missing or aren't what they should be."""
    parser = argparse.ArgumentParser(description="Make the example pictures.")
    parser.add_argument("--pen", type=Path, required=True, metavar="STROKES.json", help="the pen strokes")
    parser.add_argument("--mnist", type=Path, required=True, metavar="DIR", help="holds MNIST/raw/*-ubyte")
    arguments = parser.parse_args()
    mnist = arguments.mnist / "MNIST" / "raw" / "t10k-images-idx3-ubyte"
    for file in (arguments.pen, mnist):
        if not file.is_file():
            print(f"make.py: there is no {file}", file=sys.stderr)
            return 2
    try:
        make(json.loads(arguments.pen.read_text(encoding="utf-8")), read_mnist_digit(mnist))
    except (ValueError, LookupError, TypeError) as error:
        print(f"make.py: the sources aren't the pen data and MNIST: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
