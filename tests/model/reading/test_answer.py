from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.reading.answer import Answer, _digit
from model.reading.reading import Digit

DIGIT = Digit("3", 0.9, (("3", 0.9),), (0, 0, 9, 9), np.zeros((28, 28), np.uint8))


def test_the_three_likeliest_labels_are_told_and_none_is_certain() -> None:
    scores = np.array([0.0, 0.2, 0.0, 1.0, 0.1, 0.3, 0, 0, 0, 0])
    digit = _digit(scores, np.zeros((28, 28), np.uint8), (1, 2, 3, 4))
    assert digit.top == (("3", 0.9999), ("5", 0.3), ("1", 0.2))
    assert (digit.label, digit.confidence, digit.box) == ("3", 0.9999, (1, 2, 3, 4))


@pytest.mark.parametrize(("sure", "expected"), [([True, True], True), ([True, False], False), ([], False)])
def test_an_answer_is_sure_if_all_of_its_digits_are_and_there_are_some(sure: list[bool], expected: bool) -> None:
    assert Answer(tuple(replace(DIGIT, sure=one) for one in sure), ()).is_sure == expected
