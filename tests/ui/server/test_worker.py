from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

import psutil
import pytest

from model.errors import StrokesError
from tests.helpers.looping import looped
from tests.helpers.running import DRAWING, ROOT
from tests.helpers.server import serving
from tests.helpers.visitor import Visitor, drawing
from ui import readings
from ui.server import worker
from ui.server.worker import Worker

pytestmark = pytest.mark.server

#: Seconds that the process may take to be there, or to be gone.
LONG = 30.0
Told = Callable[[Worker], Coroutine[Any, Any, None]]


def told(story: Told) -> None:
    """Run a story with a worker in an event loop of its own, as gradio would."""

    async def tell() -> None:
        await asyncio.wait_for(story(Worker()), LONG)

    looped(tell())


async def ready(other: Worker, but: int | None = None) -> int:
    """Its number, once it is there and isn't that one."""
    while other.pid in (None, but):
        await other.run(readings.as_json, DRAWING, "cnn")
        await asyncio.sleep(0.02)
    return other.pid or 0


def refuse(*_: Any) -> None:
    """A handler that the process doesn't know."""
    raise StrokesError("strokes-no-object")


def test_a_worker_reads_what_is_read_here() -> None:
    async def story(other: Worker) -> None:
        await ready(other)
        for number in range(20):
            assert await other.run(readings.as_json, drawing(number), "cnn") == readings.as_json(drawing(number))
        shown = await other.run(readings.show_drawing, DRAWING, "cnn", True, "zh")
        assert list(shown) == list(readings.show_drawing(DRAWING, "cnn", True, "zh"))

    told(story)


def test_it_is_the_other_process_that_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(other: Worker) -> None:
        await ready(other)
        monkeypatch.delattr(readings, "recognizer")
        assert (await other.run(readings.as_json, DRAWING, "cnn"))["status"] == "digit"

    told(story)


def test_readings_that_are_asked_for_at_once_are_not_mixed_up() -> None:
    async def story(other: Worker) -> None:
        await ready(other)
        found = await asyncio.gather(*(other.run(readings.as_json, drawing(number), "cnn") for number in range(40)))
        assert found == [readings.as_json(drawing(number)) for number in range(40)]

    told(story)


def test_until_it_is_there_it_is_read_here() -> None:
    async def story(other: Worker) -> None:
        assert await other.run(readings.as_json, DRAWING, "cnn") == readings.as_json(DRAWING)
        assert other.pid is None

    told(story)


@pytest.mark.parametrize("strokes", [float("nan"), float("inf"), 10**400, "\ud800", None, [[]], {"a": 1}])
def test_whatever_comes_gets_the_same_sentence_as_here(strokes: Any) -> None:
    async def story(other: Worker) -> None:
        await ready(other)
        payload = {"size": [280, 280], "strokes": strokes}
        assert await other.run(readings.as_json, payload, strokes) == readings.as_json(payload, strokes)

    told(story)


def test_what_goes_wrong_there_is_raised_here() -> None:
    async def story(other: Worker) -> None:
        await ready(other)
        with pytest.raises(StrokesError, match="aren't an object"):
            await other.run(refuse, DRAWING)
        assert await other.run(readings.as_json, DRAWING, "cnn") == readings.as_json(DRAWING)

    told(story)


def test_one_that_dies_is_replaced_and_nobody_goes_unanswered() -> None:
    async def story(other: Worker) -> None:
        number = await ready(other)
        asked = [asyncio.ensure_future(other.run(readings.as_json, DRAWING, "cnn")) for _ in range(20)]
        await asyncio.sleep(0)
        os.kill(number, signal.SIGTERM)
        assert all(found == readings.as_json(DRAWING) for found in await asyncio.gather(*asked))
        assert await ready(other, but=number) != number

    told(story)


def test_one_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(other: Worker) -> None:
        number = await ready(other)
        monkeypatch.setattr(worker, "TIMEOUT", 0.2)
        psutil.Process(number).suspend()
        assert await other.run(readings.as_json, DRAWING, "cnn") == readings.as_json(DRAWING)
        monkeypatch.undo()
        assert await ready(other, but=number) != number

    told(story)


def test_a_visitor_who_leaves_takes_no_other_s_answer() -> None:
    async def story(other: Worker) -> None:
        await ready(other)
        leaving = asyncio.ensure_future(other.run(readings.as_json, drawing(1), "cnn"))
        await asyncio.sleep(0)
        leaving.cancel()
        assert await other.run(readings.as_json, drawing(2), "cnn") == readings.as_json(drawing(2))

    told(story)


@pytest.mark.parametrize("program", ["nothing-of-that-name", "/bin/false" if os.name == "posix" else "where"])
def test_where_it_cannot_be_started_it_is_read_here(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(other: Worker) -> None:
        for _ in range(20):
            assert await other.run(readings.as_json, DRAWING, "cnn") == readings.as_json(DRAWING)
            await asyncio.sleep(0.02)
        assert other.pid is None

    monkeypatch.setattr(sys, "executable", program)
    told(story)


def test_another_event_loop_reads_for_itself() -> None:
    async def ask() -> Any:
        return await other.run(readings.as_json, DRAWING, "cnn")

    async def elsewhere(_: Worker) -> None:
        await ready(other)
        assert await asyncio.get_running_loop().run_in_executor(None, asyncio.run, ask()) == readings.as_json(DRAWING)

    other = Worker()
    told(elsewhere)


def test_it_ends_with_its_event_loop() -> None:
    numbers: list[int] = []

    async def story(other: Worker) -> None:
        numbers.append(await ready(other))

    told(story)
    assert not psutil.pid_exists(numbers[0])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_its_page(how: signal.Signals) -> None:
    with serving() as server, Visitor(server) as visitor:
        end = time.monotonic() + LONG
        while not (workers := server.process.children()):
            visitor.run("predict_strokes", DRAWING, "cnn")
            assert time.monotonic() < end
        server.process.send_signal(how)
        _, left = psutil.wait_procs([server.process, *workers], LONG)
        assert left == []


def test_the_process_answers_line_by_line_and_ignores_ctrl_c() -> None:
    asked = [["as_json", DRAWING, "cnn"], ["nothing"], ["as_json"], ["speak", None, "cnn", "en"]]
    lines = "".join(json.dumps(question) + "\n" for question in asked) + "no json\n7\n"
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.server.worker"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout and process.stdout.readline() == "[]\n"  # noqa: PT018 - for mypy
        process.send_signal(signal.SIGINT)
        answers, _ = process.communicate(lines, LONG)
    found = [json.loads(line) for line in io.StringIO(answers)]
    assert found == [[readings.as_json(DRAWING)], [], [], [readings.speak(None, "cnn", "en")], [], []]
    assert process.returncode == 0


def test_the_process_needs_neither_gradio_nor_torch() -> None:
    code = "import sys, ui.server.worker; print([name for name in ('gradio', 'torch') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
