from __future__ import annotations

from random import Random

import pytest
import torch

from model.data.digits import DataSet, Digits
from model.synthesis.hand import printed, write
from model.synthesis.outliers import NO_DIGIT, blob, outliers, scribble, side_by_side, silhouette, turned


def test_a_turned_digit_is_not_the_digit(extract: DataSet) -> None:
    before = {tuple(image.flatten().tolist()) for image in extract.train.images}
    after = {tuple(turned(extract.train, Random(seed)).flatten().tolist()) for seed in range(30)}
    assert not before & after


def test_outliers_are_labelled_as_no_digit(extract: DataSet) -> None:
    signs = outliers(60, seed=1, digits=extract.train)
    assert signs.labels.tolist() == [NO_DIGIT] * 60
    assert signs.images.shape == (60, 28, 28)


def test_no_outliers_are_an_empty_set(extract: DataSet) -> None:
    assert len(outliers(0, 1, extract.train)) == 0


@pytest.mark.parametrize("seed", range(10))
def test_every_kind_of_sign_fits_the_frame(seed: int, extract: DataSet) -> None:
    rng = Random(seed)
    signs = [write(scribble(rng), rng), blob(rng), silhouette(rng), printed("A", rng)]
    signs.append(side_by_side(extract.train, rng))
    assert [sign.shape for sign in signs] == [(28, 28)] * 5
    assert min(int(sign.max()) for sign in signs) >= 250


def test_a_hairline_has_a_wide_digit_beside_it() -> None:
    images = torch.zeros((2, 28, 28), dtype=torch.uint8)
    images[0, 4:24, 14], images[1, 4:24, 4:24] = 255, 255
    pair = Digits(images, torch.tensor([1, 0]))
    assert [side_by_side(pair, Random(seed)).shape for seed in range(40)] == [(28, 28)] * 40
