"""What a picture's file may cost, found in its bytes before any decoder sees them.

A few kilobytes can claim hundreds of megabytes of pixels, or thousands of passes over them. Every bound is far above
what cameras, scanners and drawing programs write.
"""

from __future__ import annotations

import stat
import struct
from pathlib import Path

from model.errors import PictureError, Term

#: Files with more bytes are refused before they are opened.
MAX_BYTES = 50_000_000
#: Pictures with more pixels are refused before they are decoded.
MAX_PIXELS = 50_000_000
#: The same of formats whose decoders keep several pictures of the full size: phones write some 12 million.
MAX_PIXELS_OF = {"WEBP": 16_000_000, "AVIF": 16_000_000}
#: The longest side, in pixels: a phone's panorama has some 16,000.
MAX_SIDE = 20_000
#: How often a JPEG goes over its pixels: progressive ones have some 10 scans.
MAX_SCANS = 100
#: Pieces that a TIFF's pixels lie in: a scanner writes one for some rows, or one for each.
MAX_STRIPS = 20_000
#: What a PNG begins with, and its parts that hold no pixels. Pillow refuses a picture for what large ones unpack to.
PNG = b"\x89PNG\r\n\x1a\n"
BESIDE_PIXELS = (b"tEXt", b"zTXt", b"iTXt", b"iCCP")
#: A PNG of more parts is left as it is: programs write one for some 8 kB.
MAX_PARTS = 20_000
#: What begins the files of formats that nobody photographs in, where in the file, and their names.
NOT_READ = (
    *((0, b"P%d" % number, "PNM") for number in range(1, 8)),
    (0, b"8BPS", "PSD"),
    (4, b"\x11\xaf", "FLI"),
    (4, b"\x12\xaf", "FLI"),
    (0, b"\0\0\1\0", "ICO"),
    (0, b"\0\0\2\0", "CUR"),
    (0, b"%!PS", "EPS"),
    (0, b"%PDF", "PDF"),
    (0, b"<svg", "SVG"),
    (0, b"DDS ", "DDS"),
    (0, b"qoif", "QOI"),
    (0, b"\x01\xda", "SGI"),
    (0, b"\0\0\0\x0cjP", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
)
#: What TIFFs begin with: little-endian and big-endian ones, and the same of BigTIFFs.
TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
#: The tags of a TIFF that list where its strips or tiles lie, and how long they are.
PIECES = (273, 279, 324, 325)


def content_of(path: Path, name: str | Term) -> bytes:
    """The bytes of a file.

    Raises:
        PictureError: there is none, it is a folder or a device, which may have no end, or it is too large.
    """
    try:
        found = path.stat()
    except (OSError, ValueError):  # ValueError of a name with a zero byte
        raise PictureError("no-such-picture", name=name) from None
    if stat.S_ISDIR(found.st_mode):
        raise PictureError("no-such-picture", name=name)
    if not stat.S_ISREG(found.st_mode):
        raise PictureError("no-file", name=name)
    check_bytes(found.st_size, name)
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)  # it may have grown
    check_bytes(len(content), name)
    return content


def check_bytes(size: int, name: str | Term) -> None:
    """Refuse a file with so many bytes if they are too many."""
    if size > MAX_BYTES:
        raise PictureError("too-many-megabytes", name=name, megabytes=size / 1e6, most=MAX_BYTES / 1e6)


def check_size(size: tuple[int, int], name: str | Term, kind: str | None = None) -> None:
    """Refuse a picture of so many pixels, of a format or of none, if they are too many or none at all."""
    width, height = size
    most = MAX_PIXELS_OF.get(kind or "", MAX_PIXELS)
    if width * height == 0:
        raise PictureError("no-pixels", name=name)
    if width * height > most:
        raise PictureError("too-many-pixels", name=name, width=width, height=height, most=most // 10**6)
    if max(size) > MAX_SIDE:
        raise PictureError("long-side", name=name, side=max(size), most=MAX_SIDE)


def check_content(content: bytes, name: str | Term) -> None:
    """Refuse a file that is of another format, or whose decoder would take too much.

    Raises:
        PictureError: which format it is, or which limit it passes.
    """
    for start, mark, kind in NOT_READ:
        if content.startswith(mark, start):
            raise PictureError("format-not-read", name=name, kind=kind)
    if content.startswith(b"\xff\xd8"):
        # Between the scans' data FF is always followed by 00; metadata holds some more of these marks at most.
        scans = content.count(b"\xff\xda")
        if scans > MAX_SCANS:
            raise PictureError("too-many-scans", name=name, count=scans, most=MAX_SCANS)
    elif content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        if (size := _webp_size(content)) is not None:
            check_size(size, name, "WEBP")
    elif is_tiff(content):
        strips = _tiff_strips(content)
        if strips > MAX_STRIPS:
            raise PictureError("too-many-strips", name=name, count=strips, most=MAX_STRIPS)


def without_texts(content: bytes) -> bytes:
    """A PNG's content without texts and colour profile, whatever they unpack to; any other content as it is."""
    if not content.startswith(PNG):
        return content
    kept, begin, at = [], 0, len(PNG)
    for _ in range(MAX_PARTS):
        if at + 12 > len(content):
            break
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        if content[at + 4 : at + 8] in BESIDE_PIXELS:
            kept.append(content[begin:at])
            begin = end
        at = end
    return b"".join([*kept, content[begin:]]) if begin else content


def is_tiff(content: bytes) -> bool:
    """Whether a file's content begins as a TIFF's does."""
    return content.startswith(TIFF)


def _webp_size(content: bytes) -> tuple[int, int] | None:
    """Width and height that a WebP claims, whose decoder takes the room when it is opened."""
    kind, data = content[12:16], content[20:30]
    if len(data) < 10:
        return None
    if kind == b"VP8X":
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[6:10])
    return width & 0x3FFF, height & 0x3FFF


def _tiff_strips(content: bytes) -> int:
    """Of how many pieces a TIFF's first picture says it is made; 0 where the file doesn't say."""
    order = "<" if content.startswith(b"I") else ">"
    big = content[2:4] in (b"+\0", b"\0+")
    head, count, entry = ("Q", "Q", "HHQ8x") if big else ("I", "H", "HHI4x")
    try:
        (start,) = struct.unpack_from(order + head, content, 8 if big else 4)
        (entries,) = struct.unpack_from(order + count, content, start)
        start += struct.calcsize(order + count)
        size = struct.calcsize(order + entry)
        found = [struct.unpack_from(order + entry, content, start + size * n) for n in range(min(entries, 1000))]
    except (struct.error, OverflowError):
        return 0  # cut off: its decoder says that it is damaged
    return max((pieces for tag, _, pieces in found if tag in PIECES), default=0)
