"""The page is made once for each name under which it is known."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from tests.helpers.looping import looped
from ui.server.kept import MOST, Kept


class Page:
    """Counts how often it is made."""

    def __init__(self, status: int = 200) -> None:
        self.made, self.status = 0, status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.made += 1
        await PlainTextResponse(f"page {self.made}", self.status)(scope, receive, send)


def get(app: Kept, path: str = "/", query: bytes = b"", method: str = "GET", **headers: str) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: Any = {"type": "http", "method": method, "path": path, "query_string": query, "headers": pairs}
    looped(app(scope, lambda: None, send))  # type: ignore[arg-type,return-value]
    return sent


@pytest.mark.parametrize("path", ["/", "/config"])
def test_the_page_is_made_once_whatever_its_script_is_told(path: str) -> None:
    app = Kept(page := Page())
    answers = [get(app, path, query) for query in (b"", b"__theme=dark", b"x=1", b"deep_link=1", b"page=1")]
    assert page.made == 1
    assert all(answer == answers[0] for answer in answers)
    answers[0][0]["headers"].append((b"x", b"y"))
    assert get(app, path)[0] == answers[1][0], "what one visitor's answer gets on its way stays with it"


def test_each_name_has_its_own() -> None:
    app = Kept(page := Page())
    for host in ("a", "b", "a"):
        get(app, host=host)
    get(app, host="a", x_forwarded_host="c")
    get(app, host="a", x_forwarded_proto="https")
    assert page.made == 4
    for number in range(3 * MOST):
        get(app, host=str(number))
    assert len(app._answers) == MOST


@pytest.mark.parametrize(
    ("path", "query", "method"),
    [("/theme.css", b"", "GET"), ("/x", b"page=1", "GET"), ("/", b"", "HEAD")],
)
def test_anything_else_is_asked_each_time(path: str, query: bytes, method: str) -> None:
    app = Kept(page := Page())
    get(app, path, query, method)
    get(app, path, query, method)
    assert page.made == 2


def test_an_error_is_not_kept() -> None:
    app = Kept(page := Page(500))
    get(app)
    get(app)
    assert page.made == 2
