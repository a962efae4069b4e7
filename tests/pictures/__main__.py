"""``python -m tests.pictures FOLDER`` makes what ``python -m tests.make_judge --pictures FOLDER`` learns from.

FOLDER gets a folder for each kind. Things and fonts come from these packages of Debian, as far as they are there,
installed or unpacked below ``--packages ROOT``: openclipart-png, tuxpaint-stamps-default, oxygen-icon-theme,
gnome-icon-theme, faenza-icon-theme, gnome-backgrounds, mate-backgrounds, plasma-workspace-wallpapers,
dataset-fashion-mnist, fonts-noto-color-emoji, fonts-font-awesome, fonts-symbola, and any with letters. Kinds whose
packages are missing are told, and left out. Everything else is drawn. The same packages give the same pictures.
"""

from __future__ import annotations

import argparse
import logging
import string
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

from PIL import Image

from tests.pictures import drawn, packages, written
from tests.pictures.shown import decorated

#: One in so many fonts is kept for kinds of their own, to hold out.
KEPT = 4


def kinds(root: Path) -> Iterator[tuple[str, Iterable[tuple[Image.Image, str]]]]:
    """Each kind's name and its pictures with the digits in them, "" for none."""
    for kind in packages.THINGS:
        yield kind, unlabelled(packages.things(root, kind, Random(kind)))
    every = packages.fonts(root)
    others = every[::KEPT]
    fonts = [font for font in every if font not in others]
    yield "letters", no_digits(written.lettered(fonts, written.LETTERS, 450, Random("letters")))
    yield "letters of other fonts", no_digits(written.lettered(others, written.LETTERS, 150, Random("other fonts")))
    yield "letters of other scripts", no_digits(written.lettered(fonts, written.OTHER_LETTERS, 200, Random("scripts")))
    yield "words", no_digits(written.lettered(fonts, written.WORDS, 80, Random("words")))
    yield "words of other fonts", no_digits(written.lettered(others, written.WORDS, 40, Random("other words")))
    yield "digits of fonts", written.lettered(every, [*string.digits, *numbers()], 500, Random("digits"))
    yield "decorated digits", written.lettered(every, string.digits, 300, Random("decorated digits"), decorated)
    letters = written.lettered(fonts, written.LETTERS, 150, Random("decorated letters"), decorated)
    yield "decorated letters", no_digits(letters)
    for name, signs in (("Symbola", written.SIGNS), ("awesome", range(0xF000, 0xF200))):
        files = sorted(file for pattern in packages.FONTS for file in root.glob(pattern) if name in file.name)
        texts = [chr(sign) for sign in signs if sign not in written.NO_AWESOME]
        yield f"signs of {name}", no_digits(written.lettered(files, texts, 150, Random(name)))
    colours = sorted(root.glob("usr/share/fonts/**/NotoColorEmoji.ttf"))
    yield "emoji", unlabelled(written.emoji(colours[0], 120, Random("emoji")) if colours else [])
    yield "clothes", unlabelled(packages.clothes(root, 150))
    yield "letters of stroke fonts", unlabelled(written.stroke_letters(150, Random("stroke fonts")))
    yield "scribbles in pictures", unlabelled(drawn.scribbles(175, Random("scribbles")))
    yield "pages of words", unlabelled(written.pages(fonts, 100, Random("pages")))
    yield "shapes", unlabelled(drawn.shapes(150, Random("shapes")))
    yield "codes", unlabelled(drawn.codes(60, Random("codes")))
    yield "plots", unlabelled(drawn.plots(100, Random("plots")))
    yield "textures", unlabelled(drawn.textures(100, Random("textures")))


def numbers() -> list[str]:
    """Some numbers of two to four digits."""
    rng = Random("numbers")
    return ["".join(rng.choices(string.digits, k=rng.randint(2, 4))) for _ in range(5)]


def unlabelled(pictures: Iterable[Image.Image]) -> Iterator[tuple[Image.Image, str]]:
    """Pictures without digits."""
    return ((picture, "") for picture in pictures)


def no_digits(pictures: Iterable[tuple[Image.Image, str]]) -> Iterator[tuple[Image.Image, str]]:
    """What is written there is no digit."""
    return unlabelled(picture for picture, _ in pictures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, collect, write, tell."""
    parser = argparse.ArgumentParser("python -m tests.pictures", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the kinds' folders go")
    parser.add_argument("--packages", type=Path, default=Path("/"), metavar="ROOT", help="default: what is installed")
    options = parser.parse_args(arguments)
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # some fonts' tables are a byte too long
    for kind, pictures in kinds(options.packages):
        count = 0
        for picture, digits in pictures:
            folder = options.folder / kind
            folder.mkdir(parents=True, exist_ok=True)
            picture.save(folder / (f"{count:04}_{digits}.png" if digits else f"{count:04}.png"))
            count += 1
        print(f"{kind}: {count}" if count else f"{kind}: its packages are missing", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
