"""How many requests are under way at once: an ASGI layer that knows who asks, and whether they still wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.server.asker import Asker
from ui.server.desk import Desk
from ui.server.limits import api_path, client_address, refusal

#: API calls under way, in all; the next is refused unread.
MOST = 512
#: The same of one address: a class that draws at once.
MOST_EACH = 40
#: Where gradio answers for as long as the visitor stays: each open page has one, and each event of a program.
STREAMS = ("heartbeat/", "queue/data", "call/", "upload_progress")
#: Such answers that are open, in all.
MOST_STREAMS = 1024
#: The same of one address: a class with two pages open each, and some programs.
MOST_STREAMS_EACH = 100
#: Seconds after which a visitor who was refused may ask again.
AGAIN = "1"


class Gate:
    """Refuses calls when too many are under way, and tells the desk who asks and who has gone.

    Args:
        app: what answers the calls.
        desk: opened and closed with the page.
        each: whether the number of calls of one address is bounded, too.
    """

    def __init__(self, app: ASGIApp, desk: Desk, *, each: bool = True) -> None:
        self._app, self._desk = app, desk
        self._calls = Places(MOST, MOST_EACH if each else MOST)
        self._streams = Places(MOST_STREAMS, MOST_STREAMS_EACH if each else MOST_STREAMS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            self._desk.open()
            try:
                await self._app(scope, receive, send)
            finally:
                self._desk.close()
        elif scope["type"] == "http" and api_path(scope):
            calls, stream = scope["method"] == "POST", api_path(scope).startswith(STREAMS)
            places = self._calls if calls else self._streams if stream else None
            if places is None:
                await self._app(scope, receive, send)
            elif reason := places.take(address := client_address(scope)):
                await _refuse(reason, scope, receive, send)
            else:
                try:
                    await (self._call if calls else self._app)(scope, receive, send)
                finally:
                    places.give_back(address)
        else:
            await self._app(scope, receive, send)

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        asker = Asker(client_address(scope))
        scope["asker"] = asker

        async def send_unless_refused(message: Message) -> None:
            if not asker.refused:
                await send(message)

        with asker.asking():
            async with watched(receive, asker) as watching:
                await self._app(scope, watching, send_unless_refused)
        if asker.refused:
            await _refuse("serving.crowded", scope, receive, send)


class Places:
    """A bounded number of places, in all and for each address."""

    def __init__(self, most: int, most_each: int) -> None:
        self._most, self._most_each = most, most_each
        self._taken: Counter[str] = Counter()

    def take(self, address: str) -> str:
        """Take a place; nothing, or the key of the sentence why there is none."""
        if self._taken[address] >= self._most_each:
            return "serving.busy"
        if self._taken.total() >= self._most:
            return "serving.crowded"
        self._taken[address] += 1
        return ""

    def give_back(self, address: str) -> None:
        """Give a place back that was taken."""
        self._taken[address] -= 1
        if not self._taken[address]:
            del self._taken[address]


async def _refuse(key: str, scope: Scope, receive: Receive, send: Send) -> None:
    await refusal(scope, 429, key, headers={"Retry-After": AGAIN})(scope, receive, send)


@asynccontextmanager
async def watched(receive: Receive, asker: Asker) -> AsyncIterator[Receive]:
    """What gives a request's body and then, while the request is answered, waits for its visitor to go."""
    watch: asyncio.Task[Message] | None = None

    async def wait_for_end() -> Message:
        while (message := await receive())["type"] != "http.disconnect":
            pass
        asker.leave()
        return message

    async def receive_watched() -> Message:
        nonlocal watch
        if watch is not None:
            return await asyncio.shield(watch)
        message = await receive()
        if message["type"] == "http.disconnect":
            asker.leave()
        elif not message.get("more_body"):
            watch = asyncio.create_task(wait_for_end())
        return message

    try:
        yield receive_watched
    finally:
        if watch is not None:
            watch.cancel()
