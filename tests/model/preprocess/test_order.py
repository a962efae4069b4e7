from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from model.preprocess.order import MANY, median, percentiles
from model.preprocess.picture import Grey

LEVELS = arrays.arrays(np.float32, st.integers(1, 60), elements=st.floats(-255, 255, width=32))


@given(LEVELS)
def test_a_median_is_numpy_s_to_the_bit(levels: Grey) -> None:
    assert median(levels) == float(np.median(levels))


@given(LEVELS, st.lists(st.integers(0, 100), min_size=1, max_size=3))
def test_percentiles_are_numpy_s(levels: Grey, shares: list[int]) -> None:
    assert percentiles(levels, shares) == pytest.approx(np.percentile(levels.astype(np.float64), shares), abs=1e-4)


@pytest.mark.parametrize("values", [[3], [4, 1], [5, 1, 3], [2.5, 1.0, 9.0, 7.0], [[1, 2], [3, 5]]])
def test_sequences_and_tables_have_a_median(values: list[float]) -> None:
    assert median(values) == np.median(values)


def test_many_values_are_numpy_s_matter() -> None:
    levels = np.arange(MANY + 2, dtype=np.float32)[::-1].copy()
    assert median(levels) == (MANY + 1) / 2
    assert percentiles(levels, [0, 100]) == [0.0, MANY + 1.0]


@pytest.mark.parametrize(
    ("share", "level"), [(0, 0), (10, 4), (25, 10), (40, 16), (45, 18), (50, 20), (90, 36), (95, 38), (100, 40)]
)
def test_a_percentile_lies_between_two_values_as_far_as_its_share_says(share: int, level: float) -> None:
    assert percentiles(np.array([30.0, 0, 40, 10, 20]), [share]) == pytest.approx([level])


def test_percentiles_come_in_the_order_of_their_shares_from_a_table_too() -> None:
    assert percentiles(np.array([[7.0, 1], [3, 5]]), [100, 0, 50]) == [7, 1, 4]
    assert percentiles(np.array([8.0]), [0, 30, 100]) == [8, 8, 8]


def test_percentiles_are_numpy_s_to_the_bit() -> None:
    values, shares = np.array([0.1, 0.7, 1 / 3]), range(101)
    assert percentiles(values, shares) == np.percentile(values, shares).tolist()


def test_up_to_2000_values_are_sorted_without_numpy_s_slower_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = np.arange(MANY + 1, dtype=np.float32)
    monkeypatch.delattr(np, "median")
    monkeypatch.delattr(np, "percentile")
    assert (median(levels[:-1]), percentiles(levels[:-1], [100])) == (999.5, [1999])
    with pytest.raises(AttributeError):
        median(levels)
    with pytest.raises(AttributeError):
        percentiles(levels, [100])
