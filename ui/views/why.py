"""Why the network answers what it does, as HTML: a heat map of its ink, the training digits that are most like it."""

from __future__ import annotations

from html import escape

import numpy as np
from numpy.typing import NDArray

from model.preprocess.picture import Pixels
from model.reading.reading import Digit, Reading
from model.reading.recognizer import Recognizer
from ui.texts import Texts
from ui.views.figures import data_uri

#: Ink that counted for the answer, and against it; between them plain grey.
FOR, AGAINST, NEITHER = np.array([255, 140, 40]), np.array([70, 140, 255]), np.array([150, 150, 150])


def why(recognizer: Recognizer, reading: Reading, t: Texts) -> str:
    """The heat map and the neighbours of a digit; of a number's, of the one it is least sure of. Empty without one."""
    if not reading.digits:
        return ""
    digit = min(reading.digits, key=lambda digit: digit.confidence)
    label = escape(digit.label)
    heat = data_uri(coloured(digit.image, recognizer.why(digit)))
    return (
        f'<div class="why"><figure class="heat"><img src="{heat}" alt="{escape(t("why.image", digit.label))}"></figure>'
        f'<div><h2>{escape(t("why.title", label))}</h2><p class="advice">{escape(t("why.text", label))}</p>'
        f"<h3>{escape(t('why.nearest'))}</h3>{_nearest(recognizer, digit)}</div></div>"
    )


def _nearest(recognizer: Recognizer, digit: Digit) -> str:
    figures = "".join(
        f'<figure><img src="{data_uri(neighbour.image)}" alt=""><figcaption>{neighbour.label}</figcaption></figure>'
        for neighbour in recognizer.nearest(digit)
    )
    return f'<div class="nearest">{figures}</div>'


def coloured(image: Pixels, effect: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Ink uint8 (28, 28) tinted by its effect in −1…1: (28, 28, 3)."""
    share = np.abs(effect)[..., None] ** 0.5  # so that weak effects are seen, too
    tint = np.where(effect[..., None] >= 0, FOR, AGAINST)
    return np.asarray((image[..., None] / 255) * (NEITHER * (1 - share) + tint * share), dtype=np.uint8)
