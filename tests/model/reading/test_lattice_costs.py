"""What a parting costs: the log probability of the best one, to the last digit."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from model.reading.atoms import Atom
from model.reading.costs import as_digit, as_none
from model.reading.lattice import Lattice
from model.reading.parting import best
from model.reading.parts import Part
from model.reading.separators import Place
from tests.helpers.inks import block, part
from tests.helpers.lines import digits, judge, lattice


def labelled(x: int, width: int, label: int, log_digit: float = -0.01, height: int = 40) -> Part:
    """A filled box of ink that looks like that digit."""
    atom = block(x, 0, width, height)
    return Part(atom, np.zeros((28, 28), np.uint8), np.eye(11)[label], log_digit, 0.0)


def test_a_digit_costs_a_tenth() -> None:
    assert best(lattice(block(0, 0, 10, 40))).log_p == pytest.approx(-0.01 - 0.1)


def test_what_a_digit_looks_like_counts_as_much_as_that_it_is_one() -> None:
    line = Lattice([part(block(0, 0, 10, 40), -0.02, -0.5)], [Place.DIGIT], 40.0)
    assert best(line).log_p == pytest.approx(-0.02 - 0.5 - 0.1)


def test_a_digit_cut_off_costs_a_half_instead_of_a_tenth() -> None:
    line = lattice(block(0, 0, 40, 40), log_digits=[-9.0])
    middle, count = len(line.atoms) // 2, len(line.atoms)
    judge(line, **{f"0_{middle}": -0.01, f"{middle}_{count}": -0.02})
    assert best(line).log_p == pytest.approx(-0.01 - 0.1 - 0.02 - 0.5)


@pytest.mark.parametrize(("x", "cost"), [(40, 0.3), (2, 2.0)])
def test_something_small_costs_more_to_leave_out_where_it_crosses_a_digit(x: int, cost: float) -> None:
    assert best(lattice(block(0, 0, 10, 40), block(x, 18, 6, 4))).log_p == pytest.approx(-0.11 - cost)


def test_a_separator_costs_as_little_to_leave_out_as_something_small() -> None:
    line = lattice(block(0, 0, 10, 40), block(20, 0, 10, 48), separators=(1,))
    assert best(line).log_p == pytest.approx(-0.11 - 0.3)


def test_what_may_be_a_separator_is_kept_as_a_digit_but_the_answer_does_not_lead() -> None:
    reading = best(lattice(block(0, 0, 10, 40), block(20, 0, 10, 48), perhaps=(1,)))
    assert reading.log_p == pytest.approx(-0.11 - 0.11)
    assert reading.doubted == (False, True)


def test_what_may_be_a_separator_and_is_no_clear_digit_is_left_out() -> None:
    reading = best(lattice(block(0, 0, 10, 40), block(20, 0, 10, 48), log_digits=[-0.01, -2.0], perhaps=(1,)))
    assert len(reading.digits) == 1
    assert reading.log_p == pytest.approx(-0.11 - 2.0)


@pytest.mark.parametrize(("width", "cost"), [(9, 1.5), (18, 1.5), (27, 2.25), (36, 3.0)])
def test_a_body_costs_one_and_a_half_for_each_eighteen_pixels_to_leave_out(width: int, cost: float) -> None:
    line = lattice(block(0, 0, 10, 40), block(100, 0, width, 40), log_digits=[-0.01, -4.0])
    judge(line)
    assert best(line).log_p == pytest.approx(-0.11 + math.log(1 - math.exp(-4)) - cost)


@pytest.mark.parametrize(("width", "cost"), [(42, 0.0), (44, 0.3), (52, 1.5)])
def test_a_digit_costs_six_for_each_height_that_it_is_too_wide(width: int, cost: float) -> None:
    assert best(lattice(block(0, 0, width, 40))).log_p == pytest.approx(-0.11 - cost)


@pytest.mark.parametrize(("label", "width", "cost"), [(1, 24, 0.0), (1, 30, 1.32), (0, 40, 0.0)])
def test_a_digit_cut_out_costs_twelve_for_each_height_that_it_is_wider_than_usual(
    label: int, width: int, cost: float
) -> None:
    # Two slices of a piece: one of that width, and a 1 of no cost.
    line = lattice(block(0, 0, 40, 40), log_digits=[-9.0])
    line.atoms = [block(0, 0, width, 40), replace(block(width, 0, 16, 40), is_slice=True)]
    line.parts = {(0, 1): labelled(0, width, label), (1, 2): labelled(width, 16, 1)}
    assert best(line).log_p == pytest.approx(-0.01 - 0.1 - cost - 0.01 - 0.5)


def test_a_dash_too_wide_to_be_left_out_is_a_digit_four_less_likely() -> None:
    line = lattice(block(0, 0, 61, 10))
    assert best(line).log_p == pytest.approx(-0.11 - 4 - 6 * (61 / 40 - 1.05))


@pytest.mark.parametrize(("width", "is_left_out"), [(60, True), (61, False)])
def test_what_is_wider_than_a_digit_is_not_left_out(width: int, is_left_out: bool) -> None:
    assert bool(best(lattice(block(0, 0, width, 10))).left_out) == is_left_out


@pytest.mark.parametrize(("log_digit", "count"), [(-0.3, 1), (-0.5, 2)])
def test_a_digit_costs_two_that_swallows_another(log_digit: float, count: int) -> None:
    # Together log_digit − 0.1 − 2; apart a digit, −0.11, and a body left out, −0.05 − 1.5 · 28 / 18: −2.49 in all.
    line = lattice(block(0, 0, 28, 40), block(30, 0, 10, 40), log_digits=[-3.0, -0.01])
    judge(line, **{f"0_{len(line.atoms)}": log_digit})
    reading = best(line)
    assert len(reading.digits) + len(reading.left_out) == count


@pytest.mark.parametrize(
    ("labels", "whole", "count"),
    [
        ((7, 1), 7, 2),  # a 7 with a 1 through it
        ((1, 7), 7, 2),
        ((7, 1), 0, 1),
        ((0, 1), 0, 1),  # a 0 with its slash
        ((7, 1), 4, 1),
        ((7, 7), 7, 2),
    ],
)
def test_a_digit_stays_what_it_was_when_it_swallows_a_stroke(labels: tuple[int, int], whole: int, count: int) -> None:
    line = Lattice([labelled(0, 30, labels[0]), labelled(12, 6, labels[1])], [Place.DIGIT] * 2, 40.0)
    line.parts[0, 2] = labelled(0, 30, whole)
    assert len(digits(line)) == count


@pytest.mark.parametrize(
    ("hook", "label", "log_digit", "count"),
    [
        (6, 4, -3.1, 1),  # the hook of an open 4 beside its stem
        (6, 4, -2.9, 2),  # … which may be a digit
        (4, 4, -3.1, 2),  # a 4 already, without the stem
        (6, 1, -3.1, 2),  # a 1 with something beside it
    ],
)
def test_a_stem_beside_a_hook_is_a_part_of_its_four(hook: int, label: int, log_digit: float, count: int) -> None:
    line = Lattice([labelled(0, 19, hook, log_digit), labelled(23, 10, 1)], [Place.DIGIT] * 2, 40.0)
    line.parts[0, 2] = labelled(0, 33, label)
    reading = best(line)
    assert len(reading.digits) + len(reading.left_out) == count


def test_a_stroke_that_is_no_clear_digit_alone_is_not_swallowed() -> None:
    line = Lattice([labelled(0, 30, 7), labelled(12, 6, 1, -0.2)], [Place.DIGIT] * 2, 40.0)
    line.parts[0, 2] = labelled(0, 30, 7)
    assert len(digits(line)) == 1


@pytest.mark.parametrize(("height", "count"), [(19, 1), (20, 2)])
def test_only_what_is_half_as_high_as_a_digit_is_swallowed(height: int, count: int) -> None:
    line = lattice(block(0, 0, 20, 40), block(22, 0, 9, height), log_digits=[-0.5, -0.01])
    judge(line, **{"0_2": -0.01})
    assert len(digits(line)) == count


def test_slices_are_not_swallowed_by_what_they_were_cut_from() -> None:
    line = lattice(block(0, 0, 40, 40), log_digits=[-1.0])
    judge(line, **{f"{index}_{index + 1}": -0.01 for index in range(1, len(line.atoms))})
    assert best(line).log_p == pytest.approx(-1.1)


def test_a_line_without_atoms_costs_nothing() -> None:
    reading = best(lattice())
    assert (reading.digits, reading.left_out, reading.log_p, reading.height) == ((), (), 0.0, 40.0)


@pytest.mark.parametrize(("log_digit", "is_doubted"), [(-0.28, False), (-0.3, True)])
def test_a_digit_is_doubted_if_an_answer_without_it_is_a_twelfth_as_likely(log_digit: float, is_doubted: bool) -> None:
    line = lattice(block(0, 0, 10, 40), block(60, 0, 10, 40), log_digits=[-0.01, log_digit])
    assert best(line).doubted == (False, is_doubted)


def test_what_both_answers_share_is_not_doubted() -> None:
    line = Lattice([labelled(x, 10, label) for x, label in ((0, 1), (6, 3), (60, 5))], [Place.DIGIT] * 3, 40.0)
    line.parts[0, 2] = labelled(0, 16, 8, -0.5)
    assert best(line).doubted == (True, True, False)


@pytest.mark.parametrize(("log_digit", "doubted"), [(-2.0, (True,)), (-6.0, (False,))])
def test_what_is_left_out_with_doubt_is_told_by_the_digits_that_are_read(
    log_digit: float, doubted: tuple[bool, ...]
) -> None:
    assert best(lattice(block(0, 0, 10, 40), block(60, 0, 10, 40), log_digits=[-0.01, log_digit])).doubted == doubted


def test_a_piece_does_not_swallow_its_own_first_slice() -> None:
    line = lattice(block(0, 0, 40, 40), log_digits=[-1.0])
    count = len(line.atoms)
    judge(line, **{"0_1": -0.01})
    reading = best(line)
    assert [digit.atom.width for digit in reading.digits] == [40]
    assert reading.log_p == pytest.approx(-1.0 - 0.1)
    assert count > 2


@pytest.mark.parametrize(("height", "cost"), [(20, 0.15 * 6 + 1), (40, 0.15 * 6), (48, 0.0)])
def test_what_is_higher_than_the_line_may_be_wider(height: int, cost: float) -> None:
    line = Lattice([part(block(0, 0, 48, height), -0.01)], [Place.DIGIT], 40.0)
    assert best(line).log_p == pytest.approx(-0.01 - 0.1 - cost)


@pytest.mark.parametrize(("height", "highness"), [(20, 0.0), (25, 0.5), (30, 1.0), (40, 1.0)])
def test_the_lower_a_body_is_the_more_it_costs_as_a_digit_and_the_less_to_leave_out(
    height: int, highness: float
) -> None:
    line = Lattice([part(block(0, 0, 18, height), -0.7)], [Place.DIGIT], 40.0)
    assert as_digit(line, (0, 1)) == pytest.approx(-0.7 - 0.1 - 1.0 * (1 - highness))
    assert as_none(line, (0, 1)) == pytest.approx(math.log(1 - math.exp(-0.7)) - 0.3 - 1.2 * highness)


@pytest.mark.parametrize(
    ("x", "log_digit", "cost"),
    [(8, -0.11, 0.0), (6, -0.11, 2.0), (6, -0.09, 0.0)],  # 2 and 4 of 10 pixels under the one before; not clear, clear
)
def test_a_doubtful_digit_costs_two_over_which_the_next_stroke_stands(x: int, log_digit: float, cost: float) -> None:
    bar = np.full((40, 10), 255, np.uint8)
    strokes = [Atom((left, 0, left + 10, 40), bar, is_stroke=True) for left in (0, x)]
    pieces = [block(left, 0, 10, 40) for left in (0, x)]
    for atoms, wanted in ((strokes, cost), (pieces, 0.0)):
        line = Lattice([part(atom, log_digit) for atom in atoms], [Place.DIGIT] * 2, 40.0)
        assert as_digit(line, (0, 1)) == pytest.approx(log_digit - 0.1 - wanted)
        assert as_digit(line, (1, 2)) == pytest.approx(log_digit - 0.1)


@pytest.mark.parametrize(
    ("x", "y", "width", "height", "cost"),
    [
        (10, 0, 8, 40, 3.0),  # in its middle
        (10, 10, 8, 20, 3.0),
        (10, 26, 8, 30, 0.0),  # shares less than half of the lower one's height
        (24, 0, 8, 40, 0.0),  # at its side
        (28, 0, 8, 40, 0.0),  # half beside it
    ],
)
def test_a_digit_costs_three_through_which_the_next_stroke_goes(
    x: int, y: int, width: int, height: int, cost: float
) -> None:
    stroke = replace(block(x, y, width, height), is_stroke=True)
    line = lattice(block(0, 0, 30, 40), stroke)
    assert as_digit(line, (0, 1)) == pytest.approx(-0.11 - cost)
    piece = lattice(block(0, 0, 30, 40), block(x, y, width, height))
    assert as_digit(piece, (0, 1)) == pytest.approx(-0.11)
