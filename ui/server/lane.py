"""Questions that wait for a reader: a bounded number in all and of each address, taken from each address in turn."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

from ui.server.asker import BusyError, asker

#: Seconds that a question waits for its turn before it is refused.
PATIENCE = 15.0
#: How often a question is asked again whose reader has died.
TRIES = 2


class SlowError(Exception):
    """A question took the reader too long."""


class FailedError(Exception):
    """The reader died of a question, or raised what no handler should raise."""


@dataclass(eq=False)
class Question:
    """A handler to run on values, the first of which is what is to be read."""

    address: str
    handler: Callable[..., Any]
    values: tuple[Any, ...]
    answer: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    tries: int = 0

    def give(self, answer: Any) -> None:
        """Answer it, unless nobody waits any more."""
        if not self.answer.done():
            self.answer.set_result(answer)

    def fail(self, error: Exception) -> None:
        """Say why there is no answer, unless nobody waits any more."""
        if not self.answer.done():
            self.answer.set_exception(error)


class Reader:
    """Who answers a lane's questions: see ``ui.server.worker.Worker``."""

    lane: Lane

    def open(self) -> None:
        """Begin, in the running event loop."""

    def close(self) -> None:
        """End."""

    @property
    def has_room(self) -> bool:
        """Whether it takes one more question."""
        return False

    def take(self, question: Question) -> None:
        """Answer a question, tell the lane when it is done."""


class Lane:
    """Questions for readers that are alike.

    Args:
        readers: who answer.
        most: questions that wait, in all.
        most_each: of one address; ``None`` for no such bound.
        running_each: that are being answered at once for one address; ``None`` for no such bound.
    """

    def __init__(
        self, readers: Sequence[Reader], most: int, most_each: int | None, running_each: int | None = None
    ) -> None:
        self.readers, self._most, self._most_each = readers, most, most_each or most
        self._running_each = running_each or most
        self._waiting: OrderedDict[str, deque[Question]] = OrderedDict()  # by address; whose turn is next, first
        self._running: Counter[str] = Counter()
        for reader in readers:
            reader.lane = self

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    async def ask(self, handler: Callable[..., Any], *values: Any) -> Any:
        """The answer of a handler.

        Raises:
            BusyError: too many wait, or it waited too long.
            LeftError: the visitor has gone meanwhile.
            SlowError: it was stopped, because it took too long.
            FailedError: it went wrong.
        """
        visitor = asker()
        question = Question(visitor.address, handler, values)
        self._forget_answered()
        if len(self) >= self._most or len(self._waiting.get(visitor.address, ())) >= self._most_each:
            raise BusyError
        self._waiting.setdefault(visitor.address, deque()).append(question)
        # A timer keeps its context, and so what its visitor sent, until its time has come, even when it is cancelled.
        clock = asyncio.get_running_loop().call_later(PATIENCE, self._refuse, question, context=Context())
        self.feed()
        try:
            return await visitor.wait_for(question.answer)
        finally:
            clock.cancel()
            question.answer.cancel()  # where its asker was cancelled while it waits

    def feed(self) -> None:
        """Give questions to readers as long as both are there."""
        for reader in self.readers:
            while reader.has_room and (question := self._next()):
                self._running[question.address] += 1
                reader.take(question)

    def done(self, question: Question) -> None:
        """A reader is done with a question, whatever came of it."""
        self._running[question.address] -= 1
        if self._running[question.address] <= 0:
            del self._running[question.address]

    def again(self, question: Question) -> None:
        """A question whose reader has died goes to another one, before all others, but not for ever."""
        self.done(question)
        question.tries += 1
        if question.tries > TRIES:
            question.fail(FailedError())
            return
        self._waiting.setdefault(question.address, deque()).appendleft(question)
        self._waiting.move_to_end(question.address, last=False)

    def _next(self) -> Question | None:
        """The first question of the address whose turn it is."""
        for address in [*self._waiting]:
            questions = self._waiting[address]
            while questions and questions[0].answer.done():  # its visitor has gone
                questions.popleft()
            if not questions:
                del self._waiting[address]
            elif self._running[address] < self._running_each:
                self._waiting.move_to_end(address)
                return questions.popleft()
        return None

    def _forget_answered(self) -> None:
        """Drop the questions of visitors who have gone: they take no other's place."""
        for address, questions in [*self._waiting.items()]:
            left = [question for question in questions if not question.answer.done()]
            self._waiting[address] = deque(left)
            if not left:
                del self._waiting[address]

    def _refuse(self, question: Question) -> None:
        if any(question in questions for questions in self._waiting.values()):
            question.fail(BusyError())
