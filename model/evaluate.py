"""How good a network is on labelled digits: accuracy, confusion matrix, misclassifications.

``python -m model.evaluate [--model NAME] [--data DIR] [--json]`` measures shipped weights on
the MNIST test set. Exit status 2 when the weights or the data can't be read.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from model.data import Digits, as_input, load_mnist
from model.errors import DigitsError
from model.networks import logits_of
from model.predict import DEFAULT_MODEL
from model.scores import DIGITS
from model.store import Mistake, load_card, load_network

#: Test digits whose label human annotators dispute (C. Northcutt et al., "Pervasive Label Errors
#: in Test Sets", 2021; labelerrors.com). They count like all others; the gallery marks them.
DISPUTED = frozenset(
    {947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729}
)  # fmt: skip


@dataclass(frozen=True)
class Evaluation:
    """What a network does with N labelled digits.

    Attributes:
        scores: float32 (N, 10), probabilities.
        labels: int64 (N,), the truth.
    """

    scores: Tensor
    labels: Tensor

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
        return Mistake(index, str(int(self.labels[index])), top, index in DISPUTED)

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
    return Evaluation((logits[:, :DIGITS] / temperature).softmax(1), digits.labels)


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
    bin_of = (confidence * bins).long().clamp_max(bins - 1)
    gap = torch.zeros(bins, dtype=torch.float64)
    gap.index_add_(0, bin_of, confidence - (answers == labels).double())
    return float(gap.abs().sum() / len(labels))


def report(evaluation: Evaluation) -> str:
    """The evaluation for a person: accuracy, confusion matrix, every wrong case."""
    figures = evaluation.summary()
    low, high = figures["interval"]
    lines = [
        f"accuracy = {figures['right']} / {figures['total']} = {figures['accuracy']:.2%}"
        f"  (95 % interval {low:.2%} to {high:.2%})",
        f"calibration error = {figures['calibration_error']:.2%}",
        "",
        "true \\ read" + "".join(f"{digit:>6}" for digit in range(DIGITS)),
        *(f"{digit:>11}" + "".join(f"{n:>6}" for n in row) for digit, row in enumerate(evaluation.confusion)),
        "",
    ]
    for mistake in evaluation.mistakes:
        top = ", ".join(f"{label} {score:.1%}" for label, score in mistake.top)
        lines.append(f"digit {mistake.index}: a {mistake.label} read as {top}{'  (disputed)' * mistake.disputed}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure shipped weights on the MNIST test set."""
    parser = argparse.ArgumentParser("python -m model.evaluate", description="Measure weights on MNIST's test set.")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="which weights (default: %(default)s)")
    parser.add_argument("--data", default="data", metavar="DIR", help="where MNIST is or goes (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        card = load_card(options.model)
        evaluation = evaluate(load_network(card), load_mnist(options.data).test, card.temperature)
    except DigitsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.json:
        wrong = [{"index": m.index, "label": m.label, "top": m.top} for m in evaluation.mistakes]
        print(json.dumps({**evaluation.summary(), "confusion": evaluation.confusion, "mistakes": wrong}))
    else:
        print(report(evaluation))
    return 0


if __name__ == "__main__":
    sys.exit(main())
