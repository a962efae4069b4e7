from __future__ import annotations

import base64
import csv
import io
import re
from html import unescape

import numpy as np
import pytest
from PIL import Image

from model.preprocess.pipeline import Step
from model.reading.reading import Digit, Reading
from ui.texts import languages, texts
from ui.views import several

T = texts("en")
FOUR = Digit("4", 0.61, (("4", 0.61), ("9", 0.38), ("7", 0.01)), (0, 0, 9, 9), np.zeros((28, 28), np.uint8))
TWO = Digit("2", 0.9876, (("2", 0.9876), ("7", 0.01), ("1", 0.001)), (9, 0, 18, 9), np.zeros((28, 28), np.uint8))
SURE = Reading("digit", (TWO,), ())


def lines(code: str = "en") -> list[dict[str, str]]:
    """A line of each kind."""
    results: list[tuple[str, Reading | str]] = [
        ("two.png", SURE),
        ("forty-two.jpg", Reading("unsure", (FOUR, TWO), ())),
        ("dog.png", Reading("no-digit", (), ())),
        ("paper.png", Reading("blank", (), ())),
        ("letter.txt", "the picture is damaged"),
    ]
    return [several.row(name, result, texts(code)) for name, result in results]


RESULTS = lines()

in_each_language = pytest.mark.parametrize("code", languages())


def cells(html: str) -> list[list[str]]:
    """The text of each cell, row by row."""
    rows = re.findall(r"<tr.*?</tr>", html)
    return [[unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def parsed(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def names(name: str) -> list[str]:
    """What becomes of a file's name in the CSV, whether the file can be read or not."""
    return [parsed(several.as_csv(several.row(name, result, T)))[0][0] for result in ("damaged", SURE)]


def test_each_file_has_a_row_with_its_number_and_the_least_sure_digit() -> None:
    assert cells(several.rows(RESULTS)) == [
        ["", "two.png", "2", "98.8 %"],
        ["", "forty-two.jpg", "42?", "61.0 %"],
        ["", "dog.png", "this doesn't look like a digit", ""],
        ["", "paper.png", "waiting for a digit", ""],
        ["", "letter.txt", "the picture is damaged"],
    ]


def test_a_row_looks_like_its_status_and_knows_its_place() -> None:
    found = re.findall(r'<tr class="is-(.*?)" data-place="(.*?)"', several.rows(RESULTS, 7))
    assert [status for status, _ in found] == ["digit", "unsure", "no-digit", "blank", "error"]
    assert [place for _, place in found] == ["7", "8", "9", "10", "11"]


def test_a_row_shows_its_picture_small() -> None:
    step = Step("grey", np.arange(200 * 100, dtype=np.uint8).reshape(200, 100))
    line = several.row("two.png", Reading("digit", (TWO,), (step,)), T)
    found = re.findall(r'<img src="data:image/png;base64,(.*?)"', several.rows([line]))
    assert [Image.open(io.BytesIO(base64.b64decode(uri))).size for uri in found] == [(25, 50)]


@in_each_language
def test_the_rows_are_in_the_page_s_language(code: str) -> None:
    assert cells(several.rows(lines(code)))[2][2] == texts(code)("verdict.no-digit")


def test_a_name_and_a_message_can_bring_no_markup_along() -> None:
    html = several.rows([several.row("<b>.png", "<script>", T), several.row("<i>.png", SURE, T)])
    assert [markup in html for markup in ("<b>", "<script>", "<i>")] == [False] * 3


def test_each_row_holds_its_line_of_the_csv() -> None:
    found = re.findall(r'data-csv="(.*?)"', several.rows(RESULTS))
    assert parsed("\r\n".join(map(unescape, found))) == [
        ["two.png", "digit", "2", "0.9876", ""],
        ["forty-two.jpg", "unsure", "42", "0.6100", ""],
        ["dog.png", "no-digit", "", "", ""],
        ["paper.png", "blank", "", "", ""],
        ["letter.txt", "", "", "", "the picture is damaged"],
    ]


@pytest.mark.parametrize("name", ["a,b.png", 'a"b".png', "a\nb.png", "a;b.png", "数字.png", " a.png"])
def test_any_name_survives_the_csv(name: str) -> None:
    assert names(name) == [name, name]


FORMULAS = [
    *("=1+1.png", "+1.png", "-1.png", "@a.png", "\ta.png", "\ra.png", "\na.png", "|a.png", "%a.png"),
    *("＝1.png", "＋1.png", "－1.png", "＠1.png", " =1.png", "\ufeff=1.png", "\u200b+1.png", " \u3000 ＝1.png"),
]


@pytest.mark.parametrize("name", FORMULAS)
def test_a_name_that_begins_like_a_formula_is_none(name: str) -> None:
    assert names(name) == [f"'{name}", f"'{name}"]
