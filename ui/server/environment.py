"""What is set before gradio and numpy are imported: the environment variables that they read, and the memory's care."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os

#: The limit of numbers that have no other.
LARGEST = 999_999_999
#: Set unless the environment says otherwise.
DEFAULTS = {
    # No request leaves this machine for another.
    "GRADIO_ANALYTICS_ENABLED": "False",
    # No statistics of the queue: gradio keeps 10,000 events for them and recomputes them from all after each event.
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(LARGEST),
    # One thread a reading: a second gains nothing on one digit, and visitors share the cores.
    "OMP_NUM_THREADS": "1",
}
#: The largest value of each of gradio's numbers; on any other text gradio ends with a traceback.
LIMITS = {
    **dict.fromkeys(("GRADIO_SERVER_PORT", "GRADIO_NUM_PORTS", "GRADIO_NODE_NUM_PORTS"), 65535),
    **dict.fromkeys(("GRADIO_ANALYTICS_MAX_EVENTS", "GRADIO_ANALYTICS_CACHE_FREQUENCY"), LARGEST),
}
#: Of glibc's mallopt, from its malloc.h: how many heaps threads may have, …
M_ARENA_MAX = -8
#: … and from how many bytes on a block has pages of its own, which go back to the system when it is freed.
M_MMAP_THRESHOLD = -3
#: Glibc begins with so many, too, but raises them when such a block is freed, and then keeps the room of later ones.
LARGE_BLOCK = 131_072


def prepare() -> str | None:
    """Set what the environment leaves open; return a sentence on the first value that is wrong, if there is one.

    Until ``imported`` nothing looks for garbage: in what is imported there is next to none, and looking for it takes a
    sixth of the start.
    """
    gc.disable()
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if "MALLOC_ARENA_MAX" not in os.environ:
        share_heap()
    for name, most in LIMITS.items():
        value = os.environ.get(name, "1")
        if not (value.isascii() and value.isdecimal() and len(value) < 10 and 0 < int(value) <= most):
            return f"{name} is {value!r}: give a number from 1 to {most}"
    return None


def imported() -> None:
    """What is there by now stays, and isn't looked through for garbage with what comes and goes."""
    gc.freeze()
    gc.enable()


def share_heap() -> None:
    """Let all threads allocate from one heap, where malloc is glibc's; it is too late for MALLOC_ARENA_MAX.

    With a heap of its own each thread keeps the room of the largest picture that it ever read: a server takes 15 MB
    more after 600 visitors, and answers no faster.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):  # another system's malloc
        malloc = ctypes.CDLL(None)
        malloc.mallopt(M_ARENA_MAX, 1)
        malloc.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)
