"""What was read: a digit, a number, nothing; and how a person is told."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from model.preprocess.components import Box
from model.preprocess.picture import Pixels
from model.preprocess.pipeline import Step

STATUSES = ("digit", "unsure", "no-digit", "blank", "too-many")


#: No probability is told above this: nothing is certain.
MOST_CERTAIN = 0.9999


#: What a person is told where no digit was read.
NOTHING_READ = {
    "blank": "blank: there is no ink",
    "no-digit": "this doesn't look like a digit",
    "no-paper": "this looks like a thing, not like ink on paper",
    "too-many": "more digits than are read at once: at most 600, so cut the sheet into parts",
}


@dataclass(frozen=True)
class Digit:
    """One digit that was read.

    Attributes:
        label: "0" to "9".
        confidence: the calibrated probability of the label, 0…0.9999: nothing is certain.
        top: the three likeliest labels with their probabilities, the likeliest first.
        box: (x0, y0, x1, y1) in the source picture's upright pixels, or in canvas units.
        image: uint8 (28, 28), what the network saw: ink 255 on 0.
        sure: whether it looks like a digit, and clearly more like its label than like any other.
    """

    label: str
    confidence: float
    top: tuple[tuple[str, float], ...]
    box: Box
    image: Pixels
    sure: bool = True


@dataclass(frozen=True)
class Reading:
    """What was read.

    Attributes:
        status: "digit"; "unsure", when the first two of ``top`` are too close, or something else is in
            doubt; "no-digit", when the ink doesn't look like one; "blank", when there is no ink;
            "too-many", when there are more digits than are read at once.
        digits: in reading order, line by line; empty for "no-digit", "blank" and "too-many".
        steps: the pictures on the way from the source to the 28×28.
        size: (width, height) of the source, in the units of the digits' boxes.
        reason: where more is known. Of "no-digit": "no-paper" for a picture of a thing, unlike ink on paper. Of
            "unsure": "beside-words" where words beside the digits were left out.
    """

    status: str
    digits: tuple[Digit, ...]
    steps: tuple[Step, ...]
    size: tuple[float, float] = (0, 0)
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The reading as the command line and the API give it; scores are rounded down to 4 places.

        A reason is there only where there is one.
        """
        return {
            "status": self.status,
            **({"reason": self.reason} if self.reason else {}),
            "digits": [
                {
                    "label": digit.label,
                    "confidence": floor4(digit.confidence),
                    "top": [[label, floor4(score)] for label, score in digit.top],
                    "box": list(digit.box),
                    "sure": digit.sure,
                }
                for digit in self.digits
            ],
        }


def floor4(score: float) -> float:
    """A probability rounded down to four places; what is four places long already stays as it is."""
    return math.floor(round(score * 10_000, 6)) / 10_000


def describe(reading: Reading) -> str:
    """A reading in one line for a person."""
    if not reading.digits:
        return NOTHING_READ[reading.reason or reading.status]
    number = "".join(digit.label for digit in reading.digits)
    if len(reading.digits) > 1:
        scores = ", ".join(f"{digit.label} {percent(digit.confidence)}" for digit in reading.digits)
        return f"{number}{'' if reading.status == 'digit' else '?'}  ({scores})"
    top = reading.digits[0].top
    answer = number if reading.status == "digit" else f"unsure: {top[0][0]} or {top[1][0]}"
    return f"{answer}  ({', '.join(f'{label} {percent(score)}' for label, score in top)})"


def percent(score: float) -> str:
    """A probability for a person, to a tenth; never "0.0 %" or "100.0 %", for nothing is certain."""
    if score < 0.001:
        return "< 0.1 %"
    return "> 99.9 %" if score > 0.999 else f"{score:.1%}".replace("%", " %")
