from __future__ import annotations

import numpy as np
import pytest

from model.preprocess.ink import find_pieces
from model.reading.atoms import Atom, atom_of, body_height, lines_of, union
from tests.helpers.inks import block, page


def places(lines: list[list[Atom]]) -> list[list[int]]:
    """The left edges of the atoms, line by line."""
    return [[atom.box[0] for atom in line] for line in lines]


def test_an_atom_has_its_piece_s_ink_and_the_pale_edge_beside_it() -> None:
    ink = page((10, 20, 18, 60))
    ink[20:60, 9] = 40  # pale
    ink[20:60, 30] = 255  # another piece
    atom = atom_of([piece for piece in find_pieces(ink) if piece.box[0] == 10], ink)
    assert atom.box == (10, 20, 18, 60)
    assert np.array_equal(atom.ink, ink[20:60, 10:18])


def test_a_union_holds_the_ink_of_all() -> None:
    whole = union([block(10, 10, 5, 20), block(30, 15, 5, 25)])
    assert whole.box == (10, 10, 35, 40)
    assert int((whole.ink > 0).sum()) == 5 * 20 + 5 * 25


@pytest.mark.parametrize(("heights", "height"), [([40, 40, 44], 40), ([40, 19, 5], 40), ([40, 21], 30.5)])
def test_the_digits_height_is_that_of_what_is_not_small(heights: list[float], height: float) -> None:
    assert body_height(heights) == height


def test_atoms_beside_each_other_are_one_line_from_left_to_right() -> None:
    assert places(lines_of([block(200, 60, 10, 40), block(20, 50, 10, 40), block(110, 55, 10, 40)])) == [[20, 110, 200]]


def test_lines_come_from_top_to_bottom() -> None:
    atoms = [block(20, 130, 10, 40), block(200, 20, 10, 40), block(60, 20, 10, 40)]
    assert places(lines_of(atoms)) == [[60, 200], [20]]


@pytest.mark.parametrize(("drop", "count"), [(18, 1), (26, 2)])
def test_atoms_are_on_one_line_that_share_nearly_half_their_height(drop: int, count: int) -> None:
    assert len(lines_of([block(20, 50, 10, 40), block(60, 50 + drop, 10, 40)])) == count


@pytest.mark.parametrize("degrees", [-14, -6, 6, 14])
def test_lines_that_rise_or_fall_stay_apart(degrees: int) -> None:
    slope = np.tan(np.radians(degrees))
    atoms = [
        block(40 * place, 400 + 70 * line + round(slope * 40 * place), 14, 40)
        for line in range(3)
        for place in range(8)
    ]
    assert places(lines_of(atoms)) == [[40 * place for place in range(8)]] * 3


def test_what_is_small_belongs_to_the_nearest_line() -> None:
    lines = lines_of([block(20, 20, 10, 40), block(20, 120, 10, 40), block(50, 138, 12, 4)])
    assert places(lines) == [[20], [20, 50]]


def test_no_atoms_are_no_lines() -> None:
    assert lines_of([]) == []
