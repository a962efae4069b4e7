from __future__ import annotations

import pytest
import torch

from model.data.digits import DataSet
from model.synthesis.copies import KINDS, SEED, copies, other_styles
from model.synthesis.synthesize import digit_styles
from tests.helpers.pictures import softened


@pytest.mark.parametrize(("kind", "count"), [("redrawn", 4), ("degraded", 2)])
def test_each_digit_has_so_many_copies_of_its_label(kind: str, count: int, extract: DataSet) -> None:
    digits = copies(extract.validation, kind)
    assert torch.equal(digits.labels, extract.validation.labels.repeat(count))
    assert (digits.images.shape[1:], digits.images.dtype) == ((28, 28), torch.uint8)


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_copies_are_the_same_or_the_digit(kind: str, extract: DataSet) -> None:
    first, second = copies(extract.validation, kind)[:100].images.split(50)
    original = extract.validation.images
    assert not any(torch.equal(*pair) for pair in zip(first, second, strict=True))
    assert not any(torch.equal(*pair) for pair in zip(first, original, strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_copies_are_the_same_at_each_call(kind: str, extract: DataSet) -> None:
    assert torch.equal(copies(extract.validation, kind).images, copies(extract.validation, kind).images)


def test_the_digits_stay_as_they_are(extract: DataSet) -> None:
    before = extract.validation.images.clone()
    copies(extract.validation, "degraded")
    assert torch.equal(extract.validation.images, before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_tells_of_which_digit_it_is(kind: str, extract: DataSet) -> None:
    digits = copies(extract.validation, kind)
    assert (digits.names[0], digits.names[51]) == (f"digit 0, {kind}", f"digit 1, {kind}")


def test_other_styles_are_as_sharp_as_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.synthesis.copies.STYLES", 20)
    assert torch.equal(other_styles().images, softened(digit_styles(20, SEED).images))


def test_other_styles_are_not_those_of_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.synthesis.copies.STYLES", 20)
    digits = other_styles()
    assert not torch.equal(digits.images, softened(digit_styles(20, seed=1).images))
    assert digits.names[:2] == ("style 0", "style 1")  # or the test set's disputed labels would be seen among them
