"""The files of the parts that are loaded late: an ASGI layer that answers for them."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.components.inside import PATH, asset

#: A file's address changes with its content.
KEPT = "public, max-age=31536000, immutable"


class Assets:
    """Answers for the files below ``PATH``; everything else goes on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = asset(scope["path"]) if scope["type"] == "http" and PATH in scope["path"] else None
        if found is None or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        content, kind = found
        await Response(content, headers={"Content-Type": kind, "Cache-Control": KEPT})(scope, receive, send)
