from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from PIL import Image

from model.errors import PictureError, Term
from model.preprocess.pipeline import STEPS, Step, preprocess
from model.reading.reading import Digit, Reading
from ui.texts import languages, texts
from ui.views import figures
from ui.views.pictures import data_uri

T = texts("en")
TOP = (("4", 0.61), ("9", 0.38), ("7", 0.0004))
FOUR = Digit("4", 0.61, TOP, (0, 0, 10, 10), np.zeros((28, 28), np.uint8))
TWO = replace(FOUR, label="2", confidence=0.9, box=(60, 20, 90, 80))
READING = Reading("digit", (FOUR,), (), (100, 200))
NUMBER = Reading("digit", (FOUR, TWO), (), (100, 200))
LINE = np.zeros((280, 280), np.uint8)
LINE[60:220, 130:150] = 255
LINE_STEPS = preprocess(LINE).steps

in_each_language = pytest.mark.parametrize("code", languages())


def boxes(html: str) -> list[object]:
    found = re.search(r'data-boxes="([^"]*)"', html)
    assert found
    drawn: list[object] = json.loads(unescape(found[1]))
    return drawn


def test_an_answer_shows_the_three_likeliest_digits_as_bars() -> None:
    html = figures.answer(READING, T)
    assert [part in html for part in ("reads as 4", "width:61.0%", "61.0 %", "38.0 %", "0.1 %")] == [True] * 5


def test_an_unsure_answer_names_both_digits() -> None:
    assert "unsure: 4 or 9" in figures.answer(replace(READING, status="unsure"), T)


@pytest.mark.parametrize(("second", "verdict"), [(0.01, "unsure: 4 or 9"), (0.009, "unsure: perhaps 4")])
def test_an_unsure_answer_names_the_other_digit_if_it_is_likely(second: float, verdict: str) -> None:
    alone = replace(FOUR, confidence=0.98, top=(("4", 0.98), ("9", second), ("1", 0.001)))
    html = figures.answer(Reading("unsure", (alone,), (), (100, 200)), T, bound=0.97)
    assert verdict in html
    assert "The 4 may be no digit at all." in html
    assert verdict in figures.spoken(Reading("unsure", (alone,), (), (100, 200)), T)


def test_words_left_out_are_told_beside_one_digit_and_beside_a_number() -> None:
    for digits, verdict in (((FOUR,), "unsure: 4 or 9"), ((FOUR, TWO), "unsure: perhaps 42")):
        unsure = Reading(
            "unsure", tuple(replace(digit, sure=False) for digit in digits), (), (100, 200), "beside-words"
        )
        html = figures.answer(unsure, T, bound=0.5)
        assert verdict in html
        assert "Words beside it were left out." in html


def test_a_number_shows_a_bar_for_each_digit() -> None:
    html = figures.answer(NUMBER, T)
    assert "reads as 42" in html
    assert html.count("<li>") == 2


def test_an_unsure_number_names_its_doubtful_digit_and_the_bound_it_missed() -> None:
    html = figures.answer(Reading("unsure", (TWO, replace(FOUR, sure=False)), (), (100, 200)), T, bound=0.8)
    parts = ("unsure: perhaps 24", ">24?<", "The 4 may be a 9: it missed 80.0 %", '<li class="is-doubtful"><b>4')
    assert [part in html for part in parts] == [True] * 4
    assert html.count('<u style="left:80.0%"></u>') == 1


def test_a_number_whose_confident_digit_is_perhaps_none_says_so() -> None:
    html = figures.answer(Reading("unsure", (TWO, replace(FOUR, sure=False)), (), (100, 200)), T, bound=0.5)
    assert "The 4 may be no digit at all" in html
    assert "<u " not in html


def test_an_unsure_answer_shows_the_bound_that_it_missed() -> None:
    html = figures.answer(replace(READING, status="unsure"), T, bound=0.9735)
    assert "From 97.3 % up" in html.replace("97.4", "97.3")
    assert html.count('<u style="left:97.3%"></u>') + html.count('<u style="left:97.4%"></u>') == 1


@in_each_language
@pytest.mark.parametrize("status", ["blank", "no-digit"])
def test_without_a_digit_there_is_advice_and_no_percentage(status: str, code: str) -> None:
    html = unescape(figures.answer(Reading(status, (), ()), texts(code)))
    assert texts(code)(f"advice.{status}") in html
    assert " %" not in html


def test_the_four_statuses_and_a_problem_look_different() -> None:
    shown = {figures.answer(replace(READING, status=status), T) for status in ("digit", "unsure")}
    shown |= {figures.answer(Reading(status, (), ()), T) for status in ("blank", "no-digit")}
    shown |= {figures.problem("no", T)}
    assert len({html.split('class="', 1)[1].split('"')[0] for html in shown}) == 5


@in_each_language
def test_an_answer_speaks_the_page_s_language(code: str) -> None:
    assert texts(code)("verdict.digit", 4) in figures.answer(READING, texts(code))
    assert texts(code)("verdict.unsure-number", 42) in figures.answer(replace(NUMBER, status="unsure"), texts(code))


def test_a_message_can_bring_no_markup_along() -> None:
    assert "<script>" not in figures.problem("<script>alert(1)</script>", T)
    assert "<script>" not in figures.announced("<script>alert(1)</script>")


@in_each_language
def test_a_problem_is_told_in_the_page_s_language(code: str) -> None:
    error = PictureError("damaged-picture", name=Term("the-picture"))
    html = unescape(figures.problem(texts(code).problem(error), texts(code)))
    assert [text in html for text in (texts(code)("verdict.error"), texts(code).problem(error))] == [True] * 2


def test_a_long_number_is_written_smaller() -> None:
    assert "font-size" not in figures.answer(NUMBER, T)
    sizes = [figures.answer(replace(NUMBER, digits=(FOUR,) * n), T).split("rem, ")[1].split("rem")[0] for n in (4, 8)]
    assert float(sizes[0]) > float(sizes[1])


def test_the_pad_frames_the_digits_of_a_number_in_shares_of_its_sides() -> None:
    expected = [["4", 0, 0, 0.1, 0.05, "below"], ["2", 0.6, 0.1, 0.9, 0.4, "above"]]
    assert boxes(figures.answer(NUMBER, T, drawn=True)) == expected


def test_the_pad_frames_neither_a_single_digit_nor_an_upload() -> None:
    assert boxes(figures.answer(READING, T, drawn=True)) == boxes(figures.answer(NUMBER, T)) == []


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (READING, "reads as 4"),
        (NUMBER, "reads as 42"),
        (replace(READING, status="unsure"), "unsure: 4 or 9"),
        (replace(NUMBER, status="unsure"), "unsure: perhaps 42"),
        (Reading("no-digit", (), ()), "this doesn't look like a digit"),
        (Reading("blank", (), ()), "waiting for a digit"),
    ],
)
def test_a_screen_reader_says_the_verdict_and_nothing_else(reading: Reading, said: str) -> None:
    assert figures.spoken(reading, T) == figures.announced(said)


def test_an_announcement_holds_its_text() -> None:
    assert "this doesn't look like a digit" in unescape(figures.announced("this doesn't look like a digit"))


@in_each_language
def test_every_step_that_changes_something_is_shown_and_named(code: str) -> None:
    steps = tuple(Step(step.name, np.diag(np.full(28, 40 + place, np.uint8))) for place, step in enumerate(LINE_STEPS))
    html = unescape(figures.steps(Reading("digit", (FOUR,), steps), texts(code)))
    assert [f"step-{name}" in html for name in STEPS] == [True] * 6
    assert [texts(code)(f"step.{name}.text") in html for name in STEPS] == [True] * 6


def test_steps_that_change_nothing_are_not_shown() -> None:
    assert [step.name for step in figures.changing(LINE_STEPS[:-1])] == ["ink", "box"]


def test_each_digit_of_a_number_can_be_chosen_and_the_least_sure_one_is() -> None:
    html = figures.steps(replace(NUMBER, steps=LINE_STEPS), T)
    assert 'class="seen is-number"' in html
    least = min(range(2), key=lambda place: NUMBER.digits[place].confidence)
    chosen = re.findall(r'data-choice="(.)" aria-pressed="true" tabindex="0" aria-label="(.*?)"', html)
    assert chosen == [(str(least), f"Digit {least + 1}: {NUMBER.digits[least].label}")]
    assert html.count('aria-pressed="false" tabindex="-1"') == 1
    assert "data-choice" not in figures.steps(Reading("digit", (FOUR,), LINE_STEPS), T)


@in_each_language
def test_without_ink_there_are_no_steps(code: str) -> None:
    blank = preprocess(np.zeros((28, 28), np.uint8))
    html = figures.steps(Reading("blank", (), blank.steps), texts(code))
    assert "is-empty" in html
    assert texts(code)("seen.empty") in html


def test_an_upload_has_a_frame_round_each_digit_found() -> None:
    html = figures.steps(replace(NUMBER, steps=LINE_STEPS), T, drawn=False)
    assert '<i class="is-above" style="left:60.00%;top:10.00%;width:30.00%;height:30.00%"><b>2</b></i>' in html
    assert html.count("<i class=") == 2


@pytest.mark.parametrize(("shape", "width"), [((8, 8), 140), ((14, 28), 140), ((140, 4), None), ((280, 280), None)])
def test_a_tiny_upload_is_shown_larger(shape: tuple[int, int], width: int | None) -> None:
    source = Step("grey", np.zeros(shape, np.uint8))
    html = figures.steps(replace(NUMBER, steps=(source, LINE_STEPS[-1])), T, drawn=False)
    assert re.findall(r'<img[^>]*width="(\d+)"', html) == ([] if width is None else [str(width)])


def test_a_drawing_and_an_upload_without_a_digit_have_no_frames() -> None:
    steps = replace(NUMBER, steps=LINE_STEPS)
    assert "found" not in figures.steps(steps, T, drawn=True)
    assert "found" not in figures.steps(Reading("no-digit", (), LINE_STEPS, (280, 280)), T, drawn=False)


def test_a_large_step_is_sent_reduced() -> None:
    large = Step("grey", np.zeros((600, 300), np.uint8))
    html = figures.steps(Reading("digit", (FOUR,), (large, LINE_STEPS[-1])), T)
    sizes = [Image.open(io.BytesIO(base64.b64decode(uri))).size for uri in re.findall(r'base64,([^"]+)', html)]
    assert sorted(sizes) == [(28, 28), (60, 120)]


@pytest.mark.parametrize("shape", [(3, 4), (2, 2, 3)])
def test_a_data_uri_holds_the_picture_pixel_for_pixel(shape: tuple[int, ...]) -> None:
    picture = np.arange(12, dtype=np.uint8).reshape(shape)
    content = base64.b64decode(data_uri(picture).removeprefix("data:image/png;base64,"))
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(content))), picture)


@in_each_language
def test_header_and_footer_are_in_the_page_s_language(code: str) -> None:
    t = texts(code)
    assert t("title") in unescape(figures.header(t))
    assert t("privacy") in unescape(figures.footer(t))


@pytest.mark.parametrize(("count", "bars"), [(12, 12), (13, 12)])
def test_of_a_sheet_the_least_sure_have_bars(count: int, bars: int) -> None:
    image = np.zeros((28, 28), np.uint8)
    digits = tuple(
        Digit(str(place % 10), score := 0.8 + place / 100, ((str(place % 10), score), ("4", 0.1)), (0, 0, 9, 9), image)
        for place in range(count)
    )
    html = figures.answer(Reading("unsure", digits, (), (10, 10)), texts("en"))
    assert html.count("<li>") == bars
    assert ("these 13 digits" in html) == (count > 12)
    assert "0123456789" in html
