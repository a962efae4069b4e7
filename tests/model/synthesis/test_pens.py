from __future__ import annotations

from random import Random

import numpy as np
import pytest
import torch

from model.data.digits import DataSet
from model.data.pens import load_pens
from model.synthesis.pens import (
    COARSE_SIDE,
    HALVED_LEFT,
    HALVED_RIGHT,
    changed,
    coarse,
    half,
    pen_digits,
    with_neighbours,
)

PENS = load_pens()[0]


def test_pen_digits_are_labelled_and_in_mnists_form() -> None:
    digits = pen_digits(60, seed=1)
    assert (digits.images.shape, digits.images.dtype) == ((60, 28, 28), torch.uint8)
    assert set(digits.labels.tolist()) <= set(range(10))
    assert digits.images.amax((1, 2)).min() >= 250


def test_a_seed_fixes_them() -> None:
    one, again, other = (pen_digits(10, seed).images for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_none_are_an_empty_set() -> None:
    assert len(pen_digits(0, seed=1)) == 0


def test_a_digit_changes_a_little_each_time() -> None:
    rng = Random(0)
    one, other = changed(PENS[0], rng), changed(PENS[0], rng)
    assert one != other
    points = np.array([point for stroke in one for point in stroke])
    assert np.ptp(points, axis=0).max() < 1.6
    assert [len(stroke) for stroke in one] == [len(stroke) for stroke in PENS[0].strokes]


def test_a_coarse_digit_has_few_pixels_and_full_ink() -> None:
    for seed in range(30):
        rng = Random(seed)
        picture = coarse(changed(PENS[seed], rng), rng)
        assert max(picture.shape) <= 2 * COARSE_SIDE[1]
        assert picture.max() >= 128


def test_a_neighbour_leaves_a_sliver_only() -> None:
    for seed in range(30):
        rng = Random(seed)
        strokes = changed(PENS[seed], rng)
        columns = [x for stroke in strokes for x, _ in stroke]
        picture = with_neighbours(strokes, PENS, rng)
        own = (max(columns) - min(columns)) * 0.6 * picture.shape[0]
        assert picture.shape[1] <= own + 0.6 * picture.shape[0] * 0.9
        assert picture.max() == 255


def test_a_half_is_a_part_of_a_digit_that_is_none_alone(extract: DataSet) -> None:
    images, labels = extract.train.images.numpy(), extract.train.labels.tolist()
    for seed in range(30):
        assert half(images, labels, Random(seed)).shape == (28, 28)


@pytest.mark.parametrize(
    ("label", "left", "right"), [(8, False, False), (4, True, False), (1, False, False), (2, True, True)]
)
def test_halves_that_are_digits_are_none_of_them(label: int, left: bool, right: bool) -> None:
    assert (label in HALVED_LEFT, label in HALVED_RIGHT) == (left, right)
