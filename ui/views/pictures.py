"""Pictures inside the page's HTML: a URI that holds the whole file costs no request and leaves no file."""

from __future__ import annotations

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.preprocess.picture import Pixels

#: Longest side in pixels of a step's picture; larger ones are reduced.
STEP_SIDE = 140


def reduced(picture: Pixels, side: int = STEP_SIDE) -> Pixels:
    """A grey picture (H, W), area-averaged by a whole factor to at most ``side``."""
    factor = -(-max(picture.shape) // side)
    return np.asarray(Image.fromarray(picture).reduce(factor)) if factor > 1 else picture


def data_uri(picture: NDArray[np.uint8]) -> str:
    """A grey (H, W) or colour (H, W, 3) picture as a PNG inside a URI."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", compress_level=1)
    return png_uri(file.getvalue())


def png_uri(content: bytes) -> str:
    """A PNG file inside a URI."""
    return "data:image/png;base64," + base64.b64encode(content).decode()
