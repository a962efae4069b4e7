"""How many connections are open, and for how long nothing may come by one: below all requests, where uvicorn has them.

A connection that asks for nothing, or never ends the head of its request, holds a descriptor of the process; with none
left nobody is served.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import Counter
from typing import Any

#: Connections of one address: a class behind one address, each with the six that a browser opens at most.
MOST_EACH = 256
#: Of the process's file descriptors, the share that connections may take.
SHARE = 0.75
#: Descriptors that the process asks the system for.
DESCRIPTORS = 4096
#: Where the system doesn't say how many there are.
FEW = 256
#: Seconds between two looks at a connection: between whose two looks no request has begun or gone on is closed.
SECONDS = 10.0


class Connections:
    """Counts the connections of each address, and closes those that nothing comes by.

    Args:
        each: whether those of one address are bounded; not where a proxy stands in front, of whose all are.
    """

    def __init__(self, *, each: bool) -> None:
        self._each = each
        self._most = int(SHARE * descriptors())
        self._open: Counter[str] = Counter()
        self._looks: dict[Any, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        return len(self._looks)

    def add(self, protocol: Any) -> None:
        """A connection has been made; it is closed at once where there are too many."""
        address = _address(protocol)
        if len(self) >= self._most or (self._each and self._open[address] >= MOST_EACH):
            protocol.transport.abort()
            return
        self._open[address] += 1
        self._look_later(protocol, None)

    def discard(self, protocol: Any) -> None:
        """A connection has ended."""
        look = self._looks.pop(protocol, None)
        if look is None:
            return
        look.cancel()
        address = _address(protocol)
        self._open[address] -= 1
        if not self._open[address]:
            del self._open[address]

    def _look_later(self, protocol: Any, seen: object) -> None:
        loop = asyncio.get_running_loop()
        self._looks[protocol] = loop.call_later(SECONDS, self._look, protocol, seen)

    def _look(self, protocol: Any, seen: object) -> None:
        """Close a connection whose last request had been answered when it was looked at before, too."""
        request = protocol.cycle
        if request is not None and not request.response_complete:
            self._look_later(protocol, self)  # anything but its last request
        elif request is seen:
            protocol.transport.abort()
        else:
            self._look_later(protocol, request)


def descriptors() -> int:
    """How many file descriptors the process may have; it asks for more where there are few."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if few < DESCRIPTORS:
            wanted = DESCRIPTORS if most == resource.RLIM_INFINITY else min(DESCRIPTORS, most)
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
            few = wanted
        return few
    return FEW


def come_through_a_proxy() -> bool:
    """Whether all connections come from a proxy: on Hugging Face Spaces, or where one of one's own is named."""
    return "SPACE_ID" in os.environ or bool(os.environ.get("FORWARDED_ALLOW_IPS"))


def _address(protocol: Any) -> str:
    return str(protocol.client[0]) if protocol.client else ""
