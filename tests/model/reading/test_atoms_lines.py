"""What an atom takes along, how high digits are, and which atoms stand on one line: each bound from both sides."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model.preprocess.ink import find_pieces
from model.reading.atoms import Atom, _slope, atom_of, body_height, lines_of, union
from tests.helpers.inks import block, page


def slope_of(*atoms: Atom) -> float:
    """The slope in degrees at which these atoms are parted into lines."""
    return math.degrees(math.atan(_slope(atoms)))


def tilted(run: int, rise: int, count: int = 2) -> list[Atom]:
    """So many atoms, and as many more farther right and lower."""
    return [block(0, 100, 10, 40)] * count + [block(run, 100 + rise, 10, 40)] * count


def test_an_atom_knows_its_size_and_its_middle() -> None:
    atom = block(10, 20, 5, 8)
    assert (atom.width, atom.height, atom.middle, atom.is_slice) == (5, 8, (12.5, 24.0), False)


def test_an_atom_alone_is_its_own_union() -> None:
    atom = block(0, 0, 5, 5)
    assert union([atom]) is atom


@pytest.mark.parametrize("is_slice", [False, True])
def test_a_union_is_cut_off_where_its_first_atom_is(is_slice: bool) -> None:
    first = Atom((0, 0, 2, 2), np.full((2, 2), 255, np.uint8), is_slice)
    other = Atom((4, 0, 6, 2), np.full((2, 2), 255, np.uint8), not is_slice)
    assert union([first, other]).is_slice == is_slice


def test_a_union_has_each_atom_s_ink_in_its_place_and_the_darker_where_two_meet() -> None:
    pale = Atom((11, 21, 13, 23), np.array([[100, 0], [100, 100]], np.uint8))
    dark = Atom((10, 20, 12, 22), np.array([[200, 50], [50, 50]], np.uint8))
    assert union([dark, pale]).ink.tolist() == union([pale, dark]).ink.tolist()
    assert union([dark, pale]).ink.tolist() == [[200, 50, 0], [50, 100, 0], [0, 100, 100]]


def test_an_atom_of_two_pieces_has_what_is_pale_beside_each_and_nothing_of_a_third() -> None:
    ink = page((10, 10, 14, 14), (20, 10, 24, 14), (16, 16, 18, 18), size=(40, 40))
    ink[12, 14:20] = [40, 41, 42, 43, 44, 45]
    ink[9, 9:15] = 30  # outside of the boxes
    pieces = [piece for piece in find_pieces(ink) if piece.box[1] == 10]
    atom = atom_of(pieces, ink)
    assert atom.box == (10, 10, 24, 14)
    assert atom.ink[2].tolist() == [255] * 4 + [40, 0, 0, 0, 0, 45] + [255] * 4
    assert atom.ink[0].tolist() == [255] * 4 + [0] * 6 + [255] * 4


def test_an_atom_has_the_pale_edge_above_and_below_its_runs() -> None:
    ink = page((2, 2, 4, 8), (4, 5, 6, 6), size=(10, 10))
    ink[3:8, 4:6][[0, 1, 3, 4]] = 40
    atom = atom_of(find_pieces(ink), ink)
    assert atom.box == (2, 2, 6, 8)
    assert atom.ink[:, 2].tolist() == [0, 40, 40, 255, 40, 40]
    assert atom.ink[:, 3].tolist() == [0, 0, 40, 255, 40, 0]


@pytest.mark.parametrize(("other", "height"), [(20, 30.0), (19, 40.0)])
def test_what_is_half_as_high_as_the_tall_is_a_body(other: int, height: float) -> None:
    assert body_height([40, other]) == height


@pytest.mark.parametrize(("count", "height"), [(9, 100.0), (10, 30.0)])
def test_the_tall_are_the_tallest_tenth(count: int, height: float) -> None:
    assert body_height([30.0] * count + [100.0]) == height


@pytest.mark.parametrize(("drop", "count"), [(22, 1), (23, 2), (-22, 1), (-23, 2)])
def test_two_are_on_one_line_that_share_forty_five_hundredths_of_their_height(drop: int, count: int) -> None:
    assert len(lines_of([block(20, 50, 10, 40), block(60, 50 + drop, 10, 40)])) == count


@pytest.mark.parametrize(("drop", "count"), [(62, 1), (63, 2)])
def test_the_lower_one_s_height_is_what_counts(drop: int, count: int) -> None:
    assert len(lines_of([block(20, 50, 10, 80), block(60, 50 + drop, 10, 40)])) == count


@pytest.mark.parametrize(("top", "count"), [(72, 1), (73, 2)])
def test_the_lower_one_s_height_is_what_counts_where_it_stands_above(top: int, count: int) -> None:
    assert len(lines_of([block(20, 50, 10, 40), block(60, top, 10, 80)])) == count


@pytest.mark.parametrize(("y", "count"), [(33, 1), (34, 2)])
def test_a_line_is_where_the_median_of_its_atoms_is(y: int, count: int) -> None:
    assert len(lines_of([block(0, 0, 10, 40), block(20, 22, 10, 40), block(40, y, 10, 40)])) == count


@pytest.mark.parametrize(("height", "lines"), [(20, 2), (19, 1)])
def test_what_is_not_half_as_high_as_the_others_begins_no_line(height: int, lines: int) -> None:
    assert len(lines_of([block(0, 0, 10, 40), block(20, 0, 10, 40), block(40, 100, 10, height)])) == lines


@pytest.mark.parametrize(("y", "line"), [(76, 0), (78, 1)])
def test_something_small_belongs_to_the_line_whose_middle_is_nearer(y: int, line: int) -> None:
    lines = lines_of([block(0, 0, 10, 40), block(0, 120, 10, 40), block(50, y, 10, 6)])
    assert [len(each) for each in lines] == ([2, 1] if line == 0 else [1, 2])


@pytest.mark.parametrize(("atoms", "degrees"), [(tilted(143, 5), 2), (tilted(115, 4), 0)])
def test_a_slope_must_leave_lines_of_less_than_seventeen_twentieths_of_the_height(
    atoms: list[Atom], degrees: int
) -> None:
    assert slope_of(*atoms) == pytest.approx(degrees)


@pytest.mark.parametrize(("degrees", "found"), [(6, 6), (16, 16), (-16, -16), (19, 16), (-19, -16)])
def test_slopes_are_tried_in_steps_of_two_degrees_up_to_sixteen(degrees: int, found: int) -> None:
    assert slope_of(*tilted(100, round(100 * math.tan(math.radians(degrees))))) == pytest.approx(found)


@pytest.mark.parametrize(("count", "degrees"), [(3, 0), (4, 6)])
def test_a_slope_is_looked_for_from_four_atoms_on(count: int, degrees: int) -> None:
    assert slope_of(*tilted(1000, 105)[-count:]) == pytest.approx(degrees)


def test_two_lines_apart_are_as_compact_as_they_are_high() -> None:
    level = [block(100 * place, 100 * line, 10, 40) for place in range(4) for line in range(2)]
    assert slope_of(*level) == 0
    falling = [block(100 * place, 60 * line + 14 * place, 10, 40) for place in range(5) for line in range(3)]
    assert slope_of(*falling) == pytest.approx(8)


def test_a_small_atom_far_off_is_no_body_of_the_slope() -> None:
    atoms = [block(40 * place, 100 + 4 * place, 14, 40) for place in range(4)] + [block(20, 130, 4, 4)]
    assert len(lines_of(atoms)) == 1
