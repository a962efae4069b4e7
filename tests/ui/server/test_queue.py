"""Gradio's queue keeps who waits in it, bounds each address, and goes on after an error."""

from __future__ import annotations

import asyncio
import contextlib
import time
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from gradio.queueing import Queue as Original

from tests.helpers.looping import looped
from tests.helpers.running import DRAWING, ROOT
from tests.helpers.server import Server, serving
from tests.helpers.visitor import BusyError, Visitor
from ui.server import queue as queues
from ui.server.asker import Asker, asker
from ui.server.queue import MOST_EACH, Queue, Sessions

Busy = set[str]


def sessions(busy: Busy) -> Sessions[int]:
    return Sessions(lambda: busy, lambda: -1)


def test_a_session_with_an_event_is_kept_however_many_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "MAX_SESSIONS", 3)
    kept = sessions({"waiting", "running"})
    kept["waiting"] = kept["running"] = 1
    for number in range(50):
        kept[str(number)] = number
    assert [*kept] == ["waiting", "running", "49"]


def test_the_least_recently_used_session_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "MAX_SESSIONS", 3)
    kept = sessions(set())
    for number in range(10):
        kept[str(number)] = number
        assert kept["0"] == 0
    assert [*kept] == ["8", "9", "0"]


def test_what_has_been_forgotten_is_empty_and_no_error() -> None:
    kept = sessions(set())
    assert kept["gone"] == -1
    assert "gone" not in kept


def queue() -> Any:
    blocks: Any = SimpleNamespace()
    return Queue(live_updates=True, concurrency_count=4, update_intervals=1, max_size=20, blocks=blocks)


@pytest.mark.parametrize("name", ["start_processing", "start_progress_updates", "notify_clients"])
def test_a_task_that_dies_is_started_again(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def story() -> int:
        mine, runs = queue(), 0

        async def task(self: Any) -> None:
            nonlocal runs
            runs += 1
            self.stopped = True  # as gradio's does at its end
            if runs < 3:
                raise KeyError("session")

        monkeypatch.setattr(Original, name, task)
        await asyncio.wait_for(getattr(mine, name)(), 10)
        return runs

    assert looped(story()) == 3
    assert capsys.readouterr().err == "a task of the queue is started again: KeyError('session')\n" * 2


def event(session: str, address: str, **named: Any) -> Any:
    """An event as gradio's queue holds it."""
    request = SimpleNamespace(scope={"asker": Asker(address)})
    return SimpleNamespace(session_hash=session, _id=session, request=request, alive=True, **named)


def test_one_address_has_only_so_many_events_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    async def push(*_: Any) -> tuple[bool, str, str]:
        return True, "id", "success"

    async def story() -> None:
        mine, body = queue(), SimpleNamespace()
        for number in range(MOST_EACH):
            mine.event_ids_to_events[str(number)] = event(str(number), "1.1.1.1")
        refused = await mine.push(body, event("x", "1.1.1.1").request, None)
        taken = await mine.push(body, event("x", "1.1.1.2").request, None)
        assert (refused[0], refused[2], taken[0]) == (False, "queue_full", True)

    monkeypatch.setattr(Original, "push", push)
    looped(story())


def test_an_event_is_asked_for_by_who_sent_it_until_they_go(monkeypatch: pytest.MonkeyPatch) -> None:
    async def process(*_: Any) -> None:
        asked.append(asker())

    async def story() -> None:
        mine, mine_waits = queue(), event("mine", "1.1.1.1")
        mine.event_ids_to_events["mine"] = mine_waits
        await mine.process_events([mine_waits], False, 0.0, None)
        await mine.clean_events(session_hash="other")
        assert asked == [mine_waits.request.scope["asker"]]
        assert not asked[0]._left
        await mine.clean_events(session_hash="mine")
        assert asked[0]._left

    asked: list[Asker] = []
    monkeypatch.setattr(Original, "process_events", process)
    looped(story())


@pytest.mark.server
def test_a_flood_of_the_queue_ends_nobody_s_event() -> None:
    content = (ROOT / "examples" / "3-drawn.png").read_bytes()
    with serving() as server, httpx.Client(base_url=server.url, timeout=60) as client, Visitor(server) as honest:
        photo = honest.upload("3.png", content)
        for number in range(4):
            with Visitor(server, f"table-{number}") as visitor:
                visitor._post("/gradio_api/queue/join", visitor.body("read_several", [photo] * 8, "en", None))
        body = {"data": [DRAWING, "cnn"]}
        statuses = {client.post("/gradio_api/call/predict_strokes", json=body).status_code for _ in range(130)}
        assert statuses == {200, 503}
        assert ">3.png<" in table_of(server, photo)
        assert server.tracebacks == []


def table_of(server: Server, photo: dict[str, Any]) -> str:
    """What a visitor gets who tries again while there is no room."""
    for _ in range(200):
        with contextlib.suppress(BusyError), Visitor(server) as visitor:
            return str(visitor.wait_for("read_several", [photo], "en", None)["rows"])
        time.sleep(0.5)
    raise TimeoutError
