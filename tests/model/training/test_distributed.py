from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from torch import Tensor, nn

from model.networks.weights import load_network
from model.reading.store import Card, load_card
from model.training.distributed import is_writer, process_group, rank, share_of, shared, wait_for_all
from tests.helpers.running import ROOT
from train import main

#: Seconds after which two processes are stuck.
LONGEST = 200


def together(monkeypatch: pytest.MonkeyPatch, number: int, world: int) -> None:
    """As if this were one of several processes."""
    monkeypatch.setattr("torch.distributed.is_initialized", lambda: True)
    monkeypatch.setattr("torch.distributed.get_rank", lambda: number)
    monkeypatch.setattr("torch.distributed.get_world_size", lambda: world)


# One process


def test_a_process_alone_writes_and_has_the_whole_batch() -> None:
    batch, network = torch.arange(5), nn.Linear(2, 3)
    wait_for_all()
    assert (rank(), is_writer()) == (0, True)
    assert share_of(batch) is batch
    assert shared(network) is network


@pytest.mark.parametrize("environment", [{}, {"WORLD_SIZE": "1", "RANK": "0"}])
def test_a_process_alone_joins_nobody(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with process_group(torch.device("cpu")):
        assert not dist.is_initialized()


@pytest.mark.parametrize(("number", "writes"), [(0, True), (1, False), (2, False)])
def test_the_first_process_alone_writes(monkeypatch: pytest.MonkeyPatch, number: int, writes: bool) -> None:
    together(monkeypatch, number, 3)
    assert (rank(), is_writer()) == (number, writes)


@pytest.mark.parametrize(("number", "share"), [(0, [10, 13]), (1, [11, 14]), (2, [12, 15])])
def test_shares_are_of_the_same_length(monkeypatch: pytest.MonkeyPatch, number: int, share: list[int]) -> None:
    together(monkeypatch, number, 3)
    assert share_of(torch.arange(10, 18)).tolist() == share


# Two processes


@dataclass(frozen=True)
class Run:
    """What a training run left behind."""

    folder: Path
    out: str

    @property
    def card(self) -> Card:
        return load_card("logistic", self.folder / "out")

    def weights(self) -> Tensor:
        network = load_network(self.card, self.folder / "out")
        return torch.cat([value.flatten() for value in network.state_dict().values()])


def arguments(folder: Path, *more: str) -> list[str]:
    """Softmax regression on the extract: eleven batches of 50 an epoch."""
    settings = ["--model=logistic", "--epochs=4", "--batch-size=50", "--log-interval=4", "--no-plot"]
    data = str(ROOT / "tests" / "data")
    return [*settings, f"--data={data}", f"--out={folder / 'out'}", f"--checkpoint={folder / 'run'}", *more]


def torchrun(folder: Path, *more: str, script: str = "train.py") -> subprocess.CompletedProcess[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port", port]
    return subprocess.run(
        [*torchrun, script, *arguments(folder, *more)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that two processes shared."""
    folder = tmp_path_factory.mktemp("two")
    done = torchrun(folder)
    assert done.returncode == 0, done.stderr
    return Run(folder, done.stdout)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same run of one process."""
    folder = tmp_path_factory.mktemp("alone")
    assert main(arguments(folder)) == 0
    return Run(folder, "")


@pytest.mark.server
def test_two_processes_learn_what_one_learns(two: Run, alone: Run) -> None:
    torch.testing.assert_close(two.weights(), alone.weights(), atol=1e-3, rtol=0)
    assert two.card.metrics["test"]["right"] == pytest.approx(alone.card.metrics["test"]["right"], abs=1)
    assert alone.card.metrics["test"]["accuracy"] > 0.7  # chance: 0.1


@pytest.mark.server
def test_two_processes_measure_what_one_measures(two: Run, alone: Run) -> None:
    names = ("epoch", "examples", "validation_loss", "validation_accuracy")
    one, other = ([epoch[name] for epoch in run.card.epochs for name in names] for run in (two, alone))
    assert one == pytest.approx(other, abs=0.02)
    assert [seen for seen, _ in two.card.log] == [seen for seen, _ in alone.card.log]


@pytest.mark.server
def test_the_training_figures_are_of_all_processes(two: Run, alone: Run) -> None:
    for name in ("accuracy", "loss"):
        one, other = ([epoch[name] for epoch in run.card.epochs[1:]] for run in (two, alone))
        assert one == pytest.approx(other, abs=0.01)


@pytest.mark.server
def test_two_processes_write_one_set_of_files(two: Run) -> None:
    assert sorted(
        path.name for folder in (two.folder, two.folder / "out") for path in folder.iterdir() if path.is_file()
    ) == [
        "logistic.history.safetensors",
        "logistic.json",
        "logistic.mistakes.png",
        "logistic.safetensors",
        "run",
    ]


@pytest.mark.server
def test_two_processes_print_once(two: Run) -> None:
    assert two.out.count("epoch  4/4") == two.out.count("epoch 4 [400/550]") == 1
    assert two.out.count("\nwritten to ") == 1


@pytest.mark.server
def test_what_two_processes_began_one_goes_on_with(two: Run, tmp_path: Path) -> None:
    shutil.copy(two.folder / "run", tmp_path)
    assert main(arguments(tmp_path, "--epochs=5", "--resume")) == 0
    card = load_card("logistic", tmp_path / "out")
    assert [epoch["epoch"] for epoch in card.epochs] == [0, 1, 2, 3, 4, 5]
    assert card.epochs[:5] == two.card.epochs


@pytest.mark.server
def test_two_processes_stopped_in_an_epoch_end_like_two_that_were_not(tmp_path: Path) -> None:
    # Each augments and drops out in its own way: the states of both must be kept.
    settings = ["--model=tutorial-cnn", "--epochs=2", "--augment", "--degrade=0.3"]
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    assert torchrun(whole, *settings).returncode == 0
    # Saved are the untrained network, three states of the first epoch, its end, and the first state of the second:
    # only from there on do the random generators' states count.
    cut = torchrun(stopped, *settings, script="tests/helpers/stopped.py")
    assert cut.returncode != 0
    assert "stopped at state 6" in cut.stdout
    assert "epoch 2 [200/600]" in cut.stdout
    assert not (stopped / "out").exists()
    done = torchrun(stopped, *settings, "--resume")
    assert done.returncode == 0, done.stderr
    one, other = ((folder / "out" / "tutorial-cnn.safetensors").read_bytes() for folder in (whole, stopped))
    assert one == other


@pytest.mark.server
def test_a_mistake_in_the_command_ends_both_processes(tmp_path: Path) -> None:
    done = torchrun(tmp_path, "--resume")
    assert done.returncode != 0
    assert f"error: there is no checkpoint {tmp_path / 'run'} to go on from" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.server
def test_no_process_is_left_with_a_single_digit(tmp_path: Path) -> None:
    plain = ["--model=cnn", "--styles=0", "--pens=0", "--degraded=0", "--outliers=0"]
    done = torchrun(tmp_path, *plain, "--epochs=1", "--batch-size=274")  # 550 = 274 + 274 + 2
    assert done.returncode == 0, done.stderr
    assert [epoch["examples"] for epoch in load_card("cnn", tmp_path / "out").epochs] == [0, 548]
