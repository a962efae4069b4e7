"""The training loop: tensors in memory, bf16 where the CPU has it, an average of the weights."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from model.data.digits import Digits, as_input
from model.errors import CheckpointError
from model.networks.layers import logits_of
from model.networks.registry import build, entry
from model.reading.scores import DIGITS
from model.settings import Settings
from model.synthesis.augment import augment
from model.training.checkpoint import Progress, load_checkpoint, save_checkpoint
from model.training.device import device_of, dropout_state, has_bf16, set_dropout_state
from model.training.distributed import gathered, is_writer, rank, share_of, shared, summed, wait_for_all
from model.training.schedule import average_of, learning_rate, optimizer_of, warp_strength

#: What the seed is multiplied by before the epoch's number is added, and what is added for each process but the first:
#: primes, so that no two epochs of any two seeds or processes draw alike.
EPOCH_PRIME = 100_003
PROCESS_PRIME = 7_000_003
#: Settings that a run may change when it goes on: they don't change what was trained so far.
FREE = ("log_interval", "device")


@dataclass(frozen=True)
class FitResult:
    """A trained network and what was measured on the way.

    Attributes:
        network: in evaluation mode, its weights averaged if the settings say so.
        epochs: what was measured before the first epoch and after each.
        log: examples seen and the loss of the batch, at each logging interval.
        moments: batches done and digits seen, each time that the weights were kept to be replayed.
        snapshots: those weights in half precision, as ``BATCHES.NAME``.
    """

    network: nn.Module
    epochs: list[dict[str, float]]
    log: list[tuple[int, float]]
    moments: list[tuple[int, int]] = field(default_factory=list)
    snapshots: dict[str, Tensor] = field(default_factory=dict)


def fit(
    digits: Digits,
    watched: Mapping[str, Digits],
    settings: Settings,
    checkpoint: Path,
    resume: bool = False,
    *,
    dataset: Mapping[str, str] | None = None,
) -> FitResult:
    """Train a network, saving a checkpoint at each logging interval and after every epoch.

    Every epoch seeds its random generators anew, and a state that is saved in the middle of an epoch holds those of
    every process. So a run that was stopped and resumed by as many processes ends with the same weights as one that
    wasn't, on the same kind of device.

    Args:
        digits: what to learn from; labels up to 9, or 10 for a network that learns what is no digit.
        watched: what each epoch is measured on, by name, such as ``{"validation": …}``; labels up to 9.
        checkpoint: where the state of the run is kept.
        resume: go on from ``checkpoint`` instead of starting anew.
        dataset: SHA-256 of the files of the data; a run goes on only with those that it began with.

    Raises:
        CheckpointError: ``resume`` was asked for and the checkpoint doesn't fit.
        SettingsError: there are too few GPUs.
    """
    run = _Run(digits, watched, settings, checkpoint, dict(dataset or {}))
    if resume:
        run.resume()
    run.train()
    done = run.progress
    return FitResult(run.average.module.cpu(), done.epochs, done.log, done.moments, done.snapshots)


class _Run:
    """The state of one training run."""

    def __init__(
        self,
        digits: Digits,
        watched: Mapping[str, Digits],
        settings: Settings,
        checkpoint: Path,
        dataset: dict[str, str],
    ) -> None:
        torch.manual_seed(settings.seed)
        self.device = device_of(settings.device)
        self.digits, self.watched, self.settings, self.checkpoint = digits, watched, settings, checkpoint
        self.network = build(settings.model).to(self.device).to(memory_format=torch.channels_last)
        self.average = AveragedModel(self.network, avg_fn=average_of(settings.average), use_buffers=True)
        self.trained = shared(self.network)
        self.optimizer = optimizer_of(self.network.parameters(), settings)
        self.rng = Generator()
        self.progress = Progress(asdict(settings), dataset=dataset)
        self.early = entry(settings.model).early
        self.use_bf16 = settings.bf16 and has_bf16(self.device)

    def resume(self) -> None:
        """Take up the state that the checkpoint holds."""
        # With a constant learning rate a finished run may go on for more epochs.
        free = (*FREE, "epochs") if self.settings.schedule == "constant" else FREE
        wanted = {name: value for name, value in asdict(self.settings).items() if name not in free}
        self.progress = load_checkpoint(self.checkpoint, self._modules(), self.optimizer, wanted, self.progress.dataset)
        self.progress.settings = asdict(self.settings)
        begun = len(self.progress.epochs) - 1 + (self.progress.batches > 0)
        if begun > self.settings.epochs:
            raise CheckpointError("epoch-passed", path=self.checkpoint, epoch=begun)

    def train(self) -> None:
        """From where the progress stands to the last epoch."""
        if not self.progress.epochs:
            if self.early:
                self.progress.keep(0, 0, self.average.module)
            self._measure({"epoch": 0, "examples": 0, "seconds": 0.0})
        for epoch in range(len(self.progress.epochs) - 1, self.settings.epochs):
            self._train_epoch(epoch)

    def _train_epoch(self, epoch: int) -> None:
        started, progress = time.perf_counter(), self.progress
        batches = self._batches(epoch)
        total = self.settings.epochs * len(batches)
        with tqdm(
            total=len(self.digits),
            initial=progress.batches * self.settings.batch_size,
            desc=f"epoch {epoch + 1}/{self.settings.epochs}",
            unit=" images",
            leave=False,
            disable=not is_writer(),
        ) as bar:
            for number in range(progress.batches, len(batches)):
                batch = batches[number]
                count, loss, right = self._step(share_of(batch), epoch * len(batches) + number, total)
                progress.add(count, loss, right)
                if epoch == 0 and number + 1 in self.early and number + 1 < len(batches):
                    progress.keep(number + 1, progress.seen, self.average.module)
                bar.update(len(batch))
                bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
                if self.settings.log_interval and (number + 1) % self.settings.log_interval == 0:
                    self._log(epoch, loss)
        seen, means = progress.seen, progress.finish_epoch()
        if self.early:
            digits = int(progress.epochs[-1]["examples"]) + seen
            progress.keep((epoch + 1) * len(batches), digits, self.average.module)
        self._measure(
            {
                "epoch": epoch + 1,
                "examples": int(progress.epochs[-1]["examples"]) + seen,
                **means,
                "seconds": time.perf_counter() - started,
            }
        )

    def _batches(self, epoch: int) -> list[Tensor]:
        """The epoch's order, and the random generators set to where the progress stands."""
        seed = self.settings.seed * EPOCH_PRIME + epoch
        self.rng.manual_seed(seed)
        torch.manual_seed(seed + PROCESS_PRIME * rank())  # dropout draws from the global generator
        order = torch.randperm(len(self.digits), generator=self.rng)
        if rank():
            self.rng.manual_seed(seed + PROCESS_PRIME * rank())  # each process augments in its own way
        states = self.progress.random_states
        if self.progress.batches and f"augmentation.{rank()}" in states:
            self.rng.set_state(states[f"augmentation.{rank()}"])
            for name in dropout_state(self.device):
                if f"{name}.{rank()}" in states:  # else the state is another kind of device's
                    set_dropout_state(self.device, states[f"{name}.{rank()}"])
        # Batch normalisation can't normalise a last batch of one.
        return [batch for batch in torch.split(order, self.settings.batch_size) if len(share_of(batch)) > 1]

    def _step(self, batch: Tensor, step: int, total: int) -> tuple[int, float, int]:
        """One step of the optimizer; of all processes how many digits, their mean loss, how many were read right."""
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(step, total, self.settings)
        self.network.train()
        ink, labels = as_input(self.digits.images[batch]), self.digits.labels[batch]
        if self.settings.augment:
            strength = warp_strength(step, total, self.settings)
            ink = augment(ink, self.rng, self.settings.degrade, strength)
        ink, labels = ink.to(self.device), labels.to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.use_bf16):
            logits = self.trained(ink.contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(logits.float(), labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.average.update_parameters(self.network)
        hits = int((logits.argmax(1) == labels).sum())
        count, losses, right = summed(len(batch), loss.item() * len(batch), hits)
        return round(count), losses / count, round(right)

    def _log(self, epoch: int, loss: float) -> None:
        """Print the loss and save the state in the middle of an epoch."""
        before = int(self.progress.epochs[-1]["examples"]) if epoch else 0
        self.progress.log.append((before + self.progress.seen, round(loss, 5)))
        self.progress.random_states = {
            f"{name}.{number}": state
            for name, own in {"augmentation": self.rng.get_state(), **dropout_state(self.device)}.items()
            for number, state in enumerate(gathered(own))
        }
        if is_writer():
            tqdm.write(f"epoch {epoch + 1} [{self.progress.seen}/{len(self.digits)}]  loss {loss:.4f}")
        self._save()

    def _measure(self, epoch: dict[str, float]) -> None:
        """Add what the watched digits say, print it, save the state."""
        if is_writer():
            for name, digits in self.watched.items():
                logits = logits_of(self.average.module, as_input(digits.images))[:, :DIGITS]
                epoch[f"{name}_loss"] = F.cross_entropy(logits, digits.labels).item()
                epoch[f"{name}_accuracy"] = (logits.argmax(1) == digits.labels).float().mean().item()
            tqdm.write(describe(epoch, self.settings.epochs))
        self.progress.epochs.append(epoch)
        self._save()

    def _save(self) -> None:
        if is_writer():
            save_checkpoint(self.checkpoint, self._modules(), self.optimizer, self.progress)
        wait_for_all()

    def _modules(self) -> dict[str, nn.Module]:
        return {"network": self.network, "average": self.average}


def describe(epoch: dict[str, float], epochs: int) -> str:
    """What an epoch measured, in one line."""
    parts = [f"epoch {epoch['epoch']:>2}/{epochs}"]
    if "loss" in epoch:
        parts.append(f"loss {epoch['loss']:.4f}")
    for name in ("validation", "test"):
        if f"{name}_loss" in epoch:
            parts.append(f"{name} loss {epoch[f'{name}_loss']:.4f}  accuracy {epoch[f'{name}_accuracy']:.2%}")
    return "  ".join([*parts, f"{epoch['seconds']:.0f} s"])
