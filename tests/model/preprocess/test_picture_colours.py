"""How far colours lie from the line through paper and ink, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from model.preprocess.picture import off_axis


def colours(*columns: tuple[int, int, int]) -> Image.Image:
    """A picture 10 pixels high with one column of each colour."""
    return Image.fromarray(np.tile(np.array(columns, np.uint8)[None], (10, 1, 1)))


def test_colours_on_one_line_have_no_distance_from_it() -> None:
    assert off_axis(colours((255, 255, 255), (255, 255, 255), (55, 155, 205))) == pytest.approx(0.0, abs=1e-6)


def test_the_distance_is_the_root_of_the_mean_square() -> None:
    # Black is the median; the axis is green's, and red lies 30, blue 40 away from it: √((30² + 40²) / 7) / 255.
    seen = colours(*[(0, 0, 0)] * 4, (0, 250, 0), (30, 0, 0), (0, 0, 40))
    assert off_axis(seen) == pytest.approx(np.sqrt((900 + 1600) / 7) / 255, rel=1e-4)


@pytest.mark.parametrize("mode", ["L", "1", "F", "I", "I;16"])
def test_grey_levels_have_no_colour(mode: str) -> None:
    assert off_axis(Image.new(mode, (9, 9))) == 0.0


def test_what_is_transparent_has_the_backdrop_s_colour() -> None:
    seen = np.zeros((10, 10, 4), np.uint8)
    seen[:, :3] = (0, 0, 0, 255)
    seen[:, 3:] = (250, 0, 0, 0)  # a red that isn't seen: white is laid under black ink
    assert off_axis(Image.fromarray(seen)) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(("side", "is_even"), [(160, False), (161, True)])
def test_colours_are_compared_on_160_pixels_a_side(side: int, is_even: bool) -> None:
    # Averaged over 2 × 2 pixels, red and green stripes on black are all of one colour.
    seen = np.zeros((side + side % 2, side + side % 2, 3), np.uint8)
    seen[:, 0:20:2], seen[:, 1:20:2] = (200, 0, 0), (0, 200, 0)
    assert (off_axis(Image.fromarray(seen)) < 1e-5) == is_even
