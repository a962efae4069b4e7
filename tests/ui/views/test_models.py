from __future__ import annotations

import base64
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from model.errors import WeightsError
from model.reading.reading import Digit, Reading
from model.reading.store import Card, load_card, load_file, trained_models
from ui.texts import languages, texts
from ui.views import models

T = texts("en")
CONFUSION = [[90 if true == read else 0 for read in range(10)] for true in range(10)]
CONFUSION[4][9], CONFUSION[7][1] = 4, 1
CARD = Card(
    model="nothing",
    about="A network of <b>nothing</b>.",
    sha256={},
    parameters=1_234_567,
    temperature=1.0,
    unsure_below=0.5,
    no_digit_below=0.0,
    settings={"epochs": 20},
    epochs=[],
    log=[],
    dataset={},
    metrics={
        "test": {
            "accuracy": 0.9948,
            "interval": [0.9932, 0.996],
            "per_class": [{"precision": 0.995, "recall": 0.9}] * 9 + [{"precision": None, "recall": 0.0}],
        }
    },
    confusion=CONFUSION,
    mistakes=[],
    machine={"minutes": 9.5, "milliseconds": 1.26},
    layers=[],
)
TOP = (("4", 0.61), ("9", 0.38), ("7", 0.0004))
FOUR = Digit("4", 0.61, TOP, (0, 0, 10, 10), np.zeros((28, 28), np.uint8))
TWO = replace(FOUR, label="2", confidence=0.9)
READINGS = {
    "cnn": Reading("digit", (FOUR,), ()),
    "mlp": Reading("unsure", (FOUR,), ()),
    "logistic": Reading("unsure", (TWO, FOUR), ()),
    "perceptron": Reading("no-digit", (), ()),
    "keras-cnn": Reading("blank", (), ()),
}

in_each_language = pytest.mark.parametrize("code", languages())


@pytest.fixture(autouse=True)
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nothing.safetensors").write_bytes(bytes(2_340_000))
    monkeypatch.setattr("ui.views.models.WEIGHTS", tmp_path)


def cells(html: str) -> list[list[str]]:
    """The text of each cell, row by row."""
    rows = re.findall(r"<tr.*?</tr>", html)
    return [[unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def test_a_model_s_row_tells_accuracy_size_and_speed() -> None:
    row = cells(models.table([CARD], T))[1]
    assert row == [
        "nothing",
        "A network of <b>nothing</b>.",
        "99.48\N{NO-BREAK SPACE}% 99.32\N{NO-BREAK SPACE}% to 99.60\N{NO-BREAK SPACE}%",
        "1,234,567",
        "2.34 MB",
        "1.3 ms",
        "20 epochs, 10 min",
    ]


@pytest.mark.parametrize(
    ("minutes", "told"), [(0.1, "20 epochs, 6 s"), (1.0, "20 epochs, 60 s"), (1.5, "20 epochs, 2 min")]
)
def test_a_short_training_is_told_in_seconds(minutes: float, told: str) -> None:
    card = replace(CARD, machine={"minutes": minutes, "milliseconds": 1})
    assert cells(models.table([card], T))[1][-1] == told


def test_models_come_in_the_order_they_are_given() -> None:
    html = models.table([replace(CARD, parameters=1), replace(CARD, parameters=2)], T)
    assert [row[3] for row in cells(html)] == ["parameters", "1", "2"]


@in_each_language
def test_the_table_s_head_is_in_the_page_s_language(code: str) -> None:
    columns = ("model", "about", "accuracy", "parameters", "file", "speed", "training")
    assert cells(models.table([], texts(code))) == [[texts(code)(f"models.{column}") for column in columns]]


@in_each_language
def test_every_trained_model_is_described_in_the_page_s_language(code: str) -> None:
    for name in trained_models():
        assert models.about(load_card(name), texts(code)) == texts(code)(f"about.{name}")


@in_each_language
def test_a_model_without_a_translation_is_described_by_its_card(code: str) -> None:
    assert models.about(CARD, texts(code)) == "A network of <b>nothing</b>."


def test_a_card_can_bring_no_markup_along() -> None:
    html = models.table([CARD], T) + models.detail(CARD, T) + models.comparison({"<b>nothing": READINGS["cnn"]}, T)
    assert "<b>nothing" not in html


def test_a_matrix_has_counts_precision_and_recall() -> None:
    rows = cells(models.detail(CARD, T))
    assert rows[0] == ["", *"0123456789", "precision", "recall"]
    assert rows[5] == [
        "4",
        "",
        "",
        "",
        "",
        "90",
        "",
        "",
        "",
        "",
        "4",
        "99.5\N{NO-BREAK SPACE}%",
        "90.0\N{NO-BREAK SPACE}%",
    ]


def test_a_precision_that_there_is_none_of_is_a_dash() -> None:
    assert cells(models.detail(CARD, T))[10][-2:] == ["–", "0.0\N{NO-BREAK SPACE}%"]


def test_the_most_frequent_confusion_is_the_darkest() -> None:
    shares = re.findall(r"--share:([\d.]+)", models.detail(CARD, T))
    assert (len(shares), max(shares), sorted(set(shares))) == (90, "1.00", ["0.00", "0.25", "1.00"])


@in_each_language
@pytest.mark.parametrize("name", trained_models())
def test_a_model_s_pictures_are_drawn_with_their_texts(name: str, code: str) -> None:
    t, card = texts(code), load_card(name)
    keys = [key for suffix, key in models.PICTURES.items() if f"{name}{suffix}" in card.sha256]
    html = unescape(models.detail(card, t))
    assert re.findall(r"<h3>(.*?)</h3>", html) == [*(t(f"models.{key}") for key in keys), t("models.confusion")]
    assert [t(f"models.{key}.text", name) in html for key in keys] == [True] * len(keys)
    assert html.count("<svg viewBox") == 2 + html.count('<span><svg viewBox="0 0 26 10">')
    assert html.count('<div class="grid-of-samples">') == 1


def test_where_other_digits_were_tested_on_the_saved_picture_is_shown() -> None:
    card = replace(load_card("logistic"), dataset={"mine.png": "12"})
    content = base64.b64encode(load_file(card, ".samples.png")).decode()
    assert f'src="data:image/png;base64,{content}"' in models.detail(card, T)


@in_each_language
def test_a_picture_that_is_missing_is_explained_in_the_page_s_language(code: str) -> None:
    t = texts(code)
    with pytest.raises(WeightsError) as missing:
        load_file(CARD, ".samples.png")
    html = models.detail(replace(CARD, sha256={"nothing.samples.png": "12"}), t)
    assert f"<p>{t.problem(missing.value)}</p>" in unescape(html)


def test_a_comparison_has_a_row_for_each_model() -> None:
    assert cells(models.comparison(READINGS, T)) == [
        ["model", "reads", "how sure"],
        ["cnn", "4", "4 61.0 %, 9 38.0 %, 7 < 0.1 %"],
        ["mlp", "4?", "4 61.0 %, 9 38.0 %, 7 < 0.1 %"],
        ["logistic", "24?", "least sure digit 61.0 %"],
        ["perceptron", "no digit", ""],
        ["keras-cnn", "–", ""],
    ]


def test_a_row_of_a_comparison_looks_like_its_status() -> None:
    html = models.comparison(READINGS, T)
    assert re.findall(r'<tr class="is-(.*?)">', html) == ["digit", "unsure", "unsure", "no-digit", "blank"]


@in_each_language
def test_a_comparison_is_in_the_page_s_language(code: str) -> None:
    t, rows = texts(code), cells(models.comparison(READINGS, texts(code)))
    assert rows[0] == [t("compare.model"), t("compare.reads"), t("compare.sure")]
    assert (rows[3][2], rows[4][1]) == (t("compare.least", "61.0 %"), t("compare.none"))
