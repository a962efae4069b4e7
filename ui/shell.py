"""What a browser is given before Gradio's scripts: the style and the tags of the page's head."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.components.translate import Translated
from ui.texts import languages, texts
from ui.theme import css
from ui.views.render import render

FOLDER = Path(__file__).parent
#: The tab's own.
ICON = FOLDER / "icon.svg"
#: Where the picture of the page is, which is shown where it is linked.
PICTURE = "/card.png"

#: Gradio's own tags for links that are shared, of which it writes two sets.
SHARED = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
#: Gradio's tag for a page that can be installed, which this one can't; under a path it names another page's file.
MANIFEST = re.compile(rb'<link rel="manifest"[^>]*>\s*')
BODY = re.compile(rb"<body[^>]*>")
FIRST = b'<div id="first" aria-hidden="true"><p></p><p></p></div><script>paintFirst();</script>'


class Shell:
    """Puts the page's own head into Gradio's page. Within the guard, which gives scripts their nonce."""

    def __init__(self, app: ASGIApp, page: Translated) -> None:
        self._app = app
        self._head = head(page.beginnings())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith(PICTURE):
            await FileResponse(FOLDER.parent / "docs" / "card.png")(scope, receive, send)
            return
        changed = changing(send, lambda page: with_head(page, (self._head + shared(Request(scope))).encode()))
        await self._app(scope, receive, changed if scope["type"] == "http" else send)


def changing(send: Send, change: Callable[[bytes], bytes]) -> Send:
    """What sends a response on, a page of HTML changed: it is held back until all of it has come."""
    start: Message = {}
    page = bytearray()

    async def send_changed(message: Message) -> None:
        if message["type"] == "http.response.start":
            if MutableHeaders(scope=message).get("content-type", "").startswith("text/html"):
                start.update(message)
                return
        elif start:
            page.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            body = change(bytes(page))
            MutableHeaders(scope=start)["Content-Length"] = str(len(body))
            await send(start)
            message = {"type": "http.response.body", "body": body}
        await send(message)

    return send_changed


def with_head(page: bytes, own: bytes) -> bytes:
    """Gradio's page with a head of our own, and what is painted first."""
    page = MANIFEST.sub(b"", SHARED.sub(b"", page)).replace(b"</head>", own + b"</head>", 1)
    return BODY.sub(lambda found: found[0] + FIRST, page, count=1)


def head(beginnings: Mapping[str, object]) -> str:
    """The style, and the script that finds the visitor's language and colours."""
    script = (FOLDER / "shell.js").read_text(encoding="utf-8")
    values = {
        "TITLES": {code: texts(code)("title") for code in languages()},
        "TAGLINES": {code: texts(code)("tagline") for code in languages()},
        "BEGINNINGS": beginnings,
    }
    for name, value in values.items():  # "</script>" in a string would end the script
        quoted = json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
        script = script.replace(f" {name};", f" {quoted};")
    return f"<style>\n{css()}</style>\n<script>\n{script}</script>\n"


def shared(request: Request) -> str:
    """The tags that other sites and programs show where the page is linked, and its icon."""
    t = texts()
    address = _address(request)
    return render("head.html", t=t, address=address, picture=f"{address}{PICTURE}")


def _address(request: Request) -> str:
    """Where the visitor found the page, behind a proxy too."""
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme).split(",")[0].strip()
    host = request.headers.get("x-forwarded-host", request.headers.get("host", "")).split(",")[0].strip()
    return f"{scheme}://{host}{request.scope.get('root_path', '')}"
