"""Why the network reads what it does, as HTML: a heat map of the ink, and the most similar training digits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.preprocess.picture import Pixels
from model.reading.reading import Reading
from model.reading.recognizer import Recognizer
from ui.texts import Texts
from ui.views.figures import bars
from ui.views.numbers import least_sure
from ui.views.render import render

#: Colour (R, G, B in 0…255) of ink that counted for the answer: warm.
FOR = np.array([255, 140, 40])
#: Of ink that counted against it: blue.
AGAINST = np.array([70, 140, 255])
#: Of ink that counted neither way: grey.
NEITHER = np.array([150, 150, 150])


def why(recognizer: Recognizer, reading: Reading, t: Texts, *, drawn: bool = False, place: int | None = None) -> str:
    """The heat map and the nearest training digits of one digit; empty if there is none.

    Args:
        drawn: it was drawn on the pad.
        place: the digit's in a number; ``None``, or one that there isn't, stands for the least sure digit.
    """
    if not reading.digits:
        return ""
    if place is None or place not in range(len(reading.digits)):
        place = least_sure(reading.digits)
    digit = reading.digits[place]
    return render(
        "why.html",
        t=t,
        drawn=drawn,
        label=digit.label,
        of=(place + 1, len(reading.digits)) if len(reading.digits) > 1 else None,
        image=digit.image,
        rows=bars(digit.top),
        heat=coloured(digit.image, recognizer.why(digit)),
        nearest=recognizer.nearest(digit),
    )


def coloured(image: Pixels, effect: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Ink uint8 (28, 28) tinted by its effect in −1…1: uint8 (28, 28, 3)."""
    share = np.abs(effect)[..., None] ** 0.5  # the root makes weak effects visible
    tint = np.where(effect[..., None] >= 0, FOR, AGAINST)
    return np.asarray((image[..., None] / 255) * (NEITHER * (1 - share) + tint * share), dtype=np.uint8)
