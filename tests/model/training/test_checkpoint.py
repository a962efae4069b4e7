from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest
import torch
from safetensors.torch import save
from torch import Generator, nn
from torch.optim import Optimizer

from model.errors import CheckpointError
from model.training.checkpoint import Progress, load_checkpoint, save_checkpoint

SETTINGS: dict[str, Any] = {"model": "cnn", "epochs": 3, "lr": 0.004, "augment": True}
EPOCHS = [{"epoch": 1.0, "loss": 0.1 + 0.2}, {"epoch": 2.0, "loss": 0.25}]
LOG = [(500, 2.25), (1000, 0.1 + 0.2)]
#: What a whole checkpoint keeps beside its tensors.
METADATA = {
    "settings": json.dumps(SETTINGS),
    "dataset": "{}",
    **{"epochs": "[]", "log": "[]", "batches": "0", "seen": "0", "loss": "0.0", "right": "0"},
}
OPTIMIZERS = [
    torch.optim.AdamW,
    torch.optim.Adam,
    partial(torch.optim.SGD, lr=0.01),
    partial(torch.optim.SGD, lr=0.01, momentum=0.5),
]


class Run:
    """A little network, one step of an optimizer behind it."""

    def __init__(self, seed: int, width: int = 3, kind: Callable[..., Optimizer] = torch.optim.AdamW) -> None:
        torch.manual_seed(seed)
        self.network = nn.Sequential(nn.Linear(4, width), nn.BatchNorm1d(width))
        self.optimizer = kind(self.network.parameters())
        self.modules: dict[str, nn.Module] = {"network": self.network}
        self.step()

    def step(self) -> None:
        self.network(torch.arange(20.0).view(5, 4)).square().sum().backward()
        self.optimizer.step()

    def save(self, path: Path, progress: Progress | None = None) -> None:
        save_checkpoint(path, self.modules, self.optimizer, progress or Progress(SETTINGS, EPOCHS, LOG))

    def load(self, path: Path, settings: dict[str, Any] = SETTINGS) -> Progress:
        return load_checkpoint(path, self.modules, self.optimizer, settings)

    def tensors(self) -> list[torch.Tensor]:
        states = self.optimizer.state_dict()["state"].values()
        found = [*self.network.state_dict().values(), *(state[key] for state in states for key in sorted(state))]
        return [value for value in found if value is not None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Run(seed=1).save(tmp_path / "checkpoint.safetensors")
    return tmp_path / "checkpoint.safetensors"


def fail(*_: object) -> NoReturn:
    raise OSError(28, "No space left on device")


def test_a_checkpoint_brings_everything_back(path: Path) -> None:
    one, other = Run(seed=1), Run(seed=2)
    progress = other.load(path)
    assert progress == Progress(SETTINGS, EPOCHS, LOG)
    assert len(one.tensors()) == len(other.tensors()) == 19
    assert all(torch.equal(a, b) for a, b in zip(one.tensors(), other.tensors(), strict=True))


def test_the_middle_of_an_epoch_comes_back(path: Path) -> None:
    rng = {"augmentation": Generator().manual_seed(3).get_state(), "dropout": torch.get_rng_state()}
    Run(seed=1).save(
        path, Progress(SETTINGS, EPOCHS, [], batches=7, seen=350, loss=0.1 * 3, right=42, random_states=rng)
    )
    progress = Run(seed=2).load(path)
    assert (progress.batches, progress.seen, progress.loss, progress.right) == (7, 350, 0.1 * 3, 42)
    assert sorted(progress.random_states) == ["augmentation", "dropout"]
    assert all(torch.equal(state, rng[name]) for name, state in progress.random_states.items())


def test_an_epoch_s_means_are_over_its_digits() -> None:
    progress = Progress(SETTINGS, random_states={"dropout": torch.get_rng_state()})
    progress.add(30, 0.5, 12)
    progress.add(10, 1.5, 8)
    assert (progress.batches, progress.seen) == (2, 40)
    assert progress.finish_epoch() == {"loss": 0.75, "accuracy": 0.5}
    assert progress == Progress(SETTINGS)


def test_an_epoch_of_no_digits_has_means() -> None:
    assert Progress(SETTINGS).finish_epoch() == {"loss": 0.0, "accuracy": 0.0}


@pytest.mark.parametrize("kind", OPTIMIZERS, ids=["adamw", "adam", "sgd", "sgd with momentum"])
def test_training_goes_on_as_if_it_had_not_stopped(path: Path, kind: Callable[..., Optimizer]) -> None:
    one, other = Run(seed=1, kind=kind), Run(seed=2, kind=kind)
    one.save(path)
    other.load(path)
    other.optimizer.zero_grad()
    one.optimizer.zero_grad()
    one.step()
    other.step()
    assert all(torch.equal(a, b) for a, b in zip(one.tensors(), other.tensors(), strict=True))


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"lr": 0.002}, "lr"), ({"epochs": 4, "augment": False}, "augment, epochs"), ({"seed": 1}, "seed")],
)
def test_other_settings_are_named(path: Path, changed: dict[str, Any], named: str) -> None:
    run = Run(seed=2)
    with pytest.raises(CheckpointError, match=f"written with another {named}: .* --resume"):
        run.load(path, {**SETTINGS, **changed})
    assert all(torch.equal(a, b) for a, b in zip(run.tensors(), Run(seed=2).tensors(), strict=True))


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no checkpoint .*nothing.safetensors to go on from"):
        Run(seed=1).load(tmp_path / "nothing.safetensors")


@pytest.mark.parametrize("length", [0, 1, 7, 8, 20, 300, -1])
def test_a_truncated_checkpoint_is_damaged(path: Path, length: int) -> None:
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(CheckpointError, match="is damaged: delete it"):
        Run(seed=1).load(path)


@pytest.mark.parametrize("content", [b"a text file\n" * 9, b"\xff" * 100, b"\x80\x04\x95 a pickle"])
def test_another_kind_of_file_is_damaged(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="is damaged: delete it"):
        Run(seed=1).load(path)


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        {"settings": "{}"},
        {**METADATA, "settings": "{"},
        {**METADATA, "settings": "3"},
        {**METADATA, "log": ""},
        {name: text for name, text in METADATA.items() if name != "seen"},
    ],
    ids=["none", "empty", "settings alone", "half an object", "a number", "no log", "an older format"],
)
def test_a_safetensors_file_without_progress_is_damaged(path: Path, metadata: dict[str, str] | None) -> None:
    path.write_bytes(save({"network.0.weight": torch.zeros(3, 4)}, metadata))
    with pytest.raises(CheckpointError, match="is damaged: delete it"):
        Run(seed=1).load(path)


def test_a_folder_is_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="is damaged"):
        Run(seed=1).load(tmp_path)


def test_a_checkpoint_of_another_network_is_refused(path: Path) -> None:
    with pytest.raises(CheckpointError, match="is of another network"):
        Run(seed=1, width=5).load(path)


@pytest.mark.parametrize("key", ["optimizer.x.step", "optimizer.0", "network.9.weight"])
def test_strange_keys_are_of_another_network(path: Path, key: str) -> None:
    tensors = {f"network.{name}": value for name, value in Run(seed=1).network.state_dict().items()}
    path.write_bytes(save({**tensors, key: torch.zeros(1)}, METADATA))
    with pytest.raises(CheckpointError, match="is of another network"):
        Run(seed=1).load(path)


@pytest.mark.parametrize("function", ["os.fsync", "pathlib.Path.replace"])
def test_the_old_checkpoint_survives_a_full_disk(path: Path, monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    before = path.read_bytes()
    monkeypatch.setattr(function, fail)
    with pytest.raises(OSError, match="No space left"):
        Run(seed=2).save(path)
    assert [file.read_bytes() for file in path.parent.iterdir()] == [before]
