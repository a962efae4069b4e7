from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image

from model.data.contact import ABREAST, DOUBT, GAP, HEAD, MOST, SIDE, contact_sheet
from model.data.digits import DataSet, Digits

ORANGE = tuple(bytes.fromhex(DOUBT[1:]))


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=["PNG"])


def test_each_label_has_a_line_and_rows_of_its_digits(extract: DataSet) -> None:
    digits = extract.test[:100]
    sheet, otherwise = contact_sheet(digits, lambda _: digits.labels.numpy())
    counts = np.bincount(digits.labels.numpy(), minlength=10)
    rows = sum(-(-count // ABREAST) for count in counts.tolist())
    assert opened(sheet).size == (GAP + ABREAST * (SIDE + GAP), GAP + 10 * HEAD + rows * (SIDE + GAP))
    assert otherwise == 0


def test_a_digit_is_dark_on_white_at_twice_its_size(extract: DataSet) -> None:
    digits = extract.test[:1]
    sheet, _ = contact_sheet(digits, lambda _: digits.labels.numpy())
    cell = np.asarray(opened(sheet).convert("L"))[GAP + HEAD :, GAP:][:SIDE:2, :SIDE:2]
    np.testing.assert_array_equal(cell, 255 - digits.images[0].numpy())


def test_what_is_read_otherwise_is_framed_and_counted(extract: DataSet) -> None:
    digits = extract.test[:3]  # 7, 2, 1
    right, _ = contact_sheet(digits, lambda _: digits.labels.numpy())
    wrong, otherwise = contact_sheet(digits, lambda _: np.array([7, 3, 1]))
    assert otherwise == 1

    def framed(sheet: bytes) -> int:
        return int((np.asarray(opened(sheet)) == ORANGE).all(axis=2).sum())

    assert framed(right) == 0
    assert framed(wrong) > 4 * SIDE


def test_of_very_many_some_are_shown_and_all_that_are_read_otherwise() -> None:
    count = 10 * MOST
    digits = Digits(torch.full((count, 28, 28), 200, dtype=torch.uint8), torch.full((count,), 7))
    read = np.full(count, 7)
    read[[1, 3]] = 9
    sheet, otherwise = contact_sheet(digits, lambda _: read)
    assert otherwise == 2
    rows = (opened(sheet).size[1] - GAP - HEAD) // (SIDE + GAP)
    assert rows == -(-(MOST + 2) // ABREAST)
