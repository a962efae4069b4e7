"""The state of a training run in one safetensors file, never a pickle."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.optim import Optimizer

from model.errors import CheckpointError
from model.files import write_atomically

#: What of ``Progress`` is kept as JSON beside the tensors.
KEPT = ("settings", "dataset", "epochs", "log", "batches", "seen", "loss", "right")


@dataclass
class Progress:
    """How far a run has come.

    Attributes:
        settings: of the run.
        epochs: what was measured before the first epoch and after each.
        log: examples seen and the loss, at each logging interval.
        batches: how many of the current epoch's are done.
        seen: digits of the current epoch so far; ``loss`` and ``right`` are sums over them.
        random_states: of the generators in the middle of an epoch, as ``NAME.PROCESS``.
        dataset: SHA-256 of each file of its data.
        moments: batches done and digits seen, each time that the weights were kept to be replayed.
        snapshots: those weights in half precision, as ``BATCHES.NAME``.
    """

    settings: dict[str, Any]
    epochs: list[dict[str, float]] = field(default_factory=list)
    log: list[tuple[int, float]] = field(default_factory=list)
    batches: int = 0
    seen: int = 0
    loss: float = 0.0
    right: int = 0
    random_states: dict[str, Tensor] = field(default_factory=dict)
    dataset: dict[str, str] = field(default_factory=dict)
    moments: list[tuple[int, int]] = field(default_factory=list)
    snapshots: dict[str, Tensor] = field(default_factory=dict)

    def add(self, count: int, loss: float, right: int) -> None:
        """Another batch of ``count`` digits, its mean loss, how many it read right."""
        self.batches, self.seen = self.batches + 1, self.seen + count
        self.loss, self.right = self.loss + loss * count, self.right + right

    def keep(self, batches: int, digits: int, network: nn.Module) -> None:
        """Keep a network's weights as they are now."""
        self.moments.append((batches, digits))
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                self.snapshots[f"{batches}.{name}"] = value.detach().half().cpu().contiguous().clone()

    def finish_epoch(self) -> dict[str, float]:
        """The epoch's mean loss and accuracy in training; the sums begin anew."""
        means = {"loss": self.loss / max(1, self.seen), "accuracy": self.right / max(1, self.seen)}
        self.batches, self.seen, self.loss, self.right, self.random_states = 0, 0, 0.0, 0, {}
        return means


def save_checkpoint(path: Path, modules: dict[str, nn.Module], optimizer: Optimizer, progress: Progress) -> None:
    """Write the modules, the optimizer's state and the progress, atomically.

    Args:
        modules: such as ``{"network": …, "average": …}``; their state is kept under these names.
    """
    tensors: dict[str, Tensor] = {
        f"{name}.{key}": value.contiguous().clone()
        for name, module in modules.items()
        for key, value in module.state_dict().items()
    }
    for index, state in optimizer.state_dict()["state"].items():
        for key, value in state.items():
            if value is not None:  # SGD without momentum has a buffer that is none
                tensors[f"optimizer.{index}.{key}"] = torch.as_tensor(value).contiguous().clone()
    tensors |= {f"random.{name}": state.clone() for name, state in progress.random_states.items()}
    tensors |= {f"snapshot.{name}": value for name, value in progress.snapshots.items()}
    metadata = {name: json.dumps(getattr(progress, name)) for name in (*KEPT, "moments")}
    write_atomically(path, save(tensors, metadata))


def load_checkpoint(
    path: Path,
    modules: dict[str, nn.Module],
    optimizer: Optimizer,
    settings: dict[str, Any],
    dataset: dict[str, str] | None = None,
) -> Progress:
    """Put the saved state back into the modules and the optimizer.

    Raises:
        CheckpointError: the file is missing or damaged, or was written with other settings or data.
    """
    try:
        with safe_open(str(path), framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
        kept = {name: json.loads(metadata[name]) for name in KEPT}
        kept["log"] = [(examples, loss) for examples, loss in kept["log"]]
        # A checkpoint of before weights were kept has none of them.
        moments = [(batches, digits) for batches, digits in json.loads(metadata.get("moments", "[]"))]
        progress = Progress(
            **{**kept, "settings": dict(kept["settings"]), "dataset": dict(kept["dataset"])},
            random_states=_below("random", tensors),
            moments=moments,
            snapshots=_below("snapshot", tensors),
        )
    except FileNotFoundError:
        raise CheckpointError("no-checkpoint", path=path) from None
    except (SafetensorError, OSError, KeyError, ValueError, TypeError) as error:
        raise CheckpointError("damaged-checkpoint", path=path) from error
    different = sorted(key for key in settings if progress.settings.get(key) != settings[key])
    if different:
        raise CheckpointError("other-settings", path=path, names=", ".join(different))
    if progress.dataset != (dataset or {}):
        raise CheckpointError("other-dataset", path=path)
    try:
        for name, module in modules.items():
            module.load_state_dict(_below(name, tensors))
        state: dict[int, dict[str, Tensor]] = {}
        for key, value in _below("optimizer", tensors).items():
            index, name = key.split(".", 1)
            state.setdefault(int(index), {})[name] = value
        optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
    except (RuntimeError, ValueError, KeyError) as error:
        raise CheckpointError("other-network", path=path) from error
    return progress


def _below(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    start = prefix + "."
    return {key[len(start) :]: value for key, value in tensors.items() if key.startswith(start)}
