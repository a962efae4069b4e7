"""Notes on tables: what lies around them goes. Whatever only looks like a note stays, to the pixel."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.preprocess.components import Box
from model.preprocess.note import without_surroundings
from model.preprocess.picture import Grey

#: Where the writing stands: two strokes.
INK: tuple[Box, ...] = ((90, 90, 96, 130), (110, 90, 116, 130))


def picture(
    note: Box = (50, 50, 160, 170), *, table: int = 90, grain: float = 8, paper: int = 230, ink: tuple[Box, ...] = INK
) -> Grey:
    """200×220 pixels of a table with a grain, on which a note lies."""
    rng = np.random.default_rng(0)
    levels = np.full((220, 200), float(table)) + rng.normal(0, grain, (220, 1)) + rng.normal(0, grain / 2, (220, 200))
    x0, y0, x1, y1 = note
    levels[y0:y1, x0:x1] = paper
    for left, top, right, bottom in ink:
        levels[top:bottom, left:right] = 30
    return levels.clip(0, 255).astype(np.float32)


def is_note(levels: Grey) -> bool:
    return without_surroundings(levels) is not levels


def test_what_lies_around_a_note_is_as_bright_as_its_paper_and_the_ink_stays() -> None:
    levels = picture()
    evened = without_surroundings(levels)
    assert min(evened[:40].min(), evened[:, 170:].min()) > 225
    assert (evened < 100).sum() == 2 * 6 * 40
    assert np.array_equal(evened[60:160, 60:150], levels[60:160, 60:150])


def test_a_turned_note_is_one_too() -> None:
    turned = Image.fromarray(picture()).rotate(9, Image.Resampling.BICUBIC, fillcolor=90)
    assert is_note(np.asarray(turned, np.float32))


@pytest.mark.parametrize(("right", "expected"), [(100, False), (120, True)])
def test_a_note_is_no_speck(right: int, expected: bool) -> None:
    """60 by 40 pixels are 5.5 % of the picture, 60 by 60 are 8 %."""
    assert is_note(picture((60, 80, right, 140), ink=((76, 100, 80, 120), (86, 100, 90, 120)))) == expected


@pytest.mark.parametrize(("paper", "expected"), [(125, False), (145, True)])
def test_a_note_is_forty_levels_brighter_than_its_table(paper: int, expected: bool) -> None:
    assert is_note(picture(paper=paper, grain=2)) == expected


def test_an_empty_note_holds_nothing_to_be_read() -> None:
    assert not is_note(picture(ink=()))


def test_a_page_that_fills_its_picture_or_reaches_three_of_its_edges_is_no_note() -> None:
    assert not is_note(picture((0, 0, 200, 220)))
    assert not is_note(picture((0, 60, 200, 220)))
    assert is_note(picture((40, 60, 200, 220)))


def test_a_slope_of_light_is_no_edge_of_a_note() -> None:
    levels = picture(table=230, grain=0)
    light = np.clip(np.abs(np.arange(200) - 100) / 60 - 0.6, 0, 1) * 0.6
    assert not is_note((levels * (1 - light)).astype(np.float32))


@pytest.mark.parametrize("thickness", [20, 34])
def test_a_bold_bright_zero_on_black_is_no_note(thickness: int) -> None:
    zero = Image.new("L", (200, 220))
    ImageDraw.Draw(zero).ellipse((50, 30, 150, 190), outline=255, width=thickness)
    assert not is_note(np.asarray(zero, np.float32))


def test_a_square_zero_on_an_even_ground_is_no_note_though_a_card_may_look_like_it() -> None:
    hole = ((85, 80, 115, 140),)
    assert not is_note(picture(grain=0, table=0, paper=255, ink=hole))
    assert is_note(picture(grain=12, ink=hole))


def test_small_pictures_show_one_thing() -> None:
    assert not is_note(picture()[40:104, 40:103])


def test_a_sheet_holds_a_number_that_its_coarse_picture_doesn_t_show() -> None:
    """Strokes of 4 pixels in 1,600: averaged over 17 of them they are paper."""
    levels = np.kron(picture(grain=2, ink=()), np.ones((8, 8), np.float32))
    assert not is_note(levels)
    levels[700:760, 800:804] = 30
    assert is_note(levels)


@pytest.mark.parametrize(("side", "expected"), [(8, True), (16, False)])
def test_a_blot_on_an_even_ground_may_be_a_0_s_hole(side: int, expected: bool) -> None:
    """64 pixels are under a hundredth of the note, 256 above."""
    assert is_note(picture(grain=0, ink=((90, 100, 90 + side, 100 + side),))) == expected
