"""The files of the parts that are loaded late."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message

from tests.helpers.looping import looped
from ui.components.inside import PATH, version
from ui.server.assets import Assets


def get(path: str, method: str = "GET") -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Any = {"type": "http", "method": method, "path": path, "headers": []}
    looped(Assets(PlainTextResponse("the page"))(scope, lambda: None, send))  # type: ignore[arg-type,return-value]
    return sent


def test_a_script_is_kept_for_ever_because_its_address_is_its_content_s() -> None:
    start, body = get(f"{PATH}{version()}/main.js")
    headers = dict(start["headers"])
    assert start["status"] == 200
    assert headers[b"content-type"].startswith(b"text/javascript")
    assert b"immutable" in headers[b"cache-control"]
    assert body["body"].startswith(b"//")


@pytest.mark.parametrize(
    ("path", "method"), [("/", "GET"), (f"{PATH}{version()}/x.js", "GET"), (f"{PATH}{version()}/main.js", "POST")]
)
def test_everything_else_goes_on(path: str, method: str) -> None:
    assert get(path, method)[1]["body"] == b"the page"
