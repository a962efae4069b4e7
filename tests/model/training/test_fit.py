from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Generator, Tensor

from model.data.digits import DataSet, Digits
from model.errors import CheckpointError
from model.networks.registry import preset
from model.settings import Settings
from model.synthesis.augment import augment
from model.synthesis.synthesize import extend
from model.training.checkpoint import save_checkpoint
from model.training.fit import FitResult, describe, fit

pytestmark = pytest.mark.slow

#: 330 digits, some of them synthetic: seven batches an epoch, states at the third and the sixth.
CNN = Settings(epochs=2, batch_size=50, average=0.9, styles=10, pens=10, degraded=10, outliers=10, log_interval=3)
#: 300 digits: five batches an epoch, a state at each.
TUTORIAL = replace(preset("tutorial-cnn"), epochs=2, lr=0.05, log_interval=1)
BOTH = pytest.mark.parametrize("settings", [CNN, TUTORIAL], ids=["cnn", "tutorial-cnn"])
#: The quickest network that there is.
QUICK = replace(preset("logistic"), epochs=2, batch_size=50, log_interval=2)
RUN = Callable[..., FitResult]


@pytest.fixture(scope="module")
def run(extract: DataSet) -> RUN:
    def run(path: Path, settings: Settings, resume: bool = False) -> FitResult:
        return fit(extend(extract.train[:300], settings), {"validation": extract.validation}, settings, path, resume)

    return run


@pytest.fixture(scope="module")
def unbroken(run: RUN, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Settings], FitResult]:
    """The result of a run that wasn't stopped; of the same settings it is there already."""
    results: dict[Settings, FitResult] = {}

    def unbroken(settings: Settings) -> FitResult:
        if settings not in results:
            results[settings] = run(tmp_path_factory.mktemp("unbroken") / "run", settings)
        return results[settings]

    return unbroken


def weights(result: FitResult) -> Tensor:
    return torch.cat([value.flatten().double() for value in result.network.state_dict().values()])


def untimed(epochs: list[dict[str, float]]) -> list[dict[str, float]]:
    return [{name: value for name, value in epoch.items() if name != "seconds"} for epoch in epochs]


def same(one: FitResult, other: FitResult) -> bool:
    """Whether two runs are the same bit for bit, but for the time they took."""
    measured = untimed(one.epochs) == untimed(other.epochs) and one.log == other.log
    return measured and torch.equal(weights(one), weights(other))


def stopped(count: int, *, saved: bool) -> Callable[..., None]:
    """A ``save_checkpoint`` in whose ``count``-th call somebody presses Ctrl-C, before or after it has ``saved``."""
    calls: list[Path] = []

    def save(path: Path, *state: Any) -> None:
        calls.append(path)
        if len(calls) < count or saved:
            save_checkpoint(path, *state)
        if len(calls) == count:
            raise KeyboardInterrupt

    return save


# What is learned and measured


def test_the_network_learns(unbroken: Callable[[Settings], FitResult]) -> None:
    result = unbroken(CNN)
    assert result.epochs[2]["loss"] < result.epochs[1]["loss"]
    assert result.epochs[2]["accuracy"] > result.epochs[1]["accuracy"]
    assert result.epochs[2]["validation_accuracy"] > 0.2  # chance: 0.1


def test_the_first_measurement_is_of_the_untrained_network(unbroken: Callable[[Settings], FitResult]) -> None:
    first = unbroken(TUTORIAL).epochs[0]
    assert first["epoch"] == first["examples"] == first["seconds"] == 0
    assert first["validation_loss"] == pytest.approx(math.log(10), abs=0.1)
    assert set(first) == {"epoch", "examples", "seconds", "validation_loss", "validation_accuracy"}


@BOTH
def test_every_epoch_is_measured(unbroken: Callable[[Settings], FitResult], settings: Settings) -> None:
    epochs = unbroken(settings).epochs
    digits = 340 if settings is CNN else 300
    assert [(epoch["epoch"], epoch["examples"]) for epoch in epochs] == [(0, 0), (1, digits), (2, 2 * digits)]
    assert all(math.isfinite(value) for epoch in epochs for value in epoch.values())
    assert all({"loss", "accuracy", "validation_loss", "validation_accuracy"} <= set(epoch) for epoch in epochs[1:])


def test_the_log_counts_the_examples_seen(unbroken: Callable[[Settings], FitResult]) -> None:
    assert [seen for seen, _ in unbroken(CNN).log] == [150, 300, 490, 640]
    assert [seen for seen, _ in unbroken(TUTORIAL).log] == [64, 128, 192, 256, 300, 364, 428, 492, 556, 600]


def test_an_epoch_s_loss_is_the_mean_of_its_batches(unbroken: Callable[[Settings], FitResult]) -> None:
    result = unbroken(TUTORIAL)
    losses = [loss for _, loss in result.log[:5]]
    assert result.epochs[1]["loss"] == pytest.approx((64 * sum(losses[:4]) + 44 * losses[4]) / 300, abs=1e-4)


def test_without_an_interval_there_is_no_log(run: RUN, tmp_path: Path) -> None:
    assert run(tmp_path / "run", replace(QUICK, log_interval=0)).log == []


def test_each_interval_and_each_epoch_is_a_line(run: RUN, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path / "run", replace(QUICK, log_interval=3))
    lines = capsys.readouterr().out.splitlines()
    starts = ["epoch  0/2", "epoch 1 [150/300]", "epoch 1 [300/300]", "epoch  1/2", "epoch 2 [150/300]"]
    assert [line[: len(start)] for line, start in zip(lines, starts, strict=False)] == starts
    assert len(lines) == 7


def test_a_line_tells_what_an_epoch_measured() -> None:
    first = {"epoch": 0, "seconds": 0.0, "validation_loss": 2.3, "validation_accuracy": 0.1}
    third = {"epoch": 3, "loss": 0.5, "seconds": 12.4, "test_loss": 0.25, "test_accuracy": 0.925}
    assert describe(first, 30) == "epoch  0/30  validation loss 2.3000  accuracy 10.00%  0 s"
    assert describe(third, 30) == "epoch  3/30  loss 0.5000  test loss 0.2500  accuracy 92.50%  12 s"


def test_what_is_watched_changes_nothing(run: RUN, extract: DataSet, tmp_path: Path) -> None:
    watched = {"validation": extract.validation, "test": extract.test}
    one, other = fit(extract.train[:300], watched, QUICK, tmp_path / "one"), run(tmp_path / "other", QUICK)
    assert torch.equal(weights(one), weights(other))
    assert set(one.epochs[0]) - set(other.epochs[0]) == {"test_loss", "test_accuracy"}


def test_the_network_that_comes_back_is_the_one_that_was_measured(
    extract: DataSet, unbroken: Callable[[Settings], FitResult]
) -> None:
    result = unbroken(TUTORIAL)
    answers = result.network(extract.validation.images.unsqueeze(1) / 255).argmax(1)
    assert not result.network.training
    assert float((answers == extract.validation.labels).float().mean()) == result.epochs[-1]["validation_accuracy"]


def test_the_rate_is_of_all_epochs_steps(run: RUN, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[int, int]] = []

    def still(step: int, total: int, _: Settings) -> float:
        steps.append((step, total))
        return 0.0

    monkeypatch.setattr("model.training.fit.learning_rate", still)
    result = run(tmp_path / "run", QUICK)
    assert steps == [(step, 12) for step in range(12)]
    assert result.epochs[2]["validation_loss"] == result.epochs[0]["validation_loss"]


# The same again


@BOTH
def test_the_same_seed_gives_the_same_weights(
    run: RUN, tmp_path: Path, unbroken: Callable[[Settings], FitResult], settings: Settings
) -> None:
    torch.rand(7)
    assert same(run(tmp_path / "run", settings), unbroken(settings))


@pytest.mark.parametrize("changed", [{"seed": 2}, {"optimizer": "adam"}, {"momentum": 0.5}, {"schedule": "one-cycle"}])
def test_another_setting_gives_other_weights(
    run: RUN, tmp_path: Path, unbroken: Callable[[Settings], FitResult], changed: dict[str, Any]
) -> None:
    assert not torch.equal(weights(run(tmp_path / "run", replace(QUICK, **changed))), weights(unbroken(QUICK)))


def test_the_interval_is_no_matter_to_the_weights(
    run: RUN, tmp_path: Path, unbroken: Callable[[Settings], FitResult]
) -> None:
    quiet = run(tmp_path / "run", replace(TUTORIAL, log_interval=0))
    assert torch.equal(weights(quiet), weights(unbroken(TUTORIAL)))


def test_without_bfloat16_in_the_cpu_it_is_float32(run: RUN, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.training.fit.has_bf16", lambda _: False)
    one, other = (run(tmp_path / str(bf16), replace(QUICK, bf16=bf16)) for bf16 in (True, False))
    assert torch.equal(weights(one), weights(other))


@pytest.mark.parametrize("augmented", [True, False])
def test_training_leaves_the_digits_alone(extract: DataSet, tmp_path: Path, augmented: bool) -> None:
    before = extract.train.images.clone()
    fit(extract.train, {}, replace(QUICK, epochs=1, augment=augmented), tmp_path / "run")
    assert torch.equal(extract.train.images, before)


@pytest.mark.parametrize(("count", "used"), [(51, 50), (52, 52), (63, 63)])
def test_the_last_batch_may_be_small_but_not_of_one(extract: DataSet, tmp_path: Path, count: int, used: int) -> None:
    digits: Digits = extract.train[:count]
    result = fit(digits, {}, replace(CNN, epochs=1), tmp_path / "run")
    assert math.isfinite(result.epochs[1]["loss"])
    assert result.epochs[1]["examples"] == used


# Stopped and gone on


# The first call saves the untrained network; in the second epoch CNN's calls are 5 to 7, TUTORIAL's 8 to 13.
@pytest.mark.parametrize(
    ("settings", "count", "saved"),
    [(CNN, 5, True), (CNN, 6, False), (TUTORIAL, 10, True), (TUTORIAL, 10, False), (TUTORIAL, 12, True)],
    ids=["cnn", "cnn before saving", "tutorial-cnn", "tutorial-cnn before saving", "after the last batch"],
)
def test_a_run_that_was_stopped_in_an_epoch_ends_like_one_that_was_not(
    run: RUN,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    unbroken: Callable[[Settings], FitResult],
    settings: Settings,
    count: int,
    saved: bool,
) -> None:
    monkeypatch.setattr("model.training.fit.save_checkpoint", stopped(count, saved=saved))
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "run", settings)
    monkeypatch.undo()
    torch.rand(7)  # whatever happened to the global chance in between
    assert same(run(tmp_path / "run", settings, resume=True), unbroken(settings))


def test_a_run_that_was_stopped_between_two_states_ends_like_one_that_was_not(
    run: RUN, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unbroken: Callable[[Settings], FitResult]
) -> None:
    done: list[int] = []

    def interrupted(ink: Tensor, generator: Generator, degraded: float, strength: float) -> Tensor:
        done.append(len(ink))
        if len(done) > 11:  # of 7 an epoch
            raise KeyboardInterrupt
        return augment(ink, generator, degraded, strength)

    monkeypatch.setattr("model.training.fit.augment", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "run", CNN)
    monkeypatch.undo()
    assert same(run(tmp_path / "run", CNN, resume=True), unbroken(CNN))


def test_a_resumed_run_trains_no_batch_twice(run: RUN, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.training.fit.save_checkpoint", stopped(10, saved=True))
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "run", TUTORIAL)
    monkeypatch.setattr("model.training.fit.save_checkpoint", stopped(99, saved=True))
    steps: list[int] = []
    monkeypatch.setattr("torch.optim.SGD.zero_grad", lambda _: steps.append(1))
    run(tmp_path / "run", TUTORIAL, resume=True)
    assert len(steps) == 2  # of the second epoch's five


def test_a_finished_run_is_resumed_without_training(
    run: RUN, tmp_path: Path, unbroken: Callable[[Settings], FitResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "run", QUICK)
    monkeypatch.delattr("model.training.fit._Run._train_epoch")
    assert same(run(tmp_path / "run", QUICK, resume=True), unbroken(QUICK))


def test_a_finished_run_with_a_constant_rate_goes_on_for_more_epochs(
    run: RUN, tmp_path: Path, unbroken: Callable[[Settings], FitResult]
) -> None:
    more = replace(TUTORIAL, epochs=4)
    run(tmp_path / "run", TUTORIAL)
    longer = run(tmp_path / "run", more, resume=True)
    assert [epoch["epoch"] for epoch in longer.epochs] == [0, 1, 2, 3, 4]
    assert [seen for seen, _ in longer.log[9:12]] == [600, 664, 728]
    assert same(longer, unbroken(more))


def test_more_epochs_are_no_other_beginning(unbroken: Callable[[Settings], FitResult]) -> None:
    shorter, longer = unbroken(TUTORIAL), unbroken(replace(TUTORIAL, epochs=4))
    assert untimed(longer.epochs)[:3] == untimed(shorter.epochs)
    assert longer.log[:10] == shorter.log


def test_a_run_may_go_on_with_another_interval(
    run: RUN, tmp_path: Path, unbroken: Callable[[Settings], FitResult]
) -> None:
    run(tmp_path / "run", replace(QUICK, epochs=1))
    longer = run(tmp_path / "run", replace(QUICK, log_interval=3), resume=True)
    assert torch.equal(weights(longer), weights(unbroken(QUICK)))
    assert [seen for seen, _ in longer.log] == [100, 200, 300, 450, 600]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"seed": 2}, "seed"),
        ({"model": "perceptron"}, "model"),
        ({"lr": 0.5, "optimizer": "adam"}, "lr, optimizer"),
        ({"schedule": "one-cycle", "epochs": 3}, "epochs, schedule"),
    ],
)
def test_a_run_is_not_resumed_with_other_settings(
    run: RUN, tmp_path: Path, changed: dict[str, Any], named: str
) -> None:
    run(tmp_path / "run", QUICK)
    with pytest.raises(CheckpointError, match=f"written with another {named}: "):
        run(tmp_path / "run", replace(QUICK, **changed), resume=True)


@pytest.mark.parametrize("other", [{"train": "b"}, {"train": "a", "test": "b"}, None])
def test_a_run_is_not_resumed_with_other_data(extract: DataSet, tmp_path: Path, other: dict[str, str] | None) -> None:
    path = tmp_path / "run"
    fit(extract.train[:300], {}, QUICK, path, dataset={"train": "a"})
    with pytest.raises(CheckpointError, match="written with another data set: give the same --data"):
        fit(extract.train[:300], {}, QUICK, path, resume=True, dataset=other)
    fit(extract.train[:300], {}, QUICK, path, resume=True, dataset={"train": "a"})


def test_a_run_may_go_on_on_another_device(run: RUN, tmp_path: Path) -> None:
    run(tmp_path / "run", QUICK)
    assert len(run(tmp_path / "run", replace(QUICK, device="cpu"), resume=True).epochs) == 3


def test_a_cycle_can_t_be_made_longer(run: RUN, tmp_path: Path) -> None:
    run(tmp_path / "run", replace(QUICK, schedule="one-cycle"))
    with pytest.raises(CheckpointError, match="written with another epochs: "):
        run(tmp_path / "run", replace(QUICK, schedule="one-cycle", epochs=3), resume=True)


def test_a_run_is_not_resumed_to_fewer_epochs_than_it_had(run: RUN, tmp_path: Path) -> None:
    run(tmp_path / "run", QUICK)
    with pytest.raises(CheckpointError, match="epochs"):
        run(tmp_path / "run", replace(QUICK, epochs=1), resume=True)


def test_there_must_be_something_to_resume(run: RUN, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no checkpoint"):
        run(tmp_path / "nothing", QUICK, resume=True)
