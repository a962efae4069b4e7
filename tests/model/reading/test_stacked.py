from __future__ import annotations

import pytest

from model.reading.stacked import joined, pairs_of
from tests.helpers.inks import block

BESIDE = block(0, 0, 40, 60)


def pairs(x: int = 60, y: int = 32, width: int = 28, height: int = 28) -> list[tuple[int, int]]:
    """Of a digit 60 high, a block 28 wide and 30 high at (60, 0), and another."""
    return pairs_of([BESIDE, block(60, 0, 28, 30), block(x, y, width, height)])


def test_two_as_high_together_as_a_digit_beside_them_are_a_pair() -> None:
    assert pairs() == [(1, 2)]


@pytest.mark.parametrize(
    ("x", "y", "height"),
    [
        (80, 32, 28),  # beside it
        (60, 38, 28),  # too far below
        (60, 32, 50),  # together higher than a digit
        (60, 32, 14),  # a dot
        (60, 10, 28),  # into it
    ],
)
def test_others_are_none(x: int, y: int, height: int) -> None:
    assert pairs(x=x, y=y, height=height) == []


def test_the_order_in_which_they_were_drawn_does_not_matter() -> None:
    assert pairs_of([block(60, 32, 28, 28), BESIDE, block(60, 0, 28, 30)]) == [(2, 0)]


def test_two_zeros_on_two_lines_of_zeros_are_no_pair() -> None:
    assert pairs_of([block(x, y, 40, 60) for x in (0, 60) for y in (0, 66)]) == []


@pytest.mark.parametrize(("gap", "expected"), [(-3, [(0, 1)]), (0, []), (4, [])])
def test_two_alone_are_a_pair_if_they_meet(gap: int, expected: list[tuple[int, int]]) -> None:
    assert pairs_of([block(60, 0, 28, 30), block(60, 30 + gap, 28, 28)]) == expected


def test_one_alone_is_no_pair() -> None:
    assert pairs_of([BESIDE]) == pairs_of([]) == []


def test_a_pair_becomes_one_atom() -> None:
    atoms = [BESIDE, block(60, 0, 28, 30), block(60, 32, 28, 28)]
    assert [atom.box for atom in joined(atoms, [(1, 2)])] == [BESIDE.box, (60, 0, 88, 60)]
