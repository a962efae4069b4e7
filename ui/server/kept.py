"""The page and its configuration, made once for each address under which the page is known, and kept.

Gradio makes both anew for each visitor, in 15 to 60 ms.
"""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.server.memory import Recent

#: Paths that are kept; every visitor gets the same there.
PATHS = ("/", "/config", "/config/")
#: Names under which the page is known that are remembered.
MOST = 16
#: Headers from which gradio finds the page's own address, which stands in both.
ABOUT = ("host", "x-forwarded-host", "x-forwarded-proto")


class Kept:
    """Answers from memory what doesn't change while the page is served."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._answers: Recent[list[Message]] = Recent(MOST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if key is None:
            await self._app(scope, receive, send)
            return
        # Gradio's own parameters lead to what this page hasn't; the others are its script's.
        scope = {**scope, "query_string": b""}
        if key in self._answers:
            for message in self._answers[key]:
                await send({**message, "headers": [*message["headers"]]} if "headers" in message else message)
            return
        sent: list[Message] = []

        async def send_kept(message: Message) -> None:
            sent.append({**message, "headers": [*message["headers"]]} if "headers" in message else {**message})
            await send(message)

        await self._app(scope, receive, send_kept)
        if sent and sent[0].get("status") == 200 and not sent[-1].get("more_body"):
            self._answers[key] = sent


def _key(scope: Scope) -> str | None:
    """What an answer depends on; ``None`` where it isn't kept."""
    if scope["path"] not in PATHS:
        return None
    headers = Headers(scope=scope)
    about: list[Any] = [scope["path"], scope.get("scheme"), scope.get("root_path")]
    key = repr(about + [headers.getlist(name) for name in ABOUT])
    return key if len(key) < 1000 else None
