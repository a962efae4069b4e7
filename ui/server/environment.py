"""What gradio and numpy find in the environment when they are imported."""

from __future__ import annotations

import contextlib
import ctypes
import os

#: Of numbers that have no other bound.
LARGEST = 999_999_999
#: No request leaves this machine for another. One thread a reading: a second gains nothing on one digit, and visitors
#: share the cores. No figures of the queue, which nobody asks for: gradio keeps a record of 10,000 events for them, and
#: computes them anew from all of these after each.
DEFAULTS = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(LARGEST),
    "OMP_NUM_THREADS": "1",
}
#: Of gradio's numbers, where each goes to; of any other text gradio would make a traceback.
MOST = {
    **dict.fromkeys(("GRADIO_SERVER_PORT", "GRADIO_NUM_PORTS", "GRADIO_NODE_NUM_PORTS"), 65535),
    **dict.fromkeys(("GRADIO_ANALYTICS_MAX_EVENTS", "GRADIO_ANALYTICS_CACHE_FREQUENCY"), LARGEST),
}
#: Of glibc's mallopt, from its malloc.h: how many heaps threads may have.
M_ARENA_MAX = -8


def prepare() -> str | None:
    """Fill in what the environment leaves open; one sentence on what is wrong with the rest, if anything."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if "MALLOC_ARENA_MAX" not in os.environ:
        share_heap()
    for name, most in MOST.items():
        value = os.environ.get(name, "1")
        if not (value.isascii() and value.isdecimal() and len(value) < 10 and 0 < int(value) <= most):
            return f"{name} is {value!r}: give a number from 1 to {most}"
    return None


def share_heap() -> None:
    """Let all threads of this process allocate from one heap, where malloc is glibc's; it reads its variable earlier.

    Else each thread has one of its own, which keeps the room of the largest pictures that it ever read: with those, a
    server that has had 600 visitors takes 15 MB more. It answers as fast with either.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another system's malloc
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
