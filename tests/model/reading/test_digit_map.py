from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.errors import WeightsError
from model.reading.digit_map import (
    COUNT,
    FILE,
    NEAREST,
    SIDE,
    TEST_FILE,
    TESTED,
    files_of,
    load_map,
    load_tested,
    packed,
    unpacked,
)
from model.reading.recognizer import Recognizer
from model.reading.store import WEIGHTS, load_card

MAP = load_map()


def test_the_map_is_of_the_shipped_weights_and_small() -> None:
    assert MAP.is_of(load_card("cnn"))
    assert not MAP.is_of(load_card("quick"))
    assert (WEIGHTS / FILE).stat().st_size <= 200_000


def test_every_digit_that_the_model_misreads_is_on_it() -> None:
    card = load_card("cnn")
    assert len(MAP.labels) == COUNT
    misread = {int(index) for index in MAP.indices[MAP.labels != MAP.answers]}
    assert misread == {mistake.index for mistake in card.mistakes}


def test_a_digit_of_the_map_lands_on_itself() -> None:
    features = MAP.features.astype(np.float32) * MAP.step
    for place in (0, 7, 1999):
        nearest, likeness = MAP.nearest(features[place])
        assert (nearest[0], len(nearest)) == (place, NEAREST)
        assert likeness == sorted(likeness, reverse=True)
        assert np.abs(np.array(MAP.between(nearest, likeness)) - MAP.places[place] / SIDE).max() < 0.05


def test_test_digits_land_among_their_own_kind() -> None:
    tested = load_tested()
    features = Recognizer.load("cnn").features(tested.images)
    among = [
        np.mean(MAP.labels[MAP.nearest(row)[0]] == label) for row, label in zip(features, tested.labels, strict=True)
    ]
    assert np.mean(among) > 0.97


def test_the_network_reads_the_digits_to_test_with() -> None:
    tested = load_tested()
    assert tested.images.shape == (TESTED, 28, 28)
    read = Recognizer.load("cnn").logits(tested.images)[:, :10].argmax(axis=1)
    assert (read == tested.labels).mean() > 0.98


def test_four_greys_are_kept() -> None:
    greys = np.tile(np.array([0, 85, 170, 255], np.uint8), 196).reshape(1, 28, 28)
    assert np.array_equal(unpacked(packed(greys)), greys)


def test_both_files_are_read_as_they_were_written(tmp_path: Path) -> None:
    changed = replace(MAP, weights="others")
    for name, content in files_of(changed, load_tested()).items():
        (tmp_path / name).write_bytes(content)
    assert load_map(tmp_path).weights == "others"
    assert np.array_equal(load_map(tmp_path).pictures, MAP.pictures)
    assert np.array_equal(load_tested(tmp_path).labels, load_tested().labels)


@pytest.mark.parametrize("content", [None, b"", b"no archive", (WEIGHTS / "cnn.mistakes.png").read_bytes()])
def test_a_missing_or_damaged_file_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
        (tmp_path / TEST_FILE).write_bytes(content)
    with pytest.raises(WeightsError, match=FILE):
        load_map(tmp_path)
    with pytest.raises(WeightsError, match=TEST_FILE):
        load_tested(tmp_path)
