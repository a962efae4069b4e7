"""How good a network is on labelled digits: accuracy, confusion matrix, misclassifications.

``python -m model.evaluate [--model NAME|all] [--data DIR] [--part PART] [--json]`` measures trained weights on
MNIST's test set, on its validation digits and harder copies of them, or on folders of pictures. Exit status 2
when the weights or the data can't be read.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from model.packages import TRAINING, exit_without

if __name__ == "__main__":
    exit_without(*TRAINING)  # the imports that follow need them

import torch
from torch import Tensor, nn

from model.data.digits import Digits, as_input, joined
from model.data.load import load_data, load_test
from model.errors import DigitsError, WeightsError, failed
from model.networks.layers import logits_of
from model.networks.weights import load_network
from model.reading.reading import percent
from model.reading.scores import DIGITS
from model.reading.store import DEFAULT_MODEL, WEIGHTS, Mistake, load_card, trained_models
from model.synthesis.copies import KINDS, copies, other_styles

#: Test digits whose label human annotators dispute (C. Northcutt et al., "Pervasive Label Errors
#: in Test Sets", 2021; labelerrors.com). They count like all others; the gallery marks them.
DISPUTED = frozenset(
    {947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729}
)  # fmt: skip
MNIST_TEST = 10_000
#: What may be measured on; styles are synthetic digits.
PARTS = ("test", "all", "validation", *KINDS, "styles")


@dataclass(frozen=True)
class Evaluation:
    """What a network does with N labelled digits.

    Attributes:
        scores: float32 (N, 10), probabilities.
        labels: int64 (N,), the truth.
        names: where the digits came from; empty for MNIST's own files.
    """

    scores: Tensor
    labels: Tensor
    names: tuple[str, ...] = ()

    @property
    def answers(self) -> Tensor:
        """int64 (N,), the likeliest digit of each."""
        return self.scores.argmax(1)

    @property
    def right(self) -> int:
        """How many are read right."""
        return int((self.answers == self.labels).sum())

    @property
    def confusion(self) -> list[list[int]]:
        """10 rows of true digits by 10 columns of predicted ones."""
        cells = torch.bincount(self.labels * DIGITS + self.answers, minlength=DIGITS**2)
        return cells.view(DIGITS, DIGITS).tolist()

    @property
    def mistakes(self) -> list[Mistake]:
        """Those read wrong, the most confident first."""
        wrong = (self.answers != self.labels).nonzero().flatten()
        wrong = wrong[self.scores[wrong].amax(1).argsort(descending=True)]
        return [self._mistake(index) for index in wrong.tolist()]

    def _mistake(self, index: int) -> Mistake:
        scores, labels = self.scores[index].topk(3)
        top = [(str(label), round(score, 4)) for label, score in zip(labels.tolist(), scores.tolist(), strict=True)]
        is_mnist = not self.names and len(self.labels) == MNIST_TEST
        return Mistake(index, str(int(self.labels[index])), top, is_mnist and index in DISPUTED)

    def per_class(self) -> list[dict[str, float | None]]:
        """Of each digit: precision, the share of its answers that are right; recall, the share of it that is found.

        ``None`` where nothing was answered, or there is none.
        """
        cells = torch.tensor(self.confusion)
        right, answered, there = cells.diagonal().tolist(), cells.sum(0).tolist(), cells.sum(1).tolist()
        return [
            {"precision": hit / said if said else None, "recall": hit / true if true else None}
            for hit, said, true in zip(right, answered, there, strict=True)
        ]

    def summary(self) -> dict[str, Any]:
        """Right, total, accuracy with its 95 % Wilson interval, expected calibration error."""
        return {
            "right": self.right,
            "total": len(self.labels),
            "accuracy": self.right / len(self.labels),
            "interval": wilson_interval(self.right, len(self.labels)),
            "calibration_error": calibration_error(self.scores, self.labels),
        }


def evaluate(network: nn.Module, digits: Digits, temperature: float = 1.0) -> Evaluation:
    """Probabilities of every digit, from logits divided by ``temperature``."""
    logits = logits_of(network, as_input(digits.images))
    return Evaluation((logits[:, :DIGITS] / temperature).softmax(1), digits.labels, digits.names)


def wilson_interval(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """The interval (95 % at z = 1.96) of a share of which ``right`` in ``total`` were seen (E. Wilson 1927)."""
    if total == 0:
        return 0.0, 1.0
    share = right / total
    centre = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def calibration_error(scores: Tensor, labels: Tensor, bins: int = 15) -> float:
    """Expected calibration error: |confidence − accuracy|, averaged over equal bins by their digits (Guo et al. 2017).

    Args:
        scores: (N, 10), probabilities.
        labels: int64 (N,).
    """
    confidence, answers = scores.double().max(1)
    return confidence_error(confidence, answers == labels, bins)


def confidence_error(confidence: Tensor, is_right: Tensor, bins: int = 15) -> float:
    """The expected calibration error of answers of which each one's probability and whether it is right is known, (N,).

    Args:
        confidence: float64, in 0…1.
    """
    bin_of = (confidence * bins).long().clamp_max(bins - 1)
    gap = torch.zeros(bins, dtype=torch.float64)
    gap.index_add_(0, bin_of, confidence - is_right.double())
    return float(gap.abs().sum() / len(confidence))


def report(evaluation: Evaluation, part: str = "test") -> str:
    """The evaluation for a person: accuracy, each digit's precision and recall, confusion matrix, every wrong case."""
    title = "test accuracy" if part == "test" else f"accuracy on {part} digits"
    figures = evaluation.summary()
    low, high = figures["interval"]
    lines = [_wrong_case(evaluation, mistake) for mistake in evaluation.mistakes]
    lines += [
        "",
        "true \\ read" + "".join(f"{digit:>6}" for digit in range(DIGITS)) + "   precision  recall",
        *(
            f"{digit:>11}" + "".join(f"{n:>6}" for n in row) + f"{_share(of['precision']):>12}{_share(of['recall']):>8}"
            for digit, (row, of) in enumerate(zip(evaluation.confusion, evaluation.per_class(), strict=True))
        ),
        "",
        f"calibration error = {figures['calibration_error']:.2%}",
        f"{title} = {figures['right']} / {figures['total']} = {figures['accuracy']:.4f}"
        f"  (95 % interval {low:.4f} to {high:.4f})",
    ]
    return "\n".join(lines)


def _wrong_case(evaluation: Evaluation, mistake: Mistake) -> str:
    name = evaluation.names[mistake.index] if evaluation.names else f"digit {mistake.index}"
    top = ", ".join(f"{label} {percent(score)}" for label, score in mistake.top)
    return f"predicted {mistake.top[0][0]}, true {mistake.label}: {name}  ({top}){'  disputed' * mistake.disputed}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """All of the evaluation, for a program."""
    wrong = [
        {**asdict(mistake), "name": evaluation.names[mistake.index] if evaluation.names else None}
        for mistake in evaluation.mistakes
    ]
    return {
        **evaluation.summary(),
        "per_class": evaluation.per_class(),
        "confusion": evaluation.confusion,
        "mistakes": wrong,
    }


def _digits(data: str, part: str) -> Digits:
    if part == "test":
        return load_test(data)
    if part == "styles":
        return other_styles()
    whole = load_data(data)
    if part == "all":
        return joined(whole.train, whole.validation, whole.test)
    return whole.validation if part == "validation" else copies(whole.validation, part)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure trained weights on labelled digits."""
    parser = argparse.ArgumentParser("python -m model.evaluate", description="Measure trained weights.")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="which weights, or all (default: %(default)s)")
    parser.add_argument(
        "--data", default="data", metavar="DIR", help="MNIST's files or folders of pictures (default: %(default)s)"
    )
    parser.add_argument("--part", choices=PARTS, default="test", help="which digits (default: %(default)s)")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, metavar="DIR", help="where the weights are")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        names = trained_models(options.weights) if options.model == "all" else [options.model]
        if not names:
            raise WeightsError("no-weights-in", folder=options.weights)
        cards = [load_card(name, options.weights) for name in names]
        digits = _digits(options.data, options.part)
        evaluations = {
            card.model: evaluate(load_network(card, options.weights), digits, card.temperature) for card in cards
        }
    except DigitsError as error:
        return failed(error)
    if options.json:
        found = {name: as_json(evaluation) for name, evaluation in evaluations.items()}
        print(json.dumps(found if options.model == "all" else found[options.model]))
    else:
        for name, evaluation in evaluations.items():
            text = report(evaluation, options.part)
            print(f"{name}\n{text}\n" if options.model == "all" else text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
