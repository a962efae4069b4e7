from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from model.data.digits import DataSet
from model.data.idx import RAW_FILES
from model.evaluate import Evaluation, evaluate, wilson_interval
from model.networks.layers import count_parameters, layers_of
from model.networks.registry import build, entry, preset
from model.networks.weights import load_network
from model.reading.store import WEIGHTS, Card, load_card, load_forward, load_mistakes, trained_models
from model.settings import Settings
from model.training.fit import FitResult
from model.training.publish import publish
from tests.helpers.running import ROOT

pytestmark = pytest.mark.slow

EPOCHS = [
    {"epoch": 0.0, "examples": 0.0, "seconds": 0.0, "validation_loss": 2.3, "validation_accuracy": 0.125},
    {"epoch": 1.0, "examples": 550.0, "loss": 1.5, "accuracy": 0.5, "seconds": 30.0},
    {"epoch": 2.0, "examples": 1100.0, "loss": 0.5, "accuracy": 0.75, "seconds": 66.0},
]
LOG = [(250, 2.25), (500, 1.5)]


def untrained(name: str = "cnn") -> FitResult:
    torch.manual_seed(1)
    return FitResult(build(name), EPOCHS, LOG)


def as_json(card: Card) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(json.dumps(asdict(card)))
    return fields


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weights")


@pytest.fixture(scope="module")
def card(extract: DataSet, folder: Path) -> Card:
    """An untrained network's card: hundreds of mistakes."""
    return publish(untrained(), extract, Settings(epochs=2, seed=7), folder)


def test_the_card_that_is_given_is_the_one_that_is_written(card: Card, folder: Path) -> None:
    assert as_json(load_card("cnn", folder)) == as_json(card)


def test_a_card_tells_of_the_run(card: Card) -> None:
    assert card.settings == asdict(Settings(epochs=2, seed=7))
    assert (card.epochs, card.log) == (EPOCHS, LOG)
    assert card.machine["minutes"] == 1.6
    assert card.machine["torch"] == torch.__version__
    assert card.machine["milliseconds"] > 0


def test_a_card_tells_what_the_network_is(card: Card) -> None:
    assert (card.model, card.about) == ("cnn", entry("cnn").about)
    assert card.parameters == count_parameters(build("cnn"))


def test_a_card_tells_the_data_s_checksums(card: Card) -> None:
    raw = ROOT / "tests" / "data" / "MNIST" / "raw"
    assert card.dataset == {name: hashlib.sha256((raw / name).read_bytes()).hexdigest() for name in RAW_FILES}


def test_a_card_tells_the_layers_with_which_its_weights_read_without_torch(card: Card, folder: Path) -> None:
    assert card.layers == layers_of(build("cnn"))
    assert load_forward(card, folder)(np.zeros((1, 28, 28), np.float32)).shape == (1, 11)


@pytest.mark.usefixtures("card")
def test_weights_are_stored_in_half_precision(folder: Path) -> None:
    tensors = load_file(folder / "cnn.safetensors").values()
    assert {value.dtype for value in tensors if value.is_floating_point()} == {torch.float16}


@pytest.mark.parametrize("part", ["validation", "test"])
def test_what_is_measured_is_what_is_stored(card: Card, folder: Path, extract: DataSet, part: str) -> None:
    stored = load_network(load_card("cnn", folder), folder)
    figures = evaluate(stored, getattr(extract, part), card.temperature).summary()
    assert {name: card.metrics[part][name] for name in figures} == figures


def test_the_test_set_is_measured_by_digit_too(card: Card) -> None:
    digits = card.metrics["test"]["per_class"]
    recalls = [card.confusion[digit][digit] / sum(card.confusion[digit]) for digit in range(10)]
    assert [of["recall"] for of in digits] == pytest.approx(recalls)
    assert "per_class" not in card.metrics["validation"]


def test_confusion_and_mistakes_are_the_test_set_s(card: Card) -> None:
    assert sum(map(sum, card.confusion)) == card.metrics["test"]["total"] == 200
    assert len(card.mistakes) == 200 - card.metrics["test"]["right"]


def test_tiles_are_the_test_digits_that_were_read_wrong(card: Card, folder: Path, extract: DataSet) -> None:
    tiles = load_mistakes(load_card("cnn", folder), folder)
    assert len(tiles) == len(card.mistakes) > 100
    np.testing.assert_array_equal(tiles, extract.test.images[[mistake.index for mistake in card.mistakes]].numpy())
    assert [m.label for m in card.mistakes] == [str(int(extract.test.labels[m.index])) for m in card.mistakes]


@pytest.mark.usefixtures("card")
@pytest.mark.parametrize("name", ["cnn.curves.png", "cnn.samples.png"])
def test_curves_and_samples_are_pictures(folder: Path, name: str) -> None:
    picture = Image.open(io.BytesIO((folder / name).read_bytes()), formats=["PNG"])
    assert min(picture.size) > 300
    assert len(np.unique(np.asarray(picture))) > 20


@pytest.mark.parametrize(
    ("name", "pictures"),
    [
        ("cnn", {"mistakes", "curves", "samples"}),
        ("mlp", {"mistakes", "curves", "samples"}),
        ("perceptron", {"mistakes", "curves", "samples", "weights"}),
        ("logistic", {"mistakes", "curves", "samples", "weights"}),
    ],
)
def test_few_units_on_bare_pixels_have_their_weights_drawn(
    extract: DataSet, tmp_path: Path, name: str, pictures: set[str]
) -> None:
    card = publish(untrained(name), extract, preset(name), tmp_path)
    assert set(card.sha256) == {f"{name}.safetensors", *(f"{name}.{kind}.png" for kind in pictures)}
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {*card.sha256, f"{name}.json"}


def test_without_plots_there_are_weights_and_mistakes_alone(extract: DataSet, tmp_path: Path) -> None:
    card = publish(untrained("logistic"), extract, preset("logistic"), tmp_path, plot=False)
    assert sorted(card.sha256) == ["logistic.mistakes.png", "logistic.safetensors"]


def test_nothing_is_published_onto_a_full_disk(
    extract: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        publish(untrained(), extract, Settings(), tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


# The weights that ship


@pytest.fixture(scope="module")
def shipped() -> dict[str, Card]:
    return {name: load_card(name) for name in trained_models()}


@pytest.fixture(scope="module")
def measured(shipped: dict[str, Card], mnist: DataSet) -> dict[str, Evaluation]:
    return {name: evaluate(load_network(card), mnist.test, card.temperature) for name, card in shipped.items()}


def test_the_shipped_files_are_those_that_the_cards_vouch_for(shipped: dict[str, Card]) -> None:
    sums = {name: value for card in shipped.values() for name, value in card.sha256.items()}
    assert {name: hashlib.sha256((WEIGHTS / name).read_bytes()).hexdigest() for name in sums} == sums


def test_the_shipped_models_have_all_their_pictures(shipped: dict[str, Card]) -> None:
    for name, card in shipped.items():
        kinds = ["mistakes", "curves", "samples", *(["weights"] if name in ("perceptron", "logistic") else [])]
        histories = [f"{name}.history.safetensors"] if name in ("logistic", "mlp", "quick") else []
        assert set(card.sha256) == {f"{name}.safetensors", *histories, *(f"{name}.{kind}.png" for kind in kinds)}


def test_the_default_network_ships_and_comes_first(shipped: dict[str, Card]) -> None:
    assert next(iter(shipped)) == "cnn"


def test_the_shipped_default_network_is_small(shipped: dict[str, Card]) -> None:
    assert (WEIGHTS / "cnn.safetensors").stat().st_size <= 1_000_000
    assert shipped["cnn"].parameters <= 500_000


def test_the_shipped_default_network_is_good(shipped: dict[str, Card]) -> None:
    assert shipped["cnn"].metrics["test"]["right"] >= 9950


def test_the_shipped_models_were_trained_as_train_py_trains_them(shipped: dict[str, Card]) -> None:
    presets = {name: asdict(preset(name)) for name in shipped}
    if "tutorial-cnn" in presets:
        presets["tutorial-cnn"]["epochs"] = 8  # three, and five more by --resume
    settings = {name: dict(card.settings) for name, card in shipped.items()}
    for used in (*presets.values(), *settings.values()):
        used.pop("device", None)  # which came after the runs that ship; a card tells the machine besides
        if not used["augment"]:  # then these change nothing, and may have come after the run
            for name in ("degrade", "warp", "calm"):
                used.pop(name, None)
    assert settings == presets


def test_the_shipped_models_tell_of_each_epoch_and_interval(shipped: dict[str, Card]) -> None:
    for card in shipped.values():
        assert [epoch["epoch"] for epoch in card.epochs] == list(range(card.settings["epochs"] + 1))
        assert card.log == sorted(card.log, key=lambda entry: entry[0])
        assert bool(card.log) == bool(card.settings["log_interval"])


def test_the_shipped_cards_say_what_the_registry_says(shipped: dict[str, Card]) -> None:
    for name, card in shipped.items():
        assert (card.about, card.parameters) == (entry(name).about, count_parameters(build(name)))


def test_the_shipped_cards_agree_with_themselves(shipped: dict[str, Card]) -> None:
    for card in shipped.values():
        test = card.metrics["test"]
        assert test["total"] == sum(map(sum, card.confusion)) == 10_000
        assert test["right"] == sum(card.confusion[digit][digit] for digit in range(10))
        assert test["accuracy"] == test["right"] / 10_000
        assert tuple(test["interval"]) == pytest.approx(wilson_interval(test["right"], 10_000))


def test_the_shipped_mistakes_have_their_tiles(shipped: dict[str, Card]) -> None:
    for card in shipped.values():
        assert len(load_mistakes(card)) == len(card.mistakes) == 10_000 - card.metrics["test"]["right"]
        assert all(mistake.top[0][0] != mistake.label for mistake in card.mistakes)


def test_the_shipped_thresholds_are_in_their_ranges(shipped: dict[str, Card]) -> None:
    for card in shipped.values():
        assert 0.2 < card.temperature < 5
        assert 0 < card.unsure_below <= 1
        assert np.isfinite(card.no_digit_below)


@pytest.mark.mnist
def test_the_shipped_figures_are_measured_again(shipped: dict[str, Card], measured: dict[str, Evaluation]) -> None:
    for name, card in shipped.items():
        assert (name, measured[name].right) == (name, card.metrics["test"]["right"])
        assert measured[name].confusion == card.confusion
        error = card.metrics["test"]["calibration_error"]
        assert measured[name].summary()["calibration_error"] == pytest.approx(error, abs=1e-4)


@pytest.mark.mnist
def test_the_shipped_mistakes_are_made_again(shipped: dict[str, Card], measured: dict[str, Evaluation]) -> None:
    for name, card in shipped.items():
        again = {m.index: (m.label, m.top[0][0]) for m in measured[name].mistakes}
        assert again == {m.index: (m.label, m.top[0][0]) for m in card.mistakes}


@pytest.mark.mnist
def test_the_shipped_tiles_are_the_test_set_s(shipped: dict[str, Card], mnist: DataSet) -> None:
    for card in shipped.values():
        indices = [mistake.index for mistake in card.mistakes]
        np.testing.assert_array_equal(load_mistakes(card), mnist.test.images[indices].numpy())


@pytest.mark.mnist
def test_the_shipped_models_were_trained_on_mnist_itself(shipped: dict[str, Card], mnist: DataSet) -> None:
    assert all(card.dataset == mnist.checksums for card in shipped.values())
