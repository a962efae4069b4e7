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


@pytest.mark.parametrize("speck", [(60, 41, 65, 47), (61, 40, 66, 46), (95, 41, 100, 47), (61, 94, 66, 100)])
def test_what_lies_at_a_side_of_a_ring_s_box_is_not_inside_it(speck: Box) -> None:
    assert ring_of(find_pieces(ink_of(speck))) is None


def test_a_ring_thirteen_tenths_as_high_as_its_neighbour_is_a_zero() -> None:
    ring, beside = (60, 40, 100, 105), (130, 45, 150, 95)
    assert boxes(ink_of(beside, ring=ring)) == [ring, beside]


FRAME: tuple[Box, ...] = ((60, 40, 100, 42), (60, 98, 100, 100), (60, 40, 62, 100), (98, 40, 100, 100))
HELD: Box = (77, 64, 83, 78)


@pytest.mark.parametrize(
    ("bump", "is_frame"),
    [((60, 69, 72, 73), True), ((60, 69, 73, 73), False), ((88, 69, 100, 73), True), ((87, 69, 100, 73), False),
     ((78, 40, 82, 59), True), ((78, 40, 82, 60), False), ((78, 82, 82, 100), True), ((78, 81, 82, 100), False)],
)  # fmt: skip
def test_a_frame_is_near_its_own_sides_where_it_is_nearest_to_what_it_holds(bump: Box, is_frame: bool) -> None:
    assert (boxes(page(*FRAME, HELD, bump)) == [HELD]) == is_frame


@pytest.mark.parametrize(("foot", "is_frame"), [(74, True), (73, False)])
def test_what_a_frame_holds_is_a_quarter_as_high_as_it_is_wide(foot: int, is_frame: bool) -> None:
    held = (77, 64, 83, foot)
    assert (boxes(page(*FRAME, held)) == [held]) == is_frame


@pytest.mark.parametrize(("more", "is_frame"), [(8, True), (9, False)])
def test_a_frame_has_ink_on_a_third_of_its_box(more: int, is_frame: bool) -> None:
    # Two sides of 2 × 79 pixels, one of 36 × 11 and a top of 36 × 10, 33 and 7 that isn't straight are 1,112 of
    # 40 × 80: eight less than 0.35 of them.
    top = ((63, 40, 96, 41), (62, 41, 98, 51), (62, 51, 69 + more, 52))
    frame = ((60, 41, 62, 120), (98, 41, 100, 120), (62, 109, 98, 120), *top)
    assert (boxes(page(*frame, HELD)) == [HELD]) == is_frame


@pytest.mark.parametrize("side", range(4))
def test_what_is_open_on_a_side_goes_round_nothing(side: int) -> None:
    sides = [box for number, box in enumerate(FRAME) if number != side]
    assert len(boxes(page(*sides, HELD))) == 2


@pytest.mark.parametrize(("held", "is_frame"), [(3, True), (2, False)])
def test_a_frame_with_walls_holds_three_pieces(held: int, is_frame: bool) -> None:
    walls = [(x, 40, x + 2, 100) for x in (10, 76, 142, 208)]
    strokes = [(x, 60, x + 6, 80) for x in (40, 106, 172)][:held]
    ink = page((10, 40, 210, 42), (10, 98, 210, 100), *walls, *strokes)
    assert (boxes(ink) == strokes) == is_frame


def test_what_a_wide_frame_holds_is_a_quarter_of_its_height() -> None:
    ink = page((60, 40, 180, 42), (60, 98, 180, 100), (60, 40, 62, 100), (178, 40, 180, 100), (117, 64, 123, 80))
    assert boxes(ink) == [(117, 64, 123, 80)]


def test_a_ring_and_what_it_holds_have_all_their_runs() -> None:
    ring = ring_of(find_pieces(ink_of()))
    assert ring is not None
    assert int((ring.runs[:, 2] - ring.runs[:, 1]).sum()) == ring.area


@pytest.mark.parametrize(("missing", "is_frame"), [(2, True), (3, False)])
def test_a_thick_frame_is_straight_on_all_sides(missing: int, is_frame: bool) -> None:
    """A bold 0 isn't: of forty pixels 38 are 0.95."""
    ink = page((60, 40, 100, 100), size=(200, 300))
    ink[54:86, 70:90] = 0
    ink[58:82, 77:83] = 255
    ink[40, 60 : 60 + missing] = 0
    assert (boxes(ink) == [(77, 58, 83, 82)]) == is_frame


@pytest.mark.parametrize(
    ("stroke", "is_zero"),
    [((72, 85, 88, 55), True), ((76, 85, 84, 55), False), ((72, 85, 76, 58, 88, 55), False)],
)
def test_a_ring_with_a_slanting_stroke_is_a_zero_wherever_it_stands(stroke: tuple[int, ...], is_zero: bool) -> None:
    """An upright stroke and a bent one are a digit in a ring."""
    picture = Image.new("L", (300, 200))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((55, 40, 104, 99), outline=255, width=4)
    pen.line(stroke, fill=255, width=4, joint="curve")
    ink = np.maximum(np.asarray(picture), page((200, 150, 210, 160)))
    assert ((55, 40, 105, 100) in boxes(ink)) == is_zero


def test_a_wide_ring_with_a_slanting_stroke_is_no_zero() -> None:
    picture = Image.new("L", (300, 200))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((40, 40, 119, 99), outline=255, width=4)
    pen.line((70, 85, 90, 55), fill=255, width=4)
    ink = np.maximum(np.asarray(picture), page((200, 150, 210, 160)))
    assert (40, 40, 120, 100) not in boxes(ink)


def opened(ring: Box, start: int, degrees: int) -> Pixels:
    """A ring with a stroke inside, open for so many degrees clockwise from a direction; 0 points to the right."""
    picture = Image.new("L", (300, 200))
    ImageDraw.Draw(picture).arc(ring, start + degrees, start + 360, fill=255, width=4)
    x, y = (ring[0] + ring[2]) // 2, (ring[1] + ring[3]) // 2
    return np.maximum(np.asarray(picture), page((x - 3, y - 20, x + 3, y + 20)))


@pytest.mark.parametrize(("degrees", "is_ring"), [(30, True), (65, False)])
def test_a_ring_may_have_a_gap_but_an_open_6_is_none(degrees: int, is_ring: bool) -> None:
    ink = opened((60, 30, 180, 150), 287, degrees)  # to the upper right, so that there is ink above and beside
    assert (len(boxes(ink)) == 1) == is_ring


@pytest.mark.parametrize(("side", "is_alone"), [(4, True), (6, False)])
def test_crumbs_don_t_stand_beside_a_ring(side: int, is_alone: bool) -> None:
    """16 pixels are under a twentieth of the ring's ink, 36 above."""
    ink = ink_of((200, 180, 200 + side, 180 + side))
    assert (ring_of(find_pieces(ink)) is not None) == is_alone
