"""The pictures in examples/ as a shelf of buttons; a click reads one."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageOps

from ui.texts import Texts
from ui.views.render import render

#: Where the pictures lie.
FOLDER = Path(__file__).parent.parent.parent / "examples"
#: Longest side of a thumbnail in CSS pixels; it has twice as many of its own, for dense screens.
SIDE = 72


@lru_cache
def pictures() -> tuple[Path, ...]:
    """The files, sorted by name; each name begins with its digit."""
    return tuple(sorted(path for path in FOLDER.iterdir() if path.suffix in {".png", ".jpg"}))


def shelf(t: Texts) -> str:
    """A button with a thumbnail for each picture."""
    return render("examples.html", t=t, pictures=[(path.stem, *_thumbnail(path)) for path in pictures()])


@lru_cache
def _thumbnail(path: Path) -> tuple[str, bool]:
    """The picture as a URI, and whether what is behind it is seen through it."""
    with Image.open(path) as picture:
        small = ImageOps.exif_transpose(picture).convert("RGBA")
    small.thumbnail((SIDE * 2, SIDE * 2))
    file = io.BytesIO()
    small.save(file, "WEBP", quality=80)
    is_clear = min(small.getchannel("A").tobytes()) < 255
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode(), is_clear
