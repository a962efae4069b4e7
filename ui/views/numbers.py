"""The digits of a number: which of them is looked at first, and where their frames and the frames' tags stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from model.reading.reading import Digit, Reading

#: Width of a frame's tag, as a share of the picture's: 20 pixels on a phone's pad of 250.
TAG_WIDTH = 0.08
#: Its height, as a share of the picture's.
TAG_HEIGHT = 0.09

#: Left, top, right, bottom, as shares (0…1) of the picture's sides.
Edges = tuple[float, float, float, float]


class Frame(NamedTuple):
    """A digit's label, the edges of its box as shares (0…1) of the source's sides, and where its tag stands."""

    label: str
    left: float
    top: float
    right: float
    bottom: float
    tag: str


def least_sure(digits: Sequence[Digit]) -> int:
    """The place of the digit with the least confidence."""
    return min(range(len(digits)), key=lambda place: digits[place].confidence)


def frames(reading: Reading) -> list[Frame]:
    """A frame for each digit; a tag stands above its frame, or below it or inside where it would cover another."""
    width, height = reading.size
    boxes: list[Edges] = []
    for digit in reading.digits:
        x0, y0, x1, y1 = digit.box
        boxes.append((round(x0 / width, 4), round(y0 / height, 4), round(x1 / width, 4), round(y1 / height, 4)))
    taken: list[Edges] = []
    framed = []
    for place, (digit, box) in enumerate(zip(reading.digits, boxes, strict=True)):
        tag, edges = _tag(box, [*boxes[:place], *boxes[place + 1 :], *taken])
        taken.append(edges)
        framed.append(Frame(digit.label, *box, tag))
    return framed


def _tag(box: Edges, others: Sequence[Edges]) -> tuple[str, Edges]:
    left, top, _, bottom = box
    above = (left, top - TAG_HEIGHT, left + TAG_WIDTH, top)
    below = (left, bottom, left + TAG_WIDTH, bottom + TAG_HEIGHT)
    for name, edges in (("above", above), ("below", below)):
        inside = edges[1] >= 0 and edges[3] <= 1
        if inside and not any(_meet(edges, other) for other in others):
            return name, edges
    return "inside", (left, top, left + TAG_WIDTH, top + TAG_HEIGHT)


def _meet(one: Edges, other: Edges) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
