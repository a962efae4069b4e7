"""Gradio's queue, which programs go through that use its client: no session in it is forgotten, no one fills it alone.

The page's own events don't wait here, but at the desk.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from gradio import queueing
from typing_extensions import override

from ui.server.asker import ASKER, Asker

V = TypeVar("V")

#: Sessions whose queued events are kept beside those that have one waiting or running.
MAX_SESSIONS = 100
#: Of one address, the events that may wait at once.
MOST_EACH = 8
#: Seconds after which a task of the queue that has died is started again.
PAUSE = 0.1


class Sessions(OrderedDict[str, V]):
    """A mapping by session that forgets the least recently used one, but none that has an event waiting or running.

    Args:
        busy: the sessions that have one.
        nothing: what is found in the place of what has been forgotten; nothing comes of what is done to it.
    """

    def __init__(self, busy: Callable[[], set[str]], nothing: Callable[[], V]) -> None:
        super().__init__()
        self._busy, self._nothing = busy, nothing

    def __getitem__(self, key: str) -> V:
        if key not in self:
            return self._nothing()
        self.move_to_end(key)
        return super().__getitem__(key)

    def __setitem__(self, key: str, value: V) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        over = len(self) - MAX_SESSIONS
        if over > 0:
            busy = self._busy() | {key}
            for old in [other for other in self if other not in busy][:over]:
                del self[old]


class Queue(queueing.Queue):
    """Gradio's queue with bounds of one address, sessions that are kept while they wait, and tasks that live."""

    def busy(self) -> set[str]:
        """The sessions with an event that waits or runs."""
        return {event.session_hash for event in self.event_ids_to_events.values()}

    @override
    async def push(self, body: Any, request: Any, username: str | None) -> tuple[bool, Any, Any]:
        """Put an event into the queue, unless its address has too many there."""
        address = asker_of(request).address
        waiting = Counter(asker_of(event.request).address for event in self.event_ids_to_events.values())
        if address and waiting[address] >= MOST_EACH:
            return False, f"Queue is full. Max size for one address is {MOST_EACH}.", "queue_full"
        return await super().push(body, request, username)

    @override
    async def process_events(self, events: list[Any], *values: Any) -> None:
        """Run events in the name of who asked for them."""
        ASKER.set(asker_of(events[0].request))
        await super().process_events(events, *values)

    @override
    async def clean_events(self, *, session_hash: str | None = None, event_id: str | None = None) -> None:
        """Forget the events of a visitor who has gone, and stop what runs for them."""
        for event in [*self.event_ids_to_events.values()]:
            if event.session_hash == session_hash or event._id == event_id:
                asker_of(event.request).leave()
        await super().clean_events(session_hash=session_hash, event_id=event_id)

    @override
    async def start_processing(self) -> None:
        """Take events from the queue as long as the page is there."""
        await self._live(super().start_processing)

    @override
    async def start_progress_updates(self) -> None:
        """Tell of progress as long as the page is there."""
        await self._live(super().start_progress_updates)

    @override
    async def notify_clients(self) -> None:
        """Tell whose turn comes when as long as the page is there."""
        await self._live(super().notify_clients)

    async def _live(self, task: Callable[[], Awaitable[None]]) -> None:
        """Start a task again whenever an error ends it: without it every program would wait for ever."""
        while not self.stopped:
            try:
                await task()
            except Exception as error:
                print(f"a task of the queue is started again: {error!r:.200}", file=sys.stderr)
                self.stopped = False  # as gradio's task sets it at its end
                await asyncio.sleep(PAUSE)


def asker_of(request: Any) -> Asker:
    """Who sent a request; somebody without an address where the gate hasn't seen it."""
    asker = getattr(request, "scope", {}).get("asker")
    return asker if isinstance(asker, Asker) else Asker()
