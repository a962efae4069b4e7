"""Grids of small pictures that the page draws itself: a model's weights, and what it reads in the first test digits."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.preprocess.picture import SIZE, Pixels
from model.reading.store import Card, load_first_weights
from ui.texts import Texts
from ui.views.pictures import data_uri
from ui.views.render import render

#: MNIST's first test digits, one beside the other; ``python -m tests.make_extract`` cuts them out.
FIRST = Path(__file__).parent / "first_test_digits.png"
#: What they are.
FIRST_LABELS = "721041"
#: The SHA-256 of MNIST's test images: a model that was tested on others didn't read these.
MNIST_TEST = "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
#: Colour of a weight for its unit: warm. As the heat map's.
FOR = (230, 110, 20)
#: Of a weight against it: blue.
AGAINST = (50, 120, 240)


@lru_cache
def first_digits() -> Pixels:
    """The first test digits, uint8 (6, 28, 28)."""
    strip = np.asarray(Image.open(FIRST))
    return np.stack(np.hsplit(strip, strip.shape[1] // SIZE))


def samples(card: Card, t: Texts) -> str:
    """What the model reads in MNIST's first test digits; empty if it was tested on others."""
    if card.dataset.get("t10k-images-idx3-ubyte") != MNIST_TEST:
        return ""
    wrong = {mistake.index: mistake.top[0][0] for mistake in card.mistakes}
    tiles = []
    for place, (label, digit) in enumerate(zip(FIRST_LABELS, first_digits(), strict=True)):
        answer = wrong.get(place, label)
        caption = t("grids.right", answer) if answer == label else t("grids.wrong", label, answer)
        tiles.append({"uri": data_uri(digit), "caption": caption, "is_wrong": answer != label})
    return render("grid.html", tiles=tiles, kind="samples")


def weights(card: Card, t: Texts) -> str:
    """What each unit of the first layer adds up, as a picture each.

    Raises:
        WeightsError: they are missing or damaged.
    """
    pictures = [data_uri(tinted(row)) for row in _scaled(load_first_weights(card))]
    tiles = [{"uri": uri, "caption": t("grids.unit", place), "is_wrong": False} for place, uri in enumerate(pictures)]
    return render("grid.html", tiles=tiles, kind="weights")


def _scaled(units: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weights in −1…1, (N, 28, 28)."""
    reach = float(np.abs(units).max()) or 1.0
    return np.asarray(units.reshape(-1, SIZE, SIZE) / reach)


def tinted(weight: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Weights in −1…1, (H, W), as a colour that is the more opaque the more they count: uint8 (H, W, 4)."""
    colour = np.where(weight[..., None] >= 0, FOR, AGAINST)
    opacity = np.abs(weight[..., None]) ** 0.7 * 255  # the root makes weak ones visible
    return np.asarray(np.concatenate([colour, opacity], axis=-1), dtype=np.uint8)
