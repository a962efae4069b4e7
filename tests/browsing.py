"""What a visitor does on the page, for the tests that drive a browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page

ROOT = Path(__file__).parent.parent
SCREENSHOTS = ROOT / "screenshots"
Points = list[tuple[float, float]]

SEVEN: Points = [(75, 70), (205, 70), (120, 225)]
ONE: Points = [(140, 50), (140, 230)]


def place(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a point of the pad's 280 × 280 units is on the screen."""
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    return box["x"] + x * box["width"] / 280, box["y"] + y * box["height"] / 280


def draw(page: Page, points: Points, *, lift: bool = True) -> None:
    """One stroke with the mouse, in the pad's units."""
    places = [place(page, x, y) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for there in places[1:]:
        page.mouse.move(*there, steps=10)
    if lift:
        page.mouse.up()


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
    """Choose an option of a dropdown."""
    page.locator(f"#{element} input").click()
    page.get_by_role("option", name=option, exact=True).click()


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the whole page for a person to look at."""
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
