"""How much a visitor may send, and how often: two ASGI layers around gradio's application.

Environment:
    DIGITS_RATE: requests a second that one address may send in the long run; 60 by default, 0 for no limit.
        Load tests, whose requests all come from one machine, set it to 0.
    SPACE_ID: set on Hugging Face Spaces, where X-Forwarded-For ends with the visitor's address and those of proxies.
        Elsewhere the header isn't trusted, since visitors can write it, and the peer's address counts.
    FORWARDED_ALLOW_IPS: uvicorn's setting: addresses of your own proxies, whose X-Forwarded-For it trusts.
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
from ui.server.asker import Asker
from ui.server.quota import MOST_EACH, Quota
from ui.texts import DEFAULT, Texts, languages, texts

MB = 1_000_000
#: Bytes of one uploaded file; gradio counts them.
MAX_FILE = 10 * 2**20
#: Bytes of the body of an upload, which may hold several files.
MAX_UPLOAD = 200 * MB
#: Bytes of any other body. A drawing of 20,000 points with pressure has 1.2 MB.
MAX_BODY = 2 * MB
#: Bytes of a call of the tool (``ui.server.protocol``), whose picture is base64: larger ones than are read, so that
#: who sends one learns why it isn't.
MAX_CALL = 16 * MB
#: Requests a second from one address. The pad sends at most 17: 60 allow three hands that never rest, or a class that
#: draws at its leisure behind one address.
RATE = 60.0
#: Requests that may come at once after a pause, at the default rate; in proportion at others.
BURST = 240.0
#: Seconds that a request waits for its turn before it is refused: a busy page gets slower rather than failing.
MAX_WAIT = 2.0
#: Addresses remembered, some 300 bytes each; the longest silent is forgotten first.
MAX_CLIENTS = 4096
#: The system's errors when there is no room for an upload: a full disk, a quota, the process's own limit.
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: Bytes that an uploaded file takes beside its content, however small: a block of the disk, and one for its folder.
ROOM_OF_A_FILE = 8192
#: Seconds in which a body has to arrive.
BODY_SECONDS = 30.0
#: The same of one with uploads.
UPLOAD_SECONDS = 300.0
#: How many calls' worth a page is, what its script is told of it, and what programs are told of its endpoints: each
#: takes the server so much longer than a call. Files cost nothing.
COSTS = {"/": 6.0, "/config": 4.0, "/config/": 4.0, "/gradio_api/info": 12.0, "/gradio_api/openapi.json": 12.0}
#: Bytes of a body that are one more call's worth: of a drawing gradio takes 5 ms for them, and 3.5 for a short call.
BYTES_A_CALL = 8192
#: The same of a call of the tool, whose body is one text: for a short one gradio takes 4.5 ms, and 14 for each MB.
BYTES_A_TOOL_CALL = 262_144
#: Addresses at the end of X-Forwarded-For that are looked at: as many proxies stand before no page.
MOST_HOPS = 10
#: Languages that a browser speaks, of which a visitor may send thousands.
MOST_LANGUAGES = 20
#: The code of a JSON-RPC error that a server has for itself.
REFUSED = -32000
#: Where the paths of gradio's API begin.
API = "/gradio_api/"


class BodyLimit:
    """Rejects bodies over the limit, counting bytes as they arrive, and bodies that don't arrive.

    It also tells the visitor when there is no room for an upload: on the disk, or in the quota.
    """

    def __init__(self, app: ASGIApp, quota: Quota | None = None) -> None:
        self._app, self._quota = app, quota or Quota()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        upload = api_path(scope).startswith("upload")
        address = client_address(scope)
        most = min(MAX_UPLOAD, self._quota.room(address)) if upload else MAX_CALL if is_call(scope) else MAX_BODY
        if not upload and body_length(scope) > most:
            await refusal(scope, 413, "serving.large", most // MB)(scope, receive, send)
            return
        size, complete, overfilled, late = 0, False, False, False
        end = time.monotonic() + (UPLOAD_SECONDS if upload else BODY_SECONDS)

        async def receive_counted() -> Message:
            nonlocal size, complete, overfilled, late
            try:
                message = await (receive() if complete else asyncio.wait_for(receive(), end - time.monotonic()))
            except asyncio.TimeoutError:
                late, message = True, {"type": "http.disconnect"}
            size += len(message.get("body", b""))
            if upload:
                self._quota.take(address, len(message.get("body", b"")))
            complete = complete or (message["type"] == "http.request" and not message.get("more_body"))
            if size <= most and (complete or message["type"] == "http.request"):
                return message
            # Gradio deletes the part of a file that it has written when the file is too large, but not when the
            # connection breaks off: so an upload that breaks off is made too large first.
            if upload and not overfilled:
                overfilled = True
                return {"type": "http.request", "body": bytes(MAX_FILE + 1), "more_body": True}
            return {"type": "http.disconnect"}

        async def send_if_allowed(message: Message) -> None:
            if size <= most and not late:
                await send(message)

        disk_full = False
        try:
            await self._app(scope, receive_counted, send_if_allowed)
        except ClientDisconnect:
            pass
        except OSError as error:
            disk_full = error.errno in NO_ROOM
            if not disk_full:
                raise
        finally:
            if upload:
                asker = scope.get("asker")  # as the gate has found it meanwhile
                room = ROOM_OF_A_FILE * asker.files if isinstance(asker, Asker) else 0
                self._quota.take(address, room)
                self._quota.settle(address, size + room, kept=complete and size <= most)
        if late:
            await refusal(scope, 408, "serving.late")(scope, receive, send)
        elif size > most and upload and most < MAX_UPLOAD:
            await refusal(scope, 507, "serving.quota", MOST_EACH // MB)(scope, receive, send)
        elif size > most:
            await refusal(scope, 413, "serving.large", most // MB)(scope, receive, send)
        elif disk_full:
            await refusal(scope, 507, "serving.full")(scope, receive, send)


class RateLimit:
    """Limits what each address asks by a token bucket: tokens return at the rate, up to the burst.

    A call that finds no token waits for the next one, or is refused if that would take longer than ``MAX_WAIT``. Pages
    have a bucket of their own: a page that draws too fast can still be loaded anew.
    """

    def __init__(self, app: ASGIApp, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._rate, self._clock = app, rate, clock
        self._burst = max(1.0, rate * BURST / RATE)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when they were counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        price = cost(scope) if scope["type"] == "http" else 0.0
        if price:
            bucket = "" if scope["method"] == "POST" else " pages"
            wait = self.turn(client_address(scope) + bucket, price)
            if wait > MAX_WAIT:
                after = str(math.ceil(wait - MAX_WAIT))
                await refusal(scope, 429, "serving.busy", headers={"Retry-After": after})(scope, receive, send)
                return
            if wait:
                await asyncio.sleep(wait)
        await self._app(scope, receive, send)

    def turn(self, client: str, price: float = 1.0) -> float:
        """Seconds until a client has so many tokens, which are taken unless the wait is too long."""
        now, price = self._clock(), min(price, self._burst)
        tokens, then = self._buckets.pop(client, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        wait = max(0.0, (price - tokens) / self._rate)
        self._buckets[client] = (tokens - price if wait <= MAX_WAIT else tokens, now)
        if len(self._buckets) > MAX_CLIENTS:
            self._buckets.popitem(last=False)
        return wait


def cost(scope: Scope) -> float:
    """How many tokens a request takes; none where it costs the server next to nothing."""
    if scope["method"] in ("GET", "HEAD"):
        return COSTS.get(scope["path"], 0.0)
    if scope["method"] != "POST" or not api_path(scope):
        return 0.0
    if api_path(scope).startswith("upload"):  # written as it comes; the quota bounds it
        return 1.0
    if is_call(scope):
        return 1.0 + min(body_length(scope), MAX_CALL) // BYTES_A_TOOL_CALL
    return 1.0 + min(body_length(scope), MAX_BODY) // BYTES_A_CALL


def body_length(scope: Scope) -> int:
    """Bytes that a body has as its head says; as many as are read where that doesn't say."""
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isdecimal() and len(length) < 10 else MAX_CALL if is_call(scope) else MAX_BODY


def configured_rate() -> float:
    """Requests a second, from DIGITS_RATE or the default; 0 for no limit.

    Raises:
        SettingsError: DIGITS_RATE isn't a number, or is negative or infinite.
    """
    text = os.environ.get("DIGITS_RATE") or str(RATE)
    with suppress(ValueError):
        if 0 <= float(text) < math.inf:
            return float(text)
    raise SettingsError("rate", text=text)


def api_path(scope: Scope) -> str:
    """The part of a request's path behind gradio's API prefix, wherever a proxy puts it; empty for other paths."""
    path: str = scope["path"]
    return path.partition(API)[2]


def is_call(scope: Scope) -> bool:
    """Whether a request calls the tool, where the page has one."""
    return api_path(scope).rstrip("/") == "mcp"


def client_address(scope: Scope) -> str:
    """The address that a request counts for: an IPv4 address, or a /64 network of IPv6, as one home has."""
    hops = [scope["client"][0]] if scope.get("client") else [""]
    if "SPACE_ID" in os.environ:
        hops += ",".join(Headers(scope=scope).getlist("x-forwarded-for")).replace(" ", "").split(",")[-MOST_HOPS:]
    for hop in reversed(hops):
        with suppress(ValueError):
            parsed = ipaddress.ip_address(hop)
            if parsed.is_global:
                return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))
    return hops[0][:64]


def refusal(scope: Scope, status: int, key: str, *values: object, headers: dict[str, str] | None = None) -> Response:
    """A refusal in the browser's language, in the form that gradio's page shows: JSON; plain text for uploads, and a
    JSON-RPC error for the tool."""
    sentence = language(scope)(key, *values)
    if api_path(scope).startswith("upload"):
        return PlainTextResponse(sentence, status, headers)
    if is_call(scope):
        error = {"code": REFUSED, "message": sentence}
        return JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, status, headers)
    return JSONResponse({"error": sentence}, status, headers)


def language(scope: Scope) -> Texts:
    """The strings of the first language in Accept-Language that the page has."""
    spoken = Headers(scope=scope).get("accept-language", "").lower().split(",", MOST_LANGUAGES)[:MOST_LANGUAGES]
    return texts(next((code for name in spoken for code in languages() if name.strip().startswith(code)), DEFAULT))
