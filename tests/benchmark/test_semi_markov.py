from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from tests.benchmark.partings import Partings, answer
from tests.benchmark.semi_markov import NEVER, log_likelihoods

#: Two atoms, which are a 1 and a 2, or together a 7.
RUNS, LABELS = np.array([(0, 1), (1, 2), (0, 2)]), np.array([1, 2, 7])


def line(text: str, costs: list[tuple[float, float]]) -> Partings:
    return Partings(text, 2, RUNS, LABELS, np.zeros((3, 0)), np.array(costs))


def test_the_digits_have_their_share_of_all_partings() -> None:
    costs = [(-1.0, NEVER), (-1.0, NEVER), (-1.0, NEVER)]
    likely = log_likelihoods([line("12", costs), line("7", costs), line("71", costs)], torch.tensor(costs * 3))
    weights = [math.exp(-2), math.exp(-1)]
    assert likely[:2].exp().tolist() == pytest.approx([weight / sum(weights) for weight in weights])
    assert likely[2] < NEVER / 2


def test_what_may_be_left_out_shares_too() -> None:
    costs = [(0.0, 0.0), (0.0, NEVER), (NEVER, NEVER)]
    likely = log_likelihoods([line("12", costs), line("2", costs)], torch.tensor(costs * 2))
    assert likely.exp().tolist() == pytest.approx([0.5, 0.5])


def test_the_answer_is_the_likeliest_parting() -> None:
    costs = [(-1.0, -math.inf), (-1.0, -3.0), (-2.5, -math.inf)]
    assert answer(line("", costs)) == "12"
    assert answer(line("", costs), np.array([(0.0, 0.0), (0.0, 0.0), (1.0, 0.0)])) == "7"
    assert answer(line("", costs), np.array([(0.0, 0.0), (-4.0, 0.0), (-4.0, 0.0)])) == "1"
