"""A contact sheet of a data set: every digit under its label, those framed that the network reads otherwise."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.data.digits import Digits
from model.preprocess.picture import SIZE, Pixels

#: Digits side by side.
ABREAST = 25
#: The most digits of a label that are shown; of more so many, evenly spread, and all that are read otherwise.
MOST = 200
#: The side of a digit on the sheet, in pixels: large enough to be read, twice its own.
SIDE = 2 * SIZE
#: The room between digits.
GAP = 6
#: The height of a label's line.
HEAD = 34
#: The height of its letters.
FONT_SIZE = 22
PAPER, INK, DOUBT = "#ffffff", "#1c1b1a", "#c8451b"

#: The label that is read in each of images, uint8 (N, 28, 28): int64 (N,).
LabelsOf = Callable[[Pixels], NDArray[np.int64]]


def contact_sheet(digits: Digits, labels_of: LabelsOf) -> tuple[bytes, int]:
    """A PNG of the digits by label, as dark ink on white, and how many of all are read otherwise."""
    images, labels = digits.images.numpy(), digits.labels.numpy()
    read = labels_of(images)
    groups = []
    for label in sorted(set(labels.tolist())):
        places = np.flatnonzero(labels == label)
        otherwise = read[places] != label
        kept = np.zeros(len(places), np.bool_)
        kept[:: -(-len(places) // MOST)] = True
        groups.append((label, len(places), int(otherwise.sum()), places[kept | otherwise][: 2 * MOST]))
    rows = sum(-(-len(places) // ABREAST) for *_, places in groups)
    size = (GAP + ABREAST * (SIDE + GAP), GAP + len(groups) * HEAD + rows * (SIDE + GAP))
    sheet = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(sheet)
    y = GAP
    for label, count, wrong, places in groups:
        said = f"{label}: {count}" + (f", {len(places)} of them shown" if len(places) < count else "")
        said += f"; {wrong} read otherwise" if wrong else ""
        pen.text((GAP, y), said, fill=INK, font_size=FONT_SIZE)
        y += HEAD
        for start in range(0, len(places), ABREAST):
            for column, place in enumerate(places[start : start + ABREAST].tolist()):
                x = GAP + column * (SIDE + GAP)
                sheet.paste(Image.fromarray(255 - images[place]).resize((SIDE, SIDE), Image.Resampling.NEAREST), (x, y))
                is_read = read[place] == labels[place]
                pen.rectangle((x - 1, y - 1, x + SIDE, y + SIDE), outline="#dddddd" if is_read else DOUBT, width=1)
                if not is_read:
                    pen.rectangle((x - 3, y - 3, x + SIDE + 2, y + SIDE + 2), outline=DOUBT, width=3)
                    pen.text((x + SIDE - 3, y + SIDE - 2), str(read[place]), fill=DOUBT, anchor="rs", font_size=18)
            y += SIDE + GAP
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue(), int((read != labels).sum())
