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
