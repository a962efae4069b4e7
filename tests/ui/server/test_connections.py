"""Connections by which nothing comes are closed, one address has few, and none keeps the page from ending."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio
import pytest

from tests.helpers.looping import looped
from tests.helpers.running import HOST
from tests.helpers.server import Server, serving
from ui.server import connections as limits
from ui.server.connections import Connections, come_through_a_proxy, descriptors

#: app.py that looks at connections five times a second, and lets one address have four.
CODE = """
import sys, app
from ui.server import connections
connections.SECONDS, connections.MOST_EACH = 0.2, 4
sys.exit(app.main())
"""


class Protocol:
    """A connection as uvicorn has it."""

    def __init__(self, address: str = "1.1.1.1") -> None:
        self.client = (address, 1)
        self.cycle: Any = None
        self.closed = False
        self.transport = SimpleNamespace(abort=self.abort)

    def abort(self) -> None:
        self.closed = True

    def ask(self) -> None:
        """A new request begins."""
        self.cycle = SimpleNamespace(response_complete=False)

    def answer(self) -> None:
        """It is answered."""
        self.cycle.response_complete = True


async def look() -> None:
    """As long as it takes to look at each connection once more."""
    await asyncio.sleep(1.5 * limits.SECONDS)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 0.02)


def test_a_connection_that_asks_for_nothing_is_closed() -> None:
    async def story() -> None:
        idle = Protocol()
        Connections(each=True).add(idle)
        for _ in range(4):
            await look()
        assert idle.closed

    looped(story())


def test_a_connection_that_asks_again_and_again_stays() -> None:
    async def story() -> None:
        busy, waiting = Protocol(), Protocol()
        open_ones = Connections(each=True)
        for protocol in (busy, waiting):
            open_ones.add(protocol)
            protocol.ask()
        for _ in range(8):
            busy.answer()
            busy.ask()
            busy.answer()
            await asyncio.sleep(limits.SECONDS / 2)
        assert (busy.closed, waiting.closed) == (False, False), "a long answer isn't broken off"
        for _ in range(4):
            await look()
        assert (busy.closed, waiting.closed) == (True, False)

    looped(story())


@pytest.mark.parametrize("each", [True, False])
def test_the_connections_of_one_address_are_bounded(each: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        open_ones = Connections(each=each)
        mine, other = [Protocol() for _ in range(5)], Protocol("1.1.1.2")
        for protocol in (*mine, other):
            open_ones.add(protocol)
        assert [protocol.closed for protocol in (*mine, other)] == [False] * 3 + [each] * 2 + [False]
        for protocol in (*mine, other):  # uvicorn tells of the end of those that were closed at once, too
            open_ones.discard(protocol)
        assert len(open_ones) == 0
        open_ones.add(again := Protocol())
        assert not again.closed
        open_ones.discard(again)

    monkeypatch.setattr(limits, "MOST_EACH", 3)
    looped(story())


def test_all_connections_leave_some_descriptors_to_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        open_ones = Connections(each=False)
        many = [Protocol() for _ in range(10)]
        for protocol in many:
            open_ones.add(protocol)
        assert sum(protocol.closed for protocol in many) == 10 - int(10 * limits.SHARE)

    monkeypatch.setattr(limits, "descriptors", lambda: 10)
    looped(story())


def test_the_process_may_have_enough_descriptors() -> None:
    assert descriptors() >= limits.FEW


@pytest.mark.parametrize(
    ("name", "value", "through"),
    [("SPACE_ID", "me/space", True), ("FORWARDED_ALLOW_IPS", "10.0.0.1", True), ("FORWARDED_ALLOW_IPS", "", False)],
)
def test_behind_a_proxy_all_come_from_one_address(
    name: str, value: str, through: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SPACE_ID", raising=False)
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    monkeypatch.setenv(name, value)
    assert come_through_a_proxy() is through


def opened(server: Server, start: bytes) -> socket.socket:
    connection = socket.create_connection((HOST, server.page.port), timeout=60)
    connection.sendall(start)
    return connection


def is_closed(connection: socket.socket) -> bool:
    """Wait until the page closes a connection by which it sends nothing."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.server
@pytest.mark.slow
def test_half_requests_are_closed_and_a_visitor_who_reads_nothing_does_not_keep_the_page_from_ending() -> None:
    assets = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
    largest = max(assets.iterdir(), key=lambda path: path.stat().st_size)
    with serving("-c", CODE, rate="60") as server:
        half = [opened(server, start) for start in (b"", b"GET / HTTP/1.1\r\nHo")]
        assert all(map(is_closed, half))
        held = [opened(server, b"GET /theme.css HTTP/1.1\r\nHost: x\r\n\r\nGET") for _ in range(4)]
        with opened(server, b"") as one_too_many:
            assert is_closed(one_too_many)
        for connection in held:
            connection.close()
        time.sleep(1)
        asked = f"GET /assets/{largest.name} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 5
        unread = [opened(server, asked) for _ in range(3)]
        time.sleep(0.5)
        status, said = server.page.end(signal.SIGTERM)  # raises if that takes longer than half a minute
        assert (status, said) == (0, "")
        for connection in (*half, *unread):
            connection.close()
