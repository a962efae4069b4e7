from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.errors import StrokesError
from tests.helpers.looping import looped
from tests.helpers.running import DRAWING
from ui.server.inline import SMALL_POINTS, SMALL_STROKES, inline, is_small

LONG = {"size": [280, 280], "strokes": [{"width": 16, "points": [[1, 1]] * (SMALL_POINTS + 1)}]}
MANY = {"size": [280, 280], "strokes": [{"width": 16, "points": [[1, 1]]}] * (SMALL_STROKES + 1)}


def thread_of(_: Any, model: str = "cnn") -> tuple[str, int]:
    """A handler that tells the model and where it runs."""
    return model, threading.get_ident()


@pytest.mark.parametrize(
    ("source", "in_the_loop"),
    [(DRAWING, True), (None, True), (LONG, False), (MANY, False), (b"a photo", False), ([1, 2], False), ({}, False)],
)
def test_only_what_is_quickly_read_is_read_in_the_event_loop(source: Any, in_the_loop: bool) -> None:
    async def ask() -> tuple[bool, str]:
        model, thread = await inline(thread_of)(source, "mlp")
        return thread == threading.get_ident(), model

    assert looped(ask()) == (in_the_loop, "mlp")


@pytest.mark.parametrize("source", [DRAWING, LONG])
def test_what_goes_wrong_is_raised_wherever_it_is_read(source: Any) -> None:
    def refuse(_: Any) -> None:
        raise StrokesError("strokes-no-object")

    with pytest.raises(StrokesError, match="aren't an object"):
        looped(_awaited(refuse, source))


async def _awaited(handler: Any, *values: Any) -> Any:
    return await inline(handler)(*values)


def test_a_handler_keeps_its_name() -> None:
    assert inline(thread_of).__name__ == "thread_of"


json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["strokes", "points", "x"]), inner),
)


@given(json)
def test_nothing_but_a_drawing_and_an_empty_pad_is_small(source: Any) -> None:
    has_strokes = isinstance(source, dict) and isinstance(source.get("strokes"), (str, list, dict))
    assert not is_small(source) or source is None or has_strokes


@pytest.mark.slow
@given(st.lists(st.integers(0, SMALL_POINTS + 1), max_size=SMALL_STROKES + 2))
@example([SMALL_POINTS])
@example([SMALL_POINTS - 1, 2])
@example([0] * SMALL_STROKES)
@example([0] * (SMALL_STROKES + 1))
def test_a_drawing_is_small_up_to_the_bounds_of_strokes_and_points(lengths: list[int]) -> None:
    source = {"size": [280, 280], "strokes": [{"width": 16, "points": [[1, 1]] * length} for length in lengths]}
    assert is_small(source) == (len(lengths) <= SMALL_STROKES and sum(lengths) <= SMALL_POINTS)
