"""Under which names the page answers: an ASGI layer that refuses others.

Environment:
    DIGITS_HOSTS: names by which visitors may ask for the page, separated by commas, such as ``digits.example.org``.
        Without it the page answers to any name; gradio writes the one that it was asked by into the page.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.server.limits import refusal

#: Where the name stands by which a visitor, or the proxy in front of the page, asks.
NAMES = ("host", "x-forwarded-host")
#: This machine's own names.
OWN = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Hosts:
    """Answers only to some names.

    Args:
        app: what answers.
        names: in lower case, without a port.
    """

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            asked = {_name(part) for header in NAMES for text in headers.getlist(header) for part in text.split(",")}
            if not asked or asked - self._names:
                await refusal(scope, 421, "serving.host")(scope, receive, send)
                return
        await self._app(scope, receive, send)


def configured_hosts() -> frozenset[str]:
    """The names in DIGITS_HOSTS and this machine's own, by which gradio sees whether the page is up; or none."""
    given = {_name(text) for text in os.environ.get("DIGITS_HOSTS", "").split(",")} - {""}
    return OWN | given if given else frozenset()


def is_own(origin: str) -> bool:
    """Whether a script may ask from an origin: one of this machine, or of a name that DIGITS_HOSTS gives.

    That it is the page's own by its Host isn't enough: a name of a stranger may lead to this machine (DNS rebinding).
    """
    try:
        place = urlsplit(origin)
    except ValueError:
        return False
    return place.scheme in ("http", "https") and _name(place.netloc) in OWN | configured_hosts()


def _name(text: str) -> str:
    """A host's name without its port."""
    text = text.strip().lower()
    return text.partition("]")[0] + "]" if text.startswith("[") else text.partition(":")[0]
