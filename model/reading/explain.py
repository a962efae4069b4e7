"""Why a network answers what it answers: which ink counted for the answer, which against it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from model.preprocess.picture import Pixels
from model.reading.scores import DIGITS, Logits

#: The side of the patch that is erased, in pixels.
PATCH = 5
#: The step from one patch to the next, in pixels.
STEP = 2


def occlusion(image: Pixels, label: int, logits: Callable[[Pixels], Logits]) -> NDArray[np.float64]:
    """How much each pixel's ink counts for the label: (28, 28) in −1…1, 0 where there is none.

    A patch of the ink is erased at a time; by as much as the label's lead over the other digits
    falls, the patch counted for it (M. Zeiler & R. Fergus, "Visualizing and Understanding
    Convolutional Networks", 2014). A pixel has the mean of the patches that cover it.

    Args:
        image: uint8 (28, 28), ink 255 on 0.
        logits: gives logits (N, 10 or 11) of images (N, 28, 28).
    """
    size = len(image)
    corners = [(y, x) for y in range(1 - STEP, size, STEP) for x in range(1 - STEP, size, STEP)]
    patches = np.zeros((len(corners), size, size), np.bool_)
    for patch, (y, x) in zip(patches, corners, strict=True):
        patch[max(0, y) : y + PATCH, max(0, x) : x + PATCH] = True
    patches = patches[(patches & (image > 0)).any(axis=(1, 2))]
    if not len(patches):
        return np.zeros(image.shape)
    leads = lead(logits(np.concatenate([image[None], np.where(patches, 0, image)])), label)
    fallen = leads[0] - leads[1:]
    effect = np.tensordot(fallen, patches, 1) / np.maximum(1, patches.sum(axis=0)) * (image / 255)
    return np.asarray(effect / max(1e-9, float(np.abs(effect).max())))


def lead(logits: Logits, label: int) -> Logits:
    """The label's logit over the greatest other digit's, (N,)."""
    others = np.delete(logits[:, :DIGITS], label, axis=1)
    return np.asarray(logits[:, label] - others.max(axis=1))
