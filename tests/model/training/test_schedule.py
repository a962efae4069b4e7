from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from model.settings import Settings
from model.training.schedule import average_of, learning_rate, one_cycle, optimizer_of, warp_strength

CYCLE, CONSTANT = Settings(lr=0.004), Settings(lr=0.004, schedule="constant")


@pytest.mark.parametrize(("step", "rate"), [(0, 0.0), (75, 0.002), (150, 0.004), (575, 0.002), (999, 0.0), (1000, 0.0)])
def test_the_learning_rate_rises_to_its_peak_and_falls_to_nought(step: int, rate: float) -> None:
    assert one_cycle(step, 1000, 0.004) == pytest.approx(rate, abs=1e-7)
    assert learning_rate(step, 1000, CYCLE) == one_cycle(step, 1000, 0.004)


def test_the_peak_comes_at_the_turn() -> None:
    rates = [one_cycle(step, 200, 0.004) for step in range(201)]
    assert rates.index(max(rates)) == 30
    assert rates[:31] == sorted(rates[:31])
    assert rates[30:] == sorted(rates[30:], reverse=True)


@pytest.mark.parametrize(("step", "total"), [(0, 1000), (150, 1000), (999, 1000), (999, 5000)])
def test_a_constant_learning_rate_knows_neither_step_nor_total(step: int, total: int) -> None:
    assert learning_rate(step, total, CONSTANT) == 0.004


@pytest.mark.parametrize(("step", "strength"), [(0, 0.8), (500, 0.5), (1000, 0.2)])
def test_digits_are_redrawn_ever_more_calmly(step: int, strength: float) -> None:
    assert warp_strength(step, 1000, Settings(warp=0.8, calm=0.25)) == pytest.approx(strength)


@pytest.mark.parametrize(
    ("settings", "kind", "group"),
    [
        (Settings(), torch.optim.AdamW, {"lr": 0.004, "weight_decay": 0.02}),
        (Settings(optimizer="adam", lr=0.001), torch.optim.Adam, {"lr": 0.001, "weight_decay": 0.02}),
        (Settings(optimizer="sgd", lr=0.5, momentum=0.25), torch.optim.SGD, {"lr": 0.5, "momentum": 0.25}),
        (Settings(optimizer="sgd", weight_decay=0.5), torch.optim.SGD, {"momentum": 0.9, "weight_decay": 0.5}),
    ],
    ids=["adamw", "adam", "sgd", "sgd with decay"],
)
def test_the_optimizer_is_the_one_that_the_settings_name(
    settings: Settings, kind: type[torch.optim.Optimizer], group: dict[str, float]
) -> None:
    optimizer = optimizer_of(nn.Linear(2, 3).parameters(), settings)
    assert type(optimizer) is kind
    assert [{key: found[key] for key in group} for found in optimizer.param_groups] == [group]


@pytest.mark.parametrize(("steps", "value"), [(0, 0.9), (8, 0.5), (80, 0.1), (100_000, 0.1)])
def test_an_average_forgets_its_first_steps_fast_and_its_later_ones_slowly(steps: int, value: float) -> None:
    averaged = average_of(0.9)(torch.zeros(2), torch.ones(2), steps)
    torch.testing.assert_close(averaged, torch.full((2,), value))


@pytest.mark.parametrize("steps", [0, 1, 1000])
def test_no_average_is_the_last_step_s_weights(steps: int) -> None:
    current = torch.tensor([0.1, -7.0, 1e-9])
    assert torch.equal(average_of(0.0)(torch.tensor([5.0, 5.0, 5.0]), current, steps), current)


def test_a_count_of_batches_is_no_average() -> None:
    assert average_of(0.9)(torch.tensor(3), torch.tensor(4), torch.tensor(3)).item() == 4


def test_an_average_of_what_stays_the_same_is_the_same() -> None:
    value, take_in = torch.tensor([0.25, -3.0]), average_of(0.998)
    averaged: Tensor = value
    for steps in range(50):
        averaged = take_in(averaged, value, torch.tensor(steps))
    assert torch.equal(averaged, value)
