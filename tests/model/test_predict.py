from __future__ import annotations

import json
import math
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from model.data.digits import DataSet
from model.errors import PictureError, StrokesError, WeightsError
from model.preprocess.pipeline import STEPS
from model.preprocess.strokes import parse_drawing, render
from model.reading.forward import Forward
from model.reading.reading import Digit, Reading, describe, floor4, percent
from model.reading.recognizer import Recognizer
from model.reading.store import Card, load_card, load_forward
from tests.helpers.running import ROOT

SEVEN = ROOT / "examples" / "7-mnist.png"
DRAWN = {
    "size": [280, 280],
    "strokes": [{"width": 18, "points": [[90, 60], [190, 60], [150, 140], [120, 230]]}],
}
BLANK = np.full((40, 40), 255, dtype=np.uint8)
NEVER, ALWAYS = -math.inf, math.inf
FORCED: dict[str, dict[str, float]] = {
    "digit": {"unsure_below": 0, "no_digit_below": NEVER},
    "unsure": {"unsure_below": 1, "no_digit_below": NEVER},
    "no-digit": {"unsure_below": 0, "no_digit_below": ALWAYS},
}


def fresh(status: str = "digit") -> Recognizer:
    """A recognizer that hasn't loaded its network yet and gives everything that status."""
    return Recognizer(replace(load_card("cnn"), **FORCED[status]))  # type: ignore[arg-type]


class Fixed:
    """Gives the same logits whatever it sees."""

    def __init__(self, logits: list[float]) -> None:
        self.values = np.array([*logits, -1e4], np.float32)  # the last: "no digit"

    def __call__(self, ink: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.tile(self.values, (len(ink), 1))


def reading_of(logits: list[float], monkeypatch: pytest.MonkeyPatch) -> Reading:
    monkeypatch.setattr("model.reading.recognizer.load_forward", lambda *_: Fixed(logits))
    return fresh().read(SEVEN)


def test_a_recognizer_is_loaded_once() -> None:
    assert Recognizer.load() is Recognizer.load()
    assert Recognizer.load("cnn") is Recognizer.load("cnn")


def test_there_is_no_recognizer_of_an_unknown_name() -> None:
    with pytest.raises(WeightsError, match="there are no weights of a model 'nothing'"):
        Recognizer.load("nothing")


@pytest.mark.parametrize(
    "source",
    [
        SEVEN,
        str(SEVEN),
        SEVEN.read_bytes(),
        Image.open(SEVEN),
        np.asarray(Image.open(SEVEN)),
        255 - np.asarray(Image.open(SEVEN)),
        DRAWN,
        parse_drawing(DRAWN),
    ],
    ids=["path", "str", "bytes", "PIL", "array", "inverted", "strokes", "drawing"],
)
def test_any_source_of_a_seven_is_a_seven(source: Any) -> None:
    assert [digit.label for digit in Recognizer.load().read(source).digits] == ["7"]


@pytest.mark.parametrize("width", [8, 12, 16, 20, 26])
@pytest.mark.parametrize("height", [70, 110, 160, 220])
def test_an_upright_stroke_is_surely_a_one(width: int, height: int) -> None:
    drawing = {"size": [280, 280], "strokes": [{"width": width, "points": [[140, 30], [140, 30 + height]]}]}
    reading = Recognizer.load().read(drawing)
    assert (reading.status, [digit.label for digit in reading.digits]) == ("digit", ["1"])


@pytest.mark.parametrize("status", FORCED)
def test_a_card_s_thresholds_decide_the_status(status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.reading.recognizer.load_judges", lambda *_: None)
    reading = fresh(status).read(SEVEN)
    assert reading.status == status
    assert [digit.label for digit in reading.digits] == ([] if status == "no-digit" else ["7"])
    assert tuple(step.name for step in reading.steps) == STEPS


@pytest.mark.parametrize("source", [BLANK, None, {"size": [280, 280], "strokes": []}])
def test_without_ink_a_source_is_blank(source: Any) -> None:
    reading = fresh().read(source)
    assert (reading.status, reading.digits) == ("blank", ())
    assert tuple(step.name for step in reading.steps) == STEPS[:3]


def test_a_doubtful_digit_makes_the_number_unsure_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.reading.recognizer.load_judges", lambda *_: None)

    def pen(*points: tuple[int, int]) -> dict[str, Any]:
        return {"width": 8, "points": points}

    sevens = [pen((x, 100), (x + 50, 100), (x + 20, 180)) for x in (20, 180)]
    one = pen((260, 100), (260, 180))
    number = fresh().read({"size": [300, 280], "strokes": [*sevens, one]})
    assert (number.status, [digit.sure for digit in number.digits]) == ("digit", [True, True, True])
    least = min(digit.confidence for digit in number.digits)
    doubtful = Recognizer(replace(fresh().card, unsure_below=least + 1e-9))
    unsure = doubtful.read({"size": [300, 280], "strokes": [*sevens, one]})
    assert (unsure.status, "".join(digit.label for digit in unsure.digits)) == ("unsure", "771")
    assert False in {digit.sure for digit in unsure.digits}


def test_a_digit_carries_what_the_network_saw() -> None:
    reading = fresh().read(SEVEN)
    assert reading.digits[0].image.shape == (28, 28)
    np.testing.assert_array_equal(reading.digits[0].image, reading.steps[-1].picture)


def test_the_box_is_in_the_source_s_pixels(digit: np.ndarray[Any, Any]) -> None:
    picture = np.zeros((200, 300), np.uint8)
    picture[100:128, 250:278] = digit
    rows, columns = np.nonzero(digit >= 26)
    x0, y0, x1, y1 = fresh().read(picture).digits[0].box
    assert (x0, y0) == (250 + columns.min(), 100 + rows.min())
    assert (x1, y1) == (251 + columns.max(), 101 + rows.max())


def test_strokes_are_read_like_the_picture_rendered_from_them() -> None:
    drawn, rendered = (Recognizer.load().read(source) for source in (DRAWN, render(parse_drawing(DRAWN))))
    assert (drawn.status, drawn.digits[0].label) == (rendered.status, rendered.digits[0].label)
    # Strokes are drawn at a size of their own: the pictures differ by what resampling does to their edges.
    assert np.abs(drawn.digits[0].image.astype(int) - rendered.digits[0].image).mean() < 5


def test_a_picture_that_can_t_be_read_is_an_error() -> None:
    with pytest.raises(PictureError):
        fresh().read(b"no picture")


def test_malformed_strokes_are_an_error() -> None:
    with pytest.raises(StrokesError):
        fresh().read({"size": "large"})


def test_weights_are_loaded_by_the_first_picture_with_ink(tmp_path: Path) -> None:
    recognizer = Recognizer(load_card("cnn"), tmp_path)
    assert recognizer.read(BLANK).status == "blank"
    with pytest.raises(WeightsError, match=r"cnn\.safetensors is missing"):
        recognizer.read(SEVEN)


def test_eight_threads_load_the_network_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[Card] = []

    def load_slowly(card: Card, folder: Path) -> Forward:
        loaded.append(card)
        time.sleep(0.1)
        return load_forward(card, folder)

    monkeypatch.setattr("model.reading.recognizer.load_forward", load_slowly)
    recognizer = fresh()
    assert loaded == []
    with ThreadPoolExecutor(8) as pool:
        readings = list(pool.map(recognizer.read, [SEVEN] * 8))
    assert loaded == [recognizer.card]
    assert [reading.digits[0].label for reading in readings] == ["7"] * 8


def test_threads_read_what_one_thread_reads(extract: DataSet) -> None:
    images = list(extract.test.images[:40].numpy())
    expected = [Recognizer.load().read(image).to_dict() for image in images]
    with ThreadPoolExecutor(8) as pool:
        assert [reading.to_dict() for reading in pool.map(Recognizer.load().read, images)] == expected


def test_the_top_three_are_sorted_and_no_more_than_one_in_sum(extract: DataSet) -> None:
    recognizer = fresh()
    tops = [digit.top for image in extract.test.images[:40].numpy() for digit in recognizer.read(image).digits]
    assert len(tops) >= 38
    assert {len(top) for top in tops} == {3}
    assert all(one[1] >= two[1] >= three[1] >= 0 for one, two, three in tops)
    assert all(sum(score for _, score in top) <= 1 for top in tops)


def test_the_first_of_the_top_is_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    digit = reading_of([0, 0, 0, 2, 0, 5, 0, 0, 4, 0], monkeypatch).digits[0]
    assert [label for label, _ in digit.top] == ["5", "8", "3"]
    assert (digit.label, digit.confidence) == digit.top[0]


@pytest.mark.parametrize("peak", [20, 1e3, 1e30])
def test_nothing_is_certain(peak: float, monkeypatch: pytest.MonkeyPatch) -> None:
    digit = reading_of([0, 0, 0, 0, peak, 0, 0, 0, 0, 0], monkeypatch).digits[0]
    assert (digit.label, digit.confidence) == ("4", 0.9999)
    assert sum(score for _, score in digit.top) <= 1


def test_equal_logits_share_the_probability(monkeypatch: pytest.MonkeyPatch) -> None:
    top = reading_of([1.0] * 10, monkeypatch).digits[0].top
    assert [score for _, score in top] == pytest.approx([0.1, 0.1, 0.1])
    assert len({label for label, _ in top}) == 3


def test_a_temperature_cools_the_confidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.reading.recognizer.load_forward", lambda *_: Fixed([math.log(9)] + [0.0] * 9))
    card = replace(fresh().card, temperature=1.0)
    assert Recognizer(card).read(SEVEN).digits[0].confidence == pytest.approx(0.5)
    warm = Recognizer(replace(card, temperature=2.0)).read(SEVEN)
    assert warm.digits[0].confidence == pytest.approx(0.25)


def test_a_confidence_at_the_threshold_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.reading.recognizer.load_judges", lambda *_: None)
    monkeypatch.setattr("model.reading.recognizer.load_forward", lambda *_: Fixed([0.0] * 10))
    card = replace(fresh().card, unsure_below=0.1)
    assert Recognizer(card).read(SEVEN).status == "digit"
    assert Recognizer(replace(card, unsure_below=0.1001)).read(SEVEN).status == "unsure"


def test_a_dict_has_these_keys_and_rounds_down() -> None:
    top = (("3", 0.98769), ("5", 0.01239), ("8", 0.00001))
    reading = Reading("digit", (Digit("3", 0.98769, top, (1, 2, 3, 4), BLANK),), ())
    expected = {
        "label": "3",
        "confidence": 0.9876,
        "top": [["3", 0.9876], ["5", 0.0123], ["8", 0.0]],
        "box": [1, 2, 3, 4],
        "sure": True,
    }
    assert json.loads(json.dumps(reading.to_dict())) == {"status": "digit", "digits": [expected]}


@pytest.mark.parametrize("status", ["blank", "no-digit"])
def test_a_dict_without_digits(status: str) -> None:
    assert Reading(status, (), ()).to_dict() == {"status": status, "digits": []}


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (0.0, "< 0.1 %"),
        (0.00099, "< 0.1 %"),
        (0.001, "0.1 %"),
        (0.0999, "10.0 %"),
        (0.5, "50.0 %"),
        (0.9637, "96.4 %"),
        (0.999, "99.9 %"),
        (0.9991, "> 99.9 %"),
        (0.9999, "> 99.9 %"),
        (1.0, "> 99.9 %"),
    ],
)
def test_a_probability_for_a_person(score: float, text: str) -> None:
    assert percent(score) == text


@given(st.floats(0, 1))
def test_no_percentage_is_nought_or_a_hundred(score: float) -> None:
    assert re.fullmatch(r"[<>]? ?\d{1,2}\.\d %", percent(score))
    assert percent(score) != "0.0 %"


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("digit", "1  (1 60.0 %, 7 39.9 %, 4 < 0.1 %)"),
        ("unsure", "unsure: 1 or 7  (1 60.0 %, 7 39.9 %, 4 < 0.1 %)"),
        ("no-digit", "this doesn't look like a digit"),
        ("blank", "blank: there is no ink"),
    ],
)
def test_a_reading_in_one_line(status: str, text: str) -> None:
    digit = Digit("1", 0.6, (("1", 0.6), ("7", 0.399), ("4", 0.0005)), (0, 0, 9, 9), BLANK)
    digits = (digit,) if status in {"digit", "unsure"} else ()
    assert describe(Reading(status, digits, ())) == text


@pytest.mark.parametrize(("score", "told"), [(0.57, 0.57), (0.29, 0.29), (0.99999, 0.9999), (0.00004, 0.0), (1.0, 1.0)])
def test_a_score_is_rounded_down_but_stays_if_it_is_short(score: float, told: float) -> None:
    assert floor4(score) == told
