"""A small card, and a model's files beside it, as a checkout has them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save

from model.networks.layers import layers_of
from model.networks.registry import build
from model.reading.store import Card, Mistake, save_model, tiles
from model.reading.versions import VERSIONS

CARD = Card(
    model="cnn",
    about="A network to test with.",
    sha256={},
    parameters=476_011,
    temperature=1.5,
    unsure_below=0.75,
    no_digit_below=-0.5,
    settings={"model": "cnn", "epochs": 1, "lr": 0.004, "augment": True},
    epochs=[{"epoch": 0, "validation_accuracy": 0.1}, {"epoch": 1, "loss": 0.1 + 0.2}],
    log=[(250, 2.25), (500, 0.1 + 0.2)],
    dataset={"train-images-idx3-ubyte": "12ab"},
    metrics={"test": {"right": 198, "total": 200, "accuracy": 0.99}},
    confusion=[[1] * 10] * 10,
    mistakes=[
        Mistake(3, "7", [("1", 0.5), ("7", 0.25), ("9", 0.125)], disputed=True),
        Mistake(9, "0", [("6", 0.9), ("0", 0.05), ("8", 0.01)], disputed=False),
    ],
    machine={"cores": 2, "torch": "2.0", "minutes": 1.5, "milliseconds": 0.25},
    layers=layers_of(build("cnn")),
)
TILES: NDArray[np.uint8] = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)


def weights(seed: int) -> bytes:
    torch.manual_seed(seed)
    return save(build("cnn").state_dict())


def files(seed: int = 1, images: NDArray[np.uint8] = TILES) -> dict[str, bytes]:
    return {".safetensors": weights(seed), ".mistakes.png": tiles(images)}


def save_again(folder: Path) -> Card:
    return save_model(folder, replace(CARD, temperature=0.5), files(2, 255 - TILES))


def save_with(folder: Path, name: str, accuracy: float) -> None:
    save_model(folder, replace(CARD, model=name, metrics={"test": {"accuracy": accuracy}}), {".safetensors": b"1"})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def checkout(path: Path) -> Path:
    """A folder with a model as it is in a checkout, in which no files but the named ones are."""
    save_model(path / "weights", CARD, files())
    shutil.rmtree(path / "weights" / VERSIONS)
    return path / "weights"
