from __future__ import annotations

import numpy as np
import pytest

from model.preprocess.picture import Pixels
from model.reading.atoms import Atom
from model.reading.parts import NO_RIVAL, LineReading, Part
from model.reading.scene import MOST_ATOMS, MOST_BROKEN, Reader, is_writing, likelihood
from tests.helpers.inks import block, part, reader, width_of


def line(log_digits: list[float], left_out: int = 0, height: float = 40.0) -> LineReading:
    """A line of digits with these log probabilities, and so many bodies left out."""
    gone = tuple(part(block(0, 0, 10, 40), -9.0) for _ in range(left_out))
    digits = tuple(part(block(0, 0, 10, 40), log_digit) for log_digit in log_digits)
    return LineReading(digits, gone, height, -1.0, (NO_RIVAL,) * len(digits))


def boxes(parts: tuple[Part, ...]) -> list[tuple[int, ...]]:
    return [each.atom.box for each in parts]


def test_each_line_is_read_from_left_to_right() -> None:
    atoms = [block(60, 0, 8, 40), block(0, 0, 8, 40), block(0, 100, 8, 40)]
    lines = reader(lambda image: -0.01 if width_of(image) < 8 else -9.0).read(atoms)
    assert [boxes(each.digits) for each in lines] == [[(0, 0, 8, 40), (60, 0, 68, 40)], [(0, 100, 8, 140)]]


def test_what_the_network_is_asked_is_asked_of_all_lines_at_once() -> None:
    asked: list[int] = []

    def network(images: Pixels) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        asked.append(len(images))
        return np.tile([0.0, 30.0, *[0.0] * 8, -30.0], (len(images), 1))

    whole = reader(lambda _: -0.01)
    whole._logits_of = network
    whole.read([block(30 * column, 100 * row, 8, 40) for row in range(4) for column in range(4)])
    assert asked == [16]


def test_a_digit_broken_over_two_lines_comes_together() -> None:
    # The bar of a 5 far over its belly; together they are wider in 28×28 than either.
    atoms = [block(0, 0, 30, 30), block(0, 40, 28, 34)]
    lines = reader(lambda image: -0.01 if image.any(axis=1).sum() >= 20 and width_of(image) < 12 else -3.0).read(atoms)
    assert [boxes(each.digits) for each in lines] == [[(0, 0, 30, 74)]]


@pytest.mark.parametrize(("count", "one"), [(MOST_BROKEN, True), (MOST_BROKEN + 1, False)])
def test_only_a_few_atoms_are_tried_as_one_digit(count: int, one: bool) -> None:
    atoms = [block(0, 12 * place, 60, 8) for place in range(count)]
    lines = reader(lambda image: -0.01 if image.any(axis=1).sum() > 18 and width_of(image) > 6 else -9.0).read(atoms)
    assert (len(lines) == 1 and len(lines[0].digits) == 1) == one


@pytest.mark.parametrize(("gap", "lines"), [(2, 1), (5, 2)])
def test_two_clear_rings_are_an_8_only_where_they_nearly_touch(gap: int, lines: int) -> None:
    atoms = [block(0, 0, 30, 40), block(0, 40 + gap, 30, 40)]
    assert len(reader(lambda _: -0.01).read(atoms)) == lines


@pytest.mark.parametrize(("left_out", "writing"), [(3, True), (4, False)])
def test_a_scene_with_much_left_out_is_no_writing(left_out: int, writing: bool) -> None:
    assert is_writing([line([-0.1, -0.1], left_out)]) == writing


def test_one_digit_with_one_body_left_out_is_writing() -> None:
    assert is_writing([line([-0.1], 1)])
    assert not is_writing([line([-0.1], 2)])


@pytest.mark.parametrize(("median", "writing"), [(-0.69, True), (-0.71, False)])
def test_the_median_digit_is_likely(median: float, writing: bool) -> None:
    assert is_writing([line([-0.01, median, -1.0])]) == writing


def test_one_doubtful_digit_of_three_is_told_with_the_others() -> None:
    # Their mean would be far too low.
    assert is_writing([line([-0.01, -0.01, -9.0])])


def test_nothing_is_no_writing() -> None:
    assert not is_writing([])
    assert not is_writing([line([])])


def test_of_one_digit_the_card_s_threshold_decides() -> None:
    assert is_writing([line([-5.0])])


def test_the_likelier_of_two_readings_has_the_likelier_digits() -> None:
    assert likelihood([line([-0.1, -0.3])]) == pytest.approx(-0.2)
    assert likelihood([line([-0.1], 5)]) == -np.inf


@pytest.mark.parametrize(("log_digit", "sheet"), [(-0.29, True), (-0.31, False)])
def test_more_than_is_read_is_a_sheet_if_it_looks_like_digits(log_digit: float, sheet: bool) -> None:
    atoms = [block(10 * (place % 40), 60 * (place // 40), 8, 40) for place in range(MOST_ATOMS + 1)]
    assert reader(lambda _: log_digit).is_sheet(atoms) == sheet


def remains(height: int) -> list[Atom]:
    """Twenty pieces in a row, of which each could be a digit."""
    return [block(200 + 30 * place, 150, 8, height) for place in range(20)]


@pytest.mark.parametrize(("height", "lines"), [(15, 2), (14, 1)])
def test_what_is_far_lower_than_a_clear_digit_is_what_remains_of_the_paper_s_lines(height: int, lines: int) -> None:
    assert len(reader(lambda _: -0.01).read([block(0, 0, 50, 100), *remains(height)])) == lines


@pytest.mark.parametrize(("width", "log_digit", "lines"), [(35, -0.01, 1), (34, -0.01, 2), (50, -0.2, 2)])
def test_a_bar_and_a_doubtful_digit_are_no_measure_for_small_lines(width: int, log_digit: float, lines: int) -> None:
    assert len(reader(lambda _: log_digit).read([block(0, 0, width, 100), *remains(10)])) == lines


@pytest.mark.parametrize(("label", "is_zero"), [(1, True), (7, False)])
def test_only_a_bar_in_a_ring_may_be_the_stroke_of_a_zero(label: int, is_zero: bool) -> None:
    stroke, ring = block(40, 30, 6, 40), block(0, 0, 80, 100)

    def network(images: Pixels) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        answers = np.full((len(images), 11), -30.0)
        for row, image in zip(answers, images, strict=True):
            row[label if width_of(image) < 8 else 0] = 0.0
        return answers

    whole = Reader(network, 1.0)
    (only,) = whole.read([stroke], ring)
    assert (only.digits[0].label, only.doubted) == ((0, (True,)) if is_zero else (label, (False,)))
