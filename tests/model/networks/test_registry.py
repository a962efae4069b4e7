from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from model.data.digits import DataSet
from model.errors import WeightsError
from model.networks.layers import count_parameters, logits_of
from model.networks.registry import MODELS, build, entry, preset
from model.networks.tutorials import TutorialCNN
from model.settings import Settings

TUTORIALS = ("keras-cnn", "tutorial-cnn", "mlp", "perceptron", "logistic")


def test_the_default_comes_first() -> None:
    assert tuple(MODELS) == ("cnn", "quick", *TUTORIALS)


@pytest.mark.parametrize("name", MODELS)
def test_every_network_gives_a_logit_a_class(name: str) -> None:
    logits = logits_of(build(name), torch.rand(3, 1, 28, 28))
    assert logits.shape == (3, 11 if name == "cnn" else 10)  # one for what is no digit
    assert logits.dtype == torch.float32
    assert logits.isfinite().all()


@pytest.mark.parametrize("name", MODELS)
def test_every_parameter_of_every_network_learns(name: str) -> None:
    torch.manual_seed(1)
    network = build(name).train()
    F.cross_entropy(network(torch.rand(8, 1, 28, 28)), torch.arange(8)).backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in network.parameters())


@pytest.mark.parametrize("name", MODELS)
def test_a_network_is_a_fresh_one_of_its_seed(name: str) -> None:
    torch.manual_seed(1)
    one, other = (torch.cat([value.flatten() for value in build(name).state_dict().values()]) for _ in range(2))
    assert not torch.equal(one, other)
    torch.manual_seed(1)
    assert torch.equal(torch.cat([value.flatten() for value in build(name).state_dict().values()]), one)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_says_in_a_sentence_what_it_is(name: str) -> None:
    about = entry(name).about
    assert 30 < len(about) < 120
    assert about[0].isupper()
    assert about.endswith(".")


@pytest.mark.parametrize("name", MODELS)
def test_every_preset_names_its_model(name: str) -> None:
    assert preset(name).model == name


def test_the_default_network_s_preset_is_the_defaults() -> None:
    assert preset("cnn") == Settings()


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("tutorial-cnn", 21_840),
        ("mlp", 203_530),
        ("keras-cnn", 3_274_634),
        ("perceptron", 23_860),
        ("logistic", 7_850),
    ],
)
def test_a_tutorial_s_network_has_as_many_parameters_as_there(name: str, count: int) -> None:
    assert count_parameters(build(name)) == count


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("keras-cnn", {"optimizer": "adam", "lr": 0.001, "batch_size": 100, "epochs": 10}),
        ("tutorial-cnn", {"optimizer": "sgd", "lr": 0.01, "momentum": 0.5, "batch_size": 64, "epochs": 3}),
        ("tutorial-cnn", {"log_interval": 10, "hold_out": False, "watch_test": True, "seed": 1}),
        ("mlp", {"optimizer": "adam", "lr": 0.001, "batch_size": 64, "epochs": 10, "log_interval": 100}),
        ("perceptron", {"optimizer": "sgd", "lr": 0.5, "momentum": 0.0, "batch_size": 10, "epochs": 20}),
        ("logistic", {"optimizer": "sgd", "lr": 0.1, "momentum": 0.0, "batch_size": 100, "epochs": 20}),
    ],
)
def test_a_tutorial_s_network_is_trained_as_there(name: str, values: dict[str, Any]) -> None:
    settings = preset(name)
    assert {key: getattr(settings, key) for key in values} == values


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorial_s_network_learns_from_mnist_as_it_is(name: str) -> None:
    settings = preset(name)
    assert (settings.styles, settings.degraded, settings.outliers, settings.augment) == (0, 0, 0, False)
    assert (settings.schedule, settings.average, settings.weight_decay) == ("constant", 0.0, 0.0)


@pytest.mark.parametrize("name", ["keras-cnn", "mlp", "perceptron", "logistic"])
def test_the_test_set_is_watched_only_where_the_tutorial_does(name: str) -> None:
    assert (preset(name).hold_out, preset(name).watch_test) == (True, False)


@pytest.mark.parametrize("of", [entry, build, preset])
def test_an_unknown_name_is_answered_with_those_that_there_are(of: Callable[[str], object]) -> None:
    with pytest.raises(WeightsError) as caught:
        of("resnet")
    assert str(caught.value) == f"there is no model 'resnet': choose one of {', '.join(MODELS)}"


def test_the_tutorial_s_network_gives_log_probabilities() -> None:
    logits = logits_of(build("tutorial-cnn"), torch.rand(3, 1, 28, 28))
    torch.testing.assert_close(logits.exp().sum(1), torch.ones(3))


def test_the_tutorial_s_network_drops_out_in_training_alone() -> None:
    torch.manual_seed(1)
    network, ink = build("tutorial-cnn"), torch.rand(3, 1, 28, 28)
    assert not torch.equal(network.train()(ink), network(ink))
    assert torch.equal(network.eval()(ink), network(ink))


def test_the_tutorial_s_network_makes_mnist_s_pixels_standard(extract: DataSet) -> None:
    pixels = extract.train.images.float() / 255
    assert float(pixels.mean()) == pytest.approx(TutorialCNN.MEAN, abs=0.01)
    assert float(pixels.std()) == pytest.approx(TutorialCNN.DEVIATION, abs=0.01)
