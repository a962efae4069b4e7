from __future__ import annotations

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from model.data.digits import DataSet
from model.errors import WeightsError
from model.reading.store import Mistake, load_card, load_first_weights
from ui.texts import languages, texts
from ui.views import grids

T = texts("en")
CARD = load_card("logistic")


def captions(html: str) -> list[str]:
    return re.findall(r"<figcaption>(.*?)</figcaption>", html)


def test_the_first_test_digits_are_mnist_s(extract: DataSet) -> None:
    np.testing.assert_array_equal(grids.first_digits(), extract.test.images[:6].numpy())
    assert "".join(map(str, extract.test.labels[:6].tolist())) == grids.FIRST_LABELS


@pytest.mark.parametrize("code", languages())
def test_each_first_digit_tells_what_is_read(code: str) -> None:
    t = texts(code)
    card = replace(CARD, mistakes=[Mistake(1, "2", [("6", 0.5)], disputed=False)])
    expected = [t("grids.right", label) for label in "721041"]
    expected[1] = t("grids.wrong", "2", "6")
    assert captions(grids.samples(card, t)) == expected


def test_of_other_digits_there_is_none() -> None:
    assert grids.samples(replace(CARD, dataset={}), T) == ""


def test_there_is_a_picture_for_each_unit_s_weights() -> None:
    html = grids.weights(CARD, T)
    assert captions(html) == [f"unit {number}" for number in range(10)]
    uri = re.findall(r"base64,(.*?)\"", html)[3]
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(uri))))
    weights = load_first_weights(CARD)
    expected = grids.tinted(weights[3].reshape(28, 28) / np.abs(weights).max())
    np.testing.assert_array_equal(picture, expected)


def test_a_weight_for_its_unit_is_warm_and_one_against_it_blue() -> None:
    tinted = grids.tinted(np.array([[1.0, -1.0, 0.0]], np.float32))[0].tolist()
    assert tinted == [[*grids.FOR, 255], [*grids.AGAINST, 255], [*grids.FOR, 0]]


def test_a_first_layer_that_takes_no_pixels_has_no_such_weights() -> None:
    with pytest.raises(WeightsError):
        load_first_weights(load_card("cnn"))
