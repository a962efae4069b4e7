"""From the parts that a source is read as to an answer: its digits, how sure each is, or that there are none.

What no part alone can tell is asked here: whether one hand writes so, what touches, whether all of it is a picture of
something else, and whether words stand beside the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.preprocess.components import Box
from model.preprocess.picture import Pixels
from model.preprocess.pipeline import Prepared
from model.reading import bars, evidence, pen, separators, slashed, touching
from model.reading.atoms import Atom
from model.reading.judge import Judge, Judges
from model.reading.parts import CLEARLY_A_DIGIT, LEAD, LEAD_DRAWN_ALONE, LEAST_LEAD, SURELY_A_DIGIT, LineReading, Part
from model.reading.reading import MOST_CERTAIN, Digit
from model.reading.scene import is_writing
from model.reading.scores import DIGITS, Logits, digit_score, softmax
from model.reading.store import Card
from model.reading.weighing import Numbers
from model.reading.words import without_words


@dataclass(frozen=True)
class Answer:
    """What a source is read as.

    Attributes:
        digits: from left to right and from top to bottom; none if there are none.
        parts: of which they are made.
        reason: why they are in doubt, where that is known (see ``Reading``).
    """

    digits: tuple[Digit, ...]
    parts: tuple[Part, ...]
    reason: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether there are digits, and each is sure."""
        return bool(self.digits) and all(digit.sure for digit in self.digits)


@dataclass(frozen=True)
class Answerer:
    """Answers for one network.

    Attributes:
        card: of the network, with its bounds.
        judges: of answers; ``None`` if none were fitted to that network.
    """

    card: Card
    judges: Judges | None

    def answer(self, lines: Sequence[LineReading], atoms: Sequence[Atom], prepared: Prepared) -> Answer:
        """The answer that lines give: all of their digits, or none, or those beside words, which are in doubt.

        Args:
            lines: as they are read.
            atoms: of which they were read.
        """
        whole = self.of(lines, atoms, prepared)
        judge = self._judge_of(prepared)
        if judge is None or (whole.is_sure and not any(line.left_out for line in lines)):
            return whole
        rest = without_words(lines, lambda group: judge.score(evidence.of([group], prepared, is_whole=False)))
        beside = rest and self.of(rest, atoms, prepared, is_whole=False)
        if not beside or not beside.digits or (whole.is_sure and len(beside.parts) == len(whole.parts)):
            return whole
        digits = tuple(replace(digit, sure=False) for digit in beside.digits)
        return Answer(digits, beside.parts, "beside-words")

    def of(
        self, lines: Sequence[LineReading], atoms: Sequence[Atom], prepared: Prepared, *, is_whole: bool = True
    ) -> Answer:
        """The answer of all of some lines.

        Args:
            is_whole: they are all that was read.
        """
        parts = tuple(part for line in lines for part in line.digits)
        if not is_writing(lines):
            return Answer((), parts)
        told = [is_odd for line in lines for is_odd in line.each_odd]
        doubts = (
            told,
            bars.odd(parts),
            separators.odd(parts),
            slashed.odd(parts, atoms),
            touching.odd(lines),
        )
        odd = [any(each) for each in zip(*doubts, strict=True)]
        least = _least_lead(parts, prepared)
        leads = [lead for line in lines for lead in line.leads]
        doubted = [lead < least or is_odd for lead, is_odd in zip(leads, odd, strict=True)]
        digits = self._digits(parts, doubted, prepared)
        judge = self._judge_of(prepared)
        if digits and judge is not None:
            leads_plainly = all(line.plain_lead >= least for line in lines if line.digits)
            numbers = evidence.of(lines, prepared, is_whole=is_whole)
            is_odd = any(odd) or min(leads) < LEAST_LEAD
            digits = self.weighed(digits, numbers, judge, leads_plainly=leads_plainly, is_odd=is_odd)
        return Answer(digits, parts)

    def weighed(
        self, digits: tuple[Digit, ...], numbers: Numbers, judge: Judge, *, leads_plainly: bool, is_odd: bool
    ) -> tuple[Digit, ...]:
        """The digits as they are after all that is known of an answer is weighed: none of them, all sure, or none sure.

        Args:
            numbers: what speaks for and against it (see ``evidence.of``).
            leads_plainly: no other answer is nearly as likely by costs alone. One that is both sure and plain is no
                picture of something else.
            is_odd: something is in doubt that the numbers don't tell.
        """
        seems_sure = all(digit.sure for digit in digits)
        if not (seems_sure and leads_plainly) and judge.is_none(numbers):
            return ()
        is_sure = judge.is_sure(numbers, seems_sure=seems_sure) and not is_odd
        return digits if is_sure == seems_sure else tuple(replace(digit, sure=is_sure) for digit in digits)

    def _judge_of(self, prepared: Prepared) -> Judge | None:
        if self.judges is None:
            return None
        return self.judges.picture if prepared.drawing is None else self.judges.drawing

    def _digits(self, parts: Sequence[Part], doubted: Sequence[bool], prepared: Prepared) -> tuple[Digit, ...]:
        """The parts that were chosen, with their labels and boxes, and how sure each is; none if none is a digit."""
        logits = np.stack([part.logits for part in parts])
        found = digit_score(logits)
        looks_like_one = found >= self.card.no_digit_below
        if not looks_like_one.any():
            return ()
        digits = []
        scores = softmax(logits, self.card.temperature)
        least = max(self.card.no_digit_below, SURELY_A_DIGIT if logits.shape[1] > DIGITS else -np.inf)
        for part, row, score, is_doubted in zip(parts, scores, found, doubted, strict=True):
            digit = _digit(row, part.image, _in_source(part.atom.box, prepared))
            sure = bool(score >= least) and not is_doubted and digit.confidence >= self.card.unsure_below
            digits.append(replace(digit, sure=sure))
        return tuple(digits)


def _least_lead(parts: Sequence[Part], prepared: Prepared) -> float:
    """By how much an answer must lead every other one to be sure: a drawn digit alone by less."""
    alone = prepared.drawing is not None and len(parts) == 1 and digit_score(parts[0].logits) >= CLEARLY_A_DIGIT
    return LEAD_DRAWN_ALONE if alone else LEAD


def _in_source(box: Box, prepared: Prepared) -> Box:
    """A box of atoms in the source's units."""
    if prepared.drawing is not None and pen.is_apart(prepared.drawing):
        scale = pen.scale_of(prepared.drawing)
        x0, y0, x1, y1 = (round(side / scale) for side in box)
        return x0, y0, x1, y1
    return prepared.to_source(box)


def _digit(scores: Logits, image: Pixels, box: Box) -> Digit:
    top = tuple((str(label), min(float(scores[label]), MOST_CERTAIN)) for label in np.argsort(-scores)[:3])
    return Digit(top[0][0], top[0][1], top, box, image)
