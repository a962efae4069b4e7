"""What a training run was on its way, made into the file that replays it, and the same for models that ship.

``python -m model.training.history --model NAME --data DIR`` trains a model again by its card's own settings and adds
the history to its files; its weights stay as they are. Arithmetic differs in its last bits from machine to machine, so
the run may end in other weights than those: the history tells which, and the page says so.
"""

from __future__ import annotations

import argparse
import copy
import dataclasses
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch.nn.functional as F
from safetensors.torch import save
from torch import Tensor, from_numpy, nn

from model.data.digits import Digits, as_input
from model.data.load import load_data
from model.errors import DigitsError, WeightsError, failed
from model.networks.layers import logits_of
from model.networks.registry import MODELS
from model.reading.history import SUFFIX, History, Moment, packed, squeezed, unpacked
from model.reading.scores import DIGITS
from model.reading.store import WEIGHTS, load_card, load_file, save_model
from model.reading.versions import checksum
from model.settings import Settings
from model.training.fit import FitResult, fit


def history_of(result: FitResult, weights: bytes, test: Digits) -> bytes:
    """The file that replays a run; nothing where the run kept no weights from its beginning on.

    What is measured is what is stored: each moment's weights, rounded as they are in the file, read the test set.

    Args:
        weights: the file in which the run's last weights are stored.
        test: digits to read.
    """
    if len(result.moments) < 2 or result.moments[0][0] != 0:
        return b""
    states = [_below(f"{batches}.", result.snapshots) for batches, _ in result.moments]
    unread = [Moment(batches, digits, 0.0, 0, 0) for batches, digits in result.moments]
    arrays = [{name: value.numpy() for name, value in state.items()} for state in states]
    history = squeezed(checksum(weights), unread, arrays)
    network = copy.deepcopy(result.network).float().eval()
    read = [_read(network, history, place, moment, test) for place, moment in enumerate(unread)]
    return packed(dataclasses.replace(history, moments=tuple(read)))


def _below(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _read(network: nn.Module, history: History, place: int, moment: Moment, test: Digits) -> Moment:
    """A moment with what its weights read."""
    weights = {name: from_numpy(value.copy()) for name, value in history.weights_at(place).items()}
    network.load_state_dict(weights, strict=False)  # counters of batches aren't kept
    logits = logits_of(network, as_input(test.images))[:, :DIGITS]
    right = int((logits.argmax(1) == test.labels).sum())
    loss = round(F.cross_entropy(logits, test.labels).item(), 4)
    return dataclasses.replace(moment, loss=loss, right=right, total=len(test))


def add_history(name: str, data: Path, folder: Path) -> tuple[History, int]:
    """Train a model again and add its history to its files: the history, and the file's bytes.

    Raises:
        DigitsError: there is no such model or no such data, or nothing of its training is kept.
        OSError: the folder can't be written.
    """
    card = load_card(name, folder)
    if not MODELS[name].early:
        raise WeightsError("no-history", name=name)
    settings, digits = Settings(**card.settings), load_data(data)
    with tempfile.TemporaryDirectory() as temporary:
        result = fit(digits.train, {"validation": digits.validation}, settings, Path(temporary) / "run.safetensors")
    state = result.network.state_dict()
    halved = {key: (value.half() if value.is_floating_point() else value).contiguous() for key, value in state.items()}
    content = history_of(result, save(halved), digits.test)
    files = {file.removeprefix(name): load_file(card, file.removeprefix(name), folder) for file in card.sha256}
    save_model(folder, card, {**files, SUFFIX: content})
    return unpacked(content), len(content)


def main(arguments: Sequence[str] | None = None) -> int:
    """Add a history."""
    kept = [name for name, entry in MODELS.items() if entry.early]
    parser = argparse.ArgumentParser("python -m model.training.history", description="Keep how a model is trained.")
    parser.add_argument("--model", required=True, choices=kept, help="which")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is, or goes")
    parser.add_argument("--out", type=Path, default=WEIGHTS, metavar="DIR", help="where the weights are")
    options = parser.parse_args(arguments)
    try:
        history, size = add_history(options.model, options.data, options.out)
        same = history.is_of(load_card(options.model, options.out))
    except (DigitsError, OSError) as error:
        return failed(error, options.out)
    for moment in history.moments:
        print(f"{moment.batches:>6} batches  loss {moment.loss:.4f}  {moment.right} / {moment.total}")
    print(f"{size / 1000:.0f} kB; its last weights {'are' if same else 'are not'} those of the model's file")
    return 0


if __name__ == "__main__":
    sys.exit(main())
