"""How a line is parted, by parts that are judged by hand: log probabilities as literal numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model.reading.costs import CUT, EACH, LEAVE_BODY, LEAVE_SMALL
from model.reading.lattice import CLEAR, Lattice
from model.reading.parting import best
from model.reading.separators import Place
from tests.helpers.inks import block, part
from tests.helpers.lines import SURE, digits, judge, lattice


def test_clear_digits_are_read_one_by_one() -> None:
    line = lattice(block(0, 0, 10, 40), block(14, 0, 10, 40))
    assert line.runs() == []  # nothing more is asked
    assert digits(line) == [0, 14]
    assert best(line).log_p == pytest.approx(2 * (SURE - EACH))


@pytest.mark.parametrize(("doubt", "asked"), [(CLEAR - 0.01, [(0, 2)]), (CLEAR + 0.01, [])])
def test_near_atoms_are_tried_as_one_where_one_is_not_clear(doubt: float, asked: list[tuple[int, int]]) -> None:
    assert lattice(block(0, 0, 10, 40), block(14, 0, 10, 40), log_digits=[SURE, doubt]).runs() == asked


@pytest.mark.parametrize(("gap", "asked"), [(7, [(0, 2)]), (9, [])])
def test_atoms_far_apart_are_not_one_digit(gap: int, asked: list[tuple[int, int]]) -> None:
    assert lattice(block(0, 0, 10, 40), block(10 + gap, 0, 10, 40), log_digits=[-1.0, -1.0]).runs() == asked


@pytest.mark.parametrize(("gap", "asked"), [(3, [(0, 2)]), (4, [])])
def test_a_dash_beside_a_digit_is_no_part_of_it(gap: int, asked: list[tuple[int, int]]) -> None:
    assert lattice(block(0, 0, 10, 40), block(10 + gap, 18, 12, 4), log_digits=[-1.0, -1.0]).runs() == asked


@pytest.mark.parametrize(("shared", "asked"), [(4, [(0, 2)]), (3, [])])
def test_clear_atoms_are_tried_as_one_where_one_stands_over_the_other(
    shared: int, asked: list[tuple[int, int]]
) -> None:
    assert lattice(block(0, 0, 10, 40), block(10 - shared, 0, 10, 40)).runs() == asked


@pytest.mark.parametrize(("height", "asked"), [(67, [(0, 2)]), (69, [])])
def test_what_is_higher_than_a_digit_is_not_tried(height: int, asked: list[tuple[int, int]]) -> None:
    assert lattice(block(0, 0, 10, 40), block(2, 20, 10, height - 20), log_digits=[-1.0, -1.0]).runs() == asked


def test_no_more_than_five_strokes_are_one_digit() -> None:
    line = lattice(*(block(5 * place, 0, 4, 40) for place in range(7)), log_digits=[-1.0] * 7)
    assert max(last - first for first, last in line.runs()) == 5


def test_halves_come_together_where_the_whole_is_likelier() -> None:
    line = lattice(block(0, 0, 10, 40), block(14, 0, 10, 40), log_digits=[-1.0, -1.0])
    judge(line, **{"0_2": SURE})
    assert [digit.atom.box for digit in best(line).digits] == [(0, 0, 24, 40)]


@pytest.mark.parametrize(("whole", "count"), [(-0.11, 1), (-0.13, 2)])
def test_two_digits_cost_more_than_one(whole: float, count: int) -> None:
    line = lattice(block(0, 0, 10, 40), block(6, 0, 10, 40))  # 2 · SURE − 2 · EACH against whole − EACH
    judge(line, **{"0_2": whole})
    assert len(digits(line)) == count


@pytest.mark.parametrize(("width", "cut"), [(21, True), (19, False)])
def test_what_is_wide_and_not_clear_is_cut(width: int, cut: bool) -> None:
    assert (len(lattice(block(0, 0, width, 40), log_digits=[-1.0]).atoms) > 1) == cut


@pytest.mark.parametrize(("log_digit", "cut"), [(CLEAR + 0.01, False), (CLEAR - 0.01, True)])
def test_what_is_clear_is_not_cut(log_digit: float, cut: bool) -> None:
    assert (len(lattice(block(0, 0, 50, 40), log_digits=[log_digit]).atoms) > 1) == cut


@pytest.mark.parametrize(("height", "cut"), [(5, False), (6, True)])
def test_what_is_thin_is_not_cut(height: int, cut: bool) -> None:
    line = Lattice([part(block(0, 0, 50, height), -1.0)], [Place.DIGIT], 10.0)
    assert (len(line.atoms) > 1) == cut


@pytest.mark.parametrize(("whole", "parts"), [(-0.5, 1), (-0.55, 2)])
def test_a_cut_must_pay(whole: float, parts: int) -> None:
    line = lattice(block(0, 0, 40, 40), log_digits=[whole])
    count = len(line.atoms)
    middle = count // 2
    judge(line, **{f"0_{middle}": SURE, f"{middle}_{count}": SURE})
    # The whole, less EACH, against two sure halves, less EACH and CUT.
    assert CUT + 2 * abs(SURE) == pytest.approx(0.52)
    assert len(digits(line)) == parts


def test_slices_that_were_cut_in_vain_come_together_again() -> None:
    line = lattice(block(0, 0, 50, 40), log_digits=[-0.5])
    judge(line)
    assert [digit.atom.box for digit in best(line).digits] == [(0, 0, 50, 40)]


def test_what_holds_several_digits_is_not_left_out() -> None:
    line = lattice(block(0, 0, 90, 40), log_digits=[-20.0])
    judge(line)
    assert best(line).left_out == ()


def test_a_slice_is_not_left_out() -> None:
    line = lattice(block(0, 0, 50, 40), log_digits=[-3.0])
    judge(line, **{"0_1": SURE})
    assert len(best(line).left_out) in (0, 1)
    assert all(part.atom.width == 50 for part in best(line).left_out)


@pytest.mark.parametrize(("log_digit", "left_out"), [(-1.2, 0), (-2.0, 1)])
def test_a_body_is_left_out_where_it_is_unlikely_to_be_a_digit(log_digit: float, left_out: int) -> None:
    # log(1 − e^−1.2) − LEAVE_BODY = −1.86 against −1.2 − EACH; log(1 − e^−2) − LEAVE_BODY = −1.65 against −2.1.
    assert LEAVE_BODY == 1.5
    line = lattice(block(0, 0, 10, 40), block(40, 0, 18, 40), log_digits=[SURE, log_digit])
    assert len(best(line).left_out) == left_out


@pytest.mark.parametrize(("width", "left_out"), [(18, 1), (28, 0)])
def test_a_wide_body_costs_more_to_leave_out(width: int, left_out: int) -> None:
    line = lattice(block(0, 0, 10, 40), block(40, 0, width, 40), log_digits=[SURE, -2.0])
    assert len(best(line).left_out) == left_out


@pytest.mark.parametrize(("height", "left_out"), [(19, 1), (21, 0)])
def test_something_small_is_left_out_however_much_it_looks_like_a_digit(height: int, left_out: int) -> None:
    reading = best(lattice(block(0, 0, 10, 40), block(40, 10, 6, height)))
    assert len(reading.left_out) == left_out
    assert reading.log_p == pytest.approx(SURE - EACH - (LEAVE_SMALL if left_out else EACH - SURE + 0.9))  # low


def test_a_separator_is_left_out_however_much_it_looks_like_a_digit() -> None:
    reading = best(lattice(block(0, 0, 10, 40), block(20, 0, 10, 48), block(40, 0, 10, 40), separators=(1,)))
    assert [digit.atom.box[0] for digit in reading.digits] == [0, 40]
    assert [gone.atom.box[0] for gone in reading.left_out] == [20]


def test_what_is_certainly_a_digit_has_a_bounded_log_probability_of_being_none() -> None:
    assert part(block(0, 0, 5, 5), 0.0).log_none == pytest.approx(math.log(1e-9))
    assert part(block(0, 0, 5, 5), math.log(0.25)).log_none == pytest.approx(math.log(0.75))


def test_every_atom_is_read_or_left_out_once() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        atoms = [block(int(12 * place + rng.integers(0, 6)), 0, int(rng.integers(4, 14)), 40) for place in range(6)]
        line = lattice(*atoms, log_digits=rng.uniform(-3, 0, 6).tolist())
        for run in line.runs():
            line.parts[run] = part(line.union(run), float(rng.uniform(-3, 0)))
        reading = best(line)
        ink = sum(int((piece.atom.ink > 0).sum()) for piece in (*reading.digits, *reading.left_out))
        assert ink >= sum(int((atom.ink > 0).sum()) for atom in atoms) * 0.7  # overlapping ink counts once in a union
        assert len(reading.digits) + len(reading.left_out) <= 6


@pytest.mark.parametrize(("x", "cost"), [(3, 2.0), (40, LEAVE_SMALL)])
def test_a_bar_across_a_digit_costs_more_to_leave_out(x: int, cost: float) -> None:
    line = lattice(block(0, 0, 10, 40), block(x, 18, 6, 4))
    assert best(line).log_p == pytest.approx(SURE - EACH - cost)


@pytest.mark.parametrize(("width", "cost"), [(42, 0.0), (48, 6.0 * 0.15)])
def test_a_broad_digit_costs_more(width: int, cost: float) -> None:
    assert best(lattice(block(0, 0, width, 40))).log_p == pytest.approx(SURE - EACH - cost)


@pytest.mark.parametrize(("log_digit", "count"), [(CLEAR + 0.01, 2), (CLEAR - 0.01, 1)])
def test_a_clear_digit_beside_another_stroke_is_not_swallowed(log_digit: float, count: int) -> None:
    line = lattice(block(0, 0, 19, 40), block(23, 0, 10, 40), log_digits=[-0.5, log_digit])
    judge(line, **{"0_2": SURE})
    assert len(digits(line)) == count


def test_a_stem_that_stands_over_the_rest_of_its_4_is_not_swallowed() -> None:
    line = lattice(block(0, 0, 19, 30), block(12, 0, 7, 40), log_digits=[-0.5, SURE])
    judge(line, **{"0_2": SURE})
    assert len(digits(line)) == 1
