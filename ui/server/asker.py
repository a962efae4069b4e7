"""Who asks: the visitor behind a request, known wherever the request's work is done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from ui.texts import texts


class LeftError(Exception):
    """Whoever asked has gone, and nobody waits for the answer."""


class BusyError(gr.Error):
    """There is no room for one more question; the gate answers 429 in its place."""

    def __init__(self) -> None:
        super().__init__(texts()("serving.crowded"), print_exception=False)


@dataclass(eq=False)
class Asker:
    """A visitor's request.

    Attributes:
        address: for which it counts.
        refused: whether there was no room for one of its questions.
        files: how many it uploads.
    """

    address: str = ""
    refused: bool = False
    files: int = 0
    _left: bool = False
    _answers: set[asyncio.Future[Any]] = field(default_factory=set)

    async def wait_for(self, answer: asyncio.Future[Any]) -> Any:
        """An answer, once it is there.

        Raises:
            LeftError: the visitor has gone.
        """
        if self._left:
            raise LeftError
        self._answers.add(answer)
        try:
            return await answer
        finally:
            self._answers.discard(answer)

    @contextmanager
    def asking(self) -> Iterator[None]:
        """What is asked meanwhile counts for this visitor, also in a task that began elsewhere."""
        before = ASKER.set(self)
        try:
            yield
        finally:
            ASKER.reset(before)

    def leave(self) -> None:
        """The visitor has gone: give up every answer that is waited for."""
        self._left = True
        for answer in self._answers:
            if not answer.done():
                answer.set_exception(LeftError())


#: The asker of the request that is being answered.
ASKER: ContextVar[Asker] = ContextVar("asker")


def asker() -> Asker:
    """Who asks; somebody without an address where nobody is known to."""
    return ASKER.get(None) or Asker()
