"""What a browser is given before Gradio's scripts: the style and the tags of the page's head."""

from __future__ import annotations

import re
from functools import lru_cache

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.theme import css

#: Gradio's own tags for links that are shared, of which it writes two sets.
SHARED = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')


class Shell:
    """Puts the page's own head into Gradio's page. Within the guard, which gives scripts their nonce."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}  # of a page's response, held back until its length is known
        page = bytearray()

        async def send_page(message: Message) -> None:
            if message["type"] == "http.response.start":
                if MutableHeaders(scope=message).get("content-type", "").startswith("text/html"):
                    start.update(message)
                    return
            elif start:
                page.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                body = with_head(bytes(page))
                MutableHeaders(scope=start)["Content-Length"] = str(len(body))
                await send(start)
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await self._app(scope, receive, send_page if scope["type"] == "http" else send)


def with_head(page: bytes) -> bytes:
    """Gradio's page with the head of ours."""
    return SHARED.sub(b"", page).replace(b"</head>", _head() + b"</head>", 1)


@lru_cache
def _head() -> bytes:
    return f"<style>\n{css()}</style>\n".encode()
