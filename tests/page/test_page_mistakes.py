"""The gallery of mistakes in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from model.reading.store import load_card
from tests.helpers.browsing import choose, screenshot, sign, tab

pytestmark = pytest.mark.browser


@pytest.fixture
def gallery(page: Page) -> Page:
    tab(page, "Mistakes")
    expect(page.locator("#gallery button").first).to_be_visible()
    return page


def test_the_gallery_shows_each_mistake_and_its_top_three(gallery: Page) -> None:
    card = load_card("cnn")
    tiles = gallery.locator("#gallery button")
    assert tiles.count() == len(card.mistakes)
    tiles.nth(2).click()
    mistake = card.mistakes[2]
    expect(gallery.locator("#mistake")).to_contain_text(f"A {mistake.label}, read as {mistake.top[0][0]}")
    assert gallery.locator("#mistake li").count() == 3
    screenshot(gallery, "mistakes")


@pytest.mark.parametrize("width", [360, 390, 820, 1280])
def test_no_caption_is_cut_off(gallery: Page, width: int) -> None:
    gallery.set_viewport_size({"width": width, "height": 800})
    cut = gallery.evaluate("""() => [...document.querySelectorAll("#gallery button")]
        .filter((tile) => tile.scrollWidth > tile.clientWidth
            || tile.querySelector("span").scrollWidth > tile.querySelector("span").clientWidth)
        .map((tile) => tile.innerText)""")
    assert cut == []


def test_a_cell_of_the_confusion_matrix_shows_its_digits(gallery: Page) -> None:
    cell = gallery.locator("#matrix button").first
    true, read = list(str(cell.get_attribute("data-choice")))
    count = int(cell.inner_text())
    cell.click()
    expect(gallery.locator("#gallery button")).to_have_count(count)
    assert all(text.startswith(f"{true} → {read}") for text in gallery.locator("#gallery span").all_inner_texts())
    expect(gallery.locator("#true select")).to_have_value(true)


def test_filters_and_order(gallery: Page) -> None:
    before = gallery.locator("#gallery span").all_inner_texts()
    choose(gallery, "order", "least sure first")
    expect(gallery.locator("#gallery span").first).to_have_text(before[-1])
    true = before[0][0]
    choose(gallery, "true", true)
    expect(gallery.locator("#gallery button")).to_have_count(sum(text[0] == true for text in before))


def test_disputed_labels_are_marked(gallery: Page) -> None:
    disputed = sum(mistake.disputed for mistake in load_card("cnn").mistakes)
    assert gallery.locator("#gallery span", has_text="⚑").count() == disputed


def test_one_click_reads_a_mistake_again_to_the_same_answer(gallery: Page) -> None:
    card = load_card("cnn")
    place = next(place for place, mistake in enumerate(card.mistakes) if mistake.top[0][1] > 0.6)
    gallery.locator("#gallery button").nth(place).click()
    expect(gallery.locator("#mistake")).to_contain_text(f"test digit {card.mistakes[place].index}")
    gallery.get_by_role("button", name="Read it again").click()
    expect(sign(gallery)).to_contain_text(card.mistakes[place].top[0][0])
    expect(gallery.locator("#photo img")).to_be_visible()
