from __future__ import annotations

import numpy as np
import pytest

from model.preprocess.picture import Pixels
from model.reading.digit_map import load_tested
from model.reading.variations import AXES, CENTRE, STEPS, vary

DIGIT = load_tested().images[0]
on_every_axis = pytest.mark.parametrize("name", AXES)


def centre(image: Pixels) -> tuple[float, float]:
    """The centre of mass, across and down."""
    ink = image.astype(float)
    rows, columns = np.mgrid[:28, :28]
    return float((ink * columns).sum() / ink.sum()), float((ink * rows).sum() / ink.sum())


@on_every_axis
def test_an_axis_has_the_digit_itself_where_it_changes_nothing(name: str) -> None:
    images = vary(DIGIT, name)
    assert (images.shape, images.dtype) == ((STEPS, 28, 28), np.uint8)
    assert np.array_equal(images[AXES[name].rest], DIGIT)
    assert AXES[name].amounts[AXES[name].rest] == AXES[name].none


@on_every_axis
def test_the_ends_of_an_axis_are_changed(name: str) -> None:
    images = vary(DIGIT, name)
    ends = [step for step in (0, STEPS - 1) if step != AXES[name].rest]
    assert all(np.abs(images[step].astype(int) - DIGIT).mean() > 5 for step in ends)


@on_every_axis
def test_amounts_ascend(name: str) -> None:
    assert (np.diff(AXES[name].amounts) > 0).all()


def test_a_shift_moves_the_ink_by_its_pixels() -> None:
    images = vary(DIGIT, "shift")
    step = int(np.flatnonzero(AXES["shift"].amounts == 3)[0])
    assert np.array_equal(images[step][:, 3:], DIGIT[:, :-3])
    assert not images[step][:, :3].any()


def test_a_quarter_turn_clockwise_is_a_quarter_turn_about_the_centre() -> None:
    turned = vary(DIGIT, "rotate")[-1]
    expected = np.zeros_like(DIGIT)
    rows, columns = np.nonzero(DIGIT)
    across, down = 2 * CENTRE - rows, columns
    expected[down.astype(int), across.astype(int)] = DIGIT[rows, columns]
    assert np.abs(turned.astype(int) - expected).max() <= 1


def test_a_slant_pushes_the_top_to_the_right() -> None:
    slanted = vary(DIGIT, "slant")[-6]
    upper, lower = slanted.copy(), slanted.copy()
    upper[14:], lower[:14] = 0, 0
    straight_upper, straight_lower = DIGIT.copy(), DIGIT.copy()
    straight_upper[14:], straight_lower[:14] = 0, 0
    assert centre(upper)[0] > centre(straight_upper)[0] + 1
    assert centre(lower)[0] < centre(straight_lower)[0]


def test_thickening_adds_ink_at_each_step() -> None:
    ink = vary(DIGIT, "thicken").astype(int).sum(axis=(1, 2))
    assert (np.diff(ink) > 0).all()


def test_half_the_size_is_a_quarter_of_the_ink() -> None:
    axis = AXES["size"]
    step = int(np.abs(axis.amounts - 0.5).argmin())
    ink = vary(DIGIT, "size").astype(int).sum(axis=(1, 2))
    assert ink[step] / ink[axis.rest] == pytest.approx(axis.amounts[step] ** 2, rel=0.1)


def test_noise_is_the_same_each_time_and_grows() -> None:
    images = vary(DIGIT, "noise").astype(int)
    assert np.array_equal(images, vary(DIGIT, "noise"))
    assert np.abs(images[5] - DIGIT).mean() < np.abs(images[-1] - DIGIT).mean()


def test_nothing_comes_in_from_the_edges_of_a_full_picture() -> None:
    full = np.full((28, 28), 255, np.uint8)
    assert vary(full, "size")[0][0, 0] == 0


def test_an_axis_that_isn_t_there_is_refused() -> None:
    with pytest.raises(KeyError):
        vary(DIGIT, "mirror")
