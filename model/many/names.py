"""Which files are taken for pictures, by their names."""

from __future__ import annotations

from pathlib import PurePosixPath

from model.preprocess.picture import SUFFIXES

#: What macOS writes beside each file on a foreign disk, and the folder that it keeps such files in inside a zip.
SHADOW, SHADOWS = "._", "__MACOSX"


def is_picture(name: str) -> bool:
    """Whether a file of that name, or path inside an archive, is meant to be read as a picture."""
    path = PurePosixPath(name)
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(SHADOW) and SHADOWS not in path.parts
