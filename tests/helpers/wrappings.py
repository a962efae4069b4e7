"""An attack by pictures that are small, wrapped into much that is none of their pixels."""

from __future__ import annotations

import io
import struct
import zlib
from random import Random

from PIL import Image

from tests.helpers.assaults import read_at_once
from tests.helpers.hostile import looping_exif
from tests.helpers.pictures import saved
from tests.helpers.server import Server

DIGIT = Image.new("L", (140, 140), 240)
DIGIT.paste(20, (60, 20, 80, 120))


def wrapped_jpeg(mark: int, begin: bytes, segments: int) -> bytes:
    """A JPEG with so many segments of metadata, each as long as one can be."""
    content = saved(DIGIT, "JPEG")
    segment = bytes([0xFF, mark]) + struct.pack(">H", 65_000 + len(begin) + 2) + begin + bytes(65_000)
    return content[:2] + segment * segments + content[2:]


def texts_png(kind: bytes, count: int) -> bytes:
    """A PNG with texts that unpack to two megabytes each."""
    data = b"k\0\0" + zlib.compress(bytes(2_000_000), 9)
    chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    content = saved(DIGIT, "PNG")
    return content[:33] + chunk * count + content[33:]


def frames_gif(count: int) -> bytes:
    """A GIF of so many frames."""
    file = io.BytesIO()
    frames = [Image.new("L", DIGIT.size, number % 256) for number in range(count)]
    DIGIT.save(file, "GIF", save_all=True, append_images=frames)
    return file.getvalue()


def wrappings(server: Server) -> str:
    """Small pictures with profiles, texts, EXIF and frames that are far larger, twice each at once."""
    sent = {
        "profile.jpg": wrapped_jpeg(0xE2, b"ICC_PROFILE\0\1\1", 120),
        "xmp.jpg": wrapped_jpeg(0xE1, b"http://ns.adobe.com/xap/1.0/\0", 120),
        "exif.jpg": looping_exif(Random(0)),
        "texts.png": texts_png(b"zTXt", 900),
        "profile.png": texts_png(b"iCCP", 1),
        "frames.gif": frames_gif(1500),
    }
    return read_at_once(server, sent, times=2)
