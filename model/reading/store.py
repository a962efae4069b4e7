"""A trained model's files: NAME.safetensors, its pictures, and NAME.json that vouches for all.

The pictures are NAME.mistakes.png, NAME.curves.png, NAME.samples.png and, where there are few enough
hidden or output units, NAME.weights.png.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.errors import Term, WeightsError
from model.preprocess.picture import SIZE
from model.reading.activations import Activations
from model.reading.fields import MAX_BYTES, check_fields, finite
from model.reading.forward import Forward, Layer, Weights
from model.reading.versions import checksum, find, publish

N = TypeVar("N")

WEIGHTS = Path(__file__).parent.parent / "weights"
DEFAULT_MODEL = "cnn"


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
        about: what it is, in a sentence.
        sha256: of each of its files.
        parameters: how many numbers were trained.
        temperature: what logits are divided by before softmax.
        unsure_below: a confidence (0…1) under which a reading says "unsure", unless all else speaks for it.
        no_digit_below: a ``digit_score`` under which it says "no-digit".
        settings: of the training run.
        epochs: what was measured before the first epoch and after each.
        log: examples seen and the loss of the batch, at each logging interval.
        dataset: SHA-256 of each file of training and test data.
        metrics: what evaluation measured, by part of the data; of the test set by digit, too.
        confusion: 10 rows of true digits by 10 columns of predicted ones, on the test set.
        mistakes: in the order of the tiles in NAME.mistakes.png.
        machine: cores, device, torch version and minutes of the training run, milliseconds of one digit.
        layers: of the network, as ``model.reading.forward`` runs them.
    """

    model: str
    about: str
    sha256: dict[str, str]
    parameters: int
    temperature: float
    unsure_below: float
    no_digit_below: float
    settings: dict[str, Any]
    epochs: list[dict[str, float]]
    log: list[tuple[int, float]]
    dataset: dict[str, str]
    metrics: dict[str, Any]
    confusion: list[list[int]]
    mistakes: list[Mistake]
    machine: dict[str, Any]
    layers: list[dict[str, Any]]

    @property
    def weights_sha256(self) -> str:
        """The checksum of its weights, by which what was fitted to them knows them; "" before they are saved."""
        return self.sha256.get(f"{self.model}.safetensors", "")


def save_model(folder: Path, card: Card, files: Mapping[str, bytes]) -> Card:
    """Write a model's files, or none of them: one rename leads from the old version to the new one.

    Args:
        card: its ``sha256`` is filled in here.
        files: content by what follows the model's name, such as ``.safetensors``.

    Returns:
        The card as it was written.

    Raises:
        OSError: the folder can't be written; what was there is untouched.
    """
    named = {f"{card.model}{suffix}": content for suffix, content in files.items()}
    card = replace(card, sha256={name: checksum(content) for name, content in named.items()})
    publish(folder, f"{card.model}.json", json.dumps(asdict(card), indent=1).encode(), named)
    return card


def tiles(images: NDArray[np.uint8]) -> bytes:
    """Digits uint8 (N, 28, 28) one below the other as a PNG."""
    strip = images.reshape(-1, 28) if len(images) else np.zeros((1, 28), np.uint8)
    file = io.BytesIO()
    Image.fromarray(strip).save(file, "PNG", optimize=True)
    return file.getvalue()


@lru_cache
def trained_models(folder: Path = WEIGHTS) -> tuple[str, ...]:
    """The names of the models in a folder, the default first, then by their accuracy.

    Raises:
        WeightsError: one of their cards is damaged.
    """
    accuracies: dict[str, float] = {}
    for file in folder.glob("*.json"):
        try:
            accuracies[file.stem] = float(load_card(file.stem, folder).metrics["test"]["accuracy"])
        except (KeyError, TypeError, ValueError) as error:
            raise WeightsError("damaged-file", file=file) from error
    return tuple(sorted(accuracies, key=lambda name: (name != DEFAULT_MODEL, -accuracies[name], name)))


def load_card(name: str, folder: Path = WEIGHTS) -> Card:
    """What is known of the network of that name.

    Raises:
        WeightsError: there is none of that name, or its card is damaged.
    """
    path = folder / f"{name}.json"
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name) or not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.json"))) or Term("none-at-all")
        raise WeightsError("no-weights-of", name=name, folder=folder, known=known)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("too long for a card")
        fields = json.loads(path.read_text(encoding="utf-8"), parse_float=finite, parse_constant=finite)
        check_fields(fields)
        mistakes = [
            Mistake(**{**mistake, "top": [(label, score) for label, score in mistake["top"]]})
            for mistake in fields.pop("mistakes")
        ]
        log = [(examples, loss) for examples, loss in fields.pop("log")]
        card = Card(**fields, log=log, mistakes=mistakes)
        if card.model != name:
            raise ValueError(f"the card of {card.model}")
        return card
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError) as error:
        raise WeightsError("damaged-file", file=path) from error


def load_mistakes(card: Card, folder: Path = WEIGHTS) -> NDArray[np.uint8]:
    """The misclassified test digits, uint8 (N, 28, 28), in the order of ``card.mistakes``.

    Raises:
        WeightsError: the file is missing, isn't the one that the card vouches for, or isn't a strip of digits.
    """
    content = load_file(card, ".mistakes.png", folder)
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            if picture.mode != "L" or picture.width != SIZE:
                raise ValueError(f"a picture of {picture.mode}, {picture.width} wide")
            strip = np.asarray(picture)
        return strip[: SIZE * len(card.mistakes)].reshape(-1, SIZE, SIZE)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise WeightsError("damaged-file", file=folder / f"{card.model}.mistakes.png") from error


def load_forward(card: Card, folder: Path = WEIGHTS) -> Forward:
    """The trained network in numpy, to predict without torch.

    Raises:
        WeightsError: the file is missing, damaged or of another network.
    """
    return _made(Forward, card, folder)


def load_activations(card: Card, folder: Path = WEIGHTS) -> Activations:
    """The same network as stages, to look inside.

    Raises:
        WeightsError: the file is missing, damaged or of another network.
    """
    return _made(Activations, card, folder)


def _made(network: Callable[[Sequence[Layer], Weights], N], card: Card, folder: Path) -> N:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        stored = load(load_file(card, ".safetensors", folder))
        weights = {name: value.astype(np.float32) for name, value in stored.items() if value.dtype.kind == "f"}
        return network(card.layers, weights)
    except (SafetensorError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, MemoryError) as error:
        raise foreign(card, folder) from error


def load_first_weights(card: Card, folder: Path = WEIGHTS) -> NDArray[np.float32]:
    """The weights of a first layer that takes the picture's pixels, float32 (units, 784).

    Raises:
        WeightsError: the file is missing, damaged or of another network, or the first layer is another.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        name = next(layer["name"] for layer in card.layers if layer["kind"] != "flatten")
        weights = load(load_file(card, ".safetensors", folder))[f"{name}.weight"].astype(np.float32)
        return weights.reshape(-1, SIZE * SIZE)
    except (SafetensorError, LookupError, StopIteration, TypeError, ValueError, AttributeError) as error:
        raise foreign(card, folder) from error


def foreign(card: Card, folder: Path) -> WeightsError:
    return WeightsError("foreign-weights", file=folder / f"{card.model}.safetensors")


def load_file(card: Card, suffix: str, folder: Path = WEIGHTS) -> bytes:
    """One of a model's files, if it is the one that the card vouches for.

    Raises:
        WeightsError: it is missing or isn't that one.
    """
    file = f"{card.model}{suffix}"
    try:
        content = find(folder, file, card.sha256.get(file, ""))
    except OSError:
        raise WeightsError("missing-file", file=folder / file) from None
    if content is None:
        raise WeightsError("foreign-file", file=folder / file, card=f"{card.model}.json")
    return content
