from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image, ImageDraw

from model.data.digits import DataSet
from model.errors import PictureError, StrokesError
from model.preprocess.__main__ import main
from model.preprocess.picture import Pixels
from model.preprocess.pipeline import STEPS, preprocess
from model.preprocess.strokes import parse_drawing
from tests.helpers.pictures import difference, enlarged, image_of


@pytest.mark.slow
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


@pytest.mark.slow
@settings(max_examples=300)
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


@pytest.mark.slow
@settings(max_examples=100)
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
