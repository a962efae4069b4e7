"""The page in a real browser, as a visitor uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

ROOT = Path(__file__).parent.parent
SCREENSHOTS = ROOT / "screenshots"
SEVEN = [(75, 70), (205, 70), (120, 225)]

pytestmark = pytest.mark.browser


@pytest.fixture
def requests() -> list[Request]:
    """What the page has asked for, filled by ``page``."""
    return []


@pytest.fixture
def page(browser: Browser, url: str, requests: list[Request]) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 960})
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("request", lambda request: requests.append(request))
    opened.goto(url)
    opened.locator("#pad canvas").wait_for()
    expect(opened.locator("#answer")).to_contain_text("waiting for a digit")
    yield opened
    opened.close()
    assert problems == []


def draw(page: Page, points: list[tuple[float, float]], *, lift: bool = True) -> None:
    """Draw one stroke with the mouse, in the pad's units of 280."""
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"] / 280, box["y"] + y * box["height"] / 280) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=10)
    if lift:
        page.mouse.up()


def sign(page: Page) -> Locator:
    return page.locator("#answer .sign")


def test_the_first_stroke_is_read(page: Page) -> None:
    draw(page, SEVEN)
    expect(sign(page)).to_have_text("7")
    assert page.locator("#answer li b").all_inner_texts()[0] == "7"
    page.screenshot(path=SCREENSHOTS / "drawn-7.png")


def test_the_answer_comes_while_the_pen_is_down(page: Page) -> None:
    draw(page, SEVEN, lift=False)
    expect(sign(page)).to_have_text("7")
    page.mouse.up()


def test_clear_forgets_the_drawing_and_no_late_answer_returns(page: Page) -> None:
    draw(page, SEVEN)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#answer")).to_contain_text("waiting for a digit")
    page.wait_for_timeout(500)
    expect(page.locator("#answer")).to_contain_text("waiting for a digit")


def test_undo_takes_the_last_stroke_back(page: Page) -> None:
    draw(page, SEVEN)
    expect(sign(page)).to_have_text("7")
    draw(page, [(20, 260), (260, 20)])
    page.get_by_role("button", name="Undo").click()
    expect(sign(page)).to_have_text("7")


def test_what_the_network_saw_is_shown(page: Page) -> None:
    draw(page, SEVEN)
    seen = page.locator("#seen .step-28x28 img")
    expect(seen).to_be_visible()
    assert seen.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [28, 28]
    assert page.locator("#seen figure").count() == 6


def test_a_photo_is_read(page: Page) -> None:
    page.get_by_role("tab", name="Upload").click()
    page.locator("#photo input[type=file]").set_input_files(ROOT / "examples" / "7-ballpoint.jpg")
    expect(sign(page)).to_have_text("7")
    page.wait_for_timeout(300)
    page.screenshot(path=SCREENSHOTS / "photo-7.png")


def test_a_file_that_is_no_picture_is_explained(page: Page, tmp_path: Path) -> None:
    fake = tmp_path / "fake.png"
    fake.write_bytes(b"no picture")
    page.get_by_role("tab", name="Upload").click()
    page.locator("#photo input[type=file]").set_input_files(fake)
    expect(page.locator("#answer")).to_contain_text("damaged or no picture")
    page.screenshot(path=SCREENSHOTS / "no-picture.png")


def test_an_example_is_read_on_click(page: Page) -> None:
    page.locator("#examples button.gallery-item").first.click()
    expect(sign(page)).to_have_text("0")
    expect(page.locator("#photo img")).to_be_visible()


def test_the_gallery_shows_each_mistake_and_its_top_three(page: Page) -> None:
    page.get_by_role("tab", name="Mistakes").click()
    tiles = page.locator("#gallery button.thumbnail-lg")
    caption = tiles.nth(2).inner_text()
    tiles.nth(2).click()
    expect(page.locator("#mistake")).to_contain_text(f"A {caption[0]}, read as {caption[4]}")
    assert page.locator("#mistake li").count() == 3
    page.screenshot(path=SCREENSHOTS / "mistakes.png", full_page=True)


def test_nothing_is_asked_of_another_host(page: Page, url: str, requests: list[Request]) -> None:
    draw(page, SEVEN)
    page.get_by_role("tab", name="Mistakes").click()
    page.locator("#gallery button.thumbnail-lg").first.wait_for()
    foreign = {request.url for request in requests if not request.url.startswith((url, "data:", "blob:"))}
    assert len(requests) > 10
    assert foreign == set()


def test_a_finger_draws_instead_of_scrolling(browser: Browser, url: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(url)
    page.locator("#pad canvas").wait_for()
    session = context.new_cdp_session(page)
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    for kind, (x, y) in zip(["touchStart", "touchMove", "touchMove"], [(140, 50), (140, 140), (140, 230)], strict=True):
        place = {"x": box["x"] + x * box["width"] / 280, "y": box["y"] + y * box["height"] / 280}
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(sign(page)).to_have_text("1")
    assert page.evaluate("window.scrollY") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.screenshot(path=SCREENSHOTS / "phone-1.png", full_page=True)
    context.close()
