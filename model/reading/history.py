"""How a network came to be: its weights at some moments of its training, in NAME.history.safetensors.

A matrix of weights is stored as whole numbers from -40 to 40, in units of its own; of each moment the difference from
the one before, all of them deflated. Vectors, which are small, are stored in half precision.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import WeightsError
from model.reading.fields import CHECKSUM, is_count, is_number
from model.reading.forward import Forward, Weights
from model.reading.store import WEIGHTS, Card, load_file

#: What follows a model's name.
SUFFIX = ".history.safetensors"
#: What follows a matrix's name for its unit.
UNIT = "/unit"
#: The largest whole number of a weight: with 63 the three histories that ship are over a megabyte, and with 31 the last
#: moment of mlp reads 7 test digits fewer than its unrounded weights do.
LARGEST = 40
#: Bytes of the longest file that is read; the longest that ships has under 800,000.
MAX_FILE = 2_000_000
#: Moments of the longest.
MAX_MOMENTS = 64
#: Weights of all moments together; the largest history that ships has 3.5 million.
MAX_NUMBERS = 8_000_000

Levels = NDArray[np.int8]


@dataclass(frozen=True)
class Moment:
    """What a network was at a moment of its training, as its stored weights read the test set.

    Attributes:
        batches: that it had learned from.
        digits: in them.
        loss: mean cross-entropy of the test digits.
        right: how many test digits it read right …
        total: … of how many.
    """

    batches: int
    digits: int
    loss: float
    right: int
    total: int


@dataclass(frozen=True)
class History:
    """A training run, moment by moment.

    Attributes:
        weights: SHA-256 of the weights that the run ended in.
        moments: in their order.
        matrices: by name, int8 (moments, …) …
        units: … and what 1 of them is.
        vectors: by name, float16 (moments, n).
    """

    weights: str
    moments: tuple[Moment, ...]
    matrices: Mapping[str, Levels]
    units: Mapping[str, float]
    vectors: Mapping[str, NDArray[np.float16]]

    def is_of(self, card: Card) -> bool:
        """Whether the run ended in a card's weights."""
        return self.weights == card.weights_sha256

    def weights_at(self, place: int) -> dict[str, NDArray[np.float32]]:
        """The weights of a moment, by name."""
        matrices = {name: levels[place] * np.float32(self.units[name]) for name, levels in self.matrices.items()}
        return matrices | {name: values[place].astype(np.float32) for name, values in self.vectors.items()}


def squeezed(weights: str, moments: Sequence[Moment], states: Sequence[Weights]) -> History:
    """A history of weights float (…) by name, a mapping for each moment."""
    matrices, units, vectors = {}, {}, {}
    for name, first in states[0].items():
        values = np.stack([np.asarray(state[name], np.float32) for state in states])
        if first.ndim < 2:
            vectors[name] = values.astype(np.float16)
            continue
        units[name] = float(np.abs(values).max()) / LARGEST or 1.0
        matrices[name] = (values / units[name]).round().astype(np.int8)
    return History(weights, tuple(moments), matrices, units, vectors)


def packed(history: History) -> bytes:
    """The content of a history's file."""
    from safetensors.numpy import save

    tensors: dict[str, NDArray[Any]] = dict(history.vectors)
    for name, levels in history.matrices.items():
        changes = np.diff(levels.view(np.uint8), axis=0, prepend=np.uint8(0))  # modulo 256, so none is lost
        tensors[name] = np.frombuffer(zlib.compress(changes.tobytes(), 9), np.uint8)
        tensors[name + UNIT] = np.float32(history.units[name]).reshape(1)
    told = {
        "weights": history.weights,
        "shapes": {name: levels.shape[1:] for name, levels in history.matrices.items()},
        "moments": [asdict(moment) for moment in history.moments],
    }
    return bytes(save(tensors, {"history": json.dumps(told)}))


def unpacked(content: bytes) -> History:
    """The history in a file.

    Raises:
        ValueError, LookupError, TypeError, AttributeError, zlib.error, SafetensorError: it holds none, or one too long.
    """
    from safetensors.numpy import load

    if len(content) > MAX_FILE:
        raise ValueError("too long for a history")
    told = json.loads(_metadata(content)["history"])
    moments, shapes = tuple(Moment(**moment) for moment in told["moments"]), told["shapes"]
    _check(told["weights"], moments, shapes)
    tensors = load(content)
    units = {name: float(tensors.pop(name + UNIT)[0]) for name in shapes}
    deflated = {name: tensors.pop(name) for name in shapes}
    if not all(math.isfinite(unit) and unit > 0 for unit in units.values()):
        raise ValueError("a unit that is none")
    if any(values.dtype != np.float16 or values.shape[:1] != (len(moments),) for values in tensors.values()):
        raise ValueError("vectors that aren't of these moments")
    matrices = {name: _inflated(values, (len(moments), *shapes[name])) for name, values in deflated.items()}
    return History(told["weights"], moments, matrices, units, tensors)


def _metadata(content: bytes) -> dict[str, str]:
    """What stands beside the tensors: the file begins with a head in JSON, after its length in eight bytes."""
    head = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return dict(head["__metadata__"])


def _check(weights: str, moments: tuple[Moment, ...], shapes: Mapping[str, Sequence[int]]) -> None:
    """Before anything is unpacked: everything is what it should be, and not too much.

    Raises:
        ValueError: it isn't.
    """
    batches = [moment.batches for moment in moments]
    good = CHECKSUM.fullmatch(weights) is not None and 2 <= len(moments) <= MAX_MOMENTS
    for moment in moments:
        good = good and all(map(is_count, (moment.batches, moment.digits, moment.right, moment.total)))
        good = good and is_number(moment.loss) and moment.right <= moment.total
    good = good and all(is_count(side) for shape in shapes.values() for side in shape) and bool(shapes)
    if not good or batches != sorted(set(batches)):
        raise ValueError("a history's fields aren't what they should be")
    if len(moments) * sum(math.prod(shape) for shape in shapes.values()) > MAX_NUMBERS:
        raise ValueError("too many weights")


def _inflated(values: NDArray[np.uint8], shape: tuple[int, ...]) -> Levels:
    length = math.prod(shape)
    changes = zlib.decompressobj().decompress(values.tobytes(), length + 1)
    if len(changes) != length:
        raise ValueError("weights of another shape")
    unfolded = np.frombuffer(changes, np.uint8).reshape(shape)
    return np.cumsum(unfolded, axis=0, dtype=np.uint8).view(np.int8)


def load_history(card: Card, folder: Path = WEIGHTS) -> History:
    """How a model was trained.

    Raises:
        WeightsError: its file is missing, damaged or of another network.
    """
    from safetensors import SafetensorError

    try:
        history = unpacked(load_file(card, SUFFIX, folder))
        Forward(card.layers, history.weights_at(0))  # else a later moment wouldn't fit either
        return history
    except (SafetensorError, zlib.error, LookupError, TypeError, ValueError, AttributeError) as error:
        raise WeightsError("damaged-file", file=folder / f"{card.model}{SUFFIX}") from error
