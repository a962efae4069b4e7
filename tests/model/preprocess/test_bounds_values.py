"""Each bound from both sides, on heads of files put together byte by byte, with what is told of it."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model.errors import PictureError
from model.preprocess import bounds
from model.preprocess.bounds import check_bytes, check_content, check_size, content_of
from tests.helpers.slow import webp_claiming


def refusal(check: Callable[..., object], *args: object) -> tuple[str, dict[str, object]] | None:
    """The key and the values of what is told, if anything is refused."""
    try:
        check(*args)
    except PictureError as error:
        return error.key, dict(error.values)
    return None


@pytest.mark.parametrize("name", ["nothing.png", "a\0b", "."])
def test_what_is_no_file_is_told_by_the_name_that_was_given(tmp_path: Path, name: str) -> None:
    assert refusal(content_of, tmp_path / name, "it") == ("no-such-picture", {"name": "it"})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files")
def test_a_pipe_is_told_by_the_name_that_was_given(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(content_of, tmp_path / "pipe", "it") == ("no-file", {"name": "it"})


def test_a_file_s_content_is_read_up_to_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_BYTES", 500_000)
    file = tmp_path / "a"
    file.write_bytes(b"ab" * 250_000)
    assert content_of(file, "it") == b"ab" * 250_000
    file.write_bytes(bytes(1_500_000))
    assert refusal(content_of, file, "it") == ("too-many-megabytes", {"name": "it", "megabytes": 1.5, "most": 0.5})


def test_of_a_file_that_has_grown_one_byte_more_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_BYTES", 500_000)
    file = tmp_path / "a"
    file.write_bytes(b"")
    before = file.stat()
    file.write_bytes(bytes(600_000))
    monkeypatch.setattr(Path, "stat", lambda _: before)
    told = {"name": "it", "megabytes": 0.500001, "most": 0.5}
    assert refusal(content_of, file, "it") == ("too-many-megabytes", told)


def test_fifty_million_bytes_are_not_too_many() -> None:
    assert refusal(check_bytes, 50_000_000, "it") is None
    told = {"name": "it", "megabytes": 50.000001, "most": 50.0}
    assert refusal(check_bytes, 50_000_001, "it") == ("too-many-megabytes", told)


@pytest.mark.parametrize(
    ("kind", "most"), [(None, 50), ("PNG", 50), ("JPEG", 50), ("TIFF", 50), ("WEBP", 16), ("AVIF", 16)]
)
def test_a_picture_has_as_many_pixels_as_its_format_allows(kind: str | None, most: int) -> None:
    assert refusal(check_size, (10_000, most * 100), "it", kind) is None
    told = {"name": "it", "width": 10_000, "height": most * 100 + 1, "most": most}
    assert refusal(check_size, (10_000, most * 100 + 1), "it", kind) == ("too-many-pixels", told)


@pytest.mark.parametrize("size", [(0, 0), (0, 7), (7, 0)])
def test_a_picture_has_pixels(size: tuple[int, int]) -> None:
    assert refusal(check_size, size, "it") == ("no-pixels", {"name": "it"})


def test_a_side_is_20_000_pixels_long_at_most() -> None:
    assert refusal(check_size, (20_000, 1), "it") is None
    assert refusal(check_size, (1, 20_000), "it") is None
    told = {"name": "it", "side": 20_001, "most": 20_000}
    assert refusal(check_size, (20_001, 2), "it") == refusal(check_size, (2, 20_001), "it") == ("long-side", told)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"P1", "PNM"),
        (b"P7", "PNM"),
        (b"8BPS", "PSD"),
        (b"abcd\x11\xaf", "FLI"),
        (b"\xff\xff\xff\xff\x12\xaf", "FLI"),
        (b"\0\0\2\0", "CUR"),
        (b"%!PS", "EPS"),
        (b"<svg", "SVG"),
        (b"DDS ", "DDS"),
        (b"qoif", "QOI"),
        (b"\x01\xda", "SGI"),
        (b"\0\0\0\x0cjP", "JPEG 2000"),
        (b"\xff\x4f\xff\x51", "JPEG 2000"),
    ],
)
def test_a_format_that_is_not_read_is_told(content: bytes, kind: str) -> None:
    assert refusal(check_content, content + bytes(40), "it") == ("format-not-read", {"name": "it", "kind": kind})


@pytest.mark.parametrize("content", [b"", b"P0", b"P8", b"\x11\xaf", b"abc\x11\xaf", b" %PDF", b"\0\0\3\0", b"\x89PNG"])
def test_other_content_is_left_to_the_decoders(content: bytes) -> None:
    assert refusal(check_content, content + bytes(40), "it") is None


def test_a_jpeg_has_a_hundred_scans_at_most() -> None:
    assert refusal(check_content, b"\xff\xd8" + b"\xff\xda" * 100, "it") is None
    told = {"name": "it", "count": 101, "most": 100}
    assert refusal(check_content, b"\xff\xd8" + b"\xff\xda" * 101, "it") == ("too-many-scans", told)


def test_scans_are_counted_in_jpegs_alone() -> None:
    assert refusal(check_content, b"\x89PNG" + b"\xff\xda" * 101, "it") is None


@pytest.mark.parametrize("kind", ["VP8X", "VP8L", "VP8 "])
def test_a_webp_claims_sixteen_million_pixels_at_most(kind: str) -> None:
    assert refusal(check_content, webp_claiming(kind, 16_000, 1_000), "it") is None
    told = {"name": "it", "width": 16_000, "height": 1_001, "most": 16}
    content = webp_claiming(kind, 16_000, 1_001)
    assert refusal(check_content, content, "it") == ("too-many-pixels", told)
    assert refusal(check_content, b"riff" + content[4:], "it") is None
    assert refusal(check_content, content.replace(b"WEBP", b"WAVE"), "it") is None


@pytest.mark.parametrize(
    ("kind", "data", "size"),
    [
        ("VP8X", bytes(10), (1, 1)),
        ("VP8X", b"\xff\xff\xff\xff\1\2\3\4\5\6", (0x030202, 0x060505)),
        ("VP8X", bytes(9), None),
        ("VP8L", b"\x2f" + bytes(9), (1, 1)),
        ("VP8L", b"\xff\xff\xff\xff\xff" + bytes(5), (16_384, 16_384)),  # four more bits stand above the two sizes
        ("VP8L", b"\x2f\1\x80\0\0" + bytes(5), (2, 3)),
        ("VP8L", b"\x2f\0\0\0\1" + bytes(5), (1, 1025)),
        ("VP8 ", b"\xff" * 10, (16_383, 16_383)),  # above each size two bits tell how it may be enlarged
        ("VP8 ", b"\xff\xff\xff\xff\xff\xff\1\2\3\4", (0x0201, 0x0403)),
        ("VP8 ", bytes(9), None),
    ],
)
def test_a_webp_s_size_stands_in_its_head(kind: str, data: bytes, size: tuple[int, int] | None) -> None:
    assert bounds._webp_size(b"RIFF\0\0\0\0WEBP" + kind.encode() + bytes(4) + data) == size


def tiff(order: str, *, big: bool, entries: list[tuple[int, int]], start: int | None = None) -> bytes:
    """A TIFF's head and its list of tags, with the number of values of each; it begins after 30 other bytes."""
    mark = b"II" if order == "<" else b"MM"
    head = struct.pack(order + "HHHQ", 43, 8, 0, start or 46) if big else struct.pack(order + "HI", 42, start or 38)
    tags = struct.pack(order + ("Q" if big else "H"), len(entries))
    for tag, count in entries:
        tags += struct.pack(order + ("HHQQ" if big else "HHII"), tag, 4, count, 99)
    return mark + head + b"\xee" * 30 + tags


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("entries", "strips"),
    [
        ([(273, 7)], 7),
        ([(273, 2**32 - 1)], 2**32 - 1),
        ([(279, 7)], 7),
        ([(324, 7)], 7),
        ([(325, 7)], 7),
        ([(256, 9), (273, 70_000), (274, 80_000), (279, 7)], 70_000),
        ([(256, 9), (272, 8), (326, 7)], 0),
        ([], 0),
        ([(256, 1)] * 999 + [(273, 7)], 7),
        ([(256, 1)] * 1000 + [(273, 7)], 0),
    ],
    ids=range(10),
)
def test_a_tiff_s_strips_are_as_many_as_one_of_its_first_thousand_tags_says(
    order: str, big: bool, entries: list[tuple[int, int]], strips: int
) -> None:
    assert bounds._tiff_strips(tiff(order, big=big, entries=entries)) == strips


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tiff_of_20_000_strips_is_read(order: str, big: bool) -> None:
    assert refusal(check_content, tiff(order, big=big, entries=[(273, 20_000)]), "it") is None
    told = {"name": "it", "count": 20_001, "most": 20_000}
    assert refusal(check_content, tiff(order, big=big, entries=[(273, 20_001)]), "it") == ("too-many-strips", told)


@pytest.mark.parametrize("big", [False, True])
def test_a_tiff_that_is_cut_off_says_nothing_of_its_strips(big: bool) -> None:
    content = tiff("<", big=big, entries=[(273, 7), (256, 1)])
    cut: list[Any] = [bounds._tiff_strips(content[:length]) for length in (4, 10, 40, len(content) - 1)]
    assert cut == [0, 0, 0, 0]
    assert bounds._tiff_strips(tiff("<", big=big, entries=[(273, 7)], start=2**32 - 1)) == 0


def test_a_tiff_whose_tags_lie_beyond_all_memory_says_nothing_of_its_strips() -> None:
    assert bounds._tiff_strips(tiff("<", big=True, entries=[(273, 7)], start=2**64 - 1)) == 0
