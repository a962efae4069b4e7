"""What is prepared of a source at which size, and where its ink lies in it."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from model.preprocess import pipeline
from model.preprocess.components import Box, Component
from model.preprocess.picture import Pixels
from model.preprocess.pipeline import STEPS, Prepared, prepare, preprocess
from model.preprocess.strokes import Drawing, Stroke


def pieces(*heights: int) -> list[Component]:
    """Pieces of these heights, wherever they are."""
    return [Component((3, 7, 5, 7 + height), 1, np.zeros((0, 3), np.int64)) for height in heights]


def finer(*heights: int, side: int = 640) -> int | None:
    """The longest side at which a picture with pieces of these heights is prepared again."""
    return pipeline._finer_side(pieces(*heights), side)


def page(*boxes: Box, shape: tuple[int, int] = (60, 80)) -> Pixels:
    ink = np.zeros(shape, np.uint8)
    for x0, y0, x1, y1 in boxes:
        ink[y0:y1, x0:x1] = 255
    return ink


@pytest.mark.parametrize(("height", "side"), [(23, 1113), (24, None), (25, None), (20, 1280)])
def test_writing_under_24_pixels_is_prepared_at_40(height: int, side: int | None) -> None:
    assert finer(height) == side


@pytest.mark.parametrize(("height", "side"), [(11, 2327), (10, 2560), (9, 2560), (5, 2560)])
def test_a_picture_is_prepared_at_2560_pixels_at_most(height: int, side: int) -> None:
    assert finer(height) == side


def test_the_median_piece_tells_how_high_writing_is() -> None:
    assert finer(10, 20, 60) == 1280
    assert finer(10, 30, 60) is None
    assert finer(16, 24) == 1280


@pytest.mark.parametrize(("height", "side"), [(4, None), (5, 2560)])
def test_pieces_under_five_pixels_are_dust(height: int, side: int | None) -> None:
    assert finer(height, height, height, 30) == side


def test_without_pieces_nothing_is_prepared_again() -> None:
    assert finer() is None
    assert finer(4, 4) is None


def test_a_thousand_pieces_are_measured() -> None:
    assert finer(*[30] * 500, *[10] * 600) == 1280


def test_small_writing_on_a_large_sheet_is_prepared_again() -> None:
    sheet = page(*((x, 400, x + 3, 424) for x in range(100, 1200, 100)), shape=(960, 1280))
    prepared = preprocess(255 - sheet)
    assert prepared.ink is not None
    assert prepared.ink.shape == (960, 1280)
    assert (prepared.size, prepared.scale) == ((1280, 960), (1.0, 1.0))
    assert preprocess(255 - sheet[:640:2, ::2]).ink.shape == (320, 640)  # type: ignore[union-attr]


def test_large_writing_on_a_large_sheet_is_prepared_at_the_working_side() -> None:
    prepared = preprocess(255 - page((300, 200, 340, 700), shape=(960, 1280)))
    assert prepared.ink is not None
    assert prepared.ink.shape == (480, 640)
    assert prepared.scale == (2.0, 2.0)
    assert prepared.box == (300, 200, 340, 700)


@pytest.mark.parametrize(("clearly", "is_both"), [(1.1, False), (1.09, True), (0.0, True)])
def test_both_polarities_are_prepared_where_neither_is_clear(
    clearly: float, is_both: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    grey = page((30, 20, 40, 50)).astype(np.float32)
    for sign in (1, -1):
        monkeypatch.setattr("model.preprocess.pipeline.polarity", lambda _, told=sign * clearly: told)
        prepared = prepare(grey)
        assert (prepared.reversed is not None) == is_both
        bright = prepared.before[1] if sign * clearly >= 0 else 255 - prepared.before[1]
        assert np.array_equal(bright, grey.astype(np.uint8))
        if prepared.reversed is not None:
            assert np.array_equal(prepared.reversed.before[1], 255 - prepared.before[1])
            assert np.array_equal(prepared.reversed.before[0], prepared.before[0])


def test_what_is_reversed_has_the_source_s_size_and_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.preprocess.pipeline.polarity", lambda _: 0.5)
    other = preprocess(page((300, 200, 340, 700), shape=(960, 1280))).reversed
    assert other is not None
    assert (other.size, other.scale) == ((1280, 960), (2.0, 2.0))


def test_each_axis_has_its_own_scale() -> None:
    placed = pipeline._placed(Prepared(()), (300, 90), (30, 60))
    assert (placed.size, placed.scale, placed.reversed) == ((300, 90), (5.0, 3.0), None)
    assert placed.to_source((1, 2, 3, 4)) == (5, 6, 15, 12)


def test_a_box_in_the_source_is_rounded() -> None:
    assert Prepared((), scale=(0.5, 1.6)).to_source((1, 1, 3, 3)) == (0, 2, 2, 5)


def test_what_was_prepared_of_nothing_has_neither_pieces_nor_image() -> None:
    nothing = Prepared((page(), page(), page()))
    assert (nothing.pieces, nothing.image, nothing.box, len(nothing.steps)) == ([], None, None, 3)
    assert (nothing.size, nothing.scale, nothing.drawing, nothing.reversed) == ((0, 0), (1.0, 1.0), None, None)


def test_the_steps_are_the_picture_its_polarity_its_paper_its_ink_its_digit_and_28_by_28() -> None:
    grey = 255 - page((30, 20, 36, 40))
    grey[10, 70] = 0
    prepared = preprocess(grey)
    pictures = {step.name: step.picture for step in prepared.steps}
    assert tuple(pictures) == STEPS == ("grey", "polarity", "background", "ink", "box", "28x28")
    assert np.array_equal(pictures["grey"], grey)
    assert pictures["polarity"][25, 32] == 255
    assert not pictures["background"].any()
    assert pictures["ink"] is prepared.ink
    assert pictures["box"].shape == (20, 6)
    assert pictures["28x28"] is prepared.image
    assert prepared.box == (30, 20, 36, 40)


def test_a_drawing_s_ink_is_all_that_was_drawn() -> None:
    drawing = Drawing((560, 280), (Stroke(40, ((100, 100), (100, 200))),))
    prepared = preprocess(drawing)
    assert prepared.drawing is drawing
    assert prepared.ink is not None
    assert prepared.ink.shape == (140, 280)
    assert (prepared.size, prepared.scale, prepared.reversed) == ((560, 280), (2.0, 2.0), None)
    grey, polarity, background = prepared.before
    assert np.array_equal(grey, prepared.ink)
    assert np.array_equal(polarity, prepared.ink)
    assert (background.shape, background.any()) == ((140, 280), False)


def test_an_empty_drawing_has_no_ink_and_its_size() -> None:
    for source in (None, Drawing((300, 200), ()), {"size": [300, 200], "strokes": []}):
        prepared = preprocess(source)
        assert prepared.ink is None
        assert prepared.drawing is not None
        assert prepared.size == ((280, 280) if source is None else (300, 200))


def test_paper_of_two_levels_is_flat_however_the_ink_fills_it() -> None:
    two = page((0, 0, 10, 16), shape=(16, 16))
    prepared = pipeline._prepare(two.astype(np.float32), two.astype(np.float32), is_dark_ink=False)
    assert not prepared.before[2].any()
    assert np.array_equal(prepared.ink if prepared.ink is not None else [], two)


def test_ruled_lines_are_no_ink() -> None:
    ink = page((60, 20, 68, 100), shape=(120, 160))
    for row in (30, 60, 90):
        ink[row : row + 2] = np.maximum(ink[row : row + 2], 150)
    prepared = preprocess(Image.fromarray(255 - ink))
    assert prepared.ink is not None
    assert not prepared.ink[:, :50].any()
