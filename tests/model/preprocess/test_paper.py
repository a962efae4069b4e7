from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from model.preprocess.paper import bright_on_dark, paper_under
from model.preprocess.picture import Grey, Pixels

levels = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=30), elements=st.integers(0, 255))


def page(side: int = 200) -> Pixels:
    """A page with a bold upright stroke of 20 × 100 pixels in the middle."""
    ink = np.zeros((side, side), dtype=np.uint8)
    ink[side // 2 - 50 : side // 2 + 50, side // 2 - 10 : side // 2 + 10] = 255
    return ink


@pytest.fixture
def noise() -> Grey:
    return np.random.default_rng(1).normal(0, 8, (200, 200)).astype(np.float32)


@pytest.mark.parametrize(("low", "high"), [(0, 255), (100, 130), (0, 60), (200, 255)])
def test_bright_ink_on_dark_stays_and_dark_ink_on_bright_is_inverted(low: int, high: int) -> None:
    bright = (low + page() / 255 * (high - low)).astype(np.float32)
    assert bright_on_dark(bright) is bright
    assert np.array_equal(bright_on_dark(255 - bright), bright)


def test_polarity_holds_under_noise(noise: Grey) -> None:
    bright = 60 + page().astype(np.float32) / 3 + noise
    assert np.array_equal(bright_on_dark(bright), bright)
    assert np.array_equal(bright_on_dark(255 - bright), 255 - (255 - bright))


def test_a_bold_digit_that_fills_its_picture_is_told_by_the_edge() -> None:
    ring = np.full((100, 100), 255, dtype=np.float32)
    ring[:4], ring[-4:], ring[:, :4], ring[:, -4:], ring[35:65, 35:65] = 0, 0, 0, 0, 0
    assert np.array_equal(bright_on_dark(ring), ring)
    assert np.array_equal(bright_on_dark(255 - ring), ring)


@settings(deadline=None, max_examples=100)
@given(levels)
def test_polarity_changes_nothing_but_the_sign(grey: Grey) -> None:
    bright = bright_on_dark(grey)
    assert np.array_equal(bright, grey) or np.array_equal(bright, 255 - grey)


@pytest.mark.parametrize("level", [0, 77, 180])
def test_paper_under_ink_on_an_even_page_is_even(level: int) -> None:
    paper = paper_under(np.maximum(page(), level).astype(np.float32))
    assert np.unique(paper).tolist() == [level]


def test_paper_follows_the_light_and_not_the_ink() -> None:
    light = np.linspace(20, 120, 200, dtype=np.float32)[None, :].repeat(200, axis=0)
    paper = paper_under(np.maximum(light, page()))
    assert np.abs(paper - light).max() < 30  # of a range of 100, and of ink of 255


@settings(deadline=None, max_examples=100)
@example(np.array([[0, 1, 3, 3, 0], [3, 0, 3, 3, 3]], np.float32))  # a slope that went on below the darkest level
@given(levels)
def test_paper_is_as_large_as_the_picture_and_within_its_levels(bright: Grey) -> None:
    paper = paper_under(bright)
    assert paper.shape == bright.shape
    assert bright.min() - 0.01 <= paper.min() <= paper.max() <= bright.max() + 0.01
