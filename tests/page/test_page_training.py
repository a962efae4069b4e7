"""A training replayed on the visitor's digit, and one on this machine, where the page's owner allows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.helpers.browsing import SEVEN, draw, screenshot, sign, tab, visiting
from tests.helpers.running import ROOT, running
from ui.texts import texts

pytestmark = pytest.mark.browser


def open_training(page: Page, language: str = "en") -> Locator:
    """The part, once it can be moved through."""
    tab(page, texts(language)("tab.inside"))
    page.locator("#inside-tab-training").click()
    part = page.locator("#inside-panel-training")
    expect(part.locator(".inside-scrub input")).to_be_enabled()
    return part


def check(page: Page) -> None:
    """Nothing in it keeps anyone out, and nothing goes over the screen's edge."""
    found = Axe().run(page, context="#inside").response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


def test_a_scrub_by_keyboard_changes_answer_curves_and_weights(page: Page) -> None:
    draw(page, SEVEN)
    expect(sign(page)).to_have_text("7")
    part = open_training(page)
    slider, when = part.locator(".inside-scrub input"), part.locator(".inside-replay h3")
    expect(when).to_have_text("Before training")
    expect(part.locator(".inside-said").first).to_contain_text("1,700 of 10,000 test digits right")
    picture = part.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    mark = part.locator(".inside-curve circle").first.get_attribute("cx")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(when).to_have_text("After batch 1, 100 digits")
    page.keyboard.press("End")
    expect(when).to_have_text("After epoch 20, 1,100,000 digits")
    expect(part.locator(".inside-mark")).to_have_text("7")
    expect(slider).to_have_attribute(
        "aria-valuetext", "After epoch 20, 1,100,000 digits. " + part.locator(".inside-said").first.inner_text()
    )
    assert part.locator(".inside-curve circle").first.get_attribute("cx") != mark
    assert part.locator("canvas").evaluate("canvas => canvas.toDataURL()") != picture
    for target in (slider, *part.locator(".inside-replay button").all()):
        box = target.bounding_box()
        assert box
        assert box["height"] >= 44
    expect(part.locator(".inside-live")).to_be_hidden()  # the owner of this page allows no training
    for width in (1280, 1920):
        page.set_viewport_size({"width": width, "height": 1000})
        edges = "parts => parts.map((part) => part.getBoundingClientRect()).map(({ left, right }) => [left, right])"
        page.wait_for_function(
            """() => { const { width, parentElement } = document.querySelector("#inside-panel-training canvas");
                return width > 0.85 * parentElement.clientWidth; }"""
        )
        (left, right), *cards = part.evaluate_all(edges) + part.locator(".card:visible").evaluate_all(edges)
        assert (min(cards)[0], max(card[1] for card in cards)) == (left, right)
        curves = part.locator(".inside-curve").evaluate_all(edges)
        assert curves[1][1] > cards[0][1] - 40


def test_the_slider_follows_what_is_drawn_and_which_network_is_chosen(page: Page) -> None:
    part = open_training(page)
    part.get_by_role("button", name="mlp", exact=True).click()
    slider = part.locator(".inside-scrub input")
    expect(slider).to_have_attribute("max", "16")
    slider.fill("16")
    expect(part.locator(".inside-mark")).to_have_text("7")
    page.locator("#inside").get_by_role("button", name="Clear").click()
    box = page.locator("#inside .inside-paper canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8, steps=8)
    page.mouse.up()
    expect(part.locator(".inside-mark")).to_have_text("1")
    curve = part.locator(".inside-curve").first.bounding_box()
    assert curve
    page.mouse.click(curve["x"] + curve["width"] * 0.14, curve["y"] + curve["height"] / 2)
    expect(part.locator(".inside-replay h3")).to_have_text("Before training")


def test_it_plays_when_told_to_and_stops_at_the_end(page: Page) -> None:
    part = open_training(page)
    part.get_by_role("button", name="quick", exact=True).click()
    slider = part.locator(".inside-scrub input")
    expect(slider).to_have_attribute("max", "8")
    expect(slider).to_have_value("0")
    part.get_by_role("button", name="Play").click()
    part.get_by_role("button", name="Pause").click()
    expect(part.get_by_role("button", name="Play")).to_be_visible()
    slider.fill("6")
    part.get_by_role("button", name="Play").click()
    expect(slider).to_have_value("8")
    expect(part.get_by_role("button", name="Play")).to_be_visible()


# On this machine


@pytest.fixture(scope="module")
def trainable() -> Iterator[str]:
    """The address of a page whose owner lets visitors train for three seconds, on the digits that ship."""
    with running("--train", "3", "--data", str(ROOT / "tests" / "nothing")) as page:
        yield page.url


@pytest.mark.parametrize(("width", "scheme", "locale"), [(1280, "light", "en-GB"), (390, "dark", "zh-CN")])
def test_a_training_from_the_page_learns_and_reads_the_drawing(
    browser: Browser, trainable: str, width: int, scheme: str, locale: str
) -> None:
    t = texts(locale[:2])
    settings: dict[str, Any] = {
        "viewport": {"width": width, "height": 900},
        "color_scheme": scheme,
        "reduced_motion": "reduce",
    }
    with visiting(browser, trainable, locale=locale, **settings) as page:
        draw(page, SEVEN)
        expect(sign(page)).to_have_text("7")
        part = open_training(page, locale[:2])
        start = t.raw("inside.live.go").replace("{model}", "logistic").replace("{seconds}", "3")
        part.get_by_role("button", name=start).click()
        expect(part.get_by_role("button", name=t("inside.live.stop"))).to_be_focused()
        expect(part.locator(".inside-live [role=status]")).to_have_text(t("inside.live.done"), timeout=90_000)
        pair = part.locator(".inside-pair.is-live strong")
        expect(pair).to_have_text(["7", "7"])
        expect(part.locator(".inside-live")).to_contain_text("550")
        check(page)
        screenshot(page, f"training-live-{locale[:2]}-{scheme}-{width}")


def test_a_training_is_stopped_by_its_visitor_and_another_waits(browser: Browser, trainable: str) -> None:
    with visiting(browser, trainable) as page, visiting(browser, trainable) as other:
        part, others = open_training(page), open_training(other)
        part.get_by_role("button", name="Train quick").click()
        stop = part.get_by_role("button", name="Stop")
        expect(stop).to_be_visible()
        others.get_by_role("button", name="Train logistic").click()
        expect(other.locator("#inside .inside-problem")).to_contain_text("somebody is training on this machine")
        stop.click()
        expect(part.locator(".inside-live [role=status]")).to_have_text("Stopped: nothing of it is kept.")
        expect(part.get_by_role("button", name="Train logistic")).to_be_focused()
