"""The steps of preprocessing side by side in one picture, each with its name under it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from model.preprocess.pipeline import Step

#: The side of the square that each step is fitted into, the room round it, the height of its name.
SIDE, ROOM, LINE = 168, 12, 22


def sheet(steps: Sequence[Step]) -> bytes:
    """A PNG of the steps from left to right; small pictures are enlarged by whole pixels."""
    picture = Image.new("L", (ROOM + len(steps) * (SIDE + ROOM), SIDE + 2 * ROOM + LINE), 255)
    pen = ImageDraw.Draw(picture)
    for number, step in enumerate(steps):
        shown = _fitted(Image.fromarray(step.picture))
        left = ROOM + number * (SIDE + ROOM)
        picture.paste(shown, (left + (SIDE - shown.width) // 2, ROOM + (SIDE - shown.height) // 2))
        pen.text((left + SIDE / 2, SIDE + 2 * ROOM), step.name, fill=0, anchor="ma", font_size=15)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _fitted(picture: Image.Image) -> Image.Image:
    factor = SIDE / max(picture.size)
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return picture.resize(size, Image.Resampling.NEAREST if factor > 1 else Image.Resampling.BOX)
