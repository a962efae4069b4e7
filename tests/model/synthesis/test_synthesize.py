from __future__ import annotations

import numpy as np
import pytest
import torch

from model.data.digits import DataSet
from model.settings import Settings
from model.synthesis.outliers import NO_DIGIT, outliers
from model.synthesis.synthesize import STYLE_WEIGHTS, degraded, digit_styles, extend


def test_styles_are_labelled_digits_in_mnists_form() -> None:
    digits = digit_styles(50, seed=1)
    assert (digits.images.shape, digits.images.dtype) == ((50, 28, 28), torch.uint8)
    assert set(digits.labels.tolist()) <= set(range(10))
    assert digits.images.amax((1, 2)).min() >= 250


@pytest.mark.slow
def test_most_styles_are_of_the_digits_that_have_several() -> None:
    counts = torch.bincount(digit_styles(1900, seed=1).labels, minlength=10)
    assert counts.tolist() == pytest.approx([100 * weight for weight in STYLE_WEIGHTS], rel=0.35)


def test_degraded_digits_keep_their_labels_and_their_form(extract: DataSet) -> None:
    digits = degraded(extract.train, 200, seed=1)
    assert 180 <= len(digits) <= 200
    assert digits.images.amax((1, 2)).min() >= 250
    assert set(digits.labels.tolist()) == set(range(10))


def test_nothing_is_softened_before_it_is_redrawn(extract: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(styles=20, pens=20, degraded=20, outliers=20)
    expected = extend(extract.train, settings).images
    monkeypatch.setattr("model.preprocess.normalise.soften", np.zeros_like)
    assert torch.equal(extend(extract.train, settings).images, expected)


def test_the_same_seed_draws_the_same(extract: DataSet) -> None:
    first, second, other = (outliers(20, seed, extract.train).images for seed in (1, 1, 2))
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


def test_training_digits_come_first_and_are_extended(extract: DataSet) -> None:
    settings = Settings(styles=5, pens=3, degraded=0, outliers=7)
    extended = extend(extract.train, settings)
    assert len(extended) == len(extract.train) + 15
    assert torch.equal(extended.images[: len(extract.train)], extract.train.images)
    assert extended.labels[-7:].tolist() == [NO_DIGIT] * 7
