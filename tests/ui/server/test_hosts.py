"""Under which names the page answers."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from tests.helpers.looping import looped
from ui.server.hosts import Hosts, configured_hosts, is_own

NAMES = frozenset({"digits.example.org", "127.0.0.1", "[::1]"})


def status(*headers: tuple[bytes, bytes]) -> int:
    """What a request with these headers is answered with."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {"type": "http", "method": "GET", "path": "/", "headers": list(headers)}
    looped(Hosts(PlainTextResponse("page"), NAMES)(scope, lambda: None, send))  # type: ignore[arg-type,return-value]
    return int(sent[0]["status"])


@pytest.mark.parametrize("host", [b"digits.example.org", b"Digits.Example.org:443", b"127.0.0.1:7860", b"[::1]:7860"])
def test_the_page_answers_to_its_names(host: bytes) -> None:
    assert status((b"host", host)) == 200


@pytest.mark.parametrize(
    "headers",
    [
        [(b"host", b"evil.example")],
        [(b"host", b"digits.example.org.evil.example")],
        [(b"host", b"digits.example.org"), (b"x-forwarded-host", b"evil.example")],
        [(b"host", b"digits.example.org"), (b"x-forwarded-host", b"digits.example.org, evil.example")],
        [(b"host", b"")],
        [],
    ],
)
def test_and_to_no_other(headers: list[tuple[bytes, bytes]]) -> None:
    assert status(*headers) == 421


def test_the_environment_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITS_HOSTS", "digits.example.org, Other.example:80,")
    assert configured_hosts() == {"digits.example.org", "other.example", "localhost", "127.0.0.1", "[::1]"}
    monkeypatch.setenv("DIGITS_HOSTS", " ")
    assert configured_hosts() == frozenset()


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://localhost", True),
        ("https://[::1]:3000", True),
        ("https://digits.example.org", True),
        ("https://digits.example.org.evil.example", False),
        ("http://evil.example", False),
        ("file://localhost", False),
        ("null", False),
        ("http://[", False),
    ],
)
def test_a_script_may_ask_from_a_page_under_these_names(
    monkeypatch: pytest.MonkeyPatch, origin: str, own: bool
) -> None:
    monkeypatch.setenv("DIGITS_HOSTS", "digits.example.org")
    assert is_own(origin) is own
    monkeypatch.delenv("DIGITS_HOSTS")
    assert is_own(origin) is (own and "example" not in origin)
