"""What a visitor does on the page, for the tests that drive a browser."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.helpers.running import ROOT
from ui.texts import texts

#: A test may run beside others that keep the machine busy.
expect.set_options(timeout=30_000)

SCREENSHOTS = ROOT / "screenshots"
Points = Sequence[tuple[float, float]]

SEVEN: Points = [(75, 70), (205, 70), (120, 225)]
ONE: Points = [(140, 50), (140, 230)]

#: What can be touched and isn't 44 pixels high; a link within a text and what lies within a label count by that.
TOO_SMALL = """() => [...document.querySelectorAll("button, select, summary, label:has(input), a.download")]
  .filter((part) => part.checkVisibility({ visibilityProperty: true }) && !part.closest("[aria-hidden=true]"))
  .filter((part) => part.getBoundingClientRect().width > 0 && part.getBoundingClientRect().height < 43.9)
  .map((part) => part.outerHTML.slice(0, 120))"""


@contextlib.contextmanager
def visiting(
    browser: Browser,
    url: str,
    *watches: Callable[[Page], object],
    locale: str = "en-GB",
    is_first: bool = False,
    **settings: Any,
) -> Iterator[Page]:
    """The page, ready to be used, until the block ends.

    What it is answered and says is printed, which pytest shows of a test that fails.

    Args:
        watches: are given the page before it is opened.
        is_first: nobody has been here with this browser, so the page shows what it does.
        settings: of the browser's context.
    """
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 960}, "locale": locale, **settings})
    if not is_first:
        context.add_init_script("localStorage.setItem('visited', '1')")
    page = context.new_page()
    start = time.monotonic()

    def tell(*what: object) -> None:
        print(f"{time.monotonic() - start:.2f} s", *what)

    def answered(answer: Response) -> None:
        asked = (answer.request.post_data or "")[:200] if "/run/" in answer.url else ""
        tell(answer.status, answer.url.removeprefix(url), asked)

    page.on("response", answered)
    page.on("requestfailed", lambda request: tell("failed", request.url, request.failure))
    page.on("console", lambda message: tell(message.type, message.text))
    for watch in watches:
        watch(page)
    page.goto(url)
    settle(page)
    if not is_first:
        expect(page.locator("#answer")).to_contain_text(texts(locale[:2])("verdict.blank"))
    tell("ready")
    yield page
    context.close()


def settle(page: Page) -> None:
    """Wait until a page that was opened takes what a visitor does: before it, keys find nothing to go to."""
    page.locator("html.is-ready").wait_for()
    page.locator("#pad canvas").wait_for()
    # Before a page is first painted, Chromium may drop what the mouse does.
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def reload(page: Page) -> None:
    """Open the page again, as a visitor who comes back."""
    page.reload()
    settle(page)


def place(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a point of the pad's 280 × 280 units is on the screen."""
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    return box["x"] + x * box["width"] / 280, box["y"] + y * box["height"] / 280


def draw(page: Page, points: Points, *, lift: bool = True) -> None:
    """One stroke with the mouse, in the pad's units; what lies outside the window the mouse doesn't reach."""
    page.locator("#pad canvas").scroll_into_view_if_needed()
    places = [place(page, x, y) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for there in places[1:]:
        page.mouse.move(*there, steps=10)
    if lift:
        page.mouse.up()
    expect(button(page, "Undo").or_(button(page, "撤销"))).to_be_enabled()  # the pad has taken the stroke


def sign(page: Page) -> Locator:
    """The answer's large sign."""
    return page.locator("#answer .sign")


def button(page: Page, name: str) -> Locator:
    """A button by its whole name."""
    return page.get_by_role("button", name=name, exact=True)


def tab(page: Page, name: str) -> None:
    """Open a tab."""
    page.get_by_role("tab", name=name, exact=True).click()


def choose(page: Page, element: str, option: str) -> None:
    """Choose an option of a list."""
    page.locator(f"#{element} select").select_option(label=option)


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab, or Shift and Tab, until a part has the focus; it is seen that it has."""
    has_focus = "selector => document.activeElement.matches(selector)"
    for _ in range(80):
        if page.evaluate(has_focus, selector):
            break
        page.keyboard.press("Shift+Tab" if back else "Tab")
    assert page.evaluate(has_focus, selector), selector
    outlines = page.evaluate("""() => [document.activeElement, document.activeElement.closest("label")]
        .map((part) => part && getComputedStyle(part).outlineStyle)""")
    assert set(outlines) & {"solid", "auto"}, selector


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the whole page for a person to look at."""
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
