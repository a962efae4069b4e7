"""What turns logits into honest answers, fitted on validation digits alone: a temperature and two thresholds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn

from model.data.digits import Digits, as_input
from model.networks.layers import logits_of
from model.reading.scores import DIGITS, digit_score
from model.synthesis.augment import redraw

#: Of the answers given as sure on redrawn validation digits, at most this share may be wrong.
WRONG_WHEN_SURE = 0.002
#: Of validation digits redrawn calmly, this share may be turned away as no digit: far from how anyone
#: writes, a digit comes near to what is none. Of validation digits as they are, fewer than 1 in 1,000 then are.
TURNED_AWAY = 0.002
#: How strongly they are redrawn, of training's warp.
CALM = 0.5
#: How often the validation digits are redrawn, so that the thresholds rest on more than their rare errors.
COPIES = 4


@dataclass(frozen=True)
class Calibration:
    """See ``store.Card`` for the meaning of the three."""

    temperature: float
    unsure_below: float
    no_digit_below: float


def calibrate(network: nn.Module, validation: Digits, seed: int = 0) -> Calibration:
    """Fit the temperature on the validation digits, the thresholds on redrawn copies of them."""
    ink = as_input(validation.images)
    temperature = fit_temperature(logits_of(network, ink)[:, :DIGITS], validation.labels)
    rng = Generator().manual_seed(seed)
    logits, calm = (
        torch.cat([logits_of(network, redraw(ink, rng, strength)) for _ in range(COPIES)]) for strength in (1.0, CALM)
    )
    labels = validation.labels.repeat(COPIES)
    confidence, answers = (logits[:, :DIGITS] / temperature).softmax(1).max(1)
    unsure_below = sure_from(confidence, answers == labels)
    no_digit_below = float(np.quantile(digit_score(calm.double().numpy()), TURNED_AWAY))
    return Calibration(temperature, unsure_below, no_digit_below)


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """The scalar, 0.2 to 5, by which logits (N, 10) are best divided before softmax.

    Least cross entropy (C. Guo et al., "On Calibration of Modern Neural Networks", 2017), on a
    grid of steps of 1 %, finer than the data can tell.
    """
    grid = torch.logspace(-0.7, 0.7, 324, dtype=torch.float64)
    losses = torch.stack([F.cross_entropy(logits.double() / temperature, labels) for temperature in grid])
    return float(grid[losses.argmin()])


def sure_from(confidence: Tensor, right: Tensor, wrong_when_sure: float = WRONG_WHEN_SURE) -> float:
    """The least confidence from which on no more than that share of answers is wrong.

    Args:
        confidence: float (N,), 0…1.
        right: bool (N,).
    """
    confidence, order = confidence.sort(descending=True)
    share = (~right[order]).double().cumsum(0) / torch.arange(1, len(order) + 1)
    # A threshold lets in all that are as confident: only the last of equals tells their share.
    last = torch.cat([confidence[1:] < confidence[:-1], torch.ones(1, dtype=torch.bool)])
    allowed = ((share <= wrong_when_sure) & last).nonzero()
    return float(confidence[allowed[-1]].item()) if len(allowed) else 1.0
