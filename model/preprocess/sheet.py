"""The steps of preprocessing side by side in one picture, each with its name under it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from model.preprocess.pipeline import Step

#: The side of the square that each step is fitted into, in pixels: six for each of a digit's 28.
SIDE = 168
#: The white space round each square.
MARGIN = 12
#: The height of the line below the squares, on which the steps' names stand.
CAPTION = 22
#: The height of the names' letters.
FONT_SIZE = 15


def sheet(steps: Sequence[Step]) -> bytes:
    """A PNG of the steps from left to right. Small pictures are enlarged with sharp pixels, large ones averaged."""
    picture = Image.new("L", (MARGIN + len(steps) * (SIDE + MARGIN), SIDE + 2 * MARGIN + CAPTION), 255)
    pen = ImageDraw.Draw(picture)
    for number, step in enumerate(steps):
        shown = _fitted(Image.fromarray(step.picture))
        left = MARGIN + number * (SIDE + MARGIN)
        picture.paste(shown, (left + (SIDE - shown.width) // 2, MARGIN + (SIDE - shown.height) // 2))
        pen.text((left + SIDE / 2, SIDE + 2 * MARGIN), step.name, fill=0, anchor="ma", font_size=FONT_SIZE)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _fitted(picture: Image.Image) -> Image.Image:
    factor = SIDE / max(picture.size)
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return picture.resize(size, Image.Resampling.NEAREST if factor > 1 else Image.Resampling.BOX)
