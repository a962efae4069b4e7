"""What gradio is told of serving the page: headers on every answer, closed doors, limits of ``ui.server.limits``."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import gradio as gr
from gradio import processing_utils
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model.errors import PictureError
from ui.server.limits import MOST_FILE, Bounded, Rated, asked_rate, called
from ui.views import examples

#: Gradio's doors that this page doesn't use: they run ffmpeg on what comes, fetch from other hosts for anyone, write
#: what a page shows to the disk, or print on the server's terminal. Files need no list: gradio serves no other than
#: its own and what lies in its folder for uploads.
CLOSED = (
    *("component_server", "custom_component", "deep_link", "dev/", "process_recording", "proxy=", "stream", "vibe-"),
    *("file=http", "file/http"),
)
#: Who may wait to have several files read; the next is told that the page is busy.
MOST_WAITING = 20
#: Threads that answer: with gradio's 40, two cores give a sixth fewer readings, and each keeps memory of its own.
THREADS = max(4, 2 * (os.cpu_count() or 1))
#: Visitors whose state is remembered, the oldest forgotten first: some 4 kB each, more once the language is another.
MOST_SESSIONS = 100
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
#: No other host anywhere. NONCE is another one for each page.
POLICY = "; ".join(
    (
        "default-src 'self'",
        # Gradio makes functions of html_template, js_on_load and js=: without 'unsafe-eval' there is no pad. Its inline
        # scripts have the nonce; one that slipped into the page has none, and doesn't run.
        "script-src 'self' 'unsafe-eval' NONCE",
        # Bars, frames and heat maps have style attributes, and gradio adds <style> elements while it runs.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",  # the figures
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self' https://huggingface.co https://*.hf.space",  # a Space is shown in a frame
    )
)


def options() -> dict[str, Any]:
    """What gradio's launch is given.

    Raises:
        SettingsError: DIGITS_RATE is no rate.
    """
    rate = asked_rate()
    limits = [Middleware(Bounded), *([Middleware(Rated, rate=rate)] if rate else [])]
    processing_utils.async_ssrf_protected_download = fetch_nothing
    return {
        "app_kwargs": {"middleware": [Middleware(Guarded), *limits]},
        "max_file_size": MOST_FILE,
        "max_threads": THREADS,
        "state_session_capacity": MOST_SESSIONS,
        "allowed_paths": [str(examples.FOLDER)],  # or a click on an example fails wherever else the page is started
        "strict_cors": True,  # not even a page from the visitor's own disk reads what localhost answers
        "ssr_mode": False,  # Node would serve the page, without these headers
        "enable_monitoring": False,  # figures for everyone, and a line on the terminal for each who asks
        "run_history": False,
        "footer_links": ["api"],
        "js": (Path(__file__).parent / "notice.js").read_text(encoding="utf-8"),
    }


async def fetch_nothing(*_: object, **__: object) -> str:
    """What gradio does with an address in the place of a file: it would fetch it, whatever its size, into memory.

    Raises:
        gr.Error: always.
    """
    raise gr.Error(str(PictureError("picture-at-address")), print_exception=False)


class Guarded:
    """Closed doors, and headers on every answer; the page's own inline scripts get the nonce of its policy."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        held: Message = {}  # the start of a page, until its length is known
        page = bytearray()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                headers.update({**HEADERS, "Content-Security-Policy": policy(nonce if is_page else "")})
                if is_page:
                    held.update(message)
                    return
            elif held:
                page.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                body = bytes(page).replace(b"<script", f'<script nonce="{nonce}"'.encode())
                MutableHeaders(scope=held)["Content-Length"] = str(len(body))
                await send(held)
                message = {"type": "http.response.body", "body": body}
            await send(message)

        if called(scope).startswith(CLOSED):
            await PlainTextResponse("Not found", 404)(scope, receive, answer)
        else:
            await self._app(scope, receive, answer)


def policy(nonce: str) -> str:
    """The content security policy of a page; that of a file, which has no scripts, without a nonce."""
    return POLICY.replace(" NONCE", f" 'nonce-{nonce}'" if nonce else "")
