"""A map of a few digits, laid out by hand."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.errors import WeightsError
from model.reading.digit_map import (
    FILE,
    NEAREST,
    SIDE,
    TEST_FILE,
    DigitMap,
    files_of,
    load_map,
    load_tested,
    packed,
    unpacked,
)
from model.reading.digit_map import Tested as Digits
from tests.helpers.killed import card_of

#: Features that point right, up, between both, nowhere, and three times right, twice as far each time.
FEATURES = [[1, 0], [0, 1], [1, 1], [0, 0], [2, 0], [4, 0], [8, 0]]


def digit_map(features: list[list[int]] = FEATURES, step: float = 0.5) -> DigitMap:
    """The digits stand side by side, from the left edge to the right one, at a quarter of the height."""
    count = len(features)
    across = np.linspace(0, SIDE, count)
    return DigitMap(
        weights="abc",
        indices=np.arange(count, dtype=np.uint16),
        labels=np.arange(count, dtype=np.uint8) % 10,
        answers=np.zeros(count, np.uint8),
        places=np.stack([across, np.full(count, SIDE / 4)], axis=1).astype(np.uint16),
        features=np.array(features, np.uint8),
        step=step,
        pictures=np.zeros((count, 28, 28), np.uint8),
    )


def towards(*features: float) -> np.ndarray:
    return np.array(features, np.float32)


def test_the_likest_are_those_whose_features_point_the_same_way() -> None:
    nearest, likeness = digit_map().nearest(towards(3, 0))
    assert nearest == [0, 4, 5, 6, 2]
    assert likeness == pytest.approx([1, 1, 1, 1, math.sqrt(0.5)])
    assert len(nearest) == NEAREST


def test_how_long_features_are_matters_not() -> None:
    for length in (0.01, 1, 1000):
        nearest, likeness = digit_map().nearest(towards(0, length))
        assert nearest[:2] == [1, 2]
        assert likeness[:3] == pytest.approx([1, math.sqrt(0.5), 0])


def test_next_to_no_features_are_like_nothing() -> None:
    assert digit_map().nearest(towards(0, 0))[1] == [0] * 5
    assert digit_map(step=1e-12).nearest(towards(1, 0))[1] == pytest.approx([8e-3, 4e-3, 2e-3, 1e-3, 1e-3])


def test_digits_as_like_as_each_other_come_in_their_order() -> None:
    assert digit_map([[1, 0], [0, 1]] * 200).nearest(towards(0, 1))[0] == [1, 3, 5, 7, 9]


def test_a_digit_lands_in_the_middle_of_neighbours_that_are_as_like() -> None:
    assert digit_map().between([0, 6], [0.9, 0.9]) == pytest.approx((0.5, 0.25), abs=1e-4)
    assert digit_map().between([0, 3], [0.2, 0.2]) == pytest.approx((0.25, 0.25), abs=1e-4)


def test_a_neighbour_counts_by_the_square_of_its_angle() -> None:
    assert digit_map().between([0, 6], [math.cos(0.6), math.cos(0.3)])[0] == pytest.approx(0.8)


def test_an_angle_under_a_hundredth_is_a_hundredth() -> None:
    assert digit_map().between([0, 6], [math.cos(0.02), 1.0])[0] == pytest.approx(0.8, abs=1e-4)
    assert digit_map().between([0, 6], [math.cos(0.005), 1.0])[0] == pytest.approx(0.5, abs=1e-4)


def test_a_cosine_that_rounding_took_out_of_its_range_is_at_its_end() -> None:
    assert digit_map().between([0, 6], [1.0001, 1.0])[0] == pytest.approx(0.5)
    assert digit_map().between([0, 6], [-0.5, 0.0])[0] == pytest.approx(0.5)


@pytest.mark.parametrize(("weights", "is_of"), [("abc", True), ("abd", False), ("", False)])
def test_a_map_is_of_the_weights_with_its_checksum(weights: str, is_of: bool) -> None:
    assert digit_map().is_of(replace(card_of(1), sha256={"cnn.safetensors": weights})) is is_of


def test_both_files_hold_all_that_was_put_into_them(tmp_path: Path) -> None:
    pictures = np.zeros((7, 28, 28), np.uint8)
    pictures[3, 4, 5], pictures[6, 27, 27] = 85, 255
    digits = replace(digit_map(), pictures=pictures)
    tested = Digits(np.arange(2 * 784, dtype=np.uint8).reshape(2, 28, 28), np.array([4, 7], np.uint8))
    for name, content in files_of(digits, tested).items():
        (tmp_path / name).write_bytes(content)
    assert {path.name for path in tmp_path.iterdir()} == {FILE, TEST_FILE}
    loaded, loaded_tested = load_map(tmp_path), load_tested(tmp_path)
    for name, value in vars(digits).items():
        np.testing.assert_array_equal(getattr(loaded, name), value)
        assert np.asarray(getattr(loaded, name)).dtype == np.asarray(value).dtype
    assert (type(loaded.weights), type(loaded.step)) == (str, float)
    np.testing.assert_array_equal(loaded_tested.images, tested.images)
    np.testing.assert_array_equal(loaded_tested.labels, tested.labels)


def test_files_are_small_and_loaded_once(tmp_path: Path) -> None:
    blank = Digits(np.zeros((1000, 28, 28), np.uint8), np.zeros(1000, np.uint8))
    files = files_of(digit_map(), blank)
    assert len(files[TEST_FILE]) < 5000
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert load_map(tmp_path) is load_map(tmp_path)
    assert load_tested(tmp_path) is load_tested(tmp_path)


def test_a_pickle_in_a_file_is_not_unpacked(tmp_path: Path) -> None:
    file = io.BytesIO()
    np.savez(file, images=np.array([{"an": "object"}], object), labels=np.zeros(1))
    (tmp_path / TEST_FILE).write_bytes(file.getvalue())
    with pytest.raises(WeightsError) as caught:
        load_tested(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / TEST_FILE} is missing or damaged")


def test_no_object_is_written_as_a_pickle() -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        files_of(digit_map(), Digits(np.array([{"an": "object"}], object), np.zeros(1, np.uint8)))


def test_four_pixels_stand_in_a_byte_the_left_one_highest() -> None:
    picture = np.zeros((1, 28, 28), np.uint8)
    picture[0, 0, :8] = [0, 85, 170, 255, 255, 0, 0, 0]
    assert packed(picture).shape == (1, 28, 7)
    assert packed(picture).dtype == np.uint8
    assert packed(picture)[0, 0].tolist() == [0b00_01_10_11, 0b11_00_00_00, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(("level", "grey"), [(0, 0), (42, 0), (43, 85), (127, 85), (128, 170), (212, 170), (213, 255)])
def test_a_level_becomes_the_nearest_of_four_greys(level: int, grey: int) -> None:
    picture = np.full((1, 28, 28), level, np.uint8)
    unpacked_again = unpacked(packed(picture))
    assert (unpacked_again.dtype, unpacked_again.shape) == (np.uint8, (1, 28, 28))
    assert (unpacked_again == grey).all()
