"""Cards that hold something else than they should, and the names of models."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.errors import WeightsError
from model.reading.store import (
    load_card,
    save_model,
    trained_models,
)
from tests.helpers.stored import CARD, checkout, save_with


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model as it is in a checkout."""
    return checkout(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"3",
        b"{}",
        b'{"mistakes": 3, "log": []}',
        b'{"mistakes": [], "log": []}',
        b'{"mistakes": [{}], "log": []}',
        b'{"mistakes": [], "log": 3}',
        b'{"mistakes": [], "log": [1]}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_damaged_card_is_named(folder: Path, content: bytes) -> None:
    (folder / "cnn.json").write_bytes(content)
    with pytest.raises(WeightsError) as caught:
        load_card("cnn", folder)
    assert str(caught.value).startswith(f"{folder / 'cnn.json'} is damaged: train it anew")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("temperature",), math.nan),
        (("temperature",), 0),
        (("temperature",), "1.5"),
        (("temperature",), True),
        (("unsure_below",), 1.01),
        (("no_digit_below",), -math.inf),
        (("parameters",), -1),
        (("parameters",), 10**30),
        (("about",), ["a network"]),
        (("sha256", "cnn.safetensors"), "/dev/zero"),
        (("sha256", "cnn.safetensors"), 3),
        (("sha256",), []),
        (("settings", "epochs"), "2"),
        (("settings",), [1]),
        (("epochs", 0, "epoch"), "x"),
        (("log", 0), [1, 2, 3]),
        (("metrics", "test", "accuracy"), math.nan),
        (("metrics", "test"), None),
        (("confusion", 3), [1] * 9),
        (("confusion", 3, 3), -1),
        (("confusion", 3, 3), 0.5),
        (("mistakes", 0, "top"), [["1", math.inf]]),
        (("mistakes", 0, "label"), 7),
        (("machine", "milliseconds"), None),
        (("layers", 0), "convolution"),
        (("dataset",), {"train": 7}),
    ],
)
def test_a_card_with_a_value_of_the_wrong_kind_is_named(
    folder: Path, place: tuple[str | int, ...], value: object
) -> None:
    card: Any = json.loads((folder / "cnn.json").read_bytes())
    inner = card
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    (folder / "cnn.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        load_card("cnn", folder)


def test_a_number_too_large_for_one_is_damage(folder: Path) -> None:
    text = (folder / "cnn.json").read_text(encoding="utf-8")
    (folder / "cnn.json").write_text(text.replace('"temperature": 1.5', '"temperature": 1e999'), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        load_card("cnn", folder)


def test_a_card_without_end_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_card("cnn", folder)
    monkeypatch.setattr("model.reading.store.MAX_BYTES", 1000)
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        load_card("cnn", folder)


def test_a_truncated_card_is_named(folder: Path) -> None:
    text = (folder / "cnn.json").read_bytes()
    (folder / "cnn.json").write_bytes(text[: len(text) // 2])
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        load_card("cnn", folder)


def test_a_card_with_an_unknown_field_is_damaged(folder: Path) -> None:
    text = (folder / "cnn.json").read_text(encoding="utf-8")
    (folder / "cnn.json").write_text(text.replace('"parameters"', '"parametres"'), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        load_card("cnn", folder)


@pytest.mark.parametrize(
    "name", ["nothing", "", ".", "CNN", "../weights/cnn", "../x", "/cnn", "cnn.json", "cnn\n", "cnn\0", "c" * 300, "*"]
)
def test_there_is_no_model_of_another_name(folder: Path, name: str) -> None:
    with pytest.raises(WeightsError) as caught:
        load_card(name, folder)
    assert str(caught.value) == f"there are no weights of a model {name!r} in {folder}: there is cnn"


def test_a_folder_without_models_says_so(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="there is none at all"):
        load_card("cnn", tmp_path / "nothing")


def test_the_default_model_comes_first_then_the_most_accurate(tmp_path: Path) -> None:
    for name, accuracy in (("mlp", 0.98), ("logistic", 0.92), ("cnn", 0.95), ("keras-cnn", 0.99)):
        save_with(tmp_path, name, accuracy)
    assert trained_models(tmp_path) == ("cnn", "keras-cnn", "mlp", "logistic")


def test_without_the_default_model_the_most_accurate_comes_first(tmp_path: Path) -> None:
    save_with(tmp_path, "logistic", 0.92)
    save_with(tmp_path, "mlp", 0.98)
    assert trained_models(tmp_path) == ("mlp", "logistic")


def test_models_as_accurate_as_each_other_stand_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mlp", "logistic", "keras-cnn"):
        save_with(tmp_path, name, 0.98)
    paths = [tmp_path / f"{name}.json" for name in ("mlp", "keras-cnn", "logistic")]
    monkeypatch.setattr("pathlib.Path.glob", lambda *_: iter(paths))
    assert trained_models(tmp_path) == ("keras-cnn", "logistic", "mlp")


def test_a_folder_that_is_not_there_has_no_models(tmp_path: Path) -> None:
    assert trained_models(tmp_path / "nothing") == ()


@pytest.mark.parametrize("metrics", [{}, {"test": {}}, {"test": None}])
def test_a_model_of_unknown_accuracy_has_a_damaged_card(tmp_path: Path, metrics: dict[str, object]) -> None:
    save_model(tmp_path, replace(CARD, metrics=metrics), {})
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        trained_models(tmp_path)


def test_one_damaged_card_is_named(folder: Path) -> None:
    (folder / "mlp.json").write_text(json.dumps({"model": "mlp"}), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"mlp\.json is damaged"):
        trained_models(folder)
