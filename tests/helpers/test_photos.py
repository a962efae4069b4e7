from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from model import Recognizer
from model.data.digits import DataSet
from tests.helpers.photos import PHOTOS

pytestmark = pytest.mark.slow

#: Test digits of the extract that a photo is made of.
COUNT = 20


@pytest.mark.parametrize("photograph", PHOTOS, ids=lambda photograph: photograph.__name__)
def test_digits_are_read_from_every_kind_of_photo(
    photograph: Callable[[NDArray[np.uint8], Generator], Image.Image], extract: DataSet
) -> None:
    recognizer, rng = Recognizer.load(), np.random.default_rng(0)
    wrong = []
    for image, label in zip(extract.test.images[:COUNT].numpy(), extract.test.labels[:COUNT].tolist(), strict=True):
        reading = recognizer.read(photograph(image, rng))
        if [digit.label for digit in reading.digits] != [str(label)]:
            wrong.append((label, reading.status, [digit.label for digit in reading.digits]))
    assert len(wrong) <= 1, wrong
