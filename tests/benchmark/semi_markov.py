"""How likely the digits of lines are among all that may be read of them: a conditional random field over partings.

Each parting of a line's atoms into runs, taken as digits or left out, has the sum of its runs' scores; the digits'
probability is the share of the partings that give them (S. Sarawagi & W. Cohen, "Semi-Markov Conditional Random Fields
for Information Extraction", 2004). Everything is summed in logarithms, for all lines of a batch at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from tests.benchmark.partings import Partings

#: The log probability of what can't be.
NEVER = -1e4
DIGIT, NONE = 0, 1


def log_likelihoods(lines: Sequence[Partings], scores: Tensor) -> Tensor:
    """The log probabilities (L,) of the digits of some lines.

    Args:
        lines: L of them.
        scores: (R, 2), of all their runs in a row, as a digit and as none.
    """
    table = _table(lines, scores)
    count, most = len(lines), max(len(line.text) for line in lines)
    all_ways = [torch.zeros(count)]
    right_ways = [torch.cat([torch.zeros(count, 1), torch.full((count, most), NEVER)], dim=1)]
    is_next = _is_next(lines, table.shape[1:3], most)
    for end in range(1, table.shape[1]):
        lengths = min(end, table.shape[2] - 1)
        here = table[:, end, 1 : lengths + 1]  # (L, lengths, 2)
        before = torch.stack(all_ways[end - lengths : end][::-1], dim=1)
        all_ways.append(torch.logsumexp(before + here.logsumexp(dim=2), dim=1))
        # (L, digits so far, lengths): a run that is left out adds no digit, a digit must be the next one of the text.
        right = torch.stack(right_ways[end - lengths : end][::-1], dim=2)
        skipped = right + here[:, None, :, NONE]
        shifted = torch.cat([torch.full((count, 1, lengths), NEVER), right[:, :-1]], dim=1)
        read = shifted + here[:, None, :, DIGIT].masked_fill(~is_next[:, :, end, 1 : lengths + 1], NEVER)
        right_ways.append(torch.logsumexp(torch.cat([skipped, read], dim=2), dim=2))
    rows = torch.arange(count)
    ends = torch.tensor([line.atoms for line in lines])
    digits = torch.tensor([len(line.text) for line in lines])
    return torch.stack(right_ways, dim=2)[rows, digits, ends] - torch.stack(all_ways, dim=1)[rows, ends]


def _places(lines: Sequence[Partings]) -> tuple[Tensor, Tensor, Tensor]:
    """Of all runs in a row: the line, the end, the length."""
    runs = torch.cat([torch.from_numpy(line.runs) for line in lines])
    number = torch.repeat_interleave(torch.arange(len(lines)), torch.tensor([len(line.runs) for line in lines]))
    return number, runs[:, 1], runs[:, 1] - runs[:, 0]


def _table(lines: Sequence[Partings], scores: Tensor) -> Tensor:
    """The scores by line, end and length: (L, most atoms + 1, longest + 1, 2)."""
    number, ends, lengths = _places(lines)
    table = torch.full((len(lines), int(ends.max()) + 1, int(lengths.max()) + 1, 2), NEVER)
    return table.index_put((number, ends, lengths), scores)


def _is_next(lines: Sequence[Partings], shape: Sequence[int], most: int) -> Tensor:
    """Whether a run, by line, end and length, looks like the digit of the text that comes then: (L, most + 1, …)."""
    number, ends, lengths = _places(lines)
    labels = torch.cat([torch.from_numpy(line.labels) for line in lines])
    wanted = torch.full((len(lines), most + 1), -1)
    for row, line in zip(wanted, lines, strict=True):
        row[1 : len(line.text) + 1] = torch.tensor([int(digit) for digit in line.text])
    marks = torch.zeros((len(lines), most + 1, *shape), dtype=torch.bool)
    marks[number, :, ends, lengths] = wanted[number] == labels[:, None]
    return marks
