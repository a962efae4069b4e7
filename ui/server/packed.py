"""The page's files, compressed once for all visitors and kept.

Gradio compresses a file anew for each visitor, in the event loop: its largest takes 80 ms with Brotli, and 180 with
gzip. What has an encoding already, gradio passes on.
"""

from __future__ import annotations

import asyncio
import gzip
from collections import OrderedDict

import brotli
from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Where the files lie.
FILES = "/assets/"
#: Ends of the names of those that gradio compresses, too; pictures and fonts are compressed already.
SUFFIXES = (".js", ".css", ".json", ".svg", ".html", ".txt")
#: As gradio compresses; slower levels take 5 % less room.
BROTLI_QUALITY, GZIP_LEVEL = 4, 6
#: Bytes that are kept, in all; gradio's own files come to 7 MB with each of the two.
MOST = 32_000_000
#: Bytes that are handed on at once. A whole file of 1.4 MB for each of 64 visitors who don't read it is a copy each.
PIECE = 64 * 1024


class Packed:
    """Answers with files from memory, the least recently asked for forgotten first."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: OrderedDict[tuple[str, str], list[Message]] = OrderedDict()
        self._size = 0
        self._one = asyncio.Lock()  # one file after another, and none twice

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _is_file(scope["path"]):
            await self._app(scope, receive, send)
            return
        # A part of a file would be compressed for each visitor, so that all of it is sent.
        scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in (b"range", b"if-range")]}
        encoding = encoding_of(Headers(scope=scope).get("accept-encoding", ""))
        if not encoding:
            await self._app(scope, receive, send)
            return
        key = scope["path"], encoding
        if key not in self._kept:
            async with self._one:
                if key not in self._kept:
                    messages = await self._ask(scope, receive)
                    if messages[0]["status"] != 200:
                        for message in messages:
                            await send(message)
                        return
                    self._keep(key, await to_thread.run_sync(_pack, messages, encoding))
        self._kept.move_to_end(key)
        start, body = self._kept[key]
        await send({**start, "headers": [*start["headers"]]})
        await send_in_pieces(body["body"], send)

    async def _ask(self, scope: Scope, receive: Receive) -> list[Message]:
        """The answer as the start and one body."""
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, collect)
        body = b"".join(message.get("body", b"") for message in messages[1:])
        return [messages[0], {"type": "http.response.body", "body": body}]

    def _keep(self, key: tuple[str, str], messages: list[Message]) -> None:
        self._kept[key] = messages
        self._size += len(messages[1]["body"])
        while self._size > MOST and len(self._kept) > 1:
            _, (_, body) = self._kept.popitem(last=False)
            self._size -= len(body["body"])


async def send_in_pieces(content: bytes, send: Send) -> None:
    """Send a body so that little of it waits in memory for a visitor who doesn't read."""
    for start in range(0, max(1, len(content)), PIECE):
        end = start + PIECE
        await send({"type": "http.response.body", "body": content[start:end], "more_body": end < len(content)})
        await asyncio.sleep(0)  # a connection that is lost is known only then; writing to it would be logged each time


def _is_file(path: str) -> bool:
    return path.startswith(FILES) and path.endswith(SUFFIXES)


def encoding_of(accepted: str) -> str:
    """The encoding that gradio would choose by what a browser accepts; none if it accepts neither."""
    return "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""


def _pack(messages: list[Message], encoding: str) -> list[Message]:
    start, body = messages
    content = body["body"]
    if encoding == "br":
        packed = brotli.compress(content, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
    else:
        packed = gzip.compress(content, GZIP_LEVEL, mtime=0)
    start = {**start, "headers": [*start["headers"]]}
    headers = MutableHeaders(scope=start)
    headers["Content-Encoding"], headers["Content-Length"] = encoding, str(len(packed))
    headers.add_vary_header("Accept-Encoding")
    return [start, {"type": "http.response.body", "body": packed}]
