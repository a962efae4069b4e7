"""What changes from step to step: the learning rate, the averaged weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from model.settings import Settings


def optimizer_of(parameters: Iterable[nn.Parameter], settings: Settings) -> Optimizer:
    """The optimizer that the settings name."""
    if settings.optimizer == "sgd":
        return torch.optim.SGD(
            parameters, lr=settings.lr, momentum=settings.momentum, weight_decay=settings.weight_decay
        )
    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    return kind(parameters, lr=settings.lr, weight_decay=settings.weight_decay)


def learning_rate(step: int, total: int, settings: Settings) -> float:
    """The learning rate at one step; a pure function of it, so that a resumed run needs no scheduler's state."""
    return one_cycle(step, total, settings.lr) if settings.schedule == "one-cycle" else settings.lr


def one_cycle(step: int, total: int, peak: float, warm_up: float = 0.15) -> float:
    """Up to ``peak`` and down to nought, both along a cosine (L. Smith & N. Topin, "Super-Convergence", 2018)."""
    turn = warm_up * total
    phase = step / turn if step < turn else 1 + (step - turn) / (total - turn)
    return peak * 0.5 * (1 - math.cos(math.pi * phase))


def warp_strength(step: int, total: int, settings: Settings) -> float:
    """How strongly digits are redrawn at one step: from ``warp`` evenly down to ``calm`` of it."""
    return settings.warp * (1 - (1 - settings.calm) * step / total)


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
