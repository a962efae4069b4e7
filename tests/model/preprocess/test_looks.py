from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from model.preprocess.looks import LOOKS, looks
from model.preprocess.picture import off_axis
from model.preprocess.pipeline import Prepared, preprocess
from tests.helpers.inks import page


def look(name: str, prepared: Prepared) -> float:
    return float(looks(prepared)[LOOKS.index(name)])


def strokes(width: int = 6, size: tuple[int, int] = (120, 160)) -> Prepared:
    return preprocess(255 - page((40, 30, 40 + width, 90), (70, 30, 70 + width, 90), size=size))


def test_every_look_has_a_name_and_is_finite() -> None:
    values = looks(strokes())
    assert values.shape == (len(LOOKS),)
    assert np.isfinite(values).all()


def test_a_picture_without_ink_has_no_looks() -> None:
    with pytest.raises(ValueError, match="without ink"):
        looks(preprocess(np.full((40, 40), 255, np.uint8)))


def test_even_strokes_have_one_width_and_a_blot_another() -> None:
    name = "log narrow over usual stroke width"
    assert look(name, strokes()) == pytest.approx(0.0, abs=0.01)
    assert look(name, preprocess(255 - page((40, 30, 46, 90), (70, 30, 94, 54), size=(120, 160)))) < -1


def test_ink_and_paper_part_the_levels_and_soft_shades_do_not() -> None:
    name = "share of ink and paper in the spread of levels"
    y, x = np.mgrid[:120, :160]
    shades = 240 - 200 * np.exp(-((x - 80) ** 2 + (y - 60) ** 2) / 300)
    assert look(name, strokes()) > 0.95
    assert look(name, preprocess(shades.astype(np.uint8))) < 0.9


def test_ink_at_the_edge_is_told() -> None:
    name = "share of the ink that touches the picture's edge"
    assert look(name, strokes()) == 0.0
    assert look(name, preprocess(255 - page((40, 0, 46, 90), (70, 30, 76, 90), size=(120, 160)))) > 0.5


def test_a_pen_of_any_colour_lies_on_the_axis_and_three_colours_do_not() -> None:
    levels = np.full((40, 60, 3), 255, np.uint8)
    levels[10:30, 10:14] = (200, 30, 30)
    assert off_axis(Image.fromarray(levels)) == pytest.approx(0.0, abs=1e-4)
    levels[10:30, 30:50] = (20, 160, 20)
    assert off_axis(Image.fromarray(levels)) > 0.05
    assert off_axis(Image.fromarray(levels).convert("L")) == 0.0
