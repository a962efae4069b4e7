from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.errors import WeightsError
from model.reading.weighing import Weighing, load_fitted

NAMES = ("height", "width")


def weighing() -> Weighing:
    arrays = ([1.0, 0.0], [2.0, 1.0], [[1.0], [3.0]], [-1.0], [[2.0, -1.0]], [0.5, 0.0])
    return Weighing(NAMES, *(np.array(array) for array in arrays))


def test_what_speaks_for_nothing_adds_nothing() -> None:
    assert weighing()(np.array([[1.0, 0.0], [3.0, 1.0]])).tolist() == [[0.5, 0.0], [6.5, -3.0]]


def test_it_is_read_as_it_was_written() -> None:
    again = Weighing.of_fields(json.loads(json.dumps(weighing().to_fields())), NAMES, 2)
    assert again(np.array([3.0, 1.0])).tolist() == [6.5, -3.0]


@pytest.mark.parametrize(
    "change",
    [{"names": ["height"]}, {"mean": [0.0]}, {"deviation": [1.0, 0.0]}, {"hidden": [[1.0, 3.0]]}, {"out": [1.0]},
     {"out_bias": [float("nan"), 0.0]}, {"out_bias": [0.0, 0.0, 0.0]}, {"hidden_bias": "none"}],
)  # fmt: skip
def test_one_of_other_numbers_or_sizes_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - numpy's own words
        Weighing.of_fields({**weighing().to_fields(), **change}, NAMES, 2)


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"names": ["height"]}, "weights of other numbers"), ({"deviation": [1.0, 0.0]}, "weights that aren't finite")],
)
def test_why_one_is_refused_is_said(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{reason}$"):
        Weighing.of_fields({**weighing().to_fields(), **change}, NAMES, 2)


def test_whole_numbers_in_a_file_are_floats() -> None:
    whole = {"mean": [1, 0], "deviation": [2, 1], "hidden": [[1], [3]], "hidden_bias": [1], "out": [2, 1]}
    read = Weighing.of_fields({"names": NAMES, **whole, "out_bias": [0, 1]}, NAMES, 2)
    arrays = (read.mean, read.deviation, read.hidden, read.hidden_bias, read.out, read.out_bias)
    assert {array.dtype for array in arrays} == {np.dtype(np.float64)}


@pytest.mark.parametrize("text", ["", "[]", "7", '{"network":', "{}", "[" * 100_000])
def test_a_damaged_file_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "cnn.json").write_text(text)
    with pytest.raises(WeightsError):
        load_fitted(tmp_path / "cnn.json", "abc", dict)


def test_there_are_no_fields_of_other_weights_or_of_no_file(tmp_path: Path) -> None:
    assert load_fitted(tmp_path / "cnn.json", "abc", dict) is None
    (tmp_path / "cnn.json").write_text('{"network": "abc", "bound": 1}')
    assert load_fitted(tmp_path / "cnn.json", "other", dict) is None
    assert load_fitted(tmp_path / "cnn.json", "abc", dict) == {"network": "abc", "bound": 1}
