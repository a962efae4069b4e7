"""What the tab that shows the network asks, and what anybody may send in its place."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from model.errors import StrokesError
from model.reading.store import trained_models
from tests.helpers.running import DRAWING
from ui import network
from ui.texts import languages, texts
from ui.views import insides

INK = network.look(None, "cnn", "en")["digits"][0]["ink"]
#: A question of each kind, as the tab asks it.
QUESTIONS: dict[str, dict[str, Any]] = {
    "layers": {},
    "value": {"stage": 0, "unit": 2, "y": 0, "x": 0},
    "axis": {"axis": "rotate"},
    "digits": {},
    "place": {},
    "broken": {"muted": [[0, 0]], "noise": 0.5, "seed": 1, "biases": 1},
    "nudged": {"target": 9},
}
MALFORMED: dict[str, list[dict[str, Any]]] = {
    "layers": [
        *(
            {"ink": ink}
            for ink in (None, 7, "", INK[:-4], INK + INK, "é" * 1048, ["A"], base64.b64encode(b"7").decode())
        ),
        *({"model": model} for model in (None, "nothing", 7, ["cnn"], {"cnn": 1}, "../cnn")),
    ],
    "value": [{"stage": stage} for stage in (-1, 99, 1.5, True, None, "0", 10**40)]
    + [{"unit": unit} for unit in (-1, 99_999, 10**9, None)]
    + [{"y": 99}, {"x": -1}],
    "axis": [{"axis": axis} for axis in ("mirror", None, 7, ["rotate"])],
    "broken": [{"noise": noise} for noise in (-0.1, 2.1, float("nan"), float("inf"), "1", None, True)]
    + [
        {"muted": muted}
        for muted in (None, 7, [7], [[0]], [[0, 0, 0]], [["0", 0]], [[0, 9999]], [[0, 0]] * 101, [[50, 0]])
    ]
    + [{"seed": -1}, {"seed": 1000}, {"biases": 2}],
    "nudged": [{"target": target} for target in (-1, 10, None, "9", 1.0)],
}


def ask(name: str, language: str = "en", **question: Any) -> dict[str, Any]:
    asked = {"ask": name, "model": "cnn", "ink": INK, **QUESTIONS[name], **question}
    return dict(network.QUESTIONS[name](asked, language))


def test_the_tests_ask_every_question() -> None:
    assert set(QUESTIONS) == set(network.QUESTIONS)


@pytest.mark.parametrize("model", trained_models())
@pytest.mark.parametrize("name", QUESTIONS)
def test_every_model_answers_every_question_with_json(name: str, model: str) -> None:
    question = {"muted": [[0, 0]]} if name == "broken" else {"unit": 0} if name == "value" else {}
    answer = ask(name, model=model, **question)
    assert "problem" not in answer
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


@pytest.mark.parametrize(("name", "question"), [(name, one) for name, all_ in MALFORMED.items() for one in all_])
def test_what_no_page_asks_is_answered_by_a_sentence(name: str, question: dict[str, Any]) -> None:
    answer = ask(name, **question)
    assert list(answer) == ["problem"]
    assert answer["problem"]


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("request_", [None, 7, [], "x", {}, {"model": "cnn"}])
def test_a_request_that_is_none_is_told_in_the_language(request_: Any, code: str) -> None:
    told = network.layers(request_, code)["problem"]
    assert told.startswith({"en": ("the page asks", "there is no such"), "zh": ("页面", "没有")}[code])


def test_a_question_that_took_too_long_is_told() -> None:
    assert network.axis(StrokesError("slow-drawing", seconds=2), "en")["problem"].startswith("the drawing takes more")


def test_the_digit_that_was_drawn_is_looked_at() -> None:
    seen = network.look(DRAWING, "cnn", "en")
    assert (seen["source"], [digit["label"] for digit in seen["digits"]]) == ("yours", ["7"])
    assert len(base64.b64decode(seen["digits"][0]["ink"])) == 784


def test_an_empty_pad_has_a_digit_that_ships() -> None:
    seen = network.look(None, "cnn", "en")
    assert (seen["source"], seen["digits"][0]["label"]) == ("shipped", "7")


def test_what_can_t_be_read_is_told_beside_a_digit_that_ships() -> None:
    seen = network.look({"size": "wide"}, "cnn", "zh")
    assert seen["source"] == "shipped"
    assert seen["problem"]
    assert network.look(DRAWING, "nothing", "en")["problem"].startswith("there is no such model")


@pytest.mark.parametrize("model", trained_models())
def test_the_sums_of_the_answer_add_up_as_they_are_shown(model: str) -> None:
    answer = ask("layers", model=model)
    for plus, minus, bias, total in answer["answers"]:
        assert round(plus + minus + bias, 2) == total
    assert sum(answer["scores"]) == pytest.approx(1, abs=1e-3)
    best = max(range(10), key=lambda digit: answer["answers"][digit][3])
    assert answer["scores"].index(max(answer["scores"])) == best


@pytest.mark.parametrize(
    ("model", "stage"), [("cnn", 0), ("cnn", 3), ("cnn", 6), ("cnn", 7), ("mlp", 0), ("logistic", 0)]
)
def test_the_bill_behind_a_value_adds_up_as_it_is_shown(model: str, stage: int) -> None:
    bill = ask("value", model=model, stage=stage)
    terms = [term["sum"] for term in bill["terms"]]
    assert len(terms) <= insides.MOST_TERMS
    assert round(sum(terms) + bill["others"][1] + bill["bias"], 2) == bill["total"]
    for term in bill["terms"]:
        if term["products"]:
            assert round(sum(term["products"]), 2) == term["sum"]


def test_an_axis_tells_where_the_answer_flips() -> None:
    answer = ask("axis")
    read = [row.index(max(row)) for row in answer["scores"]]
    before, behind = answer["flips"]
    rest = answer["rest"]
    assert read[rest] == 7
    assert set(read[before + 1 : behind]) == {7}
    assert 7 not in (read[before], read[behind])
    assert len(base64.b64decode(answer["images"])) == 784 * len(read)


def test_a_broken_network_stands_beside_the_whole_one() -> None:
    answer = ask("broken", muted=[[1, -1]], noise=0.0, biases=0)
    assert answer["broken"]["right"] < 60 < 195 < answer["whole"]["right"] <= answer["whole"]["total"] == 200
    wrong = sum(one != other for one, other in zip(answer["whole"]["read"], answer["whole"]["labels"], strict=True))
    assert answer["whole"]["right"] == 200 - wrong


def test_a_nudge_brings_a_digit_nearer_to_another() -> None:
    before = ask("layers", model="quick")["scores"]
    answer = ask("nudged", model="quick")
    assert answer["scores"][9] > before[9]
    assert answer["ink"] != INK


def test_the_map_tells_when_it_is_of_other_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.reading.digit_map.DigitMap.is_of", lambda *_: False)
    assert "model.training.digit_map" in ask("place")["problem"]
    assert texts("zh")("error.map-of-other-weights", file="map.npz") in ask("place", "zh")["problem"]
