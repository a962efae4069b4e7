"""The first visit, and what a page does before it is used: nothing jumps, and its weight is bounded."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.helpers.browsing import SEVEN, button, draw, reload, screenshot, sign, visiting
from ui.texts import texts

pytestmark = pytest.mark.browser

#: Sums up what moves by itself, as browsers measure it; 0.1 is called good.
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
MOST_SHIFT = 0.02
#: Bytes that a browser is sent before the page can be used.
MOST_BYTES = 600_000
SENT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter((entry) => !entry.name.includes("/run/")).reduce((sum, entry) => sum + entry.transferSize, 0)"""
TRIES = "#pad .pad-tries button"


@pytest.fixture
def first(browser: Browser, url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page for someone who has never been here."""
    settings = getattr(request, "param", {})
    with visiting(browser, url, lambda page: page.add_init_script(WATCH), is_first=True, **settings) as page:
        yield page


VISITORS = [
    {"viewport": {"width": 390, "height": 664}, "color_scheme": "dark", "locale": "zh-CN"},
    {"viewport": {"width": 820, "height": 1180}, "color_scheme": "dark"},
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
]


@pytest.mark.parametrize("first", VISITORS, indirect=True, ids=["390-dark-zh", "820-dark-en", "1280-light-en"])
def test_a_hand_writes_a_four_and_nothing_else_moves(first: Page, request: pytest.FixtureRequest) -> None:
    expect(sign(first)).to_have_text("4")
    expect(first.locator(TRIES)).to_have_count(3)
    expect(first.locator(TRIES).first).to_be_visible()
    expect(first.locator("#why h2")).to_contain_text("4")
    screenshot(first, f"first-{request.node.callspec.id}")
    assert first.evaluate("window.shift") <= MOST_SHIFT
    assert 300_000 < first.evaluate(SENT) <= MOST_BYTES
    assert first.locator("#pad .spoken").inner_text() == ""  # nobody asked for it to be read aloud
    assert first.locator(".feedback-ask").is_hidden()
    assert first.locator(".album").is_hidden()
    draw(first, SEVEN)
    expect(sign(first)).to_have_text("7")
    expect(first.locator(TRIES).first).to_be_hidden()
    expect(first.locator(".album-strip button")).to_have_count(1)
    reload(first)
    expect(first.locator("#pad .pad-hint")).to_be_visible()


def test_what_moves_is_measured(first: Page) -> None:
    expect(first.locator(TRIES).first).to_be_visible()
    first.evaluate("document.querySelector('#top').style.marginTop = '300px'")
    first.wait_for_function("window.shift > 0.02")


@pytest.mark.parametrize("first", [{"reduced_motion": "reduce"}], indirect=True)
def test_with_reduced_motion_the_four_is_there_at_once_and_each_invitation_does_what_it_says(first: Page) -> None:
    expect(first.locator("#pad .pad-hand")).to_be_hidden()
    expect(sign(first)).to_have_text("4")
    button(first, "A number").click()
    expect(sign(first)).to_contain_text("2026")
    expect(first.locator(TRIES).first).to_be_hidden()
    first.evaluate("localStorage.clear()")
    reload(first)
    button(first, "4 or 9?").click()
    expect(first.locator("#answer")).to_contain_text("unsure: 4 or 9")
    first.evaluate("localStorage.clear()")
    reload(first)
    button(first, "Fool it").click()
    expect(first.locator("#challenges details")).to_have_attribute("open", "")
    expect(first.locator("#answer")).to_contain_text("waiting for a digit")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_paint_is_in_the_visitor_s_language_and_colours(browser: Browser, url: str, scheme: str) -> None:
    def stop_scripts(page: Page) -> None:
        page.route("**/*.js", lambda route: route.abort())

    context = browser.new_context(locale="zh-CN", color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    stop_scripts(page)
    page.goto(url, wait_until="commit")
    expect(page.locator("#first > p").first).to_have_text(texts("zh")("title"))
    expect(page).to_have_title(texts("zh")("title"))
    assert page.evaluate("document.body.classList.contains('dark')") is (scheme == "dark")
    context.close()
