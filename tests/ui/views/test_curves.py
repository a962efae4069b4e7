from __future__ import annotations

import itertools
import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.reading.store import Card, load_card, trained_models
from ui.texts import languages, texts
from ui.views.curves import FIELD, curves, ticks
from ui.views.render import in_percent

T = texts("en")
EPOCHS = [
    {"epoch": 0, "validation_loss": 2.3, "validation_accuracy": 0.1},
    {"epoch": 1, "loss": 0.5, "accuracy": 0.8, "validation_loss": 0.4, "validation_accuracy": 0.85},
    {"epoch": 2, "loss": 0.25, "accuracy": 0.9, "validation_loss": 0.3, "validation_accuracy": 0.88},
]
CARD = replace(load_card("logistic"), epochs=EPOCHS, log=[])


def lines(card: Card) -> dict[str, list[list[float]]]:
    """The points of each line of the first chart, by what the line is of."""
    chart = curves(card, T).split("<figure")[1]
    found = re.findall(r'<polyline class="of-(.*?)" points="(.*?) ?">', chart)
    return {part: [[float(number) for number in point.split(",")] for point in text.split()] for part, text in found}


def test_a_line_goes_through_what_was_measured_after_each_epoch() -> None:
    x0, y0, x1, y1 = FIELD
    # Losses reach from 0 to 0.5, the most after training began.
    assert lines(CARD)["training"] == [[(x0 + x1) / 2, y0], [x1, (y0 + y1) / 2]]


def test_what_an_untrained_network_guesses_stays_inside_the_chart() -> None:
    assert lines(CARD)["validation"][0] == [FIELD[0], FIELD[1]]


def test_a_log_is_drawn_against_the_examples_seen() -> None:
    epochs = [{**epoch, "examples": 100 * epoch["epoch"]} for epoch in EPOCHS]
    card = replace(CARD, epochs=epochs, log=[(seen, 1 - seen / 400) for seen in range(0, 201, 2)])
    found = lines(card)
    assert (len(found["training"]), len(found["validation"])) == (101, 3)
    assert "examples seen" in curves(card, T)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_training_that_ended_in_no_numbers_is_drawn_as_far_as_it_had_some(value: float) -> None:
    card = replace(CARD, epochs=[*EPOCHS, {"epoch": 3, "loss": value, "accuracy": value}])
    assert len(lines(card)["training"]) == 2
    assert "nan" not in curves(card, T)


def test_without_epochs_there_is_an_empty_chart() -> None:
    assert lines(replace(CARD, epochs=[])) == {}


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("name", trained_models())
def test_every_model_s_curves_are_told_in_words_too(name: str, code: str) -> None:
    t, card = texts(code), load_card(name)
    html = unescape(curves(card, t))
    accuracy = in_percent(card.epochs[-1]["validation_accuracy"], 1).replace(".0", "")
    told = f"{t('curves.validation')} {accuracy}"
    assert told in re.findall(r'aria-label="(.*?)"', html)[1]
    numbers = [float(number) for number in re.findall(r"[ \",](\d+\.\d),", html)]
    assert max(numbers) <= FIELD[2]


@given(st.floats(0, 1000), st.floats(0.01, 1000), st.integers(2, 10))
def test_ticks_are_inside_and_equally_far_apart(low: float, size: float, about: int) -> None:
    found = ticks(low, low + size, about)
    steps = [after - before for before, after in itertools.pairwise(found)]
    assert all(low - 1e-6 <= tick <= low + size + 1e-6 for tick in found)
    assert 1 <= len(found) <= about + 1 or about < 3
    assert all(step == pytest.approx(steps[0], rel=1e-3) for step in steps)


def test_ticks_are_round_numbers() -> None:
    assert [round(tick, 6) for tick in ticks(0.83, 1.0, 5)] == [0.85, 0.9, 0.95, 1.0]
    assert list(ticks(0, 2, 6, whole=True)) == [0, 1, 2]
