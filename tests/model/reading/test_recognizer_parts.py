"""What a recognizer does with what its network says: with a network that is a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.preprocess.picture import Pixels
from model.preprocess.pipeline import STEPS, Prepared, preprocess
from model.preprocess.strokes import Drawing, Stroke
from model.reading.atoms import Atom
from model.reading.parts import NO_RIVAL, LineReading, Part
from model.reading.reading import Digit
from model.reading.recognizer import Recognizer, _last_steps
from model.reading.scores import Logits
from model.reading.store import load_card
from tests.helpers.inks import block, page, part

CARD = replace(load_card("cnn"), temperature=2.0, unsure_below=0.75, no_digit_below=0.5)
Ink = NDArray[np.float32]


class Table:
    """A network that gives each image the logits of a function."""

    def __init__(self, logits_of: Callable[[Ink], list[float]]) -> None:
        self.logits_of = logits_of
        self.seen: list[Ink] = []

    def __call__(self, ink: Ink) -> Ink:
        self.seen.append(ink)
        return np.array([self.logits_of(image) for image in ink], np.float32)

    def features(self, ink: Ink) -> Ink:
        return np.asarray(ink.reshape(len(ink), -1)[:, :3] + 1, np.float32)


def logits(label: int, lead: float = 30.0, none: float = -30.0) -> list[float]:
    """Logits (11,) of a label that leads by so much."""
    return [lead if digit == label else 0.0 for digit in range(10)] + [none]


def one_or_seven(image: Ink) -> list[float]:
    """A narrow image is a 1, a wide one a 7."""
    return logits(1 if image.any(axis=0).sum() < 10 else 7)


def with_network(monkeypatch: pytest.MonkeyPatch, logits_of: Callable[[Ink], list[float]], **card: Any) -> Recognizer:
    monkeypatch.setattr("model.reading.recognizer.load_forward", lambda *_: Table(logits_of))
    monkeypatch.setattr("model.reading.recognizer.load_chooser", lambda *_: None)  # it and the judges know …
    monkeypatch.setattr("model.reading.recognizer.load_judges", lambda *_: None)  # … the shipped network alone
    return Recognizer(replace(CARD, **card))


def bars(*xs: int, width: int = 8, size: tuple[int, int] = (100, 200)) -> Pixels:
    return page(*((x, 30, x + width, 70) for x in xs), size=size)


def text(digits: tuple[Digit, ...]) -> str:
    return "".join(digit.label for digit in digits)


def test_a_number_is_read_with_boxes_labels_and_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    ink = np.maximum(bars(30), bars(100, width=24))
    reading = with_network(monkeypatch, one_or_seven).read(ink)
    assert (reading.status, text(reading.digits), reading.size) == ("digit", "17", (200, 100))
    assert [digit.box for digit in reading.digits] == [(30, 30, 38, 70), (100, 30, 124, 70)]
    assert tuple(step.name for step in reading.steps) == STEPS
    assert reading.steps[4].picture.shape == (40, 94)
    assert reading.steps[5].picture.shape == (28, 56)
    assert np.array_equal(reading.steps[5].picture[:, 28:], reading.digits[1].image)
    assert np.array_equal(reading.steps[3].picture, ink)


def test_the_network_is_given_ink_from_0_to_1(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(one_or_seven)
    monkeypatch.setattr("model.reading.recognizer.load_forward", lambda *_: table)
    reader = Recognizer(CARD)
    assert reader.logits(np.full((1, 28, 28), 51, np.uint8)).dtype == np.float64
    assert (table.seen[0].dtype, float(table.seen[0].max())) == (np.float32, pytest.approx(0.2))
    assert reader.features(np.full((1, 28, 28), 51, np.uint8)).tolist() == [pytest.approx([1.2] * 3)]


def test_the_network_is_loaded_once_from_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[tuple[Any, ...]] = []

    def load(*given: Any) -> Table:
        loaded.append(given)
        return Table(one_or_seven)

    monkeypatch.setattr("model.reading.recognizer.load_forward", load)
    reader = Recognizer(CARD, Path("somewhere"))
    assert reader._forward is reader._forward
    assert loaded == [(CARD, Path("somewhere"))]


@pytest.mark.parametrize(("lead", "status", "sure"), [(6.58, "unsure", False), (6.6, "digit", True)])
def test_a_digit_is_sure_from_its_card_s_confidence_on(
    lead: float, status: str, sure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = with_network(monkeypatch, lambda _: logits(3, lead)).read(bars(60))
    assert reading.digits[0].confidence == pytest.approx(np.exp(lead / 2) / (np.exp(lead / 2) + 9))  # near 0.75
    assert (reading.status, reading.digits[0].sure) == (status, sure)


@pytest.mark.parametrize(("none", "status"), [(29.6, "no-digit"), (29.4, "unsure")])
def test_what_is_less_like_a_digit_than_its_card_says_is_none(
    none: float, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = with_network(monkeypatch, lambda _: logits(3, 30, none)).read(bars(60))
    assert reading.status == status
    assert tuple(step.name for step in reading.steps) == STEPS
    assert reading.size == (200, 100)


def test_a_digit_of_a_number_that_looks_like_none_is_not_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = with_network(monkeypatch, lambda image: logits(1, 30, 30.0 if image.any(axis=0).sum() > 9 else -30))
    reading = reader.read(np.maximum(bars(30, 60), bars(100, width=20)))
    assert reading.status == "unsure"
    assert [digit.sure for digit in reading.digits] == [True, True, False]


def test_what_has_no_ink_is_blank(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = with_network(monkeypatch, one_or_seven).read(np.zeros((50, 60), np.uint8))
    assert (reading.status, reading.digits, reading.size) == ("blank", (), (60, 50))
    assert tuple(step.name for step in reading.steps) == STEPS[:3]


def test_a_drawing_is_read_stroke_by_stroke_in_its_own_units(monkeypatch: pytest.MonkeyPatch) -> None:
    strokes = tuple(Stroke(10, ((x, 100), (x, 200))) for x in (50, 150))
    reading = with_network(monkeypatch, one_or_seven).read(Drawing((400, 300), strokes))
    assert text(reading.digits) == "11"
    assert [digit.box for digit in reading.digits] == [pytest.approx((x - 5, 95, x + 5, 205), abs=1) for x in (50, 150)]
    assert reading.size == (400, 300)


def test_a_drawing_with_much_rubbing_is_read_as_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    rubber = Stroke(2, ((10, 290),) * 25_001, erase=True)
    drawing = Drawing((400, 300), (Stroke(10, ((50, 100), (50, 200))), rubber))
    (digit,) = with_network(monkeypatch, one_or_seven).read(drawing).digits
    assert digit.box == pytest.approx((45, 95, 55, 205), abs=2)


@pytest.mark.parametrize(("count", "is_read"), [(800, True), (801, False)])
def test_eight_hundred_atoms_are_read(count: int, is_read: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    atoms = [block(0, 0, 4, 20)] * count
    line = LineReading((part(atoms[0]),), (), 20.0, 0.0, (NO_RIVAL,))
    monkeypatch.setattr("model.reading.recognizer._atoms", lambda _: atoms)
    monkeypatch.setattr("model.reading.scene.Reader.read", lambda *_: [line])
    reader = with_network(monkeypatch, one_or_seven)
    for is_sheet, status in ((True, "too-many"), (False, "no-digit")):
        monkeypatch.setattr("model.reading.scene.Reader.is_sheet", lambda *_, told=is_sheet: told)
        reading = reader.read(bars(60))
        assert (reading.status == status) != is_read
        assert bool(reading.digits) == is_read
        assert (reading.size, tuple(step.name for step in reading.steps)) == ((200, 100), STEPS)


@pytest.mark.parametrize("is_bright", [True, False])
def test_of_two_polarities_the_likelier_is_read(is_bright: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = preprocess(bars(60))
    other = preprocess(np.ascontiguousarray(bars(60)[:, ::-1]))
    monkeypatch.setattr("model.reading.recognizer.preprocess", lambda _: replace(prepared, reversed=other))

    def atoms(source: Prepared) -> list[Atom]:
        return [block(60, 30, 8 if (source is not other) == is_bright else 20, 40)]

    def likelier_if_narrow(image: Ink) -> list[float]:
        return logits(1, 6) if image.any(axis=0).sum() < 9 else logits(7, 5)

    monkeypatch.setattr("model.reading.recognizer._atoms", atoms)
    reading = with_network(monkeypatch, likelier_if_narrow).read(b"")
    assert text(reading.digits) == "1"
    assert reading.steps[3].picture is (prepared if is_bright else other).ink


def last(count: int) -> tuple[Pixels, Pixels]:
    """The pictures of the last two steps of so many digits, each with its number for ink."""
    parts = [
        Part(block(20 * place, 0, 10, 10), np.full((28, 28), place + 1, np.uint8), np.zeros(11), 0.0, 0.0)
        for place in range(count)
    ]
    box, images = _last_steps(parts)
    assert (box.name, images.name) == ("box", "28x28")
    return box.picture, images.picture


@pytest.mark.parametrize(("count", "shape"), [(1, (28, 28)), (12, (28, 336)), (13, (56, 336)), (25, (84, 336))])
def test_twelve_digits_are_shown_in_a_row(count: int, shape: tuple[int, int]) -> None:
    box, images = last(count)
    assert images.shape == shape
    assert box.shape == (10, 20 * count - 10)
    numbers = images[::28, ::28].ravel().tolist()
    assert numbers == [*range(1, count + 1), *[0] * (len(numbers) - count)]


def test_a_recognizer_is_one_for_each_name_and_folder() -> None:
    assert Recognizer.load("mlp") is Recognizer.load("mlp")
    assert Recognizer.load("mlp") is not Recognizer.load()
    assert Recognizer.load("mlp").card.model == "mlp"
    assert Recognizer.load().card.model == "cnn"


def test_the_ink_that_counts_is_that_of_the_digit_s_own_image(monkeypatch: pytest.MonkeyPatch) -> None:
    image = np.zeros((28, 28), np.uint8)
    image[10:15, 10:15] = 255
    reader = with_network(monkeypatch, lambda ink: logits(3, float(ink.sum())))
    effect = reader.why(Digit("3", 0.9, (), (0, 0, 1, 1), image))
    assert effect[12, 12] == pytest.approx(1)
    assert reader.why(Digit("5", 0.9, (), (0, 0, 1, 1), image))[12, 12] == pytest.approx(-1)


def test_neighbours_are_found_by_the_network_s_features(monkeypatch: pytest.MonkeyPatch) -> None:
    def logits_of(image: Ink) -> Logits:
        raise AssertionError(image)

    reader = with_network(monkeypatch, logits_of)  # type: ignore[arg-type]
    image = np.zeros((28, 28), np.uint8)
    nearest = reader.nearest(Digit("3", 0.9, (), (0, 0, 1, 1), image))
    assert len(nearest) == 5
    assert reader._neighbours is reader._neighbours
    assert nearest[0].likeness == pytest.approx(1)
