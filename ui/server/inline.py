"""Small drawings are read by another process, or where they arrive, and everything else in a thread.

A reading shares Python with the event loop wherever it runs in the same process: in threads each waits for the other
at every step. On two cores, with those who ask, a page reads 290 small drawings a second in the event loop, 500 in
another process.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread

from ui.server.serving import THREADS
from ui.server.worker import Worker

R = TypeVar("R")

#: Events' values come and go as they are: gradio takes each through a thread, seven for one look at a drawing.
#: So a handler checks what it is given: anyone may send anything.
AS_IS: dict[str, Any] = {"preprocess": False, "postprocess": False}

#: A digit or two. Of hundreds of scrawls within these bounds the slowest took 0.07 s;
#: nobody else is answered meanwhile.
MOST_STROKES, MOST_POINTS = 3, 600


def inline(handler: Callable[..., R], worker: Worker | None = None) -> Callable[..., Awaitable[R]]:
    """A handler, whose first value is a drawing or something else to read, as gradio awaits it."""

    @wraps(handler)
    async def answer(*values: Any) -> R:
        if is_small(values[0]):
            return await worker.run(handler, *values) if worker else handler(*values)
        return await to_thread.run_sync(handler, *values, limiter=_limiter())

    return answer


@lru_cache
def _limiter() -> CapacityLimiter:
    return CapacityLimiter(THREADS)


def is_small(source: Any) -> bool:
    """Whether this is a drawing of few strokes and points, or at least as short as one."""
    try:
        strokes = source["strokes"]
        return len(strokes) <= MOST_STROKES and sum(len(stroke["points"]) for stroke in strokes) <= MOST_POINTS
    except (TypeError, LookupError):
        return source is None
