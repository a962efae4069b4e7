"""The Model Context Protocol, by which programs find and call the page's tool (``app.py --mcp``).

Gradio gives the place, ``/gradio_api/mcp/``, and the package ``mcp`` speaks. Each call is a POST of its own whose
answer is JSON: nothing is kept between two calls, and no stream stays open.
"""

from __future__ import annotations

import json
from typing import Any

from mcp import types
from mcp.server import Server
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.server import tool
from ui.server.desk import Desk
from ui.server.gate import Places
from ui.server.hosts import is_own
from ui.server.limits import MAX_BODY, api_path, body_length, client_address, is_call, language, refusal
from ui.server.queue import asker_of

#: Where gradio's page asks which tools there are, to show them among the endpoints.
SCHEMA = "mcp/schema"
#: Commas and brackets in a call: a picture's has some twenty, and each more may be a value that takes 100 bytes.
MOST_PARTS = 1000
#: Calls with a large picture that are under way, in all: each takes some 50 MB until its answer.
MOST_LARGE = 4
#: The same of one address.
MOST_LARGE_EACH = 2


def tool_of() -> types.Tool:
    """The tool as programs are told of it."""
    return types.Tool(
        name=tool.NAME,
        title="Read handwritten digits",
        description=tool.DESCRIPTION,
        inputSchema=tool.arguments_schema(),
        outputSchema=tool.ANSWER,
        annotations=types.ToolAnnotations(
            readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False
        ),
    )


def server_of(desk: Desk, title: str, version: str) -> Server[Any, Any]:
    """A server of the one tool.

    Args:
        desk: reads.
        title: the page's, by which programs name it.
        version: the project's.
    """
    server: Server[Any, Any] = Server(title, version=version)

    async def tools(_: types.ListToolsRequest) -> types.ServerResult:
        return types.ServerResult(types.ListToolsResult(tools=[tool_of()]))

    async def call(asked: types.CallToolRequest) -> types.ServerResult:
        request = server.request_context.request
        scope: Scope = request.scope if request is not None else {"headers": []}
        t = language(scope)
        if asked.params.name != tool.NAME:
            return _result(*tool.failure(t("tool.unknown", tool.NAME)))
        with asker_of(request).asking():
            return _result(*await tool.read_digits(desk, asked.params.arguments or {}, t))

    # Not by the server's decorators: they would repeat what was sent in their errors, whatever its length.
    server.request_handlers[types.ListToolsRequest] = tools
    server.request_handlers[types.CallToolRequest] = call
    return server


def _result(sentence: str, reading: dict[str, Any]) -> types.ServerResult:
    """The tool's answer: the sentence, and the object both as text, for programs that know no other, and as it is."""
    texts = [sentence, json.dumps(reading)] if reading["error"] is None else [sentence]
    return types.ServerResult(
        types.CallToolResult(
            content=[types.TextContent(type="text", text=text) for text in texts],
            structuredContent=reading,
            isError=reading["error"] is not None,
        )
    )


class Entrance:
    """The ASGI application at the tool's path: it lets in what the protocol needs, and no more.

    Args:
        handle: speaks the protocol.
        each: whether the large calls of one address are bounded, too.
    """

    def __init__(self, handle: ASGIApp, *, each: bool = True) -> None:
        self._handle = handle
        self._large = Places(MOST_LARGE, MOST_LARGE_EACH if each else MOST_LARGE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = Headers(scope=scope).get("origin")
        if api_path(scope) == SCHEMA and scope["method"] == "GET":
            await JSONResponse([_listed()])(scope, receive, send)
        elif not is_call(scope):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
        elif scope["method"] != "POST":  # a GET would be a stream, which this server has no use for
            answer = PlainTextResponse(language(scope)("tool.here"), 405, {"Allow": "POST"})
            await answer(scope, receive, send)
        elif origin is not None and not is_own(origin):
            await refusal(scope, 403, "serving.origin")(scope, receive, send)
        elif body_length(scope) <= MAX_BODY:
            await self._take(scope, receive, send)
        elif reason := self._large.take(address := client_address(scope)):
            await refusal(scope, 429, reason, headers={"Retry-After": "1"})(scope, receive, send)
        else:
            try:
                await self._take(scope, receive, send)
            finally:
                self._large.give_back(address)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a call on, unless it is of very many parts: of 16 MB of empty lists Python makes 390 MB."""
        body = await body_of(receive)
        if body is None:  # its visitor has gone, or ``BodyLimit`` answers
            return
        if sum(map(body.count, (b",", b"[", b"{"))) > MOST_PARTS:
            await refusal(scope, 400, "tool.wrong", tool.NAME)(scope, receive, send)
            return
        whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        del body  # some 14 MB, which nobody needs once it is parsed

        async def receive_again() -> Message:
            return whole.pop() if whole else await receive()

        await self._handle(scope, receive_again, send)


async def body_of(receive: Receive) -> bytes | None:
    """A request's body; nothing where it broke off."""
    parts = []
    while (message := await receive())["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
    return None


def _listed() -> dict[str, Any]:
    """The tool in the form in which gradio's page shows it."""
    meta = {"file_data_present": False, "mcp_type": "tool", "endpoint_name": tool.NAME}
    given = {"name": tool.NAME, "description": tool.DESCRIPTION, "inputSchema": tool.arguments_schema()}
    return {**given, "meta": meta}
