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

#: What a browser may send for a number, or for a canvas' size, that is none.
NO_NUMBERS: tuple[object, ...] = ("x", None, True, [], {})
NO_SIZES: tuple[object, ...] = ([-1, 5], [0, 0], [1e308, 1e308], "large", None, [1], {})


def _picture(rng: random.Random, mode: str = "RGB") -> Image.Image:
    """A dark stroke on light paper of a random size."""
    width, height = rng.randint(1, 200), rng.randint(1, 200)
    picture = Image.new("L", (width, height), 230)
    picture.paste(20, (width // 3, height // 5, width // 2 + 1, max(height // 5 + 1, 4 * height // 5)))
    return picture.convert(mode)


def _any_kind(rng: random.Random) -> bytes:
    kind = rng.choice(["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM"])
    return saved(_picture(rng), kind)


def truncated(rng: random.Random) -> bytes:
    """A picture cut anywhere."""
    whole = _any_kind(rng)
    return whole[: rng.randrange(len(whole))]


def flipped(rng: random.Random) -> bytes:
    """A picture with up to twenty bits turned over."""
    content = bytearray(_any_kind(rng))
    for _ in range(rng.randint(1, 20)):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return bytes(content)


def noise(rng: random.Random) -> bytes:
    """Bytes of chance, some behind a picture's signature."""
    signature = rng.choice([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"II*\0"])
    return signature + rng.randbytes(rng.randint(0, 2000))


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


def claim(rng: random.Random) -> bytes:
    """A header that claims far more pixels than there are."""
    side = rng.choice([2**31 - 1, 2**20, 50_000])
    return _png(side, side, zlib.compress(bytes(100)))


def thin(rng: random.Random) -> bytes:
    """65535 pixels by one, lying or standing, or a single pixel."""
    size = rng.choice([(65535, 1), (1, 65535), (1, 1)])
    return saved(Image.new("L", size, rng.randrange(256)), "PNG")


def no_frames(_: random.Random) -> bytes:
    """A GIF that ends after its header."""
    return b"GIF89a" + struct.pack("<HHBBB", 10, 10, 0, 0, 0) + b";"


def animated(rng: random.Random) -> bytes:
    """A PNG, GIF or WEBP of many frames."""
    frames = [_picture(rng).resize((40, 40)) for _ in range(30)]
    kind = rng.choice(["PNG", "GIF", "WEBP"])
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])


def large_exif(rng: random.Random) -> bytes:
    """A JPEG with as much EXIF as fits, of chance."""
    return saved(_picture(rng), "JPEG", exif=b"Exif\0\0" + rng.randbytes(60_000))


def packed_text(rng: random.Random) -> bytes:
    """A PNG whose texts or colour profile unpack to far more than the file's size."""
    packed = zlib.compress(bytes(2_000_000), 9)
    kind, count = rng.choice([(b"zTXt", 200), (b"iCCP", 1)])
    chunks = b"".join(_png_chunk(kind, b"k%d\0\0" % number + packed) for number in range(count))
    whole = saved(_picture(rng), "PNG")
    return whole[:33] + chunks + whole[33:]


def looping_exif(rng: random.Random) -> bytes:
    """A JPEG whose EXIF points to itself, with thousands of orientations."""
    entries = rng.choice([1, 5000])
    tag = struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<HHII", 0x0112, 3, 1, 99) * (entries - 1)
    exif = b"II*\0" + struct.pack("<IH", 8, entries) + tag + struct.pack("<I", 8)
    return saved(_picture(rng), "JPEG", exif=b"Exif\0\0" + exif)


def wrong_checksum(rng: random.Random) -> bytes:
    """A PNG whose checksums are wrong."""
    content = bytearray(saved(_picture(rng), "PNG"))
    content[29:33] = rng.randbytes(4)
    return bytes(content)


def odd_mode(rng: random.Random) -> bytes:
    """CMYK, 16-bit, float, one-bit, with alpha, with a palette."""
    mode, kind = rng.choice(
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
    picture = _picture(rng, "L")
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
    elif mode == "F":
        levels = np.asarray(picture).astype(np.float32)
        levels[0, 0] = rng.choice([0.0, math.nan, math.inf, -1e30])
        picture = Image.fromarray(levels)
    else:
        picture = picture.convert(mode)
    return saved(picture, kind)


def many_pages(rng: random.Random) -> bytes:
    """A TIFF of fifty pages."""
    pages = [_picture(rng, "L") for _ in range(50)]
    return saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])


def not_a_picture(rng: random.Random) -> bytes:
    """SVG, HTML, zip, gzip, PDF, HEIC, a pickle, a script."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("zeros", bytes(1_000_000))
    return rng.choice(
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
    packed_text,
    looping_exif,
    wrong_checksum,
    odd_mode,
    many_pages,
    not_a_picture,
    bomb,
)


def files(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """``count`` files, each named by its kind and with any picture's suffix; each kind comes, the bomb once."""
    rng = random.Random(seed)
    kinds = [MAKERS[number % (len(MAKERS) - 1)] for number in range(max(0, count - 1))]
    for number, kind in enumerate([*kinds, bomb][:count]):
        suffix = rng.choice([".png", ".jpg", ".gif", ".webp", ".tif", ".bmp"])
        yield f"{number:04}-{kind.__name__}{suffix}", kind(rng)


def strokes() -> list[Any]:
    """Payloads that the pad would never send."""
    point = [10, 10]
    stroke = {"width": 5, "points": [point, [20, 20]]}
    deep: Any = point
    for _ in range(500):
        deep = [deep]
    return [
        *({"size": [280, 280], "strokes": [{"width": 5, "points": [[value, 10]]}]} for value in NO_NUMBERS),
        *(
            {"size": [280, 280], "strokes": [{"width": value, "points": [point]}]}
            for value in (-1, 0, 1e308, "5", None)
        ),
        *({"size": size, "strokes": [stroke]} for size in NO_SIZES),
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
