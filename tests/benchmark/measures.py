"""What is measured, each by one function that gives rows of the README's table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from scipy.stats import mannwhitneyu
from tqdm import tqdm

from model import Recognizer
from model.data.load import load_data
from model.data.pens import load_pens
from model.evaluate import confidence_error, evaluate, wilson_interval
from model.networks.weights import load_network
from model.preprocess.pipeline import Source, preprocess
from model.preprocess.strokes import Drawing, render
from model.reading.scores import DIGITS, digit_score
from model.reading.store import WEIGHTS
from tests.benchmark.corruptions import CORRUPTIONS, corrupted
from tests.benchmark.invariance import CHANGES, kept
from tests.benchmark.outliers import ALIKE, clothes, letters, scribbles, textures
from tests.benchmark.sources import Labelled, enlarged, optdigits, pen_digits, uploads, usps
from tests.helpers.pictures import saved

#: The side, in pixels, to which digits of few pixels are made larger.
ENLARGED = 160


@dataclass(frozen=True)
class Row:
    """One line of the table: what, the figure as a person reads it, of how many, the 95 % interval of a share."""

    what: str
    figure: str
    count: int | None = None
    interval: tuple[float, float] | None = None


def share(what: str, right: int, total: int) -> Row:
    """A share with its Wilson interval."""
    return Row(what, f"{right / total:.2%}", total, wilson_interval(right, total))


def read_right(what: str, digits: Iterable[Labelled], recognizer: Recognizer) -> Iterator[Row]:
    """How many are read right, how many of these are in doubt, how many of the sure answers are wrong, and how far off
    the probabilities of single digits are.

    A picture counts as read right if all its digits are, whatever the status: "unsure" shows
    the label, "no-digit" and "blank" have none.
    """
    right = sure = sure_right = total = 0
    confidence, single_right = [], []
    for source, label in tqdm(list(digits), desc=what, leave=False):
        reading = recognizer.read(source)
        is_right = "".join(digit.label for digit in reading.digits) == label
        total += 1
        right += is_right
        sure += reading.status == "digit"
        sure_right += reading.status == "digit" and is_right
        if len(label) == len(reading.digits) == 1:
            confidence.append(reading.digits[0].confidence)
            single_right.append(is_right)
    if total:
        yield share(what, right, total)
        yield share("… of the right answers in doubt", right - sure_right, max(1, right))
        yield share("… wrong among the answers given as sure", sure - sure_right, max(1, sure))
    if confidence:
        error = confidence_error(torch.tensor(confidence, dtype=torch.float64), torch.tensor(single_right))
        yield Row("… expected calibration error, 15 bins", f"{error:.2%}", len(confidence))


def mnist(folder: Path, recognizer: Recognizer) -> Iterator[Row]:
    """The test set, through the network alone."""
    card = recognizer.card
    test = load_data(folder).test
    evaluation = evaluate(load_network(card), test, card.temperature)
    figures = evaluation.summary()
    yield share("MNIST test set, 28×28 into the network", figures["right"], figures["total"])
    yield Row("… expected calibration error, 15 bins", f"{figures['calibration_error']:.2%}", figures["total"])


def people(folder: Path, recognizer: Recognizer) -> Iterator[Row]:
    """Other people's uploads, by class and by kind."""
    names = {"paint": "drawn", "photo": "photographed", "scan": "scanned"}
    yield from read_right("people's uploads, one digit each", uploads(folder, "single"), recognizer)
    for kind, name in names.items():
        yield next(read_right(f"… {name}", uploads(folder, "single", kind), recognizer))
    yield next(read_right("printed digits", uploads(folder, "printed"), recognizer))
    yield next(read_right("uploaded numbers of several digits", uploads(folder, "multi"), recognizer))
    yield _turned_away("people's single digits turned away", [s for s, _ in uploads(folder, "single")], recognizer)


def corruptions(folder: Path, recognizer: Recognizer, count: int = 1000) -> Iterator[Row]:
    """MNIST-C: the first test digits of which the network sees each corruption, raw and through preprocessing."""
    digits = load_data(folder).test[:count]
    labels = digits.labels.numpy()
    raw = read = total = 0
    for corruption in tqdm(CORRUPTIONS, desc="MNIST-C", leave=False):
        images = corrupted(digits.images.numpy(), corruption)
        raw += int((recognizer.logits(images)[:, :DIGITS].argmax(axis=1) == labels).sum())
        prepared = [preprocess(image).image for image in images]
        seen = np.stack([image if image is not None else np.zeros((28, 28), np.uint8) for image in prepared])
        read += int((recognizer.logits(seen)[:, :DIGITS].argmax(axis=1) == labels).sum())
        total += len(labels)
    yield share("MNIST-C, 15 corruptions, 28×28 into the network", raw, total)
    yield share("… through the preprocessing", read, total)


def no_digits(folder: Path, recognizer: Recognizer, fashion: Path, people: Path) -> Iterator[Row]:
    """What is no digit against the MNIST test set: how well one score tells them apart, and what the reader answers."""
    images = load_data(folder).test.images.numpy()
    digits = digit_score(recognizer.logits(images))
    yield _turned_away("MNIST test digits turned away", list(images), recognizer)
    kinds: dict[str, Iterable[Source]] = {
        "letters and symbols": letters(),
        "scribbles": scribbles(300),
        "noise and textures": textures(200),
        "Fashion-MNIST": clothes(fashion, 1000),
        "uploads of no digit": (source for source, _ in uploads(people, "nondigit")),
    }
    everything: list[float] = []
    for name, iterable in kinds.items():
        sources = list(iterable)
        scores = [_score(source, recognizer) for source in tqdm(sources, desc=name, leave=False)]
        everything += scores
        yield Row(f"{name} against MNIST test digits, AUROC", f"{auroc(digits, scores):.4f}", len(scores))
        yield _turned_away("… turned away", sources, recognizer)
        if name == "letters and symbols":
            what = f"… turned away of all but {' '.join(ALIKE)}, which are written like digits"
            yield _turned_away(what, list(letters(without=ALIKE)), recognizer)
    yield Row("all of these against MNIST test digits, AUROC", f"{auroc(digits, everything):.4f}", len(everything))


def _turned_away(what: str, sources: Sequence[Source], recognizer: Recognizer) -> Row:
    """The share of sources that are answered without a digit."""
    statuses = [recognizer.read(source).status for source in tqdm(sources, desc=what, leave=False)]
    return share(what, sum(status in ("no-digit", "blank") for status in statuses), len(statuses))


def auroc(digits: NDArray[np.float64], others: list[float]) -> float:
    """The chance that a digit scores above what is none (H. Mann & D. Whitney 1947)."""
    return float(mannwhitneyu(digits, others).statistic / (len(digits) * len(others)))


def _score(source: Source, recognizer: Recognizer) -> float:
    image = preprocess(source).image
    return -np.inf if image is None else float(digit_score(recognizer.logits(image[None]))[0])


def pens(recognizer: Recognizer) -> Iterator[Row]:
    """Recorded pen strokes, of the writers kept out of training, on the pad and as pictures of it."""
    _, kept_out = load_pens()
    drawn = list(pen_digits(kept_out))
    pictures = [(ImageOps.invert(render(source)), label) for source, label in drawn if isinstance(source, Drawing)]
    yield from read_right("pen strokes on the pad (UCI pendigits, six writers kept out)", drawn, recognizer)
    yield from read_right("the same strokes as pictures", pictures, recognizer)


def invariances(recognizer: Recognizer, count: int = 500) -> Iterator[Row]:
    """Recorded digits that are surely read, changed in what mustn't matter."""
    _, kept_out = load_pens()
    for name, change in CHANGES.items():
        # Every second, so that all writers are there.
        drawings = (source for source, _ in islice(pen_digits(kept_out), 0, None, 2) if isinstance(source, Drawing))
        stays = list(tqdm(islice(kept(recognizer, drawings, change), count), desc=name, total=count, leave=False))
        yield share(f"a surely read pen digit keeps its label when {name}", sum(stays), len(stays))


def zip_codes(file: Path, recognizer: Recognizer) -> Iterator[Row]:
    """USPS scans, as they are and made larger."""
    yield from _also_enlarged("USPS zip-code digits, 16×16", list(usps(file)), recognizer)


def few_pixels(recognizer: Recognizer) -> Iterator[Row]:
    """Optdigits, as they are and made larger."""
    yield from _also_enlarged("Optdigits, 8×8", list(optdigits()), recognizer)


def _also_enlarged(what: str, digits: Sequence[Labelled], recognizer: Recognizer) -> Iterator[Row]:
    """How digits of few pixels are read, and how when they are made larger."""
    yield from read_right(what, digits, recognizer)
    yield from read_right(f"the same, enlarged to {ENLARGED}×{ENLARGED}", enlarged(digits, ENLARGED), recognizer)


def sizes(recognizer: Recognizer) -> Iterator[Row]:
    """What the default network costs to store and took to train."""
    card = recognizer.card
    weights = (WEIGHTS / f"{card.model}.safetensors").stat().st_size
    yield Row("parameters", f"{card.parameters:,}")
    yield Row("weights' file", f"{weights / 1e6:.2f} MB")
    yield Row(f"training, {card.machine['cores']} cores", f"{card.machine['minutes']:.0f} min")


def speeds(recognizer: Recognizer, seed: int = 0) -> Iterator[Row]:
    """The median time of one reading, on one thread."""
    drawing = {"size": [280, 280], "strokes": [{"width": 16, "points": [[80, 70], [200, 70], [120, 220]]}]}
    image = preprocess(drawing).image
    assert image is not None
    median = _median(lambda _: recognizer.logits(image[None]), drawing, 200)
    yield Row("one digit through the network, in numpy, median", f"{median:.2f} ms", 200)
    yield Row("one reading of a drawing, median", f"{_median(recognizer.read, drawing, 200):.1f} ms", 200)
    yield Row("one reading of a 12-megapixel JPEG, median", f"{_median(recognizer.read, _photo(seed), 20):.0f} ms", 20)


def _median(read: Callable[[Source], object], source: Source, count: int) -> float:
    read(source)
    times = []
    for _ in range(count):
        started = time.perf_counter()
        read(source)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def _photo(seed: int) -> bytes:
    """A 4000×3000 photo of a 7: paper with noise and uneven light."""
    rng = np.random.default_rng(seed)
    page = np.linspace(230, 190, 4000)[None, :] + rng.normal(0, 4, (3000, 4000))
    page[700:850, 1300:2700] = 40
    page[850:2300, 2300:2450] = 40
    return saved(Image.fromarray(np.clip(page, 0, 255).astype(np.uint8)).convert("RGB"), "JPEG", quality=90)
