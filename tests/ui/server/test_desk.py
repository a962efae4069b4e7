"""Where is read what a visitor draws or uploads."""

from __future__ import annotations

import asyncio
from typing import Any

import gradio as gr
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.errors import PictureError
from tests.helpers.looping import looped
from tests.helpers.running import DRAWING, ROOT
from ui import readings
from ui.readings import Encoded, Upload
from ui.server.asker import ASKER, Asker, BusyError, LeftError
from ui.server.desk import SMALL_POINTS, SMALL_STROKES, Desk, is_small
from ui.server.lane import FailedError, SlowError

PHOTO = str(ROOT / "examples" / "3-drawn.png")


class Lane:
    """Notes what it is asked, and answers with a word or an error."""

    def __init__(self, answer: Any = "read") -> None:
        self.answer, self.asked = answer, list[Any]()

    async def ask(self, handler: Any, *values: Any) -> Any:
        """Its answer."""
        self.asked.append((handler.__name__, values))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def desk(answer: Any = "read") -> tuple[Any, Lane, Lane]:
    made: Any = Desk()
    made.small, made.large = Lane(answer), Lane(answer)
    return made, made.small, made.large


@pytest.mark.parametrize(
    ("handler", "source", "values", "small"),
    [
        (readings.show, DRAWING, (True, "cnn", False, "en"), True),
        (readings.show, DRAWING, (True, "cnn", True, "en"), False),
        (readings.show, None, (True, "cnn", False, "en"), True),
        (readings.show, Upload("7.png"), (False, "cnn", False, "en"), False),
        (readings.speak, DRAWING, ("cnn", "en"), True),
        (readings.explain, DRAWING, ("cnn", "en"), False),
        (readings.tell, Encoded("QUJD"), ("cnn", "en"), False),
        (readings.as_json, DRAWING, ("cnn",), True),
        (readings.as_json, [1, 2], ("cnn",), False),
        (readings.as_json, {"strokes": DRAWING["strokes"] * 4}, ("cnn",), False),  # type: ignore[operator]
    ],
)
def test_only_what_is_quickly_read_goes_where_small_drawings_are_read(
    handler: Any, source: Any, values: tuple[Any, ...], small: bool
) -> None:
    made, quick, slow = desk()
    assert looped(made.ask(handler, source, *values)) == "read"
    assert (len(quick.asked), len(slow.asked)) == (int(small), int(not small))


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (Upload("7.png"), "the picture takes"),
        (Encoded("QUJD"), "the picture takes"),
        (DRAWING, "the drawing takes"),
    ],
)
def test_who_sends_what_takes_too_long_is_told_the_limit(source: Any, what: str) -> None:
    made, _, _ = desk(SlowError())
    assert looped(made.ask(readings.as_json, source, "cnn"))["error"].startswith(f"{what} more than 2 s to read")


def test_what_is_an_error_already_is_asked_of_nobody() -> None:
    made, quick, slow = desk()
    error = PictureError("upload-deleted")
    assert looped(made.ask(readings.as_json, error, "cnn"))["error"] == str(error)
    assert quick.asked + slow.asked == []


@pytest.mark.parametrize("error", [LeftError(), FailedError(), BusyError()])
def test_what_is_no_answer_prints_nothing(error: Exception) -> None:
    async def ask() -> bool:
        visitor = Asker()
        ASKER.set(visitor)
        with pytest.raises(gr.Error) as raised:
            await desk(error)[0].ask(readings.as_json, DRAWING, "cnn")
        assert raised.value.print_exception is False
        return visitor.refused

    assert looped(ask()) is isinstance(error, BusyError)


@pytest.mark.server
def test_nothing_is_read_in_the_page_s_own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> list[Any]:
        made = Desk()
        made.open()
        try:
            return [await made.ask(readings.as_json, source, "cnn") for source in (DRAWING, Upload(PHOTO), None)]
        finally:
            made.close()

    monkeypatch.delattr(readings, "recognizer")
    drawn, photo, empty = looped(asyncio.wait_for(ask(), 60))
    assert [reading["status"] for reading in (drawn, photo, empty)] == ["digit", "digit", "blank"]


json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["strokes", "points", "x"]), inner),
)


@given(json)
def test_nothing_but_a_drawing_and_an_empty_pad_is_small(source: Any) -> None:
    has_strokes = isinstance(source, dict) and isinstance(source.get("strokes"), (str, list, dict))
    assert not is_small(source) or source is None or has_strokes


@given(st.lists(st.integers(0, SMALL_POINTS + 1), max_size=SMALL_STROKES + 2))
@example([SMALL_POINTS])
@example([SMALL_POINTS - 1, 2])
@example([0] * SMALL_STROKES)
@example([0] * (SMALL_STROKES + 1))
def test_a_drawing_is_small_up_to_the_bounds_of_strokes_and_points(lengths: list[int]) -> None:
    source = {"size": [280, 280], "strokes": [{"width": 16, "points": [[1, 1]] * length} for length in lengths]}
    assert is_small(source) == (len(lengths) <= SMALL_STROKES and sum(lengths) <= SMALL_POINTS)
