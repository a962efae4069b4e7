from __future__ import annotations

import numpy as np
import pytest

from model.reading.scores import digit_score, softmax


def test_probabilities_are_of_the_ten_digits_alone() -> None:
    assert softmax(np.array([0.0] * 10 + [50.0])) == pytest.approx([0.1] * 10)


def test_a_higher_temperature_flattens() -> None:
    logits = np.array([2.0] + [0.0] * 9)
    assert softmax(logits, 1.0)[0] > softmax(logits, 4.0)[0] > 0.1


def test_large_logits_do_not_overflow() -> None:
    assert softmax(np.array([1e4, -1e4] + [0.0] * 8))[0] == pytest.approx(1)


def test_the_eleventh_logit_speaks_against_a_digit() -> None:
    digits = [0.0] * 10
    assert digit_score(np.array([*digits, 0.0])) == pytest.approx(np.log(10))
    assert digit_score(np.array([*digits, 5.0])) == pytest.approx(np.log(10) - 5)


def test_with_ten_logits_the_largest_is_the_score() -> None:
    assert digit_score(np.arange(10.0)) == 9


def test_a_batch_is_scored_row_by_row() -> None:
    logits = np.arange(22.0).reshape(2, 11)
    assert digit_score(logits).tolist() == [digit_score(row) for row in logits]
