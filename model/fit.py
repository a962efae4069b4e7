"""The training loop: tensors in memory, bf16 where the CPU has it, an average of the weights."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from model.augment import augment
from model.checkpoint import Progress, load_checkpoint, save_checkpoint
from model.data import Digits, as_input
from model.networks import build, logits_of
from model.scores import DIGITS
from model.settings import Settings


@dataclass(frozen=True)
class FitResult:
    """A trained network and what each epoch measured."""

    network: nn.Module
    epochs: list[dict[str, float]]


def fit(digits: Digits, validation: Digits, settings: Settings, checkpoint: Path, resume: bool = False) -> FitResult:
    """Train a network, saving a checkpoint after every epoch.

    Every epoch seeds its own chance, so a run that was stopped and resumed ends
    with the same weights as one that wasn't.

    Args:
        digits: what to learn from; labels up to 9, or 10 for a network that learns what is no digit.
        validation: what each epoch is measured on; labels up to 9.
        checkpoint: where the state of the run is kept.
        resume: go on from ``checkpoint`` instead of starting anew.

    Returns:
        The averaged network, and what each epoch measured.

    Raises:
        CheckpointError: ``resume`` was asked for and the checkpoint doesn't fit.
    """
    torch.manual_seed(settings.seed)
    network = build(settings.model).to(memory_format=torch.channels_last)
    average = AveragedModel(network, avg_fn=average_of(settings.average), use_buffers=True)
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.lr, weight_decay=settings.weight_decay)
    modules = {"network": network, "average": average}
    progress = Progress(asdict(settings))
    if resume:
        progress = load_checkpoint(checkpoint, modules, optimizer, asdict(settings))
    validation_ink = as_input(validation.images)
    for epoch in range(len(progress.epochs), settings.epochs):
        started = time.perf_counter()
        loss = _train_epoch(network, average, optimizer, digits, settings, epoch)
        logits = logits_of(average.module, validation_ink)[:, :DIGITS]
        progress.epochs.append(
            {
                "epoch": epoch + 1,
                "loss": loss,
                "validation_loss": F.cross_entropy(logits, validation.labels).item(),
                "validation_accuracy": (logits.argmax(1) == validation.labels).float().mean().item(),
                "seconds": time.perf_counter() - started,
            }
        )
        save_checkpoint(checkpoint, modules, optimizer, progress)
        tqdm.write(_line(progress.epochs[-1], settings.epochs))
    return FitResult(average.module, progress.epochs)


def _train_epoch(
    network: nn.Module,
    average: AveragedModel,
    optimizer: torch.optim.Optimizer,
    digits: Digits,
    settings: Settings,
    epoch: int,
) -> float:
    """One pass over the digits; gives the mean loss."""
    generator = Generator().manual_seed(settings.seed * 100_003 + epoch)
    torch.manual_seed(settings.seed * 100_003 + epoch)  # dropout draws from the global generator
    network.train()
    order = torch.randperm(len(digits), generator=generator)
    # Batch normalisation can't normalise a last batch of one.
    batches = [batch for batch in torch.split(order, settings.batch_size) if len(batch) > 1]
    total = len(batches) * settings.epochs
    losses = 0.0
    bar = tqdm(total=len(digits), desc=f"epoch {epoch + 1}/{settings.epochs}", unit=" images", leave=False)
    with bar:
        for number, batch in enumerate(batches):
            for group in optimizer.param_groups:
                group["lr"] = one_cycle(epoch * len(batches) + number, total, settings.lr)
            ink = as_input(digits.images[batch])
            if settings.augment:
                ink = augment(ink, generator)
            loss = _step(network, optimizer, ink, digits.labels[batch])
            average.update_parameters(network)
            losses += loss * len(batch)
            bar.update(len(batch))
            bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
    return losses / len(digits)


def _step(network: nn.Module, optimizer: torch.optim.Optimizer, ink: Tensor, labels: Tensor) -> float:
    with torch.autocast("cpu", torch.bfloat16, enabled=has_bf16()):
        logits = network(ink.contiguous(memory_format=torch.channels_last))
    loss = F.cross_entropy(logits.float(), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def one_cycle(step: int, total: int, peak: float, warm_up: float = 0.15) -> float:
    """The learning rate at one step: up to ``peak`` and down to nought, both along a cosine.

    L. Smith & N. Topin, "Super-Convergence" (2018); a pure function of the step,
    so that a resumed run needs no scheduler state.
    """
    turn = warm_up * total
    phase = step / turn if step < turn else 1 + (step - turn) / (total - turn)
    return peak * 0.5 * (1 - math.cos(math.pi * phase))


def average_of(decay: float) -> Callable[[Tensor, Tensor, Tensor | int], Tensor]:
    """How ``AveragedModel`` takes in another step: an exponential average that begins as a plain one.

    Without the ramp the random initial weights would weigh for ``1 / (1 - decay)`` steps,
    and a run of a few epochs would end before they are forgotten.
    """

    def take_in(averaged: Tensor, current: Tensor, steps: Tensor | int) -> Tensor:
        if not averaged.is_floating_point():  # batch normalisation counts its batches
            return current
        ramp = (1 + int(steps)) / (10 + int(steps))
        return torch.lerp(averaged, current.to(averaged.dtype), 1 - min(decay, ramp))

    return take_in


def has_bf16() -> bool:
    """Whether this CPU multiplies bfloat16 natively; emulated, it is slower than float32."""
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def _line(epoch: dict[str, float], epochs: int) -> str:
    return (
        f"epoch {epoch['epoch']:>2}/{epochs}  loss {epoch['loss']:.4f}  "
        f"validation loss {epoch['validation_loss']:.4f}  "
        f"accuracy {epoch['validation_accuracy']:.2%}  {epoch['seconds']:.0f} s"
    )
