"""Shadows, spots of light and strips of a text marker: found where they are, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from model.preprocess.paper import paper_under
from model.preprocess.picture import Grey
from model.preprocess.shadow import (
    MOST_SPOT,
    SPOT_LEVELS,
    has_shadow,
    has_spots,
    has_strip,
    in_even_light,
    is_in_uneven_light,
    without_strokes,
)

Corners = list[tuple[int, int]]
HAND: Corners = [(140, 60), (300, 90), (300, 200), (90, 200)]
FINGER: Corners = [(150, 20), (180, 20), (235, 200), (200, 200)]


def page(shadow: Corners | None = None, light: float = 0.5, pen: int = 6) -> Grey:
    """300×200 bright pixels of a page with three strokes, its ink dark, inverted."""
    strokes = Image.new("L", (300, 200), 240)
    draw = ImageDraw.Draw(strokes)
    for x in (60, 150, 240):
        draw.line((x, 80, x + 10, 150), 30, pen)
    mask = Image.new("L", (300, 200), 255)
    if shadow:
        ImageDraw.Draw(mask).polygon(shadow, fill=round(255 * light))
    falling = np.asarray(mask.filter(ImageFilter.GaussianBlur(3)), np.float32) / 255
    return (255 - np.asarray(strokes, np.float32) * falling).astype(np.float32)


def is_shadowed(bright: Grey) -> bool:
    paper = paper_under(bright)
    return has_shadow(paper, bright - paper, without_strokes(bright - paper))


@pytest.mark.parametrize("shadow", [HAND, FINGER])
def test_the_shadow_of_a_hand_or_a_finger_is_found(shadow: Corners) -> None:
    assert is_shadowed(page(shadow))


def test_a_page_without_a_shadow_has_none() -> None:
    assert not is_shadowed(page())


def test_light_that_falls_off_slowly_is_no_shadow() -> None:
    slope = np.linspace(1, 0.5, 300, dtype=np.float32)
    assert not is_shadowed(255 - (255 - page()) * slope)


@pytest.mark.parametrize(("light", "expected"), [(0.95, False), (0.8, True)])
def test_a_shadow_takes_away_a_part_of_the_light(light: float, expected: bool) -> None:
    assert is_shadowed(page(FINGER, light)) == expected


def test_a_bold_stroke_is_no_shadow_though_it_comes_in_from_the_edge() -> None:
    bold = np.full((200, 300), 15, np.float32)
    bold[:, 130:170] = 225
    assert not is_shadowed(bold)


def test_a_dark_patch_that_touches_no_edge_is_no_shadow() -> None:
    inside: Corners = [(150, 40), (190, 40), (190, 160), (150, 160)]
    assert not is_shadowed(page(inside))


def test_small_pictures_have_no_room_for_a_shadow() -> None:
    for height, expected in ((95, False), (96, True)):
        part = page(HAND)[60 : 60 + height]
        paper = paper_under(part)
        assert is_in_uneven_light(paper, part - paper) == expected


def test_ink_in_a_shadow_is_as_strong_as_in_the_light_and_the_shadow_is_none() -> None:
    above = in_even_light(page(HAND), is_dark_ink=True)
    lit, shaded = above[110, 55:75].max(), above[120, 240:255].max()
    assert shaded == pytest.approx(lit, rel=0.1)
    assert np.quantile(above[160:], 0.99) < 0.1 * lit


def test_bright_ink_is_not_divided_by_the_light() -> None:
    board = page(HAND)
    assert in_even_light(board, is_dark_ink=False).max() <= board.max() - board.min()


def test_a_table_as_black_as_ink_is_no_shadow_to_be_lit() -> None:
    beside = page([(200, 0), (300, 0), (300, 200), (200, 200)], light=0.1)
    above = in_even_light(beside, is_dark_ink=True)
    assert above[100, 245:].max() <= above[110, 55:75].max()


def strip(level: float = 90, box: tuple[int, int, int, int] = (50, 70, 260, 160), ink: float = 225) -> Grey:
    """The page with the strip of a text marker under its strokes."""
    x0, y0, x1, y1 = box
    levels = np.full((200, 300), 15, np.float32)
    levels[y0:y1, x0:x1] = 15 + level
    strokes = page() > 120
    levels[strokes] = ink
    return levels


def is_marked(bright: Grey) -> bool:
    return has_strip(bright - paper_under(bright))


def test_ink_on_the_strip_of_a_text_marker_is_all_that_is_left() -> None:
    levels = strip()
    assert is_marked(levels)
    above = in_even_light(levels, is_dark_ink=False)
    assert (above > 60).sum() == pytest.approx((page() > 120).sum(), rel=0.02)


@pytest.mark.parametrize("bold", [False, True])
def test_strokes_alone_are_no_strip(bold: bool) -> None:
    assert not is_marked(page(pen=30 if bold else 6))


@pytest.mark.parametrize(("level", "expected"), [(25, False), (40, True), (150, True), (165, False)])
def test_a_strip_is_darker_than_paper_and_paler_than_ink(level: float, expected: bool) -> None:
    """Of ink that rises by 210 three quarters are 157."""
    assert is_marked(strip(level)) == expected


def test_a_strip_without_ink_may_be_ink_itself() -> None:
    assert not is_marked(np.where(strip() > 200, 105, strip()).astype(np.float32))


@pytest.mark.parametrize(("right", "expected"), [(62, False), (110, True)])
def test_a_strip_takes_up_some_of_the_picture(right: int, expected: bool) -> None:
    """12 by 80 pixels are 1.6 %, 60 by 80 are 8 %."""
    assert is_marked(strip(box=(50, 75, right, 155))) == expected


@pytest.mark.parametrize("width", [12, 16, 20, 24, 30, 40])
def test_a_bar_is_a_1_and_no_strip(width: int) -> None:
    levels = np.zeros((280, 280), np.float32)
    levels[60:220, 130 : 130 + width] = 255
    assert not is_marked(levels)


def test_a_three_cornered_patch_is_no_strip() -> None:
    levels = Image.new("L", (300, 200), 15)
    ImageDraw.Draw(levels).polygon([(50, 160), (150, 40), (260, 160)], fill=105)
    patch = np.asarray(levels, np.float32)
    assert not is_marked(np.where(page() > 120, 225, patch).astype(np.float32))


def spotted(levels: float, pen: int = 6, size: tuple[int, int] = (300, 200)) -> Grey:
    """The page, its paper darker by so many levels in two soft spots."""
    width, height = size
    y, x = np.mgrid[:height, :width].astype(np.float32)
    spots = sum(np.exp(-(((x - a) / 40) ** 2 + ((y - b) / 40) ** 2)) for a, b in ((105, 40), (200, 180)))
    return np.clip(page(pen=pen) + levels * spots, 0, 255).astype(np.float32)


def is_spotted(bright: Grey) -> bool:
    above = bright - paper_under(bright)
    return has_spots(above, without_strokes(above))


def test_light_that_falls_in_spots_leaves_ink_alone() -> None:
    levels = spotted(60)
    assert is_spotted(levels)
    above = in_even_light(levels, is_dark_ink=True)
    assert (above > 60).sum() == pytest.approx((page() > 120).sum(), rel=0.05)
    assert above[30:60, 90:120].max() < 30


@pytest.mark.parametrize("pen", [2, 6, 12])
def test_a_page_in_even_light_has_no_spots(pen: int) -> None:
    assert not is_spotted(page(pen=pen))


def test_where_strokes_meet_is_no_spot() -> None:
    """There the opening leaves something pale, as a spot is, of ink that is strong."""
    picture = Image.new("L", (300, 200))
    for x, y in ((100, 20), (150, 20)):
        ImageDraw.Draw(picture).line((x, y, 250 - x, 180), 255, 11)
    above = np.asarray(picture.filter(ImageFilter.GaussianBlur(1)), np.float32)
    wide = without_strokes(above)
    assert SPOT_LEVELS <= wide.max() <= MOST_SPOT * 255
    assert not has_spots(above, wide)


@pytest.mark.parametrize("share", [0.9, 1.1])
def test_spots_are_much_paler_than_ink(share: float) -> None:
    """A broad bar beside strokes that rise by 210."""
    levels = page()
    levels[20:60, 100:200] = 15 + 210 * MOST_SPOT * share
    assert is_spotted(levels) == (share < 1)
