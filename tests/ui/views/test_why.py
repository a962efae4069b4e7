from __future__ import annotations

import base64
import io
import re
from html import unescape

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from model.preprocess.picture import Pixels
from model.reading.neighbours import Neighbour
from model.reading.reading import Digit, Reading
from model.reading.recognizer import Recognizer
from model.reading.store import load_card
from ui.texts import languages, texts
from ui.views.why import coloured, why

T = texts("en")
INK = np.zeros((28, 28), np.uint8)
INK[4:24, 10:18] = 255
SEVEN = Digit("7", 0.9, (("7", 0.9), ("1", 0.05), ("2", 0.01)), (0, 0, 9, 9), INK)
TWO = Digit("2", 0.6, (("2", 0.6), ("7", 0.3), ("1", 0.01)), (9, 0, 18, 9), INK.T.copy())


class Told(Recognizer):
    """Says that the left of the ink counts for a digit, and finds two neighbours."""

    def why(self, digit: Digit) -> NDArray[np.float64]:
        return np.where(np.arange(28) < 14, 1.0, -1.0) * (digit.image > 0)

    def nearest(self, digit: Digit) -> list[Neighbour]:
        return [Neighbour(digit.label, digit.image, 0.9), Neighbour("1", np.full((28, 28), 9, np.uint8), 0.8)]


RECOGNIZER = Told(load_card("cnn"))


def pictures(html: str) -> list[NDArray[np.uint8]]:
    found = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(content)))) for content in found]


def pixel(effect: float, ink: int = 255) -> list[int]:
    image: Pixels = np.full((1, 1), ink, np.uint8)
    colours: list[int] = coloured(image, np.array([[effect]]))[0, 0].tolist()
    return colours


@pytest.mark.parametrize("status", ["blank", "no-digit"])
def test_without_a_digit_there_is_nothing_to_explain(status: str) -> None:
    assert why(RECOGNIZER, Reading(status, (), ()), T) == ""


@pytest.mark.parametrize("code", languages())
def test_a_digit_is_explained_in_the_page_s_language(code: str) -> None:
    t, html = texts(code), unescape(why(RECOGNIZER, Reading("digit", (SEVEN,), ()), texts(code)))
    expected = [t("why.title", "7"), t("why.text", "7"), t("why.nearest"), f'alt="{t("why.image", "7")}"']
    assert [text in html for text in expected] == [True] * 4


def test_of_a_number_the_least_sure_digit_is_explained() -> None:
    html = why(RECOGNIZER, Reading("unsure", (SEVEN, TWO), ()), T)
    assert "Why 2?" in html
    assert "Why 7?" not in html


@pytest.mark.parametrize(("place", "label"), [(0, "7"), (1, "2"), (2, "2"), (-1, "2"), (None, "2")])
def test_of_a_number_the_digit_that_is_chosen_is_explained(place: int | None, label: str) -> None:
    html = why(RECOGNIZER, Reading("unsure", (SEVEN, TWO), ()), T, place=place)
    assert f"Why {label}?" in html
    assert f'data-place="{"72".index(label)}"' in html
    assert html.count('<span class="score">') == 3


def test_the_first_picture_is_the_heat_map_of_the_digit() -> None:
    heat = pictures(why(RECOGNIZER, Reading("digit", (SEVEN,), ()), T))[0]
    np.testing.assert_array_equal(heat, coloured(INK, RECOGNIZER.why(SEVEN)))


def test_the_neighbours_are_shown_in_their_order_with_their_labels() -> None:
    html = why(RECOGNIZER, Reading("digit", (SEVEN,), ()), T)
    assert re.findall(r"<figcaption>(.*?)</figcaption>", html) == ["7", "1"]
    np.testing.assert_array_equal(pictures(html)[1:], [INK, np.full((28, 28), 9)])


def test_ink_for_the_answer_is_warm_and_ink_against_it_blue() -> None:
    assert (pixel(1), pixel(-1), pixel(0)) == ([255, 140, 40], [70, 140, 255], [150, 150, 150])


@pytest.mark.parametrize("effect", [-1, -0.3, 0, 1])
def test_where_there_is_no_ink_the_heat_map_is_black(effect: float) -> None:
    assert pixel(effect, ink=0) == [0, 0, 0]


def test_pale_ink_is_pale_in_the_heat_map() -> None:
    assert pixel(1, ink=51) == [51, 28, 8]


def test_a_weak_effect_is_still_seen() -> None:
    red, _, blue = pixel(0.04)
    assert red - blue > 40


def test_a_heat_map_is_a_colour_picture_of_the_ink_s_size() -> None:
    heat = coloured(INK, np.zeros((28, 28)))
    assert (heat.shape, heat.dtype) == ((28, 28, 3), np.uint8)
