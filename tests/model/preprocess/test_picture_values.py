"""What is told of a picture that can't be read, how it is turned upright, and what is under its holes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from model.errors import PictureError, Term
from model.preprocess import bounds
from model.preprocess.picture import PictureSource, off_axis, open_picture, to_grey
from tests.helpers.pictures import saved

SMALL = Image.new("L", (11, 10), 7)


def refusal(source: PictureSource) -> tuple[str, dict[str, object]]:
    """The key and the values of what is told."""
    with pytest.raises(PictureError) as error:
        open_picture(source)
    return error.value.key, dict(error.value.values)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a.png").write_bytes(saved(SMALL))
    return tmp_path / "a.png"


def test_a_picture_of_too_many_pixels_is_told_by_its_name(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_PIXELS", 109)
    told = {"width": 11, "height": 10, "most": 0}
    assert refusal(file) == refusal(str(file)) == ("too-many-pixels", {"name": str(file), **told})
    picture = ("too-many-pixels", {"name": Term("the-picture"), **told})
    assert refusal(saved(SMALL)) == refusal(SMALL) == picture
    assert refusal(np.zeros((10, 11), np.uint8)) == ("too-many-pixels", {"name": Term("the-array"), **told})


@pytest.mark.parametrize(("kind", "is_read"), [("PNG", False), ("GIF", True)])
def test_each_format_has_a_bound_of_its_own(kind: str, is_read: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_PIXELS_OF", {"PNG": 109})
    if is_read:
        assert open_picture(saved(SMALL, kind)).size == (11, 10)
    else:
        assert refusal(saved(SMALL, kind))[0] == "too-many-pixels"


def test_a_damaged_picture_is_told_by_its_name(file: Path) -> None:
    file.write_bytes(b"no picture")
    assert refusal(file) == ("damaged-picture", {"name": str(file)})
    assert refusal(file.read_bytes()) == ("damaged-picture", {"name": Term("the-picture")})


def test_a_file_that_takes_too_much_is_told_by_its_name(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_BYTES", 10)
    size = file.stat().st_size
    told = {"megabytes": size / 1e6, "most": 1e-5}
    assert refusal(file) == ("too-many-megabytes", {"name": str(file), **told})
    assert refusal(file.read_bytes()) == ("too-many-megabytes", {"name": Term("the-picture"), **told})


def test_what_is_missing_or_of_another_format_is_told_by_its_name(file: Path) -> None:
    assert refusal(str(file) + "x") == ("no-such-picture", {"name": str(file) + "x"})
    file.write_bytes(b"%PDF-1.7")
    assert refusal(file) == ("format-not-read", {"name": str(file), "kind": "PDF"})


def test_a_file_of_far_too_many_pixels_is_told_by_its_name(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 50)  # Pillow's own bound, twice of which it refuses to open
    assert refusal(file) == ("far-too-many-pixels", {"name": str(file), "most": 50})


def test_where_there_is_no_more_memory_that_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    assert refusal(file) == ("out-of-memory", {"name": str(file)})


@pytest.mark.parametrize(
    ("array", "key", "values"),
    [
        (np.zeros(4, np.uint8), "array-no-picture", {"shape": (4,), "dtype": np.dtype(np.uint8)}),
        (np.zeros((2, 3, 2), np.uint8), "array-no-picture", {"shape": (2, 3, 2), "dtype": np.dtype(np.uint8)}),
        (np.zeros((2, 3), complex), "array-no-picture", {"shape": (2, 3), "dtype": np.dtype(complex)}),
        (np.zeros((2, 3, 3)), "colours-not-uint8", {"dtype": np.dtype(np.float64)}),
        (np.zeros((0, 3)), "no-pixels", {"name": Term("the-array")}),
        (np.zeros((2, 20_001), np.bool_), "long-side", {"name": Term("the-array"), "side": 20_001, "most": 20_000}),
    ],
    ids=["one axis", "two channels", "complex", "colours", "none", "long"],
)
def test_what_is_wrong_with_an_array_is_told(array: Any, key: str, values: dict[str, object]) -> None:
    assert refusal(array) == (key, values)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.int16])
def test_an_array_may_lie_in_memory_in_any_order(dtype: Any) -> None:
    levels = np.array([[0, 51, 255], [102, 0, 255]], dtype)
    for array in (levels[:, ::-1], np.asfortranarray(levels), levels.repeat(2, axis=1)[:, ::2]):
        picture = open_picture(array)
        assert picture.size == (3, 2)
        assert to_grey(picture.image).tolist() == array.tolist()


@pytest.mark.parametrize("in_memory", [False, True])
@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, "left top"), (2, "right top"), (3, "right bottom"), (4, "left bottom"),
     (5, "left top"), (6, "right top"), (7, "right bottom"), (8, "left bottom")],
)  # fmt: skip
def test_a_picture_is_turned_upright(orientation: int, corner: str, in_memory: bool) -> None:
    stored = Image.new("L", (30, 20))
    stored.putpixel((0, 0), 255)
    stored.getexif()[0x0112] = orientation
    picture = open_picture(stored if in_memory else saved(stored, exif=stored.getexif()))
    width, height = (20, 30) if orientation >= 5 else (30, 20)
    assert picture.size == picture.image.size == (width, height)
    place = (0 if "left" in corner else width - 1, 0 if "top" in corner else height - 1)
    assert picture.image.getpixel(place) == 255
    assert stored.size == (30, 20)
    assert stored.getpixel((0, 0)) == 255


def test_a_picture_whose_orientation_can_t_be_read_is_left_lying(monkeypatch: pytest.MonkeyPatch) -> None:
    def getexif(_: object) -> None:
        raise SyntaxError

    stored = Image.new("L", (30, 20), 9)
    monkeypatch.setattr("PIL.Image.Image.getexif", getexif)
    picture = open_picture(stored)
    assert (picture.size, picture.image.size, picture.image.getpixel((0, 0))) == ((30, 20), (30, 20), 9)
    assert picture.image is not stored


@pytest.mark.parametrize("mode", ["I", "F", "I;16"])
def test_a_picture_of_any_range_is_stretched(mode: str) -> None:
    picture = Image.new(mode, (3, 1))
    for x, level in enumerate((100, 120, 200)):
        picture.putpixel((x, 0), level)
    assert to_grey(picture).tolist() == [pytest.approx([0, 51, 255])]


def test_what_is_not_finite_or_even_is_black() -> None:
    assert to_grey(Image.fromarray(np.array([[np.nan, np.inf]], np.float32))).tolist() == [[0, 0]]
    assert to_grey(Image.fromarray(np.array([[7, np.nan, 7]], np.float32))).tolist() == [[0, 0, 0]]
    assert to_grey(Image.fromarray(np.array([[7, np.nan, 7.5]], np.float32))).tolist() == [[0, 0, 255]]


def test_a_1_bit_picture_is_averaged_as_grey() -> None:
    picture = Image.new("1", (1280, 2))
    picture.putpixel((0, 0), 1)
    assert to_grey(picture)[0, :2].tolist() == [64, 0]


@pytest.mark.parametrize("mode", ["RGBA", "RGBa", "LA", "La", "PA"])
def test_what_is_wholly_transparent_is_white(mode: str) -> None:
    picture = Image.new("RGBA", (5, 4), (0, 0, 0, 0))
    picture = {"La": picture.convert("LA"), "PA": picture.convert("P")}.get(mode, picture).convert(mode)
    if mode == "PA":
        picture.putalpha(0)
    assert np.unique(to_grey(picture)).tolist() == [255]


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_colour_that_counts_as_transparent_is_none(mode: str) -> None:
    picture = Image.new("RGB", (10, 10), (9, 9, 9))
    picture.paste((60, 60, 60), (4, 4, 6, 6))
    picture = picture.convert(mode)
    picture.info["transparency"] = (9, 9, 9) if mode == "RGB" else 9
    grey = to_grey(picture)
    assert (grey[0, 0], grey[5, 5]) == ((255, 60) if mode == "RGB" else (9, 60))


def test_holes_in_colour_take_the_median_of_each_channel() -> None:
    picture = Image.new("RGBA", (10, 10), (200, 100, 50, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 3, 3))
    assert np.ptp(to_grey(picture)) == 0
    assert off_axis(picture) == pytest.approx(0, abs=1e-6)
