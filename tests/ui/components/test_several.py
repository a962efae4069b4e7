from __future__ import annotations

from typing import Any

import pytest

from ui.components.several import Part, Several
from ui.views.several import MAX_FILES

TABLE = Several()


def test_how_far_a_table_is_comes_as_it_was_sent() -> None:
    assert TABLE.preprocess({"of": 12, "next": 3}) == Part(12, 3)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        "",
        3,
        [],
        {},
        {"of": 12},
        {"of": "12", "next": 3},
        {"of": 12, "next": -1},
        {"of": 12, "next": 3.5},
        {"of": 12, "next": MAX_FILES + 1},
        {"of": None, "next": None},
    ],
)
def test_anything_else_is_no_part(payload: Any) -> None:
    assert TABLE.preprocess(payload) is None
