"""How many requests are under way at once: an ASGI layer that knows who asks, and whether they still wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.server.asker import ASKER, Asker
from ui.server.desk import Desk
from ui.server.limits import api_path, client_address, refusal

#: API calls under way, in all; the next is refused unread.
MOST = 512
#: The same of one address: a class that draws at once.
MOST_EACH = 40
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
        self._app, self._desk, self._most_each = app, desk, MOST_EACH if each else MOST
        self._under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            self._desk.open()
            try:
                await self._app(scope, receive, send)
            finally:
                self._desk.close()
        elif scope["type"] == "http" and scope["method"] == "POST" and api_path(scope):
            await self._call(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = client_address(scope)
        busy = {"Retry-After": AGAIN}
        if self._under_way[address] >= self._most_each:
            await refusal(scope, 429, "serving.busy", headers=busy)(scope, receive, send)
            return
        if self._under_way.total() >= MOST:
            await refusal(scope, 429, "serving.crowded", headers=busy)(scope, receive, send)
            return
        asker = Asker(address)
        scope["asker"] = asker

        async def send_unless_refused(message: Message) -> None:
            if not asker.refused:
                await send(message)

        self._under_way[address] += 1
        before = ASKER.set(asker)
        try:
            async with watched(receive, asker) as watching:
                await self._app(scope, watching, send_unless_refused)
        finally:
            ASKER.reset(before)
            self._under_way[address] -= 1
            if not self._under_way[address]:
                del self._under_way[address]
        if asker.refused:
            await refusal(scope, 429, "serving.crowded", headers=busy)(scope, receive, send)


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
