"""How many calls are under way, and what becomes of those whose visitors have gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from tests.helpers.looping import looped
from ui.server import gate as gates
from ui.server.asker import LeftError, asker
from ui.server.gate import Gate

RUN = "/gradio_api/run/predict"


class Desk:
    """Is opened and closed."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def open(self) -> None:
        self.done.append("open")

    def close(self) -> None:
        self.done.append("close")


def guarded(app: Callable[[Scope, Receive, Send], Awaitable[None]], *, each: bool = True) -> Gate:
    desk: Any = Desk()
    return Gate(app, desk, each=each)


class Call:
    """A visitor's call, who stays until the test says otherwise."""

    def __init__(self, gate: Gate, address: str = "1.1.1.1", path: str = RUN, method: str = "POST") -> None:
        self.gone = asyncio.Event()
        self.sent: list[Message] = []
        self._body: list[Message] = [{"type": "http.request", "body": b"7", "more_body": False}]
        scope = {"type": "http", "method": method, "path": path, "headers": [], "client": (address, 1)}
        self.task = asyncio.ensure_future(gate(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        if self._body:
            return self._body.pop()
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"]) if self.sent else 0

    @property
    def said(self) -> str:
        return str(json.loads(self.sent[1]["body"])["error"])


class App:
    """Answers when the test opens its door, and counts who has gone meanwhile."""

    def __init__(self) -> None:
        self.answers: list[asyncio.Future[None]] = []
        self.open, self.left = False, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.answers.append(answer)
        if self.open:
            answer.set_result(None)
        try:
            await asker().wait_for(answer)
        except LeftError:
            self.left += 1
        await PlainTextResponse("read")(scope, receive, send)

    @property
    def under_way(self) -> int:
        return sum(not answer.done() for answer in self.answers)

    def open_door(self) -> None:
        self.open = True
        for answer in self.answers:
            if not answer.done():
                answer.set_result(None)


async def soon() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.mark.parametrize(("each", "taken"), [(True, 3), (False, 5)])
def test_one_address_has_only_so_many_calls_under_way(each: bool, taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        app = App()
        gate = guarded(app, each=each)
        calls = [Call(gate) for _ in range(7)] + [Call(gate, "1.1.1.2")]
        await soon()
        assert app.under_way == taken + each
        app.open_door()
        await asyncio.gather(*(call.task for call in calls))
        assert [call.status for call in calls[:7]] == [200] * taken + [429] * (7 - taken)
        assert calls[7].status == (200 if each else 429)
        again = Call(gate)
        await again.task
        assert again.status == 200

    monkeypatch.setattr(gates, "MOST", 5)
    monkeypatch.setattr(gates, "MOST_EACH", 3)
    looped(story())


@pytest.mark.parametrize(
    "path", ["heartbeat/a1", "queue/data?session_hash=a1", "call/predict_strokes/a1", "upload_progress?upload_id=a1"]
)
def test_one_address_has_only_so_many_streams(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        app = App()
        gate = guarded(app)
        streams = [Call(gate, path=f"/gradio_api/{path}", method="GET") for _ in range(4)]
        others = [Call(gate), Call(gate, "1.1.1.2", f"/gradio_api/{path}", "GET")]
        await soon()
        assert app.under_way == 2 + 2
        app.open_door()
        await asyncio.gather(*(call.task for call in (*streams, *others)))
        assert [call.status for call in (*streams, *others)] == [200, 200, 429, 429, 200, 200]
        await (again := Call(gate, path=f"/gradio_api/{path}", method="GET")).task
        assert again.status == 200

    monkeypatch.setattr(gates, "MOST_STREAMS_EACH", 2)
    looped(story())


def test_a_call_is_told_when_its_visitor_goes() -> None:
    async def story() -> None:
        app = App()
        gate = guarded(app)
        calls = [Call(gate) for _ in range(3)]
        await soon()
        calls[1].gone.set()
        await soon()
        assert (app.under_way, app.left) == (2, 1)
        app.open_door()
        await asyncio.gather(*(call.task for call in calls))
        assert app.left == 1

    looped(story())


def test_what_the_desk_refuses_is_answered_with_the_time_to_wait() -> None:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        asker().refused = True
        await PlainTextResponse("gradio's own error", 500)(scope, receive, send)

    async def story() -> None:
        call = Call(guarded(refuse))
        await call.task
        assert (call.status, len(call.sent)) == (429, 2)
        assert (b"retry-after", b"1") in call.sent[0]["headers"]
        assert call.said == "Very many are asking at this moment: wait a moment and try again."

    looped(story())


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css"])
def test_whoever_reads_the_page_is_not_counted(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        call = Call(guarded(PlainTextResponse("page")), path=path)
        await call.task
        assert call.status == 200

    monkeypatch.setattr(gates, "MOST", 0)
    looped(story())


def test_the_desk_is_open_as_long_as_the_page_is() -> None:
    desk = Desk()

    async def app(*_: object) -> None:
        assert desk.done == ["open"]

    async def story() -> None:
        page: Any = desk
        await Gate(app, page)({"type": "lifespan"}, App, App)  # type: ignore[arg-type]

    looped(story())
    assert desk.done == ["open", "close"]
