"""The tab that shows the network at work, on three screens, by mouse, by touch and by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.helpers.browsing import SEVEN, TOO_SMALL, draw, screenshot, sign, tab, tab_to, visiting
from ui.texts import texts

pytestmark = pytest.mark.browser

PARTS = ("layers", "change", "map", "broken", "flip", "training")
VISITORS: list[dict[str, Any]] = [
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light", "locale": "en-GB"},
    {"viewport": {"width": 820, "height": 1180}, "color_scheme": "dark", "locale": "zh-CN"},
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "en-GB", "has_touch": True},
]
#: What of the layers is cut off, and lines of maps that leave more than a map's width unused.
UNUSED = """(part) => [...part.querySelectorAll(".inside-sum, .inside-products, .inside-grid")]
  .filter((box) => box.scrollWidth > box.clientWidth || (box.matches(".inside-grid")
      && box.firstChild.height > 100 && box.clientWidth - box.firstChild.clientWidth > 48))
  .map((box) => [box.className, box.scrollWidth, box.clientWidth, box.firstChild.clientWidth])"""


def open_inside(page: Page, language: str = "en") -> Locator:
    """The tab, once it has an answer."""
    tab(page, texts(language)("tab.inside"))
    inside = page.locator("#inside")
    expect(inside.locator(".inside-verdict")).not_to_be_empty()
    return inside


def open_part(inside: Locator, name: str) -> Locator:
    """One of the parts, once it shows what it has been told."""
    inside.locator(f"#inside-tab-{name}").click()
    part = inside.locator(f"#inside-panel-{name}")
    ready = {
        "layers": ".inside-answers tbody tr",
        "change": ".inside-axis:last-child input:enabled",
        "map": ".inside-near button",
        "broken": ".inside-tested span",
        "flip": ".inside-said:not(:empty)",
        "training": ".inside-scrub input:enabled",
    }
    expect(part.locator(ready[name]).first).to_be_visible()
    return part


@pytest.mark.parametrize(
    "visitor", VISITORS, ids=lambda one: f"{one['locale'][:2]}-{one['color_scheme']}-{one['viewport']['width']}"
)
def test_every_part_is_accessible_and_fits_its_screen(browser: Browser, url: str, visitor: dict[str, Any]) -> None:
    code = visitor["locale"][:2]
    with visiting(browser, url, **visitor) as page:
        draw(page, SEVEN)
        expect(sign(page)).to_have_text("7")
        inside = open_inside(page, code)
        expect(inside.locator(".inside-verdict")).to_contain_text("7")
        chosen = page.locator("#language label.selected").evaluate("part => getComputedStyle(part).backgroundColor")
        expect(inside.locator("#inside-tab-layers")).to_have_css("background-color", chosen)  # once it has changed
        for name in PARTS:
            part = open_part(inside, name)
            if name == "layers":
                part.locator(".inside-grid").first.click(position={"x": 20, "y": 20})
                expect(part.locator(".inside-ledger .total").first).to_be_visible()
                assert part.evaluate(UNUSED) == []
            expect(inside.locator(f"#inside-tab-{name}")).to_have_text(texts(code)(f"inside.{name}.name"))
            if visitor.get("has_touch"):
                assert page.evaluate(TOO_SMALL) == []
            screenshot(page, f"inside-{name}-{code}-{visitor['color_scheme']}-{visitor['viewport']['width']}")
            found = Axe().run(page, context="#inside").response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= visitor["viewport"]["width"]


def test_nothing_of_it_is_loaded_before_it_is_opened(page: Page, requests: list[Request]) -> None:
    assert not [one.url for one in requests if "/inside/" in one.url]
    open_inside(page)
    assert [one.url for one in requests if one.url.endswith("/main.js")]


@pytest.mark.parametrize("size", [(390, 664), (820, 1180), (1280, 800)], ids=str)
def test_a_visit_by_keyboard_alone_reads_opens_a_map_and_changes_its_mind(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    tab_to(page, "#pad canvas")
    page.keyboard.press("7")
    expect(sign(page)).to_have_text("7")
    tab_to(page, "[role=tab][data-tab-id=inside]", back=True)
    page.keyboard.press("Enter")
    inside = page.locator("#inside")
    expect(inside.locator(".inside-verdict")).to_contain_text("reads 7")
    expect(inside.locator(".inside-grid").first).to_be_visible()
    tab_to(page, "#inside .inside-grid")
    for key in ("Enter", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(inside.locator(".inside-detail h4")).to_have_text("Layer 1: map 3 of 32")
    expect(inside.locator(".inside-ledger .total").first).to_be_visible()
    bill = inside.locator(".inside-ledger").evaluate(
        """table => ["tbody", "tfoot"].map((part) =>
            [...table.querySelectorAll(part + " .number")].map((cell) => Number(cell.textContent.replace("−", "-"))))"""
    )
    assert round(sum(bill[0]), 2) == bill[1][0]
    tab_to(page, "#inside-tab-layers", back=True)
    page.keyboard.press("ArrowRight")
    expect(inside.get_by_role("slider", name="Rotate")).to_be_enabled()
    expect(inside.locator(".inside-axis").first.locator(".advice")).to_contain_text("it reads 7")
    tab_to(page, "#inside .inside-axis input")
    page.keyboard.press("End")
    expect(inside.locator(".inside-verdict")).not_to_contain_text("reads 7")
    # Its answer is seen while it changes, wherever on the page the slider is.
    expect(inside.locator(".inside-verdict")).to_be_in_viewport(ratio=1)
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    expect(inside.locator(".inside-verdict")).to_contain_text("reads 7")


def test_ink_drawn_on_its_pixels_is_read_while_it_is_drawn(page: Page) -> None:
    inside = open_inside(page)
    expect(inside.locator(".inside-note")).to_contain_text("Nothing has been read yet")
    inside.get_by_role("button", name="Clear").click()
    box = inside.locator(".inside-paper canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8, steps=8)
    expect(inside.locator(".inside-verdict")).to_contain_text("reads 1")
    page.mouse.up()
    inside.locator(".inside-model").select_option("logistic")
    expect(inside.locator(".inside-stage")).to_have_count(1)
    inside.get_by_role("button", name="Back to the 7").click()
    expect(inside.locator(".inside-verdict")).to_contain_text("reads 7")


def test_each_digit_of_a_number_can_be_looked_into(page: Page) -> None:
    draw(page, [(50, 60), (50, 220)])
    draw(page, [(120, 70), (220, 70), (150, 220)])
    expect(sign(page)).to_have_text("17")
    inside = open_inside(page)
    expect(inside.locator(".inside-verdict")).to_contain_text("reads 1")
    inside.locator(".inside-which button").nth(1).click()
    expect(inside.locator(".inside-verdict")).to_contain_text("reads 7")


def test_a_broken_network_reads_worse_and_is_mended(page: Page) -> None:
    inside = open_inside(page)
    layers = open_part(inside, "layers")
    layers.locator(".inside-grid").nth(1).click(position={"x": 20, "y": 20})
    layers.get_by_role("button", name="Mute it").click()
    part = inside.locator("#inside-panel-broken")
    expect(part.locator(".inside-chips button")).to_have_text(["Layer 2: 1 ✕"])
    part.get_by_role("button", name="Mute the layer").click()
    broken = part.locator(".inside-one").nth(1)
    expect(part.locator(".inside-tested .is-wrong").nth(100)).to_be_visible()
    part.get_by_role("button", name="Mend all").click()
    expect(part.locator(".inside-chips button")).to_have_count(0)
    expect(broken).to_contain_text("200 of 200")


def test_a_seven_is_made_a_nine_and_taken_back(page: Page) -> None:
    inside = open_inside(page)
    inside.locator(".inside-model").select_option("quick")  # a dab of it takes a tenth of the time
    part = open_part(inside, "flip")
    part.get_by_role("button", name="9", exact=True).click()
    part.get_by_role("button", name="Turn it into 9").click()
    expect(part.locator(".inside-said")).to_contain_text("It reads 9 now")
    expect(inside.locator(".inside-verdict")).to_contain_text("reads 9")
    part.get_by_role("button", name="Take it all back").click()
    expect(inside.locator(".inside-verdict")).to_contain_text("reads 7")


def test_a_dot_of_the_map_shows_its_digit_and_mistakes_are_marked(page: Page) -> None:
    inside = open_inside(page)
    part = open_part(inside, "map")
    expect(part.locator(".inside-dot p")).to_contain_text("is 7, read as 7")
    part.get_by_role("button", name="Next mistake").click()
    expect(part.locator(".inside-dot p")).to_contain_text("misread as")
    canvas = part.locator(".inside-map canvas")
    before = part.locator(".inside-dot p").inner_text()
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    expect(part.locator(".inside-dot p")).not_to_have_text(before)
