"""Fit what tells a reading of digits from one of something else, and a right one from a wrong one, and write
model/weights/judges/cnn.json.

``python -m tests.make_judge --data ../shared/data --pictures FOLDER``. FOLDER holds a folder for each kind, ``KIND/*``,
of pictures without digits (photos, icons, letters, plots …); a picture whose name ends in ``_DIGITS`` holds these.
docs/experiments.md says which Debian packages the shipped one was fitted on.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import nn
from tqdm import tqdm

from model.data.load import load_data
from model.evaluate import wilson_interval
from model.files import write_atomically
from model.reading.evidence import OF_DRAWING, OF_PICTURE
from model.reading.judge import FOLDER, Judge, load_judges, to_fields
from model.reading.store import DEFAULT_MODEL, WEIGHTS, load_card
from model.reading.weighing import Weighing
from tests.benchmark.collected import DEGRADED, KEPT_OUT, ONE_DIGIT, Collected, all_sources, collect, load, save

#: Hidden units: with none 76 % of pictures of kinds held out were turned away at the same bound, with ten 84 %; twenty
#: turned away one more in a hundred, and two more of 453 uploaded digits.
HIDDEN = 10
#: How strongly weights are drawn to 0.
DECAY = 0.02
#: Steps of the fit, and how many sources each looks at.
STEPS, BATCH = 2500, 2048
#: Of readings of digits that are mostly right, this share may be turned away for its evidence.
TURNED_AWAY = 0.0006
#: A kind with fewer sources than this counts as if it had so many: a handful says little.
LEAST_KIND = 40
#: What keeps deviations above 0.
TINY = 1e-3

AWAY = ("no-digit", "blank", "too-many")


def main(arguments: Sequence[str] | None = None) -> int:
    """Collect, fit, tell, write."""
    parser = argparse.ArgumentParser("python -m tests.make_judge", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="PATH", help="MNIST, a folder")
    parser.add_argument("--pictures", type=Path, nargs="+", required=True, metavar="FOLDER", help="KIND/PICTURE")
    parser.add_argument(
        "--hold-out", nargs="*", default=[], metavar="KIND", help="kinds, or patterns of them, to tell only"
    )
    parser.add_argument("--evidence", type=Path, metavar="FILE", help="keep what was collected, or take it from there")
    parser.add_argument("--scenes", type=int, default=40, metavar="N", help="pictures of each (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default: %(default)s)")
    parser.add_argument("--only-right", action="store_true", help="keep the judges, fit what tells right from wrong")
    parser.add_argument("--dry-run", action="store_true", help="tell the figures, write no judge")
    options = parser.parse_args(arguments)
    if options.evidence and options.evidence.exists():
        items = load(options.evidence)
    else:
        sources = all_sources(load_data(options.data).validation, options.pictures, options.scenes)
        with ProcessPoolExecutor(options.jobs) as pool:
            items = [item for part in tqdm(pool.map(collect, sources), total=len(sources)) for item in part]
        if options.evidence:
            save(items, options.evidence)
    held_out = {item.kind for item in items if any(fnmatch.fnmatch(item.kind, kind) for kind in options.hold_out)}
    learned = {
        drawn: [item for item in items if item.drawn == drawn and item.kind not in held_out] for drawn in (False, True)
    }
    card = load_card(DEFAULT_MODEL)
    if options.only_right and (known := load_judges(DEFAULT_MODEL, card.weights_sha256)):
        kept = {False: known.picture, True: known.drawing}
        judges = {drawn: replace(kept[drawn], right=right_of(some)) for drawn, some in learned.items()}
    else:
        judges = {drawn: fit(some) for drawn, some in learned.items()}
    print(table(items, judges, held_out))
    if not options.dry_run:
        fields = {
            "network": card.weights_sha256,
            "picture": to_fields(judges[False]),
            "drawing": to_fields(judges[True]),
        }
        file = WEIGHTS / FOLDER / f"{DEFAULT_MODEL}.json"
        file.parent.mkdir(exist_ok=True)
        write_atomically(file, (json.dumps(fields) + "\n").encode())
        print(f"written to {file}")
    return 0


def fit(items: Sequence[Collected], seed: int = 0) -> Judge:
    """The judge of what holds digits and was read mostly right, against what holds none; of what is right, of all."""
    right = right_of(items, seed)
    items = [item for item in items if item.numbers and item.kind not in (ONE_DIGIT, KEPT_OUT)]
    items = [item for item in items if item.is_mostly_right or not item.label]
    numbers = np.array([item.numbers for item in items])
    is_digits = np.array([item.label != "" for item in items])
    kinds, counts = np.unique([item.kind for item in items], return_counts=True)
    by_kind = {kind: max(LEAST_KIND, int(count)) ** -0.5 for kind, count in zip(kinds, counts, strict=True)}
    weights = np.array([by_kind[item.kind] for item in items])
    weights[is_digits] *= weights[~is_digits].sum() / weights[is_digits].sum()
    weighing = _weighing(numbers, is_digits, weights, items[0].drawn, seed)
    judge = Judge(weighing, usual=np.median(numbers[is_digits], axis=0), bound=0.0, right=right)
    # Sure answers aren't judged, so that many fewer than those in doubt are turned away.
    counted = [item for item in items if item.label and item.kind != DEGRADED]
    scores = [np.inf if item.status == "digit" else judge.score(np.array(item.numbers)) for item in counted]
    return replace(judge, bound=float(np.sort(scores)[int(TURNED_AWAY * len(scores))]))


def right_of(items: Sequence[Collected], seed: int = 0) -> Weighing:
    """To the log odds that all of an answer is right."""
    items = [item for item in items if item.numbers]
    numbers = np.array([item.numbers for item in items])
    is_right = np.array([item.label != "" and item.answer == item.label for item in items])
    return _weighing(numbers, is_right, np.ones(len(items)), items[0].drawn, seed)


def _weighing(
    numbers: NDArray[np.float64], told: NDArray[np.bool_], weights: NDArray[np.float64], drawn: bool, seed: int
) -> Weighing:
    """What gives the log odds of what is told of each source by its numbers."""
    mean, deviation = numbers.mean(axis=0), numbers.std(axis=0) + TINY
    network = _fitted((numbers - mean) / deviation, told, weights, seed)
    hidden, out = (layer for layer in network if isinstance(layer, nn.Linear))
    return Weighing(
        names=OF_DRAWING if drawn else OF_PICTURE,
        mean=mean,
        deviation=deviation,
        hidden=hidden.weight.detach().double().numpy().T,
        hidden_bias=hidden.bias.detach().double().numpy(),
        out=out.weight.detach().double().numpy().T,
        out_bias=out.bias.detach().double().numpy(),
    )


def _fitted(
    values: NDArray[np.float64], told: NDArray[np.bool_], weights: NDArray[np.float64], seed: int
) -> nn.Sequential:
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    network = nn.Sequential(nn.Linear(values.shape[1], HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1))
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.01, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    x, y, w = (torch.from_numpy(array).float() for array in (values, told, weights))
    rng = torch.Generator().manual_seed(seed)
    for _ in range(STEPS):
        chosen = torch.randint(len(x), (BATCH,), generator=rng)
        losses = F.binary_cross_entropy_with_logits(network(x[chosen])[:, 0], y[chosen], reduction="none")
        optimizer.zero_grad()
        (losses * w[chosen]).sum().div(w[chosen].sum()).backward()
        optimizer.step()
        schedule.step()
    return network


def table(items: Sequence[Collected], judges: dict[bool, Judge], held_out: set[str]) -> str:
    """Of each kind, what is turned away without the judges and with them; kinds held out are marked."""
    lines = ["| kind | of | turned away before | after | 95 % interval |", "|---|---|---|---|---|"]
    for is_none in (True, False):
        for kind in sorted({item.kind for item in items if (item.label == "") == is_none}):
            some = [item for item in items if item.kind == kind]
            before = [item.status in AWAY for item in some]
            after = [
                gone or (item.status == "unsure" and judges[item.drawn].is_none(np.array(item.numbers)))
                for item, gone in zip(some, before, strict=True)
            ]
            low, high = wilson_interval(sum(after), len(some))
            name = f"{kind} (held out)" if kind in held_out else kind
            lines.append(
                f"| {name} | {len(some)} | {np.mean(before):.1%} | {np.mean(after):.1%} | {low:.1%} – {high:.1%} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
