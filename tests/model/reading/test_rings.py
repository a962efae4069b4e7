"""Rings that run through what they go round: peeled off. Digits that look like rings stay whole."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.preprocess.components import Box
from model.preprocess.ink import find_pieces
from model.preprocess.picture import Pixels
from model.reading.rings import peeled

Line = tuple[int, int, int, int]


def ink(*strokes: Line, rings: tuple[Box, ...] = ((40, 40, 240, 140),), width: int = 4) -> Pixels:
    """Rings and straight strokes of 4 pixels on 300×200."""
    picture = Image.new("L", (300, 200))
    draw = ImageDraw.Draw(picture)
    for ring in rings:
        draw.ellipse(ring, outline=255, width=width)
    for stroke in strokes:
        draw.line(stroke, 255, 4)
    return np.asarray(picture)


def boxes(picture: Pixels) -> list[Box]:
    return sorted(piece.box for piece in peeled(find_pieces(picture)))


TOUCHES: Line = (140, 70, 140, 150)
FREE: Line = (100, 60, 100, 120)


def test_a_stroke_that_runs_through_a_ring_comes_off_it() -> None:
    picture = ink(TOUCHES, FREE)
    assert len(find_pieces(picture)) == 2
    (ring, free, stroke) = boxes(picture)
    assert ring[0] == 40
    assert free == (99, 60, 103, 121)
    assert (stroke[0], stroke[2]) == (139, 143)
    assert stroke[1] == 70
    assert stroke[3] <= 140


def test_a_ring_that_touches_nothing_stays_one_piece_with_its_box() -> None:
    picture = ink(FREE)
    assert boxes(picture) == sorted(piece.box for piece in find_pieces(picture))


def test_a_slashed_zero_stays_whole_but_a_ring_round_two_digits_does_not() -> None:
    zero: Box = (60, 40, 150, 140)
    slash: Line = (75, 130, 135, 50)
    assert len(boxes(ink(slash, rings=(zero,)))) == 1
    beside: Line = (95, 65, 95, 115)
    touching: Line = (120, 70, 120, 145)
    assert len(boxes(ink(beside, touching, rings=(zero,)))) == 3


def test_two_zeros_that_touch_are_no_ring() -> None:
    assert len(boxes(ink(rings=((40, 40, 130, 140), (126, 40, 216, 140))))) == 1


@pytest.mark.parametrize(("width", "pieces"), [(9, 2), (20, 1)])
def test_a_bold_ring_is_no_line(width: int, pieces: int) -> None:
    assert len(boxes(ink(TOUCHES, width=width))) == pieces


@pytest.mark.parametrize(("degrees", "pieces"), [(15, 2), (40, 1)])
def test_a_ring_may_have_a_small_gap(degrees: int, pieces: int) -> None:
    picture = Image.fromarray(ink(TOUCHES))
    ImageDraw.Draw(picture).pieslice((20, 20, 260, 160), 180, 180 + degrees, fill=0)
    assert len(boxes(np.asarray(picture))) == pieces


def test_a_bow_is_no_ring() -> None:
    picture = ink(TOUCHES).copy()
    picture[:, :110] = 0
    assert len(boxes(picture)) == len(find_pieces(picture))


def test_what_is_low_inside_is_no_digit() -> None:
    assert len(boxes(ink((140, 125, 140, 150)))) == 1


@pytest.mark.parametrize(("height", "pieces"), [(23, 1), (24, 2)])
def test_rings_of_a_few_pixels_hold_nothing_to_be_read(height: int, pieces: int) -> None:
    """The ring's lowest row is the stroke's, too."""
    bottom = 39 + height
    small = ink(rings=((20, 40, 80, bottom),), width=2).copy()
    small[48 : bottom + 1, 49:51] = 255
    assert len(boxes(small)) == pieces
