"""Pictures of a digit, and how far two 28×28 images are apart."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from model.preprocess.normalise import soften
from model.preprocess.picture import Pixels
from model.preprocess.pipeline import Prepared


def enlarged(digit: Pixels, factor: int = 5) -> Pixels:
    """Each pixel as a square of ``factor`` pixels."""
    return digit.repeat(factor, axis=0).repeat(factor, axis=1)


def image_of(prepared: Prepared) -> Pixels:
    """What the network would see, where there is ink."""
    assert prepared.image is not None
    return prepared.image


def difference(one: Pixels, other: Pixels) -> float:
    """The mean absolute difference in levels, where one may be a pixel off; other digits differ by 30 and more."""
    moved = [np.roll(one.astype(int), (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    return min(float(np.abs(there - other).mean()) for there in moved)


def softened(images: Tensor) -> Tensor:
    """Images (N, 28, 28) as preprocessing softens what it makes smaller."""
    return torch.from_numpy(np.stack([soften(image) for image in images.numpy()]))


def saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """A picture as the bytes of a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def inked(digit: Pixels, paper: str, pen: str) -> Image.Image:
    """A page of one colour with the digit drawn in another, 5 pixels for one and as much room around."""
    picture = Image.new("RGB", (280, 280), paper)
    picture.paste(pen, (70, 70), Image.fromarray(enlarged(digit)))
    return picture
