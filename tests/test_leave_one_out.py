"""Each run leaves out what it says, and takes as many steps as all others."""

from __future__ import annotations

import torch

from model.data.digits import DataSet, Digits
from model.settings import Settings
from tests.leave_one_out import RUNS, made_up

DIGITS = Digits(torch.full((40, 28, 28), 255, dtype=torch.uint8), torch.arange(40) % 10)
DATA = DataSet(DIGITS, DIGITS, DIGITS, {})
SETTINGS = Settings(styles=7, pens=11, degraded=0, outliers=13)


def test_each_run_leaves_out_what_it_says() -> None:
    sizes = {name: len(leave_out(DATA, SETTINGS)) for name, leave_out in RUNS.items()}

    assert sizes == {
        "nothing": 71,
        "MNIST's digits as they are": 31,
        "pens": 60,
        "parts of neighbours": 71,
        "styles": 64,
        "degraded digits": 71,
        "what is no digit": 58,
    }


def test_what_is_missing_is_made_up_by_more_of_the_rest() -> None:
    more, fewer = made_up(DIGITS, 55), made_up(DIGITS, 12)

    assert (len(more), len(fewer)) == (55, 12)
    assert more.labels[:40].equal(DIGITS.labels)
