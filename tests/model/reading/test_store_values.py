"""A model's files with a network so small that it can be worked out by hand (see ``tests.helpers.networks``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save

from model.errors import WeightsError
from model.reading import store
from model.reading.store import (
    Card,
    Mistake,
    load_activations,
    load_card,
    load_file,
    load_first_weights,
    load_forward,
    load_mistakes,
    save_model,
    tiles,
    trained_models,
)
from model.reading.versions import checksum
from tests.helpers.killed import card_of, save_version
from tests.helpers.networks import LAYERS, dots, weights
from tests.helpers.pictures import saved as saved_picture

CARD = replace(card_of(1), layers=LAYERS)
PIXELS = [{"kind": "flatten"}, {"kind": "linear", "name": "only"}]
TILE = np.zeros((1, 28, 28), np.uint8)
ROWS: NDArray[np.float32] = np.arange(7840, dtype=np.float32).reshape(10, 784)


def saved(folder: Path, tensors: dict[str, NDArray[Any]], layers: list[dict[str, Any]] = LAYERS) -> Card:
    return save_model(folder, replace(CARD, layers=layers), {".safetensors": bytes(save(tensors))})


def test_a_network_comes_back_as_layers_and_as_stages(tmp_path: Path) -> None:
    card = saved(tmp_path, weights())
    for network in (load_forward(card, tmp_path), load_activations(card, tmp_path).logits):
        assert network(dots((0, 0)))[0, :3].tolist() == pytest.approx([0, 3.1, -1.3])


def test_weights_of_any_precision_are_taken_in_single_precision(tmp_path: Path) -> None:
    card = saved(tmp_path, {name: value.astype(np.float64) for name, value in weights().items()})
    assert load_forward(card, tmp_path)(dots((0, 0))).dtype == np.float32
    first = load_activations(card, tmp_path).stages[0]
    assert first.weight is not None
    assert first.weight.dtype == np.float32


def test_whole_numbers_are_no_weights(tmp_path: Path) -> None:
    card = saved(tmp_path, {**weights(), "steps": np.array([7], np.int64)})
    assert load_forward(card, tmp_path)(dots((0, 0)))[0, 1] == pytest.approx(3.1)


@pytest.mark.parametrize("load", [load_forward, load_activations, load_first_weights])
def test_weights_of_another_network_are_told(tmp_path: Path, load: Callable[..., object]) -> None:
    card = saved(tmp_path, {"other.weight": np.zeros((2, 2), np.float32)})
    with pytest.raises(WeightsError) as caught:
        load(card, tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'cnn.safetensors'} holds weights of another network")


def test_the_first_weights_are_a_picture_for_each_unit(tmp_path: Path) -> None:
    card = saved(tmp_path, {"only.weight": ROWS.astype(np.float16), "only.bias": np.zeros(10, np.float32)}, PIXELS)
    first = load_first_weights(card, tmp_path)
    assert (first.shape, first.dtype, first[1, 3]) == ((10, 784), np.float32, 787)


@pytest.mark.parametrize("layers", [LAYERS, [], PIXELS[:1]])
def test_a_first_layer_that_takes_no_pixels_has_none(tmp_path: Path, layers: list[dict[str, Any]]) -> None:
    card = saved(tmp_path, weights(), layers)
    with pytest.raises(WeightsError, match=r"cnn\.safetensors holds weights of another network"):
        load_first_weights(card, tmp_path)


def test_a_file_is_told_that_is_missing_or_another_s(tmp_path: Path) -> None:
    card = saved(tmp_path, weights())
    with pytest.raises(WeightsError) as caught:
        load_file(card, ".curves.png", tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'cnn.curves.png'} is missing")
    (tmp_path / "cnn.curves.png").write_bytes(b"curves")
    with pytest.raises(WeightsError) as caught:
        load_file(card, ".curves.png", tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'cnn.curves.png'} is damaged or doesn't belong to cnn.json")


def test_a_file_is_the_one_that_the_card_vouches_for(tmp_path: Path) -> None:
    (tmp_path / "cnn.curves.png").write_bytes(b"curves")
    card = replace(CARD, sha256={"cnn.curves.png": checksum(b"curves")})
    assert load_file(card, ".curves.png", tmp_path) == b"curves"


def test_there_are_as_many_tiles_as_mistakes(tmp_path: Path) -> None:
    strip = np.arange(3 * 784, dtype=np.uint16).reshape(3, 28, 28).astype(np.uint8)
    two = [Mistake(index, "1", [("7", 0.5)], disputed=False) for index in range(2)]
    card = save_model(tmp_path, replace(CARD, mistakes=two), {".mistakes.png": tiles(strip)})
    np.testing.assert_array_equal(load_mistakes(card, tmp_path), strip[:2])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        tiles(TILE)[:45],
        saved_picture(Image.fromarray(TILE[0, :20, :20])),
        saved_picture(Image.new("RGB", (28, 28))),
    ],
)
def test_mistakes_that_are_no_strip_of_digits_are_damaged(tmp_path: Path, content: bytes) -> None:
    card = save_model(tmp_path, CARD, {".mistakes.png": content})
    with pytest.raises(WeightsError, match=r"cnn\.mistakes\.png is damaged"):
        load_mistakes(card, tmp_path)


def test_no_digits_are_a_strip_of_one_blank_row() -> None:
    assert tiles(np.zeros((0, 28, 28), np.uint8)) == tiles(np.zeros((1, 1, 28), np.uint8))


# Cards


def test_a_card_knows_the_checksum_of_its_weights(tmp_path: Path) -> None:
    assert CARD.weights_sha256 == ""
    card = save_model(tmp_path, CARD, {".safetensors": b"weights", ".curves.png": b"curves"})
    assert card.weights_sha256 == card.sha256["cnn.safetensors"] == checksum(b"weights")


def test_a_card_s_file_has_a_field_in_a_line(tmp_path: Path) -> None:
    save_model(tmp_path, CARD, {})
    assert (tmp_path / "cnn.json").read_text(encoding="utf-8").startswith('{\n "model": "cnn",\n "about": "1",\n')


def test_what_is_stored_as_lists_comes_back_as_it_was(tmp_path: Path) -> None:
    mistake = Mistake(3, "7", [("1", 0.5), ("7", 0.25)], disputed=True)
    save_model(tmp_path, replace(CARD, mistakes=[mistake], log=[(250, 2.5)]), {})
    card = load_card("cnn", tmp_path)
    assert (card.mistakes, card.log) == ([mistake], [(250, 2.5)])


@pytest.mark.parametrize(("length", "good"), [(1, True), (40, True), (41, False)])
def test_a_name_has_up_to_forty_letters(tmp_path: Path, length: int, good: bool) -> None:
    name = "a1-" * 20
    save_model(tmp_path, replace(CARD, model=name[:length]), {})
    if good:
        assert load_card(name[:length], tmp_path).model == name[:length]
    else:
        with pytest.raises(WeightsError, match="there are no weights of a model"):
            load_card(name[:length], tmp_path)


def test_the_models_that_there_are_are_named_in_their_order(tmp_path: Path) -> None:
    for name in ("mlp", "cnn"):
        save_model(tmp_path, replace(CARD, model=name), {})
    with pytest.raises(WeightsError) as caught:
        load_card("other", tmp_path)
    assert str(caught.value) == f"there are no weights of a model 'other' in {tmp_path}: there is cnn, mlp"


def test_a_card_under_another_s_name_is_damaged(tmp_path: Path) -> None:
    save_version(tmp_path, 1)
    (tmp_path / "cnn.json").rename(tmp_path / "mlp.json")
    with pytest.raises(WeightsError, match=r"mlp\.json is damaged") as caught:
        load_card("mlp", tmp_path)
    assert str(caught.value.__cause__) == "the card of cnn"


def test_a_card_may_be_as_long_as_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_version(tmp_path, 1)
    size = (tmp_path / "cnn.json").stat().st_size
    monkeypatch.setattr(store, "MAX_BYTES", size)
    assert load_card("cnn", tmp_path).about == "1"
    monkeypatch.setattr(store, "MAX_BYTES", size - 1)
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged") as caught:
        load_card("cnn", tmp_path)
    assert str(caught.value.__cause__) == "too long for a card"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_without_bound_in_any_field_is_damage(tmp_path: Path, number: str) -> None:
    save_version(tmp_path, 1)
    text = (tmp_path / "cnn.json").read_text(encoding="utf-8")
    (tmp_path / "cnn.json").write_text(text.replace('"settings": {}', f'"settings": {{"lr": {number}}}'))
    with pytest.raises(WeightsError, match=r"cnn\.json is damaged"):
        load_card("cnn", tmp_path)


@pytest.mark.parametrize("accuracy", [None, {}])
def test_a_model_of_unknown_accuracy_is_told_by_its_file(tmp_path: Path, accuracy: object) -> None:
    save_model(tmp_path, replace(CARD, metrics={"test": {} if accuracy is None else {"right": 1}}), {})
    with pytest.raises(WeightsError) as caught:
        trained_models(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'cnn.json'} is damaged")


def test_models_are_in_the_order_of_their_accuracy(tmp_path: Path) -> None:
    for name, accuracy in (("b", 0.5), ("c", 0.9), ("a", 0.5), ("cnn", 0.1)):
        save_model(tmp_path, replace(CARD, model=name, metrics={"test": {"accuracy": accuracy}}), {})
    assert trained_models(tmp_path) == ("cnn", "c", "a", "b")
