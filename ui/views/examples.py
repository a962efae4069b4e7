"""The pictures in examples/, to be read on a click."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from html import escape
from pathlib import Path

from PIL import Image, ImageOps

from ui.texts import Texts

FOLDER = Path(__file__).parent.parent.parent / "examples"
SIDE = 72


@lru_cache
def pictures() -> tuple[Path, ...]:
    """The files, by name; a name begins with its digit."""
    return tuple(sorted(path for path in FOLDER.iterdir() if path.suffix in {".png", ".jpg"}))


def shown(t: Texts) -> str:
    """A button with a thumbnail for each."""
    buttons = "".join(
        f'<button type="button" data-choice="{number}" aria-label="{escape(t("examples.one", path.stem))}">'
        f'<img src="{_thumbnail(path)}" alt=""></button>'
        for number, path in enumerate(pictures())
    )
    return f'<section class="examples"><h2>{escape(t("examples"))}</h2><div>{buttons}</div></section>'


@lru_cache
def _thumbnail(path: Path) -> str:
    with Image.open(path) as picture:
        small = ImageOps.exif_transpose(picture).convert("RGBA")
    small.thumbnail((SIDE * 2, SIDE * 2))
    file = io.BytesIO()
    small.save(file, "WEBP", quality=80)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
