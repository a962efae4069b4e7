"""The one function behind the pad, the upload, the command line and the API: source -> Reading.

``python -m model.predict PATH... [--json] [--model NAME] [--save-steps FILE]`` reads pictures, or folders of them.
Exit status: 0 when every file was read, 2 when one could not be.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import DigitsError, PictureError, failed
from model.files import write_atomically
from model.preprocess.components import Box
from model.preprocess.picture import SUFFIXES, Pixels
from model.preprocess.pipeline import STEPS, Prepared, Source, Step, preprocess
from model.preprocess.sheet import sheet
from model.reading.explain import occlusion
from model.reading.forward import Forward
from model.reading.neighbours import Neighbour, Neighbours
from model.reading.reading import MOST_CERTAIN, Digit, Reading, describe
from model.reading.scores import Logits, digit_score, softmax
from model.reading.segment import find_digits
from model.reading.store import DEFAULT_MODEL, WEIGHTS, Card, load_card, load_forward


class Recognizer:
    """A trained network with everything it takes to read with it. Safe to use from several threads."""

    def __init__(self, card: Card, folder: Path = WEIGHTS) -> None:
        self.card = card
        self._folder = folder
        self._lock = threading.Lock()

    @staticmethod
    @lru_cache
    def load(name: str = DEFAULT_MODEL, folder: Path = WEIGHTS) -> Recognizer:
        """The recognizer of that name; its network is loaded by the first reading, once.

        Raises:
            WeightsError: there is none of that name.
        """
        return Recognizer(load_card(name, folder), folder)

    @property
    def _forward(self) -> Forward:
        with self._lock:
            return self._loaded

    @cached_property
    def _loaded(self) -> Forward:
        return load_forward(self.card, self._folder)

    def read(self, source: Source) -> Reading:
        """Read a picture (path, bytes, PIL picture, array) or strokes (``Drawing`` or the pad's object).

        Raises:
            PictureError: the picture can't be read.
            StrokesError: the strokes are malformed.
            WeightsError: the weights are missing or damaged.
        """
        prepared = preprocess(source)
        if prepared.image is None or prepared.box is None:
            return Reading("blank", (), prepared.steps, prepared.size)
        whole = self.logits(prepared.image[None])
        digits, certain = self._number(prepared, float(_judged(whole, self.card.temperature).sum()))
        steps = prepared.steps
        if len(digits) > 1:
            # The box is that of the strokes that would be one digit.
            steps = (*steps[:-2], Step(STEPS[-1], np.hstack([digit.image for digit in digits])))
        else:
            alone, looks_like_one = self._digits([(prepared.image, prepared.box)], whole)
            digits = list(compress(alone, looks_like_one)) or digits
        if not digits:
            return Reading("no-digit", (), steps, prepared.size)
        certain = certain and all(digit.confidence >= self.card.unsure_below for digit in digits)
        return Reading("digit" if certain else "unsure", tuple(digits), steps, prepared.size)

    def _number(self, prepared: Prepared, whole: float) -> tuple[list[Digit], bool]:
        """The digits of a number, and whether each looks like one; at most one where there is no number."""
        parts = [] if prepared.ink is None else find_digits(prepared.ink, prepared.pieces, self._judge, whole)
        if not parts:
            return [], True
        found = [(part.image, prepared.to_source(part.box)) for part in parts]
        digits, look_like_digits = self._digits(found, self.logits(np.stack([part.image for part in parts])))
        likely = list(compress(digits, look_like_digits))
        # What stands in a row with digits is one, too, if a doubtful one.
        return (digits, all(look_like_digits)) if len(likely) > 1 else (likely, True)

    def _digits(self, images: list[tuple[Pixels, Box]], logits: Logits) -> tuple[list[Digit], list[bool]]:
        """The images, with their boxes and logits, as digits, and which of them look like one."""
        scores = softmax(logits, self.card.temperature)
        digits = [_digit(row, image, box) for row, (image, box) in zip(scores, images, strict=True)]
        return digits, (digit_score(logits) >= self.card.no_digit_below).tolist()

    def _judge(self, images: Pixels) -> Logits:
        return _judged(self.logits(images), self.card.temperature)

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


def _judged(logits: Logits, temperature: float) -> Logits:
    """Log probabilities (N, 2): that something is a digit, and if so, the one it looks like most."""
    is_digit = -np.logaddexp(0, -digit_score(logits))
    return np.stack([is_digit, np.log(softmax(logits, temperature).max(axis=-1))], axis=1)


def _as_input(images: Pixels) -> NDArray[np.float32]:
    return np.asarray(images.astype(np.float32) / 255)


def _digit(scores: Logits, image: Pixels, box: Box) -> Digit:
    top = tuple((str(label), min(float(scores[label]), MOST_CERTAIN)) for label in np.argsort(-scores)[:3])
    return Digit(top[0][0], top[0][1], top, box, image)


def find_pictures(paths: Sequence[str | os.PathLike[str]]) -> Iterator[Path]:
    """The paths themselves, and of a folder all pictures in and below it, by name."""
    for path in map(Path, paths):
        try:
            is_folder = path.is_dir()
        except OSError as error:
            raise PictureError("unreadable-path", path=path, reason=error.strerror or error) from error
        if is_folder:
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
        else:
            yield path


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the pictures that the command line names."""
    parser = argparse.ArgumentParser("python -m model.predict", description="Read handwritten digits in pictures.")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a picture, or a folder of pictures")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="which weights (default: %(default)s)")
    parser.add_argument("--save-steps", type=Path, metavar="FILE", help="write the steps of preprocessing as one PNG")
    options = parser.parse_args(arguments)
    status = 0
    try:
        recognizer = Recognizer.load(options.model)
        files = list(find_pictures(options.paths))
        if not files:
            raise PictureError("no-picture-in", paths=", ".join(options.paths))
        if options.save_steps and len(files) > 1:
            raise PictureError("steps-of-several", count=len(files))
        for file in files:
            status = max(status, _read_file(recognizer, file, as_json=options.json, steps=options.save_steps))
    except BrokenPipeError:  # whoever read the lines has enough of them
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except DigitsError as error:
        return failed(error)
    return status


def _read_file(recognizer: Recognizer, file: Path, *, as_json: bool, steps: Path | None = None) -> int:
    """Print one file's reading, or why there is none; write its steps to ``steps``."""
    try:
        reading = recognizer.read(file)
    except PictureError as error:
        if as_json:
            print(json.dumps({"file": str(file), "status": None, "digits": [], "error": str(error)}), flush=True)
        else:
            print(f"error: {error}", file=sys.stderr)
        return 2
    if steps:
        try:
            write_atomically(steps, sheet(reading.steps))
        except OSError as error:
            print(f"error: can't write {steps}: {error.strerror or error}", file=sys.stderr)
            return 2
    line = {"file": str(file), **reading.to_dict(), "error": None}
    print(json.dumps(line) if as_json else f"{file}: {describe(reading)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
