"""What a picture's mode, colours, light and orientation do to what is read: nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from model.data.digits import DataSet
from model.preprocess.picture import Pixels, open_picture
from model.preprocess.pipeline import preprocess
from tests.helpers.pictures import difference, enlarged, image_of, inked, saved


@pytest.fixture(scope="module")
def expected(digit: Pixels) -> Pixels:
    """What becomes of the digit enlarged five times."""
    return image_of(preprocess(enlarged(digit)))


LOSSLESS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "L": lambda grey: grey,
    "LA": lambda grey: grey.convert("LA"),
    "P": lambda grey: grey.convert("P"),
    "PA": lambda grey: grey.convert("P").convert("PA"),
    "RGB": lambda grey: grey.convert("RGB"),
    "RGBA": lambda grey: grey.convert("RGBA"),
    "CMYK": lambda grey: grey.convert("RGB").convert("CMYK"),
    "HSV": lambda grey: grey.convert("RGB").convert("HSV"),
    "I": lambda grey: grey.convert("I"),
    "I;16": lambda grey: grey.convert("I").convert("I;16"),
    "I;16B": lambda grey: grey.convert("I").convert("I;16B"),
    "F": lambda grey: grey.convert("F"),
    "16 bits deep": lambda grey: Image.fromarray(np.asarray(grey).astype(np.uint16) * 257),
    "F to 1": lambda grey: Image.fromarray(np.asarray(grey).astype(np.float32) / 255),
}


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("mode", LOSSLESS)
def test_a_lossless_mode_gives_the_same(digit: Pixels, expected: Pixels, mode: str, inverted: bool) -> None:
    pixels = enlarged(digit)
    picture = LOSSLESS[mode](Image.fromarray(255 - pixels if inverted else pixels))
    assert np.array_equal(image_of(preprocess(picture)), expected)


def test_black_and_white_gives_almost_the_same(digit: Pixels, expected: Pixels) -> None:
    picture = Image.fromarray(enlarged(digit) >= 128)
    assert picture.mode == "1"
    assert difference(image_of(preprocess(picture)), expected) < 8


def test_a_palette_with_a_transparent_colour_is_read(digit: Pixels, expected: Pixels) -> None:
    picture = Image.fromarray(enlarged(digit)).convert("P")
    for content in (saved(picture, transparency=0), saved(picture, "GIF", transparency=0)):
        assert open_picture(content).image.info["transparency"] == 0
        assert np.array_equal(image_of(preprocess(content)), expected)


@pytest.mark.parametrize("level", [0, 255])
def test_a_digit_on_transparent_is_read_whether_black_or_white(digit: Pixels, expected: Pixels, level: int) -> None:
    alpha = Image.fromarray(enlarged(digit))
    for mode in ("LA", "RGBA"):
        ink = Image.new("L", alpha.size, level).convert(mode)
        ink.putalpha(alpha)
        assert np.array_equal(image_of(preprocess(saved(ink))), expected)


def test_a_transparent_black_digit_is_read_like_one_on_white(digit: Pixels) -> None:
    transparent, white = Image.new("RGBA", (280, 280), (0, 0, 0, 0)), Image.new("L", (280, 280), 255)
    for page in (transparent, white):
        page.paste("black", (80, 40), Image.fromarray(enlarged(digit)))
    assert difference(image_of(preprocess(transparent)), image_of(preprocess(white))) < 1
    assert preprocess(transparent).box == preprocess(white).box


@pytest.mark.parametrize(
    ("paper", "pen"),
    [
        ("white", "black"),
        ("black", "white"),
        ("white", "yellow"),
        ("green", "red"),
        ("red", "blue"),
        ("#fdf6e3", "#1f3a93"),
        ("#2b5d34", "#f2f2e6"),
        ("#d0d0d0", "#a0a0a0"),
    ],
)
def test_pen_and_paper_may_have_any_colour(digit: Pixels, expected: Pixels, paper: str, pen: str) -> None:
    assert difference(image_of(preprocess(inked(digit, paper, pen))), expected) < 6


def test_a_photographed_jpeg_is_read(digit: Pixels, expected: Pixels) -> None:
    photo = inked(digit, "#d8d4c8", "#2a2c40").filter(ImageFilter.GaussianBlur(2))
    assert difference(image_of(preprocess(saved(photo, "JPEG", quality=60))), expected) < 8


UPRIGHT_TO_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def rotated(upright: Image.Image, orientation: int, kind: str) -> bytes:
    turn = UPRIGHT_TO_STORED[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(upright if turn is None else upright.transpose(turn), kind, exif=exif)


@pytest.mark.parametrize("orientation", UPRIGHT_TO_STORED)
def test_a_picture_is_turned_as_its_exif_says(digit: Pixels, orientation: int) -> None:
    page = Image.new("L", (60, 40))
    page.paste(Image.fromarray(digit), (30, 5))
    prepared = preprocess(rotated(page, orientation, "PNG"))
    assert np.array_equal(image_of(prepared), digit)
    assert prepared.box == (36, 12, 52, 32)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_box_in_a_photo_is_in_pixels_of_the_upright_source(digit: Pixels, orientation: int) -> None:
    photo = Image.new("L", (4_003, 3_001), 230)
    photo.paste(30, (1_000, 1_500), Image.fromarray(enlarged(digit, 40)))
    content = rotated(photo, orientation, "JPEG")
    prepared = preprocess(content)
    assert max(open_picture(content).image.size) < 2_000
    assert prepared.box == pytest.approx((1_000 + 240, 1_500 + 280, 1_000 + 880, 1_500 + 1_080), abs=16)
    assert difference(image_of(prepared), digit) < 10


def test_the_first_frame_of_an_animation_counts(extract: DataSet, tmp_path: Path) -> None:
    first, second = (Image.fromarray(digit) for digit in extract.test.images[:2].numpy())
    first.save(tmp_path / "film.gif", save_all=True, append_images=[second])
    assert np.array_equal(image_of(preprocess(tmp_path / "film.gif")), np.asarray(first))


LIGHTS = {
    "from the right": np.linspace(0.45, 1, 280)[None, :],
    "from above": np.linspace(1, 0.45, 280)[:, None],
    "from a corner": np.linspace(0.6, 1, 280)[:, None] * np.linspace(0.6, 1, 280)[None, :],
    "half in shadow": 0.8 + 0.2 * np.tanh((np.arange(280) - 140) / 30)[None, :],
}


@pytest.mark.parametrize("light", LIGHTS)
def test_uneven_light_does_not_change_what_is_read(digit: Pixels, expected: Pixels, light: str) -> None:
    page = np.asarray(inked(digit, "#e0e0e0", "#202020").convert("L")) * LIGHTS[light]
    assert difference(image_of(preprocess(page.astype(np.uint8))), expected) < 10
