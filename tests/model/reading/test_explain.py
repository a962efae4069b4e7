from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.networks.cnn import StridedCNN
from model.networks.layers import logits_of
from model.reading.explain import occlusion
from model.reading.scores import Logits

#: Two patches of ink, one in the upper left corner and one in the lower right.
CORNERS = np.zeros((28, 28), np.uint8)
CORNERS[:6, :6] = CORNERS[20:26, 20:26] = 200


def upper_left(images: NDArray[np.uint8]) -> Logits:
    """How much ink there is in the upper left corner."""
    return np.asarray(images[:, :10, :10].sum(axis=(1, 2)) / 2550)


def looking(images: NDArray[np.uint8], label: int, weight: float = 1.0, count: int = 10) -> Logits:
    """Logits of which only a label's depends on anything: the ink in the upper left corner."""
    logits = np.zeros((len(images), count))
    logits[:, label] = weight * upper_left(images)
    return logits


@pytest.mark.parametrize("count", [10, 11])
@pytest.mark.parametrize("label", [0, 3, 9])
def test_the_ink_that_a_network_looks_at_counts_for_the_label(label: int, count: int) -> None:
    effect = occlusion(CORNERS, label, lambda images: looking(images, label, count=count))
    assert (effect[:6, :6] > 0).all()
    assert not effect[20:26, 20:26].any()


def test_ink_that_lowers_the_label_counts_against_it() -> None:
    effect = occlusion(CORNERS, 3, lambda images: looking(images, 3, -1.0))
    assert (effect[:6, :6] < 0).all()
    assert not effect[20:26, 20:26].any()


def test_ink_that_counts_for_another_digit_counts_against_the_label() -> None:
    effect = occlusion(CORNERS, 3, lambda images: looking(images, 5))
    assert (effect[:6, :6] < 0).all()


def test_what_is_no_digit_is_no_rival() -> None:
    assert not occlusion(CORNERS, 3, lambda images: looking(images, 10, 50.0, count=11)).any()


def test_without_ink_there_is_no_effect() -> None:
    blank = np.zeros((28, 28), np.uint8)
    effect = occlusion(blank, 3, lambda images: looking(images, 3))
    assert (effect.shape, effect.any()) == ((28, 28), False)


def test_where_there_is_no_ink_there_is_no_effect() -> None:
    effect = occlusion(CORNERS, 3, lambda images: looking(images, 3))
    assert not effect[CORNERS == 0].any()


def test_a_network_that_looks_at_nothing_has_no_reason() -> None:
    assert not occlusion(CORNERS, 3, lambda images: np.ones((len(images), 10))).any()


def test_the_strongest_effect_is_one_however_large_the_logits() -> None:
    small, large = (occlusion(CORNERS, 3, partial(looking, label=3, weight=weight)) for weight in (0.01, 1e6))
    assert small.max() == pytest.approx(1)
    np.testing.assert_allclose(small, large)


def test_pale_ink_counts_less_than_strong_ink() -> None:
    image = CORNERS.copy()
    image[2, 2] = 20
    effect = occlusion(image, 3, lambda images: looking(images, 3))
    assert 0 < effect[2, 2] < effect[2, 3] / 5


def test_every_edge_of_the_picture_is_looked_at() -> None:
    full = np.full((28, 28), 255, np.uint8)

    def ink(images: NDArray[np.uint8]) -> Logits:
        return np.eye(10)[3] * (images / 255).sum(axis=(1, 2))[:, None]

    effect = occlusion(full, 3, ink)
    assert effect.min() > 0


def test_the_picture_stays_as_it_is() -> None:
    image = CORNERS.copy()
    occlusion(image, 3, lambda images: looking(images, 3))
    np.testing.assert_array_equal(image, CORNERS)


def test_the_network_sees_the_whole_picture_first_and_then_less_of_it() -> None:
    seen: list[NDArray[np.uint8]] = []

    def look(images: NDArray[np.uint8]) -> Logits:
        seen.append(images)
        return looking(images, 3)

    occlusion(CORNERS, 3, look)
    np.testing.assert_array_equal(seen[0][0], CORNERS)
    assert (seen[0][1:] <= CORNERS).all()
    assert (seen[0][1:] < CORNERS).any(axis=(1, 2)).all()


@settings(max_examples=10)
@given(st.integers(0, 1000), st.integers(0, 9))
def test_any_network_s_effects_go_from_minus_one_to_one(seed: int, label: int) -> None:
    torch.manual_seed(seed)
    network = StridedCNN(width=2, wide=4, hidden=4)

    def logits(images: NDArray[np.uint8]) -> Logits:
        return np.asarray(logits_of(network, torch.from_numpy(images).unsqueeze(1) / 255).double().numpy())

    effect = occlusion(CORNERS, label, logits)
    assert np.abs(effect).max() <= 1
    assert not effect[CORNERS == 0].any()
