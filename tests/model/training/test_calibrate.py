from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from model.data.digits import DataSet, Digits
from model.networks.registry import build
from model.training.calibrate import Calibration, calibrate, fit_temperature, sure_from

pytestmark = pytest.mark.slow


class Constant(nn.Module):
    """Sees the same in every picture: a 0, by one logit more than the rest."""

    def forward(self, ink: Tensor) -> Tensor:
        return torch.tensor([3.0, *[2.0] * 9]).expand(len(ink), 10)


@pytest.fixture(scope="module")
def calibration(extract: DataSet) -> Calibration:
    torch.manual_seed(1)
    return calibrate(build("cnn"), extract.validation)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 1.5, 3.0])
def test_a_known_temperature_is_found_again(temperature: float) -> None:
    generator = torch.Generator().manual_seed(1)
    logits = 2 * torch.randn(20_000, 10, generator=generator)
    labels = torch.multinomial(logits.softmax(1), 1, generator=generator).flatten()
    assert fit_temperature(logits * temperature, labels) == pytest.approx(temperature, rel=0.04)


@pytest.mark.parametrize(("answer", "temperature"), [(0, 0.2), (1, 5.0)])
def test_a_temperature_stays_between_a_fifth_and_five(answer: int, temperature: float) -> None:
    logits = torch.tensor([[9.0, *[0.0] * 9]])  # always right, or always wrong
    assert fit_temperature(logits, torch.tensor([answer])) == pytest.approx(temperature, rel=0.01)


@pytest.mark.parametrize(
    ("confidence", "right", "allowed", "least"),
    [
        ([0.9, 0.8, 0.7], [True, True, True], 0.0, 0.7),
        ([0.7, 0.9, 0.8], [False, True, True], 0.0, 0.8),  # in any order
        ([0.9, 0.8, 0.7], [True, False, True], 0.0, 0.9),
        ([0.9, 0.8, 0.7, 0.6], [True, False, True, True], 0.25, 0.6),  # one in four
        ([0.9, 0.8, 0.7, 0.6], [True, False, True, True], 0.24, 0.9),
        ([0.9, 0.8], [False, True], 0.0, 1.0),  # nothing is sure
        ([0.9, 0.9, 0.8], [True, False, True], 0.1, 1.0),  # a threshold doesn't part equals
        ([1.0, 0.9, 0.9], [True, True, False], 0.1, 1.0),
        ([], [], 0.1, 1.0),
    ],
)
def test_sure_is_from_where_few_are_wrong(
    confidence: list[float], right: list[bool], allowed: float, least: float
) -> None:
    found = sure_from(torch.tensor(confidence), torch.tensor(right, dtype=torch.bool), allowed)
    assert found == pytest.approx(least)


def test_by_default_one_in_five_hundred_may_be_wrong() -> None:
    confidence = torch.linspace(1, 0.5, 1000)
    right = torch.ones(1000, dtype=torch.bool)
    right[[600, 700]] = False
    assert sure_from(confidence, right) == confidence[999].item()  # 2 in 1000
    right[800] = False
    assert sure_from(confidence, right) == confidence[699].item()  # 1 in 700


def test_thresholds_are_in_their_ranges(calibration: Calibration) -> None:
    assert 0.19 < calibration.temperature < 5.1
    assert 0 <= calibration.unsure_below <= 1
    assert math.isfinite(calibration.no_digit_below)


def test_the_same_seed_calibrates_the_same(extract: DataSet, calibration: Calibration) -> None:
    torch.manual_seed(1)
    network = build("cnn")
    assert calibrate(network, extract.validation) == calibration
    other = calibrate(network, extract.validation, seed=5)
    assert other != calibration
    assert replace(other, unsure_below=0, no_digit_below=0) == replace(calibration, unsure_below=0, no_digit_below=0)


def test_a_network_that_guesses_is_never_sure(extract: DataSet) -> None:
    found = calibrate(Constant(), extract.validation)
    assert found.unsure_below == 1.0
    assert found.temperature > 1


def test_a_network_that_is_always_right_is_always_sure(extract: DataSet) -> None:
    zeros = Digits(extract.validation.images, torch.zeros_like(extract.validation.labels))
    found = calibrate(Constant(), zeros)
    assert found.temperature == pytest.approx(0.2, rel=0.01)
    assert found.unsure_below == pytest.approx(math.exp(5) / (math.exp(5) + 9), abs=0.005)
    assert found.no_digit_below == pytest.approx(3.0)
