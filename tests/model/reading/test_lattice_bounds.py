"""Which atoms of a line 40 pixels high are cut, tried as one and left out: the last of each side of every bound."""

from __future__ import annotations

import numpy as np
import pytest

from model.reading.atoms import Atom
from model.reading.lattice import Lattice
from model.reading.parting import best
from model.reading.separators import Place
from tests.helpers.inks import block, part
from tests.helpers.lines import SURE, judge, lattice


def is_tried(*atoms: Atom, log_digit: float = -1.0) -> bool:
    """Whether all of these atoms are tried as one digit."""
    return (0, len(atoms)) in lattice(*atoms, log_digits=[log_digit] * len(atoms)).runs()


def cost_of_bar(bar: Atom, *others: Atom) -> float:
    """What it costs to leave a bar out beside digits that are certain."""
    line = lattice(*sorted([bar, *others], key=lambda atom: atom.box[0]), log_digits=[0.0] * (1 + len(others)))
    return -best(line).log_p - 0.1 * len(others)


@pytest.mark.parametrize(("log_digit", "tried"), [(-0.09, False), (-0.1, True), (-0.11, True)])
def test_two_that_are_read_with_less_than_nine_in_ten_are_tried_as_one(log_digit: float, tried: bool) -> None:
    assert is_tried(block(0, 0, 10, 40), block(14, 0, 10, 40), log_digit=log_digit) == tried


@pytest.mark.parametrize(("log_digit", "cut"), [(-0.09, False), (-0.1, True)])
def test_what_is_read_with_less_than_nine_in_ten_is_cut(log_digit: float, cut: bool) -> None:
    assert (len(lattice(block(0, 0, 50, 40), log_digits=[log_digit]).atoms) > 1) == cut


@pytest.mark.parametrize(("width", "cut"), [(19, False), (20, True)])
def test_what_is_half_as_wide_as_high_is_cut(width: int, cut: bool) -> None:
    assert (len(lattice(block(0, 0, width, 40), log_digits=[-1.0]).atoms) > 1) == cut


@pytest.mark.parametrize(("width", "tried"), [(60, True), (61, False)])
def test_one_and_a_half_times_as_wide_as_high_is_tried_wherever_it_stands(width: int, tried: bool) -> None:
    for x, y in ((300, 700), (700, 300)):
        line = lattice(block(x, y, 35, 40), block(x + 43, y, width - 43, 40), log_digits=[SURE, -1.0])
        assert (line.runs() == [(0, 2)]) == tried


@pytest.mark.parametrize(("height", "tried"), [(68, True), (69, False)])
def test_one_and_seven_tenths_of_the_height_is_tried_wherever_it_stands(height: int, tried: bool) -> None:
    assert is_tried(block(0, 300, 10, 40), block(2, 320, 10, height - 20)) == tried


@pytest.mark.parametrize(("gap", "tried"), [(8, True), (9, False)])
def test_a_fifth_of_the_height_apart_is_tried(gap: int, tried: bool) -> None:
    assert is_tried(block(0, 0, 10, 40), block(10 + gap, 0, 10, 40)) == tried
    assert is_tried(block(0, 0, 10, 40), block(10 + gap, 0, 10, 20)) == tried  # half as high is not small


@pytest.mark.parametrize(("gap", "tried"), [(8, True), (9, False)])
def test_something_small_is_tried_eight_hundredths_of_the_height_apart(gap: int, tried: bool) -> None:
    line = Lattice([part(block(0, 0, 25, 100), -1.0), part(block(25 + gap, 0, 25, 49), -1.0)], [Place.DIGIT] * 2, 100.0)
    assert (line.runs() == [(0, 2)]) == tried


@pytest.mark.parametrize("is_slice", [(True, False), (False, True)])
def test_slices_are_tried_with_what_stands_a_fifth_apart_though_they_are_small(is_slice: tuple[bool, bool]) -> None:
    ink = np.full((10, 10), 255, np.uint8)
    atoms = [Atom((0, 0, 10, 10), ink, is_slice[0]), Atom((17, 0, 27, 10), ink, is_slice[1])]
    assert is_tried(*atoms)


@pytest.mark.parametrize(("shared", "tried"), [(6, False), (7, True)])
def test_clear_atoms_are_tried_that_share_three_tenths_of_their_width(shared: int, tried: bool) -> None:
    assert is_tried(block(0, 0, 20, 40), block(20 - shared, 0, 20, 40), log_digit=-0.01) == tried
    assert is_tried(block(0, 0, 20, 40), block(20 - shared, 0, 30, 40), log_digit=-0.01) == tried


def test_clear_atoms_are_not_tried_because_another_on_their_left_is_not_clear() -> None:
    atoms = [block(0, 0, 10, 40), block(40, 0, 10, 40), block(54, 0, 10, 40)]
    assert lattice(*atoms, log_digits=[-1.0, -0.01, -0.01]).runs() == []


def test_what_is_tried_one_by_one_or_known_already_is_not_asked_again() -> None:
    line = lattice(block(0, 0, 10, 40), block(14, 0, 10, 40), log_digits=[-1.0, -1.0])
    judge(line)
    assert (line.slices(), line.runs()) == ([], [])


@pytest.mark.parametrize(("x", "cost"), [(16, 0.3), (15, 2.0), (9, 2.0), (-5, 2.0), (-6, 0.3)])
def test_a_bar_crosses_a_digit_with_half_its_width(x: int, cost: float) -> None:
    assert cost_of_bar(block(100 + x, 218, 10, 4), block(100, 200, 20, 40)) == pytest.approx(cost)


@pytest.mark.parametrize(("x", "cost"), [(105, 2.0), (106, 0.3)])
def test_a_wide_bar_crosses_a_digit_with_half_of_the_digit_s_width(x: int, cost: float) -> None:
    assert cost_of_bar(block(x, 218, 40, 4), block(100, 200, 10, 40)) == pytest.approx(cost)


@pytest.mark.parametrize(("y", "cost"), [(195, 0.3), (196, 0.3), (197, 2.0), (239, 2.0), (240, 0.3)])
def test_a_bar_over_or_under_a_digit_crosses_nothing(y: int, cost: float) -> None:
    assert cost_of_bar(block(105, y, 10, 4), block(100, 200, 20, 40)) == pytest.approx(cost)


@pytest.mark.parametrize(("x", "cost"), [(20, 2.0), (14, 2.0)])
def test_a_bar_crosses_the_digit_before_or_after_it(x: int, cost: float) -> None:
    assert cost_of_bar(block(x, 18, 8, 4), block(0, 0, 2, 40), block(15, 0, 12, 40)) == pytest.approx(cost)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_a_bar_crosses_nothing_but_what_stands_next_to_it(order: tuple[int, int, int]) -> None:
    digit, far, bar = block(0, 0, 20, 40), block(60, 0, 4, 40), block(8, 18, 8, 4)
    atoms = [(digit, far, bar)[index] for index in order]
    line = lattice(*atoms, log_digits=[0.0] * 3)
    assert -best(line).log_p == pytest.approx(0.2 + 0.3)


def test_what_is_left_out_comes_from_left_to_right() -> None:
    line = lattice(block(0, 18, 6, 4), block(20, 0, 10, 40), block(50, 18, 6, 4))
    assert [gone.atom.box[0] for gone in best(line).left_out] == [0, 50]


def test_every_atom_must_be_told_whether_it_is_a_separator() -> None:
    with pytest.raises(ValueError, match="zip"):
        Lattice([part(block(0, 0, 10, 40))], [], 40.0)


@pytest.mark.parametrize(("width", "cut"), [(51, False), (52, True)])
def test_a_pen_s_stroke_is_cut_that_is_one_and_three_tenths_as_wide_as_high(width: int, cut: bool) -> None:
    stroke = Atom((0, 0, width, 40), np.full((40, width), 255, np.uint8), is_stroke=True)
    assert (len(lattice(stroke, log_digits=[-1.0]).atoms) > 1) == cut
