"""A straight stroke in a ring: the slash of a 0, which is sure, or a 1 with a ring round it, which is in doubt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.reading.atoms import Atom
from model.reading.parts import Part
from model.reading.recognizer import Recognizer
from model.reading.slashed import MOST_STROKES, odd

SIDE = 200


def stroke(*points: tuple[float, float], width: int = 10) -> Atom:
    """A pen's stroke through points."""
    picture = Image.new("L", (SIDE, SIDE))
    ImageDraw.Draw(picture).line(points, 255, width, joint="curve")
    ink = np.asarray(picture)
    (y0, y1), (x0, x1) = ((int(each[0]), int(each[-1]) + 1) for each in map(np.flatnonzero, (ink.any(1), ink.any(0))))
    return Atom((x0, y0, x1, y1), ink[y0:y1, x0:x1], is_stroke=True)


def oval(half_width: float = 50, half_height: float = 70) -> list[tuple[float, float]]:
    turns = np.linspace(0, 2 * np.pi, 60)
    return [(100 + half_width * float(np.cos(turn)), 100 + half_height * float(np.sin(turn))) for turn in turns]


def bar(degrees: float, length: float, x: float = 100) -> list[tuple[float, float]]:
    """A straight line, so many degrees from upright, to the right at the top."""
    dx, dy = np.sin(np.radians(degrees)) * length / 2, np.cos(np.radians(degrees)) * length / 2
    return [(x - float(dx), 100 + float(dy)), (x + float(dx), 100 - float(dy))]


def doubted(degrees: float, length: float, x: float = 100, label: int = 0) -> bool:
    """Whether a 0 around the oval with that bar in it is in doubt."""
    ring, line = stroke(*oval()), stroke(*bar(degrees, length, x))
    part = Part(replace(ring, is_stroke=False), np.zeros((28, 28), np.uint8), np.eye(11)[label], 0.0, 0.0)
    (one,) = odd([part], [ring, line])
    assert odd([part], [line, ring]) == [one]
    return one


@pytest.mark.parametrize(("degrees", "expected"), [(0, True), (34, True), (42, False), (66, False), (76, True)])
def test_a_short_slash_leans_as_no_1_does(degrees: float, expected: bool) -> None:
    assert doubted(degrees, 60) == expected


@pytest.mark.parametrize(("degrees", "expected"), [(4, True), (18, False), (30, False), (-30, True)])
def test_a_slash_that_reaches_the_ring_leans_a_little(degrees: float, expected: bool) -> None:
    assert doubted(degrees, 150) == expected


@pytest.mark.parametrize(("length", "expected"), [(100, True), (145, False)])
def test_a_slash_that_leans_a_little_reaches_the_ring(length: float, expected: bool) -> None:
    assert doubted(25, length) == expected


def test_a_stroke_at_the_side_is_neither() -> None:
    assert doubted(0, 60)
    assert not doubted(0, 60, x=140)


def test_only_a_0_is_a_ring() -> None:
    assert not doubted(0, 60, label=6)


def test_only_the_0_that_holds_the_ring_is_in_doubt() -> None:
    part = Part(Atom((0, 0, 9, 9), np.zeros((9, 9), np.uint8)), np.zeros((28, 28), np.uint8), np.eye(11)[0], 0.0, 0.0)
    assert odd([part], [stroke(*oval()), stroke(*bar(0, 60))]) == [False]


def test_pieces_of_a_picture_are_no_strokes() -> None:
    ring, line = (replace(atom, is_stroke=False) for atom in (stroke(*oval()), stroke(*bar(0, 60))))
    part = Part(ring, np.zeros((28, 28), np.uint8), np.eye(11)[0], 0.0, 0.0)
    assert odd([part], [ring, line]) == [False]
    assert odd([], []) == []


def test_a_curve_in_a_ring_is_no_bar() -> None:
    ring = stroke(*oval())
    part = Part(ring, np.zeros((28, 28), np.uint8), np.eye(11)[0], 0.0, 0.0)
    curve = stroke((85, 70), (115, 70), (115, 130))
    assert odd([part], [ring, curve]) == [False]


def drawn(*strokes: list[tuple[float, float]]) -> dict[str, object]:
    """Strokes on the pad, as it sends them."""
    points = [np.linspace(each[0], each[1], 20).tolist() if len(each) == 2 else each for each in strokes]
    return {"size": [SIDE, SIDE], "strokes": [{"width": 10, "points": each} for each in points]}


@pytest.mark.parametrize(("degrees", "length", "status"), [(42, 60, "digit"), (35, 150, "digit"), (0, 60, "unsure")])
def test_a_slashed_0_is_sure_and_a_1_in_a_ring_is_not(degrees: float, length: float, status: str) -> None:
    reading = Recognizer.load().read(drawn(oval(), bar(degrees, length)))
    assert ("".join(digit.label for digit in reading.digits), reading.status) == ("0", status)


@pytest.mark.parametrize(("eyes", "expected"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_face_is_a_ring_with_pieces_in_it(eyes: int, expected: bool) -> None:
    picture = Image.new("L", (SIDE, SIDE))
    pen = ImageDraw.Draw(picture)
    pen.ellipse([40, 30, 160, 170], outline=255, width=10)
    for place in range(eyes):
        pen.ellipse([70 + 22 * place, 80, 80 + 22 * place, 90], fill=255)
    part = Part(Atom((0, 0, SIDE, SIDE), np.asarray(picture)), np.zeros((28, 28), np.uint8), np.eye(11)[0], 0.0, 0.0)
    assert odd([part], []) == [expected]
    assert odd([replace(part, logits=np.eye(11)[8])], []) == [False]


def test_crumbs_in_a_ring_are_no_face() -> None:
    ink = np.array(Image.new("L", (SIDE, SIDE)))
    ink[20:180, 20:180] = 255
    ink[40:160, 40:160] = 0
    ink[100:102, 60:140:6] = 255
    part = Part(Atom((0, 0, SIDE, SIDE), ink), np.zeros((28, 28), np.uint8), np.eye(11)[0], 0.0, 0.0)
    assert odd([part], []) == [False]


def test_of_many_strokes_in_each_other_not_every_two_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred took twenty seconds."""
    asked: list[object] = []
    monkeypatch.setattr("model.reading.slashed._share", lambda *known: asked.append(known))
    ring = stroke(*oval())
    atoms = [ring, *(stroke(*bar(degrees, 60)) for degrees in range(MOST_STROKES))]
    part = Part(ring, np.zeros((28, 28), np.uint8), np.eye(11)[0], 0.0, 0.0)
    assert odd([part], atoms) == [True]
    assert asked == []
    odd([part], atoms[:-1])
    assert 0 < len(asked) <= MOST_STROKES**2
