"""Rings: a digit's, that go, and zeros with a stroke inside, that stay; each bound from both sides."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.preprocess.components import Box
from model.preprocess.ink import find_pieces
from model.preprocess.picture import Pixels
from model.reading.frames import ring_of, without_frames
from tests.helpers.inks import page

RING: Box = (60, 40, 100, 100)
STROKE: Box = (77, 58, 83, 82)


def ink_of(*others: Box, ring: Box = RING) -> Pixels:
    """A ring with a stroke inside that doesn't touch it, and filled boxes beside it."""
    picture = Image.new("L", (300, 200))
    x0, y0, x1, y1 = ring
    ImageDraw.Draw(picture).ellipse((x0, y0, x1 - 1, y1 - 1), outline=255, width=4)
    return np.maximum(np.asarray(picture), page(STROKE, *others))


def boxes(ink: Pixels) -> list[Box]:
    return sorted(piece.box for piece in without_frames(find_pieces(ink)))


def test_a_ring_alone_goes() -> None:
    assert boxes(ink_of()) == [STROKE]


@pytest.mark.parametrize(("height", "is_zero"), [(47, True), (46, False)])
def test_a_ring_as_high_as_its_neighbour_is_a_zero_with_its_stroke(height: int, is_zero: bool) -> None:
    beside = (130, 45, 150, 45 + height)  # 60 / 1.3 is 46.2
    assert boxes(ink_of(beside)) == ([RING, beside] if is_zero else [STROKE, beside])


@pytest.mark.parametrize(("top", "is_zero"), [(76, True), (82, False)])
def test_only_a_neighbour_on_the_ring_s_line_counts(top: int, is_zero: bool) -> None:
    beside = (130, top, 150, top + 50)
    assert (RING in boxes(ink_of(beside))) == is_zero


def test_a_dash_beside_a_ring_is_no_measure() -> None:
    dash = (130, 68, 150, 72)
    assert boxes(ink_of(dash)) == [STROKE, dash]


def test_a_zero_s_ink_is_all_of_its_own() -> None:
    ink = ink_of((130, 40, 150, 100))
    zero = next(piece for piece in without_frames(find_pieces(ink)) if piece.box == RING)
    assert zero.area == int((ink[:, 60:100] > 0).sum())


def test_the_ring_of_a_picture_is_one_with_what_it_holds() -> None:
    ink = ink_of()
    ring = ring_of(find_pieces(ink))
    assert ring is not None
    assert (ring.box, ring.area) == (RING, int((ink > 0).sum()))


def test_a_picture_has_no_one_ring_beside_something_or_without_a_ring_or_with_two() -> None:
    assert ring_of(find_pieces(ink_of((130, 40, 150, 100)))) is None
    assert ring_of(find_pieces(page(STROKE))) is None
    two = np.maximum(ink_of(), np.roll(ink_of(), 100, axis=1))
    assert ring_of(find_pieces(two)) is None
