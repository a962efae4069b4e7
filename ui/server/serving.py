"""How gradio serves the page: its launch options, security headers, closed routes, the limits of ``limits.py``."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import gradio
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.components.translate import Translated
from ui.server.assets import Assets
from ui.server.desk import Desk
from ui.server.direct import Direct
from ui.server.gate import Gate
from ui.server.hosts import Hosts, configured_hosts
from ui.server.inside import Event
from ui.server.kept import Kept
from ui.server.limits import MAX_FILE, BodyLimit, RateLimit, api_path
from ui.server.oneline import report, shorten_logs
from ui.server.packed import Packed
from ui.server.quota import Quota
from ui.shell import Shell, changing, with_head
from ui.views import examples

#: Gradio's routes that this page doesn't use and closes: they run ffmpeg on what is sent, fetch from other hosts for
#: anyone, write what a page shows to the disk, or print on the server's terminal. Files need no list: gradio serves
#: only its own and those in its folder for uploads.
CLOSED_ROUTES = (
    *("component_server", "custom_component", "deep_link", "dev/", "process_recording", "proxy=", "stream", "vibe-"),
    *("file=http", "file/http"),
)
#: The same of routes beside gradio's API: FastAPI's list of them all, and icons for a program that the page isn't.
CLOSED_PATHS = ("/openapi.json", "/pwa_icon")
#: Questions of programs that may wait in gradio's queue; the next is told that the page is busy.
MAX_WAITING = 20
#: Threads that run handlers. With gradio's 40, two cores give a sixth fewer readings, and each thread keeps memory.
THREADS = max(4, 2 * (os.cpu_count() or 1))
#: Visitors whose state is kept, the oldest forgotten first: some 4 kB each, more once the language is changed.
MAX_SESSIONS = 100
#: On every response, beside the policy.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
}
#: Where a server of gradio's that may stand in front, and here doesn't, says which address the page has.
ADDRESS_HEADER = b"x-gradio-server"
#: On what depends on the name under which the page was asked for.
NOT_SHARED = "private, no-cache"
#: The page's own scripts, as its template writes them: one that anything else brings along gets no nonce.
SCRIPT = re.compile(rb"<script\b[^>]*>", re.IGNORECASE)
#: The content security policy, which allows no other host. NONCE is replaced by a fresh one for each page.
POLICY = "; ".join(
    (
        "default-src 'self'",
        # Gradio compiles html_template, js_on_load and js= to functions: without 'unsafe-eval' the pad doesn't work.
        # Its inline scripts get the nonce; a script injected into the page has none, and doesn't run.
        "script-src 'self' 'unsafe-eval' NONCE",
        # Bars, frames and heat maps have style attributes, and gradio adds <style> elements while it runs.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",  # the figures are data URIs
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self' https://huggingface.co https://*.hf.space",  # a Space is shown in a frame
    )
)


def options(
    desk: Desk, rate: float, page: Translated | None = None, events: Mapping[int | str, Event] | None = None
) -> dict[str, Any]:
    """Keyword arguments for gradio's ``launch``.

    Args:
        desk: reads what visitors send, from the start of the page to its end.
        rate: requests a second of one address; 0 for no limit of any one address.
        page: what the page's own head is made of (``ui.shell``).
        events: those that are answered without gradio (``ui.server.direct``).
    """
    shorten_logs()
    names = configured_hosts()
    limits = [Middleware(Hosts, names=names)] if names else []
    limits += [Middleware(BodyLimit, quota=Quota(each=bool(rate)))]
    limits += [Middleware(RateLimit, rate=rate)] if rate else []
    limits += [Middleware(Gate, desk=desk, each=bool(rate)), Middleware(Direct, events=events or {})]
    limits += [Middleware(Assets), Middleware(Kept), Middleware(Packed)]
    limits += [Middleware(Shell, page=page)] if page else []
    return {
        "app_kwargs": {"middleware": [Middleware(Guard), *limits]},
        "max_file_size": MAX_FILE,
        "max_threads": THREADS,
        "state_session_capacity": MAX_SESSIONS,
        "allowed_paths": [str(examples.FOLDER)],  # else examples fail when the page is started in another folder
        "strict_cors": True,  # a page from the visitor's own disk must not read localhost's responses
        "ssr_mode": False,  # Node would serve the page without these headers
        "enable_monitoring": False,  # it shows figures to everyone and prints a line for each request
        "run_history": False,
        "footer_links": ["api"],
        "js": (Path(__file__).parent / "notice.js").read_text(encoding="utf-8"),
    }


class Guard:
    """Closes routes, adds the security headers to every response, and gives the page's own scripts its nonce.

    It also drops a header by which a visitor could say which address the page has.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = {**scope, "headers": [header for header in scope["headers"] if header[0] != ADDRESS_HEADER]}
        nonce = secrets.token_urlsafe(16)
        begun = False
        send_page = changing(send, lambda page: with_nonce(page, nonce))

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                headers.update({**HEADERS, "Content-Security-Policy": policy(nonce if is_page else "")})
                if is_page or scope["path"].startswith("/config") or "location" in headers:
                    headers["Cache-Control"] = NOT_SHARED
                begun = True
            await send_page(message)

        if api_path(scope).startswith(CLOSED_ROUTES) or scope["path"].startswith(CLOSED_PATHS):
            await PlainTextResponse("Not found", 404)(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:
            report(error)
            if not begun:
                await PlainTextResponse("Internal error", 500)(scope, receive, send_guarded)


@lru_cache
def own_scripts() -> tuple[tuple[bytes, ...], ...]:
    """The tags of the scripts in gradio's page, in their order, without and with the page's own head."""
    template = (Path(gradio.__file__).parent / "templates" / "frontend" / "index.html").read_bytes()
    return tuple(tuple(SCRIPT.findall(page)) for page in (template, with_head(template, b"<script>")))


def with_nonce(page: bytes, nonce: str) -> bytes:
    """A page whose own scripts have the nonce; where there is any other script, none has."""
    if tuple(SCRIPT.findall(page)) not in own_scripts():
        return page
    mark = f'<script nonce="{nonce}"'.encode()
    return SCRIPT.sub(lambda tag: mark + tag[0][len(b"<script") :], page)


def policy(nonce: str) -> str:
    """The content security policy of a response; without a nonce for files, which have no scripts."""
    return POLICY.replace(" NONCE", f" 'nonce-{nonce}'" if nonce else "")
