"""How many seams there are, where they go, and what is left of the ink between them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.preprocess.picture import Pixels
from model.reading.atoms import Atom
from model.reading.cuts import find_seams, slices


def full(height: int, width: int) -> Pixels:
    return np.full((height, width), 255, np.uint8)


def walls(height: int = 5) -> Pixels:
    """Two blocks with a white column, number 4, between them."""
    ink = full(height, 9)
    ink[:, 4] = 0
    return ink


def narrow(*columns: int, at: tuple[int, int] = (0, 0)) -> Atom:
    """An atom too narrow to be cut, 5 high, of columns of these levels."""
    ink = np.tile(np.array(columns, np.uint8), (5, 1))
    return Atom((at[0], at[1], at[0] + len(columns), at[1] + 5), ink)


def cheapest(ink: Pixels) -> list[int]:
    """The seam through the white column."""
    (seam,) = [seam for seam in find_seams(ink) if seam[len(ink) // 2] == 4]
    return seam.tolist()


@pytest.mark.parametrize(("width", "is_cut"), [(3, False), (4, True)])
def test_what_is_cut_is_two_pixels_wide_and_more(width: int, is_cut: bool) -> None:
    assert bool(find_seams(full(10, width))) == is_cut


@pytest.mark.parametrize(
    ("width", "count"), [(12, 10), (20, 10), (22, 10), (23, 11), (40, 18), (94, 39), (95, 40), (400, 40)]
)
def test_a_wide_piece_has_more_seams(width: int, count: int) -> None:
    assert len(find_seams(full(20, width))) == count


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(("pixels", "is_cut"), [(199, False), (200, True)])
def test_ink_is_cut_off_that_is_two_hundredths_of_the_height_squared(pixels: int, is_cut: bool, mirrored: bool) -> None:
    ink = np.zeros((100, 36), np.uint8)
    ink[:, :2], ink[:, 5:] = 255, 255
    ink[99, 0] = 255 if pixels == 200 else 0
    seams = find_seams(np.ascontiguousarray(ink[:, ::-1]) if mirrored else ink)
    gap = (31, 34) if mirrored else (2, 5)
    assert any(gap[0] <= seam.min() and seam.max() <= gap[1] for seam in seams) == is_cut


def test_two_hundredths_lie_between_any_two_seams() -> None:
    ink = full(100, 40)
    left = [float((ink[:, : seam[0]] / 255).sum()) for seam in find_seams(ink)]
    assert np.diff([0.0, *left, 4000.0]).min() == 200


@pytest.mark.parametrize(("level", "column"), [(39, 4), (41, 5)])
def test_a_seam_goes_round_ink_that_is_darker_than_a_step_is_dear(level: int, column: int) -> None:
    ink = walls()
    ink[0, 4], ink[0, 5] = level, 0
    assert cheapest(ink) == [column, 4, 4, 4, 4]
    assert cheapest(np.ascontiguousarray(ink[::-1])) == [4, 4, 4, 4, column]


@pytest.mark.parametrize(("level", "column"), [(39, 4), (41, 3)])
def test_a_seam_goes_to_the_left_as_to_the_right(level: int, column: int) -> None:
    ink = walls(4)
    ink[0, 4], ink[0, 3] = level, 0
    assert cheapest(ink) == [column, 4, 4, 4]
    assert cheapest(np.ascontiguousarray(ink[::-1])) == [4, 4, 4, column]


def test_a_seam_bends_a_column_in_each_row() -> None:
    ink = full(5, 9)
    for row in range(5):
        ink[row, 2 + row] = 0
    assert cheapest(ink) == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(("columns", "count"), [(499, 2), (500, 1)])
def test_seams_are_tried_in_five_hundred_places_where_there_is_least_ink(columns: int, count: int) -> None:
    ink = np.zeros((4, columns + 12), np.uint8)
    ink[:, :6], ink[:, -6:] = 255, 255
    ink[:, -3] = 20
    assert len(find_seams(ink)) == count


def test_seams_come_from_left_to_right_and_do_not_cross() -> None:
    ink = np.random.default_rng(3).integers(0, 256, (30, 90)).astype(np.uint8)
    seams = np.array(find_seams(ink))
    assert len(seams) == 26
    assert (np.diff(seams, axis=0) >= 0).all()


@pytest.mark.parametrize(("level", "right"), [(63, 12), (64, 13)])
def test_a_slice_is_drawn_in_to_what_is_not_faint(level: int, right: int) -> None:
    (part,) = slices(narrow(255, 255, level, at=(10, 20)))
    assert part.box == (10, 20, right, 25)
    assert part.ink.shape == (5, right - 10)


def test_a_slice_is_drawn_in_on_every_side() -> None:
    atom = narrow(0, 255, 0, at=(10, 20))
    atom.ink[0], atom.ink[4] = 0, 0
    atom.ink[2] = 255
    atom.ink[2, 0] = 30
    (part,) = slices(atom)
    assert part.box == (11, 21, 13, 24)
    assert part.ink.tolist() == [[255, 0], [255, 255], [255, 0]]


@pytest.mark.parametrize(("pixels", "count"), [(3, 0), (4, 1)])
def test_a_slice_of_less_than_four_pixels_is_dust(pixels: int, count: int) -> None:
    atom = narrow(255, 0, 0)
    atom.ink[pixels:] = 0
    assert len(slices(atom)) == count


def test_each_slice_has_the_ink_from_one_seam_to_the_next() -> None:
    ink: NDArray[np.uint8] = full(5, 9)
    ink[:, 4] = 0
    parts = slices(Atom((100, 50, 109, 55), ink))
    left, right = find_seams(ink)[0], find_seams(ink)[-1]
    assert parts[0].box == (100, 50, 100 + int(left[0]), 55)
    assert parts[-1].box == (100 + int(right[0]), 50, 109, 55)
    assert [part.is_slice for part in parts] == [False, *[True] * (len(parts) - 1)]
    assert sum(part.ink.size for part in parts) == 5 * 8


def test_the_first_slice_that_is_no_dust_is_not_marked_as_cut_off() -> None:
    ink = np.zeros((10, 12), np.uint8)
    ink[:, 6:], ink[4:7, 0] = 255, 255  # three pixels on the left
    parts = slices(Atom((0, 0, 12, 10), ink))
    assert [part.is_slice for part in parts] == [False, *[True] * (len(parts) - 1)]
    assert parts[0].box[0] == 6
