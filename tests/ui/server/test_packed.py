"""Each of the page's files is compressed once, and is the same for whoever asks."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import brotli
import gradio
import httpx
import pytest
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from tests.helpers.looping import looped
from ui.server import packed
from ui.server.packed import PIECE, Packed, encoding_of, send_in_pieces

CONTENT = b"let x = 7;\n" * 1000
FILE = "/assets/x.js"


class Files:
    """Counts how often a file is asked for."""

    def __init__(self, status: int = 200) -> None:
        self.asked, self.status = 0, status
        self.ranges: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        self.ranges += [value for name, value in scope["headers"] if name == b"range"]
        await Response(CONTENT, self.status)(scope, receive, send)


def get(app: Packed, path: str = FILE, method: str = "GET", **headers: str) -> tuple[dict[str, str], bytes]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: Any = {"type": "http", "method": method, "path": path, "headers": pairs}
    looped(app(scope, lambda: None, send))  # type: ignore[arg-type,return-value]
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}, b"".join(
        message["body"] for message in sent[1:]
    )


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_file_is_compressed_once(encoding: str, unpack: Any) -> None:
    app = Packed(files := Files())
    answers = [get(app, accept_encoding=f"deflate, {encoding}") for _ in range(3)]
    assert files.asked == 1
    assert answers[0] == answers[1] == answers[2]
    headers, body = answers[0]
    assert unpack(body) == CONTENT
    assert (headers["content-encoding"], headers["content-length"]) == (encoding, str(len(body)))
    assert "Accept-Encoding" in headers["vary"]


def test_a_part_of_a_file_is_not_compressed_for_one_alone() -> None:
    app = Packed(files := Files())
    for start in range(3):
        _, body = get(app, accept_encoding="br", range=f"bytes={start}-")
        assert brotli.decompress(body) == CONTENT
    assert (files.asked, files.ranges) == (1, [])


@pytest.mark.parametrize(
    ("path", "method", "encoding"),
    [(FILE, "GET", ""), (FILE, "HEAD", "br"), ("/assets/x.woff2", "GET", "br"), ("/theme.css", "GET", "br")],
)
def test_anything_else_is_as_it_was(path: str, method: str, encoding: str) -> None:
    app = Packed(files := Files())
    for _ in range(2):
        headers, body = get(app, path, method, accept_encoding=encoding)
        assert "content-encoding" not in headers
        assert body in (CONTENT, b"")
    assert files.asked == 2


def test_a_file_that_is_not_there_is_not_kept() -> None:
    app = Packed(files := Files(404))
    for _ in range(2):
        assert get(app, accept_encoding="br")[1] == CONTENT
    assert files.asked == 2


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Packed(files := Files())
    one = len(get(app, accept_encoding="br")[1])
    monkeypatch.setattr(packed, "MOST", 3 * one)
    for number in range(10):
        get(app, f"/assets/{number}.js", accept_encoding="br")
    assert app._size == sum(len(body["body"]) for _, body in app._kept.values()) == 3 * one
    get(app, "/assets/9.js", accept_encoding="br")
    assert files.asked == 11


@pytest.mark.parametrize("size", [0, 1, PIECE, PIECE + 1, 5 * PIECE])
def test_a_file_is_sent_in_pieces_and_only_the_last_one_ends_it(size: int) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    looped(send_in_pieces(content, send))
    assert b"".join(message["body"] for message in sent) == content
    assert max(len(message["body"]) for message in sent) <= PIECE
    assert [message["more_body"] for message in sent] == [True] * (len(sent) - 1) + [False]


def test_that_a_visitor_has_gone_is_known_before_the_next_piece() -> None:
    gone, late = False, 0

    async def send(message: Message) -> None:
        nonlocal late
        late += gone

        def leave() -> None:
            nonlocal gone
            gone = True

        asyncio.get_running_loop().call_soon(leave)

    looped(send_in_pieces(bytes(5 * PIECE), send))
    assert late == 4


@pytest.mark.parametrize(("accepted", "chosen"), [("gzip, br", "br"), ("gzip", "gzip"), ("identity", ""), ("", "")])
def test_the_encoding_is_the_browser_s(accepted: str, chosen: str) -> None:
    assert encoding_of(accepted) == chosen


@pytest.mark.server
def test_gradio_s_files_come_through(url: str) -> None:
    assets = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
    script = min(assets.glob("*.js"), key=lambda path: abs(path.stat().st_size - 50_000))
    answers = [httpx.get(f"{url}/assets/{script.name}", headers={"Accept-Encoding": e}) for e in ("br", "gzip", "")]
    assert [answer.headers.get("content-encoding") for answer in answers] == ["br", "gzip", None]
    assert all(answer.content == script.read_bytes() for answer in answers)
    assert all(answer.headers["x-content-type-options"] == "nosniff" for answer in answers)


@pytest.mark.server
@pytest.mark.parametrize("path", ["/openapi.json", "/pwa_icon", "/pwa_icon/192", "/gradio_api/vibe-code"])
def test_what_the_page_does_not_use_is_closed(url: str, path: str) -> None:
    assert httpx.get(f"{url}{path}").status_code == 404
