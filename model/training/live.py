"""Train a small network for some seconds, and tell of it line by line: what the page starts where its owner lets it.

``python -m model.training.live --model NAME --seconds N --data DIR --out FILE`` prints a line of JSON for what it
learns from, one for each moment that it is measured, and one at the end, when the weights are in the file. An error
is a line with its key. It ends with its input, so that nothing goes on when whoever started it is killed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors.torch import save
from torch import Generator, Tensor, nn

from model.data.digits import DataSet, Digits, as_input
from model.data.folders import has_folders
from model.data.idx import RAW_FILES
from model.data.load import load_data
from model.errors import DataError, DigitsError
from model.files import write_atomically
from model.networks.layers import logits_of
from model.networks.registry import build, preset
from model.reading.scores import DIGITS
from model.settings import Settings
from model.training.schedule import learning_rate, optimizer_of

#: The digits that ship with the project for its tests: 600 to learn from.
EXTRACT = Path(__file__).parents[2] / "tests" / "data"
#: Test digits that the network is measured on: with all 10,000 it would rather be measured than learn.
MEASURED = 1000
#: Measurements of a run, evenly in time.
MEASUREMENTS = 40
#: Steps that a schedule of learning rates is given for the whole time.
PARTS = 10_000
#: How much this process yields to others: the page goes on reading.
NICENESS = 10

Tell = Callable[[dict[str, Any]], None]
Clock = Callable[[], float]


def data_of(folder: Path) -> tuple[DataSet, str]:
    """Digits to learn from, and where they are from: a folder, or the ones that ship where it holds none.

    Raises:
        DataError: neither is there, or they are damaged.
    """
    for name, place in (("folder", folder), ("extract", EXTRACT)):
        if has_folders(place) or all((place / "MNIST" / "raw" / file).is_file() for file in RAW_FILES):
            return load_data(place), name
    raise DataError("no-digits", folder=folder)


def train_for(
    seconds: float, digits: Digits, test: Digits, settings: Settings, tell: Tell, clock: Clock = time.monotonic
) -> nn.Module:
    """A network that has learned for so long; of each moment that it is measured it is told how far it is."""
    torch.manual_seed(settings.seed)
    network = build(settings.model)
    optimizer = optimizer_of(network.parameters(), settings)
    batches = _batches(len(digits), settings)
    started, count, measured = clock(), 0, 0
    while True:
        passed = min(clock() - started, seconds)
        if passed >= measured * seconds / MEASUREMENTS:
            loss, right = _measure(network, test)
            told = {"loss": loss, "right": right, "total": len(test)}
            tell({"seconds": round(passed, 2), "digits": count * settings.batch_size, **told})
            measured = int(passed / seconds * MEASUREMENTS) + 1
        if passed >= seconds:
            return network.eval()
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(int(passed / seconds * PARTS), PARTS, settings)
        batch = next(batches)
        network.train()
        loss_of_batch = F.cross_entropy(network(as_input(digits.images[batch])), digits.labels[batch])
        optimizer.zero_grad()
        loss_of_batch.backward()  # type: ignore[no-untyped-call] # torch leaves it without annotations
        optimizer.step()
        count += 1


def _batches(count: int, settings: Settings) -> Iterator[Tensor]:
    """Whole batches of the numbers below ``count``, each epoch in another order, for ever."""
    rng = Generator().manual_seed(settings.seed)
    size = min(settings.batch_size, count)
    while True:
        for batch in torch.split(torch.randperm(count, generator=rng), size):
            if len(batch) == size:
                yield batch


def _measure(network: nn.Module, test: Digits) -> tuple[float, int]:
    logits = logits_of(network, as_input(test.images))[:, :DIGITS]
    right = int((logits.argmax(1) == test.labels).sum())
    return round(F.cross_entropy(logits, test.labels).item(), 4), right


def end_with_input() -> None:
    """End this process once nobody can write to it any more."""

    def wait() -> None:
        while os.read(0, 4096):  # sys.stdin's lock would be held when the process ends by itself, which then aborts
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def say(line: dict[str, Any]) -> None:
    """Tell whoever has started this."""
    print(json.dumps(line), flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the command line says."""
    parser = argparse.ArgumentParser("python -m model.training.live", description="Train a network for some seconds.")
    parser.add_argument("--model", required=True, help="one of the registry's")
    parser.add_argument("--seconds", type=float, required=True, help="for how long")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="where MNIST is")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the weights go")
    options = parser.parse_args(arguments)
    end_with_input()
    if hasattr(os, "nice"):  # Windows has none
        os.nice(NICENESS)
    torch.set_num_threads(1)
    try:
        settings = preset(options.model)
        data, name = data_of(options.data)
        test = data.test[:MEASURED]
        say({"data": name, "learned": len(data.train), "measured": len(test)})
        network = train_for(options.seconds, data.train, test, settings, say)
        state = network.state_dict().items()
        write_atomically(options.out, save({key: value.contiguous() for key, value in state}))
    except DigitsError as error:
        say({"error": error.key, "values": {name: str(value) for name, value in error.values.items()}})
        return 2
    say({"done": True})
    return 0


if __name__ == "__main__":
    sys.exit(main())
