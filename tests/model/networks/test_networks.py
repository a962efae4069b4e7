from __future__ import annotations

import pytest
import torch

from model.errors import SettingsError
from model.networks.cnn import StridedCNN
from model.networks.layers import count_parameters, layers_of, logits_of
from model.networks.registry import MODELS, build


@pytest.fixture
def network() -> torch.nn.Module:
    torch.manual_seed(1)
    return StridedCNN(width=4, wide=8, hidden=8)


def test_the_default_network_has_a_logit_for_what_is_no_digit(network: torch.nn.Module) -> None:
    assert logits_of(network, torch.rand(3, 1, 28, 28)).shape == (3, 11)


def test_the_default_network_is_small() -> None:
    assert count_parameters(StridedCNN()) == 476_011


def test_parameters_are_counted() -> None:
    assert count_parameters(torch.nn.Linear(3, 2)) == 8
    assert count_parameters(torch.nn.BatchNorm1d(5)) == 10  # its running means aren't trained


def test_evaluation_depends_neither_on_batches_nor_on_chance(network: torch.nn.Module) -> None:
    ink = torch.rand(7, 1, 28, 28)
    whole = logits_of(network, ink)
    assert torch.allclose(logits_of(network, ink, batch_size=3), whole, atol=1e-6)
    assert torch.equal(logits_of(network, ink), whole)


def test_evaluation_leaves_the_network_as_it_is(network: torch.nn.Module) -> None:
    before = {key: value.clone() for key, value in network.state_dict().items()}
    logits_of(network.train(), torch.rand(4, 1, 28, 28))
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())


def test_logits_keep_no_gradient(network: torch.nn.Module) -> None:
    assert not logits_of(network, torch.rand(2, 1, 28, 28)).requires_grad


def test_logits_of_a_network_in_half_precision_are_float32(network: torch.nn.Module) -> None:
    logits = logits_of(network.bfloat16(), torch.rand(2, 1, 28, 28).bfloat16())
    assert logits.dtype == torch.float32


@pytest.mark.parametrize("name", MODELS)
def test_each_layer_that_does_something_is_told(name: str) -> None:
    network = build(name)
    idle = (torch.nn.Sequential, torch.nn.Dropout, torch.nn.Dropout2d)
    assert len(layers_of(network)) == sum(not isinstance(layer, idle) for layer in network.modules())


def test_a_layer_is_told_with_the_name_of_its_weights() -> None:
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3, stride=2, padding=1), torch.nn.ReLU())
    assert layers_of(network) == [{"name": "0", "kind": "convolution", "stride": 2, "padding": 1}, {"kind": "relu"}]


@pytest.mark.parametrize(
    "layer",
    [
        torch.nn.GELU(),
        torch.nn.Conv2d(4, 4, 3, groups=2),
        torch.nn.Conv2d(1, 1, (3, 5)),
        torch.nn.Conv2d(1, 1, 3, dilation=2),
        torch.nn.Conv2d(1, 1, 3, padding="same"),
        torch.nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect"),
        torch.nn.BatchNorm2d(4, affine=False),
        torch.nn.MaxPool2d(3, stride=2),
        torch.nn.MaxPool2d((2, 1)),
        torch.nn.ModuleList([torch.nn.ReLU()]),
    ],
)
def test_a_layer_that_cannot_be_told_is_named(layer: torch.nn.Module) -> None:
    with pytest.raises(
        SettingsError, match=rf"^{type(layer).__name__} isn't a layer that model/reading/forward\.py knows"
    ):
        layers_of(torch.nn.Sequential(layer))
