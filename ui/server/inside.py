"""Everything inside gradio, and uvicorn below it, that this page replaces: names that they don't promise to keep.

Each is replaced by ``replace``, which refuses a name that isn't there. So a page whose gradio has renamed one isn't
served without its bounds: it doesn't start, and says why in one line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio import mcp as gradio_mcp
from gradio import processing_utils, queueing, route_utils, routes, state_holder, tunneling
from starlette.types import ASGIApp
from typing_extensions import override
from uvicorn.protocols.http import auto

from model.errors import PictureError, SettingsError
from ui.server import oneline
from ui.server.connections import Connections
from ui.server.forms import File, Form
from ui.server.memory import MAX_PROGRESS, AlwaysEmpty, Recent, Session, Signals
from ui.server.queue import Queue, Sessions

#: What uvicorn talks to a browser with.
PROTOCOL = auto.AutoHTTPProtocol


@dataclass(frozen=True)
class Event:
    """An event of the page, such as a drawing to be read.

    Attributes:
        handler: takes as many values as ``inputs``, and returns one, or ``outputs`` of them.
    """

    handler: Callable[..., Awaitable[Any]]
    inputs: int
    outputs: int


def replace(owner: Any, name: str, value: Any) -> None:
    """Replace what gradio has under a name.

    Raises:
        SettingsError: it has nothing of that name.
    """
    check(owner, name)
    setattr(owner, name, value)


def replace_class(owner: Any, name: str, value: type) -> None:
    """Replace one of gradio's classes by a subclass, whose overriding methods it must have.

    Raises:
        SettingsError: it has no such class, or not all of the methods.
    """
    check(owner, name)
    for method, function in vars(value).items():
        if getattr(function, "__override__", False):
            check(value.__base__, method)
    setattr(owner, name, value)


def check(owner: Any, name: str) -> None:
    """See that gradio has something of a name.

    Raises:
        SettingsError: it hasn't.
    """
    if not hasattr(owner, name):
        place = owner.__name__ if hasattr(owner, "__name__") else type(owner).__name__
        raise SettingsError("other-gradio", name=f"{place}.{name}", version=gr.__version__)


async def fetch_nothing(*_: object, **__: object) -> str:
    """In the place of gradio's own download: it would fetch any URL that is sent for a file, of any size, into memory.

    Raises:
        gr.Error: always.
    """
    raise gr.Error(str(PictureError("picture-at-address")), print_exception=False)


def prepare() -> None:
    """Replace what all pages share; before a page gets its queue.

    Raises:
        SettingsError: this gradio has other names.
    """
    replace_class(queueing, "Queue", Queue)
    replace_class(state_holder, "SessionState", Session)
    replace_class(route_utils, "GradioUploadFile", File)
    replace_class(route_utils, "GradioMultiPartParser", Form)
    check(tunneling, "CURRENT_TUNNELS")
    for module in (routes, queueing):
        replace(module, "traceback", oneline)  # of which they call print_exc
    replace(processing_utils, "async_ssrf_protected_download", fetch_nothing)
    replace(routes.file_upload_statuses, "_statuses", Recent(MAX_PROGRESS))
    replace(routes.file_upload_statuses, "_signals", Signals(MAX_PROGRESS))


def forget_visitors(demo: gr.Blocks) -> gr.Blocks:
    """Replace the collections in which gradio remembers a page's visitors; return the same page.

    Without this and ``prepare`` gradio keeps of each of the last sessions every component's latest value, pictures
    included. And until the page ends it keeps: the path of each upload, twice, to delete it, which
    ``ui.server.process`` does by age; of each session that ever waited in the queue its messages (the last 2,000, 4 kB
    each) and its events; and 1 kB for each upload that began or whose progress was asked for.

    Raises:
        SettingsError: this gradio has other names.
    """
    queue: Any = demo._queue
    replace(queue, "pending_messages_per_session", Sessions(queue.busy, asyncio.Queue))
    replace(queue, "pending_event_ids_session", Sessions(queue.busy, set))
    replace(demo, "upload_file_set", AlwaysEmpty())
    replace(demo, "temp_file_sets", [])
    for block in demo.blocks.values():
        replace(block, "temp_files", AlwaysEmpty())
    return demo


def events_as_they_are(demo: gr.Blocks) -> dict[int | str, Event]:
    """The events of a page whose values gradio passes on as they are: by number, and by name if first of that name.

    Raises:
        SettingsError: this gradio has other names.
    """
    events: dict[int | str, Event] = {}
    names: set[Any] = set()
    for number, function in demo.fns.items():
        for name in ("fn", "api_name", "preprocess", "postprocess", "queue", "inputs", "outputs"):
            check(function, name)
        if not (function.preprocess or function.postprocess or function.queue) and function.fn is not None:
            event = Event(function.fn, len(function.inputs), len(function.outputs))
            events[number] = event
            if isinstance(function.api_name, str) and function.api_name not in names:
                events[function.api_name] = event
        names.add(function.api_name)
    return events


def limit_connections(connections: Connections) -> None:
    """Let uvicorn tell of each connection that begins and ends.

    Raises:
        SettingsError: this uvicorn has other names.
    """

    class Limited(PROTOCOL):  # type: ignore[misc, valid-type] # which of two is found by what is installed
        @override
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            connections.add(self)

        @override
        def connection_lost(self, exc: Exception | None) -> None:
            connections.discard(self)
            super().connection_lost(exc)

    replace_class(auto, "AutoHTTPProtocol", Limited)


def offer_tool(server_of: Callable[[], Any], entrance: Callable[[ASGIApp], ASGIApp]) -> None:
    """Let gradio serve one tool, in the place of every endpoint of the page as one of its own.

    Gradio's way to them is by files: it saves what was sent, fetches from addresses, and asks its own page over HTTP.
    It also has an older form of the protocol, with streams that stay open.

    Args:
        server_of: makes the package mcp's server of the tool.
        entrance: the ASGI application at its path, made of what speaks the protocol; it bounds what that is given.

    Raises:
        SettingsError: this gradio has other names.
    """

    class OneTool(gradio_mcp.GradioMCPServer):
        def __init__(self, blocks: gr.Blocks) -> None:
            super().__init__(blocks)
            replace(self.manager, "json_response", True)
            # Its own bound of a body is below this page's, and keeps a second copy of it.
            check(self.manager, "_handle_request")
            replace(self.manager, "asgi_app", self.manager._handle_request)

        @override
        def create_mcp_server(self) -> Any:
            return server_of()

        @override
        def get_tool_to_endpoint(self) -> dict[str, str]:
            return {}

        @override
        def launch_mcp_on_sse(self, app: Any, subpath: str, root_path: str) -> None:
            app.mount(subpath, entrance(self.manager.handle_request))

    replace_class(gradio_mcp, "GradioMCPServer", OneTool)


def check_tool(demo: gr.Blocks) -> None:
    """See that gradio serves the tool; where it can't, it serves the page without it, and says nothing.

    Raises:
        SettingsError: it doesn't.
    """
    check(demo, "mcp_server_obj")
    if demo.mcp_server_obj is None:
        raise SettingsError("no-tool-server", reason=demo.mcp_error)


def end_within(demo: gr.Blocks, seconds: int) -> None:
    """Let a page that is served wait at most so long for its last answers once it is to end.

    Without a limit uvicorn waits for visitors who never read what they have asked for.

    Raises:
        SettingsError: this gradio, or its uvicorn, has other names.
    """
    check(demo, "server")
    check(demo.server, "config")
    replace(demo.server.config, "timeout_graceful_shutdown", seconds)


def end_tunnels() -> None:
    """End the programs that make public links."""
    for tunnel in tunneling.CURRENT_TUNNELS:
        tunnel.kill()
