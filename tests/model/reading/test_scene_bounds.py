"""When several lines are one digit, and when what was read is writing: each bound from both sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from model.preprocess.picture import Pixels
from model.reading.atoms import Atom
from model.reading.chooser import Chooser
from model.reading.lattice import Lattice
from model.reading.parting import best
from model.reading.parts import NO_RIVAL, LineReading, Part
from model.reading.scene import Reader, is_writing, likelihood, log_p_of
from model.reading.scores import Logits
from model.reading.weighing import Weighing
from tests.helpers.inks import block, logits, part, reader, width_of


class Counting(Reader):
    """Judges every atom alike, without a network, and counts what it is asked each time."""

    def __init__(self, log_digit: float) -> None:
        super().__init__(lambda _: np.zeros((0, 11)), 1.0)
        self.asked: list[int] = []
        self.log_digit = log_digit

    def judged(self, atoms: Sequence[Atom]) -> list[Part]:
        self.asked.append(len(atoms))
        return [part(atom, self.log_digit) for atom in atoms]


def line(log_digits: list[float], left_out: list[int] | None = None, height: float = 40.0) -> LineReading:
    """A line of digits with these log probabilities, and what was left out, of these heights."""
    gone = tuple(part(block(0, 0, 10, each), -9.0) for each in left_out or [])
    digits = tuple(part(block(0, 0, 10, 40), log_digit) for log_digit in log_digits)
    return LineReading(digits, gone, height, -1.0, (NO_RIVAL,) * len(digits))


def is_wide(image: Pixels) -> bool:
    """Whether an image's ink reaches over 18 columns and more, with or without a gap."""
    return bool(np.ptp(np.flatnonzero(image.any(axis=0))) >= 17)


def wide_is_sure(image: Pixels) -> float:
    return -0.01 if is_wide(image) else -3.0


def test_each_atom_is_judged_with_its_own_image_logits_and_log_probabilities() -> None:
    atoms = [block(0, 0, 4, 40), block(20, 0, 30, 40)]
    narrow, wide = reader(lambda image: -0.01 if width_of(image) > 8 else -2.0).judged(atoms)
    assert (narrow.atom, wide.atom) == (atoms[0], atoms[1])
    assert (narrow.log_digit, wide.log_digit) == (pytest.approx(-2.0), pytest.approx(-0.01))
    assert width_of(narrow.image) < width_of(wide.image)
    assert narrow.logits.tolist() == logits(-2.0)
    assert wide.log_label == pytest.approx(0)


def test_the_temperature_divides_the_logits() -> None:
    def network(images: Pixels) -> Logits:
        return np.tile([0.0, 2.0, *[-99.0] * 8, -99.0], (len(images), 1))

    (judged,) = Reader(network, 2.0).judged([block(0, 0, 10, 40)])
    assert judged.log_label == pytest.approx(-np.log(1 + np.exp(-1)))


def test_of_no_atoms_the_network_is_asked_nothing() -> None:
    assert reader(lambda _: 1 / 0).judged([]) == []
    assert reader(lambda _: 1 / 0).read([]) == []


@pytest.mark.parametrize(("count", "asked"), [(402, 1598), (403, 1600)])
def test_no_more_than_1600_runs_are_asked(count: int, asked: int) -> None:
    counting = Counting(-1.0)
    lines = counting._read_lines([[block(5 * place, 0, 4, 40) for place in range(count)]])
    assert counting.asked == [count, 0, asked]
    assert len(lines) == 1


def test_slices_are_asked_of_all_lines_before_runs() -> None:
    counting = Counting(-1.0)
    counting._read_lines([[block(0, 0, 30, 40)], [block(0, 100, 10, 40), block(14, 100, 10, 40)]])
    assert counting.asked[0] == 3
    assert counting.asked[1] > 1  # the slices of the first line
    assert counting.asked[2] > 1


@pytest.mark.parametrize(("count", "one"), [(8, True), (9, False)])
def test_as_one_digit_eight_atoms_are_tried(count: int, one: bool) -> None:
    counting = Counting(-1.0)
    assert (len(counting.read([block(0, 60 * place, 40, 40) for place in range(count)])) == 1) == one


def test_an_atom_alone_is_asked_once() -> None:
    counting = Counting(-0.5)
    assert len(counting.read([block(0, 0, 10, 40)])) == 1
    assert counting.asked == [1, 0, 0]


@pytest.mark.parametrize(("gap", "lines"), [(9, 1), (10, 2)])
def test_two_clear_lines_a_tenth_of_their_height_apart_are_no_digit(gap: int, lines: int) -> None:
    assert len(reader(lambda _: -0.01).read([block(0, 0, 60, 100), block(0, 100 + gap, 60, 100)])) == lines


@pytest.mark.parametrize(("log_digit", "lines"), [(-0.09, 2), (-0.1, 1)])
def test_lines_that_are_not_clear_may_be_one_digit_however_far_apart(log_digit: float, lines: int) -> None:
    atoms = [block(0, 0, 40, 40), block(0, 80, 40, 40)]
    assert len(reader(lambda image: log_digit if width_of(image) > 12 else -0.01).read(atoms)) == lines


@pytest.mark.parametrize(("width", "one"), [(88, True), (89, False)])
def test_all_atoms_are_one_digit_of_twice_its_height_and_a_little(width: int, one: bool) -> None:
    lines = reader(wide_is_sure).read([block(0, 0, 20, 40), block(width - 20, 0, 20, 40)])
    assert (len(lines[0].digits) == 1 and lines[0].digits[0].atom.width == width) == one


def test_one_digit_of_all_atoms_costs_what_a_digit_costs() -> None:
    (whole,) = reader(wide_is_sure).read([block(0, 0, 20, 40), block(60, 0, 20, 40)])
    assert whole.log_p == pytest.approx(-0.01 - 0.1)
    assert (whole.height, whole.left_out) == (40, ())
    assert whole.leads == (whole.plain_lead,)


@pytest.mark.parametrize(("log_digit", "one"), [(-1.31, False), (-1.29, True)])
def test_one_digit_of_all_atoms_must_be_as_likely_as_the_lines(log_digit: float, one: bool) -> None:
    # Apart: −0.6 and −0.1 for each; together: log_digit − 0.1.
    atoms = [block(0, 0, 20, 40), block(60, 0, 20, 40)]
    lines = reader(lambda image: log_digit if is_wide(image) else -0.6).read(atoms)
    assert (len(lines[0].digits) == 1) == one


@pytest.mark.parametrize(("count", "asked"), [(238, 119), (240, 60)])
def test_of_a_sheet_some_sixty_of_the_taller_half_are_judged(count: int, asked: int) -> None:
    counting = Counting(-0.1)
    assert counting.is_sheet([block(0, 0, 5, 10 + place % 2) for place in range(count)])
    assert counting.asked == [asked]


def test_the_shorter_half_of_a_sheet_may_be_anything() -> None:
    atoms = [block(0, 0, 40, 20) for _ in range(8)] + [block(0, 0, 10, 40) for _ in range(8)]
    assert reader(lambda image: -0.1 if width_of(image) < 12 else -5.0).is_sheet(atoms)
    assert not reader(lambda image: -5.0 if width_of(image) < 12 else -0.1).is_sheet(atoms)


@pytest.mark.parametrize(("count", "writing"), [(15, True), (16, False)])
def test_one_and_a_half_bodies_are_left_out_for_each_digit(count: int, writing: bool) -> None:
    assert is_writing([line([-0.1] * 10, [40] * count)]) == writing


@pytest.mark.parametrize(("height", "writing"), [(19, True), (20, False)])
def test_what_is_small_is_left_out_without_number(height: int, writing: bool) -> None:
    assert is_writing([line([-0.1], [height] * 9)]) == writing


def test_what_is_left_out_of_one_line_counts_for_all() -> None:
    assert is_writing([line([-0.1] * 4), line([], [40] * 6)])
    assert not is_writing([line([-0.1] * 4), line([], [40] * 7)])


@pytest.mark.parametrize(("median", "writing"), [(-0.65, True), (-0.75, False)])
def test_half_of_the_digits_are_likely_to_be_digits(median: float, writing: bool) -> None:
    assert is_writing([line([median, -9.0, -0.01])]) == writing
    assert is_writing([line([median]), line([median])]) == writing


def test_readings_of_lines_are_as_likely_as_all_of_them() -> None:
    assert log_p_of([line([-0.1]), line([-0.1])]) == -2.0
    assert likelihood([line([-0.1]), line([-0.5])]) == pytest.approx(-0.3)
    assert likelihood([]) == -np.inf


def test_lines_lead_all_of_them_as_one_digit_by_no_more_than_they_are_likelier() -> None:
    # Two lines of 0.21 each against one digit of 1.1: nothing else rivals them.
    atoms = [block(0, 0, 40, 40), block(0, 42, 40, 40)]
    lines = reader(lambda image: -0.11 if width_of(image) > 15 else -1.0).read(atoms)
    assert [line.leads for line in lines] == [(pytest.approx(1.1 - 0.42),)] * 2
    assert [line.plain_lead for line in lines] == [pytest.approx(1.1 - 0.42)] * 2


def test_every_judged_atom_has_its_own_answer() -> None:
    short = Reader(lambda images: np.zeros((len(images) - 1, 11)), 1.0)
    with pytest.raises(ValueError, match="zip"):
        short.judged([block(0, 0, 8, 40), block(20, 0, 8, 40)])


def test_lines_are_parted_by_the_chooser_that_the_reader_has(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []

    def noted(lattice: Lattice, chooser: Chooser | None) -> LineReading:
        given.append(chooser)
        return best(lattice, None)

    monkeypatch.setattr("model.reading.scene.best", noted)
    chooser = Chooser(Weighing((), *[np.zeros(0)] * 6))
    Reader(lambda images: np.array([logits(-0.1)] * len(images)), 1.0, chooser).read([block(0, 0, 8, 40)])
    reader(lambda _: -0.1).read([block(0, 0, 8, 40)])
    assert given == [chooser, None]
