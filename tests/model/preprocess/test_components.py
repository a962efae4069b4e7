from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.lib.stride_tricks import sliding_window_view

from model.preprocess.components import Box, around, find_components, gap, grown, mask_of
from model.preprocess.picture import Mask

masks = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.booleans())


def mask(text: str) -> Mask:
    return np.array([[character == "#" for character in row] for row in text.split()])


def flood(mask: Mask) -> set[frozenset[tuple[int, int]]]:
    """The pixels of every component, by trying all eight neighbours of every pixel."""
    left = {(int(y), int(x)) for y, x in np.argwhere(mask)}
    components = set()
    while left:
        reached, front = set(), {min(left)}
        while front:
            reached |= front
            front = {(y + dy, x + dx) for y, x in front for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & (left - reached)
        components.add(frozenset(reached))
        left -= reached
    return components


@settings(max_examples=200)
@given(masks)
def test_components_are_those_that_a_flood_fill_finds(mask: Mask) -> None:
    found = find_components(mask)
    pixels = [frozenset((y, x) for y, first, end in piece.runs.tolist() for x in range(first, end)) for piece in found]
    assert len(found) == len(flood(mask))
    assert set(pixels) == flood(mask)


@settings(max_examples=100)
@given(masks)
def test_boxes_and_areas_are_those_of_the_pixels(mask: Mask) -> None:
    for piece in find_components(mask):
        rows, columns = np.nonzero(mask_of([piece], mask.shape))
        assert piece.box == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        assert piece.area == len(rows)


@settings(max_examples=100)
@given(masks)
def test_all_components_together_are_the_mask(mask: Mask) -> None:
    assert np.array_equal(mask_of(find_components(mask), mask.shape), mask)


def test_the_largest_comes_first() -> None:
    pieces = find_components(mask("#..## ...## #.... #...."))
    assert [piece.area for piece in pieces] == [4, 2, 1]
    assert [piece.box for piece in pieces] == [(3, 0, 5, 2), (0, 2, 1, 4), (0, 0, 1, 1)]


@pytest.mark.parametrize("text", ["#. .#", ".# #.", "#.# .#.", "#.# ###", "### #.# #.#", "#... .##. ...#"])
def test_corners_connect(text: str) -> None:
    assert len(find_components(mask(text))) == 1


@pytest.mark.parametrize("text", ["#.#", "# . #", "#..# #..#", "##... ...##"])
def test_a_gap_of_one_pixel_separates(text: str) -> None:
    assert len(find_components(mask(text))) == 2


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (5, 0), (1, 1), (3, 4)])
def test_an_empty_mask_has_no_components(shape: tuple[int, int]) -> None:
    assert find_components(np.zeros(shape, dtype=np.bool_)) == []
    assert not mask_of([], shape).any()


@settings(max_examples=200)
@given(masks)
def test_grown_is_a_maximum_over_a_sliding_window(mask: Mask) -> None:
    assert np.array_equal(grown(mask), sliding_window_view(np.pad(mask, 1), (3, 3)).any(axis=(2, 3)))
    upright = sliding_window_view(np.pad(mask, ((1, 1), (0, 0))), 3, axis=0).any(axis=2)
    assert np.array_equal(grown(mask, axes=(0,)), upright)


def test_growing_leaves_the_mask_itself() -> None:
    point = mask("... .#. ...")
    grown(point)
    assert np.array_equal(point, mask("... .#. ..."))


@pytest.mark.parametrize(
    ("other", "pixels"),
    [
        ((40, 20, 50, 30), 20),
        ((0, 20, 5, 30), 5),
        ((10, 43, 20, 50), 13),
        ((10, 0, 20, 3), 7),
        ((25, 45, 30, 50), 15),  # along y there are more
        ((28, 31, 30, 50), 8),  # along x
        ((20, 10, 30, 30), 0),  # side by side
        ((15, 15, 17, 17), 0),
        ((0, 0, 100, 100), 0),
    ],
)
def test_a_gap_is_what_lies_between_two_boxes(other: Box, pixels: int) -> None:
    box = (10, 10, 20, 30)
    assert gap(box, other) == gap(other, box) == pixels


def test_a_box_around_boxes_holds_them_all() -> None:
    assert around((10, 20, 30, 40)) == (10, 20, 30, 40)
    assert around((10, 20, 30, 40), (5, 25, 50, 30), (12, 3, 20, 60)) == (5, 3, 50, 60)


def test_a_component_in_numbers() -> None:
    (piece,) = find_components(mask("....... .##.##. .#...#. ..###.. ......."))
    assert piece.box == (1, 1, 6, 4)
    assert piece.area == 9
    assert piece.runs.tolist() == [[1, 1, 3], [1, 4, 6], [2, 1, 2], [2, 5, 6], [3, 2, 5]]


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("####", [4]),
        ("##.#", [2, 1]),
        ("#..# #..# ####", [8]),  # two arms that meet below
        ("#.#.# #.#.# #####", [11]),
        ("##### #.... #.### #...# #####", [17]),
        ("#.#.# .....", [1, 1, 1]),
        (".#... #.#.. ...#.", [4]),
        ("#.... .#... ..... ....#", [2, 1]),
        ("### ... ###", [3, 3]),
        ("#...# ..... #...#", [1, 1, 1, 1]),
        ("..##. ##..# ..##.", [7]),
        (".##. #..# #..# .##.", [8]),
        ("#.#.# .#.#. #.#.#", [8]),
    ],
)
def test_pieces_are_told_apart(text: str, areas: list[int]) -> None:
    pieces = find_components(mask(text))
    assert [piece.area for piece in pieces] == areas
    assert mask_of(pieces, mask(text).shape).dtype == np.bool_
    assert np.array_equal(mask_of(pieces, mask(text).shape), mask(text))
    for piece in pieces:
        rows, columns = np.nonzero(mask_of([piece], mask(text).shape))
        assert piece.box == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


def test_growing_takes_in_all_eight_neighbours_or_two() -> None:
    point = mask("..... ..... ..#.. ..... .....")
    assert np.array_equal(grown(point), mask("..... .###. .###. .###. ....."))
    assert np.array_equal(grown(point, (0,)), mask("..... ..#.. ..#.. ..#.. ....."))
    assert np.array_equal(grown(point, (1,)), mask("..... ..... .###. ..... ....."))
    assert np.array_equal(grown(mask("#.. ... ..#")), mask("##. ### .##"))


def test_the_runs_of_each_of_many_pieces_come_row_by_row() -> None:
    pieces = find_components(np.tile(np.arange(60) % 2 == 0, (40, 1)))
    assert len(pieces) == 30
    assert all(piece.runs[:, 0].tolist() == list(range(40)) for piece in pieces)
