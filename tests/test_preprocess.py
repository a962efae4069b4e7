from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image, ImageDraw, ImageFilter

from model.data import DataSet
from model.errors import PictureError, StrokesError
from model.picture import Pixels, open_picture
from model.preprocess import STEPS, Prepared, main, preprocess
from model.strokes import parse_drawing


def enlarged(digit: Pixels, factor: int = 5) -> Pixels:
    return digit.repeat(factor, axis=0).repeat(factor, axis=1)


def image_of(prepared: Prepared) -> Pixels:
    assert prepared.image is not None
    return prepared.image


def difference(one: Pixels, other: Pixels) -> float:
    """The mean absolute difference in levels, where one may be a pixel off; other digits differ by 30 and more."""
    moved = [np.roll(one.astype(int), (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    return min(float(np.abs(there - other).mean()) for there in moved)


def saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def inked(digit: Pixels, paper: str, pen: str) -> Image.Image:
    """A page of one colour with the digit drawn in another, 5 pixels for one and as much room around."""
    picture = Image.new("RGB", (280, 280), paper)
    picture.paste(pen, (70, 70), Image.fromarray(enlarged(digit)))
    return picture


@pytest.fixture(scope="module")
def expected(digit: Pixels) -> Pixels:
    """What becomes of the digit enlarged five times."""
    return image_of(preprocess(enlarged(digit)))


@pytest.mark.mnist
@pytest.mark.parametrize("inverted", [False, True])
def test_every_mnist_test_digit_comes_back_pixel_for_pixel(mnist: DataSet, inverted: bool) -> None:
    digits = mnist.test.images.numpy()
    exact = [np.array_equal(image_of(preprocess(255 - digit if inverted else digit)), digit) for digit in digits]
    assert sum(exact) == len(digits) == 10_000


@pytest.mark.parametrize("inverted", [False, True])
def test_the_digits_of_the_extract_come_back_pixel_for_pixel(extract: DataSet, inverted: bool) -> None:
    for digit in extract.test.images.numpy():
        assert np.array_equal(image_of(preprocess(255 - digit if inverted else digit)), digit)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize(("x", "y"), [(0, 0), (72, 3), (50, 61)])
def test_a_digit_comes_back_from_anywhere_on_a_larger_page(digit: Pixels, x: int, y: int, inverted: bool) -> None:
    page = np.zeros((100, 100), dtype=np.uint8)
    page[y : y + 28, x : x + 28] = digit
    prepared = preprocess(255 - page if inverted else page)
    assert np.array_equal(image_of(prepared), digit)
    assert prepared.box == (x + 6, y + 7, x + 22, y + 27)


def test_an_enlarged_digit_is_almost_the_digit(extract: DataSet) -> None:
    for digit in extract.test.images[:50].numpy():
        assert difference(image_of(preprocess(enlarged(digit))), digit) < 8


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


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (1, 5_000), (5_000, 1), (2, 2), (640, 640)])
@pytest.mark.parametrize("level", [0, 90, 255])
def test_an_even_picture_is_blank(shape: tuple[int, int], level: int) -> None:
    prepared = preprocess(np.full(shape, level, dtype=np.uint8))
    assert (prepared.image, prepared.box) == (None, None)
    assert [step.name for step in prepared.steps] == ["grey", "polarity", "background"]


@pytest.mark.parametrize("payload", [None, {"size": [300, 200], "strokes": []}, parse_drawing(None)])
def test_an_empty_pad_is_blank(payload: Any) -> None:
    assert preprocess(payload).image is None


@pytest.mark.parametrize("spread", [1, 5, 20, 60])
def test_even_noise_is_blank(spread: float) -> None:
    noise = np.random.default_rng(1).normal(128, spread, (300, 200)).clip(0, 255).astype(np.uint8)
    assert preprocess(noise).image is None
    assert preprocess(np.repeat(noise[..., None], 3, axis=2)).image is None


def test_paper_under_uneven_light_is_blank() -> None:
    light = np.linspace(120, 180, 300)[None, :].repeat(200, axis=0)
    noise = np.random.default_rng(1).normal(0, 2, light.shape)
    assert preprocess((light + noise).astype(np.uint8)).image is None


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


@pytest.mark.parametrize("factor", [1, 3])
@pytest.mark.parametrize("level", [5, 30, 63, 64, 128, 255])
def test_a_speck_far_away_does_not_shift_the_digit(digit: Pixels, factor: int, level: int) -> None:
    page = np.zeros((120, 120), dtype=np.uint8)
    page[60:88, 60:88] = digit
    page = enlarged(page, factor)
    clean = preprocess(page)
    page[3:5, 3:5] = level
    assert preprocess(page).box == clean.box
    assert np.array_equal(image_of(preprocess(page)), image_of(clean))


@pytest.mark.parametrize("end", [(300, 550), (550, 300), (550, 550)])
def test_a_thin_line_on_a_large_canvas_is_thickened(end: tuple[int, int]) -> None:
    page = Image.new("L", (600, 600), 255)
    ImageDraw.Draw(page).line((300 - (end[0] - 300), 300 - (end[1] - 300), *end), fill=0)
    image = image_of(preprocess(page))
    assert image[image >= 128].size >= 20 * 1.5
    assert 13 <= np.argwhere(image >= 128).mean() <= 15


def test_the_box_of_strokes_is_in_canvas_units() -> None:
    stroke = {"width": 40, "points": [[400, 200], [400, 700]]}
    prepared = preprocess({"size": [1_000, 900], "strokes": [stroke]})
    assert prepared.box == pytest.approx((380, 180, 420, 720), abs=5)
    assert image_of(prepared)[5:23, 14].min() > 128


@pytest.mark.parametrize("size", [[4_096, 1], [1, 4_096], [1_000, 3]])
def test_the_box_of_strokes_stays_on_a_narrow_canvas(size: list[int]) -> None:
    prepared = preprocess({"size": size, "strokes": [{"width": 60, "points": [[0, 0], [s // 2 for s in size]]}]})
    assert prepared.box is not None
    assert prepared.box[2] <= size[0]
    assert prepared.box[3] <= size[1]


@pytest.mark.parametrize("shape", [(641, 1_000), (1, 6_401), (1_283, 701)])
def test_the_box_stays_in_a_picture_that_is_shrunk(shape: tuple[int, int]) -> None:
    page = np.zeros(shape, dtype=np.uint8)
    height, width = shape
    page[height - max(1, height // 8) :, width // 2 : width // 2 + max(1, width // 16)] = 255
    prepared = preprocess(page)
    assert prepared.box is not None
    assert prepared.box[3] == height
    right = width // 2 + max(1, width // 16)
    assert prepared.box[:3] == pytest.approx((width // 2, height - max(1, height // 8), right), abs=11)


def test_strokes_and_their_picture_give_the_same() -> None:
    payload = {"size": [280, 280], "strokes": [{"width": 18, "points": [[90, 60], [190, 60], [120, 220]]}]}
    page = Image.new("L", (280, 280), 255)
    pen = ImageDraw.Draw(page)
    pen.line((90, 60, 190, 60, 120, 220), fill=0, width=18, joint="curve")
    assert difference(image_of(preprocess(payload)), image_of(preprocess(page))) < 8


def test_malformed_strokes_and_pictures_raise_their_own_errors() -> None:
    with pytest.raises(StrokesError):
        preprocess({"strokes": []})
    with pytest.raises(PictureError):
        preprocess(b"")


def test_steps_have_their_names_in_order_and_end_with_the_image(digit: Pixels) -> None:
    prepared = preprocess(255 - enlarged(digit))
    assert tuple(step.name for step in prepared.steps) == STEPS
    assert all(step.picture.dtype == np.uint8 and step.picture.ndim == 2 for step in prepared.steps)
    assert np.array_equal(prepared.steps[0].picture, 255 - enlarged(digit))
    assert np.array_equal(prepared.steps[1].picture, enlarged(digit))
    assert prepared.steps[-1].picture is prepared.image


@settings(deadline=None, max_examples=300)
@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=45)))
def test_any_array_is_blank_or_a_digit_in_a_box_inside(page: Pixels) -> None:
    prepared = preprocess(page)
    if prepared.image is None or prepared.box is None:
        assert (prepared.image, prepared.box, len(prepared.steps)) == (None, None, 3)
        return
    x0, y0, x1, y1 = prepared.box
    assert 0 <= x0 < x1 <= page.shape[1]
    assert 0 <= y0 < y1 <= page.shape[0]
    assert (prepared.image.shape, prepared.image.dtype) == ((28, 28), np.uint8)
    assert prepared.image.max() >= (64 if 18 <= max(x1 - x0, y1 - y0) <= 20 else 254)  # what fits isn't rescaled


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 60), st.floats(0.02, 0.98))
def test_blots_are_blank_or_a_digit_in_a_box_inside(seed: int, height: int, width: int, share: float) -> None:
    page = (np.random.default_rng(seed).random((height, width)) < share).astype(np.uint8) * 255
    prepared = preprocess(page)
    if prepared.image is not None and prepared.box is not None:
        assert prepared.image.max() >= 254
        assert prepared.box[2] <= width
        assert prepared.box[3] <= height


def test_a_digit_is_pasted_where_its_centre_of_mass_falls_on_14(extract: DataSet) -> None:
    for digit in extract.test.images[:50].numpy():
        mass = image_of(preprocess(enlarged(digit, 3))).astype(float)
        centre = [(mass.sum(axis=axis) @ np.arange(28)) / mass.sum() for axis in (0, 1)]
        assert np.abs(np.array(centre) - 14).max() <= 0.5


def command(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["preprocess", *map(str, arguments)])
    return main()


def test_the_command_saves_what_the_network_would_see(
    digit: Pixels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.fromarray(digit).save(tmp_path / "seven.png")
    assert command(monkeypatch, tmp_path / "seven.png", tmp_path / "out.png") == 0
    with Image.open(tmp_path / "out.png") as picture:
        assert np.array_equal(np.asarray(picture), enlarged(digit, 10))


def test_the_command_ends_with_2_and_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("L", (9, 9)).save(tmp_path / "blank.png")
    assert command(monkeypatch) == 2
    assert command(monkeypatch, tmp_path / "no.png", "out.png") == 2
    assert command(monkeypatch, tmp_path / "blank.png", "out.png") == 2
    usage, missing, blank = capsys.readouterr().err.splitlines()
    assert usage == "usage: python -m model.preprocess PICTURE OUT.png"
    assert missing.startswith("there is no picture")
    assert blank.endswith("blank.png is blank")
