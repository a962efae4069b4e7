"""Harder copies of the validation digits, on which the default network's recipe is chosen.

On the 5,000 themselves two good recipes differ by less than chance.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Generator, Tensor

from model.data.digits import Digits, as_images, as_input, joined
from model.preprocess.normalise import soften
from model.synthesis.augment import redraw
from model.synthesis.degrade import degrade
from model.synthesis.synthesize import digit_styles

#: Fixes the copies, and that they aren't those that a run is trained on.
SEED = 1_000_003
#: How strongly digits are redrawn: beyond that, some are no longer read by a person.
STRENGTH = 0.7
#: Synthetic digits are as many as two copies of MNIST's validation digits.
STYLES = 10_000


def _redrawn(ink: Tensor, rng: Generator) -> Tensor:
    return redraw(ink, rng, STRENGTH)


def _degraded(ink: Tensor, rng: Generator) -> Tensor:
    return degrade(redraw(ink, rng, STRENGTH / 2), rng, share=1.0)


Change = Callable[[Tensor, Generator], Tensor]

#: A kind of copy -> how many of each digit there are, and what makes them of ink (N, 1, 28, 28) in 0…1.
KINDS: dict[str, tuple[int, Change]] = {"redrawn": (4, _redrawn), "degraded": (2, _degraded)}


def copies(digits: Digits, kind: str) -> Digits:
    """Copies of digits, ``redrawn`` by other hands or ``degraded`` by noise, lines and haze; the same at each call."""
    count, change = KINDS[kind]
    rng = Generator().manual_seed(SEED)
    ink = as_input(digits.images)
    names = tuple(f"{digits.name(index)}, {kind}" for index in range(len(digits)))
    return joined(*(Digits(as_images(change(ink, rng)), digits.labels, names) for _ in range(count)))


def other_styles() -> Digits:
    """Synthetic digits in styles that MNIST lacks, softened as what is read is; none of them was trained on."""
    digits = digit_styles(STYLES, SEED)
    softened = torch.from_numpy(np.stack([soften(image) for image in digits.images.numpy()]))
    return Digits(softened, digits.labels, tuple(f"style {index}" for index in range(len(digits))))
