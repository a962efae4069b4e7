"""What is writing and what lies round it: each bound with a picture on either side."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.preprocess.components import Box
from model.preprocess.ink import find_pieces
from model.preprocess.picture import Pixels
from model.reading.marks import ringed_of, writing_of
from tests.helpers.inks import page

BODY: Box = (100, 60, 120, 100)
OTHER: Box = (140, 60, 160, 100)


def boxes(ink: Pixels) -> list[Box]:
    """The boxes of what is taken for writing, from left to right."""
    pieces = find_pieces(ink)
    return sorted(atom.box for atom in (writing_of(pieces, ink) if pieces else []))


def drawn(size: tuple[int, int] = (300, 200)) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("L", size)
    return picture, ImageDraw.Draw(picture)


def test_pieces_of_a_size_are_writing() -> None:
    assert boxes(page(BODY, OTHER)) == [BODY, OTHER]


@pytest.mark.parametrize("shape", ["rectangle", "ellipse"])
def test_a_frame_round_a_digit_goes(shape: str) -> None:
    picture, pen = drawn()
    getattr(pen, shape)((60, 30, 160, 130), outline=255, width=3)
    pen.rectangle((100, 60, 119, 99), fill=255)
    assert boxes(np.asarray(picture)) == [BODY]


@pytest.mark.parametrize(("height", "frame"), [(26, True), (22, False)])
def test_a_dot_in_a_ring_makes_no_frame(height: int, frame: bool) -> None:
    picture, pen = drawn()
    pen.ellipse((60, 30, 160, 130), outline=255, width=3)
    pen.rectangle((105, 70, 112, 70 + height), fill=255)
    assert ((60, 30, 161, 131) in boxes(np.asarray(picture))) != frame


def test_a_bold_ring_is_a_digit_whatever_it_holds() -> None:
    picture, pen = drawn()
    pen.ellipse((60, 30, 160, 130), outline=255, width=24)
    pen.rectangle((108, 70, 113, 96), fill=255)
    assert (60, 30, 161, 131) in boxes(np.asarray(picture))


def test_what_only_reaches_round_two_sides_is_no_frame() -> None:
    picture, pen = drawn()
    pen.line((60, 30, 60, 130, 170, 130), fill=255, width=3)  # an L
    pen.rectangle((100, 60, 119, 99), fill=255)
    assert len(boxes(np.asarray(picture))) == 2


@pytest.mark.parametrize("edge", [(0, 0, 300, 12), (0, 150, 160, 200), (288, 0, 300, 200)])
def test_a_border_goes(edge: Box) -> None:
    assert boxes(page(BODY, OTHER, edge)) == [BODY, OTHER]


def test_a_digit_that_runs_off_the_picture_stays_among_its_like() -> None:
    assert boxes(page((0, 60, 20, 100), BODY)) == [(0, 60, 20, 100), BODY]


@pytest.mark.parametrize(("height", "stays"), [(21, True), (19, False), (70, True), (74, False)])
def test_what_touches_the_edge_has_the_others_height(height: int, stays: bool) -> None:
    piece = (0, 50, 20, 50 + height)
    assert (piece in boxes(page(BODY, OTHER, piece))) == stays


def test_what_touches_two_edges_is_a_corner() -> None:
    assert boxes(page(BODY, OTHER, (0, 0, 20, 40))) == [BODY, OTHER]


@pytest.mark.parametrize(("width", "stays"), [(8, False), (12, True)])
def test_dust_is_no_measure_for_a_digit_that_fills_its_picture(width: int, stays: bool) -> None:
    filling = (0, 0, 20, 40)
    ink = page(filling, (40, 10, 40 + width, 20), size=(40, 60))
    assert (filling in boxes(ink)) == (not stays)


def test_a_digit_alone_that_touches_every_edge_stays() -> None:
    assert boxes(page((0, 0, 40, 60), size=(60, 40))) == [(0, 0, 40, 60)]


@pytest.mark.parametrize(("below", "stays"), [(2, True), (3, False), (24, False), (25, True)])
def test_an_underline_lies_a_little_below(below: int, stays: bool) -> None:
    line = (95, 100 + below, 125, 103 + below)
    assert (line in boxes(page(BODY, line))) == stays


@pytest.mark.parametrize(("width", "stays"), [(21, False), (20, True)])
def test_an_underline_is_long_for_its_thickness(width: int, stays: bool) -> None:
    line = (100, 105, 100 + width, 108)
    assert (line in boxes(page(BODY, line))) == stays


@pytest.mark.parametrize(("left", "right", "stays"), [(104, 146, False), (108, 142, True)])
def test_an_underline_reaches_along_what_it_underlines(left: int, right: int, stays: bool) -> None:
    line = (left, 106, right, 109)
    assert (line in boxes(page(BODY, (130, 60, 150, 100), line))) == stays


def test_a_line_over_a_digit_is_no_underline() -> None:
    line = (95, 50, 125, 53)
    assert line in boxes(page(BODY, line))


@pytest.mark.parametrize(("gap", "count"), [(3, 1), (4, 2)])
def test_a_fragment_belongs_to_the_piece_beside_it(gap: int, count: int) -> None:
    assert len(boxes(page(BODY, (120 + gap, 70, 128 + gap, 78)))) == count


@pytest.mark.parametrize(("side", "count"), [(3, 1), (4, 2)])
def test_dust_that_stands_alone_goes(side: int, count: int) -> None:
    assert len(boxes(page(BODY, (200, 70, 200 + side, 70 + side)))) == count


@pytest.mark.parametrize(("side", "area"), [(1, 800), (2, 804)])
def test_a_speck_beside_a_large_piece_goes(side: int, area: int) -> None:
    # SPECK of 20 × 40 pixels is 3.2 pixels. It stands at the digit: alone, it would go as dust.
    ink = page(BODY, (122, 70, 122 + side, 70 + side))
    assert int((writing_of(find_pieces(ink), ink)[0].ink > 0).sum()) == area


def test_no_pieces_are_no_writing() -> None:
    assert boxes(np.zeros((20, 20), np.uint8)) == []


def test_the_first_digit_of_a_crop_may_touch_two_edges() -> None:
    picture, pen = drawn()
    for x in (0, 60, 120):
        pen.line((x + 2, 2, x + 30, 40), fill=255, width=5)
    ink = np.asarray(picture).copy()
    ink[0, :6] = 255  # the first one reaches the top, too
    ink[0:4, 0] = 255
    ink[60:, :] = 0
    assert len(boxes(ink)) == 3


@pytest.mark.parametrize("flipped", [False, True])
def test_the_bowl_of_a_6_or_a_9_is_no_frame_for_the_end_of_its_stroke(flipped: bool) -> None:
    picture, pen = drawn((200, 300))
    pen.ellipse((50, 150, 150, 280), outline=255, width=8)
    pen.line((52, 215, 60, 120, 110, 20), fill=255, width=8)
    pen.line((90, 205, 110, 245), fill=255, width=8)
    ink = np.asarray(picture)[::-1] if flipped else np.asarray(picture)
    assert max(box[3] - box[1] for box in boxes(np.ascontiguousarray(ink))) > 200


def test_a_form_s_cells_are_a_frame_though_their_walls_are_far_from_its_sides() -> None:
    picture, pen = drawn((400, 100))
    for left in range(10, 310, 75):
        pen.rectangle((left, 10, left + 75, 85), outline=255, width=2)
        pen.rectangle((left + 30, 30, left + 44, 69), fill=255)
    assert len(boxes(np.asarray(picture))) == 4


def test_a_finger_in_the_right_upper_corner_is_no_writing() -> None:
    finger = (280, 0, 300, 40)  # as high as the others
    assert boxes(page(BODY, OTHER, finger)) == [BODY, OTHER]
    assert boxes(page(BODY, OTHER, (270, 10, 290, 50))) == [BODY, OTHER, (270, 10, 290, 50)]


def test_what_is_smaller_than_an_underline_is_still_writing() -> None:
    one = (170, 60, 172, 100)
    assert boxes(page(BODY, (95, 105, 128, 108), one)) == [BODY, one]


def ringed(*beside: Box) -> Box | None:
    """The box of what may be a 0: a ring with a stroke inside that doesn't touch it, with boxes beside it."""
    picture, pen = drawn()
    pen.ellipse((60, 40, 99, 99), outline=255, width=4)
    ink = np.maximum(np.asarray(picture), page((77, 58, 83, 82), *beside))
    atom = ringed_of(find_pieces(ink), ink)
    if atom is not None:
        np.testing.assert_array_equal(atom.ink, ink[40:100, 60:100])
    return None if atom is None else atom.box


def test_an_only_ring_with_what_it_holds_may_be_a_zero() -> None:
    assert ringed() == (60, 40, 100, 100)


def test_a_ring_beside_others_is_not_the_only_writing() -> None:
    assert ringed((140, 45, 160, 95)) is None


def test_without_ink_or_without_a_ring_there_is_none() -> None:
    blank = np.zeros((200, 300), np.uint8)
    assert ringed_of([], blank) is None
    digit = page(BODY)
    assert ringed_of(find_pieces(digit), digit) is None


@pytest.mark.parametrize(("level", "stays"), [(120, False), (140, True)])
def test_a_corner_in_which_the_light_falls_off_is_no_first_digit(level: int, stays: bool) -> None:
    """Half as dark as the digits is 128 of 255."""
    corner: Box = (0, 0, 20, 40)
    ink = page(BODY, OTHER)
    for row in range(40):
        ink[row, : 20 - row // 2] = level
    assert (corner in boxes(ink)) == stays
