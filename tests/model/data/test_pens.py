from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from model.data.pens import FILE, FIRST_KEPT_OUT, load_pens
from model.errors import DataError
from tests.make_pens import TOLERANCE, simplified


def test_every_recorded_digit_is_there_once() -> None:
    trained, kept_out = load_pens()
    assert len(trained) + len(kept_out) == 7494
    assert Counter(digit.label for digit in trained + kept_out).keys() == set(range(10))


def test_writers_are_in_one_part_only() -> None:
    trained, kept_out = load_pens()
    assert {digit.writer for digit in trained} == set(range(1, FIRST_KEPT_OUT))
    assert {digit.writer for digit in kept_out} == set(range(FIRST_KEPT_OUT, 31))


def test_a_digit_fills_a_box_of_one() -> None:
    for digit in load_pens()[1][::50]:
        points = np.concatenate(digit.strokes)
        assert points.min(axis=0).tolist() == [0, 0]
        assert points.max() == 1.0


def test_a_one_goes_down() -> None:
    ones = [digit.strokes[0] for digit in load_pens()[1] if digit.label == 1 and len(digit.strokes) == 1]
    assert np.mean([stroke[-1][1] > stroke[0][1] for stroke in ones]) > 0.95


@pytest.mark.parametrize("content", [None, b"", b"no archive", FILE.read_bytes()[:1000]])
def test_a_missing_or_damaged_file_is_named(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "pens.npz"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DataError, match=r"pens\.npz is missing or damaged: fetch it again"):
        load_pens(file)


def test_the_file_ships_in_less_than_700_kilobytes() -> None:
    assert FILE.stat().st_size < 700_000


def test_simplifying_keeps_the_ends_and_every_corner() -> None:
    points = np.array([[0, 0], [50, 1], [100, 0], [100, 50], [100, 100]], float)
    assert simplified(points).tolist() == [[0, 0], [100, 0], [100, 100]]


@pytest.mark.parametrize(("bump", "count"), [(TOLERANCE - 0.1, 2), (TOLERANCE + 0.1, 3)])
def test_simplifying_stays_within_the_tolerance(bump: float, count: int) -> None:
    assert len(simplified(np.array([[0, 0], [50, bump], [100, 0]], float))) == count
