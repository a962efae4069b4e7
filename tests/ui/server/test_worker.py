"""A process that reads is asked, dies, hangs, takes too long, and is there again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import psutil
import pytest

from tests.helpers.looping import looped
from tests.helpers.running import DRAWING
from tests.helpers.server import serving
from tests.helpers.visitor import Visitor, drawing
from ui import readings
from ui.server import worker
from ui.server.asker import ASKER, Asker, BusyError, LeftError
from ui.server.lane import FailedError, Lane, SlowError
from ui.server.worker import Worker

pytestmark = pytest.mark.server

#: Seconds that the process may take to be there, or to be gone.
LONG = 60.0


class One(Lane):
    """A lane of one worker."""

    def __init__(self, *options: str) -> None:
        self.worker = Worker(*options, window=1 if options else 4)
        super().__init__([self.worker], 100, None)


Told = Callable[[One], Coroutine[Any, Any, None]]


def told(story: Told, *options: str) -> None:
    """Run a story with a worker in an event loop of its own, as gradio would."""

    async def tell() -> None:
        lane = One(*options)
        lane.worker.open()
        await asyncio.wait_for(story(lane), LONG)

    looped(tell())


async def ready(lane: One, but: int | None = None) -> int:
    """Its number, once it is there and isn't that one."""
    while lane.worker.pid in (None, but):
        await asyncio.sleep(0.02)
    return lane.worker.pid or 0


def refuse(*_: Any) -> None:
    """A handler that the process doesn't know."""


@pytest.mark.parametrize("options", [(), ("--apart",)], ids=["together", "apart"])
def test_readings_that_are_asked_for_at_once_are_not_mixed_up(options: tuple[str, ...]) -> None:
    async def story(lane: One) -> None:
        found = await asyncio.gather(*(lane.ask(readings.as_json, drawing(number), "cnn") for number in range(40)))
        assert found == [readings.as_json(drawing(number)) for number in range(40)]

    told(story, *options)


def test_a_worker_shows_what_is_shown_here() -> None:
    async def story(lane: One) -> None:
        shown = await lane.ask(readings.show, DRAWING, True, "cnn", True, "zh")
        assert list(shown) == list(readings.show(DRAWING, True, "cnn", True, "zh"))

    told(story)


@pytest.mark.parametrize("strokes", [float("nan"), float("inf"), 10**400, "\ud800", None, [[]], {"a": 1}])
def test_whatever_comes_gets_the_same_sentence_as_here(strokes: Any) -> None:
    async def story(lane: One) -> None:
        payload = {"size": [280, 280], "strokes": strokes}
        assert await lane.ask(readings.as_json, payload, strokes) == readings.as_json(payload, strokes)

    told(story)


@pytest.mark.parametrize("options", [(), ("--apart",)], ids=["together", "apart"])
def test_a_question_that_fails_says_so_in_one_line_and_the_next_is_answered(
    options: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    async def story(lane: One) -> None:
        with pytest.raises(FailedError):
            await lane.ask(refuse, DRAWING)
        assert await lane.ask(readings.as_json, DRAWING, "cnn") == readings.as_json(DRAWING)

    told(story, *options)
    assert capfd.readouterr().err == "a question failed: KeyError: \"'refuse'\"\n"


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_what_no_browser_can_send_fails_alone(value: Any) -> None:
    async def story(lane: One) -> None:
        await ready(lane)
        with pytest.raises(FailedError):
            await lane.ask(readings.as_json, value, "cnn")
        assert (await lane.ask(readings.as_json, DRAWING, "cnn"))["status"] == "digit"

    told(story)


def test_one_that_dies_is_replaced_and_nobody_goes_unanswered() -> None:
    async def story(lane: One) -> None:
        number = await ready(lane)
        asked = [asyncio.ensure_future(lane.ask(readings.as_json, DRAWING, "cnn")) for _ in range(20)]
        await asyncio.sleep(0)
        os.kill(number, signal.SIGTERM)
        assert all(found == readings.as_json(DRAWING) for found in await asyncio.gather(*asked))
        assert await ready(lane, but=number) != number

    told(story)


def test_one_that_hangs_is_killed_and_only_the_question_whose_turn_it_was_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story(lane: One) -> None:
        number = await ready(lane)
        psutil.Process(number).suspend()
        asked = [asyncio.ensure_future(lane.ask(readings.as_json, DRAWING, "cnn")) for _ in range(8)]
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(result) for result in results] == [SlowError] + [dict] * 7
        assert await ready(lane, but=number) != number

    monkeypatch.setattr(worker, "TIMEOUT", 2.0)
    told(story)


class Pipe:
    """Takes what is written."""

    def write(self, _: bytes) -> None:
        """Nothing comes of it."""


def test_the_clock_of_a_question_starts_when_its_turn_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[float] = []

    async def ask() -> None:
        lane = One()
        pipe: Any = Pipe()
        lane.worker._questions = pipe
        asked = [asyncio.ensure_future(lane.ask(readings.as_json, None, "cnn")) for _ in range(5)]
        for _ in asked:  # in all they take longer than one may
            await asyncio.sleep(0.3)
            lane.worker._give(["read"])
        assert await asyncio.gather(*asked) == ["read"] * 5
        assert killed == []
        late = asyncio.ensure_future(lane.ask(readings.as_json, None, "cnn"))
        await asyncio.sleep(1.5)
        assert len(killed) == 1
        late.cancel()

    monkeypatch.setattr(worker, "TIMEOUT", 1.0)
    monkeypatch.setattr(Worker, "_kill", lambda _: killed.append(time.monotonic()))
    looped(ask())


def test_a_visitor_who_leaves_takes_no_other_s_answer() -> None:
    async def story(lane: One) -> None:
        await ready(lane)
        visitor = Asker()
        ASKER.set(visitor)
        leaving = asyncio.ensure_future(lane.ask(readings.as_json, drawing(1), "cnn"))
        ASKER.set(Asker())
        await asyncio.sleep(0)
        visitor.leave()
        assert await lane.ask(readings.as_json, drawing(2), "cnn") == readings.as_json(drawing(2))
        with pytest.raises(LeftError):
            await leaving

    told(story)


@pytest.mark.parametrize("program", ["nothing-of-that-name", "/bin/false" if os.name == "posix" else "where"])
def test_where_it_cannot_be_started_visitors_are_refused_until_it_can(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(lane: One) -> None:
        with pytest.raises(BusyError):
            await lane.ask(readings.as_json, DRAWING, "cnn")
        monkeypatch.undo()
        assert await lane.ask(readings.as_json, DRAWING, "cnn") == readings.as_json(DRAWING)

    monkeypatch.setattr(sys, "executable", program)
    monkeypatch.setattr("ui.server.lane.PATIENCE", 0.5)
    told(story)


def test_one_that_dies_at_once_is_started_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    starts: list[float] = []

    async def dies_at_once(_: Worker) -> None:
        starts.append(time.monotonic())

    async def story(_: One) -> None:
        await asyncio.sleep(1.0)

    monkeypatch.setattr(Worker, "_live_once", dies_at_once)
    told(story)
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert 3 <= len(starts) <= 4
    assert all(later > 1.5 * earlier for earlier, later in pairwise(pauses))


def test_one_that_is_killed_while_it_starts_is_started_again() -> None:
    async def story(lane: One) -> None:
        while not lane.worker._process:
            await asyncio.sleep(0.01)
        lane.worker._process.kill()
        assert await lane.ask(readings.as_json, DRAWING, "cnn") == readings.as_json(DRAWING)

    told(story)


def test_without_pipes_it_is_read_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_pipes(*_: Any) -> None:
        raise NotImplementedError

    async def story(lane: One) -> None:
        assert await lane.ask(readings.as_json, DRAWING, "cnn") == readings.as_json(DRAWING)
        assert lane.worker.pid is None
        with pytest.raises(FailedError):
            await lane.ask(readings.as_json)

    monkeypatch.setattr(Worker, "_live_once", no_pipes)
    told(story)


def test_it_ends_with_its_event_loop() -> None:
    numbers: list[int] = []

    async def story(lane: One) -> None:
        numbers.append(await ready(lane))

    told(story)
    assert not psutil.pid_exists(numbers[0])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_its_page(how: signal.Signals) -> None:
    with serving() as server, Visitor(server) as visitor:
        visitor.run("predict_strokes", DRAWING, "cnn")
        end = time.monotonic() + LONG
        while len(workers := server.process.children(recursive=True)) < 3:
            time.sleep(0.05)
            assert time.monotonic() < end
        server.process.send_signal(how)
        _, left = psutil.wait_procs([server.process, *workers], LONG)
        assert left == []
