from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch import Tensor, nn

from model.data.digits import DataSet
from model.networks.layers import Scale, layers_of, logits_of
from model.networks.registry import MODELS, build
from model.networks.weights import load_network
from model.reading.forward import BATCH, Forward
from model.reading.store import load_card, load_forward, trained_models

Values = NDArray[np.float32]
LOGISTIC = [{"kind": "flatten"}, {"kind": "linear", "name": "1"}]


def ink(count: int = 3, seed: int = 0) -> Values:
    return np.random.default_rng(seed).random((count, 28, 28), np.float32)


def weights_of(network: nn.Module) -> dict[str, Values]:
    return {name: value.numpy() for name, value in network.state_dict().items() if value.is_floating_point()}


def untorched(network: nn.Module) -> Forward:
    return Forward(layers_of(network), weights_of(network))


def by_torch(network: nn.Module, values: Values) -> Values:
    return logits_of(network, torch.from_numpy(values).unsqueeze(1)).numpy()


@pytest.mark.parametrize("name", trained_models())
def test_a_trained_network_gives_what_it_gives_in_torch(name: str, extract: DataSet) -> None:
    card = load_card(name)
    digits = np.asarray(extract.test.images.numpy().astype(np.float32) / 255, np.float32)
    expected = by_torch(load_network(card), digits)
    found = load_forward(card)(digits)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    assert np.array_equal(found.argmax(1), expected.argmax(1))


@pytest.mark.parametrize("name", MODELS)
def test_a_fresh_network_gives_what_it_gives_in_torch(name: str) -> None:
    torch.manual_seed(1)
    network = build(name)
    np.testing.assert_allclose(untorched(network)(ink()), by_torch(network, ink()), rtol=1e-4, atol=1e-5)


@settings(max_examples=40)
@given(st.integers(1, 5), st.integers(1, 3), st.data())
def test_any_convolution_is_torch_s(size: int, stride: int, data: st.DataObject) -> None:
    padding, channels = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, 4))
    convolution = nn.Conv2d(1, channels, size, stride, padding, bias=data.draw(st.booleans()))
    side = (28 + 2 * padding - size) // stride + 1
    network = nn.Sequential(convolution, nn.Flatten(), nn.Linear(channels * side * side, 10))
    np.testing.assert_allclose(untorched(network)(ink()), by_torch(network, ink()), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "layer",
    [nn.MaxPool2d(2), nn.MaxPool2d(3), nn.ReLU(), nn.Sigmoid(), Scale(0.5, 2.0), nn.BatchNorm2d(1, eps=0.1)],
    ids=lambda layer: type(layer).__name__,
)
def test_any_layer_is_torch_s(layer: nn.Module) -> None:
    for name, buffer in layer.named_buffers():
        buffer.fill_(0.25 if name != "num_batches_tracked" else 1)
    flat = nn.Sequential(Scale(0.5, 0.1), layer, nn.Flatten())
    network = nn.Sequential(*flat, nn.Linear(flat(torch.zeros(1, 1, 28, 28)).shape[1], 11), nn.LogSoftmax(1))
    np.testing.assert_allclose(untorched(network)(ink()), by_torch(network, ink()), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 3 * BATCH + 2])
def test_any_number_of_digits_goes_through(count: int) -> None:
    forward = load_forward(load_card("quick"))
    logits = forward(ink(count))
    assert (logits.shape, logits.dtype) == ((count, 10), np.float32)
    one_by_one = [forward(one[None]) for one in ink(count)]
    np.testing.assert_allclose(logits, np.concatenate([np.zeros((0, 10)), *one_by_one]), rtol=1e-4, atol=1e-4)


def test_ink_stays_as_it_is() -> None:
    given_ink = ink()
    for name in trained_models():
        load_forward(load_card(name))(given_ink)
    assert np.array_equal(given_ink, ink())


def test_huge_values_overflow_no_sigmoid() -> None:
    linear = nn.Linear(784, 10)
    network = nn.Sequential(nn.Flatten(), linear, nn.Sigmoid())
    nn.init.constant_(linear.weight, -1e6)
    assert np.array_equal(untorched(network)(ink()), np.zeros((3, 10)))


@pytest.mark.parametrize("name", MODELS)
def test_features_are_what_the_last_linear_layer_is_given(name: str) -> None:
    network, seen = build(name).eval(), list[Tensor]()
    last = [layer for layer in network.modules() if isinstance(layer, nn.Linear)][-1]
    last.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    by_torch(network, ink())
    np.testing.assert_allclose(untorched(network).features(ink()), seen[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("layers", "shapes"),
    [
        ([], {}),
        ([{}], {}),
        ([{"kind": "nothing"}], {}),
        ([None], {}),
        (None, {}),
        ([{"kind": "flatten"}], {}),
        (LOGISTIC, {}),
        (LOGISTIC, {"1.weight": (10, 783)}),
        (LOGISTIC, {"1.weight": (12, 784)}),
        (LOGISTIC, {"1.weight": (784,)}),
        (LOGISTIC, {"1.weight": (10, 784), "1.bias": (9,)}),
        (LOGISTIC, {"1.weight": (10, 784), "2.weight": (10, 10)}),
        (LOGISTIC[1:], {"1.weight": (10, 28)}),
        ([{"kind": "linear", "name": "1"}, *LOGISTIC], {"1.weight": (10, 1)}),
        ([{"kind": "maximum", "size": 0}, *LOGISTIC], {"1.weight": (10, 784)}),
        ([{"kind": "maximum", "size": 29}, *LOGISTIC], {"1.weight": (10, 784)}),
        ([{"kind": "convolution", "name": "0", "stride": 0, "padding": 0}, *LOGISTIC], {"0.weight": (1, 1, 3, 3)}),
        ([{"kind": "convolution", "name": "0", "stride": 1, "padding": -1}, *LOGISTIC], {"0.weight": (1, 1, 3, 3)}),
        ([{"kind": "convolution", "name": "0", "stride": 1, "padding": 10**9}, *LOGISTIC], {"0.weight": (1, 1, 3, 3)}),
        ([{"kind": "convolution", "name": "0", "stride": 1, "padding": 0}, *LOGISTIC], {"0.weight": (1, 1, 40, 40)}),
        ([{"kind": "convolution", "name": "0", "stride": 1, "padding": 0}, *LOGISTIC], {"0.weight": (1, 2, 3, 3)}),
    ],
)
def test_layers_and_weights_of_no_network_are_refused(layers: Any, shapes: Mapping[str, tuple[int, ...]]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        Forward(layers, {name: np.zeros(shape, np.float32) for name, shape in shapes.items()})
