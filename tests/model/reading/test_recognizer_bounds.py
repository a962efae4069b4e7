"""What a recognizer makes of lines that are laid out by hand: how sure it is, and when a judge is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.preprocess.pipeline import STEPS, Prepared, preprocess
from model.preprocess.strokes import Drawing, Stroke
from model.reading import recognizer
from model.reading.atoms import Atom
from model.reading.parts import NO_RIVAL, SURELY_A_DIGIT, LineReading, Part
from model.reading.reading import Reading
from model.reading.recognizer import Recognizer
from tests.helpers.inks import block, page
from tests.helpers.killed import card_of

CARD = replace(card_of(1), temperature=1.0, unsure_below=0.5, no_digit_below=0.0)
PICTURE = page((60, 30, 68, 70), size=(100, 200))
DRAWING = Drawing((200, 100), (Stroke(8, ((60, 30), (60, 70))),))
SOURCES: dict[str, Any] = {"picture": PICTURE, "drawing": DRAWING}


class Judge:
    """A judge that always says the same, and remembers what it was asked."""

    def __init__(self, *, is_none: bool = False, is_no_paper: bool = False, sure: bool | None = None) -> None:
        self.asked: list[object] = []
        self._answers = is_none, is_no_paper
        self._sure = sure

    def is_none(self, numbers: object) -> bool:
        self.asked.append(numbers)
        return self._answers[0]

    def score(self, numbers: object) -> float:  # noqa: ARG002
        return 9.0

    def is_sure(self, numbers: object, *, seems_sure: bool) -> bool:  # noqa: ARG002
        return seems_sure if self._sure is None else self._sure

    def is_no_paper(self, seen: object) -> bool:
        self.asked.append(seen)
        return self._answers[1]


class Judges:
    def __init__(self, picture: Judge, drawing: Judge) -> None:
        self.picture, self.drawing = picture, drawing


def a_three(score: float = 30.0, share: float = 1.0, log_p: float = -0.01) -> Part:
    """A 3 with that digit score, whose label has that share of the probability; another has the rest."""
    logits = np.full(11, -1000.0)
    logits[3], logits[10] = 0.0, -score
    if share < 1:
        logits[5] = np.log((1 - share) / share)
    return Part(block(60, 30, 8, 40), np.full((28, 28), 9, np.uint8), logits, log_p, 0.0)


def line(*parts: Part, lead: float = NO_RIVAL, plain_lead: float = NO_RIVAL) -> LineReading:
    return LineReading(parts, (), 40.0, -0.1, (lead,) * len(parts), plain_lead)


Read = Callable[..., Reading]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Reads a source whose lines and judges are known."""

    def read(
        source: str, *lines: LineReading, judges: Judges | None = None, card: dict[str, Any] | None = None
    ) -> Reading:
        monkeypatch.setattr("model.reading.recognizer.load_chooser", lambda *_: None)
        monkeypatch.setattr("model.reading.recognizer.load_judges", lambda *_: judges)
        monkeypatch.setattr("model.reading.answer.evidence.of", lambda lines, *_, **__: ("evidence", lines))
        monkeypatch.setattr("model.reading.recognizer.looks", lambda prepared: ("looks", prepared.size))
        monkeypatch.setattr("model.reading.scene.Reader.read", lambda *_: list(lines))
        return Recognizer(replace(CARD, **(card or {}))).read(SOURCES[source])

    return read


# How sure


@pytest.mark.parametrize(
    ("source", "parts", "lead", "status"),
    [
        ("picture", [a_three()], 2.5, "digit"),
        ("picture", [a_three()], 2.49, "unsure"),
        ("picture", [a_three()] * 2, 2.49, "unsure"),
        ("drawing", [a_three()], 1.5, "digit"),
        ("drawing", [a_three()], 1.49, "unsure"),
        ("drawing", [a_three(3.0)], 1.5, "digit"),
        ("drawing", [a_three(2.99)], 1.5, "unsure"),
        ("drawing", [a_three(2.99)], 2.5, "digit"),
        ("drawing", [a_three()] * 2, 2.49, "unsure"),
        ("drawing", [a_three()] * 2, 2.5, "digit"),
    ],
)
def test_an_answer_is_sure_that_leads_enough_and_one_drawn_digit_by_less(
    read: Read, source: str, parts: Sequence[Part], lead: float, status: str
) -> None:
    reading = read(source, line(*parts, lead=lead))
    assert reading.status == status
    assert [digit.sure for digit in reading.digits] == [status == "digit"] * len(parts)


def test_each_digit_is_doubted_by_its_own_lead(read: Read) -> None:
    both = LineReading((a_three(), a_three()), (), 40.0, -0.1, (NO_RIVAL, 1.0))
    assert [digit.sure for digit in read("picture", both, line(a_three())).digits] == [True, False, True]


def test_half_of_the_probability_is_enough_where_a_card_asks_for_half(read: Read) -> None:
    assert read("picture", line(a_three(share=0.5)), card={"unsure_below": 0.5}).digits[0].sure
    assert not read("picture", line(a_three(share=0.5)), card={"unsure_below": 0.501}).digits[0].sure


@pytest.mark.parametrize(("score", "status"), [(3.0, "digit"), (2.99, "no-digit")])
def test_the_score_of_a_card_is_enough_for_a_digit(read: Read, score: float, status: str) -> None:
    assert read("picture", line(a_three(score)), card={"no_digit_below": 3.0}).status == status


@pytest.mark.parametrize(("log_p", "status"), [(-0.69, "digit"), (-0.7, "no-digit")])
def test_what_falls_apart_into_unlikely_digits_is_none(read: Read, log_p: float, status: str) -> None:
    reading = read("picture", line(*[a_three(log_p=log_p)] * 2))
    assert (reading.status, len(reading.digits)) == (status, 2 if status == "digit" else 0)


# What a judge is asked


@pytest.mark.parametrize("source", ["picture", "drawing"])
@pytest.mark.parametrize(("is_none", "status"), [(True, "no-digit"), (False, "unsure")])
def test_the_judge_of_the_source_s_kind_decides_where_an_answer_is_in_doubt(
    read: Read, source: str, is_none: bool, status: str
) -> None:
    judges = Judges(Judge(is_none=is_none), Judge(is_none=is_none))
    doubtful = line(a_three(), lead=1.0)
    assert read(source, doubtful, judges=judges).status == status
    one, other = (judges.picture, judges.drawing) if source == "picture" else (judges.drawing, judges.picture)
    assert one.asked[0] == ("evidence", [doubtful])
    assert other.asked == []


@pytest.mark.parametrize(
    ("source", "plain_lead", "is_asked"),
    [("picture", 2.5, False), ("picture", 2.49, True), ("drawing", 1.5, False), ("drawing", 1.49, True)],
)
def test_a_judge_is_asked_of_a_sure_answer_that_does_not_lead_plainly(
    read: Read, source: str, plain_lead: float, is_asked: bool
) -> None:
    judges = Judges(Judge(is_none=True), Judge(is_none=True))
    reading = read(source, line(a_three(), plain_lead=plain_lead), judges=judges)
    assert reading.status == ("no-digit" if is_asked else "digit")


def test_a_judge_is_asked_of_an_answer_that_leads_plainly_and_is_not_sure(read: Read) -> None:
    judges = Judges(Judge(is_none=True), Judge())
    assert read("picture", line(a_three(share=0.6)), judges=judges, card={"unsure_below": 0.7}).status == "no-digit"


def test_a_line_without_digits_need_not_lead(read: Read) -> None:
    nothing = LineReading((), (replace(a_three(), atom=block(90, 30, 8, 40)),), 40.0, -0.1, (), 0.0)
    judges = Judges(Judge(is_none=True), Judge())
    assert read("picture", line(a_three()), nothing, judges=judges).status == "digit"


@pytest.mark.parametrize(
    ("lead", "sure", "status"), [(1.0, True, "digit"), (0.99, True, "unsure"), (9.0, False, "unsure")]
)
def test_what_is_weighed_decides_unless_another_answer_is_nearly_as_likely(
    read: Read, lead: float, sure: bool, status: str
) -> None:
    judges = Judges(Judge(sure=sure), Judge())
    assert read("picture", line(a_three(), lead=lead), judges=judges).status == status


def test_what_is_small_beside_others_stays_in_doubt_whatever_is_weighed(read: Read) -> None:
    odd = replace(line(a_three(), a_three()), odd=(False, True))
    reading = read("picture", odd, judges=Judges(Judge(sure=True), Judge()))
    assert [digit.sure for digit in reading.digits] == [True, False]


@pytest.mark.parametrize(("score", "status"), [(SURELY_A_DIGIT, "digit"), (SURELY_A_DIGIT - 0.01, "unsure")])
def test_only_what_is_clearly_a_digit_is_sure(read: Read, score: float, status: str) -> None:
    assert read("picture", line(a_three(score))).status == status


def test_without_a_judge_a_doubtful_answer_stays(read: Read) -> None:
    assert read("picture", line(a_three(), lead=1.0)).status == "unsure"


# Why there is none


@pytest.mark.parametrize(
    ("source", "is_no_paper", "reason"),
    [
        ("picture", True, "no-paper"),
        ("picture", False, ""),
        ("drawing", True, ""),
    ],
)
def test_a_picture_that_looks_like_a_thing_is_told_so(read: Read, source: str, is_no_paper: bool, reason: str) -> None:
    judges = Judges(Judge(is_no_paper=is_no_paper), Judge(is_no_paper=is_no_paper))
    reading = read(source, line(a_three(-30.0)), judges=judges)
    assert (reading.status, reading.reason, reading.digits) == ("no-digit", reason, ())
    assert judges.picture.asked == ([("looks", (200, 100))] if source == "picture" else [])


def test_without_a_judge_there_is_no_reason(read: Read) -> None:
    reading = read("picture", line(a_three(-30.0)))
    assert (reading.status, reading.reason, reading.digits) == ("no-digit", "", ())


def test_ink_that_is_no_writing_is_blank(read: Read) -> None:
    reading = read("picture")
    assert (reading.status, reading.digits) == ("blank", ())
    assert tuple(step.name for step in reading.steps) == STEPS[:3]


# What a reader is given


class Asked:
    """A reader that remembers what it was given, and reads lines with these log probabilities."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *log_ps: float) -> None:
        self.given: list[tuple[Any, ...]] = []
        answers = iter(log_ps)

        def read(_: object, *given: object) -> list[LineReading]:
            self.given.append(given)
            return [replace(line(a_three()), log_p=next(answers))]

        monkeypatch.setattr("model.reading.scene.Reader.read", read)
        monkeypatch.setattr("model.reading.recognizer.load_chooser", lambda *_: None)
        monkeypatch.setattr("model.reading.recognizer.load_judges", lambda *_: None)
        monkeypatch.setattr("model.reading.recognizer.likelihood", lambda lines: lines[0].log_p)
        monkeypatch.setattr("model.reading.recognizer.ringed_of", lambda pieces, ink: ("ring", len(pieces), ink))


def test_a_picture_s_ring_is_tried_and_a_drawing_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, -1.0, -1.0)
    Recognizer(CARD).read(PICTURE)
    Recognizer(CARD).read(DRAWING)
    (_, ring), (_, none) = asked.given
    assert ring[:2] == ("ring", 1)
    np.testing.assert_array_equal(ring[2], PICTURE)
    assert none is None


def reversible(monkeypatch: pytest.MonkeyPatch, count: int) -> Prepared:
    """The picture, which may be paper on ink as well: reversed it has so many atoms, and two pieces."""
    other = preprocess(page((20, 30, 28, 70), (60, 30, 68, 70), size=(100, 200)))
    prepared = replace(preprocess(PICTURE), reversed=other)
    few: list[Atom] = [block(60, 30, 8, 40)]
    monkeypatch.setattr("model.reading.recognizer.preprocess", lambda _: prepared)
    monkeypatch.setattr(recognizer, "_atoms", lambda source: few * count if source is other else few)
    return other


@pytest.mark.parametrize(("log_p", "is_reversed"), [(-0.9, True), (-1.0, False), (-1.1, False)])
def test_only_a_likelier_reading_of_the_other_polarity_is_taken(
    monkeypatch: pytest.MonkeyPatch, log_p: float, is_reversed: bool
) -> None:
    other = reversible(monkeypatch, 1)
    asked = Asked(monkeypatch, -1.0, log_p)
    reading = Recognizer(CARD).read(b"")
    assert (reading.steps[3].picture is other.ink) == is_reversed
    assert [ring[:2] for _, ring in asked.given] == [("ring", 1), ("ring", 2)]


@pytest.mark.parametrize(("count", "is_read"), [(800, True), (801, False)])
def test_the_other_polarity_is_read_if_it_has_not_too_many_atoms(
    monkeypatch: pytest.MonkeyPatch, count: int, is_read: bool
) -> None:
    reversible(monkeypatch, count)
    asked = Asked(monkeypatch, -1.0, -2.0)
    Recognizer(CARD).read(b"")
    assert len(asked.given) == 1 + is_read


@pytest.mark.parametrize(("is_sheet", "status"), [(True, "too-many"), (False, "no-digit")])
def test_too_many_atoms_are_looked_at_all_together(
    monkeypatch: pytest.MonkeyPatch, is_sheet: bool, status: str
) -> None:
    atoms = [block(60, 30, 8, 40)] * 801
    Asked(monkeypatch)
    monkeypatch.setattr(recognizer, "_atoms", lambda _: atoms)
    seen: list[object] = []

    def told(_: object, given: object) -> bool:
        seen.append(given)
        return is_sheet

    monkeypatch.setattr("model.reading.scene.Reader.is_sheet", told)
    reading = Recognizer(CARD).read(PICTURE)
    assert (reading.status, reading.digits) == (status, ())
    assert seen == [atoms]


def test_rows_of_images_are_filled_up_with_black() -> None:
    images: NDArray[np.uint8] = recognizer._last_steps([a_three()] * 13)[1].picture
    assert (images.shape, images.dtype) == ((56, 336), np.uint8)
    assert (images[28:, 28:] == 0).all()
    assert (images[28:, :28] == 9).all()
