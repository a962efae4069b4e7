"""Which parts of the judges are fitted, and that several networks judge by their mean."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from model.reading.evidence import OF_DRAWING
from model.reading.judge import Judge
from tests import make_judge
from tests.benchmark.collected import Collected
from tests.make_judge import DRAWINGS, PICTURES, RIGHT, fitted, none_of

COUNT = len(OF_DRAWING)


@pytest.fixture(autouse=True)
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_judge, "STEPS", 60)
    monkeypatch.setattr(make_judge, "BATCH", 128)
    monkeypatch.setattr(make_judge, "MEMBERS", 2)


@pytest.fixture
def items() -> list[Collected]:
    """Drawings of digits, of which half are in doubt, and of what is none: their first number tells them apart."""
    rng = np.random.default_rng(1)

    def collected(label: str, status: str) -> Collected:
        numbers = rng.normal(size=COUNT)
        numbers[0] += 4 if label else -4
        return Collected("digits" if label else "things", label, "7", True, status, numbers.tolist())

    return [collected(*known) for known in (("7", "digit"), ("7", "unsure"), ("", "unsure")) for _ in range(100)]


def is_same(one: Judge, other: Judge) -> tuple[bool, bool]:
    """Whether two judges weigh what is none, and what is right, alike."""
    weighed = np.array_equal(one.weighing.hidden, other.weighing.hidden) and one.bound == other.bound
    return weighed, np.array_equal(one.right.hidden, other.right.hidden)


def test_only_the_parts_that_are_asked_for_are_fitted_anew(items: list[Collected]) -> None:
    known = fitted(items, None, (), seed=9)

    assert is_same(known, fitted(items, known, [PICTURES])) == (True, True)
    assert is_same(known, fitted(items, known, [DRAWINGS])) == (False, True)
    assert is_same(known, fitted(items, known, [RIGHT])) == (True, False)


def test_what_holds_digits_is_told_from_what_holds_none(items: list[Collected]) -> None:
    judge = none_of(items)
    scores = np.array([judge.score(np.array(item.numbers)) for item in items])

    assert np.mean(scores[:200] > 0) > 0.95
    assert np.mean(scores[200:] < 0) > 0.95


def test_of_digits_in_doubt_none_is_under_the_bound_while_they_are_few(items: list[Collected]) -> None:
    judge = none_of(items)

    assert not any(judge.is_none(np.array(item.numbers)) for item in items if item.status == "unsure" and item.label)


def test_several_networks_judge_by_their_mean(items: list[Collected], monkeypatch: pytest.MonkeyPatch) -> None:
    members = iter([member(0, 2.0), member(1, 4.0)])
    monkeypatch.setattr(make_judge, "_fitted", lambda *_: next(members))
    numbers = np.array([item.numbers for item in items])
    weighing = make_judge._weighing(numbers, numbers[:, 0] > 0, np.ones(len(numbers)), True, 0)
    first, second = ((numbers - weighing.mean) / weighing.deviation)[:, :2].T

    np.testing.assert_allclose(
        weighing(numbers)[:, 0], (2 * np.maximum(0, first) + 4 * np.maximum(0, second)) / 2, atol=1e-6
    )


def member(number: int, weight: float) -> tuple[nn.Linear, nn.Linear]:
    """A network whose only hidden unit is one of the numbers, where it is positive."""
    hidden, out = nn.Linear(COUNT, 1, bias=True), nn.Linear(1, 1)
    with torch.no_grad():
        for parameter in (*hidden.parameters(), *out.parameters()):
            parameter.zero_()
        hidden.weight[0, number], out.weight[0, 0] = 1.0, weight
    return hidden, out
