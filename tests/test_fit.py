from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Generator, Tensor, nn

from model.augment import augment
from model.data import DataSet, Digits
from model.errors import CheckpointError
from model.fit import FitResult, Settings, fit, one_cycle

SETTINGS = Settings(epochs=3, batch_size=50, average=0.9)


def run(mnist: DataSet, path: Path, settings: Settings = SETTINGS, resume: bool = False) -> FitResult:
    return fit(mnist.train, mnist.validation, settings, path, resume)


def weights(network: nn.Module) -> Tensor:
    return torch.cat([value.flatten().double() for value in network.state_dict().values()])


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "checkpoint.safetensors"


@pytest.fixture(scope="module")
def unbroken(extract: DataSet, checkpoint: Path) -> FitResult:
    return run(extract, checkpoint)


def test_the_loss_falls_and_the_network_learns(unbroken: FitResult) -> None:
    losses = [epoch["loss"] for epoch in unbroken.epochs]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 1.5 < losses[0]
    assert unbroken.epochs[-1]["validation_accuracy"] > 0.6  # chance: 0.1


def test_every_epoch_is_measured(unbroken: FitResult) -> None:
    assert [epoch["epoch"] for epoch in unbroken.epochs] == [1, 2, 3]
    assert all(math.isfinite(value) for epoch in unbroken.epochs for value in epoch.values())


def test_the_same_seed_gives_the_same_weights(extract: DataSet, tmp_path: Path, unbroken: FitResult) -> None:
    again = run(extract, tmp_path / "checkpoint")
    assert torch.equal(weights(again.network), weights(unbroken.network))


def test_another_seed_gives_other_weights(extract: DataSet, tmp_path: Path) -> None:
    short = replace(SETTINGS, epochs=1, batch_size=275)
    one, other = (run(extract, tmp_path / str(seed), replace(short, seed=seed)) for seed in (1, 2))
    assert not torch.equal(weights(one.network), weights(other.network))


@pytest.mark.parametrize("steps", [16, 22])
def test_a_run_that_was_stopped_ends_like_one_that_was_not(
    extract: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unbroken: FitResult, steps: int
) -> None:
    done: list[int] = []

    def interrupted(ink: Tensor, generator: Generator) -> Tensor:
        done.append(len(ink))
        if len(done) > steps:  # of 11 an epoch
            raise KeyboardInterrupt
        return augment(ink, generator)

    monkeypatch.setattr("model.fit.augment", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(extract, tmp_path / "checkpoint")
    monkeypatch.undo()
    torch.rand(7)  # whatever happened to the global chance in between
    resumed = run(extract, tmp_path / "checkpoint", resume=True)
    assert torch.equal(weights(resumed.network), weights(unbroken.network))
    assert [epoch["loss"] for epoch in resumed.epochs] == [epoch["loss"] for epoch in unbroken.epochs]


def test_a_finished_run_is_resumed_without_training(
    extract: DataSet, checkpoint: Path, unbroken: FitResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("model.fit._train_epoch")
    resumed = run(extract, checkpoint, resume=True)
    assert torch.equal(weights(resumed.network), weights(unbroken.network))
    assert resumed.epochs == unbroken.epochs


@pytest.mark.usefixtures("unbroken")
def test_a_run_is_not_resumed_with_another_seed(extract: DataSet, checkpoint: Path) -> None:
    with pytest.raises(CheckpointError, match="another seed"):
        run(extract, checkpoint, replace(SETTINGS, seed=2), resume=True)


def test_there_must_be_something_to_resume(extract: DataSet, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no checkpoint"):
        run(extract, tmp_path / "nothing", resume=True)


def test_training_without_augmentation_leaves_the_digits_alone(extract: DataSet, tmp_path: Path) -> None:
    before = extract.train.images.clone()
    run(extract, tmp_path / "checkpoint", replace(SETTINGS, epochs=1, batch_size=275, augment=False))
    assert torch.equal(extract.train.images, before)


@pytest.mark.parametrize("count", [52, 57, 63])
def test_the_last_batch_may_be_small(extract: DataSet, tmp_path: Path, count: int) -> None:
    digits: Digits = extract.train[:count]
    result = fit(digits, extract.validation, replace(SETTINGS, epochs=1), tmp_path / "checkpoint")
    assert math.isfinite(result.epochs[0]["loss"])


@pytest.mark.parametrize(("step", "rate"), [(0, 0.0), (75, 0.002), (150, 0.004), (575, 0.002), (999, 0.0), (1000, 0.0)])
def test_the_learning_rate_rises_to_its_peak_and_falls_to_nought(step: int, rate: float) -> None:
    assert one_cycle(step, 1000, 0.004) == pytest.approx(rate, abs=1e-7)


def test_the_peak_comes_at_the_turn() -> None:
    rates = [one_cycle(step, 200, 0.004) for step in range(201)]
    assert rates.index(max(rates)) == 30
    assert rates[:31] == sorted(rates[:31])
    assert rates[30:] == sorted(rates[30:], reverse=True)
