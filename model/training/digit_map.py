"""Make the map of test digits that ships: ``python -m model.training.digit_map --data DIR``, half a minute.

The last hidden layer of the default network in two dimensions, by t-SNE (L. van der Maaten & G. Hinton, 2008) from
the two principal components on: digits that the network finds alike lie side by side. No random numbers take part.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.data.load import load_data
from model.errors import DataError, DigitsError, failed
from model.files import write_together
from model.reading.digit_map import COUNT, MOST, SIDE, TESTED, DigitMap, Tested, files_of, packed, unpacked
from model.reading.recognizer import Recognizer
from model.reading.store import DEFAULT_MODEL, WEIGHTS

#: How many neighbours each digit counts as near, about.
PERPLEXITY = 30.0
#: Steps of the descent, …
STEPS = 600
#: … in the first of which neighbours attract each other so many times as much, so that groups find together.
EXAGGERATED, EXAGGERATION = 150, 12.0
#: Share of a step's movement that goes on in the next: early, and later.
EARLY_MOMENTUM, MOMENTUM = 0.5, 0.8
#: Halvings in the search for each digit's width.
HALVINGS = 40

Matrix = NDArray[np.float32]


def embed(features: Matrix, steps: int = STEPS) -> Matrix:
    """Places (N, 2) at which features (N, F) that point the same way lie together."""
    directions = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-9)
    likely = _neighbourhoods(directions)
    centred = directions - directions.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    axes *= np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])[:, None]  # else their sign is the library's
    places = (centred @ axes.T).astype(np.float32)
    places *= 1e-4 / places[:, 0].std()
    speed, gain, rate = np.zeros_like(places), np.ones_like(places), len(places) / EXAGGERATION
    for step in range(steps):
        early = step < EXAGGERATED
        pull = _pull(places, likely * EXAGGERATION if early else likely)
        gain = np.where(np.sign(pull) == np.sign(speed), gain * 0.8, gain + 0.2).clip(0.01)
        speed = (EARLY_MOMENTUM if early else MOMENTUM) * speed - rate * gain * pull
        places = places + speed
        places -= places.mean(axis=0)
    return np.asarray(places)


def _neighbourhoods(directions: Matrix) -> Matrix:
    """How likely each pair is to be neighbours, (N, N): normal about each, as wide as ``PERPLEXITY`` asks."""
    distances = 2 - 2 * directions @ directions.T
    np.fill_diagonal(distances, np.inf)
    narrowest, widest = np.zeros(len(distances)), np.full(len(distances), np.inf)
    precision = np.ones(len(distances))
    for _ in range(HALVINGS):
        weights = np.exp(-distances * precision[:, None] + (distances.min(axis=1) * precision)[:, None])
        shares = weights / weights.sum(axis=1, keepdims=True)
        entropy = -(shares * np.log(np.maximum(shares, 1e-30))).sum(axis=1)
        wide = entropy > np.log(PERPLEXITY)
        narrowest, widest = np.where(wide, precision, narrowest), np.where(wide, widest, precision)
        precision = np.where(np.isinf(widest), precision * 2, (narrowest + widest) / 2)
    both = shares + shares.T
    return np.asarray(both / both.sum(), np.float32)


def _pull(places: Matrix, likely: Matrix) -> Matrix:
    """The gradient of the divergence between the neighbourhoods above and those of a map."""
    squares = (places**2).sum(axis=1)
    near = 1 / (1 + squares[:, None] + squares - 2 * places @ places.T)
    np.fill_diagonal(near, 0)
    force = (likely - near / near.sum()) * near
    return np.asarray(4 * (force.sum(axis=1)[:, None] * places - force @ places))


def make(data: Path, folder: Path, count: int = COUNT, steps: int = STEPS) -> tuple[DigitMap, Tested]:
    """The map by the weights in a folder, and the digits to test with.

    Raises:
        DataError: there are too few test digits, or they are not those that the model was tested with.
        WeightsError: the weights are missing or damaged.
    """
    test = load_data(data).test
    if len(test) < max(count, TESTED):
        raise DataError("too-few-digits", folder=data, least=max(count, TESTED))
    recognizer = Recognizer.load(DEFAULT_MODEL, folder)
    images, labels = test.images.numpy(), test.labels.numpy()
    misread = {mistake.index for mistake in recognizer.card.mistakes if mistake.index < len(images)}
    others = [index for index in range(len(images)) if index not in misread]
    chosen = np.array(sorted([*misread, *others[: count - len(misread)]]))
    features = recognizer.features(images[chosen])
    places = embed(features, steps)
    low, high = places.min(axis=0), places.max(axis=0)
    step = float(features.max()) / MOST
    digits = DigitMap(
        weights=recognizer.card.weights_sha256,
        indices=chosen.astype(np.uint16),
        labels=labels[chosen].astype(np.uint8),
        answers=recognizer.logits(images[chosen])[:, :10].argmax(axis=1).astype(np.uint8),
        places=((places - low) / (high - low) * SIDE).round().astype(np.uint16),
        features=(features / step).round().astype(np.uint8),
        step=step,
        pictures=unpacked(packed(images[chosen])),
    )
    return digits, Tested(images[:TESTED], labels[:TESTED].astype(np.uint8))


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the map."""
    parser = argparse.ArgumentParser("python -m model.training.digit_map", description="Make the map of test digits.")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is, or goes")
    parser.add_argument("--out", type=Path, default=WEIGHTS, metavar="DIR", help="where the weights are")
    options = parser.parse_args(arguments)
    try:
        digits, tested = make(options.data, options.out)
        files = files_of(digits, tested)
        write_together({options.out / name: content for name, content in files.items()})
    except (DigitsError, OSError) as error:
        return failed(error, options.out)
    print(f"{len(digits.labels)} test digits, {int((digits.labels != digits.answers).sum())} of them misread")
    print(", ".join(f"{options.out / name}: {len(content) / 1000:.0f} kB" for name, content in files.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
