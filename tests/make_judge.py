"""Fit what tells a reading of digits from one of something else, and a right one from a wrong one, and write
model/weights/judges/cnn.json.

``python -m tests.make_judge --data ../shared/data --pictures FOLDER``. FOLDER holds a folder for each kind, ``KIND/*``,
of pictures without digits (photos, icons, letters, plots …); a picture whose name ends in ``_DIGITS`` holds these.
``python -m tests.pictures FOLDER`` makes those that the shipped one was fitted on.
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

#: So many networks that differ by chance judge by their mean, each with so many hidden units. Of 3,575 pictures of
#: kinds that it hadn't seen, one network of ten units turned away 86 to 89 %, five of ten 89, five of twenty 92, five
#: of forty 92 (a third of the kinds held out at a time; the mean over five bounds).
MEMBERS, HIDDEN = 5, 20
#: How strongly weights are drawn to 0.
DECAY = 0.02
#: Steps of the fit, and how many sources each looks at.
STEPS, BATCH = 1500, 2048
#: Of readings of digits that are mostly right, this share may be turned away for its evidence. With 0.0006 92 instead
#: of 91 % of the pictures that it learned from are turned away, and two more of 453 uploaded digits.
TURNED_AWAY = 0.0004
#: A kind with fewer sources than this counts as if it had so many: a handful says little.
LEAST_KIND = 40
#: What keeps deviations above 0.
TINY = 1e-3

#: What is fitted: the judges of what is none, and what tells right answers from wrong ones.
PICTURES, DRAWINGS, RIGHT = PARTS = ("pictures", "drawings", "right")

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
    parser.add_argument(
        "--fit", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=f"{', '.join(PARTS)} (default: all)"
    )
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
    known = load_judges(DEFAULT_MODEL, card.weights_sha256)
    if known is None and len(options.fit) < len(PARTS):
        parser.error("these weights have no judge yet, whose other parts could be kept")
    kept = {False: known.picture if known else None, True: known.drawing if known else None}
    judges = {drawn: fitted(some, kept[drawn], options.fit) for drawn, some in learned.items()}
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


def fitted(items: Sequence[Collected], known: Judge | None, parts: Sequence[str], seed: int = 0) -> Judge:
    """A judge whose parts are fitted anew, or are those of one that is known."""
    own = DRAWINGS if items[0].drawn else PICTURES
    judge = known if known and own not in parts else none_of(items, seed)
    return replace(judge, right=known.right if known and RIGHT not in parts else right_of(items, seed))


def none_of(items: Sequence[Collected], seed: int = 0) -> Judge:
    """The judge of what holds digits and was read mostly right, against what holds none."""
    items = [item for item in items if item.numbers and item.kind not in (ONE_DIGIT, KEPT_OUT)]
    items = [item for item in items if item.is_mostly_right or not item.label]
    numbers = np.array([item.numbers for item in items])
    is_digits = np.array([item.label != "" for item in items])
    kinds, counts = np.unique([item.kind for item in items], return_counts=True)
    by_kind = {kind: max(LEAST_KIND, int(count)) ** -0.5 for kind, count in zip(kinds, counts, strict=True)}
    weights = np.array([by_kind[item.kind] for item in items])
    weights[is_digits] *= weights[~is_digits].sum() / weights[is_digits].sum()
    weighing = _weighing(numbers, is_digits, weights, items[0].drawn, seed)
    judge = Judge(weighing, usual=np.median(numbers[is_digits], axis=0), bound=0.0, right=weighing)
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
    values = (numbers - mean) / deviation
    layers = [_fitted(values, told, weights, seed + member) for member in range(MEMBERS)]
    with torch.no_grad():
        return Weighing(
            names=OF_DRAWING if drawn else OF_PICTURE,
            mean=mean,
            deviation=deviation,
            hidden=torch.cat([hidden.weight for hidden, _ in layers]).double().numpy().T,
            hidden_bias=torch.cat([hidden.bias for hidden, _ in layers]).double().numpy(),
            out=torch.cat([out.weight for _, out in layers], dim=1).double().numpy().T / MEMBERS,
            out_bias=torch.stack([out.bias for _, out in layers]).double().mean(dim=0).numpy(),
        )


def _fitted(
    values: NDArray[np.float64], told: NDArray[np.bool_], weights: NDArray[np.float64], seed: int
) -> tuple[nn.Linear, nn.Linear]:
    """The two layers of one network."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    hidden, out = nn.Linear(values.shape[1], HIDDEN), nn.Linear(HIDDEN, 1)
    network = nn.Sequential(hidden, nn.ReLU(), out)
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
    return hidden, out


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
