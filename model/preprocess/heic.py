"""HEIC, the format of some phones, read by pillow-heif where that is installed: no other library here reads it."""

from __future__ import annotations

import io
from importlib.util import find_spec

from PIL import Image

from model.errors import PictureError, Term

#: What follows the length of a HEIC file's first box; AVIF has ``ftypavif`` there.
MARKS = (b"ftyphei", b"ftyphev", b"ftypmif")


def is_heic(content: bytes) -> bool:
    """Whether bytes begin as a HEIC file does."""
    return content.startswith(MARKS, 4)


def open_heic(content: bytes, name: str | Term) -> Image.Image:
    """The picture of a HEIC file, upright; its pixels are decoded when they are asked for.

    Raises:
        PictureError: pillow-heif isn't installed.
    """
    if find_spec("pillow_heif") is None:
        raise PictureError("heic-not-read", name=name)
    from pillow_heif import HeifImageFile, register_heif_opener

    register_heif_opener()
    image: Image.Image = HeifImageFile(io.BytesIO(content))  # type: ignore[no-untyped-call]
    return image
