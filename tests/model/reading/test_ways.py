from __future__ import annotations

import math

import pytest

from model.reading.ways import Run, Way, likeliest

#: Two strokes that may be a 1 and a 3, or one 8.
LABELS = {(0, 1): 1, (1, 2): 3, (0, 2): 8}


def ways(
    as_digit: dict[Run, float], as_none: dict[Run, float] | None = None, labels: dict[Run, int] = LABELS
) -> list[Way]:
    none = as_none or {}
    count = max(end for _, end in labels)
    return likeliest(count, labels, labels.__getitem__, as_digit.__getitem__, lambda run: none.get(run, -math.inf))


@pytest.mark.parametrize(("whole", "answer", "other"), [(-1.0, "8", "13"), (-3.0, "13", "8")])
def test_the_likeliest_answer_comes_first_and_then_the_other(whole: float, answer: str, other: str) -> None:
    best, second = ways({(0, 1): -1.0, (1, 2): -1.0, (0, 2): whole})
    assert (best.answer, second.answer) == (answer, other)
    assert {best.log_p, second.log_p} == {whole, -2.0}


def test_a_way_tells_its_runs() -> None:
    best = ways({(0, 1): -1.0, (1, 2): -9.0, (0, 2): -9.0}, {(1, 2): -0.5})[0]
    assert (best.digits, best.left_out, best.log_p) == (((0, 1),), ((1, 2),), -1.5)


def test_two_ways_to_one_answer_are_one() -> None:
    labels = {(0, 1): 8, (1, 2): 3, (0, 2): 8}
    found = ways({(0, 1): -1.0, (1, 2): -9.0, (0, 2): -2.0}, {(1, 2): -0.1}, labels)
    assert [(way.answer, round(way.log_p, 3)) for way in found] == [("8", -1.1), ("83", -10.0)]


def test_nothing_but_one_answer_leaves_no_other() -> None:
    assert [way.answer for way in ways({(0, 1): -1.0}, labels={(0, 1): 5})] == ["5"]


def test_nothing_is_an_answer_too() -> None:
    best, other = ways({(0, 1): -3.0}, {(0, 1): -0.1}, {(0, 1): 5})
    assert (best.answer, other.answer) == ("", "5")


def test_the_second_answer_of_a_beginning_may_be_the_best_of_all() -> None:
    # 1, then 37 as one run from the second atom on: the beginning 8 is likelier, but leads nowhere.
    labels = {(0, 1): 1, (1, 3): 7, (0, 2): 8, (2, 3): 5}
    found = ways({(0, 1): -2.0, (1, 3): -0.1, (0, 2): -0.1, (2, 3): -9.0}, labels=labels)
    assert [way.answer for way in found] == ["17", "85"]


def test_a_run_may_end_where_no_other_does() -> None:
    best, other = ways({(0, 3): -1.0}, {(0, 3): -4.0}, {(0, 3): 6})
    assert (best, other) == (Way(-1.0, "6", ((0, 3),), ()), Way(-4.0, "", (), ((0, 3),)))


def test_a_line_without_atoms_has_the_empty_answer_alone() -> None:
    assert likeliest(0, [], lambda _: 0, lambda _: 0.0, lambda _: 0.0) == [Way()]


def test_a_line_that_no_runs_cover_has_no_answer() -> None:
    assert likeliest(2, [(0, 1)], lambda _: 1, lambda _: -1.0, lambda _: -2.0) == []


def test_a_long_line_stays_quick() -> None:
    labels = {(first, first + length): length for first in range(400) for length in (1, 2, 3) if first + length <= 400}
    best, other = ways(dict.fromkeys(labels, -1.0), labels=labels)
    assert best.log_p >= other.log_p
    assert len(best.digits) == math.ceil(400 / 3)
