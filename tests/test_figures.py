from __future__ import annotations

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from model.predict import Digit, Reading
from model.preprocess import preprocess
from model.store import Mistake
from ui import figures

TOP = (("4", 0.61), ("9", 0.38), ("7", 0.0004))
FOUR = Digit("4", 0.61, TOP, (0, 0, 10, 10), np.zeros((28, 28), np.uint8))
READING = Reading("digit", (FOUR,), ())


def test_an_answer_shows_the_three_likeliest_digits_as_bars() -> None:
    html = figures.answer(READING)
    assert [part in html for part in ("reads as 4", "width:61.0%", "61.0 %", "38.0 %", "< 0.1 %")] == [True] * 5


def test_an_unsure_answer_names_both_digits() -> None:
    assert "unsure: 4 or 9" in figures.answer(replace(READING, status="unsure"))


def test_a_number_shows_a_bar_for_each_digit() -> None:
    html = figures.answer(replace(READING, digits=(FOUR, replace(FOUR, label="2", confidence=0.9))))
    assert "reads as 42" in html
    assert html.count("<li>") == 2


def test_an_unsure_number_names_its_doubtful_digit() -> None:
    html = figures.answer(Reading("unsure", (replace(FOUR, label="2", confidence=0.9), FOUR), ()))
    assert [part in html for part in ("unsure: probably 24", "The 4 may be a 9")] == [True] * 2


@pytest.mark.parametrize("status", ["blank", "no-digit"])
def test_without_a_digit_there_is_advice_and_no_percentage(status: str) -> None:
    html = figures.answer(Reading(status, (), ()))
    assert figures.ADVICE[status] in html
    assert " %" not in html


def test_the_four_statuses_and_a_problem_look_different() -> None:
    shown = {figures.answer(replace(READING, status=status)) for status in ("digit", "unsure")}
    shown |= {figures.answer(Reading(status, (), ())) for status in ("blank", "no-digit")}
    shown |= {figures.problem("no")}
    assert len({html.split('class="', 1)[1].split('"')[0] for html in shown}) == 5


def test_a_message_can_bring_no_markup_along() -> None:
    assert "<script>" not in figures.problem("<script>alert(1)</script>")


def test_every_step_is_shown_and_named() -> None:
    canvas = np.zeros((280, 280), np.uint8)
    canvas[60:220, 130:150] = 255
    html = figures.steps(Reading("digit", (FOUR,), preprocess(canvas).steps))
    assert [f"step-{name}" in html for name in figures.STEP_TEXTS] == [True] * 6


def test_without_ink_there_are_no_steps() -> None:
    blank = preprocess(np.zeros((28, 28), np.uint8))
    assert "is-empty" in figures.steps(Reading("blank", (), blank.steps))


def test_a_data_uri_holds_the_picture_pixel_for_pixel() -> None:
    picture = np.arange(12, dtype=np.uint8).reshape(3, 4)
    content = base64.b64decode(figures.data_uri(picture).removeprefix("data:image/png;base64,"))
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(content))), picture)


def test_a_mistake_tells_its_truth_its_reading_and_a_dispute() -> None:
    mistake = Mistake(947, "8", [("9", 0.9), ("8", 0.05), ("4", 0.01)], disputed=True)
    assert figures.mistake_caption(mistake) == "8 → 9 · 90.0 %"
    html = figures.mistake_detail(mistake, np.zeros((28, 28), np.uint8))
    assert [part in html for part in ("A 8, read as 9", "test digit 947", "dispute")] == [True] * 3
