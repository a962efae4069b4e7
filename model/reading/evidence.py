"""What speaks for and against an answer, in numbers: how its digits look to the network, and how they stand.

``model.reading.judge`` weighs them; each has a name, so that anyone can see what a judgement rests on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.preprocess.looks import LOOKS, looks
from model.preprocess.pipeline import Prepared
from model.reading import pen
from model.reading.atoms import BODY
from model.reading.parts import NO_RIVAL, LineReading
from model.reading.scores import digit_score

#: Digit scores are told between these bounds: beyond them they say nothing more.
LEAST_SCORE, MOST_SCORE = -12.0, 15.0
#: Probabilities are told to within this of 0 and of 1.
LEAST_P = 1e-5
#: More bodies, or pieces, left out for each digit than this say nothing more.
MOST_BODIES, MOST_PIECES = 4.0, 8.0
#: A number's second telling, ending in "up to" a bound, tells doubt apart from how far beyond doubt a digit is.
BOUNDS = (("mean digit score", 2.0), ("least digit score", 2.0), ("mean digit score", 5.0))
ODDS_BOUNDS = (("mean log odds of the labels", 3.0), ("least log odds of the labels", 1.5))
LEAD_BOUNDS = (("lead over the next answer", 2.0),)

#: What each number of an answer tells.
OF_ANSWER = (
    "log digits",
    "log lines",
    "bodies left out for each digit",
    "pieces left out for each digit",
    "mean digit score",
    "least digit score",
    "mean log odds of the labels",
    "least log odds of the labels",
    "lead over the next answer",
    "spread of the digits' heights",
    "share of the ink in the digits",
    "log height of the digits over the source's",
    "share of ones",
)
CAPPED = BOUNDS + ODDS_BOUNDS + LEAD_BOUNDS
#: The names of all numbers that ``of`` gives of a drawing, and of a picture.
OF_DRAWING = (*OF_ANSWER, *(f"{name}, up to {bound:g}" for name, bound in CAPPED))
OF_PICTURE = (*OF_DRAWING, *LOOKS)


def of(lines: Sequence[LineReading], prepared: Prepared, *, is_whole: bool = True) -> NDArray[np.float64]:
    """What speaks for and against the reading of a source.

    Args:
        lines: as it is read, with at least one digit.
        is_whole: all other ink of a picture was left out; if not, there is more to read in it.

    Returns:
        The numbers that ``OF_DRAWING`` names of a drawing, ``OF_PICTURE`` of a picture.
    """
    answer = _of_answer(lines, prepared, is_whole=is_whole)
    capped = [min(answer[OF_ANSWER.index(name)], bound) for name, bound in CAPPED]
    seen = np.zeros(0) if prepared.drawing is not None else looks(prepared)
    return np.concatenate([answer, capped, seen])


def _of_answer(lines: Sequence[LineReading], prepared: Prepared, *, is_whole: bool) -> NDArray[np.float64]:
    parts = [part for line in lines for part in line.digits]
    left_out = [(part, line.height) for line in lines for part in line.left_out]
    bodies = sum(part.atom.height >= BODY * height for part, height in left_out)
    scores = np.clip(digit_score(np.stack([part.logits for part in parts])), LEAST_SCORE, MOST_SCORE)
    odds = np.array([_log_odds(part.log_label) for part in parts])
    heights = np.array([part.atom.height for part in parts], np.float64)
    own = sum(float(part.atom.ink.sum(dtype=np.float64)) for part in parts)
    whole = own + sum(float(part.atom.ink.sum(dtype=np.float64)) for part, _ in left_out)
    if is_whole and prepared.drawing is None and prepared.ink is not None:
        whole = max(whole, float(prepared.ink.sum(dtype=np.float64)))
    return np.array(
        [
            math.log(len(parts)),
            math.log(len(lines)),
            min(MOST_BODIES, bodies / len(parts)),
            min(MOST_PIECES, len(left_out) / len(parts)),
            float(scores.mean()),
            float(scores.min()),
            float(odds.mean()),
            float(odds.min()),
            min((line.plain_lead for line in lines), default=NO_RIVAL),
            float(np.log(heights).std()),
            own / max(1.0, whole),
            math.log(float(heights.mean()) / _height(prepared)),
            float(np.mean([part.label == 1 for part in parts])),
        ]
    )


def _log_odds(log_p: float) -> float:
    """ln p / (1 − p) of a log probability, kept finite."""
    p = min(max(math.exp(min(0.0, log_p)), LEAST_P), 1 - LEAST_P)
    return math.log(p / (1 - p))


def _height(prepared: Prepared) -> float:
    """A source's height in the pixels of its atoms."""
    if prepared.drawing is not None and pen.is_apart(prepared.drawing):
        return prepared.drawing.size[1] * pen.scale_of(prepared.drawing)
    return float(prepared.before[0].shape[0])
