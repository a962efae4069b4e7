"""Each layer with a few numbers worked out by hand, without torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.reading.forward import KINDS, Forward

Values = NDArray[np.float32]


def values(*shape: int) -> Values:
    """0, 1, 2, … of that shape."""
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def run(kind: str, ink: Values, weights: dict[str, Values] | None = None, **options: Any) -> Values:
    """What a layer named "1" makes of its input."""
    return KINDS[kind]({"kind": kind, "name": "1", **options}, weights or {})(ink)


def linear(out: int = 10, bias: bool = True, name: str = "last") -> tuple[list[dict[str, Any]], dict[str, Values]]:
    """A network of one linear layer that takes the first pixels for logits."""
    weights: dict[str, Values] = {f"{name}.weight": np.eye(out, 784, dtype=np.float32)}
    if bias:
        weights[f"{name}.bias"] = np.arange(out, dtype=np.float32)
    return [{"kind": "flatten"}, {"kind": "linear", "name": name}], weights


def test_a_convolution_sums_patches_times_filters() -> None:
    filters = np.zeros((2, 1, 2, 2), np.float32)
    filters[0, 0, 0, 0], filters[1, 0, 1, 1] = 1, 10
    products = run("convolution", values(1, 3, 3, 1), {"1.weight": filters}, stride=1, padding=0)
    assert products[..., 0].tolist() == [[[0, 1], [3, 4]]]
    assert products[..., 1].tolist() == [[[40, 50], [70, 80]]]


def test_a_convolution_adds_each_filter_s_bias() -> None:
    weights = {"1.weight": np.ones((2, 1, 1, 1), np.float32), "1.bias": np.array([0.5, -1], np.float32)}
    products = run("convolution", values(2, 1, 1, 1), weights, stride=1, padding=0)
    assert products.tolist() == [[[[0.5, -1]]], [[[1.5, 0]]]]


def test_a_convolution_takes_all_channels() -> None:
    filters = np.array([1, 10], np.float32).reshape(1, 2, 1, 1)
    assert run("convolution", values(1, 1, 2, 2), {"1.weight": filters}, stride=1, padding=0).tolist() == [
        [[[10], [32]]]
    ]


def test_a_stride_skips_patches_and_what_is_left_over() -> None:
    filters = np.ones((1, 1, 1, 1), np.float32)
    products = run("convolution", values(1, 4, 5, 1), {"1.weight": filters}, stride=2, padding=0)
    assert products[0, :, :, 0].tolist() == [[0, 2, 4], [10, 12, 14]]


def test_padding_is_of_zeros_on_each_side() -> None:
    filters = np.ones((1, 1, 3, 3), np.float32)
    products = run("convolution", 1 + values(1, 2, 3, 1), {"1.weight": filters}, stride=1, padding=1)
    assert products[0, :, :, 0].tolist() == [[12, 21, 16], [12, 21, 16]]
    assert run("convolution", values(1, 2, 3, 1), {"1.weight": filters}, stride=1, padding=2).shape == (1, 4, 5, 1)


@pytest.mark.parametrize(("stride", "padding"), [(0, 0), (-1, 0), (1, -1), (1, 3)])
def test_a_convolution_of_no_stride_or_too_much_padding_is_refused(stride: int, padding: int) -> None:
    filters = np.ones((1, 1, 3, 3), np.float32)
    with pytest.raises(ValueError, match=f"a convolution of size 3 with stride {stride} and padding {padding}"):
        run("convolution", values(1, 5, 5, 1), {"1.weight": filters}, stride=stride, padding=padding)


def test_a_convolution_as_large_as_its_input_has_one_patch_and_a_larger_one_none() -> None:
    filters = np.ones((1, 1, 3, 3), np.float32)
    assert run("convolution", values(1, 3, 3, 1), {"1.weight": filters}, stride=1, padding=0).tolist() == [[[[36]]]]
    for shape in ((1, 2, 3, 1), (1, 3, 2, 1)):
        with pytest.raises(ValueError, match=f"there is no patch of 3×3 in {shape[1]}×{shape[2]}"):
            run("convolution", values(*shape), {"1.weight": filters}, stride=1, padding=0)


NORM = {
    "1.weight": np.array([2, 1], np.float32),
    "1.bias": np.array([0, 5], np.float32),
    "1.running_mean": np.array([1, 0], np.float32),
    "1.running_var": np.array([3, 0], np.float32),
}


def test_a_normalisation_takes_off_the_mean_and_divides_by_the_deviation() -> None:
    assert run("normalisation", values(1, 1, 2, 2), NORM, epsilon=1).tolist() == [[[[-1, 6], [1, 8]]]]


@pytest.mark.parametrize("bias", [False, True])
def test_a_normalisation_becomes_part_of_the_layer_before_it(bias: bool) -> None:
    layers, weights = linear(10, bias)
    layers.append({"kind": "normalisation", "name": "norm", "epsilon": 1.0})
    scale = np.arange(1, 11, dtype=np.float32)
    weights |= {"norm.weight": 2 * scale, "norm.bias": -scale, "norm.running_mean": scale * np.float32(0.5)}
    weights["norm.running_var"] = np.full(10, 3, np.float32)
    forward = Forward(layers, weights)
    ink = np.zeros((1, 28, 28), np.float32)
    ink[0, 0, :10] = 1
    offsets = np.arange(10) if bias else np.zeros(10)
    assert len(forward._steps) == 2
    assert forward(ink)[0].tolist() == pytest.approx((scale * (1 + offsets) - scale - scale**2 / 2).tolist())


def test_a_normalisation_becomes_part_of_a_convolution_filter_by_filter() -> None:
    last, _ = linear()
    weights = {"last.weight": np.eye(10, 2 * 784, dtype=np.float32)}
    weights |= {"0.weight": np.ones((2, 1, 1, 1), np.float32)}
    weights |= {name.replace("1.", "norm.", 1): value for name, value in NORM.items()}
    layers = [
        {"kind": "convolution", "name": "0", "stride": 1, "padding": 0},
        {"kind": "normalisation", "name": "norm", "epsilon": 1},
        *last,
    ]
    forward = Forward(layers, weights)
    assert len(forward._steps) == 3
    assert forward(np.full((1, 28, 28), 3, np.float32))[0, 0] == 2  # (3 − 1) · 2 / √(3 + 1)


def test_a_normalisation_after_another_layer_stands_alone() -> None:
    norm = {"weight": [2], "bias": [1], "running_mean": [0], "running_var": [0]}
    layers, weights = linear(bias=False)
    weights |= {f"norm.{part}": np.array(value, np.float32) for part, value in norm.items()}
    forward = Forward([{"kind": "normalisation", "name": "norm", "epsilon": 1}, *layers], weights)
    assert len(forward._steps) == 3
    assert forward(np.ones((1, 28, 28), np.float32))[0].tolist() == [3] * 10


def test_a_linear_layer_is_a_product_and_a_bias() -> None:
    weights = {"1.weight": np.array([[1, 2], [0, 1], [5, 0]], np.float32)}
    assert run("linear", values(2, 2), weights).tolist() == [[2, 1, 0], [8, 3, 10]]
    weights["1.bias"] = np.array([1, 0, -1], np.float32)
    assert run("linear", values(2, 2), weights).tolist() == [[3, 1, -1], [9, 3, 9]]


def test_the_largest_of_each_square_stays_and_what_is_left_over_goes() -> None:
    assert run("maximum", values(1, 4, 5, 1), size=2)[0, :, :, 0].tolist() == [[6, 8], [16, 18]]
    assert run("maximum", values(1, 5, 4, 1), size=2)[0, :, :, 0].tolist() == [[5, 7], [13, 15]]
    assert run("maximum", -values(1, 2, 2, 2), size=2).tolist() == [[[[0, -1]]]]
    assert run("maximum", values(1, 1, 2, 1), size=1).tolist() == values(1, 1, 2, 1).tolist()


@pytest.mark.parametrize("size", [0, -1])
def test_squares_of_no_size_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"squares of {size}"):
        run("maximum", values(1, 4, 4, 1), size=size)


def test_a_scale_takes_off_a_mean_and_divides() -> None:
    scaled = run("scale", values(1, 1, 3, 1), mean=1.0, deviation=0.5)
    assert (scaled.ravel().tolist(), scaled.dtype) == ([-2, 0, 2], np.float32)


def test_flat_values_come_channel_by_channel() -> None:
    assert run("flatten", values(2, 1, 2, 3)).tolist() == [[0, 3, 1, 4, 2, 5], [6, 9, 7, 10, 8, 11]]


def test_what_is_below_zero_becomes_zero() -> None:
    assert run("relu", np.array([-2.0, 0, 0.5], np.float32)).tolist() == [0, 0, 0.5]


def test_a_sigmoid_is_between_0_and_1() -> None:
    assert run("sigmoid", np.array([-1e6, 0, np.log(3), 1e6])).tolist() == pytest.approx([0, 0.5, 0.75, 1])


def test_a_log_softmax_is_of_each_row() -> None:
    rows = np.array([[0, np.log(3)], [1000, 1000]])
    assert run("log-softmax", rows).tolist() == [pytest.approx(np.log([0.25, 0.75])), pytest.approx(np.log([0.5, 0.5]))]


def test_a_convolution_without_a_bias_stays_in_single_precision() -> None:
    filters = np.ones((1, 1, 1, 1), np.float32)
    assert run("convolution", values(1, 2, 2, 1), {"1.weight": filters}, stride=1, padding=0).dtype == np.float32
    assert run("linear", values(2, 2), {"1.weight": np.ones((1, 2), np.float32)}).dtype == np.float32


def test_a_network_is_tried_with_one_blank_digit() -> None:
    seen: list[tuple[int, ...]] = []

    class Seeing(Forward):
        def _run(self, ink: Values, count: int) -> Values:
            seen.append(ink.shape)
            assert ink.dtype == np.float32
            return super()._run(ink, count)

    Seeing(*linear())
    assert seen == [(1, 28, 28)]


def test_eight_digits_go_through_together() -> None:
    forward, seen = Forward(*linear()), list[int]()

    def step(given: Values) -> Values:
        seen.append(len(given))
        return given

    forward._steps.insert(0, step)
    assert forward(np.zeros((17, 28, 28), np.float32)).shape == (17, 10)
    assert seen == [8, 8, 1]


def test_features_are_taken_before_the_last_linear_layer() -> None:
    layers, weights = linear()
    weights["second.weight"] = np.eye(10, dtype=np.float32) * 2
    layers += [{"kind": "linear", "name": "second"}, {"kind": "log-softmax"}]
    ink = np.zeros((1, 28, 28), np.float32)
    ink[0, 0, :10] = 1
    forward = Forward(layers, weights)
    assert forward.features(ink).tolist() == [list(range(1, 11))]
    assert forward(ink).argmax() == 9


@pytest.mark.parametrize("count", [10, 11])
def test_ten_logits_are_right_and_eleven(count: int) -> None:
    assert Forward(*linear(count))(np.zeros((1, 28, 28), np.float32))[0].tolist() == list(range(count))


@pytest.mark.parametrize("count", [9, 12])
def test_another_number_of_logits_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=rf"it gives \({count},\) values"):
        Forward(*linear(count))


def test_a_weight_that_no_layer_takes_is_refused() -> None:
    layers, weights = linear()
    with pytest.raises(ValueError, match=r"^there are weights that no layer takes$"):
        Forward(layers, {**weights, "other.weight": values(1)})
    layers, weights = linear(name="deep.last")
    Forward(layers, weights)
    with pytest.raises(ValueError, match="no layer takes"):
        Forward(layers, {**weights, "deep.weight": values(1)})


def test_weights_that_are_no_numbers_are_no_warning() -> None:
    layers, weights = linear()
    weights["last.weight"] = np.full((10, 784), np.inf, np.float32)
    Forward(layers, weights)
