"""Files that are small and would take much: refused by what they say, before a decoder sees them."""

from __future__ import annotations

import io
import os
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from model.errors import PictureError
from model.preprocess.bounds import MAX_SCANS, MAX_SIDE, MAX_STRIPS, without_texts
from model.preprocess.picture import open_picture
from tests.helpers.hostile import packed_text
from tests.helpers.pictures import saved
from tests.helpers.slow import jpeg_of_scans, tiff_of_strips, webp_claiming

DIGIT = Image.new("L", (60, 60), 230)
DIGIT.paste(20, (25, 10, 33, 50))


@pytest.fixture(autouse=True)
def _no_decoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused is refused before its pixels are made."""
    if "refused" in request.node.name:
        monkeypatch.delattr("PIL.ImageFile.ImageFile.load")


def refused(content: bytes | Path, match: str) -> None:
    with pytest.raises(PictureError, match=match):
        open_picture(content)


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"P5 1 1 255\n\0", "PNM"),
        (b"P7\nWIDTH 1\n", "PNM"),
        (b"8BPS\0\1" + bytes(20), "PSD"),
        (bytes(4) + b"\x12\xaf" + bytes(122), "FLI"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\0\0\1\0\1\0", "ICO"),
    ],
)
def test_a_format_that_nobody_photographs_in_is_refused_by_its_name(start: bytes, kind: str) -> None:
    refused(start, f"the picture is of the format {kind}, which isn't read: save it as PNG or JPEG")


@pytest.mark.parametrize("size", [(1, MAX_SIDE + 1), (MAX_SIDE + 1, 1)])
def test_a_long_side_is_refused(size: tuple[int, int]) -> None:
    refused(saved(Image.new("1", size)), f"has a side of {MAX_SIDE + 1} pixels: at most {MAX_SIDE} are read")


def test_a_jpeg_of_very_many_scans_is_refused() -> None:
    refused(jpeg_of_scans(64, MAX_SCANS + 1), f"a JPEG of {MAX_SCANS + 2} scans: at most {MAX_SCANS} are read")


def test_a_progressive_jpeg_is_read() -> None:
    assert open_picture(saved(DIGIT, "JPEG", progressive=True)).size == (60, 60)
    assert open_picture(jpeg_of_scans(64, MAX_SCANS - 1)).size == (64, 64)


def test_a_tiff_of_very_many_strips_is_refused() -> None:
    refused(tiff_of_strips(MAX_STRIPS + 1, 40), f"a TIFF of {MAX_STRIPS + 1} strips: at most {MAX_STRIPS} are read")


@pytest.mark.parametrize("strips", [1, 300])
def test_a_tiff_of_a_strip_for_each_row_is_read(strips: int) -> None:
    assert open_picture(tiff_of_strips(strips, 40)).size == (40, strips)


@pytest.mark.parametrize("kind", ["VP8X", "VP8L", "VP8 "])
def test_a_webp_that_claims_very_many_pixels_is_refused(kind: str) -> None:
    refused(webp_claiming(kind, 16_383, 3_051), "has 16383 × 3051 pixels: at most 16 megapixels are read")


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 80}, {"save_all": True}])
def test_a_webp_s_size_is_what_it_is(options: dict[str, Any]) -> None:
    assert open_picture(saved(DIGIT.convert("RGBA"), "WEBP", **options)).size == (60, 60)


@pytest.mark.parametrize("start", [b"II*\0", b"MM\0*", b"II+\0", b"RIFF\0\0\0\0WEBP", b"RIFF\0\0\0\0WEBPVP8 "])
@pytest.mark.parametrize("rest", [b"", bytes(3), b"\xff" * 30])
def test_what_is_cut_off_is_refused_as_damaged(start: bytes, rest: bytes) -> None:
    refused(start + rest, "is damaged or no picture|megapixels are read|has no pixels")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files")
def test_what_has_no_end_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    refused(tmp_path / "pipe.png", r"pipe\.png is no file with a picture in it")
    refused(Path("/dev/zero"), "/dev/zero is no file with a picture in it")


def test_a_picture_is_not_kept_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("PIL.Image.Image.copy")
    assert open_picture(saved(DIGIT)).size == (60, 60)


@pytest.mark.parametrize("seed", range(4))
def test_a_png_is_its_pixels_whatever_its_texts_unpack_to(seed: int) -> None:
    """Of texts and of a profile: Pillow refuses each."""
    content = packed_text(Random(seed))
    with pytest.raises(ValueError, match=r"too large|Too much memory"):
        Image.open(io.BytesIO(content), formats=["PNG"]).load()
    assert open_picture(content).image.size == Image.open(io.BytesIO(without_texts(content))).size


def test_without_texts_a_picture_is_the_same_object() -> None:
    for content in (saved(DIGIT, "PNG"), saved(DIGIT, "JPEG"), b"", b"\x89PNG\r\n\x1a\n"):
        assert without_texts(content) is content


@given(st.binary(max_size=200))
def test_anything_after_a_png_s_first_bytes_is_taken(rest: bytes) -> None:
    content = b"\x89PNG\r\n\x1a\n" + rest
    assert len(without_texts(content)) <= len(content)
