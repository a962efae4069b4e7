"""Pictures of things that Debian's packages bring, none of which shows a digit by its name."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
from fontTools.ttLib import TTFont, TTLibError
from PIL import Image


@dataclass(frozen=True)
class Things:
    """Pictures of a kind.

    Attributes:
        patterns: where they lie below the packages' root.
        count: how many are taken at most.
        without: folders of other kinds.
        parts: how often each is taken, whole or in part: photos are few, and large enough to be cut.
    """

    patterns: tuple[str, ...]
    count: int
    without: frozenset[str] = frozenset()
    parts: int = 1


THINGS: dict[str, Things] = {
    "clipart": Things(("usr/share/openclipart/png/*/**/*.png",), 300, frozenset({"people"})),
    "people": Things(("usr/share/openclipart/png/people/**/*.png", "usr/share/tuxpaint/stamps/people/**/*.png"), 150),
    "stamps": Things(("usr/share/tuxpaint/stamps/*/**/*.png",), 200, frozenset({"people", "symbols"})),
    "icons": Things(("usr/share/icons/oxygen/base/*/**/*.png",), 200),
    "icons of other themes": Things(("usr/share/icons/gnome/*/**/*.png", "usr/share/icons/Faenza*/**/*.png"), 200),
    "photos": Things(
        ("usr/share/wallpapers/*/contents/**/*.jpg", "usr/share/wallpapers/*/contents/**/*.png"), 100, parts=4
    ),
    "more photos": Things(("usr/share/backgrounds/**/*.jpg", "usr/share/backgrounds/**/*.webp"), 100, parts=4),
}
#: What shows digits, or is a picture of paper, by its name or its folder's.
SHOWS_DIGITS = re.compile(
    r"\d{3}x\d|digit|numb|numer|calen|clock|watch|date|time|dice|domino|card|money|coin|bill|currency|alphabet|letter"
    r"|speed|limit|ruler|calcul|keyboard|phone|page|zoom-original|zero|one_|two|three|four|five|six|seven|eight|nine"
    r"|jersey|ball_8|eight_ball|license|plate|math|score|thermo|scale|price|ordered|formula|sum|unsorted|sudoku|cell|circle|ring|oval|ellips|/special/|/stars/|roadsign"
)
#: The longest side that a picture is kept with, in pixels, and the shortest that is taken.
LONGEST, SHORTEST = 800, 24
#: The largest file that is taken: some clipart is larger than Pillow opens.
MOST_BYTES = 4_000_000
#: The first letters of a font that are missing from one of signs.
NEEDED = "AGMgm358"
CLOTHES = "usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz"
FONTS = ("usr/share/fonts/**/*.ttf", "usr/share/fonts/**/*.otf")
#: Fonts whose glyphs are colours, signs or words.
NO_LETTERS = re.compile(r"emoji|symbol|awesome|dingbat|math|icon", re.IGNORECASE)


def things(root: Path, kind: str, rng: Random) -> Iterator[Image.Image]:
    """Some of the pictures of a kind on white, grey or black ground: whole, or a part of a photo."""
    wanted = THINGS[kind]
    files = sorted({file for pattern in wanted.patterns for file in root.glob(pattern) if file.is_file()})
    files = [
        file
        for file in files
        if file.stat().st_size <= MOST_BYTES
        and not SHOWS_DIGITS.search(str(file.relative_to(root)).lower())
        and not wanted.without & set(file.parts)
    ]
    rng.shuffle(files)
    pictures = (opened(file, rng, is_cut=wanted.parts > 1) for file in files * wanted.parts)
    yield from islice((picture for picture in pictures if min(picture.size) >= SHORTEST), wanted.count)


def opened(file: Path, rng: Random, *, is_cut: bool) -> Image.Image:
    """A picture of things on a plain ground, or a part of a photo, not too large."""
    with Image.open(file) as picture:
        picture.draft("RGB", (2 * LONGEST, 2 * LONGEST))
        whole = on_ground(picture.convert("RGBA"), rng)
    shown = part_of(whole, rng) if is_cut and rng.random() < 0.5 else whole
    shown.thumbnail((LONGEST, LONGEST))
    return shown


def on_ground(picture: Image.Image, rng: Random) -> Image.Image:
    """A picture that may be transparent, on a plain ground."""
    level = rng.choice([255, 255, 255, 230, 128, 0])
    ground = Image.new("RGBA", picture.size, (level, level, level, 255))
    return Image.alpha_composite(ground, picture).convert("RGB")


def part_of(picture: Image.Image, rng: Random) -> Image.Image:
    """A part, a fifth to a half as wide."""
    share = rng.uniform(0.2, 0.5)
    width, height = round(picture.width * share), round(picture.height * share)
    left, top = rng.randint(0, picture.width - width), rng.randint(0, picture.height - height)
    return picture.crop((left, top, left + width, top + height))


def clothes(root: Path, count: int) -> Iterator[Image.Image]:
    """The first of Fashion-MNIST's training pictures, 28×28, bright on black or the other way round."""
    file = root / CLOTHES
    if not file.exists():
        return
    with gzip.open(file) as packed:
        pixels = np.frombuffer(packed.read(16 + count * 28 * 28), np.uint8, offset=16).reshape(-1, 28, 28)
    for index, image in enumerate(pixels):
        picture = Image.fromarray(image if index % 3 else 255 - image)
        yield (picture if index % 2 else picture.resize((140, 140), Image.Resampling.BICUBIC)).convert("RGB")


def fonts(root: Path) -> Sequence[Path]:
    """Fonts with letters and digits, by their paths."""
    files = sorted({file for pattern in FONTS for file in root.glob(pattern)})
    return [file for file in files if not NO_LETTERS.search(file.name) and has(file, NEEDED)]


def has(font: Path, signs: str) -> bool:
    """Whether a font has a glyph for each of the signs."""
    return all(ord(sign) in _known(font) for sign in signs)


@cache
def _known(font: Path) -> frozenset[int]:
    """The code points of a font."""
    try:
        with TTFont(font, lazy=True) as opened_font:
            return frozenset(opened_font.getBestCmap() or ())
    except TTLibError:
        return frozenset()
