"""A phone in a browser with its bars, upright and sideways."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from model.reading.store import load_card
from tests.helpers.browsing import SEVEN, TOO_SMALL, draw, screenshot, sign, tab, visiting
from tests.helpers.running import ROOT

pytestmark = pytest.mark.browser

UPRIGHT = [(360, 600), (390, 664), (430, 740)]


@pytest.fixture
def phone(browser: Browser, url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page on a phone of that width and height; upright if no test says otherwise."""
    width, height = getattr(request, "param", (390, 664))
    with visiting(browser, url, viewport={"width": width, "height": height}, has_touch=True, is_mobile=True) as page:
        yield page


def edges(part: Locator) -> tuple[float, float, float, float]:
    box = part.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


@pytest.mark.parametrize("phone", [*UPRIGHT, (750, 340)], indirect=True, ids=str)
def test_answer_pad_and_tools_are_on_the_screen_together_while_drawing(phone: Page) -> None:
    draw(phone, SEVEN, lift=False)
    expect(sign(phone)).to_have_text("7")
    parts = [phone.locator(part) for part in ("#answer .answer", "#pad canvas", ".pad-tools")]
    size = phone.viewport_size
    assert size is not None
    screenshot(phone, f"phone-{size['width']}")
    for left, top, right, bottom in map(edges, [*parts, *phone.locator("#answer li").all()]):
        assert 0 <= left < right <= size["width"]
        assert 0 <= top < bottom <= size["height"]
    assert phone.evaluate("window.scrollY") == 0
    assert phone.locator("#answer .track").count() == 3
    phone.mouse.up()


def test_the_answers_height_stays_whatever_is_read(phone: Page) -> None:
    tops = [edges(phone.locator("#pad canvas"))[1]]
    for stroke in ([(40, 60), (40, 200)], [(120, 60), (120, 200)], [(180, 60), (250, 60), (200, 200)]):
        draw(phone, stroke)
        phone.wait_for_timeout(300)
        tops.append(edges(phone.locator("#pad canvas"))[1])
    assert len(set(tops)) == 1


def test_tools_are_large_enough_to_touch_and_have_names(phone: Page) -> None:
    names = [tool.inner_text() for tool in phone.locator(".pad-tools button").all()]
    assert names == ["Pen", "Eraser", "Undo", "Redo", "Clear"]
    for tool in phone.locator(".pad-tools > *, [role=tab]:visible").all():
        left, top, right, bottom = edges(tool)
        assert bottom - top >= 44
        assert right - left >= 40
    assert len({edges(tool)[1] for tool in phone.locator(".pad-tools > *").all()}) == 1
    for part in ("Draw", "Upload", "Several files", "Mistakes", "Models", "API"):
        tab(phone, part)
        phone.wait_for_timeout(100)
        assert phone.evaluate(TOO_SMALL) == []


def test_a_misread_digit_comes_into_view_where_it_is_chosen(phone: Page) -> None:
    tab(phone, "Mistakes")
    tile = phone.locator("#gallery button").nth(8)
    tile.scroll_into_view_if_needed()
    tile.tap()
    mistake = load_card("cnn").mistakes[8]
    expect(phone.locator("#mistake")).to_contain_text(f"A {mistake.label}, read as {mistake.top[0][0]}")
    for part in ("#mistake img", "#mistake ol", "#try"):
        expect(phone.locator(part)).to_be_in_viewport(ratio=1)
    screenshot(phone, "phone-mistake")
    phone.get_by_role("button", name="Close").tap()
    expect(phone.locator("#mistake img")).to_be_hidden()


def test_cells_of_the_matrix_are_large_enough_to_touch_and_scroll_beside_their_rows(phone: Page) -> None:
    tab(phone, "Mistakes")
    phone.locator("#matrix button").first.wait_for()
    for left, top, right, bottom in map(edges, phone.locator("#matrix button").all()):
        assert right - left >= 44
        assert bottom - top >= 44
    row = phone.locator("#matrix th[scope=row]").first
    before = edges(row)
    scrolled = phone.locator("#matrix .scroll").evaluate("region => (region.scrollLeft = 999, region.scrollLeft)")
    assert scrolled > 100
    assert edges(row) == pytest.approx(before, abs=1)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    caption = edges(phone.locator("#matrix caption"))
    assert 0 <= caption[0] < caption[2] <= 390


def test_several_files_have_thumbnails_that_keep_their_shape(phone: Page) -> None:
    tab(phone, "Several files")
    phone.locator("#files input[type=file]").set_input_files(ROOT / "examples" / "7-ballpoint.jpg")
    left, top, right, bottom = edges(phone.locator("#table .thumbnail img"))
    assert (right - left, bottom - top) == (52, 52)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_models_are_cards_with_their_accuracy_in_view(phone: Page) -> None:
    tab(phone, "Models")
    for accuracy in phone.locator("#models .accuracy").all():
        left, _, right, _ = edges(accuracy)
        assert 0 <= left < right <= 390
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    assert phone.get_by_role("cell").count() > 30  # still a table to screen readers
    for letters in phone.locator("#model-detail .chart text").all():
        _, top, _, bottom = edges(letters)
        assert bottom - top >= 11
    screenshot(phone, "phone-models")
