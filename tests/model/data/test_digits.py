from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from model.data.digits import Digits, as_images, as_input, joined


@pytest.fixture
def four() -> Digits:
    """Four digits, each of one level all over."""
    levels = torch.tensor([10, 20, 30, 40], dtype=torch.uint8)
    return Digits(levels.view(4, 1, 1).repeat(1, 28, 28), torch.tensor([3, 1, 4, 1]), ("a", "b", "c", "d"))


def test_there_are_as_many_digits_as_labels(four: Digits) -> None:
    assert (len(four), len(four[1:3]), len(four[4:])) == (4, 2, 0)


def test_a_slice_keeps_images_labels_and_names_together(four: Digits) -> None:
    part = four[1:3]
    assert part.images[:, 5, 5].tolist() == [20, 30]
    assert part.labels.tolist() == [1, 4]
    assert part.names == ("b", "c")


def test_a_slice_of_digits_without_names_has_none(four: Digits) -> None:
    part = replace(four, names=())[1:3]
    assert (part.labels.tolist(), part.names) == ([1, 4], ())


def test_a_digit_goes_by_its_name_or_else_by_its_number(four: Digits) -> None:
    assert four.name(2) == "c"
    assert replace(four, names=()).name(2) == "digit 2"


def test_joined_parts_keep_their_order(four: Digits) -> None:
    whole = joined(four[2:], four[:1])
    assert whole.images[:, 0, 0].tolist() == [30, 40, 10]
    assert whole.labels.tolist() == [4, 1, 3]
    assert whole.names == ("c", "d", "a")


def test_one_part_without_names_takes_them_from_all(four: Digits) -> None:
    nameless = replace(four, names=())
    assert joined(four, nameless).names == joined(nameless, four).names == ()


def test_an_empty_part_takes_no_names_away(four: Digits) -> None:
    assert joined(replace(four, names=())[:0], four).names == ("a", "b", "c", "d")


def test_input_is_scaled_to_one_and_the_digits_stay_as_they_are() -> None:
    images = torch.tensor([0, 51, 255], dtype=torch.uint8).view(3, 1, 1).expand(3, 28, 28)
    ink = as_input(images)
    assert (ink.shape, ink.dtype) == ((3, 1, 28, 28), torch.float32)
    assert ink[:, 0, 5, 5].tolist() == pytest.approx([0, 0.2, 1])
    assert images[:, 5, 5].tolist() == [0, 51, 255]


def test_images_are_what_input_was_made_of() -> None:
    images = torch.arange(256, dtype=torch.uint8).repeat(1, 49)[:, : 16 * 784].reshape(16, 28, 28)
    assert torch.equal(as_images(as_input(images)), images)
