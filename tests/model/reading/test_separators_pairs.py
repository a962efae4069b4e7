"""Brackets in pairs, and ones that may be brackets or slashes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model import Recognizer
from model.reading.atoms import Atom
from model.reading.parts import Part
from model.reading.separators import odd, without_brackets
from tests.helpers.inks import block
from tests.model.reading.test_separators_bounds import bracket, mirrored, slash

OPENS, CLOSES = mirrored(bracket(-40)), bracket(-40)


def at(atom: Atom, x: int) -> Atom:
    """The atom with its left side there."""
    return replace(atom, box=(x, atom.box[1], x + atom.width, atom.box[3]))


def cut(atom: Atom, height: int) -> Atom:
    """The same shape of another height."""
    rows = np.linspace(0, atom.height - 1, height).astype(int)
    return Atom((atom.box[0], 0, atom.box[2], height), atom.ink[rows])


def kept(*line: Atom) -> list[int]:
    """Which of a line's atoms stay."""
    placed = [at(atom, 100 * place) for place, atom in enumerate(line)]
    return [placed.index(atom) for atom in without_brackets(placed)]


DIGIT = block(0, 0, 60, 180)


def test_a_pair_of_brackets_goes_whatever_it_holds() -> None:
    assert kept(OPENS, DIGIT, CLOSES) == [1]
    assert kept(DIGIT, OPENS, DIGIT, DIGIT, CLOSES, DIGIT) == [0, 2, 3, 5]
    assert kept(OPENS, DIGIT, CLOSES, OPENS, DIGIT, CLOSES) == [1, 4]


@pytest.mark.parametrize(
    "line",
    [
        (CLOSES, DIGIT, OPENS),  # the wrong way round
        (OPENS, DIGIT, OPENS),  # ones of a hand that bends them
        (OPENS, CLOSES),  # an empty pair may be a 0
        (OPENS, DIGIT),
        (DIGIT, CLOSES),
        (OPENS, DIGIT, slash()),
    ],
)
def test_what_is_no_pair_stays(line: tuple[Atom, ...]) -> None:
    assert kept(*line) == list(range(len(line)))


@pytest.mark.parametrize(("height", "goes"), [(152, True), (148, False)])
def test_a_pair_is_alike(height: int, goes: bool) -> None:
    assert (kept(OPENS, block(0, 0, 60, 100), cut(CLOSES, height)) == [1]) == goes


@pytest.mark.parametrize(("height", "goes"), [(222, True), (223, False)])
def test_a_pair_is_about_as_high_as_what_it_holds(height: int, goes: bool) -> None:
    assert (kept(OPENS, block(0, 0, 60, height), CLOSES) == [1]) == goes


def part(atom: Atom, label: int = 1) -> Part:
    return Part(atom, np.zeros((28, 28), np.uint8), np.eye(11)[label], 0.0, 0.0)


@pytest.mark.parametrize(("height", "expected"), [(181, True), (182, False)])
def test_a_1_that_bends_and_is_a_tenth_higher_may_be_a_bracket(height: int, expected: bool) -> None:
    assert odd([part(block(0, 0, 60, height), 4), part(CLOSES)]) == [False, expected]
    assert odd([part(block(0, 0, 60, height), 4), part(CLOSES, 7)]) == [False, False]


@pytest.mark.parametrize(("lean", "expected"), [(51, True), (48, False)])
def test_a_1_that_leans_between_digits_may_be_a_slash(lean: int, expected: bool) -> None:
    digit = part(DIGIT, 4)
    assert odd([digit, part(slash(lean=lean)), digit]) == [False, expected, False]
    assert odd([part(slash(lean=lean)), digit]) == [False, False]


@pytest.mark.parametrize(("height", "expected"), [(220, True), (224, False)])
def test_a_slash_is_nearly_as_high_as_the_digits(height: int, expected: bool) -> None:
    digit = part(block(0, 0, 60, height), 4)
    assert odd([digit, part(slash()), digit]) == [False, expected, False]


def test_among_many_digits_a_1_may_lean() -> None:
    digit = part(DIGIT, 4)
    assert odd([digit, part(slash()), digit, digit]) == [False] * 4


def test_one_alone_is_neither() -> None:
    assert odd([part(CLOSES)]) == [False]
    assert odd([]) == []


def test_a_4_in_brackets_is_a_sure_4() -> None:
    turns = np.linspace(-1, 1, 20)
    x, y = 28 * (1 - np.cos(turns)), 115 + 60 * np.sin(turns)
    four = [[[110, 60], [80, 120], [150, 120]], [[130, 80], [130, 170]]]
    strokes = [np.stack([30 + x, y], axis=1).tolist(), *four, np.stack([210 - x, y], axis=1).tolist()]
    drawing = {"size": [240, 230], "strokes": [{"width": 10, "points": points} for points in strokes]}
    reading = Recognizer.load().read(drawing)
    assert ("".join(digit.label for digit in reading.digits), reading.status) == ("4", "digit")
