"""Where a handler runs: small drawings in the worker process or the event loop, everything else in a thread.

A reading in a thread competes with the event loop for the GIL at every step. On two cores, clients included, the page
reads 290 small drawings a second in the event loop, and 500 in the worker process.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread

from ui.server.serving import THREADS
from ui.server.worker import Worker

R = TypeVar("R")

#: For events whose values gradio passes on unprocessed: it would take each through a thread, seven for one reading.
#: Such a handler must check its values itself: anyone may send anything.
AS_IS: dict[str, Any] = {"preprocess": False, "postprocess": False}

#: Strokes of a small drawing: a digit or two. Within this bound and the next the slowest of hundreds of scrawls took
#: 0.07 s, in which the event loop answers nobody else.
SMALL_STROKES = 3
#: Points of a small drawing, in all its strokes.
SMALL_POINTS = 600


def inline(handler: Callable[..., R], worker: Worker | None = None) -> Callable[..., Awaitable[R]]:
    """A coroutine function for gradio that runs a handler in the right place.

    Args:
        handler: its first value is what is to be read.
        worker: where small drawings are read; ``None`` for the event loop.
    """

    @wraps(handler)
    async def run(*values: Any) -> R:
        if is_small(values[0]):
            return await worker.run(handler, *values) if worker else handler(*values)
        return await to_thread.run_sync(handler, *values, limiter=_limiter())

    return run


@lru_cache
def _limiter() -> CapacityLimiter:
    return CapacityLimiter(THREADS)


def is_small(source: Any) -> bool:
    """Whether this is an empty pad or no longer than a drawing of few strokes and points; it is not checked further."""
    try:
        strokes = source["strokes"]
        return len(strokes) <= SMALL_STROKES and sum(len(stroke["points"]) for stroke in strokes) <= SMALL_POINTS
    except (TypeError, LookupError):
        return source is None
