"""What the part that replays a training asks, and what anybody may send in its place."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from model.reading.history import load_history
from model.reading.store import load_card, load_file
from ui import network, replays
from ui.texts import texts

INK = network.look(None, "cnn", "en")["digits"][0]["ink"]
MODELS = ("logistic", "mlp", "quick")


def ask(name: str, **question: Any) -> dict[str, Any]:
    return dict(replays.QUESTIONS[name]({"ask": name, "model": "logistic", "ink": INK, **question}, "en"))


def test_the_models_with_a_history_are_offered_from_the_simplest_on() -> None:
    assert replays.replayed() == MODELS


@pytest.mark.parametrize("model", MODELS)
def test_every_moment_has_ten_probabilities_and_a_picture(model: str) -> None:
    history, scores = ask("history", model=model), ask("replay", model=model)["scores"]
    assert len(scores) == len(history["moments"])
    assert all(sum(row) == pytest.approx(1, abs=0.001) and len(row) == 10 for row in scores)
    pictures = np.frombuffer(base64.b64decode(history["pictures"]), np.int8).reshape(len(scores), *history["shape"])
    assert np.abs(pictures).max() == history["most"]
    assert (pictures[0] != pictures[-1]).any()
    assert history["shape"][0] == {"logistic": 10, "mlp": replays.MOST_UNITS, "quick": 16}[model]


@pytest.mark.parametrize("model", MODELS)
def test_a_seven_isnt_one_before_training_and_is_one_at_the_end(model: str) -> None:
    scores = ask("replay", model=model)["scores"]
    assert scores[0][7] < 0.3
    assert scores[-1][7] > 0.9


def test_a_moment_that_ends_an_epoch_has_its_number() -> None:
    moments = ask("history")["moments"]
    assert [moment["epoch"] for moment in moments] == [0, *[None] * 8, *range(1, 21)]


def test_the_histories_that_ship_say_that_they_are_of_another_run() -> None:
    for model in MODELS:
        card = load_card(model)
        assert ask("history", model=model)["same"] is load_history(card).is_of(card)


@pytest.mark.parametrize("model", ["cnn", "keras-cnn", "nothing", None, 7, ["mlp"], "../mlp"])
@pytest.mark.parametrize("name", replays.QUESTIONS)
def test_a_model_without_a_history_is_told_which_have_one(name: str, model: Any) -> None:
    assert "choose one of" in ask(name, model=model)["problem"]


@pytest.mark.parametrize("ink", [None, "", "AAAA", 7, INK + INK])
def test_a_digit_that_is_none_gets_one_sentence(ink: Any) -> None:
    assert ask("replay", ink=ink)["problem"] == texts().strings["error.no-such-question"]


def test_a_trained_network_is_compared_with_the_one_that_ships(tmp_path: Path) -> None:
    card = load_card("logistic")
    file = tmp_path / "w.safetensors"
    weights = {"1.weight": np.zeros((10, 784), np.float32), "1.bias": np.eye(10, dtype=np.float32)[3] * 9}
    file.write_bytes(save(weights))
    question = {"model": "logistic", "ink": INK}
    answer = replays.compared(question, "en", str(file))
    assert int(np.argmax(answer["trained"])) == 3
    assert int(np.argmax(answer["shipped"])) == 7
    file.write_bytes(load_file(card, ".safetensors"))
    assert int(np.argmax(replays.compared(question, "en", str(file))["trained"])) == 7


@pytest.mark.parametrize("content", [None, b"", b"7" * 100, bytes(replays.MOST_BYTES + 1)])
def test_weights_that_are_gone_are_told(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "w.safetensors"
    if content is not None:
        file.write_bytes(content)
    answer = replays.compared({"model": "logistic", "ink": INK}, "en", str(file))
    assert answer == {"problem": "the network that was trained here is gone: train it again"}
