"""The page's end of a process that reads: it is started, asked, killed when it takes too long, and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections import deque
from contextvars import Context
from pathlib import Path
from subprocess import PIPE, Popen

import orjson
from anyio import CapacityLimiter, to_thread

from ui.server.lane import FailedError, Question, Reader, SlowError
from ui.server.reading import SLOW, pack

#: The folder that the process is started in, from which it imports.
ROOT = Path(__file__).parents[__name__.count(".")]
#: Bytes of the longest answer; the page's are some 20 kB.
MAX_ANSWER = 10_000_000
#: Seconds after which a process that doesn't answer the question whose turn it is is killed. The process has a limit of
#: processor time of its own, which is shorter; this one is for a process that hangs.
TIMEOUT = 30.0
#: Seconds after which a process that has died is started again; doubled each time, …
FIRST_PAUSE = 0.1
#: … up to so many.
LONGEST_PAUSE = 30.0
#: Seconds after which a process that lives is no longer held to be one that dies at once.
SETTLED = 10.0


class Worker(Reader):
    """A process that answers questions in their order.

    Where event loops don't support a process' pipes, as on Windows, questions are answered in a thread.

    Args:
        options: of ``python -m ui.server.reading``.
        window: questions that the process is given at once, so that it never waits for the next.
    """

    def __init__(self, *options: str, window: int = 1) -> None:
        self._options, self._window = options, window
        self._life: asyncio.Task[None] | None = None
        self._process: Popen[bytes] | None = None
        self._questions: asyncio.WriteTransport | None = None  # once it is ready
        self._taken: deque[Question] = deque()
        self._clock: asyncio.TimerHandle | None = None
        self._too_slow = False
        self._threads: CapacityLimiter | None = None  # where there can be no process

    @property
    def pid(self) -> int | None:
        """The process id, once the process is ready."""
        return self._process.pid if self._process and self._questions else None

    @property
    def has_room(self) -> bool:
        """Whether it takes one more question."""
        return (self._questions is not None or self._threads is not None) and len(self._taken) < self._window

    def open(self) -> None:
        """Start the process, in the running event loop."""
        if self._life is None:
            self._life = asyncio.get_running_loop().create_task(self._live())

    def close(self) -> None:
        """End the process, and start it no more."""
        if self._life is not None:
            self._life.cancel()

    def take(self, question: Question) -> None:
        """Ask the process."""
        try:
            line = b"" if self._questions is None else pack(question.handler, *question.values)
        except (ValueError, TypeError, RecursionError):  # nothing that JSON holds
            question.fail(FailedError())
            self.lane.done(question)
            return
        self._taken.append(question)
        if self._questions is None:
            asyncio.get_running_loop().create_task(self._take_in_thread(question))
            return
        self._questions.write(line)
        if len(self._taken) == 1:
            self._start_clock()

    def _start_clock(self) -> None:
        """The time of the first question begins: those behind it wait for it, not for their own answer."""
        if self._clock is not None:
            self._clock.cancel()
        loop, nobody_s = asyncio.get_running_loop(), Context()  # with a visitor's it would keep what he has sent
        self._clock = loop.call_later(TIMEOUT, self._kill_slow, context=nobody_s) if self._taken else None

    def _kill_slow(self) -> None:
        self._too_slow = True
        self._kill()

    def _kill(self) -> None:
        """End the process, and what it has started."""
        if self._process is None or self._process.poll() is not None:
            return
        if hasattr(os, "killpg"):
            os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()

    def _give(self, answer: object) -> None:
        """The process' answer to its first question."""
        question = self._taken.popleft()
        self._start_clock()
        self.lane.done(question)
        if isinstance(answer, list) and answer:
            question.give(answer[0])
        else:
            question.fail(SlowError() if answer == SLOW else FailedError())
        self.lane.feed()

    async def _take_in_thread(self, question: Question) -> None:
        try:
            question.give(await to_thread.run_sync(question.handler, *question.values, limiter=self._threads))
        except Exception:
            question.fail(FailedError())
        self._taken.remove(question)
        self.lane.done(question)
        self.lane.feed()

    async def _live(self) -> None:
        """Start the process whenever there is none, after longer and longer pauses while it dies at once."""
        pause = FIRST_PAUSE
        while True:
            started = time.monotonic()
            try:
                await self._live_once()
            except NotImplementedError:  # of this event loop's pipes
                self._threads = CapacityLimiter(self._window)
                self.lane.feed()
                return
            except (OSError, ValueError) as error:  # it can't be started now, or an answer is too long
                print(f"a process that reads has ended: {str(error)[:200]}", file=sys.stderr)
            if time.monotonic() - started > SETTLED:
                pause = FIRST_PAUSE
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _live_once(self) -> None:
        """One process from its start to its end: match its answers to the questions in their order."""
        answers: asyncio.ReadTransport | None = None
        questions: asyncio.WriteTransport | None = None
        try:
            # Not asyncio's subprocess: cancelled while it starts one, it waits for it for ever (Python 3.11).
            self._process = process = Popen(
                [sys.executable, "-m", f"{__package__}.reading", *self._options],
                stdin=PIPE,
                stdout=PIPE,
                cwd=ROOT,
                start_new_session=True,  # so that it can be killed with what it has started
            )
            loop, lines = asyncio.get_running_loop(), asyncio.StreamReader(MAX_ANSWER)
            answers, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), process.stdout)
            questions, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, process.stdin)
            if await lines.readline():  # its first line says that it is ready
                self._questions = questions
                self.lane.feed()
            while line := await lines.readline():
                self._give(orjson.loads(line))
        finally:
            self._clean_up(answers, questions)

    def _clean_up(self, *pipes: asyncio.BaseTransport | None) -> None:
        """The process is gone: its first question may be why, the others go to the next."""
        for pipe in pipes:
            if pipe is not None:
                pipe.close()
        self._kill()
        status = self._process.wait() if self._process is not None else 0
        slow = self._too_slow or status == -getattr(signal, "SIGPROF", 0)
        self._process = self._questions = None
        self._too_slow = False
        if self._clock is not None:
            self._clock.cancel()
        taken, self._taken = self._taken, deque()
        if slow and taken:
            first = taken.popleft()
            first.fail(SlowError())
            self.lane.done(first)
        for question in reversed(taken):
            self.lane.again(question)
