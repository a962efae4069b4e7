"""The sums of a small network, worked out by hand (see ``tests.helpers.networks``)."""

from __future__ import annotations

import numpy as np
import pytest

from model.reading.activations import Activations, Stage
from model.reading.sums import Field, Sum, adding_up, field_of, grid_of, shares, sum_behind
from tests.helpers.networks import LAYERS, Values, dots, weights


def made(ink: Values, place: int, unit: int, y: int = 0, x: int = 0) -> Sum:
    small = Activations(LAYERS, weights())
    return sum_behind(small.stages, small.trace(ink), place, unit, y, x)


def convolution(size: int, stride: int, padding: int) -> Stage:
    layer = {"stride": stride, "padding": padding}
    return Stage("convolution", layer, np.zeros((1, 1, size, size), np.float32), None, "", (), 1)


def test_a_convolution_s_sum_is_of_a_patch_times_a_filter() -> None:
    found = made(dots((10, 13), (11, 15)), 0, 1, 5, 7)
    assert found.inputs.tolist() == [[[0, 0, 0], [1, 0, 0], [0, 0, 1]]]
    assert found.weights is not None
    assert found.weights.tolist() == [[[0, 0, 0], [-1, 0, 1], [0, 0, 0]]]
    assert found.products.tolist() == [[[0, 0, 0], [-1, 0, 0], [0, 0, 0]]]
    assert (found.bias, found.total, found.value, found.field) == (0, -1, 0, (13, 9, 16, 12))
    assert found.products.dtype == np.float64


def test_a_sum_has_the_bias_of_its_map() -> None:
    found = made(dots((10, 14)), 0, 0, 5, 7)
    assert (found.bias, found.total, found.value) == (0.5, 1.5, 1.5)


def test_a_patch_over_the_edge_has_zeros_there() -> None:
    found = made(dots((0, 1)), 0, 1, 0, 0)
    assert found.inputs.tolist() == [[[0, 0, 0], [0, 0, 1], [0, 0, 0]]]
    assert (found.total, found.field) == (1, (0, 0, 2, 2))
    assert made(dots((26, 27)), 0, 1, 13, 13).inputs.tolist() == [[[0, 0, 0], [0, 0, 1], [0, 0, 0]]]


def test_a_maximum_s_sum_is_its_square_s_largest() -> None:
    found = made(dots((10, 14)), 1, 0, 2, 3)
    assert found.inputs.tolist() == [[[0.5, 0.5], [0.5, 1.5]]]
    assert found.weights is None
    assert found.products.tolist() == [[[0, 0], [0, 0]]]
    assert (found.bias, found.total, found.value, found.field) == (0, 1.5, 1.5, (11, 7, 16, 12))


def test_a_maximum_is_of_its_own_map() -> None:
    assert made(dots((10, 15)), 1, 1, 2, 3).inputs.tolist() == [[[0, 0], [0, 1]]]


@pytest.mark.parametrize(("y", "x"), [(0, 0), (40, 50)])
def test_a_linear_layer_s_sum_is_of_all_its_maps(y: int, x: int) -> None:
    found = made(dots((0, 0), (26, 27)), 2, 2, y, x)
    assert found.weights is not None
    assert found.inputs.shape == found.weights.shape == (2, 7, 7)
    assert (found.inputs[0, 0, 0], found.inputs[0, 3, 4], found.inputs[1, 6, 6]) == (1.5, 0.5, 1)
    assert (found.products[0, 0, 0], found.products[1, 6, 6], found.products.sum()) == (-1.5, 1, -0.5)
    assert (found.bias, found.total, found.field) == (pytest.approx(0.2), pytest.approx(-0.3), (0, 0, 28, 28))


def test_a_linear_layer_behind_another_has_its_units_for_maps() -> None:
    layers = [*LAYERS, {"kind": "sigmoid"}, {"kind": "linear", "name": "more"}]
    network = Activations(layers, {**weights(), "more.weight": 4 * np.eye(10, dtype=np.float32)})
    traces = network.trace(dots())
    found = sum_behind(network.stages, traces, 3, 5, 0, 0)
    half = 1 / (1 + np.exp(-0.5))
    assert found.inputs.shape == (10, 1, 1)
    assert found.inputs[5, 0, 0] == pytest.approx(half)
    assert found.products[:, 0, 0].tolist() == pytest.approx([0] * 5 + [4 * half] + [0] * 4)
    bent = sum_behind(network.stages, traces, 2, 5, 0, 0)
    assert (bent.total, bent.value) == (pytest.approx(0.5), pytest.approx(half))


def test_a_scaling_s_sum_is_of_its_pixel() -> None:
    layers = [{"kind": "scale", "mean": 0.5, "deviation": 0.25}, *LAYERS[3:]]
    network = Activations(layers, {"last.weight": np.ones((10, 784), np.float32)})
    found = sum_behind(network.stages, network.trace(dots((4, 9))), 0, 0, 4, 9)
    assert (found.inputs.tolist(), found.weights, found.bias) == ([[[1]]], None, 0)
    assert (found.total, found.value, found.field) == (2, 2, (9, 4, 10, 5))


def test_a_sum_is_the_first_digit_s() -> None:
    ink = dots(count=2)
    ink[0, 10, 14] = 1
    assert made(ink, 0, 0, 5, 7).total == 1.5
    assert made(ink[::-1], 0, 0, 5, 7).total == 0.5


@pytest.mark.parametrize("spot", [(-1, 0, 0, 0), (0, -1, 0, 0), (0, 0, -1, 0), (0, 0, 0, -1)])
def test_a_place_below_zero_is_told(spot: tuple[int, int, int, int]) -> None:
    with pytest.raises(IndexError, match=r"^a place below zero$"):
        made(dots(), *spot)


@pytest.mark.parametrize(
    ("stages", "field"),
    [
        ([convolution(3, 1, 0)], (20, 10, 23, 13)),
        ([convolution(3, 1, 1)], (19, 9, 22, 12)),
        ([convolution(3, 2, 0), convolution(1, 1, 0)], (20, 10, 23, 13)),
        ([convolution(5, 1, 0), convolution(3, 1, 0)], (20, 10, 27, 17)),
        ([convolution(3, 1, 0), convolution(2, 1, 1)], (19, 9, 23, 13)),
    ],
)
def test_a_field_is_what_all_layers_before_look_at(stages: list[Stage], field: Field) -> None:
    assert field_of(stages, len(stages) - 1, 10 // stages[0].layer["stride"], 20 // stages[0].layer["stride"]) == field


def test_a_field_ends_at_the_drawing_s_edges() -> None:
    assert field_of([convolution(3, 1, 1)], 0, 0, 27) == (26, 0, 28, 2)
    assert field_of([convolution(3, 1, 1)], 0, 27, 0) == (0, 26, 2, 28)


def test_layers_behind_a_value_do_not_widen_its_field() -> None:
    small = Activations(LAYERS, weights())
    assert [field_of(small.stages, place, 2, 3) for place in range(3)] == [
        (5, 3, 8, 6),
        (11, 7, 16, 12),
        (0, 0, 28, 28),
    ]


def test_a_grid_has_the_middle_of_its_first_field_and_the_step_to_the_next() -> None:
    small = Activations(LAYERS, weights())
    assert [grid_of(small.stages, place) for place in (0, 1)] == [(0.5, 2), (1.5, 4)]
    assert grid_of([convolution(4, 3, 0)], 0) == (2, 3)


def test_shares_are_the_products_above_zero_and_those_below() -> None:
    small = Activations(LAYERS, weights())
    found = shares(small.trace(dots((0, 0), (26, 27))), small.stages)
    assert found.tolist() == [[0, 0], [3, 0], [1, -1.5], *[[0, 0]] * 7]
    assert found.dtype == np.float64


def test_shares_are_of_the_first_digit_and_of_units_too() -> None:
    layers = [*LAYERS, {"kind": "linear", "name": "more"}]
    rows = np.zeros((10, 10), np.float32)
    rows[4, 5], rows[4, 6] = 2, -10
    network = Activations(layers, {**weights(), "more.weight": rows})
    found = shares(network.trace(dots(count=2)), network.stages)
    np.testing.assert_allclose(found, [[0, 0]] * 4 + [[1, -6]] + [[0, 0]] * 5, rtol=1e-6)


def test_a_last_stage_without_weights_has_no_shares() -> None:
    small = Activations(LAYERS, weights())
    with pytest.raises(ValueError, match=r"^the last stage has no weights$"):
        shares(small.trace(dots())[:2], small.stages[:2])


@pytest.mark.parametrize(
    ("terms", "total", "rounded"),
    [
        ([], 0.0, []),
        ([1.5], 1.5, [1.5]),
        ([0.335, 0.3325, 0.3325], 1.0, [0.34, 0.33, 0.33]),
        ([0.3325, 0.3325, 0.335], 1.0, [0.33, 0.33, 0.34]),
        ([0.129, 0.118, 0.103], 0.35, [0.13, 0.12, 0.1]),
        ([-0.333, 0.333], 0.0, [-0.33, 0.33]),
        ([1.0, 2.005], 2.99, [0.99, 2.0]),
        ([1.0, 2.0, 3.0], 5.98, [1.0, 1.99, 2.99]),
    ],
)
def test_those_that_were_rounded_down_most_are_raised_first(
    terms: list[float], total: float, rounded: list[float]
) -> None:
    assert adding_up(terms, total) == rounded


@pytest.mark.parametrize(("digits", "rounded"), [(0, [1, 0, 0]), (1, [0.4, 0.3, 0.3]), (3, [0.334, 0.333, 0.333])])
def test_terms_are_rounded_to_as_many_places_as_asked_for(digits: int, rounded: list[float]) -> None:
    assert adding_up([1 / 3] * 3, 1.0, digits) == rounded


def test_terms_that_were_rounded_as_much_are_raised_in_their_order() -> None:
    assert adding_up([0.005] * 200, 1.0) == [0.01] * 100 + [0.0] * 100
