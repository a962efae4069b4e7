"""Dithered pictures are grey again, and drawings of two levels stay as they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from model import Recognizer
from model.preprocess.dither import undithered
from model.preprocess.picture import Grey


def page(paper: int = 180, side: int = 160) -> Image.Image:
    """A 7 on grey paper."""
    picture = Image.new("L", (side, side), paper)
    scale = side / 160
    corners = [(50 * scale, 40 * scale), (110 * scale, 40 * scale), (70 * scale, 125 * scale)]
    ImageDraw.Draw(picture).line(corners, fill=30, width=max(1, round(9 * scale)), joint="curve")
    return picture


def levels(picture: Image.Image) -> Grey:
    return np.asarray(picture.convert("L"), dtype=np.float32)


@pytest.mark.parametrize("paper", [100, 130, 180, 230])
def test_dots_are_about_as_grey_as_what_was_dithered(paper: int) -> None:
    dithered = levels(page(paper).convert("1"))
    assert set(np.unique(dithered)) == {0, 255}
    grey = undithered(dithered)
    assert (grey.shape, grey.dtype) == (dithered.shape, np.float32)
    away = np.abs(grey - levels(page(paper)))
    assert np.median(away) < 20


def test_a_7_on_dithered_paper_is_read() -> None:
    for paper in (130, 180, 230):
        reading = Recognizer.load().read(page(paper).convert("1"))
        assert "".join(digit.label for digit in reading.digits) == "7"


@pytest.mark.parametrize(("side", "changes"), [(64, True), (63, False)])
def test_strokes_in_small_pictures_are_as_fine_as_dots(side: int, changes: bool) -> None:
    dithered = levels(page(150, side).convert("1"))
    assert (undithered(dithered) is not dithered) == changes


@pytest.mark.parametrize(
    "picture",
    [
        page(),  # many levels
        page(255).convert("1"),  # paper without dots
        page(255).point(lambda level: 255 if level > 99 else 0),
        Image.new("L", (160, 160), 40),
    ],
)
def test_what_is_not_dithered_stays_as_it_is(picture: Image.Image) -> None:
    given = levels(picture)
    assert undithered(given) is given


def test_dots_in_one_place_are_a_drawing() -> None:
    given = levels(page(255).convert("1")).copy()
    given[100:150:2, 20:70:2] = 0
    assert undithered(given) is given


@given(st.integers(1, 36), st.integers(0, 9))
def test_slanted_lines_of_a_pixel_are_a_drawing(count: int, seed: int) -> None:
    """A whole page of pencil lines, each pixel of which differs from all four beside it."""
    rng = np.random.default_rng(seed)
    ink = np.full((160, 160), 255, np.float32)
    for x, y in rng.integers(0, 120, (count, 2)):
        along = np.arange(40)
        ink[y + along, x + along] = 0
    assert undithered(ink) is ink
