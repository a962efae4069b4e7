"""The stages of a small network, worked out by hand (see ``tests.helpers.networks``)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.reading.activations import Activations, Stage
from model.reading.forward import BATCH
from tests.helpers.networks import LAYERS, Values, dots, weights

NORMALISATION: dict[str, Any] = {"kind": "normalisation", "name": "norm", "epsilon": 0}


def small() -> Activations:
    return Activations(LAYERS, weights())


def only(*layers: dict[str, Any]) -> Stage:
    """The only stage of a network that ends with a linear layer of ten of 784."""
    made = {name: np.ones(1, np.float32) for name in ("norm.weight", "norm.running_var")}
    made |= {name: np.zeros(1, np.float32) for name in ("norm.bias", "norm.running_mean")}
    last = {"last.weight": np.ones((10, 784), np.float32)}
    (stage,) = Activations([*layers, {"kind": "linear", "name": "last"}], {**made, **last}).stages
    return stage


def test_a_stage_is_a_layer_with_what_only_follows_it() -> None:
    stages = small().stages
    assert [stage.kind for stage in stages] == ["convolution", "maximum", "linear"]
    assert [stage.bend for stage in stages] == ["relu", "", ""]
    assert [len(stage.steps) for stage in stages] == [2, 1, 2]
    assert [stage.summed for stage in stages] == [1, 1, 2]
    assert [stage.layer for stage in stages] == [LAYERS[0], LAYERS[2], LAYERS[4]]


def test_a_stage_has_its_weights_and_a_maximum_none() -> None:
    first, maximum, last = small().stages
    for stage, name in ((first, "first"), (last, "last")):
        np.testing.assert_array_equal(stage.weight, weights()[f"{name}.weight"])
        np.testing.assert_array_equal(stage.bias, weights()[f"{name}.bias"])
    assert (maximum.weight, maximum.bias) == (None, None)


def test_a_layer_without_biases_has_zeros() -> None:
    bare = {name: value for name, value in weights().items() if name.endswith("weight")}
    first, _, last = Activations(LAYERS, bare).stages
    assert first.bias is not None
    assert (first.bias.tolist(), first.bias.dtype) == ([0, 0], np.float32)
    assert last.bias is not None
    assert last.bias.tolist() == [0] * 10


def test_what_stands_before_the_first_stage_belongs_to_it() -> None:
    stage = only(NORMALISATION, {"kind": "relu"}, {"kind": "flatten"})
    assert (stage.kind, stage.bend, len(stage.steps), stage.summed) == ("linear", "", 4, 4)


def test_a_bend_behind_a_flattening_belongs_to_the_stage_behind_it() -> None:
    layers: list[dict[str, Any]] = [{"kind": "scale", "mean": 0, "deviation": 1}, {"kind": "flatten"}, {"kind": "relu"}]
    first, second = Activations([*layers, LAYERS[4]], {"last.weight": np.ones((10, 784), np.float32)}).stages
    assert (first.kind, first.bend, len(first.steps), first.weight) == ("scale", "", 1, None)
    assert (second.bend, len(second.steps), second.summed) == ("", 3, 3)


def test_a_bend_behind_a_sum_is_told_by_its_name() -> None:
    stages = Activations([*LAYERS[:1], {"kind": "sigmoid"}, *LAYERS[2:]], weights()).stages
    assert [stage.bend for stage in stages] == ["sigmoid", "", ""]


def test_a_last_log_softmax_belongs_to_none() -> None:
    stages = Activations([*LAYERS, {"kind": "log-softmax"}], weights()).stages
    assert [len(stage.steps) for stage in stages] == [2, 1, 2]


def test_what_stands_behind_a_log_softmax_still_counts() -> None:
    layers = [*LAYERS, {"kind": "log-softmax"}, {"kind": "linear", "name": "more"}]
    stages = Activations(layers, {**weights(), "more.weight": np.eye(10, dtype=np.float32)}).stages
    assert [stage.kind for stage in stages] == ["convolution", "maximum", "linear", "linear"]


def test_layers_behind_the_last_stage_are_told() -> None:
    with pytest.raises(ValueError, match=r"^there are layers behind the last stage$"):
        Activations([*LAYERS, {"kind": "flatten"}], weights())


def test_there_are_as_many_values_as_maps_or_units() -> None:
    assert small().counts == [2, 2, 10]


def test_a_trace_tells_what_a_stage_was_given_its_sums_and_what_it_gave() -> None:
    first, maximum, last = small().trace(dots((0, 0), (26, 26)))
    assert [trace.values.shape for trace in (first, maximum, last)] == [(1, 14, 14, 2), (1, 7, 7, 2), (1, 10)]
    np.testing.assert_array_equal(first.inputs[..., 0], dots((0, 0), (26, 26)))
    assert first.sums[0, 0, :2].tolist() == [[1.5, 0], [0.5, 0]]
    assert first.sums[0, 13, 12:].tolist() == [[0.5, 0], [1.5, 0]]
    assert maximum.values[0, 0, :2].tolist() == [[1.5, 0], [0.5, 0]]
    assert last.values[0].tolist() == pytest.approx([0, 3.1, -1.3, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    assert last.sums is last.values


def test_sums_are_taken_before_they_are_bent() -> None:
    first = small().trace(dots((10, 9)))[0]
    assert (first.sums[0, 5, 5].tolist(), first.values[0, 5, 5].tolist()) == ([0.5, -1], [0.5, 0])
    assert (first.sums[0, 5, 4].tolist(), first.values[0, 5, 4].tolist()) == ([0.5, 1], [0.5, 1])


def test_logits_are_what_the_last_stage_gives() -> None:
    assert small().logits(dots((0, 0)))[0, :3].tolist() == pytest.approx([0, 3.1, -1.3])
    assert small().logits(dots((26, 27)))[0, :3].tolist() == pytest.approx([0, 1.1, 0.7])


@pytest.mark.parametrize(("muted", "expected"), [([True, False], 1.2), ([False, True], -0.3), ([True, True], 0.2)])
def test_a_muted_map_adds_nothing(muted: list[bool], expected: float) -> None:
    logits = small().logits(dots((26, 27), count=2), {1: np.array(muted)})
    assert logits[:, 2].tolist() == pytest.approx([expected, expected])
    assert logits.dtype == np.float32


def test_only_the_stage_that_is_named_is_muted() -> None:
    ink, all_muted = dots((26, 27)), np.ones(2, np.bool_)
    assert small().logits(ink, {})[0, 1] == pytest.approx(1.1)
    assert small().logits(ink, {1: np.zeros(2, np.bool_)})[0, 1] == pytest.approx(1.1)
    assert small().logits(ink, {0: all_muted})[0, 1] == pytest.approx(0.1)
    assert small().logits(ink, {2: np.ones(10, np.bool_)})[0].tolist() == [0] * 10


def test_every_batch_is_muted() -> None:
    logits = small().logits(dots((0, 0), count=2 * BATCH + 1), {0: np.ones(2, np.bool_)})
    assert logits[:, 1].tolist() == pytest.approx([0.1] * (2 * BATCH + 1))


def test_each_digit_goes_through_once_and_in_its_order() -> None:
    ink = dots(count=2 * BATCH + 1)
    ink[:, 0, 0] = np.arange(2 * BATCH + 1)
    assert small().logits(ink)[:, 1].tolist() == pytest.approx([2 * number + 1.1 for number in range(2 * BATCH + 1)])
    assert small().logits(ink[:0]).shape == (0, 10)


def shaken(noise: float, seed: int) -> dict[str, Values]:
    """The small network's weights with noise of so many standard deviations of their layer."""
    rng, made = np.random.default_rng(seed), weights()
    for name in ("first.weight", "last.weight"):
        weight = made[name]
        made[name] = weight + rng.standard_normal(weight.shape, np.float32) * (noise * weight.std())
    return made


@pytest.mark.parametrize("without_biases", [False, True])
def test_noise_is_by_the_deviation_of_each_layer(without_biases: bool) -> None:
    noisy = small().changed(0.5, np.random.default_rng(4), without_biases=without_biases)
    expected = shaken(0.5, 4)
    if without_biases:
        expected |= {"first.bias": np.zeros(2, np.float32), "last.bias": np.zeros(10, np.float32)}
    for stage, name in ((noisy.stages[0], "first"), (noisy.stages[2], "last")):
        assert stage.weight is not None
        assert stage.weight.dtype == np.float32
        np.testing.assert_allclose(stage.weight, expected[f"{name}.weight"], rtol=1e-6)
        np.testing.assert_array_equal(stage.bias, expected[f"{name}.bias"])
    ink = dots((0, 0), (10, 9), (26, 27))
    np.testing.assert_allclose(noisy.logits(ink), Activations(LAYERS, expected).logits(ink), rtol=1e-5)


def test_a_copy_has_the_same_stages_but_for_their_weights() -> None:
    whole = small()
    copy = whole.changed(1.0, np.random.default_rng(0), without_biases=True)
    for one, other in zip(copy.stages, whole.stages, strict=True):
        assert (one.kind, one.layer, one.bend, one.summed) == (other.kind, other.layer, other.bend, other.summed)
        assert len(one.steps) == len(other.steps)
    assert copy.stages[1] is whole.stages[1]
