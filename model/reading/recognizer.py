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

from model.preprocess.looks import looks
from model.preprocess.picture import SIZE, Pixels
from model.preprocess.pipeline import STEPS, Prepared, Source, Step, preprocess
from model.reading import gestures, pen
from model.reading.answer import Answerer
from model.reading.atoms import Atom, union
from model.reading.chooser import Chooser, load_chooser
from model.reading.explain import occlusion
from model.reading.forward import Forward
from model.reading.judge import Judges, load_judges
from model.reading.marks import ringed_of, writing_of
from model.reading.neighbours import Neighbour, Neighbours
from model.reading.parts import LineReading, Part
from model.reading.reading import Digit, Reading
from model.reading.scene import MOST_ATOMS, Reader, likelihood
from model.reading.scores import Logits
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
        answer = self._answerer.answer(lines, atoms, prepared)
        if not answer.digits:
            return self._none(prepared)
        steps = (*prepared.first_steps, *_last_steps(answer.parts))
        status = "digit" if answer.is_sure else "unsure"
        return Reading(status, answer.digits, steps, prepared.size, answer.reason)

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
    def _answerer(self) -> Answerer:
        return Answerer(self.card, self._judges)

    @property
    def _reader(self) -> Reader:
        return Reader(self.logits, self.card.temperature, self._chooser)

    @cached_property
    def _chooser(self) -> Chooser | None:
        return load_chooser(self.card.model, self.card.weights_sha256, self._folder)

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


def _last_steps(parts: Sequence[Part]) -> tuple[Step, Step]:
    """What the chosen digits' box holds, and their 28×28 side by side, ``ABREAST`` in a row."""
    box = union([part.atom for part in parts]).ink
    images = np.stack([part.image for part in parts])
    if len(images) > ABREAST:
        images = np.concatenate([images, np.zeros((-len(images) % ABREAST, SIZE, SIZE), np.uint8)])
    rows = [np.hstack(list(row)) for row in np.split(images, range(ABREAST, len(images), ABREAST))]
    return Step(STEPS[-2], box), Step(STEPS[-1], np.vstack(rows))


def _as_input(images: Pixels) -> NDArray[np.float32]:
    return np.asarray(images.astype(np.float32) / 255)
