"""Small valid pictures whose decoding takes long, or much memory."""

from __future__ import annotations

import io
import struct

from PIL import Image


def _segment(mark: int, content: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(content) + 2) + content


def _packed(bits: str) -> bytes:
    """Bits as a JPEG's data: filled up with ones, with a zero byte after each FF."""
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")


def jpeg_of_scans(side: int, scans: int) -> bytes:
    """A progressive JPEG that goes over its even pixels so often, and once more."""
    blocks = ((side + 7) // 8) ** 2
    head = b"\xff\xd8" + _segment(0xDB, b"\0" + b"\1" * 64)
    head += _segment(0xC2, struct.pack(">BHHB", 8, side, side, 1) + b"\1\x11\0")
    head += _segment(0xC4, b"\0\1" + bytes(15) + b"\0") + _segment(0xC4, b"\x10\1" + bytes(15) + b"\xe0")
    first = _segment(0xDA, b"\1\1\0\0\0\0") + _packed("0" * blocks)
    empty = _segment(0xDA, b"\1\1\0\1\x3f\0") + _packed(("0" + "1" * 14) * -(-blocks // 32767))
    return head + first + empty * scans + b"\xff\xd9"


def tiff_of_strips(strips: int, width: int) -> bytes:
    """A TIFF of so many rows, each a strip, that all lie at the same place of the file."""
    row = b"\xff" * width
    places = 8 + width
    lengths = places + 4 * strips
    directory = lengths + 4 * strips
    tags = [(256, width), (257, strips), (258, 8), (259, 1), (262, 1), (277, 1), (278, 1)]
    entries = [struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags]
    one = strips == 1  # then the value stands in the place of where the values stand
    entries.insert(5, struct.pack("<HHII", 273, 4, strips, 8 if one else places))
    entries.append(struct.pack("<HHII", 279, 4, strips, width if one else lengths))
    body = row + struct.pack("<I", 8) * strips + struct.pack("<I", width) * strips
    return (
        b"II*\0" + struct.pack("<I", directory) + body + struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4)
    )


def webp_claiming(kind: str, width: int, height: int) -> bytes:
    """The head of a WebP that claims so many pixels."""
    if kind == "VP8X":
        data = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif kind == "VP8L":
        data = b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + bytes(5)
    else:
        data = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    chunk = kind.encode() + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def tall_png() -> bytes:
    """A PNG of one column of fifty million pixels: a hundred kilobytes."""
    out = io.BytesIO()
    Image.new("1", (1, 50_000_000), 1).save(out, "PNG")
    return out.getvalue()


def commented_pgm(size: int) -> bytes:
    """A PGM of so many bytes of comments."""
    return b"P5\n" + b"#\n" * (size // 2) + b"1 1 255\n\0"
