"""The page as a tool: asked by the protocol's own client, and by who doesn't keep to it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
import select
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from gradio_client import Client, handle_file
from mcp import ClientSession, types
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import McpError
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, expect

import app
from model.reading.store import trained_models
from tests.helpers.browsing import visiting
from tests.helpers.looping import looped
from tests.helpers.pictures import saved
from tests.helpers.running import HOST, ROOT, Running, running
from tests.helpers.slow import tall_png
from ui.server.limits import MAX_FILE

pytestmark = pytest.mark.server

PLACE = "/gradio_api/mcp/"
HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
THREE = ROOT / "examples" / "3-drawn.png"
#: Where attacks come from, so that they don't use up what the other tests may ask.
ADDRESS = "127.0.0.9"


@pytest.fixture(scope="module")
def page() -> Iterator[Running]:
    """The page as ``python app.py --mcp`` serves it."""
    with running("--mcp") as page:
        yield page


@pytest.fixture
def stranger(page: Running) -> Iterator[httpx.Client]:
    """Who sends what no program sends, from an address of their own."""
    transport = httpx.HTTPTransport(local_address=ADDRESS)
    with httpx.Client(base_url=page.url, transport=transport, headers=HEADERS, timeout=60) as client:
        yield client


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def call(image: object, **arguments: object) -> dict[str, Any]:
    """A call of the tool as it is sent."""
    given = {"name": "read_digits", "arguments": {"image": image, **arguments}}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": given}


def asked(page: Running, *calls: dict[str, Any]) -> list[types.CallToolResult]:
    """The answers that the protocol's client gets, in one session."""

    async def ask() -> list[types.CallToolResult]:
        async with (
            streamable_http_client(page.url + PLACE) as (incoming, outgoing, _),
            ClientSession(incoming, outgoing) as session,
        ):
            await session.initialize()
            return [await session.call_tool("read_digits", arguments) for arguments in calls]

    return looped(ask())


def told(answer: types.CallToolResult) -> str:
    """The sentence."""
    first = answer.content[0]
    assert isinstance(first, types.TextContent)
    return first.text


def test_there_is_one_tool_and_nothing_else(page: Running) -> None:
    async def look() -> tuple[types.InitializeResult, list[types.Tool]]:
        async with (
            streamable_http_client(page.url + PLACE) as (incoming, outgoing, _),
            ClientSession(incoming, outgoing) as session,
        ):
            begun = await session.initialize()
            for other in (session.list_prompts, session.list_resources, session.list_resource_templates):
                with pytest.raises(McpError, match="Method not found"):
                    await other()
            return begun, (await session.list_tools()).tools

    begun, tools = looped(look())
    assert (begun.capabilities.prompts, begun.capabilities.resources) == (None, None)
    assert [tool.name for tool in tools] == ["read_digits"]
    assert "handwritten" in (tools[0].description or "")
    assert tools[0].inputSchema["required"] == ["image"]
    assert tools[0].inputSchema["properties"]["model"]["enum"] == list(trained_models())
    assert tools[0].annotations is not None
    assert (tools[0].annotations.readOnlyHint, tools[0].annotations.openWorldHint) == (True, False)


def test_a_digit_is_read_as_by_the_http_api(page: Running) -> None:
    picture = encoded(THREE.read_bytes())
    plain, url, other = asked(
        page,
        {"image": "\n".join(re.findall(".{1,76}", picture))},
        {"image": f"data:image/png;base64,{picture}"},
        {"image": picture, "model": "logistic"},
    )
    client = Client(page.url, verbose=False)
    assert plain.structuredContent == client.predict(handle_file(THREE), api_name="/predict_image")
    assert other.structuredContent == client.predict(handle_file(THREE), "logistic", api_name="/predict_image")
    client.close()
    assert not plain.isError
    assert told(plain) == "One digit, read as 3 (confidence > 99.9 %)."
    assert json.loads(plain.content[1].text) == plain.structuredContent  # type: ignore[union-attr]
    assert url == plain != other


def test_numbers_what_is_no_digit_and_empty_paper_are_told_in_a_sentence(page: Running) -> None:
    row, star = Image.new("L", (560, 280), 255), Image.new("L", (200, 200), 255)
    for place, name in enumerate(("3-drawn.png", "8-fat-marker.png")):
        row.paste(Image.open(ROOT / "examples" / name).convert("L").resize((280, 280)), (280 * place, 0))
    ImageDraw.Draw(star).line([(100, 20), (60, 180), (190, 70), (10, 70), (150, 180), (100, 20)], fill=0, width=5)
    blank = Image.new("L", (90, 90), 255)
    number, none, nothing = asked(page, *({"image": encoded(saved(picture))} for picture in (row, star, blank)))
    assert number.structuredContent is not None
    assert [digit["label"] for digit in number.structuredContent["digits"]] == ["3", "8"]
    assert told(number) == "2 digits, read as 38, all of them surely."
    assert (told(none), none.isError) == ("There is ink, but it doesn't look like a digit.", False)
    assert (told(nothing), nothing.isError) == ("The picture is blank: nothing is written on it.", False)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"image": "http://127.0.0.1/3.png"}, "send the picture itself, as base64"),
        ({"image": "file:///etc/passwd"}, "send the picture itself, as base64"),
        ({"image": str(THREE)}, "send the picture itself, as base64"),
        ({"image": "data:text/plain,3.png"}, "send the picture itself, as base64"),
        ({"image": "/etc/hostname"}, "the picture isn't base64: send its bytes"),
        ({"image": "QUJ"}, "the picture isn't base64: send its bytes"),
        ({"image": "七"}, "the picture isn't base64: send its bytes"),
        ({"image": encoded(b"no picture")}, "the picture is damaged or no picture"),
        ({"image": encoded(bytes(MAX_FILE + 400_000))}, "the picture has 11 MB: at most 10 are read"),
        ({}, "read_digits takes an image and the name of a model"),
        ({"image": ["QUJD"]}, "read_digits takes an image and the name of a model"),
        ({"image": "QUJD", "path": "3.png"}, "read_digits takes an image and the name of a model"),
        ({"image": encoded(b"no picture"), "model": "../cnn"}, "there is no such model: choose one of cnn"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_it_does_not_read_it_refuses_in_one_sentence(
    page: Running, arguments: dict[str, Any], sentence: str
) -> None:
    (answer,) = asked(page, arguments)
    assert answer.isError
    assert told(answer).startswith(sentence)
    assert answer.structuredContent == {"status": None, "digits": [], "error": told(answer)}


def test_the_language_is_the_program_s(stranger: httpx.Client) -> None:
    answer = stranger.post(PLACE, json=call("./3.png"), headers={"Accept-Language": "zh-CN"})
    assert answer.json()["result"]["content"][0]["text"].startswith("请直接发送图片本身")


def test_the_program_in_the_docs_runs(page: Running, capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    code = code.replace("http://127.0.0.1:7860", page.url).replace("examples/3-drawn.png", str(THREE))
    run = code.replace("asyncio.run(", "run(")
    exec(run, {"run": looped})
    sentence, answer = capsys.readouterr().out.splitlines()
    assert f"`{sentence}`" in text
    assert answer.startswith("{'status': 'digit'")


# Those who don't keep to it.


def has_no_tool(url: str) -> bool:
    with httpx.Client(base_url=url, headers=HEADERS) as client:
        asked = [client.get(PLACE + name).status_code for name in ("", "schema", "sse")]
        return {*asked, client.post(PLACE, json=call("QUJD")).status_code} <= {404, 405} and asked[0] == 404


def test_without_the_option_there_is_no_tool(url: str) -> None:
    assert has_no_tool(url)


def test_the_environment_does_not_stand_for_the_option() -> None:
    with running(GRADIO_MCP_SERVER="true") as page:
        assert has_no_tool(page.url)


def test_without_its_package_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.process.stop_signal", lambda: None)
    monkeypatch.setattr("model.packages.find_spec", lambda _: None)
    assert app.main(["--mcp"]) == 2
    assert capsys.readouterr() == (
        "",
        'error: this needs mcp, which isn\'t installed: `pip install "gradio[mcp]"` installs it\n',
    )


@pytest.mark.parametrize("path", ["sse", "messages/", "http/", "schema/more"])
def test_nothing_else_is_open_below_it(stranger: httpx.Client, path: str) -> None:
    assert stranger.get(PLACE + path).status_code == stranger.post(PLACE + path, json={}).status_code == 404


def test_the_page_lists_the_tool_among_its_endpoints(stranger: httpx.Client) -> None:
    assert [tool["name"] for tool in stranger.get(f"{PLACE}schema").json()] == ["read_digits"]


def test_the_list_of_endpoints_on_the_page_tells_of_the_tool(browser: Browser, page: Running) -> None:
    with visiting(browser, page.url) as visit:
        visit.locator("footer button").filter(has_text="API").click()
        expect(visit.locator(".api-docs .snippet").filter(has_text="MCP")).to_be_visible()


def test_no_stream_stays_open(stranger: httpx.Client) -> None:
    answers = [stranger.get(PLACE, headers={"Accept": "text/event-stream"}) for _ in range(120)]
    assert {answer.status_code for answer in answers} == {405}
    assert answers[0].headers["Allow"] == "POST"
    assert stranger.get(PLACE, headers={"Accept-Language": "zh"}).text.startswith("这个地址给程序用")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://evil.example", 403),
        ("http://localhost.evil.example:7860", 403),
        ("null", 403),
        ("http://[", 403),
        ("http://localhost:3000", 200),
        ("http://127.0.0.1:7860", 200),
    ],
)
def test_scripts_of_other_sites_may_not_ask_whatever_name_they_ask_by(
    stranger: httpx.Client, origin: str, status: int
) -> None:
    headers = {"Origin": origin, "Host": origin.removeprefix("http://").strip("[") or "evil.example"}
    answer = stranger.post(PLACE, json=call("QUJD"), headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"]["message"] == "Pages of other sites may not ask here."


@pytest.mark.parametrize(("length", "places", "address"), [(5_000_000, 2, "127.0.0.10"), (900, 40, "127.0.0.12")])
def test_calls_under_way_are_bounded_for_one_address(page: Running, length: int, places: int, address: str) -> None:
    head = f"POST {PLACE} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {length}\r\n\r\n"
    with contextlib.ExitStack() as stack:
        held = [
            stack.enter_context(socket.create_connection((HOST, page.port), 20, (address, 0)))
            for _ in range(places + 2)
        ]
        for connection in held:
            connection.sendall(head.encode())  # and no body
        for _ in range(2):
            (refused, *_), _, _ = select.select(held, [], [], 20)
            held.remove(refused)
            answer = b""
            while not answer.endswith(b"}}"):
                answer += refused.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 429 ")
            body = json.loads(answer.partition(b"\r\n\r\n")[2])
            assert body["error"]["message"].startswith("Too many requests from your address")
        assert select.select(held, [], [], 0.2)[0] == []


def test_where_there_is_no_room_the_tool_says_so_and_others_are_read(page: Running) -> None:
    slow = call(encoded(tall_png()))

    async def crowd() -> list[Any]:
        transport = httpx.AsyncHTTPTransport(local_address="127.0.0.11")
        async with httpx.AsyncClient(transport=transport, headers=HEADERS, timeout=60) as client:
            waiting = {asyncio.ensure_future(client.post(page.url + PLACE, json=slow)) for _ in range(36)}
            answered: set[Any] = set()
            while len(answered) < 12:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                answered |= done
            for answer in waiting:
                answer.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        return [answer.result() for answer in answered]

    results = [answer.json()["result"] for answer in looped(crowd())]
    busy = [result for result in results if result["structuredContent"]["error"].startswith("Very many are asking")]
    assert len(busy) >= 6
    assert all(result["isError"] for result in busy)
    assert told(asked(page, {"image": encoded(THREE.read_bytes())})[0]).startswith("One digit, read as 3")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 1_900_000, 400),
        (b'{"a":[' + b"[]," * 1_000_000, 400),
        (("[" * 5000).encode("utf-16"), 400),
        (json.dumps([call("QUJD")]).encode(), 400),
        (b"9" * 10_000, 500),
        (b"\xff\xfe{", 500),
        (json.dumps({"jsonrpc": "2.0", "id": 1, "method": "x\n" * 90_000}).encode(), 200),
        (json.dumps({"jsonrpc": "2.0", "method": "x\n" * 90_000}).encode(), 202),
        (json.dumps(call([[7]])).encode(), 200),
        (json.dumps({**call("QUJD"), "params": {"name": "x" * 90_000}}).encode(), 200),
        (b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}', 400),
        (bytes(16_100_000), 413),
    ],
    ids=range(14),
)
def test_what_is_no_call_is_refused_shortly_and_leaves_short_lines(
    page: Running, stranger: httpx.Client, body: bytes, status: int
) -> None:
    before = len(page.said())
    answer = stranger.post(PLACE, content=body)
    assert answer.status_code == status, answer.text[:300]
    assert len(answer.content) < 3000
    left = page.said()[before:]
    assert "Traceback" not in left
    assert len(left) < 1500
