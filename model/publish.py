"""From a trained network to the files that ship: stored weights, thresholds, metrics, mistakes."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import save

from model.calibrate import calibrate
from model.data import Mnist
from model.evaluate import evaluate
from model.fit import FitResult
from model.networks import count_parameters
from model.settings import Settings
from model.store import Card, save_model


def publish(result: FitResult, mnist: Mnist, settings: Settings, folder: Path) -> Card:
    """Calibrate on the validation digits, read the test set, write everything to ``folder``.

    The weights are stored in half precision, and what is measured is what is stored.

    Raises:
        OSError: the folder can't be written; what was there is untouched.
    """
    weights = {name: value.half() if value.is_floating_point() else value for name, value in _state(result).items()}
    result.network.load_state_dict(weights)
    calibration = calibrate(result.network, mnist.validation)
    parts = {"validation": mnist.validation, "test": mnist.test}
    evaluations = {name: evaluate(result.network, digits, calibration.temperature) for name, digits in parts.items()}
    mistakes = evaluations["test"].mistakes
    card = Card(
        model=settings.model,
        sha256={},
        parameters=count_parameters(result.network),
        **asdict(calibration),
        settings=asdict(settings),
        epochs=result.epochs,
        dataset=mnist.checksums,
        metrics={name: evaluation.summary() for name, evaluation in evaluations.items()},
        confusion=evaluations["test"].confusion,
        mistakes=mistakes,
        machine={
            "cores": os.cpu_count(),
            "torch": torch.__version__,
            "minutes": round(sum(epoch["seconds"] for epoch in result.epochs) / 60, 1),
        },
    )
    save_model(folder, card, save(weights), mnist.test.images[[mistake.index for mistake in mistakes]].numpy())
    return card


def _state(result: FitResult) -> dict[str, torch.Tensor]:
    return {name: value.contiguous() for name, value in result.network.state_dict().items()}
