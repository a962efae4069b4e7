from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from model.reading.activations import Activations
from model.reading.digit_map import load_tested
from model.reading.forward import BATCH
from model.reading.store import load_activations, load_card, load_forward, trained_models

in_every_model = pytest.mark.parametrize("name", trained_models())


def ink(count: int = 3) -> NDArray[np.float32]:
    return load_tested().images[:count].astype(np.float32) / np.float32(255)


@pytest.fixture(scope="module")
def quick() -> Activations:
    return load_activations(load_card("quick"))


@in_every_model
def test_the_stages_give_the_network_s_logits(name: str) -> None:
    card = load_card(name)
    logits = load_activations(card).logits(ink())
    by_the_network = load_forward(card)(ink())
    if card.layers[-1]["kind"] == "log-softmax":  # it moves all logits of a digit alike
        by_the_network += (logits - by_the_network).mean(axis=1, keepdims=True)
    np.testing.assert_allclose(logits, by_the_network, rtol=1e-4, atol=1e-4)


@in_every_model
def test_digits_together_give_what_each_gives_alone(name: str) -> None:
    activations = load_activations(load_card(name))
    together, alone = activations.trace(ink(3)), activations.trace(ink(3)[1:2])
    assert len(together) == len(alone) == len(activations.stages)
    for many, one in zip(together, alone, strict=True):
        np.testing.assert_allclose(many.values[1], one.values[0], rtol=1e-3, atol=1e-3)


@in_every_model
def test_each_stage_is_given_what_the_one_before_gave(name: str) -> None:
    traces = load_activations(load_card(name)).trace(ink(1))
    for before, after in itertools.pairwise(traces):
        assert np.array_equal(before.values, after.inputs)


def test_relu_and_sigmoid_bend_the_sums() -> None:
    relu = load_activations(load_card("mlp")).trace(ink(1))[0]
    assert np.array_equal(relu.values, relu.sums.clip(min=0))
    assert (relu.sums < 0).any()
    sigmoid = load_activations(load_card("perceptron")).trace(ink(1))[0]
    np.testing.assert_allclose(sigmoid.values, 1 / (1 + np.exp(-sigmoid.sums)), atol=1e-6)


@pytest.mark.parametrize("count", [0, 1, BATCH + 1])
def test_any_number_of_digits_has_logits(quick: Activations, count: int) -> None:
    assert quick.logits(ink(count)).shape == (count, 10)


def test_a_muted_map_gives_nothing_and_another_muted_set_is_another_answer(quick: Activations) -> None:
    counts = quick.counts
    whole = quick.logits(ink())
    nothing_muted = {0: np.zeros(counts[0], np.bool_)}
    assert np.array_equal(quick.logits(ink(), nothing_muted), whole)
    one = np.zeros(counts[0], np.bool_)
    one[3] = True
    assert not np.allclose(quick.logits(ink(), {0: one}), whole)


def test_with_a_layer_muted_every_digit_gets_the_same_answer(quick: Activations) -> None:
    place = 1
    logits = quick.logits(ink(), {place: np.ones(quick.counts[place], np.bool_)})
    np.testing.assert_allclose(logits[0], logits[1], atol=1e-5)


def test_a_copy_with_noise_leaves_the_network_whole(quick: Activations) -> None:
    before = quick.logits(ink())
    noisy = quick.changed(0.5, np.random.default_rng(1), without_biases=False)
    again = quick.changed(0.5, np.random.default_rng(1), without_biases=False)
    assert not np.allclose(noisy.logits(ink()), before)
    assert np.array_equal(noisy.logits(ink()), again.logits(ink()))
    assert np.array_equal(quick.logits(ink()), before)


def test_no_noise_changes_nothing_and_no_biases_change_something(quick: Activations) -> None:
    rng = np.random.default_rng(1)
    assert np.array_equal(quick.changed(0, rng, without_biases=False).logits(ink()), quick.logits(ink()))
    bare = quick.changed(0, rng, without_biases=True)
    assert not np.allclose(bare.logits(ink()), quick.logits(ink()))
    assert not np.any(bare.logits(np.zeros((1, 28, 28), np.float32)))


def test_layers_behind_the_last_stage_are_refused() -> None:
    with pytest.raises(ValueError, match="behind"):
        Activations([{"kind": "flatten"}], {})
