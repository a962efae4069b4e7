"""A trained network with everything it takes to read with it: source -> ink -> candidates -> best reading.

Pictures and drawings go one way. Their ink is parted into atoms, atoms into lines; the network judges runs of atoms,
and the likeliest parting of each line is the reading. One digit is a number of length one.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.preprocess.components import Box
from model.preprocess.looks import looks
from model.preprocess.picture import SIZE, Pixels
from model.preprocess.pipeline import STEPS, Prepared, Source, Step, preprocess
from model.reading import bars, evidence, gestures, pen, slashed, touching
from model.reading.atoms import Atom, union
from model.reading.chooser import Chooser, load_chooser
from model.reading.explain import occlusion
from model.reading.forward import Forward
from model.reading.judge import Judges, load_judges
from model.reading.marks import ringed_of, writing_of
from model.reading.neighbours import Neighbour, Neighbours
from model.reading.parts import CLEARLY_A_DIGIT, LEAD, LEAD_DRAWN_ALONE, LEAST_LEAD, SURELY_A_DIGIT, LineReading, Part
from model.reading.reading import MOST_CERTAIN, Digit, Reading
from model.reading.scene import MOST_ATOMS, Reader, is_writing, likelihood
from model.reading.scores import DIGITS, Logits, digit_score, softmax
from model.reading.store import DEFAULT_MODEL, WEIGHTS, Card, load_card, load_forward

#: How many digits of a number are shown side by side.
ABREAST = 12


class Recognizer:
    """A trained network with everything it takes to read with it. Safe to use from several threads."""

    def __init__(self, card: Card, folder: Path = WEIGHTS) -> None:
        self.card = card
        self._folder = folder
        self._lock = threading.Lock()

    @classmethod
    def load(cls, name: str = DEFAULT_MODEL, folder: Path = WEIGHTS) -> Recognizer:
        """The recognizer of that name; its network is loaded by the first reading, once.

        Raises:
            WeightsError: there is none of that name.
        """
        return _loaded(name, folder)

    @property
    def _forward(self) -> Forward:
        with self._lock:
            return self._network

    @cached_property
    def _network(self) -> Forward:
        return load_forward(self.card, self._folder)

    def read(self, source: Source) -> Reading:
        """Read a picture (path, bytes, PIL picture, array) or strokes (``Drawing`` or the pad's object).

        Raises:
            PictureError: the picture can't be read.
            StrokesError: the strokes are malformed.
            WeightsError: the weights are missing or damaged.
        """
        prepared = preprocess(source)
        if prepared.drawing is not None:
            prepared = replace(prepared, drawing=gestures.written(prepared.drawing))
        atoms = _atoms(prepared)
        if len(atoms) > MOST_ATOMS:
            if self._reader.is_sheet(atoms):
                return Reading("too-many", (), prepared.steps, prepared.size)
            return self._none(prepared)
        prepared, lines = self._lines(prepared, atoms)
        if not lines:
            return Reading("blank", (), prepared.first_steps[:3], prepared.size)
        parts = [part for line in lines for part in line.digits]
        odd = [is_odd for line in lines for is_odd in line.odd or (False,) * len(line.digits)]
        doubts = bars.odd(parts), touching.odd(lines), slashed.odd(parts, atoms)
        odd = [any(each) for each in zip(odd, *doubts, strict=True)]
        least = _least_lead(parts, prepared)
        leads = [lead for line in lines for lead in line.leads]
        doubted = [lead < least or is_odd for lead, is_odd in zip(leads, odd, strict=True)]
        digits = self._digits(parts, doubted, prepared) if is_writing(lines) else ()
        leads_plainly = all(line.plain_lead >= least for line in lines if line.digits)
        if digits:
            is_odd = any(odd) or min(leads) < LEAST_LEAD
            digits = self._weighed(digits, lines, prepared, leads_plainly=leads_plainly, is_odd=is_odd)
        if not digits:
            return self._none(prepared)
        steps = (*prepared.first_steps, *_last_steps(parts))
        is_sure = all(digit.sure for digit in digits)
        return Reading("digit" if is_sure else "unsure", digits, steps, prepared.size)

    def _weighed(
        self,
        digits: tuple[Digit, ...],
        lines: Sequence[LineReading],
        prepared: Prepared,
        *,
        leads_plainly: bool,
        is_odd: bool,
    ) -> tuple[Digit, ...]:
        """The digits as they are after all that is known of an answer is weighed: none of them, all sure, or none sure.

        Args:
            leads_plainly: no other answer is nearly as likely by costs alone. One that is both sure and plain is no
                picture of something else.
            is_odd: something is in doubt that the numbers don't tell.
        """
        if self._judges is None:
            return digits
        judge = self._judges.picture if prepared.drawing is None else self._judges.drawing
        numbers = evidence.of(lines, prepared)
        seems_sure = all(digit.sure for digit in digits)
        if not (seems_sure and leads_plainly) and judge.is_none(numbers):
            return ()
        is_sure = judge.is_sure(numbers, seems_sure=seems_sure) and not is_odd
        return digits if is_sure == seems_sure else tuple(replace(digit, sure=is_sure) for digit in digits)

    def _none(self, prepared: Prepared) -> Reading:
        """What is told of a source with ink and no digits."""
        is_thing = False
        if self._judges is not None and prepared.drawing is None and prepared.ink is not None:
            is_thing = self._judges.picture.is_no_paper(looks(prepared))
        return Reading("no-digit", (), prepared.steps, prepared.size, "no-paper" if is_thing else "")

    @cached_property
    def _judges(self) -> Judges | None:
        return load_judges(self.card.model, self.card.weights_sha256, self._folder)

    def _lines(self, prepared: Prepared, atoms: Sequence[Atom]) -> tuple[Prepared, list[LineReading]]:
        """The best reading of a source's atoms, line by line, and the polarity at which it was read."""
        lines = self._reader.read(atoms, _ringed(prepared))
        if prepared.reversed is not None and len(others := _atoms(prepared.reversed)) <= MOST_ATOMS:
            reversed_lines = self._reader.read(others, _ringed(prepared.reversed))
            if likelihood(reversed_lines) > likelihood(lines):
                return prepared.reversed, reversed_lines
        return prepared, lines

    @property
    def _reader(self) -> Reader:
        return Reader(self.logits, self.card.temperature, self._chooser)

    @cached_property
    def _chooser(self) -> Chooser | None:
        return load_chooser(self.card.model, self.card.weights_sha256, self._folder)

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

    def logits(self, images: Pixels) -> Logits:
        """The network's logits, float64 (N, 10) or (N, 11), of ink uint8 (N, 28, 28)."""
        return self._forward(_as_input(images)).astype(np.float64)

    def features(self, images: Pixels) -> NDArray[np.float32]:
        """What the network's last layer is given, (N, F): two pictures that it finds alike lie close together."""
        return self._forward.features(_as_input(images))

    def why(self, digit: Digit) -> NDArray[np.float64]:
        """How much each pixel's ink counts for a digit's label: (28, 28) in −1…1 (see ``occlusion``)."""
        return occlusion(digit.image, int(digit.label), self.logits)

    def nearest(self, digit: Digit) -> list[Neighbour]:
        """The training digits that the network finds most like this one.

        Raises:
            WeightsError: their file is missing or damaged.
        """
        return self._neighbours.nearest(digit.image)

    @cached_property
    def _neighbours(self) -> Neighbours:
        return Neighbours(self.features, self._folder)


@lru_cache
def _loaded(name: str, folder: Path) -> Recognizer:
    """One recognizer for each name and folder, however ``load`` is told them."""
    return Recognizer(load_card(name, folder), folder)


def _atoms(prepared: Prepared) -> list[Atom]:
    """A source's ink as atoms: the strokes of a drawing, the pieces of a picture."""
    if prepared.drawing is not None and pen.is_apart(prepared.drawing):
        return pen.atoms_of(prepared.drawing, pen.scale_of(prepared.drawing))
    return [] if prepared.ink is None else writing_of(prepared.pieces, prepared.ink)


def _ringed(prepared: Prepared) -> Atom | None:
    """A picture's only ring with what it holds: perhaps a 0."""
    return None if prepared.drawing is not None or prepared.ink is None else ringed_of(prepared.pieces, prepared.ink)


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


def _last_steps(parts: Sequence[Part]) -> tuple[Step, Step]:
    """What the chosen digits' box holds, and their 28×28 side by side, ``ABREAST`` in a row."""
    box = union([part.atom for part in parts]).ink
    images = np.stack([part.image for part in parts])
    if len(images) > ABREAST:
        images = np.concatenate([images, np.zeros((-len(images) % ABREAST, SIZE, SIZE), np.uint8)])
    rows = [np.hstack(list(row)) for row in np.split(images, range(ABREAST, len(images), ABREAST))]
    return Step(STEPS[-2], box), Step(STEPS[-1], np.vstack(rows))


def _digit(scores: Logits, image: Pixels, box: Box) -> Digit:
    top = tuple((str(label), min(float(scores[label]), MOST_CERTAIN)) for label in np.argsort(-scores)[:3])
    return Digit(top[0][0], top[0][1], top, box, image)


def _as_input(images: Pixels) -> NDArray[np.float32]:
    return np.asarray(images.astype(np.float32) / 255)
