"""Scores of a few logits, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model.reading.scores import digit_score, log_probabilities, softmax

#: Two rows of eleven logits: a 3 that is e² times as likely as each other, and a row of zeros against "none" at −1.
ROWS = np.array([[0.0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1], [0.0] * 10 + [-1.0]])


def test_probabilities_are_powers_of_e_over_their_sum() -> None:
    power = math.e**2
    assert softmax(ROWS)[0].tolist() == pytest.approx(
        [(power if digit == 3 else 1) / (power + 9) for digit in range(10)]
    )
    assert softmax(ROWS)[1].tolist() == pytest.approx([0.1] * 10)


def test_logits_are_divided_by_the_temperature() -> None:
    assert softmax(ROWS, 2.0)[0, 3] == pytest.approx(math.e / (math.e + 9))
    assert softmax(ROWS, 1.0).tolist() == softmax(ROWS).tolist()


def test_probabilities_are_taken_along_the_last_axis() -> None:
    stack = np.stack([ROWS, ROWS[::-1]])
    assert softmax(stack).shape == (2, 2, 10)
    assert softmax(stack).sum(axis=-1).tolist() == [[pytest.approx(1)] * 2] * 2
    assert digit_score(stack)[0].tolist() == digit_score(ROWS).tolist()


def test_a_digit_s_score_is_the_log_odds_against_none() -> None:
    assert digit_score(ROWS).tolist() == pytest.approx([math.log(math.e**2 + 9) - 1, math.log(10) + 1])
    assert digit_score(1000 * ROWS).tolist() == pytest.approx([1000, 1000 + math.log(10)])


def test_of_ten_logits_the_largest_is_the_score_row_by_row() -> None:
    assert digit_score(ROWS[:, :10]).tolist() == [2, 0]


def test_log_probabilities_are_of_being_a_digit_and_of_the_likeliest_label() -> None:
    is_digit, label = log_probabilities(ROWS, 1.0).T
    assert is_digit.tolist() == pytest.approx(
        [math.log(odds / (1 + odds)) for odds in ((math.e**2 + 9) / math.e, 10 * math.e)]
    )
    assert label.tolist() == pytest.approx([math.log(math.e**2 / (math.e**2 + 9)), math.log(0.1)])


def test_the_temperature_is_for_the_label_alone() -> None:
    cold, hot = log_probabilities(ROWS, 1.0), log_probabilities(ROWS, 2.0)
    assert hot[:, 0].tolist() == cold[:, 0].tolist()
    assert hot[0, 1] == pytest.approx(math.log(math.e / (math.e + 9)))


def test_log_probabilities_are_two_for_each_row() -> None:
    assert log_probabilities(np.zeros((3, 11)), 1.0).shape == (3, 2)
    assert log_probabilities(np.zeros((0, 11)), 1.0).shape == (0, 2)
