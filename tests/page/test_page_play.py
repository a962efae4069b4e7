"""The strip of drawings, links, cards and challenges, in a real browser."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.helpers.browsing import SEVEN, button, draw, reload, screenshot, sign, tab, tab_to, visiting

pytestmark = pytest.mark.browser


def write(page: Page, digit: str) -> None:
    """A digit by its key."""
    page.locator("#pad canvas").focus()
    page.keyboard.press(digit)
    expect(sign(page)).to_have_text(digit)


def link_of(page: Page) -> str:
    """The link that the page makes where it may not write to the clipboard."""
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    button(page, "Copy a link").click()
    expect(page.locator(".album-address")).to_be_visible()
    return page.locator(".album-address").input_value()


def test_the_last_twelve_drawings_stay_in_the_browser_until_they_are_cleared(page: Page) -> None:
    for digit in "0123456789012":
        write(page, digit)
    strip = page.locator(".album-strip button")
    expect(strip).to_have_count(10)  # the same drawing again isn't kept twice
    for stroke in ([(40, 40), (240, 40)], [(40, 40), (40, 240)], [(60, 60), (220, 220)]):
        button(page, "Clear").click()
        draw(page, stroke)
    draw(page, [(60, 220), (220, 60)])  # goes on with the third
    expect(strip).to_have_count(12)
    reload(page)
    expect(strip).to_have_count(12)
    strip.nth(3).click()
    expect(sign(page)).to_have_text("2")
    screenshot(page, "album")
    button(page, "Clear the strip").click()
    expect(strip).to_have_count(0)
    assert page.evaluate("localStorage.getItem('drawings')") is None


def test_a_link_shows_the_drawing_to_whoever_opens_it_and_keeps_nothing(page: Page, browser: Browser, url: str) -> None:
    draw(page, SEVEN)
    expect(sign(page)).to_have_text("7")
    link = link_of(page)
    assert re.fullmatch(re.escape(url) + r"/#d=[A-Za-z0-9_-]+", link)
    with visiting(browser, url) as other:
        other.goto("about:blank")
        asked: list[str] = []
        other.on("request", lambda request: asked.append(request.url))
        other.goto(link)
        expect(sign(other)).to_have_text("7")
        assert other.url == f"{url}/"
        assert not any("d=" in address for address in asked)
        assert other.evaluate("localStorage.getItem('drawings')") is None
        assert link_of(other) == link


def stroke(width: int = 16, count: int = 2, flags: int = 0, points: bytes = b"\x40\x04\x00\x50\x05\x00") -> bytes:
    return bytes([flags, width]) + count.to_bytes(2, "big") + points


HOSTILE = {
    "nothing": b"",
    "another version": b"\x02" + stroke(),
    "no stroke": b"\x01",
    "a stroke without points": b"\x01" + stroke(count=0, points=b""),
    "fewer points than it says": b"\x01" + stroke(count=60000),
    "a broken point": b"\x01" + stroke()[:-1],
    "a broad pen": b"\x01" + stroke(width=255),
    "a fine pen": b"\x01" + stroke(width=1),
    "an unknown flag": b"\x01" + stroke(flags=4),
    "too many strokes": b"\x01" + stroke() * 65,
    "too many points": b"\x01" + stroke(count=3001, points=b"\x40\x04\x00" * 3001),
    "very much": b"\x01" + stroke() * 100_000,
}


def test_a_link_that_holds_no_drawing_draws_nothing(page: Page) -> None:
    texts = [base64.urlsafe_b64encode(content).decode().rstrip("=") for content in HOSTILE.values()]
    for text in [*texts, "%", "\u00e9", "A A", "<script>", "AQ=="]:
        page.locator(".album-said").evaluate("part => part.textContent = ''")
        page.evaluate("text => location.hash = '#d=' + text", text)
        expect(page.locator(".album-said")).to_contain_text("There is no drawing in this link")
        expect(page.locator("#pad .pad-hint")).to_be_visible()
    page.evaluate("localStorage.setItem('drawings', JSON.stringify(['%', 3, null, 'AQ']))")
    reload(page)
    expect(page.locator(".album")).to_be_hidden()
    page.evaluate("localStorage.setItem('drawings', '{')")
    reload(page)
    write(page, "3")
    expect(page.locator(".album-strip button")).to_have_count(1)


def test_the_card_is_a_picture_with_drawing_answer_and_heat_map(page: Page, tmp_path: Path) -> None:
    write(page, "4")
    expect(page.locator("#why h2")).to_have_text("Why 4?")
    with page.expect_download() as download:
        button(page, "Save as a picture").click()
    path = tmp_path / "card.png"
    download.value.save_as(path)
    picture = Image.open(path)
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    pixels = np.asarray(picture.convert("RGB")).astype(int)
    paper, answer, heat = pixels[60:570, 60:570], pixels[50:160, 630:800], pixels[412:590, 630:808]
    assert 0.02 < (paper.sum(axis=2) < 200).mean() < 0.4  # ink
    assert ((answer[..., 2] - answer[..., 0]) > 80).mean() > 0.05  # the accent's sign
    assert ((heat[..., 0] - heat[..., 2]) > 60).mean() > 0.02  # warm ink


def test_challenges_are_played_and_the_best_scores_stay_in_the_browser(page: Page) -> None:
    page.locator("#challenges summary").click()
    clock, nine, every = (page.locator(f"#challenges [data-name={name}]") for name in ("clock", "nine", "all"))
    clock.get_by_role("button", name="Start").click()
    for _ in range(10):
        target = clock.locator(".challenge-state").inner_text().removeprefix("Write: ")
        page.keyboard.press(target)
        expect(clock.locator(".challenge-state")).not_to_have_text(f"Write: {target}")
    expect(clock.locator(".challenge-state")).to_contain_text("All ten in")
    goal = page.locator(".challenge-goal")
    expect(goal).to_contain_text("All ten in")  # on a phone the panel is out of sight
    goal.get_by_role("button", name="Stop").click()
    expect(goal).to_be_hidden()
    nine.get_by_role("button", name="Start").click()
    page.keyboard.press("4")
    expect(sign(page)).to_have_text("4")
    expect(nine.locator(".challenge-ask")).to_be_hidden()
    page.keyboard.press("9")
    expect(nine.locator(".challenge-state")).to_contain_text("It reads a 9")
    nine.get_by_role("button", name="Yes").click()
    expect(goal).to_contain_text("Your best:")
    every.get_by_role("button", name="Start").click()
    target = every.locator(".challenge-state").inner_text().removeprefix("Draw a ")[0]
    page.keyboard.press("5" if target != "5" else "6")
    expect(every.locator(".challenge-state")).to_contain_text("Would you call it a")
    fooled = int(every.locator(".challenge-state").inner_text().split()[0])
    every.get_by_role("button", name="Yes").click()
    screenshot(page, "challenges")
    reload(page)
    page.locator("#challenges summary").click()
    expect(every.locator(".challenge-best")).to_have_text(f"Your best: {fooled} models fooled")
    expect(clock.locator(".challenge-best")).to_contain_text(" s")
    expect(nine.locator(".challenge-best")).to_contain_text("% sure")
    assert set(json.loads(page.evaluate("localStorage.getItem('challenges')"))) == {"nine", "all", "clock"}
    button(page, "Forget the scores").click()
    expect(every.locator(".challenge-best")).to_have_text("No score yet")


def test_a_keyboard_alone_draws_reads_and_opens_every_tab(page: Page) -> None:
    tab_to(page, "#pad canvas")
    page.keyboard.press("7")
    expect(sign(page)).to_have_text("7")
    expect(page.locator("#pad .spoken")).to_have_text("reads as 7")
    tab_to(page, ".pad-undo")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_contain_text("waiting for a digit")
    tab_to(page, "#examples button")
    page.keyboard.press("Enter")
    expect(sign(page)).to_have_text("0")
    tab_to(page, "#challenges summary")
    page.keyboard.press("Enter")
    expect(page.locator("#challenges details")).to_have_attribute("open", "")
    tab_to(page, "#model select")
    page.keyboard.press("Tab")
    tab_to(page, "#compare input")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0); document.body.focus()")
    tab_to(page, "#language input")
    for name, part in (("Mistakes", "#gallery button"), ("Models", "#model-detail h2"), ("API", "#code pre")):
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == name:
                break
        page.keyboard.press("Enter")
        expect(page.locator(part).first).to_be_visible()
        page.evaluate("document.activeElement.blur()")
    tab(page, "Read")
