"""Digits, and what is none, with what speaks for and against each: what ``tests.make_judge`` fits the judges on.

Scans are those to choose by. The hands are those of writers 1 to 27; half of the six that are measured on help
here, in other pictures.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from model import Recognizer
from model.data.digits import Digits, as_input
from model.data.pens import PenDigit, load_pens
from model.preprocess.picture import SUFFIXES
from model.preprocess.pipeline import Prepared, Source
from model.preprocess.strokes import Drawing, render
from model.reading.answer import Answer, Answerer
from model.reading.atoms import Atom
from model.reading.judge import Judge
from model.reading.parts import LineReading
from model.reading.reading import Digit
from model.synthesis.augment import redraw
from model.synthesis.degrade import degrade
from model.synthesis.outliers import scribble
from model.synthesis.signs import SIGNS, adorned, invented, sign
from tests.benchmark.drawn import drawing
from tests.benchmark.paper import scaled
from tests.benchmark.scenes import SCENES
from tests.benchmark.sources import on_canvas, pen_digits
from tests.benchmark.stage import WIDE, Scene, Stage
from tests.benchmark.writing import Hands, Writing, row

#: The kind of degraded digits: the judge learns them, its bound isn't set by them.
DEGRADED = "degraded digits"
#: Of redrawn digits this share is degraded.
DEGRADED_SHARE = 0.35
#: Numbers of one digit, and scenes in hands that the network hasn't seen. What tells right from wrong learns them, the
#: judge of what is none doesn't: with the first it kept four in a hundred letters more, as ones.
ONE_DIGIT, KEPT_OUT = "numbers of one digit", "scenes of writers 25 to 27"
#: Scenes whose numbers are made of one digit, and of how many times as many pictures.
ALIKE, ALIKE_TIMES = ("pad, row", "pad, touching", "row of 2–6", "row, thick pen", "row, photo"), 5
#: The last writer kept out of training who helps here.
LAST = 27
#: Every so manieth pen digit is taken.
PENS_STEP = 3

#: Of these scenes so many times as many are made: no other drawing holds signs beside digits.
MANY = {"pad, signs left out": 10}

#: A reading is mostly right if so much of it and of what stands there is the same.
MOSTLY = 0.5

#: Kind, digits in reading order ("" for none), source.
Labelled = tuple[str, str, Source]


@dataclass(frozen=True)
class Collected:
    """One source, read.

    Attributes:
        kind: where it comes from.
        label: its digits in reading order; "" if it holds none.
        answer: the digits read, whatever was thought of them; "" if there were none.
        drawn: it is a drawing, no picture.
        status: what the reading says without a judge.
        numbers: what speaks for and against it (see ``evidence.of``); ``None`` where no digits were read.
    """

    kind: str
    label: str
    answer: str
    drawn: bool
    status: str
    numbers: list[float] | None

    @property
    def is_mostly_right(self) -> bool:
        """Whether at least half of its digits were read."""
        matched = SequenceMatcher(None, self.answer, self.label, autojunk=False).ratio()
        return bool(self.answer and self.label) and matched >= MOSTLY


class Recording(Recognizer):
    """A recognizer that turns nothing away for its evidence, and keeps it."""

    numbers: list[float] | None = None

    @property
    def _answerer(self) -> Answerer:
        return Keeping(self.card, self._judges, self)


@dataclass(frozen=True)
class Keeping(Answerer):
    """Answers of all that is read, words among it, whose evidence a recognizer is told."""

    recording: Recording

    def answer(self, lines: Sequence[LineReading], atoms: Sequence[Atom], prepared: Prepared) -> Answer:
        return self.of(lines, atoms, prepared)

    def weighed(
        self,
        digits: tuple[Digit, ...],
        numbers: NDArray[np.float64],
        judge: Judge,  # noqa: ARG002
        **_known: bool,
    ) -> tuple[Digit, ...]:
        self.recording.numbers = numbers.tolist()
        return digits


def collect(sources: Callable[[], Iterable[Labelled]]) -> list[Collected]:
    """What is read of some sources, and why."""
    torch.set_num_threads(1)
    recognizer = Recording(Recognizer.load().card)
    items = []
    for kind, label, source in sources():
        recognizer.numbers = None
        reading = recognizer.read(source)
        answer = "".join(digit.label for digit in reading.digits)
        items.append(Collected(kind, label, answer, isinstance(source, Drawing), reading.status, recognizer.numbers))
    return items


def save(items: Sequence[Collected], file: Path) -> None:
    """One JSON object a line."""
    file.write_text("".join(json.dumps(asdict(item)) + "\n" for item in items), encoding="utf-8")


def load(file: Path) -> list[Collected]:
    """What ``save`` wrote."""
    return [Collected(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def all_sources(validation: Digits, folders: Sequence[Path], count: int) -> list[Callable[[], Iterable[Labelled]]]:
    """Everything to collect, in parts that take seconds to minutes each.

    Args:
        validation: MNIST's digits to choose by.
        folders: ``KIND/PICTURE`` below each; a picture whose name ends in ``_DIGITS`` holds these, others none.
        count: how many pictures are made of each scene.
    """
    parts: list[Callable[[], Iterable[Labelled]]] = [
        partial(_scenes, name, validation, MANY.get(name, 1) * count) for name in [*SCENES, "varied"]
    ]
    parts += [partial(_kept_out, name, validation, max(1, count // 2)) for name in SCENES]
    parts += [partial(_alike, name, validation, ALIKE_TIMES * count) for name in ALIKE]
    parts += [
        partial(_scans, validation),
        partial(_degraded, validation),
        _pens,
        _pens_shown,
        partial(_signs, 25 * count),
    ]
    for folder in folders:
        for kind in sorted(path for path in folder.iterdir() if path.is_dir()):
            files = sorted(file for file in kind.rglob("*") if file.suffix.lower() in SUFFIXES)
            parts += [partial(_pictures, kind.name, files[start : start + 50]) for start in range(0, len(files), 50)]
    return parts


def _pictures(kind: str, files: Sequence[Path]) -> Iterator[Labelled]:
    for file in files:
        last = file.stem.rpartition("_")[2]
        yield kind, last if "_" in file.stem and last.isdecimal() else "", file


def _scenes(name: str, validation: Digits, count: int) -> Iterator[Labelled]:
    times = count if name in SCENES else 20 * count
    yield from _made(SCENES.get(name, varied), f"scene: {name}", Hands.trained_on(), f"judge {name}", validation, times)


def _kept_out(name: str, validation: Digits, count: int) -> Iterator[Labelled]:
    """A scene in hands that the network hasn't seen: on others it is surer than on strangers'."""
    hands = Hands([digit for digit in load_pens()[1] if digit.writer <= LAST])
    yield from _made(SCENES[name], KEPT_OUT, hands, f"judge kept out {name}", validation, count)


def _made(scene: Scene, kind: str, hands: Hands, seed: str, validation: Digits, count: int) -> Iterator[Labelled]:
    """So many pictures of a scene, every other one of wider ranges."""
    rng = Random(seed)
    scans = (validation.images.numpy(), validation.labels.numpy())
    for index in range(count):
        source, text = scene(Stage(rng, hands, scans, WIDE if index % 2 else 1.0))
        yield kind, text, source


class OneDigit(Hands):
    """Hands that write numbers of one digit, half of them of ones: 111 looks like a fence."""

    def choose(self, rng: Random, count: int) -> list[PenDigit]:
        """Digits of one writer, all with the same label."""
        known = self._by_writer[rng.choice(sorted(self._by_writer))]
        label = 1 if rng.random() < 0.5 else rng.choice(known).label
        return rng.choices([digit for digit in known if digit.label == label], k=count)


def _alike(name: str, validation: Digits, count: int) -> Iterator[Labelled]:
    trained_on, kept_out = load_pens()
    hands = OneDigit([*trained_on, *(digit for digit in kept_out if digit.writer <= LAST)])
    yield from _made(SCENES[name], ONE_DIGIT, hands, f"judge alike {name}", validation, count)


def varied(stage: Stage) -> tuple[Image.Image, str]:
    """Digits as paint programs and screens show them: little contrast, any colours, 1-bit, tilted, any size."""
    rng = stage.rng
    writing = stage.row(1, 1) if rng.random() < 0.7 else stage.row(2, 4)
    if rng.random() < 0.3:
        writing = writing.turned(rng.uniform(-20, 20))
    paper, ink = (tuple(rng.randint(0, 255) for _ in range(3)) for _ in range(2))
    if rng.random() < 0.5:  # shades of one colour
        level, away = rng.randint(30, 225), rng.choice([-1, 1]) * rng.randint(30, 120)
        paper, ink = (level,) * 3, (min(255, max(0, level + away)),) * 3
    elif sum(abs(a - b) for a, b in zip(paper, ink, strict=True)) < 150:
        paper, ink = (255, 255, 255), (0, 0, 0)
    pen = stage.between(2, 24)
    margins = tuple(pen / 2 + stage.between(2, 120) for _ in range(4))
    picture = stage.paint(writing, paper=paper, ink=ink, pen=pen, margins=margins)
    longest = rng.choice([28, 28, 40, 64, 120, 200, 400, 800, 1600])
    if len(writing.text) == 1 or longest >= 64:
        resampling = rng.choice([Image.Resampling.BILINEAR, Image.Resampling.NEAREST])
        picture = scaled(picture, longest / max(picture.size), resampling, 8)
    change = rng.random()
    if change < 0.25:  # 1-bit
        picture = picture.quantize(2, dither=Image.Dither.NONE).convert("RGB")
    elif change < 0.35:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.01 * max(picture.size) + 0.3)))
    return picture, writing.text


def _scans(validation: Digits) -> Iterator[Labelled]:
    rng = Random(4)
    images, labels = validation.images.numpy(), validation.labels.tolist()
    for index, (image, label) in enumerate(zip(images, labels, strict=True)):
        if index % 2 == 0:
            yield "MNIST validation digits", str(label), image
        elif index % 4 == 1:  # with pixels as large as a screen shows them, wider or higher than written
            size = (round(28 * rng.uniform(2, 8)), round(28 * rng.uniform(2, 8)))
            filtered = rng.choice([Image.Resampling.NEAREST, Image.Resampling.BICUBIC])
            margin = rng.choice([0, 0, 10])
            shown = Image.fromarray(np.pad(image, margin)).resize(size, filtered)
            yield "MNIST validation digits, stretched", str(label), shown


def _degraded(validation: Digits) -> Iterator[Labelled]:
    rng, torch_rng = Random(3), torch.Generator().manual_seed(3)
    ink = degrade(redraw(as_input(validation.images[3::4]), torch_rng), torch_rng, DEGRADED_SHARE)
    levels = (ink[:, 0].numpy() * 255).astype(np.uint8)
    for image, label in zip(levels, validation.labels.tolist()[3::4], strict=True):
        side = 28 if rng.random() < 0.6 else round(28 * rng.uniform(2, 12))
        shown = image if rng.random() < 0.5 else 255 - image
        yield DEGRADED, str(label), Image.fromarray(shown).resize((side, side), Image.Resampling.BICUBIC)


def _pens(seed: int = 1) -> Iterator[tuple[str, str, Drawing]]:
    trained_on, kept_out = load_pens()
    chosen = [*trained_on[::PENS_STEP], *(digit for digit in kept_out if digit.writer <= LAST)]
    for source, label in pen_digits(chosen, seed):
        if isinstance(source, Drawing):
            yield f"pens of writers 1 to {LAST}", label, source


def _pens_shown() -> Iterator[Labelled]:
    """As the pad looks, for those who keep a picture of it."""
    for kind, label, pad in _pens(seed=2):
        yield f"{kind}, as pictures", label, ImageOps.invert(render(pad))


def _signs(count: int) -> Iterator[Labelled]:
    """Signs, invented ones, scribbles and rows of signs, drawn on the pad."""
    rng = Random(9)
    names = list(SIGNS)
    for _ in range(count):
        chance = rng.random()
        if chance < 0.5:
            yield "signs on the pad", "", on_canvas(_slanted(adorned(sign(SIGNS[rng.choice(names)]), rng), rng), rng)
        elif chance < 0.8:
            strokes = invented(rng) if chance < 0.65 else scribble(rng)
            yield "scribbles on the pad", "", on_canvas(_slanted(strokes, rng), rng)
        else:
            letters = [name for name in names if not name.startswith("picture")]
            parts = [
                Writing("", [90 * s for s in _slanted(sign(SIGNS[rng.choice(letters)]), rng)])
                for _ in range(rng.randint(2, 6))
            ]
            word = row(parts, [rng.uniform(13, 40) for _ in parts], [-45.0] * len(parts))
            stage = Stage(rng, Hands([]), (np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64)))
            yield "words on the pad", "", drawing(word, stage, pen=rng.uniform(5, 12), size=280, scale=1.0)


def _slanted(strokes: Sequence[Sequence[tuple[float, float]]], rng: Random) -> list[NDArray[np.float64]]:
    """Strokes as another hand would write them: slanted and stretched."""
    change = np.array([[rng.uniform(0.75, 1.2), 0.0], [rng.gauss(0, 0.15), 1.0]])
    return [np.asarray(stroke, float) @ change for stroke in strokes if len(stroke)]
