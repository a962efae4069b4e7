"""What each source of training digits is worth: ``python -m tests.leave_one_out --data DIR [--epochs 3]``.

One run learns from all sources, each other run from all but one; what is missing is made up by more of the rest, so
that all runs take as many steps. No test digit is read: the measures are MNIST's validation digits, copies of them,
synthetic styles and signs, and the hands of writers whose pens no run has learned from. Prints a Markdown table of
wrong answers. Three epochs of seven runs take 53 minutes on one core.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, nn

from model.data.digits import DataSet, Digits, as_input
from model.data.load import load_data
from model.data.pens import load_pens
from model.evaluate import evaluate
from model.networks.layers import logits_of
from model.reading.scores import digit_score
from model.settings import Settings
from model.synthesis import pens
from model.synthesis.copies import SEED, copies, other_styles
from model.synthesis.outliers import outliers
from model.synthesis.pens import pen_digits
from model.synthesis.synthesize import extend
from model.training.fit import fit
from tests.benchmark.measures import auroc

#: Writers who help to choose; those after them are for the benchmark alone.
CHOOSING = range(25, 29)
#: How many digits of theirs are redrawn, and how many signs are no digits.
PENS, SIGNS = 8000, 4000

Left = Callable[[DataSet, Settings], Digits]


def without_mnist(data: DataSet, settings: Settings) -> Digits:
    """The synthetic sources alone; they take MNIST's digits to make degraded ones and signs of."""
    return extend(data.train, settings)[len(data.train) :]


def without_neighbours(data: DataSet, settings: Settings) -> Digits:
    """No pen digit brings parts of the digits beside it along."""
    with patch.object(pens, "NEIGHBOURED", 0.0):
        return extend(data.train, settings)


RUNS: dict[str, Left] = {
    "nothing": lambda data, settings: extend(data.train, settings),
    "MNIST's digits as they are": without_mnist,
    "pens": lambda data, settings: extend(data.train, replace(settings, pens=0)),
    "parts of neighbours": without_neighbours,
    "styles": lambda data, settings: extend(data.train, replace(settings, styles=0)),
    "degraded digits": lambda data, settings: extend(data.train, replace(settings, degraded=0)),
    "what is no digit": lambda data, settings: extend(data.train, replace(settings, outliers=0)),
}


def made_up(digits: Digits, count: int) -> Digits:
    """``count`` digits: these, and some of them again."""
    again = torch.randint(len(digits), (max(0, count - len(digits)),), generator=Generator().manual_seed(SEED))
    chosen = torch.cat([torch.arange(min(count, len(digits))), again])
    return Digits(digits.images[chosen], digits.labels[chosen])


def measures(data: DataSet) -> dict[str, Digits]:
    """What each run is measured on, by name."""
    kept_out = [digit for digit in load_pens()[1] if digit.writer in CHOOSING]
    return {
        "validation": data.validation,
        "redrawn": copies(data.validation, "redrawn"),
        "degraded": copies(data.validation, "degraded"),
        "styles": other_styles(),
        "pens": pen_digits(PENS, SEED, kept_out),
    }


def scores(network: nn.Module, digits: Digits) -> NDArray[np.float64]:
    """How much each looks like any digit, (N,)."""
    return digit_score(logits_of(network, as_input(digits.images)).double().numpy())


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and measure each run, and print the table."""
    parser = argparse.ArgumentParser(description="what each source of training digits is worth")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="where MNIST is")
    parser.add_argument("--epochs", type=int, default=3, help="of each run (default: 3)")
    parser.add_argument("--share", type=float, default=1.0, help="of all digits, an epoch (default: 1)")
    parser.add_argument("--runs", nargs="+", choices=RUNS, default=list(RUNS), help="what is left out")
    options = parser.parse_args(arguments)
    settings = Settings(epochs=options.epochs)
    data = load_data(options.data)
    watched, signs = measures(data), outliers(SIGNS, SEED, data.validation)
    count = round(options.share * len(RUNS["nothing"](data, settings)))
    rows = []
    for name in options.runs:
        learned = made_up(RUNS[name](data, settings), count)
        with tempfile.TemporaryDirectory() as folder:
            network = fit(learned, {}, settings, Path(folder) / "state.safetensors").network
        wrong = [len(digits) - evaluate(network, digits).right for digits in watched.values()]
        rows.append([name, *wrong, f"{auroc(scores(network, data.validation), scores(network, signs).tolist()):.4f}"])
        print(rows[-1], file=sys.stderr, flush=True)
    heads = ["left out", *(f"{name}, wrong of {len(digits):,}" for name, digits in watched.items()), "signs, AUROC"]
    for cells in (heads, ["---"] * len(heads), *rows):
        print("|", " | ".join(map(str, cells)), "|")
    return 0


if __name__ == "__main__":
    sys.exit(main())
