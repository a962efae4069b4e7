"""Files and strokes that nobody should send: damaged, disguised, enormous."""

from __future__ import annotations

import gzip
import io
import math
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PIL import Image

from tests.helpers.pictures import saved

Maker = Callable[[random.Random], bytes]


def _picture(chance: random.Random, mode: str = "RGB") -> Image.Image:
    """A dark stroke on light paper of a random size."""
    width, height = chance.randint(1, 200), chance.randint(1, 200)
    picture = Image.new("L", (width, height), 230)
    picture.paste(20, (width // 3, height // 5, width // 2 + 1, max(height // 5 + 1, 4 * height // 5)))
    return picture.convert(mode)


def _any_kind(chance: random.Random) -> bytes:
    kind = chance.choice(["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM"])
    return saved(_picture(chance), kind)


def truncated(chance: random.Random) -> bytes:
    """A picture cut anywhere."""
    whole = _any_kind(chance)
    return whole[: chance.randrange(len(whole))]


def flipped(chance: random.Random) -> bytes:
    """A picture with up to twenty bits turned over."""
    content = bytearray(_any_kind(chance))
    for _ in range(chance.randint(1, 20)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def noise(chance: random.Random) -> bytes:
    """Bytes of chance, some behind a picture's signature."""
    signature = chance.choice(
        [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"II*\0"]
    )
    return signature + chance.randbytes(chance.randint(0, 2000))


def empty(_: random.Random) -> bytes:
    """No bytes at all."""
    return b""


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png(width: int, height: int, rows: bytes, colour: int = 0) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    chunks = _png_chunk(b"IHDR", head) + _png_chunk(b"IDAT", rows) + _png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def bomb(_: random.Random) -> bytes:
    """20000 × 20000 black pixels in less than a megabyte."""
    packer = zlib.compressobj(9)
    row = bytes(20001)
    rows = b"".join(packer.compress(row) for _ in range(20000)) + packer.flush()
    return _png(20000, 20000, rows)


def claim(chance: random.Random) -> bytes:
    """A header that claims far more pixels than there are."""
    side = chance.choice([2**31 - 1, 2**20, 50_000])
    return _png(side, side, zlib.compress(bytes(100)))


def thin(chance: random.Random) -> bytes:
    """65535 pixels by one, lying or standing, or a single pixel."""
    size = chance.choice([(65535, 1), (1, 65535), (1, 1)])
    return saved(Image.new("L", size, chance.randrange(256)), "PNG")


def no_frames(_: random.Random) -> bytes:
    """A GIF that ends after its header."""
    return b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0, 0, 0) + b";"


def animated(chance: random.Random) -> bytes:
    """A PNG, GIF or WEBP of many frames."""
    frames = [_picture(chance).resize((40, 40)) for _ in range(30)]
    kind = chance.choice(["PNG", "GIF", "WEBP"])
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])


def large_exif(chance: random.Random) -> bytes:
    """A JPEG with as much EXIF as fits, of chance."""
    return saved(_picture(chance), "JPEG", exif=b"Exif\0\0" + chance.randbytes(60_000))


def wrong_checksum(chance: random.Random) -> bytes:
    """A PNG whose checksums are wrong."""
    content = bytearray(saved(_picture(chance), "PNG"))
    content[29:33] = chance.randbytes(4)
    return bytes(content)


def odd_mode(chance: random.Random) -> bytes:
    """CMYK, 16-bit, float, one-bit, with alpha, with a palette."""
    mode, kind = chance.choice(
        [
            ("CMYK", "JPEG"),
            ("CMYK", "TIFF"),
            ("I;16", "PNG"),
            ("F", "TIFF"),
            ("1", "PNG"),
            ("RGBA", "PNG"),
            ("P", "GIF"),
        ]
    )
    picture = _picture(chance, "L")
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    elif mode == "F":
        levels = np.asarray(picture).astype(np.float32)
        levels[0, 0] = chance.choice([0.0, math.nan, math.inf, -1e30])
        picture = Image.fromarray(levels)
    else:
        picture = picture.convert(mode)
    return saved(picture, kind)


def many_pages(chance: random.Random) -> bytes:
    """A TIFF of fifty pages."""
    pages = [_picture(chance, "L") for _ in range(50)]
    return saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])


def not_a_picture(chance: random.Random) -> bytes:
    """SVG, HTML, zip, gzip, PDF, HEIC, a pickle, a script."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("zeros", bytes(1_000_000))
    return chance.choice(
        [
            b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>',
            b"<html><script>alert(1)</script></html>",
            archive.getvalue(),
            gzip.compress(bytes(1_000_000)),
            b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
            b"\x80\x04\x95\x0b\0\0\0\0\0\0\0\x8c\x02os\x94.",
            b"#!/bin/sh\nexit 1\n",
        ]
    )


MAKERS: tuple[Maker, ...] = (
    truncated,
    flipped,
    noise,
    empty,
    claim,
    thin,
    no_frames,
    animated,
    large_exif,
    wrong_checksum,
    odd_mode,
    many_pages,
    not_a_picture,
    bomb,
)


def files(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """``count`` files, each named by its kind and with any picture's suffix; each kind comes, the bomb once."""
    chance = random.Random(seed)
    kinds = [MAKERS[number % (len(MAKERS) - 1)] for number in range(max(0, count - 1))]
    for number, kind in enumerate([*kinds, bomb][:count]):
        suffix = chance.choice([".png", ".jpg", ".gif", ".webp", ".tif", ".bmp"])
        yield f"{number:04}-{kind.__name__}{suffix}", kind(chance)


def strokes() -> list[Any]:
    """Payloads that the pad would never send."""
    point = [10, 10]
    stroke = {"width": 5, "points": [point, [20, 20]]}
    deep: Any = point
    for _ in range(500):
        deep = [deep]
    return [
        *(
            {"size": [280, 280], "strokes": [{"width": 5, "points": [[value, 10]]}]}
            for value in ("x", None, True, [], {})
        ),
        *(
            {"size": [280, 280], "strokes": [{"width": value, "points": [point]}]}
            for value in (-1, 0, 1e308, "5", None)
        ),
        *({"size": size, "strokes": [stroke]} for size in ([-1, 5], [0, 0], [1e308, 1e308], "large", None, [1], {})),
        {"size": [280, 280], "strokes": [{"width": 5, "points": [[1e308, -1e308], [0, 0]]}]},
        {"size": [280, 280], "strokes": [{"width": 5, "points": deep}]},
        {"size": [280, 280], "strokes": [stroke] * 1000},
        {"size": [280, 280], "strokes": [{"width": 5, "points": [point] * 100_000}]},
        {"size": [280, 280], "strokes": stroke},
        {"size": [280, 280]},
        {"strokes": []},
        {},
        [],
        "strokes",
        7,
        True,
    ]
