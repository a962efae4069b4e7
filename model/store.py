"""The shipped weights: NAME.safetensors, NAME.mistakes.png and, written last, NAME.json that vouches for both."""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.errors import WeightsError
from model.files import write_together

if TYPE_CHECKING:
    from torch import nn

WEIGHTS = Path(__file__).parent / "weights"
AGAIN = "train it anew with `python train.py`, or fetch the file again with `git checkout -- model/weights`"


@dataclass(frozen=True)
class Mistake:
    """A test digit that the network reads wrong: its number in the test set, its label, the top three."""

    index: int
    label: str
    top: list[tuple[str, float]]
    disputed: bool


@dataclass(frozen=True)
class Card:
    """Everything known of a trained network that isn't its weights.

    Attributes:
        model: the architecture's name.
        sha256: of the weights' and of the mistakes' file.
        parameters: how many numbers were trained.
        temperature: what logits are divided by before softmax.
        unsure_below: a confidence (0…1) under which a reading says "unsure".
        no_digit_below: a ``digit_score`` under which it says "no-digit".
        settings: of the training run.
        epochs: what each epoch measured.
        dataset: SHA-256 of each file of training and test data.
        metrics: what evaluation measured, by part of the data.
        confusion: 10 rows of true digits by 10 columns of predicted ones, on the test set.
        mistakes: in the order of the tiles in NAME.mistakes.png.
        machine: cores, torch version and minutes of the training run.
    """

    model: str
    sha256: dict[str, str]
    parameters: int
    temperature: float
    unsure_below: float
    no_digit_below: float
    settings: dict[str, Any]
    epochs: list[dict[str, float]]
    dataset: dict[str, str]
    metrics: dict[str, Any]
    confusion: list[list[int]]
    mistakes: list[Mistake]
    machine: dict[str, Any]


def save_model(folder: Path, card: Card, weights: bytes, mistakes: NDArray[np.uint8]) -> None:
    """Write the three files, or none of them; the card last: until it is there, the old card refuses the new files.

    Args:
        card: its ``sha256`` is filled in here.
        weights: the bytes of a safetensors file.
        mistakes: uint8 (N, 28, 28), in the order of ``card.mistakes``.

    Raises:
        OSError: the folder can't be written; what was there is untouched.
    """
    files = {f"{card.model}.safetensors": weights, f"{card.model}.mistakes.png": _tiles(mistakes)}
    checksums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files[f"{card.model}.json"] = json.dumps({**asdict(card), "sha256": checksums}, indent=1).encode()
    write_together({folder / name: content for name, content in files.items()})


def _tiles(images: NDArray[np.uint8]) -> bytes:
    strip = images.reshape(-1, 28) if len(images) else np.zeros((1, 28), np.uint8)
    file = io.BytesIO()
    Image.fromarray(strip).save(file, "PNG", optimize=True)
    return file.getvalue()


def load_card(name: str, folder: Path = WEIGHTS) -> Card:
    """What is known of the network of that name.

    Raises:
        WeightsError: there is none of that name, or its card is damaged.
    """
    path = folder / f"{name}.json"
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name) or not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.json"))) or "none at all"
        raise WeightsError(f"there are no weights of a model {name!r} in {folder}: there is {known}")
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        mistakes = [
            Mistake(**{**mistake, "top": [(label, score) for label, score in mistake["top"]]})
            for mistake in fields.pop("mistakes")
        ]
        return Card(**fields, mistakes=mistakes)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WeightsError(f"{path} is damaged: {AGAIN}") from error


def load_mistakes(card: Card, folder: Path = WEIGHTS) -> NDArray[np.uint8]:
    """The misclassified test digits, uint8 (N, 28, 28), in the order of ``card.mistakes``.

    Raises:
        WeightsError: the file is missing or isn't the one that the card vouches for.
    """
    content = _checked(card, folder, f"{card.model}.mistakes.png")
    tiles = np.asarray(Image.open(io.BytesIO(content), formats=["PNG"]))
    return tiles[: 28 * len(card.mistakes)].reshape(-1, 28, 28)


def load_network(card: Card, folder: Path = WEIGHTS) -> nn.Module:
    """The trained network in float32, ready to predict.

    Raises:
        WeightsError: the file is missing, damaged or of another network.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    from model.networks import build

    file = f"{card.model}.safetensors"
    network = build(card.model)
    try:
        network.load_state_dict(load(_checked(card, folder, file)))
    except (SafetensorError, RuntimeError) as error:
        raise WeightsError(f"{folder / file} holds weights of another network: {AGAIN}") from error
    return network.float().eval().requires_grad_(False)


def _checked(card: Card, folder: Path, file: str) -> bytes:
    """A file's bytes, if they are the ones that the card vouches for."""
    try:
        content = (folder / file).read_bytes()
    except OSError:
        raise WeightsError(f"{folder / file} is missing: {AGAIN}") from None
    if hashlib.sha256(content).hexdigest() != card.sha256.get(file):
        raise WeightsError(f"{folder / file} is damaged or doesn't belong to {card.model}.json: {AGAIN}")
    return content
