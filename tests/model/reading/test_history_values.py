"""A history of a few weights: what is stored of them, and each bound with a case on each side."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.reading import history as histories
from model.reading.history import MAX_MOMENTS, History, Moment, packed, squeezed, unpacked
from tests.helpers.histories import Told, with_changes
from tests.helpers.killed import card_of

SUM = "0123456789abcdef" * 4
MOMENTS = [Moment(0, 0, 2.5, 1, 10), Moment(5, 50, 0.5, 10, 10)]
FIELDS = "a history's fields aren't what they should be"


def states() -> list[dict[str, NDArray[Any]]]:
    """The largest weight is 80, so a unit is 2."""
    return [
        {"w": np.array([[80, -40, 0], [2.9, 3.1, -3.1]]), "b": np.array([0.5, -1.25])},
        {"w": np.array([[-80, -40, 1.1], [0, 0, 0]]), "b": np.array([0.0, 3.0])},
    ]


def history() -> History:
    return squeezed(SUM, MOMENTS, states())


def changed(change: Callable[[Told], object] | None = None, tensors: dict[str, NDArray[Any]] | None = None) -> bytes:
    return with_changes(packed(history()), change, tensors)


def moment(place: int, **values: object) -> Callable[[Told], object]:
    """A change of one moment's fields."""
    return lambda fields: fields["moments"][place].update(values)


def deflated(*levels: int) -> NDArray[np.uint8]:
    return np.frombuffer(zlib.compress(bytes(levels)), np.uint8)


# What is stored


def test_a_matrix_is_stored_in_fortieths_of_its_largest_weight() -> None:
    made = history()
    assert made.units == {"w": 2.0}
    assert made.matrices["w"].tolist() == [[[40, -20, 0], [1, 2, -2]], [[-40, -20, 1], [0, 0, 0]]]
    assert made.matrices["w"].dtype == np.int8
    assert (made.weights, made.moments) == (SUM, tuple(MOMENTS))


def test_each_matrix_has_its_own_unit_and_one_of_zeros_has_one() -> None:
    made = squeezed(SUM, MOMENTS, [{"a": np.full((1, 1), -20.0, np.float32), "b": np.zeros((1, 1), np.float32)}] * 2)
    assert made.units == {"a": 0.5, "b": 1.0}
    assert [made.matrices[name].ravel().tolist() for name in ("a", "b")] == [[-40, -40], [0, 0]]


def test_a_vector_is_stored_in_half_precision() -> None:
    made = squeezed(SUM, MOMENTS, [{"b": np.array([1 / 3, 2], np.float32)}, {"b": np.array([4, 5], np.float32)}])
    assert (made.matrices, made.units) == ({}, {})
    assert made.vectors["b"].dtype == np.float16
    assert made.vectors["b"].tolist() == [[float(np.float16(1 / 3)), 2], [4, 5]]


def test_a_filter_is_a_matrix() -> None:
    assert squeezed(SUM, MOMENTS, [{"w": np.ones((1, 2, 3, 3), np.float32)}] * 2).matrices["w"].shape == (2, 1, 2, 3, 3)


def test_the_weights_of_a_moment_are_levels_times_their_unit() -> None:
    weights = history().weights_at(1)
    assert {name: values.tolist() for name, values in weights.items()} == {
        "w": [[-80, -40, 2], [0, 0, 0]],
        "b": [0, 3],
    }
    assert {values.dtype for values in weights.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("weights", "is_of"), [(SUM, True), (SUM[::-1], False)])
def test_a_history_is_of_the_weights_with_its_checksum(weights: str, is_of: bool) -> None:
    assert history().is_of(replace(card_of(1), sha256={"cnn.safetensors": weights})) is is_of


def test_a_history_is_read_as_it_was_written() -> None:
    made, back = history(), unpacked(packed(history()))
    assert (back.weights, back.moments, back.units) == (made.weights, made.moments, made.units)
    for read, written in ((back.matrices, made.matrices), (back.vectors, made.vectors)):
        assert read.keys() == written.keys()
        for name, values in written.items():
            np.testing.assert_array_equal(read[name], values)
            assert read[name].dtype == values.dtype


def test_of_each_moment_the_change_from_the_one_before_is_deflated() -> None:
    content = changed(tensors={"w": deflated(*[1, 2, 3, 4, 5, 6], *[0, 255, 0, 0, 0, 250])})
    assert unpacked(content).matrices["w"].tolist() == [[[1, 2, 3], [4, 5, 6]], [[1, 1, 3], [4, 5, 0]]]


# What is refused


def test_a_file_may_be_as_long_as_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed(history())
    monkeypatch.setattr(histories, "MAX_FILE", len(content))
    unpacked(content)
    monkeypatch.setattr(histories, "MAX_FILE", len(content) - 1)
    with pytest.raises(ValueError, match=r"^too long for a history$"):
        unpacked(content)


def test_there_may_be_as_many_weights_as_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    two = {"v": np.ones((1, 5), np.float32), "w": np.ones((2, 3), np.float32)}
    content = packed(squeezed(SUM, MOMENTS, [two] * 2))
    monkeypatch.setattr(histories, "MAX_NUMBERS", 2 * (5 + 2 * 3))
    unpacked(content)
    monkeypatch.setattr(histories, "MAX_NUMBERS", 2 * (5 + 2 * 3) - 1)
    with pytest.raises(ValueError, match=r"^too many weights$"):
        unpacked(content)


@pytest.mark.parametrize(("count", "good"), [(1, False), (2, True), (MAX_MOMENTS, True), (MAX_MOMENTS + 1, False)])
def test_there_are_two_moments_or_more_but_not_too_many(count: int, good: bool) -> None:
    moments = [Moment(place, place, 1.0, 0, 10) for place in range(count)]
    content = packed(squeezed(SUM, moments, [{"w": np.ones((1, 1), np.float32)}] * count))
    if good:
        assert len(unpacked(content).moments) == count
    else:
        with pytest.raises(ValueError, match=FIELDS):
            unpacked(content)


@pytest.mark.parametrize(
    "change",
    [
        moment(0, right=0, total=0),
        moment(0, right=10),
        moment(0, loss=0),
        moment(1, batches=1),
        moment(1, digits=0),
        lambda fields: fields.update(weights="f" * 64),
    ],
)
def test_fields_at_the_edge_of_what_they_may_be_are_good(change: Callable[[Told], object]) -> None:
    assert len(unpacked(changed(change)).moments) == 2


@pytest.mark.parametrize(
    "change",
    [
        *[moment(0, **{name: value}) for name in ("batches", "digits", "right", "total") for value in (-1, 0.5, "0")],
        moment(0, right=11),
        moment(1, right=11),
        moment(0, loss=float("nan")),
        moment(1, loss="1"),
        moment(1, batches=0),
        moment(0, batches=6),
        lambda fields: fields.update(weights="f" * 63),
        lambda fields: fields.update(weights="F" * 64),
        lambda fields: fields.update(shapes={}),
        lambda fields: fields.update(shapes={"w": [2, -3]}),
        lambda fields: fields.update(shapes={"w": [2, 3.0]}),
        lambda fields: fields.update(shapes={"w": [-2, 3], "b": [2]}),
    ],
)
def test_fields_beyond_what_they_may_be_are_told(change: Callable[[Told], object]) -> None:
    with pytest.raises(ValueError, match=rf"^{FIELDS}$"):
        unpacked(changed(change))


@pytest.mark.parametrize("unit", [0, -1, np.inf, np.nan])
def test_a_unit_that_is_none_is_told(unit: float) -> None:
    with pytest.raises(ValueError, match=r"^a unit that is none$"):
        unpacked(changed(tensors={"w/unit": np.array([unit], np.float32)}))


def test_a_unit_may_be_tiny() -> None:
    assert unpacked(changed(tensors={"w/unit": np.array([1e-30], np.float32)})).units["w"] == pytest.approx(1e-30)


@pytest.mark.parametrize("vector", [np.zeros((2, 2), np.float32), np.zeros((1, 2), np.float16), np.float16(0)])
def test_vectors_that_are_not_of_the_moments_are_told(vector: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match=r"^vectors that aren't of these moments$"):
        unpacked(changed(tensors={"b": np.asarray(vector)}))


@pytest.mark.parametrize("count", [0, 1, 11, 13, 14, 1000])
def test_weights_of_another_shape_are_told(count: int) -> None:
    with pytest.raises(ValueError, match=r"^weights of another shape$"):
        unpacked(changed(tensors={"w": deflated(*[0] * count)}))


def test_a_moment_is_told_by_its_fields() -> None:
    assert asdict(MOMENTS[1]) == {"batches": 5, "digits": 50, "loss": 0.5, "right": 10, "total": 10}
