"""Fit what knows how digits stand in lines, and write model/weights/choosers/cnn.json.

``python -m tests.make_chooser --data ../shared/data``: some minutes for the lines, half a minute for the fit. Lines of
writers 19 to 24 are told only, unless ``--all`` fits to them, too.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from model.data.load import load_data
from model.data.pens import load_pens
from model.files import write_atomically
from model.reading.chooser import FOLDER, OUTCOMES
from model.reading.stance import FEATURES
from model.reading.store import DEFAULT_MODEL, WEIGHTS, load_card
from model.reading.weighing import Weighing
from tests.benchmark.partings import CLOSE, MANY, Partings, answer, collect
from tests.benchmark.scenes import SCENES
from tests.benchmark.semi_markov import NEVER, log_likelihoods
from tests.benchmark.writing import Hands, WithHabits

#: Writers up to this one are fitted to, those after it are told.
LAST_FITTED = 18
#: Scenes of so many digits that they would take most of the time.
LONG = {"sheet of 8–14 lines"}
#: Hidden units: with none 96 of 100 as many lines were right, with 48 as many as with 16.
HIDDEN = 16
#: How strongly what is added to the costs is drawn to 0: without it two partings that are alike are told apart by luck.
CLOSE_TO_COSTS = 0.02
EPOCHS, BATCH, RATE, DECAY = 10, 32, 3e-3, 0.02
#: A line whose digits are less likely than this counts as if it were just so unlikely: its atoms are mostly wrong.
LEAST_LIKELY = -15.0
#: The lowest cost that a run may have; what is lower can't be.
LEAST_COST = -60.0
#: What keeps deviations above 0.
TINY = 1e-3


def main(arguments: Sequence[str] | None = None) -> int:
    """Collect, fit, tell, write."""
    parser = argparse.ArgumentParser("python -m tests.make_chooser", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="PATH", help="MNIST, a folder")
    parser.add_argument("--scenes", type=int, default=120, metavar="N", help="pictures of each (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default: %(default)s)")
    parser.add_argument("--all", action="store_true", help="fit to writers 19 to 24, too")
    parser.add_argument("--dry-run", action="store_true", help="tell the figures, write no chooser")
    options = parser.parse_args(arguments)
    validation = load_data(options.data).validation
    scans = validation.images.numpy(), validation.labels.numpy()
    pens = load_pens()[0]
    fitted = [pen for pen in pens if options.all or pen.writer <= LAST_FITTED]
    told = [pen for pen in pens if pen.writer > LAST_FITTED]
    names = [name for name in (*SCENES, *CLOSE) if name not in LONG]
    with ProcessPoolExecutor(options.jobs) as pool:
        asked = [partial(collect, name, seed, MANY.get(name, 1) * options.scenes // share, hands, scans)
                 for seed, share, hands in ((0, 2, Hands(fitted)), (1, 2, WithHabits(fitted)), (2, 4, WithHabits(told)))
                 for name in names]  # fmt: skip
        lines = [future.result() for future in tqdm([pool.submit(part) for part in asked], desc="scenes")]
    weighing = fit([line for part in lines[: 2 * len(names)] for line in part])
    print(table(dict(zip(names, lines[2 * len(names) :], strict=True)), weighing))
    if not options.dry_run:
        sha256 = load_card(DEFAULT_MODEL).weights_sha256
        file = WEIGHTS / FOLDER / f"{DEFAULT_MODEL}.json"
        file.parent.mkdir(exist_ok=True)
        write_atomically(file, (json.dumps({"network": sha256, "weighing": weighing.to_fields()}) + "\n").encode())
        print(f"written to {file}")
    return 0


def fit(lines: Sequence[Partings], seed: int = 0, epochs: int = EPOCHS) -> Weighing:
    """What makes the digits of some lines likeliest among all that may be read of them."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    numbers = np.concatenate([line.numbers for line in lines])
    mean, deviation = numbers.mean(axis=0), numbers.std(axis=0) + TINY
    network = nn.Sequential(nn.Linear(len(FEATURES), HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, OUTCOMES))
    last = network[-1]
    assert isinstance(last, nn.Linear)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    rng = Random(seed)
    lines = _possible(lines)
    batches = _batches(lines, rng)
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=epochs * len(batches))
    for _ in range(epochs):
        for batch in _batches(lines, rng):
            values = torch.from_numpy(np.concatenate([(line.numbers - mean) / deviation for line in batch])).float()
            costs = _costs(batch)
            worths = network(values)
            loss = -log_likelihoods(batch, costs + worths).clamp(min=LEAST_LIKELY).mean()
            loss = loss + CLOSE_TO_COSTS * (worths.square() * (costs > NEVER)).mean(dim=0).sum()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    hidden, out = (layer for layer in network if isinstance(layer, nn.Linear))
    arrays = (hidden.weight.T, hidden.bias, out.weight.T, out.bias)
    return Weighing(FEATURES, mean, deviation, *(array.detach().double().numpy() for array in arrays))


def _costs(lines: Sequence[Partings]) -> torch.Tensor:
    costs = np.concatenate([line.costs for line in lines])
    return torch.from_numpy(np.where(np.isfinite(costs), np.maximum(costs, LEAST_COST), NEVER)).float()


def _possible(lines: Sequence[Partings]) -> list[Partings]:
    """Lines whose digits can be read of them at all: of others there is nothing to learn."""
    batches = _batches(lines, Random(0))
    with torch.no_grad():
        likely = [log_likelihoods(batch, _costs(batch)) for batch in batches]
    together = [line for batch in batches for line in batch]
    return [line for line, log_p in zip(together, torch.cat(likely), strict=True) if log_p > NEVER / 2]


def _batches(lines: Sequence[Partings], rng: Random) -> list[list[Partings]]:
    """Lines of about the same length together, in a new order."""
    ordered = sorted(lines, key=lambda line: (line.atoms, rng.random()))
    batches = [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
    rng.shuffle(batches)
    return batches


def table(scenes: dict[str, list[Partings]], weighing: Weighing) -> str:
    """Of each scene, how many lines are right without the chooser and with it."""
    rows = ["| scene | of | right by costs alone | with the chooser |", "|---|---|---|---|"]
    total = np.zeros(3, np.int64)
    for name, lines in scenes.items():
        before = sum(answer(line) == line.text for line in lines)
        after = sum(answer(line, weighing(line.numbers)) == line.text for line in lines)
        total += (len(lines), before, after)
        rows.append(f"| {name} | {len(lines)} | {before} | {after} |")
    return "\n".join([*rows, "| **all** | " + " | ".join(str(number) for number in total) + " |"])


if __name__ == "__main__":
    sys.exit(main())
