"""Calls of the events whose values gradio would pass on as they are, answered without it: an ASGI layer.

Gradio takes twice as long for such a call as all the layers around it. It makes a request, a session's state and an
event of it, walks through its values and its answer, and none of that is looked at. What is asked in a way that isn't
the usual one goes on to gradio, which answers as ever.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import gradio as gr
import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.server.inside import Event
from ui.server.limits import api_path
from ui.server.oneline import report

#: Where events outside the queue are called, in front of their name.
RUN = "run/"
#: The only kind of body that is taken: a script of another site can't send it without having asked.
KIND = "application/json"


class Direct:
    """Answers calls of some events; everything else goes on.

    Args:
        events: by their number, and by their name where that is the first of its name.
    """

    def __init__(self, app: ASGIApp, events: Mapping[int | str, Event]) -> None:
        self._app, self._events = app, events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = api_path(scope) if scope["type"] == "http" and scope["method"] == "POST" else ""
        if not path.startswith(RUN) or Headers(scope=scope).get("content-type") != KIND:
            await self._app(scope, receive, send)
            return
        parts = await parts_of(receive)
        event, values = self._asked(path[len(RUN) :].removesuffix("/"), parts)
        if event is None:
            await self._app(scope, again(parts, receive), send)
            return
        status, content = await answer(event, values)
        del parts, values
        headers = [(b"content-type", KIND.encode()), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _asked(self, name: str, parts: list[Message]) -> tuple[Event | None, list[Any]]:
        """The event that a body asks for, and its values; no event where gradio should look at it."""
        if parts[-1]["type"] != "http.request":  # its visitor has gone
            return None, []
        try:
            body = orjson.loads(b"".join(part.get("body", b"") for part in parts))
        except ValueError:
            return None, []
        values = body.get("data") if isinstance(body, dict) else None
        number = body.get("fn_index") if isinstance(body, dict) else None
        key = name if number is None else number
        event = self._events.get(key) if type(key) in (int, str) and type(number) is not str else None
        if event is None or not isinstance(values, list) or len(values) != event.inputs:
            return None, []
        return event, values


async def parts_of(receive: Receive) -> list[Message]:
    """The messages of a request's body up to its end, or to where it broke off."""
    parts = [await receive()]
    while parts[-1]["type"] == "http.request" and parts[-1].get("more_body"):
        parts.append(await receive())
    return parts


def again(parts: list[Message], receive: Receive) -> Receive:
    """What gives messages once more, and then those that follow."""
    left = parts[::-1]

    async def receive_again() -> Message:
        return left.pop() if left else await receive()

    return receive_again


async def answer(event: Event, values: list[Any]) -> tuple[int, bytes]:
    """The status and the body of an answer, in gradio's form."""
    started = time.monotonic()
    try:
        result = await event.handler(*values)
        data = [result] if event.outputs == 1 else [*result]
        seconds = time.monotonic() - started
        told = {"data": data, "is_generating": False, "duration": seconds, "average_duration": seconds}
        return 200, orjson.dumps({**told, "render_config": None, "changed_state_ids": [], "used_cache": None})
    except gr.Error as error:
        shown = {"error": error.message, "duration": error.duration, "visible": error.visible, "title": error.title}
        return 500, orjson.dumps(shown)
    except Exception as error:
        report(error)
        return 500, orjson.dumps({"error": None})
