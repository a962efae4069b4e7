"""How much a visitor may send, and how often: two layers around the application that gradio makes.

Environment:
    DIGITS_RATE: requests a second that one address may send in the long run: 60 unless it says otherwise, 0 for any
        number. Tests of a page under load, all from one machine, want 0.
    SPACE_ID: set on Hugging Face Spaces, where X-Forwarded-For ends with the visitor's address and those of proxies.
        Elsewhere a visitor may have written that header, and the peer's address counts.
    FORWARDED_ALLOW_IPS: uvicorn's: addresses of your own proxies, whose X-Forwarded-For is believed.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import math
import os
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model.errors import SettingsError
from ui.texts import DEFAULT, Texts, languages, texts

MB = 1_000_000
#: Bytes of one uploaded file, which gradio counts.
MOST_FILE = 10 * 2**20
#: Bytes of a body: files that come together, anything else. A drawing of 20,000 points with pressure has 1.2 MB.
MOST_UPLOAD, MOST_BODY = 200 * MB, 2 * MB
#: Requests a second, and how many may come at once after a pause. The pad sends at most 17 a second: 60 are three
#: hands that never rest, or a class that draws at its leisure behind one address.
RATE, AT_ONCE = 60.0, 240.0
#: Seconds that a request waits for its turn before it is refused: a page in use gets slower, it doesn't fail.
PATIENCE = 2.0
#: Addresses remembered, some 300 bytes each; the one that was silent for longest is forgotten first.
MOST_CLIENTS = 4096
#: What the system says when an upload has no room: the disk is full, or what the process may use of it.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
API = "/gradio_api/"


class Bounded:
    """No body that is larger than is read: counted as it comes, whatever its Content-Length says or doesn't.

    Of one that the disk has no room for the visitor is told, too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        upload = called(scope).startswith("upload")
        most = MOST_UPLOAD if upload else MOST_BODY
        size, whole, broken = 0, False, False

        async def take() -> Message:
            nonlocal size, whole, broken
            message = await receive()
            size += len(message.get("body", b""))
            whole = whole or (message["type"] == "http.request" and not message.get("more_body"))
            if size <= most and (whole or message["type"] == "http.request"):
                return message
            if upload and not broken:  # gradio deletes what has come of a file that is too large, not of one that ends
                broken = True
                return {"type": "http.request", "body": bytes(MOST_FILE + 1), "more_body": True}
            return {"type": "http.disconnect"}

        async def answer(message: Message) -> None:
            if size <= most:
                await send(message)

        full = False
        try:
            await self._app(scope, take, answer)
        except ClientDisconnect:
            pass
        except OSError as error:
            full = error.errno in NO_ROOM
            if not full:
                raise
        if size > most:
            await refusal(scope, 413, "serving.large", most // MB)(scope, receive, send)
        elif full:
            await refusal(scope, 507, "serving.full")(scope, receive, send)


class Rated:
    """Work for each address at a bounded rate: it saves up turns while it rests, and may wait for its next."""

    def __init__(self, app: ASGIApp, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._rate, self._clock = app, rate, clock
        self._most = max(1.0, rate * AT_ONCE / RATE)
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and called(scope):
            wait = self.turn(address(scope))
            if wait > PATIENCE:
                after = str(math.ceil(wait - PATIENCE))
                await refusal(scope, 429, "serving.busy", headers={"Retry-After": after})(scope, receive, send)
                return
            if wait:
                await asyncio.sleep(wait)
        await self._app(scope, receive, send)

    def turn(self, client: str) -> float:
        """Seconds until the next turn of a client, which is taken if that is within its patience."""
        now = self._clock()
        saved, then = self._clients.pop(client, (self._most, now))
        saved = min(self._most, saved + (now - then) * self._rate)
        wait = max(0.0, (1 - saved) / self._rate)
        self._clients[client] = (saved - 1 if wait <= PATIENCE else saved, now)
        if len(self._clients) > MOST_CLIENTS:
            self._clients.popitem(last=False)
        return wait


def asked_rate() -> float:
    """The rate that DIGITS_RATE asks for.

    Raises:
        SettingsError: it is no rate.
    """
    text = os.environ.get("DIGITS_RATE") or str(RATE)
    with suppress(ValueError):
        if 0 <= float(text) < math.inf:
            return float(text)
    raise SettingsError("rate", text=text)


def called(scope: Scope) -> str:
    """What is asked of gradio's API, behind whatever path a proxy adds; nothing for the page and its files."""
    path: str = scope["path"]
    return path.partition(API)[2]


def address(scope: Scope) -> str:
    """Where a request comes from: an IPv4 address, or the network of an IPv6 one: each home has 2⁶⁴ of them."""
    hops = [scope["client"][0]] if scope.get("client") else [""]
    if "SPACE_ID" in os.environ:
        hops += ",".join(Headers(scope=scope).getlist("x-forwarded-for")).replace(" ", "").split(",")
    for hop in reversed(hops):
        with suppress(ValueError):
            found = ipaddress.ip_address(hop)
            if found.is_global:
                return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
    return hops[0][:64]


def refusal(scope: Scope, status: int, key: str, *values: object, headers: dict[str, str] | None = None) -> Response:
    """A sentence in the shape that the page shows: JSON, and for uploads plain text."""
    sentence = language(scope)(key, *values)
    if called(scope).startswith("upload"):
        return PlainTextResponse(sentence, status, headers)
    return JSONResponse({"error": sentence}, status, headers)


def language(scope: Scope) -> Texts:
    """The strings of the browser's language."""
    spoken = Headers(scope=scope).get("accept-language", "").lower().split(",")
    return texts(next((code for name in spoken for code in languages() if name.strip().startswith(code)), DEFAULT))
