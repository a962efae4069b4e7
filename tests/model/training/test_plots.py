from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from model.data.digits import DataSet
from model.training.plots import COLOURS, curves, sample_grid, weight_pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

pytestmark = pytest.mark.slow

EPOCHS = [
    {"epoch": 0.0, "examples": 0.0, "validation_loss": 2.3, "validation_accuracy": 0.1},
    {"epoch": 1.0, "examples": 550.0, "loss": 0.9, "accuracy": 0.8, "validation_loss": 0.5, "validation_accuracy": 0.9},
    {
        "epoch": 2.0,
        "examples": 1100.0,
        "loss": 0.4,
        "accuracy": 0.9,
        "validation_loss": 0.4,
        "validation_accuracy": 0.93,
    },
]
WATCHED = [{**epoch, "test_loss": 0.3, "test_accuracy": 0.95} for epoch in EPOCHS]
LOG = [(100, 2.0), (200, 1.5), (650, 0.7), (1050, 0.3)]
WEIGHTS: NDArray[np.float32] = np.linspace(-0.5, 1, 30 * 784, dtype=np.float32).reshape(30, 784)


def pixels(png: bytes) -> NDArray[np.uint8]:
    picture = Image.open(io.BytesIO(png), formats=["PNG"])
    return np.asarray(picture.convert("RGB"))


def has_colour(png: bytes, colour: str) -> bool:
    return bool((pixels(png) == list(bytes.fromhex(colour.removeprefix("#")))).all(axis=2).any())


def lines(axes: Axes) -> dict[str, list[tuple[float, float]]]:
    """The points of the curves, by their names."""
    return {
        str(line.get_label()): [tuple(point) for point in np.asarray(line.get_xydata()).tolist()] for line in axes.lines
    }


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures, instead of their PNGs."""
    figures: list[Figure] = []
    monkeypatch.setattr("model.training.plots._png", figures.append)
    return figures


@pytest.mark.parametrize("log", [[], LOG], ids=["no log", "log"])
@pytest.mark.parametrize("epochs", [EPOCHS, WATCHED, WATCHED[1:2]], ids=["validation", "test", "one"])
def test_curves_are_a_wide_picture(epochs: list[dict[str, float]], log: list[tuple[int, float]]) -> None:
    assert pixels(curves(epochs, log)).shape == (374, 990, 3)


def test_the_test_set_has_its_colour_only_when_it_was_watched() -> None:
    assert has_colour(curves(WATCHED), COLOURS["test"])
    assert not has_colour(curves(EPOCHS), COLOURS["test"])
    assert has_colour(curves(EPOCHS), COLOURS["validation"])


def test_curves_without_a_log_go_by_epochs(drawn: list[Figure]) -> None:
    curves(EPOCHS)
    loss, accuracy = drawn[0].axes
    assert lines(loss) == {"training": [(1, 0.9), (2, 0.4)], "validation": [(0, 2.3), (1, 0.5), (2, 0.4)]}
    assert lines(accuracy) == {"training": [(1, 0.8), (2, 0.9)], "validation": [(0, 0.1), (1, 0.9), (2, 0.93)]}
    assert [axes.get_xlabel() for axes in (loss, accuracy)] == ["epoch", "epoch"]


def test_with_a_log_the_loss_goes_by_examples_seen(drawn: list[Figure]) -> None:
    curves(EPOCHS, LOG)
    loss, accuracy = drawn[0].axes
    assert lines(loss)["training, each logged batch"] == LOG
    assert lines(loss)["validation"] == [(0, 2.3), (550, 0.5), (1100, 0.4)]
    assert [axes.get_xlabel() for axes in (loss, accuracy)] == ["examples seen", "epoch"]


def test_a_watched_test_set_has_its_curve(drawn: list[Figure]) -> None:
    curves(WATCHED)
    loss, accuracy = drawn[0].axes
    assert lines(loss)["test"] == [(0, 0.3), (1, 0.3), (2, 0.3)]
    legend = accuracy.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["training", "validation", "test"]


def test_only_whole_epochs_are_marked(drawn: list[Figure]) -> None:
    curves(EPOCHS[:2])
    marks = [mark for axes in drawn[0].axes for mark in axes.get_xticks()]
    assert marks == [round(mark) for mark in marks]


def test_the_guesses_before_training_don_t_squeeze_the_curves(drawn: list[Figure]) -> None:
    curves(EPOCHS)
    assert drawn[0].axes[1].get_ylim() == pytest.approx((0.78, 1.005))


@pytest.mark.parametrize("count", [6, 4, 1])
def test_a_sample_is_a_picture_of_up_to_six_digits(extract: DataSet, count: int) -> None:
    digits = extract.test[:count]
    labels = digits.labels.tolist()
    assert pixels(sample_grid(digits.images.numpy(), labels, labels)).shape == (374, 495, 3)


def test_a_sample_tells_what_was_read_and_the_truth_of_what_was_misread(extract: DataSet, drawn: list[Figure]) -> None:
    sample_grid(extract.test.images[:4].numpy(), [7, 2, 1, 0], [7, 2, 7, 0])
    titles = [axes.get_title() for axes in drawn[0].axes]
    assert titles[:4] == ["prediction: 7", "prediction: 2", "prediction: 7, true: 1", "prediction: 0"]
    np.testing.assert_array_equal(drawn[0].axes[1].images[0].get_array(), extract.test.images[1].numpy())


@pytest.mark.parametrize(("count", "size"), [(10, (126, 1045, 3)), (30, (379, 1045, 3)), (3, (126, 313, 3))])
def test_weights_are_pictures_in_rows_of_ten(count: int, size: tuple[int, int, int]) -> None:
    assert pixels(weight_pictures(WEIGHTS[:count])).shape == size


@pytest.mark.parametrize("count", [10, 12, 30])
def test_each_unit_has_its_number_and_its_weights(count: int, drawn: list[Figure]) -> None:
    weight_pictures(WEIGHTS[:count])
    shown = [axes for axes in drawn[0].axes if axes.images]
    assert [axes.get_title() for axes in shown] == [str(number) for number in range(count)]
    np.testing.assert_array_equal(shown[-1].images[0].get_array(), WEIGHTS[count - 1].reshape(28, 28))


def test_no_weight_is_between_red_and_blue(drawn: list[Figure]) -> None:
    weight_pictures(WEIGHTS)
    assert {axes.images[0].get_clim() for axes in drawn[0].axes} == {(-1, 1)}


def test_weights_of_nothing_can_be_drawn() -> None:
    assert pixels(weight_pictures(np.zeros((10, 784), np.float32))).shape == (126, 1045, 3)
