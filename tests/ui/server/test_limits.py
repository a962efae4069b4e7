"""How much may be sent, and how often: over HTTP, and with a clock of the test's own."""

from __future__ import annotations

import asyncio
import errno
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from model.errors import SettingsError
from tests.helpers.browsing import SEVEN, draw, sign, visiting
from tests.helpers.looping import looped
from tests.helpers.running import DRAWING, Running, running
from ui.server.asker import Asker
from ui.server.limits import (
    MAX_CLIENTS,
    MAX_WAIT,
    ROOM_OF_A_FILE,
    BodyLimit,
    RateLimit,
    client_address,
    configured_rate,
    cost,
    language,
)
from ui.server.quota import Quota

pytestmark = pytest.mark.server

MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}
JSON = {"Content-Type": "application/json"}
ENDPOINTS = [
    "run/predict_strokes",
    "api/predict_strokes",
    "call/predict_strokes",
    "call/v2/predict_strokes",
    "queue/join",
]


def streamed(content: bytes) -> Iterator[bytes]:
    """A body without a Content-Length."""
    for start in range(0, len(content), 65536):
        yield content[start : start + 65536]


def form(size: int, name: str = '; filename="7.png"') -> bytes:
    """An upload of one part."""
    return (
        f'--x\r\nContent-Disposition: form-data; name="files"{name}\r\n\r\n'.encode() + bytes(size) + b"\r\n--x--\r\n"
    )


@pytest.mark.parametrize("send", [bytes, streamed], ids=["with its length", "in chunks"])
def test_an_upload_of_11_mb_is_refused(url: str, send: Any) -> None:
    answer = httpx.post(f"{url}/gradio_api/upload", headers=MULTIPART, content=send(form(11_000_000)), timeout=60)
    assert answer.status_code == 413
    assert answer.text == "File size exceeded maximum allowed size of 10485760 bytes."


def test_an_upload_of_9_mb_is_taken(url: str) -> None:
    answer = httpx.post(f"{url}/gradio_api/upload", headers=MULTIPART, content=streamed(form(9_000_000)), timeout=60)
    assert answer.status_code == 200


def test_an_upload_that_breaks_off_leaves_no_file(url: str) -> None:
    whole = httpx.post(f"{url}/gradio_api/upload", files={"files": ("a.png", b"whole")}).json()[0]
    folder = Path(whole).parent.parent
    before = set(folder.iterdir())
    with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1]))) as connection:
        head = "POST /gradio_api/upload HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n"
        kind = "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        connection.sendall((head + kind).encode() + form(500_000)[:400_000])
        wait_for(lambda: set(folder.iterdir()) - before)
    wait_for(lambda: set(folder.iterdir()) == before)


def wait_for(true: Callable[[], object]) -> None:
    """At most ten seconds until something is true."""
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_files_that_come_together_are_bounded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.limits.MAX_UPLOAD", 3_000_000)
    answer = post(BodyLimit(reader), "/gradio_api/upload", [bytes(1_000_000)] * 4)
    assert answer == (413, b"That is too large: at most 3 MB are read at once.")
    assert post(BodyLimit(reader), "/gradio_api/upload", [bytes(1_000_000)] * 3) == (200, b"3000000")


@pytest.mark.parametrize("path", ["/", "/login", "/gradio_api/reset", "/demo/gradio_api/run/x", "/gradio_api/x/upload"])
def test_every_other_body_is_bounded(path: str) -> None:
    assert post(BodyLimit(reader), path, [bytes(1_000_000)] * 2)[0] == 200
    assert post(BodyLimit(reader), path, [bytes(1_000_000)] * 3)[0] == 413


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
@pytest.mark.parametrize(
    ("spoken", "sentence"),
    [(b"en", "The server has no room left for pictures: "), (b"zh-CN", "服务器已经没有地方放图片了：")],
)
def test_an_upload_that_the_disk_has_no_room_for_is_refused_in_a_sentence(
    number: int, spoken: bytes, sentence: str
) -> None:
    status, body = post(BodyLimit(failing(number)), "/gradio_api/upload", [b"7"], (b"accept-language", spoken))
    assert status == 507
    assert body.decode().startswith(sentence)


def test_any_other_error_of_the_system_is_an_error() -> None:
    with pytest.raises(PermissionError):
        post(BodyLimit(failing(errno.EACCES)), "/gradio_api/upload", [b"7"])


def failing(number: int) -> ASGIApp:
    """An application on which the system refuses to write what it was sent."""

    async def app(scope: Scope, receive: Receive, _: Send) -> None:
        await Request(scope, receive).body()
        raise OSError(number, "no")

    return app


async def reader(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers with the length of what it was sent."""
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def post(
    app: ASGIApp, path: str, chunks: list[bytes], *headers: tuple[bytes, bytes], ends: bool = True
) -> tuple[int, bytes]:
    """The status and the body that an application answers with, when the request's body ends or doesn't."""
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "client": ("127.0.0.1", 1)}
    rest = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    rest[-1]["more_body"] = not ends
    answers: list[Any] = []

    async def receive() -> Any:
        if not rest and not ends:
            await asyncio.sleep(60)
        return rest.pop(0) if rest else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        answers.append(message)

    looped(app(scope, receive, send))  # type: ignore[arg-type]
    return answers[0]["status"], b"".join(answer.get("body", b"") for answer in answers)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_more_than_2_mb_of_strokes_are_refused_in_a_sentence(url: str, endpoint: str) -> None:
    content = json.dumps({"data": ["a" * 2_100_000, "cnn"]}).encode()
    answer = httpx.post(f"{url}/gradio_api/{endpoint}", headers=JSON, content=content, timeout=60)
    assert answer.status_code == 413
    assert answer.json() == {"error": "That is too large: at most 2 MB are read at once."}


@pytest.mark.parametrize("count", [19, 20])
def test_more_than_2_mb_in_chunks_are_refused_as_they_come(count: int) -> None:
    status, _ = post(BodyLimit(reader), "/gradio_api/run/predict_strokes", [bytes(100_001)] * count)
    assert status == (200 if count == 19 else 413)


def test_a_body_that_says_that_it_is_too_large_is_refused_unread() -> None:
    length = (b"content-length", b"2000001")
    assert post(BodyLimit(failing(errno.EACCES)), "/gradio_api/run/x", [b"7"], length)[0] == 413
    with pytest.raises(PermissionError):
        post(BodyLimit(failing(errno.EACCES)), "/gradio_api/run/x", [b"7"], (b"content-length", b"2000000"))


def test_the_largest_drawing_is_read(url: str) -> None:
    points = [[round(number % 280 + 0.1234567, 7), round(number % 271 + 0.7654321, 7), 0.5] for number in range(20_000)]
    drawing = {"size": [280, 280], "strokes": [{"width": 16, "points": points}]}
    answer = httpx.post(f"{url}/gradio_api/run/predict_strokes", json={"data": [drawing, "cnn"]}, timeout=60)
    assert answer.json()["data"][0]["error"] is None


class Clock:
    """Seconds that the test lets pass."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def rated(rate: float = 60) -> tuple[RateLimit, Clock]:
    """A limit and its clock."""
    clock = Clock()
    return RateLimit(reader, rate, clock), clock


def test_a_rested_client_may_send_240_at_once_and_60_a_second_from_then_on() -> None:
    limit, clock = rated()
    assert [limit.turn("a") for _ in range(240)] == [0.0] * 240
    assert limit.turn("a") == pytest.approx(1 / 60)
    clock.now += 10
    taken = 0
    for _ in range(10_000):  # of ten seconds
        clock.now += 0.001
        taken += limit.turn("a") <= MAX_WAIT
    assert taken == pytest.approx(240 + 60 * (10 + MAX_WAIT), abs=1)


def test_who_sends_without_waiting_is_refused_until_its_turn_comes_nearer() -> None:
    limit, clock = rated(rate=1)
    waits = [limit.turn("a") for _ in range(8)]
    assert waits == pytest.approx([0, 0, 0, 0, 1, 2, 3, 3])  # what is refused takes no turn
    clock.now += 1
    assert limit.turn("a") == pytest.approx(MAX_WAIT)


def test_one_client_does_not_use_up_another_ones_turns() -> None:
    limit, _ = rated(rate=1)
    for _ in range(20):
        limit.turn("a")
    assert limit.turn("b") == 0


def asks(method: str, path: str, length: str | None = None) -> float:
    """How many calls' worth a request is."""
    headers = [] if length is None else [(b"content-length", length.encode())]
    return cost({"type": "http", "method": method, "path": path, "headers": headers})


def test_what_costs_the_server_more_is_worth_more_calls() -> None:
    assert asks("POST", "/gradio_api/run/predict", "1200") == 1
    assert asks("POST", "/gradio_api/run/predict", "1900000") == 232
    assert asks("POST", "/gradio_api/run/predict") == asks("POST", "/gradio_api/run/predict", "9" * 30) == 245
    assert asks("POST", "/gradio_api/upload", "9000000") == 1
    assert asks("POST", "/gradio_api/mcp/", "260000") == 1
    assert asks("POST", "/gradio_api/mcp/", "14000000") == 54
    assert asks("POST", "/digits/gradio_api/mcp") == asks("POST", "/gradio_api/mcp/", "9" * 9) == 62
    assert asks("GET", "/") > asks("GET", "/config") > 1 > asks("GET", "/theme.css") == 0


def test_a_price_is_paid_before_the_next_and_none_is_out_of_reach() -> None:
    limit, clock = rated(rate=1)
    assert [limit.turn("a", price) for price in (3, 3)] == [0, 2]
    clock.now += 100
    assert limit.turn("a", 1000) == 0
    assert limit.turn("a", 1) == pytest.approx(1)


@pytest.mark.parametrize(("path", "sentence"), [("/gradio_api/run/x", "error"), ("/gradio_api/upload", "too long")])
def test_a_body_that_does_not_end_is_given_up(path: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.limits.BODY_SECONDS", 0.05)
    monkeypatch.setattr("ui.server.limits.UPLOAD_SECONDS", 0.05)
    status, body = post(BodyLimit(reader), path, [b"7"], ends=False)
    assert status == 408
    assert sentence in body.decode()


def test_above_the_quota_an_upload_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.server.quota.MOST_EACH", 2_500_000)
    app = BodyLimit(reader, Quota())
    statuses = [post(app, "/gradio_api/upload", [bytes(1_000_000)])[0] for _ in range(4)]
    assert statuses == [200, 200, 507, 507]
    _, body = post(app, "/gradio_api/upload", [bytes(1_000_000)])
    assert body.decode().startswith("There is no room for more pictures now: of one address")
    assert post(app, "/gradio_api/run/x", [b"7"])[0] == 200


def test_an_uploaded_file_takes_room_however_small_it_is() -> None:
    async def two_files(scope: Scope, receive: Receive, send: Send) -> None:
        scope["asker"] = Asker(files=2)
        await reader(scope, receive, send)

    room = (quota := Quota()).room("1.1.1.1")
    assert post(BodyLimit(two_files, quota), "/gradio_api/upload", [b"7"])[0] == 200
    assert quota._sum.total() == 2 * ROOM_OF_A_FILE + 1 < room


def test_only_so_many_clients_are_remembered() -> None:
    limit, _ = rated()
    for number in range(MAX_CLIENTS + 50):
        limit.turn(str(number))
    assert len(limit._buckets) == MAX_CLIENTS
    assert "0" not in limit._buckets


def test_a_steady_hand_never_waits() -> None:
    limit, clock = rated()
    for _ in range(5000):
        clock.now += 1 / 17
        assert limit.turn("a") == 0


@pytest.mark.parametrize(("text", "rate"), [("", 60), ("0", 0), ("2.5", 2.5)])
def test_the_environment_sets_the_rate(text: str, rate: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITS_RATE", text)
    assert configured_rate() == rate


@pytest.mark.parametrize("text", ["many", "-1", "nan", "inf"])
def test_what_is_no_rate_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITS_RATE", text)
    with pytest.raises(SettingsError, match=f"DIGITS_RATE is '{text}': give requests a second"):
        configured_rate()


def came(peer: str, *forwarded: str) -> str:
    """The address of a request."""
    headers = [(b"x-forwarded-for", text.encode()) for text in forwarded]
    return client_address({"type": "http", "client": (peer, 1), "headers": headers})


def test_without_a_proxy_the_peer_counts_whatever_it_says() -> None:
    assert came("8.8.4.4", "1.1.1.1") == "8.8.4.4"
    assert came("192.168.0.7", "1.1.1.1") == "192.168.0.7"


def test_on_a_space_the_last_proxys_word_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "someone/digits")
    assert came("10.16.3.80", "1.1.1.1") == "1.1.1.1"
    assert came("10.16.3.80", "8.8.8.8, 9.9.9.9", "1.1.1.1") == "1.1.1.1"
    assert came("10.16.3.80", "9.9.9.9, 1.1.1.1, 10.0.0.5") == "1.1.1.1"  # a proxy behind the proxy
    assert came("10.16.3.80", "nonsense") == came("10.16.3.80") == "10.16.3.80"


def test_addresses_of_one_home_are_one_client() -> None:
    assert came("2a00:1450:4001:82a::200e") == came("2a00:1450:4001:82a:ffff::1") == "2a00:1450:4001:82a::/64"
    assert came("2a00:1450:4001:82b::1") != came("2a00:1450:4001:82a::1")


@pytest.mark.parametrize(
    ("accepted", "code"), [("", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("fr, ZH", "zh"), ("en-GB,zh", "en")]
)
def test_a_refusal_speaks_the_browsers_language(accepted: str, code: str) -> None:
    assert language({"type": "http", "headers": [(b"accept-language", accepted.encode())]}).code == code


@pytest.fixture
def slow() -> Iterator[Running]:
    """A page that reads two drawings a second for each address, of which nobody has asked anything yet."""
    with running(DIGITS_RATE="2") as page:
        yield page


def test_a_flood_is_refused_with_the_time_to_wait_and_the_page_stays_up(slow: Running) -> None:
    def send(number: int) -> httpx.Response:
        forged = {"X-Forwarded-For": f"1.1.1.{number}"}
        return client.post("/gradio_api/run/predict_strokes", headers=forged, json={"data": [DRAWING, "cnn"]})

    with httpx.Client(base_url=slow.url, timeout=30) as client, ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(send, range(30)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 5 <= len(refused) <= 18  # 8 at once, 4 that wait, 2 for each second that sending takes
    assert {answer.status_code for answer in answers} == {200, 429}
    assert {answer.headers["Retry-After"] for answer in refused} <= {"1", "2"}
    assert refused[0].json() == {"error": "Too many requests from your address: wait a moment and try again."}
    assert [httpx.get(slow.url + path).status_code for path in ("/", "/config", "/theme.css")] * 3 == [200] * 9


@pytest.mark.browser
@pytest.mark.parametrize(("locale", "sentence"), [("en-GB", "Too many requests"), ("zh-CN", "请求太多")])
def test_the_page_says_that_it_is_too_much_and_asks_again(
    browser: Browser, slow: Running, locale: str, sentence: str
) -> None:
    enough = threading.Event()

    def flood() -> None:
        with httpx.Client(timeout=30) as client:
            while not enough.wait(0.1):
                client.post(f"{slow.url}/gradio_api/reset", json={"event_id": "x"})

    with ThreadPoolExecutor(8) as pool, visiting(browser, slow.url, locale=locale) as page:
        for _ in range(8):
            pool.submit(flood)
        try:
            draw(page, SEVEN)
            expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
        finally:
            enough.set()
        expect(sign(page)).to_have_text("7", timeout=20_000)
