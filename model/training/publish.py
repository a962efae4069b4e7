"""From a trained network to the files that ship: stored weights, thresholds, metrics, mistakes, pictures."""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save
from torch import Tensor, nn

from model.data.digits import DataSet, Digits
from model.evaluate import Evaluation, evaluate
from model.networks.layers import count_parameters, layers_of
from model.networks.registry import entry
from model.reading.forward import Forward
from model.reading.history import SUFFIX
from model.reading.store import Card, save_model, tiles
from model.settings import Settings
from model.training.calibrate import calibrate
from model.training.device import device_of
from model.training.fit import FitResult
from model.training.history import history_of
from model.training.plots import curves, sample_grid, weight_pictures

#: A first layer of up to so many units on the bare pixels is shown as pictures.
MOST_WEIGHT_PICTURES = 30


def publish(result: FitResult, data: DataSet, settings: Settings, folder: Path, *, plot: bool = True) -> Card:
    """Calibrate on the validation digits, read the test set, write everything to ``folder``.

    The weights are stored in half precision, and what is measured is what is stored.

    Args:
        plot: draw the pictures, too.

    Raises:
        OSError: the folder can't be written; what was there is untouched.
    """
    weights = {name: value.half() if value.is_floating_point() else value for name, value in _state(result).items()}
    result.network.load_state_dict(weights)
    layers = layers_of(result.network)
    floats = {name: value.float().numpy() for name, value in weights.items() if value.is_floating_point()}
    calibration = calibrate(result.network, data.validation)
    parts = {"validation": data.validation, "test": data.test}
    evaluations = {name: evaluate(result.network, digits, calibration.temperature) for name, digits in parts.items()}
    test = evaluations["test"]
    card = Card(
        model=settings.model,
        about=entry(settings.model).about,
        sha256={},
        parameters=count_parameters(result.network),
        **asdict(calibration),
        settings=asdict(settings),
        epochs=result.epochs,
        log=result.log,
        dataset=data.checksums,
        metrics={
            "validation": evaluations["validation"].summary(),
            "test": {**test.summary(), "per_class": test.per_class()},
        },
        confusion=test.confusion,
        mistakes=test.mistakes,
        machine={
            "cores": os.cpu_count(),
            "device": device_of(settings.device).type,
            "torch": torch.__version__,
            "minutes": round(sum(epoch["seconds"] for epoch in result.epochs) / 60, 1),
            "milliseconds": round(_milliseconds(Forward(layers, floats)), 3),
        },
        layers=layers,
    )
    stored = save(weights)
    files = {".safetensors": stored, ".mistakes.png": tiles(_pictures(data.test, test))}
    if history := history_of(result, stored, data.test):
        files[SUFFIX] = history
    return save_model(folder, card, files | (_plots(result, data.test, test) if plot else {}))


def _state(result: FitResult) -> dict[str, Tensor]:
    return {name: value.contiguous() for name, value in result.network.state_dict().items()}


def _pictures(test: Digits, evaluation: Evaluation) -> NDArray[np.uint8]:
    """The misread digits, uint8 (N, 28, 28)."""
    return np.asarray(test.images[[mistake.index for mistake in evaluation.mistakes]].numpy())


def _plots(result: FitResult, test: Digits, evaluation: Evaluation) -> dict[str, bytes]:
    files = {
        ".curves.png": curves(result.epochs, result.log),
        ".samples.png": sample_grid(test.images[:6].numpy(), test.labels[:6].tolist(), evaluation.answers[:6].tolist()),
    }
    first = next((layer for layer in result.network.modules() if isinstance(layer, nn.Linear)), None)
    if first is not None and first.in_features == 28 * 28 and first.out_features <= MOST_WEIGHT_PICTURES:
        files[".weights.png"] = weight_pictures(first.weight.detach().float().numpy())
    return files


def _milliseconds(forward: Forward, count: int = 50) -> float:
    """The median time of one digit."""
    ink, times = np.zeros((1, 28, 28), np.float32), []
    for _ in range(count):
        started = time.perf_counter()
        forward(ink)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
