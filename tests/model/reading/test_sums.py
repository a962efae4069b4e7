from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.reading.activations import Activations
from model.reading.digit_map import load_tested
from model.reading.store import load_activations, load_card, trained_models
from model.reading.sums import adding_up, field_of, grid_of, shares, sum_behind

in_every_model = pytest.mark.parametrize("name", trained_models())


def ink() -> NDArray[np.float32]:
    return load_tested().images[:1].astype(np.float32) / np.float32(255)


def places(activations: Activations) -> list[tuple[int, int, int, int]]:
    """Stage, unit, row, column: a corner, the middle and the last of each stage."""
    found = []
    for place, trace in enumerate(activations.trace(ink())):
        height, width, units = trace.values.shape[1:] if trace.values.ndim == 4 else (1, 1, trace.values.shape[1])
        found += [(place, unit, height // part, width // part) for unit in (0, units - 1) for part in (2, 3)]
        found += [(place, units // 2, 0, 0), (place, units // 2, height - 1, width - 1)]
    return [(place, unit, y, x) for place, unit, y, x in found]


@in_every_model
def test_the_products_and_the_bias_add_up_to_the_value(name: str) -> None:
    activations = load_activations(load_card(name))
    traces = activations.trace(ink())
    for place, unit, y, x in places(activations):
        stage, made = activations.stages[place], sum_behind(activations.stages, traces, place, unit, y, x)
        if stage.weight is not None:
            assert made.products.sum() + made.bias == pytest.approx(made.total, rel=1e-4, abs=1e-4)
        elif stage.kind == "maximum":
            assert made.inputs.max() == made.total
        bent = {"relu": max(0, made.total), "sigmoid": 1 / (1 + np.exp(-made.total)), "": made.total}[stage.bend]
        assert made.value == pytest.approx(bent, rel=1e-4, abs=1e-5)


@in_every_model
def test_what_speaks_for_and_against_a_digit_adds_up_to_its_logit(name: str) -> None:
    activations = load_activations(load_card(name))
    traces = activations.trace(ink())
    both, bias = shares(traces, activations.stages), activations.stages[-1].bias
    assert bias is not None
    assert (both[:, 0] >= 0).all()
    assert (both[:, 1] <= 0).all()
    np.testing.assert_allclose(both.sum(axis=1) + bias, activations.logits(ink())[0], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ["cnn", "keras-cnn", "tutorial-cnn"])
def test_ink_outside_a_value_s_field_doesn_t_change_it(name: str) -> None:
    activations = load_activations(load_card(name))
    for place, unit, y, x in places(activations):
        before = sum_behind(activations.stages, activations.trace(ink()), place, unit, y, x)
        left, top, right, bottom = before.field
        inside = np.zeros((28, 28), np.bool_)
        inside[top:bottom, left:right] = True
        elsewhere = np.where(inside, ink(), 1 - ink())
        after = sum_behind(activations.stages, activations.trace(elsewhere), place, unit, y, x)
        assert after.total == pytest.approx(before.total, rel=1e-4, abs=1e-4)


def test_a_value_s_field_grows_from_layer_to_layer() -> None:
    stages = load_activations(load_card("cnn")).stages
    fields = [field_of(stages, place, 2, 2) for place in range(len(stages))]
    widths = [right - left for left, _, right, _ in fields]
    assert widths == sorted(widths)
    assert fields[0] == (2, 2, 5, 5)  # 3 × 3 pixels without a margin
    assert fields[-1] == (0, 0, 28, 28)


def test_maps_lie_on_the_drawing_by_the_middles_of_their_fields() -> None:
    stages = load_activations(load_card("cnn")).stages
    assert grid_of(stages, 0) == (1.5, 1.0)
    assert grid_of(stages, 2)[1] == 2.0  # its stride


@pytest.mark.parametrize(
    "spot", [(-1, 0, 0, 0), (0, -1, 0, 0), (0, 0, -1, 0), (0, 0, 0, 26), (0, 32, 0, 0), (0, 0, 26, 0)]
)
def test_a_value_that_isn_t_there_is_refused(spot: tuple[int, int, int, int]) -> None:
    activations = load_activations(load_card("cnn"))
    with pytest.raises(IndexError):
        sum_behind(activations.stages, activations.trace(ink()), *spot)


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=40))
def test_rounded_terms_add_up_to_the_rounded_total(terms: list[float]) -> None:
    rounded = adding_up(terms, sum(terms))
    assert round(sum(round(term * 100) for term in rounded)) == round(sum(terms) * 100)
    assert all(abs(one - other) < 0.02 for one, other in zip(terms, rounded, strict=True))


def test_terms_that_are_round_stay_as_they_are() -> None:
    assert adding_up([1.25, -0.5, 0.0], 0.75) == [1.25, -0.5, 0.0]
    assert adding_up([0.333, 0.333, 0.334], 1.0) == [0.33, 0.33, 0.34]
