"""Calls that are answered without gradio, and those that go on to it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import gradio as gr
import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

import app
from tests.helpers.looping import looped
from tests.helpers.running import DRAWING
from ui.server.direct import Direct
from ui.server.inside import Event, events_as_they_are

RUN = "/gradio_api/run/add"


async def add(one: int, two: int) -> int:
    return one + two


async def both(*values: int) -> tuple[int, ...]:
    return values


async def refuse() -> None:
    raise gr.Error("no", duration=3)


async def fail() -> None:
    raise ZeroDivisionError


EVENTS: dict[int | str, Event] = {
    3: Event(add, 2, 1),
    "add": Event(add, 2, 1),
    "both": Event(both, 2, 2),
    "refuse": Event(refuse, 0, 1),
    "fail": Event(fail, 0, 1),
}


async def gradio(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with what it was sent, as whatever isn't answered before."""
    body = await Request(scope, receive).body()
    await PlainTextResponse(b"gradio " + body, 418)(scope, receive, send)


def post(body: bytes, path: str = RUN, kind: str = "application/json", method: str = "POST") -> tuple[int, bytes]:
    """A request in two parts: the status and the content of the answer; no status where there is none."""
    parts: list[Message] = [
        {"type": "http.request", "body": body[5:]},
        {"type": "http.request", "body": body[:5], "more_body": True},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": [(b"content-type", kind.encode())]}
    looped(Direct(gradio, EVENTS)(scope, receive, send))
    return (sent[0]["status"], sent[1]["body"]) if sent else (0, b"")


def call(path: str = RUN, **body: object) -> tuple[int, Any]:
    status, content = post(json.dumps(body).encode(), path)
    return status, json.loads(content) if status != 418 else None


@pytest.mark.parametrize("path", [RUN, f"{RUN}/", f"/under/a/path{RUN}"])
def test_an_event_is_called_by_its_name(path: str) -> None:
    status, answer = call(path, data=[1, 2], session_hash="me")
    assert (status, answer["data"], answer["is_generating"]) == (200, [3], False)


def test_an_event_is_called_by_its_number_whatever_the_path_says() -> None:
    assert call("/gradio_api/run/predict", data=[1, 2], fn_index=3)[1]["data"] == [3]
    assert call("/gradio_api/run/both", data=[1, 2], fn_index=3)[1]["data"] == [3]


def test_an_event_may_give_several_values() -> None:
    assert call("/gradio_api/run/both", data=[1, [2]])[1]["data"] == [1, [2]]


def test_a_refusal_is_told_as_gradio_tells_it_and_another_error_is_kept_to_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = {"error": "no", "duration": 3, "visible": True, "title": "Error"}
    assert call("/gradio_api/run/refuse", data=[]) == (500, told)
    assert capsys.readouterr().err == ""
    assert call("/gradio_api/run/fail", data=[]) == (500, {"error": None})
    assert "ZeroDivisionError" in capsys.readouterr().err


UNUSUAL = [
    b"",
    b"[1, 2]",
    b'{"data": [1, 2',
    b'{"data": [1]}',
    b'{"data": [1, NaN]}',
    b'{"data": {"0": 1, "1": 2}}',
    b'{"data": [1, 2], "fn_index": 4}',
    b'{"data": [1, 2], "fn_index": "add"}',
    b'{"data": [1, 2], "fn_index": [3]}',
    b'{"data": [1, 2], "fn_index": true}',
    b'{"data": ' + b"[" * 2000 + b"]" * 2000 + b"}",
]


@pytest.mark.parametrize("body", UNUSUAL)
def test_what_is_not_asked_as_usual_goes_on_to_gradio_whole(body: bytes) -> None:
    assert post(body) == (418, b"gradio " + body)


GOOD = b'{"data": [1, 2]}'


@pytest.mark.parametrize(
    ("path", "kind", "method"),
    [
        (RUN, "text/plain", "POST"),  # which a script of another site may send
        (RUN, "application/json", "PUT"),
        ("/gradio_api/run/other", "application/json", "POST"),
        ("/gradio_api/call/add", "application/json", "POST"),
        ("/run/add", "application/json", "POST"),
    ],
)
def test_what_is_asked_elsewhere_or_otherwise_goes_on_to_gradio(path: str, kind: str, method: str) -> None:
    assert post(GOOD, path, kind, method) == (418, b"gradio " + GOOD)


def function(name: str, **named: Any) -> SimpleNamespace:
    """What gradio has of an event."""
    usual = {"fn": add, "inputs": [0, 0], "outputs": [0], "preprocess": False, "postprocess": False, "queue": False}
    return SimpleNamespace(api_name=name, **{**usual, **named})


def test_only_events_whose_values_are_passed_on_as_they_are_are_answered_so() -> None:
    functions = [
        function("direct"),
        function("queued", queue=True),
        function("processed", preprocess=True),
        function("shown", postprocess=True),
        function("browser", fn=None),
        function("twice"),
        function("twice", fn=both),
    ]
    demo: Any = SimpleNamespace(fns=dict(enumerate(functions)))
    assert events_as_they_are(demo) == {
        0: Event(add, 2, 1),
        "direct": Event(add, 2, 1),
        5: Event(add, 2, 1),
        "twice": Event(add, 2, 1),
        6: Event(both, 2, 1),
    }


def test_they_are_those_of_the_pad_and_of_what_looks_into_networks() -> None:
    async def build() -> gr.Blocks:
        return app.build_demo()

    names = {key for key in events_as_they_are(looped(build())) if isinstance(key, str)}
    assert names == {"show_drawing", "speak", "predict_strokes", "inside"}


def test_the_page_answers_by_it_as_gradio_would(url: str) -> None:
    """A charset in the content type sends a call to gradio."""
    body = json.dumps({"data": [DRAWING, "cnn"]})
    kinds = ("application/json", "application/json; charset=utf-8")
    direct, around = (
        httpx.post(f"{url}/gradio_api/run/predict_strokes", content=body, headers={"Content-Type": kind})
        for kind in kinds
    )
    assert direct.json()["data"] == around.json()["data"]
    volatile = {"data", "duration", "average_duration"}
    assert direct.json().keys() == around.json().keys()
    assert [{key: v for key, v in a.json().items() if key not in volatile} for a in (direct, around)] == [
        {"is_generating": False, "render_config": None, "changed_state_ids": [], "used_cache": None}
    ] * 2
    names = {name.lower() for name in around.headers}
    assert {name.lower() for name in direct.headers} == names
    error = [
        httpx.post(f"{url}/gradio_api/run/predict_strokes", content='{"data": [7]}', headers={"Content-Type": kind})
        for kind in kinds
    ]
    assert [answer.status_code for answer in error] == [500, 500]


def test_a_script_of_another_site_is_not_let_read_it(url: str) -> None:
    origin = {"Origin": "https://evil.example", "Content-Type": "application/json"}
    body = json.dumps({"data": [DRAWING, "cnn"]})
    answer = httpx.post(f"{url}/gradio_api/run/predict_strokes", content=body, headers=origin)
    assert "access-control-allow-origin" not in answer.headers
