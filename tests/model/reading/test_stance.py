"""How runs stand in a line 40 pixels high."""

from __future__ import annotations

import numpy as np
import pytest

from model.reading.atoms import Atom
from model.reading.stance import FEATURES, stances
from tests.helpers.inks import block
from tests.helpers.lines import lattice


def told(atoms: list[Atom], run: tuple[int, int] = (0, 1)) -> dict[str, float]:
    line = lattice(*atoms)
    for wanted in (line.slices, line.runs):
        for other in wanted():
            line.parts[other] = line.parts[0, 1]
    return dict(zip(FEATURES, stances(line, [run])[0].tolist(), strict=True))


def test_each_number_has_a_name() -> None:
    line = lattice(block(0, 0, 10, 40), block(20, 0, 10, 40))
    assert stances(line, list(line.parts)).shape == (2, len(FEATURES))
    assert len(set(FEATURES)) == len(FEATURES)


def test_lengths_are_in_heights_of_the_line() -> None:
    known = told([block(0, 0, 10, 40), block(20, 4, 20, 40)], (1, 2))
    assert (known["width"], known["height"]) == (0.5, 1.0)
    assert (known["gap on the left"], known["gap on the right"]) == (0.25, 1.0)
    assert known["top below the others'"] == known["foot below the others'"] == pytest.approx(0.05)
    assert known["ink"] == 0.5


def test_what_is_far_away_or_very_large_says_no_more() -> None:
    known = told([block(0, 0, 200, 40), block(900, 0, 20, 40)])
    assert (known["width"], known["gap on the right"]) == (2.5, 1.0)


def test_a_label_has_its_mark_and_its_width() -> None:
    known = told([block(0, 0, 10, 40)])
    marked = [name for name in FEATURES if name.startswith("a ") and known[name] and name[-1].isdigit()]
    assert len(marked) == 1
    assert known[f"width of {marked[0]}"] == 0.25


def test_ink_through_a_cut_is_counted_on_both_of_its_sides() -> None:
    ink = np.full((40, 10), 255, np.uint8)
    left, right = (
        Atom((0, 0, 10, 40), ink),
        Atom((10, 0, 20, 40), np.where(np.arange(40)[:, None] < 10, ink, 0), is_slice=True),
    )
    assert told([left, right])["ink through the cut on the right"] == 0.25
    assert told([left, right], (1, 2))["ink through the cut on the left"] == 0.25
    assert told([left, right])["ink through the cut on the left"] == 0.0


def test_pieces_that_only_touch_have_no_cut() -> None:
    known = told([block(0, 0, 10, 40), block(10, 0, 10, 40)])
    assert (known["cut on the right"], known["ink through the cut on the right"]) == (0.0, 0.0)


@pytest.mark.parametrize(("gap", "bounded"), [(30, 0.75), (41, 1.0)])
def test_a_gap_is_told_up_to_a_height(gap: int, bounded: float) -> None:
    assert told([block(0, 0, 10, 40), block(10 + gap, 0, 10, 40)])["gap on the right"] == bounded
