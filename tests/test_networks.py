from __future__ import annotations

import pytest
import torch

from model.errors import WeightsError
from model.networks import NETWORKS, StridedCNN, build, count_parameters, logits_of


@pytest.fixture
def network() -> torch.nn.Module:
    torch.manual_seed(1)
    return StridedCNN(width=4, hidden=8)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_gives_a_logit_a_class(name: str) -> None:
    logits = logits_of(build(name), torch.rand(3, 1, 28, 28))
    assert logits.shape in [(3, 10), (3, 11)]  # with one for what is no digit
    assert logits.dtype == torch.float32
    assert logits.isfinite().all()


def test_an_unknown_name_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(WeightsError, match="no model 'resnet': choose one of cnn"):
        build("resnet")


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


def test_every_parameter_learns(network: torch.nn.Module) -> None:
    network.train()(torch.rand(8, 1, 28, 28)).square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in network.parameters())
