from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from model.data.digits import Digits
from model.data.idx import write_idx
from model.errors import WeightsError
from model.reading.neighbours import EACH, FILE, Neighbours, load_training
from model.reading.reading import Digit
from model.reading.recognizer import Recognizer
from model.reading.store import tiles, trained_models
from model.training.pick_neighbours import main
from tests.helpers.running import ROOT

TRAINING = load_training()


def ink(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The plainest features: the pixels themselves."""
    return images.reshape(len(images), -1).astype(np.float32)


def numbered(count: int) -> Digits:
    """Digits of all labels in turn, each with its own number for ink."""
    numbers = torch.arange(count)
    images = torch.zeros((count, 28, 28), dtype=torch.uint8)
    images[:, 0, 0], images[:, 0, 1] = numbers // 256, numbers % 256
    return Digits(images, numbers % 10)


def labelled(data: Path, count: int) -> Path:
    """A data set of so many training digits."""
    write_idx(data, numbered(count), numbered(10))
    return data


@pytest.fixture(scope="module")
def neighbours() -> Neighbours:
    return Neighbours(ink)


@pytest.mark.parametrize("place", [0, 99, 100, 555, 999])
def test_a_training_digit_is_its_own_nearest(neighbours: Neighbours, place: int) -> None:
    nearest = neighbours.nearest(TRAINING[place])[0]
    assert nearest.likeness == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(nearest.image, TRAINING[place])


@pytest.mark.parametrize(("place", "label"), [(0, "0"), (99, "0"), (100, "1"), (555, "5"), (999, "9")])
def test_a_neighbour_has_the_label_of_its_hundred(neighbours: Neighbours, place: int, label: str) -> None:
    assert neighbours.nearest(TRAINING[place])[0].label == label


@pytest.mark.parametrize("name", trained_models())
def test_every_model_finds_a_training_digit_itself(name: str) -> None:
    image = TRAINING[321]
    nearest = Recognizer.load(name).nearest(Digit("3", 0.9, (), (0, 0, 9, 9), image))
    assert nearest[0].likeness == pytest.approx(1, abs=1e-5)
    assert any(np.array_equal(neighbour.image, image) for neighbour in nearest)


def test_the_likest_comes_first(neighbours: Neighbours, digit: NDArray[np.uint8]) -> None:
    likeness = [neighbour.likeness for neighbour in neighbours.nearest(digit)]
    assert len(likeness) == 5
    assert 1 >= likeness[0] >= likeness[1] >= likeness[4] >= -1
    assert sorted(likeness, reverse=True) == likeness


@pytest.mark.parametrize("count", [0, 1, 12])
def test_so_many_neighbours_are_found_as_asked_for(neighbours: Neighbours, count: int) -> None:
    assert len(neighbours.nearest(TRAINING[7], count)) == count


def test_how_dark_a_digit_is_matters_not(neighbours: Neighbours) -> None:
    pale = neighbours.nearest(TRAINING[444] // 2)[0]
    np.testing.assert_array_equal(pale.image, TRAINING[444])


def test_a_picture_without_features_is_like_nothing(neighbours: Neighbours) -> None:
    assert [near.likeness for near in neighbours.nearest(np.zeros((28, 28), np.uint8))] == [0] * 5


def test_a_hundred_of_each_digit_ship_and_no_two_are_the_same() -> None:
    assert (TRAINING.shape, TRAINING.dtype) == ((1000, 28, 28), np.uint8)
    assert len({image.tobytes() for image in TRAINING}) == 10 * EACH


def test_a_missing_file_is_a_weights_error(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"training\.png is missing or damaged: train it anew"):
        load_training(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no picture", tiles(TRAINING)[:5000], tiles(TRAINING[:999])])
def test_a_damaged_file_is_a_weights_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(WeightsError, match=r"training\.png is missing or damaged"):
        load_training(tmp_path)


def test_the_command_writes_the_first_hundred_of_each_digit(tmp_path: Path) -> None:
    labelled(tmp_path / "data", 1200)
    assert main(["--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")]) == 0
    numbers = load_training(tmp_path / "out")[:, 0, :2] @ np.array([256, 1])
    assert numbers.tolist() == [10 * turn + label for label in range(10) for turn in range(100)]


def test_too_few_of_a_digit_fail_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labelled(tmp_path / "data", 1080)  # of which a twelfth validates
    assert main(["--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert not (tmp_path / "out" / FILE).exists()


def test_data_that_are_none_fail_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(ROOT / "examples"), "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert (error.count("\n"), error.startswith("error: ")) == (1, True)


def test_a_folder_that_can_t_be_written_fails_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labelled(tmp_path / "data", 1200)
    (tmp_path / "file").write_text("no folder")
    assert main(["--data", str(tmp_path / "data"), "--out", str(tmp_path / "file")]) == 2
    error = capsys.readouterr().err
    assert (error.count("\n"), error.startswith("error: can't write")) == (1, True)
