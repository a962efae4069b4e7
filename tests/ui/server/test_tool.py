"""What the tool takes, before anything is read."""

from __future__ import annotations

import base64
from typing import Any

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import PictureError
from tests.helpers.looping import looped
from ui import readings
from ui.readings import Encoded
from ui.server import tool
from ui.server.asker import Asker, BusyError, asker
from ui.server.limits import MAX_FILE
from ui.texts import texts

EN, ZH = texts("en"), texts("zh")


class Desk:
    """Notes what it is asked, and answers or raises as a desk does."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[Any] = []
        self._error = error

    async def ask(self, *values: Any) -> Any:
        """A reading."""
        self.asked.append(values)
        if self._error is not None:
            asker().refused = isinstance(self._error, BusyError)
            raise self._error
        return {"told": "told", "reading": {"status": "digit"}}


def run(arguments: dict[str, Any], desk: Desk | None = None, t: Any = EN) -> tuple[str, dict[str, Any]]:
    asked: Any = desk or Desk()
    return looped(tool.read_digits(asked, arguments, t))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("QUJD", "QUJD"),
        ("data:image/png;base64,QUJD", "QUJD"),
        ("DATA:image/svg+xml;charset=utf-8;BASE64,QUJD", "QUJD"),
        ("data:;base64,", ""),
        ("", ""),
    ],
)
def test_base64_and_data_urls_are_pictures(text: str, left: str) -> None:
    assert tool.picture(text) == Encoded(left)


@pytest.mark.parametrize(
    "text",
    ["https://example.org/7.png", "file:///7", "C:\\7", "../7", "7.png", "~/7", "data:image/png,7", "data:QUJD", "x:y"],
)
def test_what_names_a_picture_is_none(text: str) -> None:
    with pytest.raises(PictureError) as caught:
        tool.picture(text)
    assert caught.value.key == "picture-named"


def test_a_picture_may_be_as_large_as_an_upload_also_in_lines() -> None:
    text = "A" * ((MAX_FILE + 2) // 3 * 4)
    lines = "\r\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    assert tool.picture(text) == Encoded(text)
    assert tool.picture(lines) == Encoded(lines)
    with pytest.raises(PictureError, match="the picture has 11 MB: at most 10 are read"):
        tool.picture(lines + "AAAA")


@given(st.binary(max_size=50))
def test_what_is_encoded_is_decoded(content: bytes) -> None:
    assert tool.picture(base64.encodebytes(content).decode()).content() == content


@pytest.mark.parametrize("text", ["QUJ", "QUJ=D", "=", "QU-D", "QUJD,QUJD"])
def test_what_is_no_base64_is_told(text: str) -> None:
    with pytest.raises(PictureError, match="the picture isn't base64"):
        tool.picture(text).content()


def test_the_desk_is_asked_for_a_sentence_in_the_program_s_language() -> None:
    desk = Desk()
    assert run({"image": "QUJD"}, desk, ZH) == ("told", {"status": "digit"})
    assert desk.asked == [(readings.tell, Encoded("QUJD"), "cnn", "zh")]


@pytest.mark.parametrize(
    "arguments", [{}, {"image": None}, {"image": 7}, {"image": "QUJD", "model": 1}, {"image": "QUJD", "url": "x"}]
)
def test_other_arguments_are_refused_unread(arguments: dict[str, Any]) -> None:
    desk = Desk()
    told, reading = run(arguments, desk)
    assert told == reading["error"] == EN("tool.wrong", "read_digits")
    assert desk.asked == []


def test_where_there_is_no_room_the_tool_answers_and_not_the_gate() -> None:
    visitor = Asker("1.1.1.1")
    with visitor.asking():

        async def story() -> tuple[str, dict[str, Any]]:
            with visitor.asking():
                desk: Any = Desk(BusyError())
                return await tool.read_digits(desk, {"image": "QUJD"}, EN)

        told, reading = looped(story())
    assert told == reading["error"] == EN("serving.crowded")
    assert not visitor.refused


def test_what_goes_wrong_is_told() -> None:
    assert run({"image": "QUJD"}, Desk(gr.Error("Something.", print_exception=False)))[0] == "Something."
