from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from model.data.pens import load_pens
from model.reading.atoms import Atom
from model.reading.scores import DIGITS
from model.synthesis.touching import label_of, touching_digits

PENS = load_pens()[0]


def mask(x0: int, x1: int) -> NDArray[np.bool_]:
    """Where a digit's ink lies: a block of 40 rows on a canvas of 40 × 100."""
    ink = np.zeros((40, 100), np.bool_)
    ink[:, x0:x1] = True
    return ink


def run(x0: int, x1: int) -> Atom:
    return Atom((x0, 0, x1, 40), np.full((40, x1 - x0), 255, np.uint8))


def test_pieces_are_labelled_and_in_mnists_form() -> None:
    pieces = touching_digits(60, seed=1)
    assert (pieces.images.shape, pieces.images.dtype) == ((60, 28, 28), torch.uint8)
    assert set(pieces.labels.tolist()) <= set(range(DIGITS + 1))
    assert pieces.images.amax((1, 2)).min() >= 250


def test_about_half_of_them_are_no_digit() -> None:
    labels = touching_digits(200, seed=1).labels
    assert 0.35 < float((labels == DIGITS).double().mean()) < 0.65


def test_a_seed_fixes_them() -> None:
    one, again, other = (touching_digits(10, seed).images for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_none_are_an_empty_set() -> None:
    assert len(touching_digits(0, seed=1)) == 0


def test_only_the_given_digits_are_used() -> None:
    sevens = [digit for digit in PENS if digit.label == 7]
    assert set(touching_digits(40, 1, sevens).labels.tolist()) == {7, DIGITS}


@pytest.mark.parametrize(
    ("first", "end", "labels", "expected"),
    [
        (0, 40, (2, 4), 2),  # the whole of one and nothing else
        (0, 37, (2, 4), 2),  # 92.5 % of it
        (0, 36, (2, 4), None),
        (0, 44, (2, 4), 2),  # with a sliver of 9 % of the next
        (0, 46, (2, 4), None),
        (0, 58, (2, 4), DIGITS),  # 31 % of the run are others'
        (0, 55, (2, 4), None),
        (0, 80, (2, 4), DIGITS),  # two whole ones
        (20, 80, (2, 4), DIGITS),  # a half and a whole one
        (21, 59, (2, 4), DIGITS),  # two halves
        (0, 24, (2, 4), DIGITS),  # a half of a 2
        (0, 26, (2, 4), None),  # more than a half
        (0, 24, (8, 4), None),  # a half of an 8 is a 3
        (0, 13, (2, 4), None),  # a bar is a 1
    ],
)
def test_a_run_is_what_it_holds_of_each_digit(
    first: int, end: int, labels: tuple[int, int], expected: int | None
) -> None:
    assert label_of(run(first, end), [mask(0, 40), mask(40, 80)], labels) == expected
