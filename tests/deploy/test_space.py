"""The page as a Hugging Face Space serves it: behind the Space's proxies, and in a frame of huggingface.co."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.helpers.browsing import SEVEN
from tests.helpers.fronts import RATE, ask_much, draw_seven
from tests.helpers.running import Running, running

pytestmark = pytest.mark.server

#: The address at which a Space's own page is.
SPACE = "https://someone-digits.hf.space"
#: What a browser forbids that keeps no cookies of pages in frames.
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
#: What Gradio's script asks of a page at such an address, and the policy refuses.
QUESTION = "https://huggingface.co/api/spaces/by-subdomain/someone-digits"
#: How huggingface.co frames it.
FRAME = f"""<iframe src="{SPACE}/" style="width: 1200px; height: 850px; border: 0" allow="camera; clipboard-write"
  sandbox="allow-downloads allow-forms allow-modals allow-popups allow-same-origin allow-scripts"></iframe>"""


@pytest.fixture(scope="module")
def space() -> Iterator[Running]:
    """The page with what a Space sets in its environment."""
    environment: dict[str, Any] = {
        "SYSTEM": "spaces",
        "SPACE_ID": "someone/digits",
        "SPACE_HOST": SPACE.removeprefix("https://"),
    }
    with running(**environment, DIGITS_RATE=str(RATE)) as page:
        yield page


def test_visitors_behind_the_spaces_proxies_are_not_one_visitor_nor_whom_they_say_they_are(space: Running) -> None:
    with httpx.Client(base_url=space.url, timeout=60) as client:
        statuses = ask_much(client, [f"9.9.9.{number}, 1.1.1.2, 8.8.4.4, 10.16.3.80" for number in range(10)])
        other = draw_seven(client, "1.1.1.2, 10.16.3.80")
    assert statuses[0] == 200
    assert statuses.count(429) > 3
    assert other.status_code == 200


@contextmanager
def framed(browser: Browser, space: Running, origin: str, problems: list[str], *scripts: str) -> Iterator[Page]:
    """A page of another origin that shows the Space in a frame; no request leaves this machine."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB").new_page()
    for script in scripts:
        page.add_init_script(script)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)

    def answer(route: Route) -> None:
        if "/heartbeat/" in route.request.url:  # it would never end
            route.fulfill(content_type="text/event-stream")
            return
        headers: dict[str, Any] = {**route.request.all_headers(), "x-forwarded-for": "1.1.1.1"}
        headers |= {"host": SPACE.removeprefix("https://"), "x-forwarded-proto": "https"}
        route.fulfill(response=route.fetch(url=route.request.url.replace(SPACE, space.url), headers=headers))

    page.route("**", lambda route: route.abort())
    page.route(f"{origin}/**", lambda route: route.fulfill(content_type="text/html", body=FRAME))
    page.route(f"{SPACE}/**", answer)
    page.goto(f"{origin}/spaces/someone/digits")
    yield page
    page.unroute_all(behavior="ignoreErrors")
    page.context.close()


def draw_in_frame(page: Page) -> None:
    """Draw a 7 on the pad, which is somewhere in the frame."""
    pad = page.frame_locator("iframe").locator("#pad canvas")
    page.frame_locator("iframe").locator("html.is-ready").wait_for()
    box = pad.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"] / 280, box["y"] + y * box["height"] / 280) for x, y in SEVEN]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=10)
    page.mouse.up()


@pytest.mark.parametrize("scripts", [(), (NO_STORAGE,)], ids=["", "without storage"])
def test_huggingface_shows_the_page_in_a_frame_and_it_reads_there(
    browser: Browser, space: Running, scripts: tuple[str, ...]
) -> None:
    problems: list[str] = []
    with framed(browser, space, "https://huggingface.co", problems, *scripts) as page:
        draw_in_frame(page)
        expect(page.frame_locator("iframe").locator("#answer .sign")).to_have_text("7")
        # Gradio's script would ask huggingface.co whether the Space is awake; the page asks no other host.
        assert [problem for problem in problems if QUESTION not in problem] == []


def test_no_other_site_may_show_it_in_a_frame(browser: Browser, space: Running) -> None:
    problems: list[str] = []
    with framed(browser, space, "https://elsewhere.example", problems) as page:
        assert page.frames[1].url == "chrome-error://chromewebdata/"
    assert "frame-ancestors" in problems[0]
