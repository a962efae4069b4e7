"""What ``deploy/`` puts in front of a public page, on this machine: who is who, whose address stands in the page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.helpers import fronts
from tests.helpers.browsing import SEVEN, draw, settle, sign, tab, visiting
from tests.helpers.fronts import BEHIND, RATE, Front, ask_much, draw_seven
from tests.helpers.running import DRAWING, ROOT, Running, running

pytestmark = pytest.mark.server

#: What a visitor may write into his own request.
FORGED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
    "X-Gradio-Server": "http://evil.example/",
}
#: Each with the program that it needs, if any.
FRONTS: dict[str, Callable[[int], AbstractContextManager[Front]]] = {
    "likeness": fronts.likeness,
    "nginx": fronts.nginx,
    "caddy": fronts.caddy,
}


@pytest.fixture(scope="module")
def behind() -> Iterator[Running]:
    """The page as it is served behind a proxy, under a path of a host's."""
    with running(**BEHIND, DIGITS_RATE=str(RATE)) as page:
        yield page


@pytest.fixture(scope="module", params=FRONTS)
def front(behind: Running, request: pytest.FixtureRequest) -> Iterator[Front]:
    """One proxy after the other."""
    if request.param != "likeness" and shutil.which(request.param) is None:
        pytest.skip(f"{request.param} isn't installed (on Debian: apt-get install {request.param})")
    with FRONTS[request.param](behind.port) as proxy:
        yield proxy


def test_the_page_names_the_address_by_which_it_was_asked_for_whatever_the_visitor_writes(front: Front) -> None:
    with front.visitor() as visitor:
        for forged in ({}, FORGED):
            page = visitor.get("", headers=forged)
            assert page.status_code == 200
            assert f'property="og:url" content="{front.url}"' in page.text
            assert f'property="og:image" content="{front.url}card.png"' in page.text
            assert "evil.example" not in page.text
            addresses = set(re.findall(r"https?://127\.[^\s\"'<>]*", page.text))
            assert addresses
            assert all(address.startswith(front.url.rstrip("/")) for address in addresses), addresses
            assert visitor.get("config", headers=forged).json()["root"] == front.url.rstrip("/")
            assert "set-cookie" not in page.headers
        assert visitor.get("card.png").headers["content-type"] == "image/png"


def test_a_visitor_who_asks_too_much_is_refused_whoever_he_says_he_is_and_the_others_are_not(front: Front) -> None:
    """Two visitors who both came as the proxy would share one rate, and a forged address would be another's."""
    with front.visitor(2) as greedy, front.visitor(3) as other:
        statuses = ask_much(greedy, [*(f"1.1.1.{number}" for number in range(7)), *[front.address(3)] * 3])
        honest = draw_seven(other)
    assert statuses[0] == 200
    assert statuses.count(429) > 3
    assert honest.status_code == 200
    assert honest.json()["data"][0]["digits"][0]["label"] == "7"


def test_what_comes_bit_by_bit_is_passed_on_at_once(front: Front) -> None:
    with front.visitor(4) as visitor, visitor.stream("GET", "gradio_api/heartbeat/visitor") as answer:
        assert next(answer.iter_lines()) == "data: ALIVE"
    with front.visitor(4) as visitor:
        number = visitor.post("gradio_api/call/predict_strokes", json={"data": [DRAWING, "mlp"]}).json()["event_id"]
        told = visitor.get(f"gradio_api/call/predict_strokes/{number}").text
    assert told.startswith("event: complete\n")


def test_the_page_itself_says_what_is_too_large_and_takes_what_is_not(front: Front) -> None:
    photo = b"x" * 5_000_000
    with front.visitor(5) as visitor:
        taken = visitor.post("gradio_api/upload", files=[("files", (f"{n}.png", photo)) for n in range(2)])
        refused = visitor.post("gradio_api/run/predict_strokes", content=photo[:2_500_000])
    assert (taken.status_code, len(taken.json())) == (200, 2)
    assert (refused.status_code, refused.json()["error"]) == (413, "That is too large: at most 2 MB are read at once.")


@pytest.mark.parametrize("front", ["nginx", "caddy"], indirect=True)
def test_an_address_that_lacks_its_s_or_its_slash_leads_to_the_page(front: Front) -> None:
    with front.visitor() as visitor:
        answer = visitor.get(front.origin + front.subpath)
        plain = httpx.get(f"http://127.0.0.1:{front.plain_port}{front.subpath}/")
    assert answer.status_code in (301, 308)
    assert answer.headers["location"] in (front.url, f"{front.subpath}/")
    assert plain.status_code == 308
    assert plain.headers["location"].startswith("https://127.0.0.1")
    assert plain.headers["location"].endswith(f"{front.subpath}/")


def read_two_digits(page: Page) -> None:
    """Draw a 7, and upload a photo of a 5."""
    draw(page, SEVEN)
    expect(sign(page)).to_have_text("7")
    tab(page, "Upload")
    page.locator("#photo input[type=file]").set_input_files(ROOT / "examples" / "5-cut-close.jpg")
    expect(sign(page)).to_have_text("5")


def visit(browser: Browser, front: Front) -> None:
    """A visit at which nothing is asked of another place, and the browser complains about nothing."""
    asked: list[str] = []
    complaints: list[str] = []

    def watch(page: Page) -> None:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))

    with visiting(browser, front.url, watch, ignore_https_errors=True) as page:
        settle(page)
        read_two_digits(page)
    assert [url for url in asked if not url.startswith((front.url, "data:", f"blob:{front.origin}"))] == []
    assert len(asked) > 20
    assert complaints == []


def test_a_browser_draws_and_uploads_under_a_path(browser: Browser, front: Front) -> None:
    visit(browser, front)


def test_a_browser_draws_and_uploads_at_the_root(browser: Browser, url: str) -> None:
    if shutil.which("nginx") is None:
        pytest.skip("nginx isn't installed (on Debian: apt-get install nginx)")
    with fronts.nginx(int(url.rpartition(":")[2]), subpath="") as proxy:
        visit(browser, proxy)
