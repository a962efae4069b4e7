"""What preprocessing passes on from one step to the next, on small pages drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from model.preprocess import pipeline
from model.preprocess.components import Box
from model.preprocess.picture import off_axis
from model.preprocess.pipeline import Prepared, Step, preprocess
from model.preprocess.strokes import Drawing, Stroke
from tests.helpers.pictures import saved


def sheet(*boxes: Box, size: tuple[int, int] = (80, 60)) -> Image.Image:
    """White paper with black boxes."""
    picture = Image.new("RGB", size, "white")
    for box in boxes:
        picture.paste("black", box)
    return picture


def test_colours_apart_from_paper_and_ink_are_told() -> None:
    assert preprocess(sheet((30, 20, 36, 40))).colour == pytest.approx(0, abs=1e-6)
    coloured = sheet((30, 20, 36, 40))
    coloured.paste((255, 0, 0), (60, 10, 64, 50))
    assert preprocess(coloured).colour == off_axis(coloured) > 0.02


def test_a_drawing_has_no_colour() -> None:
    assert preprocess(Drawing((50, 50), (Stroke(5, ((10, 10),)),))).colour == 0


def test_what_is_reversed_has_the_source_s_size_scale_and_colour() -> None:
    placed = pipeline._placed(Prepared((), reversed=Prepared(())), (300, 90), (30, 60), 0.25)
    assert (placed.size, placed.scale, placed.colour) == ((300, 90), (5.0, 3.0), 0.25)
    assert placed.reversed == Prepared((), size=(300, 90), scale=(5.0, 3.0), colour=0.25)


def test_a_jpeg_of_small_writing_is_decoded_again_at_the_finer_size() -> None:
    page = sheet(*((x, 100, x + 3, 124) for x in range(100, 1200, 100)), size=(1280, 1280))
    prepared = preprocess(saved(page, "JPEG"))
    assert prepared.ink is not None
    assert prepared.ink.shape == (1280, 1280)
    assert prepared.size == (1280, 1280)


def test_a_jpeg_of_large_writing_is_decoded_at_the_working_side() -> None:
    prepared = preprocess(saved(sheet((300, 200, 340, 700), size=(1280, 960)), "JPEG"))
    assert prepared.ink is not None
    assert (prepared.ink.shape, prepared.size, prepared.scale) == ((480, 640), (1280, 960), (2.0, 2.0))


@pytest.mark.parametrize("inverted", [False, True])
def test_ink_is_what_rises_from_the_paper_whichever_is_brighter(inverted: bool) -> None:
    grey = np.full((60, 80), 40, np.float32)
    grey[20:40, 30:36] = 200
    prepared = pipeline.prepare(255 - grey if inverted else grey)
    ink = np.zeros((60, 80), np.uint8)
    ink[20:40, 30:36] = 255
    assert np.array_equal(prepared.ink if prepared.ink is not None else [], ink)
    assert np.array_equal(prepared.before[0], 255 - grey if inverted else grey)
    assert np.array_equal(prepared.before[1], grey)
    assert np.unique(prepared.before[2]).tolist() == [40]


def test_a_bar_at_the_edge_and_stray_pixels_are_neither_polarity_nor_ink_but_are_seen_in_grey() -> None:
    grey = np.full((100, 200), 255, np.float32)
    grey[40:60, 90:96] = 0
    grey[:, :30] = 0
    prepared = pipeline.prepare(grey)
    assert np.array_equal(prepared.before[0], grey)
    assert prepared.ink is not None
    assert not prepared.ink[:, :80].any()
    assert prepared.ink[50, 92] == 255
    noisy = np.full((60, 60), 255, np.float32)
    noisy[20:40, 28:34] = 0
    noisy[2::4, 2:20:4] = 0
    cleaned = pipeline.prepare(noisy)
    assert cleaned.ink is not None
    assert not cleaned.ink[:, :20].any()
    assert cleaned.ink[30, 30] == 255


def test_without_ink_there_are_three_steps_with_a_drawing_too() -> None:
    empty = np.zeros((4, 5), np.uint8)
    prepared = Prepared((empty, empty + 1, empty + 2))
    assert prepared.first_steps == prepared.steps
    assert [(step.name, int(step.picture[0, 0])) for step in prepared.steps] == [
        ("grey", 0),
        ("polarity", 1),
        ("background", 2),
    ]


def test_specks_alone_are_ink_but_no_digit() -> None:
    ink = np.zeros((40, 40), np.uint8)
    ink[5, 5] = 60  # too pale to be a piece
    prepared = Prepared((ink, ink, ink), ink)
    assert (prepared.pieces, prepared.image, prepared.box) == ([], None, None)
    assert [step.name for step in prepared.first_steps] == ["grey", "polarity", "background", "ink"]
    assert [step.name for step in prepared.steps] == ["grey", "polarity", "background"]


def test_a_digit_s_last_two_steps_are_its_box_and_its_28_by_28() -> None:
    ink = np.zeros((40, 40), np.uint8)
    ink[10:30, 12:20] = 255
    ink[0, 39] = 255  # a speck, which isn't in the box
    prepared = Prepared((ink, ink, ink), ink)
    box, image = prepared.steps[4:]
    assert prepared.box == (12, 10, 20, 30)
    assert (box.name, box.picture.shape, image.name) == ("box", (20, 8), "28x28")
    assert np.unique(box.picture).tolist() == [255]
    assert image.picture is prepared.image
    assert isinstance(image, Step)
