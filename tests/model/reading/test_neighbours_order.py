"""Which of a thousand training digits are nearest, with the plainest of features."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from model.errors import WeightsError
from model.preprocess.picture import Pixels
from model.reading.neighbours import Neighbours, load_training
from model.reading.store import tiles


def dots(*levels: int) -> Pixels:
    """An image whose first pixels have these levels."""
    image = np.zeros((28, 28), np.uint8)
    image[0, : len(levels)] = levels
    return image


def ink(images: Pixels) -> NDArray[np.float32]:
    return images.reshape(len(images), -1).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand blank digits, but for three that have a dot, one that has another dot and one that has both."""
    images = np.zeros((1000, 28, 28), np.uint8)
    for place in (150, 620, 980):
        images[place] = dots(place // 4)
    images[99], images[100] = dots(0, 200), dots(30, 40)
    path = tmp_path_factory.mktemp("weights")
    (path / "training.png").write_bytes(tiles(images))
    return path


def test_the_likest_come_first_and_those_as_like_in_their_order(folder: Path) -> None:
    nearest = Neighbours(ink, folder).nearest(dots(10))
    assert [near.label for near in nearest] == ["1", "6", "9", "1", "0"]
    assert [near.likeness for near in nearest] == pytest.approx([1, 1, 1, 0.6, 0])
    assert [int(near.image[0, 0]) for near in nearest] == [37, 155, 245, 30, 0]
    assert all(type(near.likeness) is float for near in nearest)


def test_a_label_is_that_of_each_hundred(folder: Path) -> None:
    neighbours = Neighbours(ink, folder)
    assert [near.label for near in neighbours.nearest(dots(0, 9), 2)] == ["0", "1"]
    assert [near.likeness for near in neighbours.nearest(dots(0, 9), 2)] == pytest.approx([1, 0.8])


def test_what_has_no_features_is_like_nothing(folder: Path) -> None:
    assert [near.likeness for near in Neighbours(ink, folder).nearest(dots())] == [0] * 5


def test_features_as_small_as_a_billionth_still_have_a_direction(folder: Path) -> None:
    def small(images: Pixels) -> NDArray[np.float32]:
        return ink(images) / np.float32(255e9)

    assert Neighbours(small, folder).nearest(dots(255))[0].likeness == pytest.approx(245 / 255, abs=0.01)


def test_an_image_is_asked_alone_and_the_thousand_together(folder: Path) -> None:
    asked: list[tuple[int, ...]] = []

    def features(images: Pixels) -> NDArray[np.float32]:
        asked.append(images.shape)
        return ink(images)

    neighbours = Neighbours(features, folder)
    neighbours.nearest(dots(1))
    neighbours.nearest(dots(2))
    assert asked == [(1000, 28, 28), (1, 28, 28), (1, 28, 28)]


def test_the_thousand_are_loaded_once_and_have_their_levels(folder: Path) -> None:
    training = load_training(folder)
    assert training is load_training(folder)
    assert (training.shape, training.dtype, int(training[980, 0, 0])) == ((1000, 28, 28), np.uint8, 245)


@pytest.mark.parametrize("count", [999, 1001])
def test_another_number_of_digits_is_damaged(tmp_path: Path, count: int) -> None:
    (tmp_path / "training.png").write_bytes(tiles(np.zeros((count, 28, 28), np.uint8)))
    with pytest.raises(WeightsError) as caught:
        load_training(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'training.png'} is missing or damaged")


def test_another_format_is_damaged(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((28_000, 28), np.uint8)).save(tmp_path / "other.bmp")
    (tmp_path / "other.bmp").rename(tmp_path / "training.png")
    with pytest.raises(WeightsError):
        load_training(tmp_path)
