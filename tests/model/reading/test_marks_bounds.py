"""What is writing and what lies round it, where one pixel more makes the other of it."""

from __future__ import annotations

import numpy as np
import pytest

from model.preprocess.components import Box, Component
from model.preprocess.ink import find_pieces
from model.preprocess.picture import Pixels
from model.reading.marks import _without_margins, writing_of
from tests.helpers.inks import page

TALL: Box = (100, 50, 140, 150)
BODY: Box = (100, 60, 120, 100)
OTHER: Box = (140, 60, 160, 100)


def boxes(ink: Pixels) -> list[Box]:
    """The boxes of what is taken for writing, from left to right."""
    return sorted(atom.box for atom in writing_of(find_pieces(ink), ink))


def ring(box: Box, thick: int, *held: Box) -> Pixels:
    """A rectangle's outline round filled boxes, on a page of 200 × 300."""
    x0, y0, x1, y1 = box
    ink = page(box)
    ink[y0 + thick : y1 - thick, x0 + thick : x1 - thick] = 0
    return np.maximum(ink, page(*held))


def is_frame(ink: Pixels, box: Box) -> bool:
    """Whether the piece with that box is gone."""
    return box not in boxes(ink)


@pytest.mark.parametrize(("pixels", "area"), [(7, 2000), (8, 2008)])
def test_a_piece_of_less_than_four_thousandths_is_a_speck(pixels: int, area: int) -> None:
    ink = page((100, 50, 140, 100), (142, 60, 143, 60 + pixels))
    assert sum(int((atom.ink > 0).sum()) for atom in writing_of(find_pieces(ink), ink)) == area


@pytest.mark.parametrize(("place", "count"), [(5999, 2), (6000, 1)])
def test_six_thousand_pieces_are_looked_at(place: int, count: int) -> None:
    ink = page((10, 10, 20, 50), (60, 10, 70, 50))
    one, other = find_pieces(ink)
    speck = Component((0, 0, 1, 1), 1, np.array([[0, 0, 1]]))
    pieces = [one, *[speck] * (place - 1), other]
    assert len(writing_of(pieces, ink)) == count


@pytest.mark.parametrize(("thick", "frame"), [(9, True), (10, False)])
def test_a_frame_has_ink_on_a_third_of_its_box(thick: int, frame: bool) -> None:
    box = (60, 30, 160, 130)
    ink = ring(box, thick, (100, 60, 120, 100))
    ink[30:33, 60:66] = 0  # straight sides may be thicker
    assert is_frame(ink, box) == frame


@pytest.mark.parametrize(("height", "frame"), [(24, False), (25, True)])
def test_a_frame_holds_something_a_quarter_as_high(height: int, frame: bool) -> None:
    box = (60, 30, 160, 130)
    assert is_frame(ring(box, 3, (100, 60, 110, 60 + height)), box) == frame


@pytest.mark.parametrize(("height", "frame"), [(12, False), (13, True)])
def test_a_flat_frame_holds_something_a_quarter_of_its_width_high(height: int, frame: bool) -> None:
    box = (100, 30, 150, 130)
    assert is_frame(ring(box, 3, (120, 60, 130, 60 + height)), box) == frame


@pytest.mark.parametrize("held", [(65, 60, 90, 100), (130, 60, 155, 100), (100, 35, 120, 75), (100, 85, 120, 125)])
def test_a_frame_goes_round_what_it_holds_wherever_that_stands(held: Box) -> None:
    box = (60, 30, 160, 130)
    assert is_frame(ring(box, 3, held), box)


@pytest.mark.parametrize("box", [(10, 90, 70, 190), (220, 10, 290, 80), (10, 10, 80, 110), (200, 100, 290, 190)])
def test_a_frame_may_stand_anywhere(box: Box) -> None:
    held = (box[0] + 20, box[1] + 15, box[0] + 40, box[1] + 55)
    assert boxes(ring(box, 3, held)) == [held]


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_an_outline_open_on_one_side_is_no_frame(side: str) -> None:
    box = (60, 30, 160, 130)
    ink = ring(box, 3, (100, 60, 120, 100))
    opening = {"left": np.s_[60:100, 60:63], "right": np.s_[60:100, 157:160]}
    opening |= {"top": np.s_[30:33, 100:120], "bottom": np.s_[127:130, 100:120]}
    ink[opening[side]] = 0
    assert not is_frame(ink, box)


@pytest.mark.parametrize(("far", "frame"), [(29, True), (32, False)])
@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_a_frame_s_sides_are_near_those_of_its_box(far: int, frame: bool, side: str) -> None:
    box = (60, 30, 160, 130)
    x0, y0, x1, y1 = box
    ink = ring(box, 2)
    wall = {
        "left": np.s_[y0:y1, x0 + far - 2 : x0 + far],
        "right": np.s_[y0:y1, x1 - far : x1 - far + 2],
        "top": np.s_[y0 + far - 2 : y0 + far, x0:x1],
        "bottom": np.s_[y1 - far : y1 - far + 2, x0:x1],
    }
    ink[wall[side]] = 255
    ink[65:95, 105:115] = 255
    beside = page((200, 60, 220, 100), (240, 60, 260, 100))  # and two more, that it doesn't hold
    assert is_frame(np.maximum(ink, beside), box) == frame


@pytest.mark.parametrize(("count", "frame"), [(2, False), (3, True)])
def test_what_holds_three_is_a_frame_of_cells(count: int, frame: bool) -> None:
    box = (20, 30, 280, 130)
    ink = ring(box, 2)
    for wall in (100, 190):
        ink[30:130, wall : wall + 2] = 255
    ink[70:72, 20:280] = 255
    ink[74:76, 20:280] = 255
    for left in (50, 140, 230)[:count]:
        ink[84:118, left : left + 10] = 255
    assert is_frame(ink, box) == frame


@pytest.mark.parametrize(("area", "stays"), [(8, True), (9, False)])
def test_what_lies_in_a_corner_is_a_stroke_with_ink_on_six_tenths_of_its_box(area: int, stays: bool) -> None:
    ink = page(BODY, OTHER, (0, 0, 10, 40), (10, 0, 20, area))
    assert ((0, 0, 20, 40) in boxes(ink)) == stays


@pytest.mark.parametrize(("box", "stays"), [((0, 60, 20, 100), True), ((0, 160, 20, 200), False)])
def test_a_filled_piece_touches_one_edge(box: Box, stays: bool) -> None:
    assert (box in boxes(page(BODY, OTHER, box))) == stays


@pytest.mark.parametrize("edge", [(0, 60, 8, 70), (60, 0, 68, 8), (292, 60, 300, 70), (60, 192, 68, 200)])
def test_something_small_goes_at_any_edge_and_stays_elsewhere(edge: Box) -> None:
    assert boxes(page(BODY, OTHER, edge)) == [BODY, OTHER]
    x, y = np.sign(150 - edge[0]), np.sign(100 - edge[1])
    inner = (int(edge[0] + x), int(edge[1] + y), int(edge[2] + x), int(edge[3] + y))
    assert inner in boxes(page(BODY, OTHER, inner))


@pytest.mark.parametrize(("height", "stays"), [(19, False), (20, True), (72, True), (73, False)])
def test_what_touches_an_edge_is_from_half_to_nearly_twice_as_high_as_the_others(height: int, stays: bool) -> None:
    box = (0, 50, 20, 50 + height)
    assert (box in boxes(page(BODY, OTHER, box))) == stays


@pytest.mark.parametrize(("length", "stays"), [(41, True), (42, False)])
def test_a_line_at_the_edge_is_seven_times_as_high_as_wide(length: int, stays: bool) -> None:
    box = (0, 60, 6, 60 + length)
    assert (box in boxes(page(BODY, OTHER, box))) == stays


@pytest.mark.parametrize(("height", "kept"), [(50, True), (52, False)])
def test_the_last_digit_of_a_close_crop_touches_three_edges_and_stays(height: int, kept: bool) -> None:
    ink = page((60, 4, 80, 44), (90, 4, 110, 44), (180, 0, 184, height), (180, 20, 200, 24), size=(height, 200))
    assert ((180, 0, 200, height) in boxes(ink)) == kept


def test_a_stroke_from_edge_to_edge_of_three_goes() -> None:
    ink = page((60, 10, 80, 50), (90, 10, 110, 50), (0, 0, 4, 60), (0, 0, 30, 4), size=(60, 200))
    assert boxes(ink) == [(60, 10, 80, 50), (90, 10, 110, 50)]


@pytest.mark.parametrize(("width", "stays"), [(6, True), (5, False)])
def test_a_line_at_the_edge_is_seven_times_as_long_as_thick(width: int, stays: bool) -> None:
    box = (0, 60, width, 100)
    assert (box in boxes(page(BODY, OTHER, box))) == stays
    level = (60, 0, 100, width)
    low = [(100, 60, 120, 64 + width), (140, 60, 160, 64 + width)]
    assert (level in boxes(page(*low, level))) == stays


@pytest.mark.parametrize(("width", "stays"), [(11, True), (12, False)])
def test_what_is_free_measures_the_rest_with_fifteen_hundredths_of_its_ink(width: int, stays: bool) -> None:
    filling = (0, 0, 20, 40)
    assert (filling in boxes(page(filling, (40, 10, 40 + width, 20), size=(40, 60)))) == stays


@pytest.mark.parametrize(("below", "stays"), [(5, True), (6, False), (60, False), (61, True)])
def test_an_underline_lies_six_hundredths_below(below: int, stays: bool) -> None:
    line = (95, 150 + below, 145, 153 + below)
    assert (line in boxes(page(TALL, line, size=(300, 300)))) == stays


@pytest.mark.parametrize(("left", "stays"), [(108, False), (109, True)])
def test_an_underline_is_under_six_tenths_of_what_it_underlines(left: int, stays: bool) -> None:
    line = (left, 105, left + 24, 108)
    assert (line in boxes(page(BODY, line))) == stays
    mirrored = (220 - left - 24, 105, 220 - left, 108)
    assert (mirrored in boxes(page(BODY, mirrored))) == stays


@pytest.mark.parametrize(("left", "stays"), [(107, True), (106, False)])
def test_an_underline_is_three_quarters_as_wide_as_what_is_over_it(left: int, stays: bool) -> None:
    line = (left, 106, 144, 109)
    assert (line in boxes(page(BODY, (130, 60, 150, 100), line))) == stays


@pytest.mark.parametrize(("height", "stays"), [(6, True), (7, False)])
def test_what_is_underlined_is_more_than_twice_as_high_as_the_line(height: int, stays: bool) -> None:
    line = (95, 101 + 60, 125, 104 + 60)
    ink = page((100, 160 - height, 120, 160), (40, 150, 60, 160), line)
    assert (line in boxes(ink)) == stays


@pytest.mark.parametrize(("side", "count"), [(11, 1), (12, 2)])
def test_a_fragment_is_smaller_than_three_tenths_on_both_sides(side: int, count: int) -> None:
    assert len(boxes(page(BODY, (122, 70, 126, 70 + side)))) == count
    assert len(boxes(page(BODY, (122, 70, 122 + side, 74)))) == count


@pytest.mark.parametrize(("gap", "count"), [(8, 1), (9, 2)])
def test_a_fragment_belongs_to_a_piece_eight_hundredths_away(gap: int, count: int) -> None:
    assert len(boxes(page(TALL, (140 + gap, 70, 152 + gap, 82)))) == count


def test_a_fragment_belongs_to_the_nearest_piece() -> None:
    ink = page(BODY, (127, 60, 147, 100), (124, 70, 126, 78))
    assert [int((atom.ink > 0).sum()) for atom in writing_of(find_pieces(ink), ink)] == [800, 816]


@pytest.mark.parametrize(("side", "count"), [(9, 1), (10, 2)])
def test_what_stands_alone_is_dust_below_a_tenth(side: int, count: int) -> None:
    assert len(boxes(page(TALL, (200, 70, 200 + side, 78)))) == count
    assert len(boxes(page(TALL, (200, 70, 208, 70 + side)))) == count


def beside(level: int, width: int, height: int = 60) -> Pixels:
    """A digit's body of 20 × 100 pixels, and a piece of that level and size beside it."""
    ink = page((100, 50, 120, 150))
    ink[60 : 60 + height, 160 : 160 + width] = level
    return ink


@pytest.mark.parametrize(("level", "width", "stays"), [(127, 7, False), (128, 7, True), (127, 8, True), (67, 3, False)])
def test_what_is_pale_and_thin_remains_of_the_paper_s_lines(level: int, width: int, stays: bool) -> None:
    assert (len(boxes(beside(level, width))) == 2) == stays


def test_writing_that_is_pale_throughout_stays() -> None:
    assert len(boxes(beside(120, 5) // 2)) == 1
    assert len(boxes(np.where(beside(100, 5) > 0, 80, 0).astype(np.uint8))) == 2


@pytest.mark.parametrize(("height", "stays"), [(100, False), (99, True)])
def test_only_large_pieces_tell_how_dark_the_writing_is(height: int, stays: bool) -> None:
    # A dark blot of a tenth of the digit's area makes the rest pale, a smaller one doesn't.
    ink = page((160, 50, 162, 50 + height))
    ink[50:150, 100:120] = 120
    ink[50:150, 200:205] = 120
    assert ((200, 50, 205, 150) in boxes(ink)) == stays


@pytest.mark.parametrize(
    ("line", "height", "left"),
    [
        ((50, 0, 56, 200), 100, 1),  # from edge to edge
        ((50, 0, 56, 199), 100, 2),
        ((50, 0, 66, 200), 100, 1),
        ((50, 0, 67, 200), 100, 2),  # too thick
        ((50, 0, 56, 200), 140, 1),
        ((50, 0, 56, 200), 142, 2),  # a 1 that fills the picture beside another digit
        ((50, 0, 56, 200), 18, 2),  # beside dust
    ],
)
def test_the_line_of_a_margin_is_no_writing(line: Box, height: int, left: int) -> None:
    ink = page(line, (120, 30, 150, 30 + height))
    assert len(_without_margins(find_pieces(ink), ink.shape)) == left
