"""A second process that reads drawings, so that a page on two cores can respond while it reads.

``python -m ui.server.worker`` is that process. Each line of its input is a request in JSON, ``[handler, values…]``;
each line of its output is the response, ``[result]``, or ``[]`` where the handler raised. It ends with its input.
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

#: The handlers that the process runs, by name.
HANDLERS: dict[str, Callable[..., Any]] = {
    handler.__name__: handler for handler in (readings.show_drawing, readings.speak, readings.as_json)
}
#: The folder that the process is started in, from which it imports.
ROOT = Path(__file__).parent.parent.parent
#: Bytes of the longest response; the page's are some 20 kB.
MAX_RESPONSE = 10_000_000
#: Seconds after which a process that doesn't respond is killed.
TIMEOUT = 10.0


class Worker:
    """The worker process of one event loop, started by its first request and again after it has died.

    Until it is ready, and on Windows, whose event loops don't support its pipes, handlers run in the caller's process.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._life: asyncio.Task[None] | None = None
        self._process: Popen[bytes] | None = None
        self._requests: asyncio.WriteTransport | None = None  # once it is ready
        self._pending: deque[asyncio.Future[bytes]] = deque()

    @property
    def pid(self) -> int | None:
        """The process id, once the process is ready."""
        return self._process.pid if self._process and self._requests else None

    async def run(self, handler: Callable[..., R], *values: Any) -> R:
        """Run a handler of ``HANDLERS`` on values that JSON can hold; a tuple that it returns comes back as a list."""
        loop = asyncio.get_running_loop()
        self._loop = self._loop or loop
        if self._loop is not loop:
            return handler(*values)
        if self._life is None:
            self._life = loop.create_task(self._live())
        process = self._process
        if self._requests is None or process is None:
            return handler(*values)
        line: asyncio.Future[bytes] = loop.create_future()
        self._pending.append(line)
        self._requests.write(json.dumps([handler.__name__, *values]).encode() + b"\n")
        try:
            response: list[R] = json.loads(await asyncio.wait_for(line, TIMEOUT))
        except asyncio.TimeoutError:
            process.kill()
            response = []
        except ConnectionError:
            response = []
        return response[0] if response else handler(*values)  # it raises again here, where gradio sees it

    async def _live(self) -> None:
        """Start the process, match its responses to the requests in their order, and clean up when it ends."""
        responses: asyncio.ReadTransport | None = None
        requests: asyncio.WriteTransport | None = None
        try:
            # Not asyncio's subprocess: cancelled while it starts one, it waits for it for ever (Python 3.11).
            self._process = process = Popen(
                [sys.executable, "-m", "ui.server.worker"], stdin=PIPE, stdout=PIPE, cwd=ROOT
            )
            loop, lines = asyncio.get_running_loop(), asyncio.StreamReader(MAX_RESPONSE)
            responses, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), process.stdout)
            requests, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, process.stdin)
            if await lines.readline():  # its first line says that it is ready
                self._requests = requests
            while line := await lines.readline():
                response = self._pending.popleft()
                if not response.done():  # else its visitor has gone, or it timed out
                    response.set_result(line)
        except (OSError, NotImplementedError, ValueError):  # it can't be started here, or a response is too long
            pass
        finally:
            self._clean_up(responses, requests)

    def _clean_up(self, *pipes: asyncio.BaseTransport | None) -> None:
        for pipe in pipes:
            if pipe is not None:
                pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._requests is not None:  # a process that never got ready isn't started again
            self._life = None
        self._process = self._requests = None
        for response in self._pending:
            if not response.done():
                response.set_exception(ConnectionError("the worker has died"))
        self._pending.clear()


def main() -> int:
    """Respond until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the page, too, which ends this process
    responses = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # so that prints don't mix with the responses
    readings.show_drawing(readings.WARM_UP, DEFAULT_MODEL, False, DEFAULT)  # loads the network and the templates
    responses.write(b"[]\n")
    responses.flush()
    for line in sys.stdin.buffer:
        responses.write(json.dumps(_respond(line)).encode() + b"\n")
        responses.flush()
    return 0


def _respond(line: bytes) -> list[Any]:
    try:
        name, *values = json.loads(line)
        return [HANDLERS[name](*values)]
    except Exception:
        return []


if __name__ == "__main__":
    sys.exit(main())
