"""The pictures of the page in docs/: ``python -m tests.screenshots``.

``page.png`` is the README's; ``card.png`` is shown where the page's address is shared.
"""

from __future__ import annotations

import shutil
import sys

from playwright.sync_api import Page, expect, sync_playwright

from tests.helpers.browsing import sign, visiting
from tests.helpers.running import ROOT, running

#: Width and height of a shared link's picture, as the sites that show it ask for it.
CARD = {"width": 1200, "height": 630}
WINDOW = {"width": 1280, "height": 900}


def write_a_four(page: Page) -> None:
    """The pad with a 4, its answer and the reason for it."""
    page.locator("#pad canvas").focus()
    page.keyboard.press("4")
    expect(sign(page)).to_have_text("4")
    expect(page.locator("#why h2")).to_have_text("Why 4?")
    page.locator("#pad canvas").blur()


def main() -> int:
    """Make both."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with running() as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, viewport, whole in (("card", CARD, False), ("page", WINDOW, True)):
            with visiting(browser, served.url, viewport=viewport) as page:
                write_a_four(page)
                page.screenshot(path=ROOT / "docs" / f"{name}.png", full_page=whole)
    return 0


if __name__ == "__main__":
    sys.exit(main())
