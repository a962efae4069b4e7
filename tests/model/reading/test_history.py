"""How a network came to be, as it is stored: nothing is lost, and nothing hostile is unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save

from model.data.digits import DataSet
from model.errors import WeightsError
from model.reading.forward import Forward
from model.reading.history import LARGEST, MAX_FILE, SUFFIX, History, Moment, load_history, packed, squeezed, unpacked
from model.reading.store import WEIGHTS, load_card, save_model, trained_models
from tests.helpers.histories import with_changes

SUM = "0" * 64
MOMENTS = [Moment(0, 0, 2.3, 1, 10), Moment(5, 50, 1.5, 6, 10), Moment(10, 100, 0.5, 9, 10)]
KEPT = ("logistic", "mlp", "quick")
Values = NDArray[Any]


def states() -> list[dict[str, Values]]:
    rng = np.random.default_rng(1)
    return [
        {"1.weight": rng.normal(size=(10, 784)).astype(np.float32), "1.bias": rng.normal(size=10).astype(np.float32)}
        for _ in MOMENTS
    ]


def history() -> History:
    return squeezed(SUM, MOMENTS, states())


def test_weights_come_back_to_half_a_unit() -> None:
    made, back = history(), unpacked(packed(history()))
    assert back.moments == tuple(MOMENTS)
    unit = made.units["1.weight"]
    assert max(np.abs(made.matrices["1.weight"]).ravel()) == LARGEST
    for place, state in enumerate(states()):
        weights = back.weights_at(place)
        assert np.abs(weights["1.weight"] - state["1.weight"]).max() <= unit * 0.501
        assert np.allclose(weights["1.bias"], state["1.bias"], atol=1e-3)


def test_the_largest_changes_from_moment_to_moment_are_kept() -> None:
    steps = [np.full((2, 2), value, np.float32) for value in (1.0, -1.0, 1.0)]
    back = unpacked(packed(squeezed(SUM, MOMENTS, [{"w": step} for step in steps])))
    assert [int(levels[0, 0]) for levels in back.matrices["w"]] == [LARGEST, -LARGEST, LARGEST]


def test_weights_of_nothing_but_zeros_have_a_unit() -> None:
    back = unpacked(packed(squeezed(SUM, MOMENTS, [{"w": np.zeros((2, 2), np.float32)}] * 3)))
    assert not back.weights_at(2)["w"].any()


def changed(
    told: Callable[[dict[str, Any]], object] | None = None, tensors: dict[str, Values | None] | None = None
) -> bytes:
    return with_changes(packed(history()), told, tensors)


def bomb() -> Values:
    return np.frombuffer(zlib.compress(bytes(50_000_000), 9), np.uint8)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no safetensors": lambda: b"7" * 1000,
    "a head longer than the file": lambda: (2**60).to_bytes(8, "little") + b"{}",
    "too long": lambda: packed(history()) + bytes(MAX_FILE),
    "no fields": lambda: bytes(save({"w": np.zeros(1, np.float32)})),
    "a bomb": lambda: changed(tensors={"1.weight": bomb()}),
    "too few weights": lambda: changed(tensors={"1.weight": np.frombuffer(zlib.compress(bytes(100)), np.uint8)}),
    "nothing deflated": lambda: changed(tensors={"1.weight": np.zeros(100, np.uint8)}),
    "a tensor less": lambda: changed(tensors={"1.weight": None}),
    "a unit of none": lambda: changed(tensors={"1.weight/unit": np.array([np.nan], np.float32)}),
    "vectors of other moments": lambda: changed(tensors={"1.bias": np.zeros((2, 10), np.float16)}),
    "a huge shape": lambda: changed(lambda fields: fields.update(shapes={"1.weight": [10**9, 10**9]})),
    "a shape below nothing": lambda: changed(lambda fields: fields.update(shapes={"1.weight": [-10, -784]})),
    "no shapes": lambda: changed(lambda fields: fields.update(shapes={})),
    "one moment": lambda: changed(lambda fields: fields.update(moments=fields["moments"][:1])),
    "too many moments": lambda: changed(lambda fields: fields.update(moments=fields["moments"] * 30)),
    "moments backwards": lambda: changed(lambda fields: fields["moments"].reverse()),
    "more right than there are": lambda: changed(lambda fields: fields["moments"][1].update(right=11)),
    "a loss of none": lambda: changed(lambda fields: fields["moments"][1].update(loss=float("nan"))),
    "a text for a count": lambda: changed(lambda fields: fields["moments"][1].update(digits="50")),
    "another field": lambda: changed(lambda fields: fields["moments"][1].update(more=1)),
    "no checksum": lambda: changed(lambda fields: fields.update(weights="cnn")),
    "a list": lambda: bytes(save({"w": np.zeros(1, np.float32)}, {"history": "[]"})),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    card = save_model(tmp_path, load_card("logistic"), {SUFFIX: HOSTILE[name]()})
    with pytest.raises(WeightsError, match=r"logistic\.history\.safetensors is damaged: train it anew"):
        load_history(card, tmp_path)


def test_what_is_changed_for_the_hostile_files_is_good_as_it_is(tmp_path: Path) -> None:
    card = save_model(tmp_path, load_card("logistic"), {SUFFIX: changed()})
    assert len(load_history(card, tmp_path).moments) == 3


def test_a_history_of_another_network_is_refused(tmp_path: Path) -> None:
    other = squeezed(SUM, MOMENTS, [{"2.weight": np.ones((10, 784), np.float32)}] * 3)
    card = save_model(tmp_path, load_card("logistic"), {SUFFIX: packed(other)})
    with pytest.raises(WeightsError, match="is damaged"):
        load_history(card, tmp_path)


def test_a_file_that_is_missing_or_anothers_is_told() -> None:
    card = load_card("logistic")
    with pytest.raises(WeightsError, match=r"cnn\.history\.safetensors"):
        load_history(load_card("cnn"))
    with pytest.raises(WeightsError, match="damaged or"):
        load_history(replace(card, sha256={**card.sha256, f"logistic{SUFFIX}": SUM}))


# The histories that ship


def test_three_histories_ship_and_take_less_than_a_megabyte() -> None:
    assert sorted(name for name in trained_models() if f"{name}{SUFFIX}" in load_card(name).sha256) == list(KEPT)
    assert sum((WEIGHTS / f"{name}{SUFFIX}").stat().st_size for name in KEPT) <= 1_000_000


@pytest.mark.parametrize("name", KEPT)
def test_a_history_begins_before_training_and_ends_with_the_last_epoch(name: str) -> None:
    card = load_card(name)
    moments = load_history(card).moments
    assert (moments[0].batches, moments[0].digits) == (0, 0)
    assert moments[0].right < 2500
    assert moments[-1].digits == card.epochs[-1]["examples"]
    ended = {epoch["examples"] for epoch in card.epochs}
    assert ended <= {moment.digits for moment in moments}


@pytest.mark.parametrize("name", KEPT)
def test_a_history_ends_about_as_good_as_the_weights_that_ship(name: str) -> None:
    card = load_card(name)
    low, high = card.metrics["test"]["interval"]
    last = load_history(card).moments[-1]
    assert low <= last.right / last.total <= high


@pytest.mark.mnist
@pytest.mark.slow
@pytest.mark.parametrize("name", KEPT)
def test_every_moment_reads_the_test_set_as_its_history_says(name: str, mnist: DataSet) -> None:
    card = load_card(name)
    made, labels = load_history(card), mnist.test.labels.numpy()
    ink = np.asarray(mnist.test.images.numpy() / 255, np.float32)
    for place in range(0, len(made.moments), 3):
        logits = Forward(card.layers, made.weights_at(place))(ink)
        # Torch adds in another order: a digit on the edge may go the other way.
        assert abs(int((logits.argmax(axis=1) == labels).sum()) - made.moments[place].right) <= 2
