from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from model.data import RAW_FILES, DataSet
from model.evaluate import Evaluation, evaluate, wilson_interval
from model.fit import FitResult
from model.networks import build, count_parameters
from model.publish import publish
from model.settings import Settings
from model.store import WEIGHTS, Card, load_card, load_mistakes, load_network
from tests.conftest import ROOT

EPOCHS = [{"epoch": 1.0, "seconds": 30.0}, {"epoch": 2.0, "seconds": 66.0}]


def untrained() -> FitResult:
    torch.manual_seed(1)
    return FitResult(build("cnn"), EPOCHS)


def plain(card: Card) -> dict[str, Any]:
    """A card as JSON has it, without its checksums."""
    fields: dict[str, Any] = json.loads(json.dumps(asdict(replace(card, sha256={}))))
    return fields


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weights")


@pytest.fixture(scope="module")
def card(extract: DataSet, folder: Path) -> Card:
    """An untrained network's card: hundreds of mistakes."""
    return publish(untrained(), extract, Settings(epochs=2, seed=7), folder)


def test_the_card_that_is_given_is_the_one_that_is_written(card: Card, folder: Path) -> None:
    assert plain(load_card("cnn", folder)) == plain(card)


def test_a_card_tells_of_the_run(card: Card) -> None:
    assert card.settings == asdict(Settings(epochs=2, seed=7))
    assert card.epochs == EPOCHS
    assert card.machine["minutes"] == 1.6
    assert card.parameters == count_parameters(build("cnn"))


def test_a_card_tells_the_data_s_checksums(card: Card) -> None:
    raw = ROOT / "tests" / "data" / "MNIST" / "raw"
    assert card.dataset == {name: hashlib.sha256((raw / name).read_bytes()).hexdigest() for name in RAW_FILES}


@pytest.mark.usefixtures("card")
def test_weights_are_stored_in_half_precision(folder: Path) -> None:
    tensors = load_file(folder / "cnn.safetensors").values()
    assert {value.dtype for value in tensors if value.is_floating_point()} == {torch.float16}


@pytest.mark.parametrize("part", ["validation", "test"])
def test_what_is_measured_is_what_is_stored(card: Card, folder: Path, extract: DataSet, part: str) -> None:
    stored = load_network(load_card("cnn", folder), folder)
    assert evaluate(stored, getattr(extract, part), card.temperature).summary() == card.metrics[part]


def test_confusion_and_mistakes_are_the_test_set_s(card: Card) -> None:
    assert sum(map(sum, card.confusion)) == card.metrics["test"]["total"] == 200
    assert len(card.mistakes) == 200 - card.metrics["test"]["right"]


def test_tiles_are_the_test_digits_that_were_read_wrong(card: Card, folder: Path, extract: DataSet) -> None:
    tiles = load_mistakes(load_card("cnn", folder), folder)
    assert len(tiles) == len(card.mistakes) > 100
    np.testing.assert_array_equal(tiles, extract.test.images[[mistake.index for mistake in card.mistakes]].numpy())
    assert [m.label for m in card.mistakes] == [str(int(extract.test.labels[m.index])) for m in card.mistakes]


def test_nothing_is_published_onto_a_full_disk(
    extract: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        publish(untrained(), extract, Settings(), tmp_path)
    assert list(tmp_path.iterdir()) == []


# The weights that ship


@pytest.fixture(scope="module")
def shipped() -> Card:
    return load_card("cnn")


@pytest.fixture(scope="module")
def measured(shipped: Card, mnist: DataSet) -> Evaluation:
    return evaluate(load_network(shipped), mnist.test, shipped.temperature)


def test_the_shipped_files_are_those_that_the_card_vouches_for(shipped: Card) -> None:
    assert shipped.sha256 == {
        name: hashlib.sha256((WEIGHTS / name).read_bytes()).hexdigest()
        for name in ("cnn.safetensors", "cnn.mistakes.png")
    }


def test_the_shipped_network_is_small(shipped: Card) -> None:
    assert (WEIGHTS / "cnn.safetensors").stat().st_size <= 1_000_000
    assert shipped.parameters == count_parameters(build("cnn")) <= 500_000


def test_the_shipped_network_is_good(shipped: Card) -> None:
    test = shipped.metrics["test"]
    assert test["total"] == sum(map(sum, shipped.confusion)) == 10_000
    assert test["right"] == sum(shipped.confusion[digit][digit] for digit in range(10)) >= 9950
    assert test["accuracy"] == test["right"] / 10_000
    assert tuple(test["interval"]) == pytest.approx(wilson_interval(test["right"], 10_000))


def test_the_shipped_network_was_trained_as_train_py_trains_by_default(shipped: Card) -> None:
    assert shipped.settings == asdict(Settings())
    assert len(shipped.epochs) == Settings().epochs


def test_the_shipped_mistakes_have_their_tiles(shipped: Card) -> None:
    assert len(load_mistakes(shipped)) == len(shipped.mistakes) == 10_000 - shipped.metrics["test"]["right"]
    assert all(mistake.top[0][0] != mistake.label for mistake in shipped.mistakes)


def test_the_shipped_thresholds_are_in_their_ranges(shipped: Card) -> None:
    assert 0.2 < shipped.temperature < 5
    assert 0 < shipped.unsure_below < 0.9999
    assert np.isfinite(shipped.no_digit_below)


@pytest.mark.mnist
def test_the_shipped_figures_are_measured_again(shipped: Card, measured: Evaluation) -> None:
    assert measured.right == shipped.metrics["test"]["right"]
    assert measured.confusion == shipped.confusion
    error = shipped.metrics["test"]["calibration_error"]
    assert measured.summary()["calibration_error"] == pytest.approx(error, abs=1e-4)


@pytest.mark.mnist
def test_the_shipped_mistakes_are_made_again(shipped: Card, measured: Evaluation) -> None:
    assert {m.index: (m.label, m.top[0][0]) for m in measured.mistakes} == {
        m.index: (m.label, m.top[0][0]) for m in shipped.mistakes
    }


@pytest.mark.mnist
def test_the_shipped_tiles_are_the_test_set_s(shipped: Card, mnist: DataSet) -> None:
    indices = [mistake.index for mistake in shipped.mistakes]
    np.testing.assert_array_equal(load_mistakes(shipped), mnist.test.images[indices].numpy())


@pytest.mark.mnist
def test_the_shipped_network_was_trained_on_mnist_itself(shipped: Card, mnist: DataSet) -> None:
    assert shipped.dataset == mnist.checksums
