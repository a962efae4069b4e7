"""What each number of a run is counted from: cuts between slices, bodies, pieces, marks that stand between digits."""

from __future__ import annotations

import numpy as np
import pytest

from model.reading.atoms import Atom
from model.reading.stance import FEATURES, stances
from tests.helpers.inks import block
from tests.helpers.lines import lattice


def slices(*extents: tuple[int, int], level: int = 255) -> list[Atom]:
    """Slices of one piece, ten pixels wide, from x = 110 on, each with ink from row to row."""
    return [
        Atom((110 + 10 * place, top, 120 + 10 * place, foot), np.full((foot - top, 10), level, np.uint8), bool(place))
        for place, (top, foot) in enumerate(extents)
    ]


def told(
    atoms: list[Atom], run: tuple[int, int] = (0, 1), separators: tuple[int, ...] = (), perhaps: tuple[int, ...] = ()
) -> dict[str, float]:
    line = lattice(*atoms, separators=separators, perhaps=perhaps)
    for other in (*line.slices(), run):
        line.parts[other] = line.parts[0, 1]
    return dict(zip(FEATURES, stances(line, [run])[0].tolist(), strict=True))


def test_ink_goes_through_a_cut_where_both_slices_have_it() -> None:
    assert told(slices((6, 40), (20, 46)))["ink through the cut on the right"] == 0.5
    assert told(slices((20, 46), (6, 40)))["ink through the cut on the right"] == 0.5
    assert told(slices((6, 40), (20, 46)), (1, 2))["ink through the cut on the right"] == 0.0


@pytest.mark.parametrize(("level", "through", "ink"), [(128, 0.5, 34 * 10 / 1600), (127, 0.0, 0.0)])
def test_ink_counts_from_half_of_its_strength_on(level: int, through: float, ink: float) -> None:
    known = told(slices((6, 40), (20, 46), level=level))
    assert (known["ink through the cut on the right"], known["ink"]) == (through, ink)


@pytest.mark.parametrize(("run", "most"), [((0, 1), 0.0), ((0, 2), 0.5), ((0, 3), 0.5), ((1, 3), 0.25)])
def test_cuts_within_a_run_are_those_between_its_slices(run: tuple[int, int], most: float) -> None:
    assert told(slices((0, 40), (20, 40), (30, 40)), run)["most ink through a cut within"] == most


def test_much_ink_says_no_more_than_a_line_full_of_it() -> None:
    left, right = told(slices((0, 60), (0, 60))), told(slices((0, 60), (0, 60)), (1, 2))
    assert left["ink through the cut on the right"] == right["ink through the cut on the left"] == 1.0
    assert told(slices((0, 60), (0, 60)), (0, 2))["most ink through a cut within"] == 1.0
    assert told([block(0, 0, 60, 40)])["ink"] == 1.0


def test_where_a_run_is_cut() -> None:
    left, right = told(slices((0, 40), (0, 40))), told(slices((0, 40), (0, 40)), (1, 2))
    assert (left["cut on the left"], left["cut on the right"], left["cut"]) == (0.0, 1.0, 1.0)
    assert (right["cut on the left"], right["cut on the right"], right["cut"]) == (1.0, 0.0, 1.0)


def test_a_run_s_pieces_are_those_that_are_no_slices() -> None:
    known = told([*slices(*[(0, 40)] * 4), block(150, 0, 10, 40)], (0, 5))
    assert (known["pieces"], known["slices"]) == (2.0, 5.0)


def test_a_separator_is_told_from_what_may_be_one() -> None:
    atoms = [block(0, 0, 10, 40), block(20, 0, 10, 40)]
    of = [told(atoms, separators=(0,)), told(atoms, perhaps=(0,))]
    names = ("a separator", "perhaps a separator", "too small, or a separator")
    assert [tuple(known[name] for name in names) for known in of] == [(1.0, 0.0, 1.0), (0.0, 1.0, 0.0)]
    assert tuple(told(atoms)[name] for name in names) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(("height", "below"), [(19, 0.0), (20, -0.25)])
def test_tops_are_compared_with_those_of_bodies(height: int, below: float) -> None:
    known = told([block(0, 0, 10, 40), block(20, 20, 10, height)])
    assert known["top below the others'"] == below


def test_where_nothing_is_a_body_all_are_compared() -> None:
    assert told([block(0, 0, 10, 19), block(20, 8, 10, 19)])["top below the others'"] == -0.1
