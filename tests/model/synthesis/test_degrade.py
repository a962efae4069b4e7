from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Generator, Tensor

from model.data.digits import DataSet, as_input
from model.synthesis.degrade import DEGRADATIONS, degrade, lines, negative, outline, pepper, smear

KINDS = pytest.mark.parametrize("change", dict.fromkeys(DEGRADATIONS), ids=lambda change: change.__name__)


def rng(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


@KINDS
def test_every_kind_keeps_shape_and_type_and_changes_each_digit(
    change: Callable[[Tensor, Generator], Tensor], extract: DataSet
) -> None:
    ink = as_input(extract.test.images[:40])
    changed = change(ink, rng())
    assert (changed.shape, changed.dtype) == (ink.shape, ink.dtype)
    assert bool(changed.isfinite().all())
    assert int((changed != ink).flatten(1).any(1).sum()) >= 36


@KINDS
def test_the_same_seed_does_the_same(change: Callable[[Tensor, Generator], Tensor], extract: DataSet) -> None:
    ink = as_input(extract.test.images[:5])
    assert torch.equal(change(ink, rng(3)), change(ink, rng(3)))


def test_a_share_of_a_batch_is_degraded_and_the_rest_is_left(extract: DataSet) -> None:
    ink = as_input(extract.test.images)
    before = ink.clone()
    after = degrade(ink, rng(), share=0.4)
    assert torch.equal(ink, before), "the batch itself was written to"
    assert 0.3 < float((after != ink).flatten(1).any(1).float().mean()) <= 0.401
    assert 0 <= float(after.min()) <= float(after.max()) <= 1


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_batches_of_few_digits_pass(count: int) -> None:
    assert degrade(torch.rand(count, 1, 28, 28), rng(), share=1.0).shape == (count, 1, 28, 28)


def test_lines_and_pepper_only_touch_what_they_cover() -> None:
    blank = torch.zeros(50, 1, 28, 28)
    assert 0 < float((lines(blank, rng()) > 0).float().mean()) < 0.5
    assert 0 < float((pepper(blank, rng()) > 0).float().mean()) < 0.2


def test_a_negative_exchanges_ink_and_paper_in_a_band() -> None:
    changed = negative(torch.zeros(50, 1, 28, 28), rng())
    assert set(changed.unique().tolist()) == {0.0, 1.0}


def test_an_outline_of_a_block_is_hollow() -> None:
    block = torch.zeros(50, 1, 28, 28)
    block[:, :, 8:20, 8:20] = 1
    assert float(outline(block, rng())[:, :, 12:16, 12:16].max()) <= 0.5


def test_a_smear_keeps_the_amount_of_ink() -> None:
    dot = torch.zeros(20, 1, 28, 28)
    dot[:, :, 14, 14] = 1
    assert smear(dot, rng()).sum((1, 2, 3)).tolist() == pytest.approx([1.0] * 20, abs=0.01)
