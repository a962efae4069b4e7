from __future__ import annotations

import pytest
import torch

from model.networks import StridedCNN, count_parameters, logits_of, without_last_layer
from model.registry import MODELS, build


@pytest.fixture
def network() -> torch.nn.Module:
    torch.manual_seed(1)
    return StridedCNN(width=4, hidden=8)


def test_the_default_network_has_a_logit_for_what_is_no_digit(network: torch.nn.Module) -> None:
    assert logits_of(network, torch.rand(3, 1, 28, 28)).shape == (3, 11)


def test_the_default_network_is_small() -> None:
    assert count_parameters(StridedCNN()) == 467_395


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
def test_without_its_last_layer_a_network_gives_what_that_layer_is_given(name: str) -> None:
    network, given = build(name).eval(), []
    last = [layer for layer in network.modules() if isinstance(layer, torch.nn.Linear)][-1]
    last.register_forward_pre_hook(lambda _, inputs: given.append(inputs[0]))
    ink = torch.rand(3, 1, 28, 28)
    logits_of(network, ink)
    assert torch.equal(logits_of(without_last_layer(network), ink), given[0])


def test_the_network_keeps_its_last_layer(network: torch.nn.Module) -> None:
    ink = torch.rand(3, 1, 28, 28)
    before = logits_of(network, ink)
    assert logits_of(without_last_layer(network), ink).shape == (3, 8)
    assert torch.equal(logits_of(network, ink), before)
