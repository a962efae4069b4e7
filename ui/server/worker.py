"""Drawings are read in a process of their own, so that a page on two cores answers while it reads.

``python -m ui.server.worker`` is that process: each line that comes in asks for one answer, ``[name, values…]`` in
JSON, and each line that goes out is one, ``[answer]``, or ``[]`` where something went wrong. It ends when nobody asks
any more.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, TypeVar

from model.reading.store import DEFAULT_MODEL
from ui import readings
from ui.texts import DEFAULT

R = TypeVar("R")

#: What the process can be asked for.
HANDLERS: dict[str, Callable[..., Any]] = {
    handler.__name__: handler for handler in (readings.show_drawing, readings.speak, readings.tell)
}
ROOT = Path(__file__).parent.parent.parent
#: Bytes of the longest answer; the page's are some 20 kB.
LONGEST = 10_000_000
#: Seconds after which a process that doesn't answer is given up.
PATIENCE = 10.0


class Worker:
    """The other process, for the event loop in which it was first asked; started then, or again when it has died.

    While it isn't there, handlers run where they are asked for; on Windows, whose event loops don't take its pipes,
    always.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._life: asyncio.Task[None] | None = None
        self._process: Popen[bytes] | None = None
        self._questions: asyncio.WriteTransport | None = None  # once it is ready
        self._asked: deque[asyncio.Future[bytes]] = deque()

    @property
    def number(self) -> int | None:
        """The process' number, once it is ready."""
        return self._process.pid if self._process and self._questions else None

    async def run(self, handler: Callable[..., R], *values: Any) -> R:
        """What a handler of ``HANDLERS`` makes of JSON values; what it returns comes back as from JSON, too."""
        loop = asyncio.get_running_loop()
        self._loop = self._loop or loop
        if self._loop is not loop:
            return handler(*values)
        if self._life is None:
            self._life = loop.create_task(self._live())
        process = self._process
        if self._questions is None or process is None:
            return handler(*values)
        answer: asyncio.Future[bytes] = loop.create_future()
        self._asked.append(answer)
        self._questions.write(json.dumps([handler.__name__, *values]).encode() + b"\n")
        try:
            found: list[R] = json.loads(await asyncio.wait_for(answer, PATIENCE))
        except asyncio.TimeoutError:
            process.kill()
            found = []
        except ConnectionError:
            found = []
        return found[0] if found else handler(*values)  # here it fails again, where gradio is told

    async def _live(self) -> None:
        """Start the process, hand its answers on in the order of the questions, and clear up after it."""
        answers: asyncio.ReadTransport | None = None
        questions: asyncio.WriteTransport | None = None
        try:
            # Not asyncio's own: cancelled while it starts a process, it waits for it for ever (Python 3.11).
            self._process = process = Popen(
                [sys.executable, "-m", "ui.server.worker"], stdin=PIPE, stdout=PIPE, cwd=ROOT
            )
            loop, lines = asyncio.get_running_loop(), asyncio.StreamReader(LONGEST)
            answers, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), process.stdout)
            questions, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, process.stdin)
            if await lines.readline():  # its first line says that it is ready
                self._questions = questions
            while line := await lines.readline():
                answer = self._asked.popleft()
                if not answer.done():  # else its visitor has gone, or was told already
                    answer.set_result(line)
        except (OSError, NotImplementedError, ValueError):  # it can't be started here, or its answer is too long
            pass
        finally:
            self._clear_up(answers, questions)

    def _clear_up(self, *pipes: asyncio.BaseTransport | None) -> None:
        for pipe in pipes:
            if pipe is not None:
                pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._questions is not None:  # one that never was ready isn't tried again
            self._life = None
        self._process = self._questions = None
        for answer in self._asked:
            if not answer.done():
                answer.set_exception(ConnectionError("the worker has died"))
        self._asked.clear()


def main() -> int:
    """Answer until the questions end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the page, too, which ends this process
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # so that nothing else is printed among them
    readings.show_drawing(readings.WARM_UP, DEFAULT_MODEL, False, DEFAULT)  # loads the network and the templates
    answers.write(b"[]\n")
    answers.flush()
    for line in sys.stdin.buffer:
        answers.write(json.dumps(_answer(line)).encode() + b"\n")
        answers.flush()
    return 0


def _answer(line: bytes) -> list[Any]:
    try:
        name, *values = json.loads(line)
        return [HANDLERS[name](*values)]
    except Exception:
        return []


if __name__ == "__main__":
    sys.exit(main())
