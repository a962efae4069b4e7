from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from model.errors import PictureError
from model.preprocess.bounds import MAX_BYTES, MAX_PIXELS
from model.preprocess.picture import FORMATS, WORKING_SIDE, as_pixels, open_picture, to_grey
from tests.helpers.pictures import saved

STRIPE = Image.new("RGB", (48, 48), "white")
STRIPE.paste("black", (20, 8, 28, 40))
FILES = [saved(STRIPE, kind) for kind in FORMATS]


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_read(kind: str, tmp_path: Path) -> None:
    (tmp_path / "stripe").write_bytes(saved(STRIPE, kind))
    for source in (tmp_path / "stripe", str(tmp_path / "stripe"), saved(STRIPE, kind)):
        grey = to_grey(open_picture(source).image)
        assert grey.shape == (48, 48)
        assert grey[20, 24] < 60 < 200 < grey[20, 5]


def test_a_format_that_runs_another_program_is_not_read() -> None:
    with pytest.raises(PictureError, match="is of the format EPS, which isn't read: save it as PNG or JPEG"):
        open_picture(saved(STRIPE, "EPS"))


@pytest.mark.parametrize("side", [7_072, 20_000])
def test_a_small_file_of_too_many_pixels_is_not_decoded(side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content = saved(Image.new("1", (side, side)))
    monkeypatch.delattr("PIL.ImageFile.ImageFile.load")
    assert len(content) < 100_000
    with pytest.raises(PictureError, match="at most 50 megapixels"):
        open_picture(content)


@pytest.mark.parametrize("make", [lambda: Image.new("1", (7_072, 7_072)), lambda: np.zeros((7_072, 7_072), np.bool_)])
def test_pictures_and_arrays_have_the_same_limit(make: Any) -> None:
    with pytest.raises(PictureError, match="7072 × 7072 pixels: at most 50 megapixels"):
        open_picture(make())


def test_fifty_megapixels_are_read() -> None:
    assert open_picture(saved(Image.new("1", (10_000, MAX_PIXELS // 10_000)))).size == (10_000, 5_000)


def test_a_file_of_too_many_bytes_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.preprocess.bounds.MAX_BYTES", 1_000_000)
    (tmp_path / "large.png").write_bytes(bytes(2_100_000))
    for source in (tmp_path / "large.png", bytes(2_100_000)):
        with pytest.raises(PictureError, match="has 2 MB: at most 1 are read"):
            open_picture(source)


def test_what_is_wrong_with_bytes_is_said_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.preprocess.bounds.MAX_BYTES", 1_000_000)
    with pytest.raises(PictureError, match=r"^the picture has 2 MB"):
        open_picture(bytes(2_100_000))
    with pytest.raises(PictureError, match=r"^the picture has too many pixels: at most 50 megapixels are read$"):
        open_picture(saved(Image.new("1", (20_000, 20_000))))


@pytest.mark.parametrize("name", ["nothing.png", ".", "nothing/at/all", "a\0b", "x" * 5_000, ""])
def test_what_is_not_there_is_no_picture(tmp_path: Path, name: str) -> None:
    with pytest.raises(PictureError):
        open_picture(tmp_path / name)


@pytest.mark.parametrize("content", [b"", b"a text file\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", bytes(100)])
def test_what_is_no_picture_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "seven.png").write_bytes(content)
    with pytest.raises(PictureError, match=r"seven\.png is damaged or no picture: save it as PNG or JPEG"):
        open_picture(tmp_path / "seven.png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_a_truncated_picture_is_damaged(kind: str, tmp_path: Path) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (90, 90), dtype=np.uint8))
    (tmp_path / "cut").write_bytes(saved(noise, kind)[:2_000])
    with pytest.raises(PictureError, match="is damaged"):
        open_picture(tmp_path / "cut")


@pytest.mark.parametrize("exif", [b"garbage", b"MM\0*\0\0\0\x08\0\x05garb", b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_damaged_exif_does_not_spoil_a_picture(kind: str, exif: bytes) -> None:
    assert open_picture(saved(STRIPE, kind, exif=b"Exif\0\0" + exif)).image.size == (48, 48)


@settings(max_examples=150)
@given(st.binary(max_size=200))
@example(b"P5 1 1 255\n")
@example(b"P1 0 0\n")
@example(b"GIF89a" + bytes(20))
def test_any_bytes_are_a_picture_or_a_picture_error(content: bytes) -> None:
    try:
        picture = open_picture(content)
    except PictureError:
        return
    assert picture.size[0] * picture.size[1] <= MAX_PIXELS
    to_grey(picture.image)


@settings(max_examples=300)
@given(st.sampled_from(FILES), st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=3)), max_size=4))
def test_damage_anywhere_in_a_file_is_read_or_a_picture_error(content: bytes, patches: list[tuple[int, bytes]]) -> None:
    for place, patch in patches:
        content = content[:place] + patch + content[place + 2 :]
    try:
        picture = open_picture(content)
    except PictureError:
        return
    assert np.isfinite(to_grey(picture.image)).all()


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (0, 0), (5, 0, 3), (4,), (), (2, 3, 2), (2, 3, 5), (2, 2, 3, 1)])
def test_an_array_of_another_shape_is_no_picture(shape: tuple[int, ...]) -> None:
    with pytest.raises(PictureError):
        open_picture(np.zeros(shape, dtype=np.uint8))


@pytest.mark.parametrize(
    "dtype", ["complex64", "object", "U3", "S3", "datetime64[s]", pytest.param([("r", "u1")], id="struct")]
)
def test_an_array_that_is_not_of_numbers_is_no_picture(dtype: Any) -> None:
    with pytest.raises(PictureError, match=r"an array of shape \(5, 5\) and dtype"):
        open_picture(np.zeros((5, 5), dtype=dtype))


def test_a_colour_array_of_floats_is_refused() -> None:
    with pytest.raises(PictureError, match="must be uint8, not float64"):
        open_picture(np.zeros((5, 5, 3)))


@pytest.mark.parametrize("dtype", ["int8", "uint16", "int32", "uint64", "float16", "float32", "float64", "longdouble"])
def test_numbers_of_any_range_become_0_to_255(dtype: str) -> None:
    grey = to_grey(open_picture(np.array([[0, 20, 100]], dtype=dtype)).image)
    assert grey.tolist() == [pytest.approx([0, 51, 255])]


def test_booleans_are_black_and_white() -> None:
    assert to_grey(open_picture(np.array([[True, False]])).image).tolist() == [[255, 0]]


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf, 1e300])
def test_what_is_not_finite_counts_as_the_lowest(odd: float) -> None:
    assert to_grey(open_picture(np.array([[odd, 1.0, 3.0]])).image).tolist() == [[0, 0, 255]]


@pytest.mark.parametrize("level", [np.nan, np.inf, 0.0, 7.0])
def test_an_even_array_is_black(level: float) -> None:
    assert not to_grey(open_picture(np.full((3, 4), level)).image).any()


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_channels_of_the_same_level_are_grey(channels: int) -> None:
    levels = np.array([[0, 7, 200]], dtype=np.uint8)
    array = np.repeat(levels[:, :, None], channels, axis=2)
    array[:, :, 3:] = 255
    assert to_grey(open_picture(array).image).tolist() == levels.tolist()


def test_a_picture_in_memory_is_left_as_it_is() -> None:
    picture = STRIPE.copy()
    opened = open_picture(picture).image
    assert opened.tobytes() == STRIPE.tobytes() == picture.tobytes()


def test_a_large_jpeg_is_decoded_at_a_fraction_not_below_the_working_side() -> None:
    picture = open_picture(saved(Image.new("L", (4_001, 3_007)), "JPEG"))
    assert picture.size == (4_001, 3_007)
    assert WORKING_SIDE <= picture.image.width < 4_001 // 2


@pytest.mark.parametrize("size", [(641, 1_000), (1_281, 3), (640, 640), (5_000, 5_000)])
def test_grey_levels_are_at_most_the_working_side(size: tuple[int, int]) -> None:
    grey = to_grey(Image.new("L", size, 77))
    assert max(grey.shape) <= WORKING_SIDE
    assert np.unique(grey).tolist() == [77]


def test_grey_is_luminance_for_black_on_white() -> None:
    ramp: NDArray[np.uint8] = np.arange(256, dtype=np.uint8).reshape(16, 16)
    picture = Image.fromarray(ramp)
    for mode in ("L", "RGB", "RGBA", "LA", "CMYK", "RGBa", "La"):
        seen = picture.convert("LA").convert(mode) if mode == "La" else picture.convert("RGBA").convert(mode)
        assert np.array_equal(to_grey(seen), ramp), mode


@pytest.mark.parametrize(("ink", "backdrop"), [((0, 0, 0), 255), ((255, 255, 255), 0)])
def test_what_is_transparent_takes_the_colour_that_the_ink_has_not(ink: tuple[int, ...], backdrop: int) -> None:
    picture = Image.new("RGBA", (10, 10), (*ink, 0))
    picture.paste((*ink, 255), (4, 4, 6, 6))
    grey = to_grey(picture)
    assert (grey[0, 0], grey[5, 5]) == (backdrop, ink[0])


def test_transparent_corners_continue_the_paper() -> None:
    picture = Image.new("RGBA", (20, 20), (200, 200, 200, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 3, 3))
    assert np.unique(to_grey(picture)).tolist() == [200]


@pytest.mark.parametrize("colour", [(0, 0, 0, 0), (255, 255, 255, 0)])
def test_what_is_wholly_transparent_is_even(colour: tuple[int, ...]) -> None:
    assert np.ptp(to_grey(Image.new("RGBA", (5, 5), colour))) == 0


@pytest.mark.parametrize(("paper", "pen"), [("white", "yellow"), ("green", "red"), ("#808080", "#4080c0")])
def test_colours_of_similar_luminance_keep_a_contrast(paper: str, pen: str) -> None:
    picture = Image.new("RGB", (20, 20), paper)
    picture.paste(pen, (8, 5, 11, 15))
    grey = to_grey(picture)
    assert np.ptp(grey) > 60
    assert 0 <= grey.min() <= grey.max() <= 255


def test_fifty_million_bytes_are_opened_and_one_more_is_not() -> None:
    with pytest.raises(PictureError, match="damaged or no picture"):
        open_picture(bytes(50_000_000))
    with pytest.raises(PictureError, match="has 50 MB: at most 50 are read"):
        open_picture(bytes(50_000_001))
    assert MAX_BYTES == 50_000_000


@pytest.mark.parametrize(("size", "shape"), [((640, 3), (3, 640)), ((641, 4), (2, 321)), ((4, 1281), (427, 2))])
@pytest.mark.parametrize("mode", ["L", "F", "RGB", "RGBA"])
def test_a_picture_is_shrunk_by_a_whole_factor(mode: str, size: tuple[int, int], shape: tuple[int, int]) -> None:
    assert to_grey(Image.new(mode, size)).shape == shape


def test_another_longest_side_may_be_asked_for() -> None:
    assert to_grey(Image.new("L", (100, 50)), 50).shape == (25, 50)
    content = saved(Image.new("L", (4_000, 3_000)), "JPEG")
    assert open_picture(content, 1_500).image.size == (2_000, 1_500)
    assert open_picture(content, 1_501).image.size == (4_000, 3_000)


def test_what_is_smaller_is_the_mean_of_its_blocks() -> None:
    levels = np.zeros((2, 1_280), np.uint8)
    levels[0, :2] = 200
    assert to_grey(Image.fromarray(levels))[0, :3].tolist() == [100, 0, 0]


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "F", "1", "P"])
def test_grey_levels_are_float32(mode: str) -> None:
    grey = to_grey(Image.new(mode, (3, 2)))
    assert (grey.dtype, grey.shape) == (np.float32, (2, 3))


@pytest.mark.parametrize(("level", "backdrop"), [(127, 255), (128, 0)])
def test_ink_darker_than_the_middle_is_laid_on_white(level: int, backdrop: int) -> None:
    picture = Image.new("RGBA", (10, 10), (255, 255, 255, 0))
    picture.paste((level, level, level, 255), (4, 4, 6, 6))
    assert to_grey(picture)[0, 0] == backdrop


def test_the_ink_s_level_is_the_mean_of_its_colours_by_their_opacity() -> None:
    picture = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    picture.paste((120, 120, 120, 255), (0, 0, 1, 1))
    picture.paste((160, 160, 160, 51), (1, 0, 2, 1))  # a fifth
    assert to_grey(picture)[9, 9] == 255  # (120 + 160 / 5) / 1.2 = 126.7
    picture.putpixel((1, 0), (169, 169, 169, 51))
    assert to_grey(picture)[9, 9] == 0  # 128.2


@pytest.mark.parametrize(("columns", "corner"), [(4, 0), (5, 255)])
def test_what_is_half_transparent_is_paper_with_holes(columns: int, corner: int) -> None:
    picture = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    picture.paste((255, 255, 255, 255), (0, 0, columns, 10))
    assert to_grey(picture)[0, 9] == corner


def test_holes_take_the_median_of_what_is_mostly_opaque() -> None:
    picture = Image.new("RGBA", (10, 10), (200, 200, 200, 255))
    picture.paste((10, 10, 10, 127), (0, 0, 10, 2))
    picture.paste((90, 90, 90, 128), (0, 2, 10, 5))
    picture.paste((0, 0, 0, 0), (9, 9, 10, 10))
    assert to_grey(picture)[9, 9] == 200
    picture.paste((90, 90, 90, 128), (0, 5, 10, 9))
    assert to_grey(picture)[9, 9] == 90


@pytest.mark.parametrize(
    ("colour", "other", "is_brighter"),
    [
        ((255, 0, 0), (0, 130, 0), False),  # luminance 76.2 and 76.3
        ((255, 0, 0), (0, 129, 0), True),
        ((97, 0, 0), (0, 0, 255), False),  # 29.0 and 29.1
        ((98, 0, 0), (0, 0, 255), True),
    ],
)
def test_the_colour_of_more_luminance_is_the_brighter(
    colour: tuple[int, ...], other: tuple[int, ...], is_brighter: bool
) -> None:
    picture = Image.new("RGB", (10, 10), other)
    picture.paste(colour, (4, 4, 6, 6))
    grey = to_grey(picture)
    assert bool(grey[5, 5] > grey[0, 0]) is is_brighter


def test_a_contrast_in_colour_is_as_strong_as_one_in_grey() -> None:
    picture = Image.new("RGB", (10, 10), (0, 0, 0))
    picture.paste((255, 0, 0), (4, 4, 6, 6))
    assert (to_grey(picture)[0, 0], to_grey(picture)[5, 5]) == pytest.approx((0, 255), abs=0.01)
    picture.paste((100, 0, 100), (4, 4, 6, 6))
    assert to_grey(picture)[5, 5] == pytest.approx(100, abs=0.01)


def test_a_colour_against_the_axis_of_most_contrast_keeps_its_side() -> None:
    picture = Image.new("RGB", (10, 10), (0, 0, 200))
    picture.paste((200, 200, 0), (4, 4, 6, 6))
    grey = to_grey(picture)  # along (1, 1, −1): blue alone would be at 0, yellow at 255
    assert (grey[0, 0], grey[5, 5]) == pytest.approx((55 / 3, 255 - 55 * 2 / 3), abs=0.01)


@pytest.mark.parametrize(("rows", "is_sampled"), [(199, False), (200, True)])
def test_of_40_000_pixels_every_other_one_tells_the_axis(rows: int, is_sampled: bool) -> None:
    levels = np.zeros((rows, 200, 3), np.uint8)
    levels[::2, ::4, 0], levels[:, 1::2, 1] = 255, 255  # red where it is looked at, green where it isn't
    grey = to_grey(Image.fromarray(levels))
    assert bool(grey[0, 1] == pytest.approx(0, abs=0.01)) is is_sampled


def test_equal_channels_are_grey_as_they_are() -> None:
    levels = np.array([[[10, 10, 10], [200, 200, 200]]], np.uint8)
    assert to_grey(Image.fromarray(levels)).tolist() == [[10, 200]]
    levels[0, 0, 2] = 30
    assert to_grey(Image.fromarray(levels)).tolist() != [[10, 200]]


def test_levels_become_the_nearest_whole_numbers_within_0_to_255() -> None:
    assert as_pixels(np.array([-3, 0.4, 0.5, 99.6, 255, 300], np.float32)).tolist() == [0, 0, 1, 100, 255, 255]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientations_from_5_on_turn_height_into_width(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = open_picture(saved(Image.new("L", (30, 20)), exif=exif))
    assert picture.size == picture.image.size == ((20, 30) if orientation >= 5 else (30, 20))


def test_one_pixel_more_than_fifty_million_is_refused() -> None:
    with pytest.raises(PictureError, match="50000001 × 1 pixels"):
        open_picture(Image.new("1", (50_000_001, 1)))
