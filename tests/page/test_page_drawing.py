"""Drawing in a real browser, as a visitor does."""

from __future__ import annotations

import statistics

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.helpers.browsing import ONE, SEVEN, button, draw, place, screenshot, sign, visiting

pytestmark = pytest.mark.browser

#: A 7, a 1 and a 7 beside each other.
NUMBER = [[(25, 100), (85, 100), (50, 190)], [(140, 100), (140, 190)], [(190, 100), (250, 100), (215, 190)]]


def test_the_first_stroke_is_read(page: Page) -> None:
    draw(page, SEVEN)
    expect(sign(page)).to_have_text("7")
    assert page.locator("#answer li b").all_inner_texts()[0] == "7"
    screenshot(page, "drawn-7")


def test_the_page_is_not_shown_before_the_pad_takes_strokes(browser: Browser, url: str) -> None:
    def watch(page: Page) -> None:
        page.add_init_script("""new MutationObserver(() => {
            const pad = document.querySelector("#pad canvas");
            const shown = document.documentElement.classList.contains("is-ready");
            if (shown) window.took ??= pad?.dataset.ready !== undefined;
        }).observe(document, { attributes: true, subtree: true, attributeFilter: ["class"] })""")

    with visiting(browser, url, watch) as page:
        assert page.evaluate("window.took")


def test_the_answer_comes_while_the_pen_is_down(page: Page) -> None:
    draw(page, SEVEN, lift=False)
    expect(sign(page)).to_have_text("7")
    page.mouse.up()


def test_clear_forgets_the_drawing_and_no_late_answer_returns(page: Page) -> None:
    draw(page, SEVEN)
    button(page, "Clear").click()
    expect(page.locator("#answer")).to_contain_text("waiting for a digit")
    page.wait_for_timeout(500)
    expect(page.locator("#answer")).to_contain_text("waiting for a digit")


def test_undo_and_redo_go_back_and_forth(page: Page) -> None:
    draw(page, SEVEN)
    button(page, "Clear").click()
    button(page, "Undo").click()
    expect(sign(page)).to_have_text("7")
    button(page, "Undo").click()
    expect(page.locator("#answer")).to_contain_text("waiting for a digit")
    button(page, "Redo").click()
    expect(sign(page)).to_have_text("7")


def test_the_eraser_takes_ink_away(page: Page) -> None:
    draw(page, SEVEN)
    expect(sign(page)).to_have_text("7")
    button(page, "Eraser").click()
    for x in range(60, 230, 15):
        draw(page, [(x, 40), (x, 250)])
    expect(page.locator("#answer")).to_contain_text("waiting for a digit")
    assert button(page, "Eraser").get_attribute("aria-pressed") == "true"


def test_a_wider_pen_draws_a_wider_stroke(page: Page) -> None:
    inked = (
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((v, i) => i % 4 == 3 && v).length"
    )
    widths = []
    for width in ("4", "30"):
        page.get_by_label("Pen width").fill(width)
        draw(page, ONE)
        widths.append(page.locator("#pad canvas").evaluate(inked))
        button(page, "Clear").click()
    assert widths[1] > 4 * widths[0]


def test_keys_write_move_and_clear_a_digit_without_a_mouse(page: Page) -> None:
    page.locator("#pad canvas").focus()
    for digit in "0123456789":
        page.keyboard.press(digit)
        expect(sign(page)).to_have_text(digit)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(sign(page)).to_have_text("9")
    page.keyboard.press("Delete")
    expect(page.locator("#answer")).to_contain_text("waiting for a digit")
    page.keyboard.press("Control+z")
    expect(sign(page)).to_have_text("9")


def test_each_digit_of_a_number_is_framed_with_its_own_top_three(page: Page) -> None:
    for stroke in NUMBER:
        draw(page, stroke)
    expect(page.locator("#pad .spoken")).to_contain_text("717")  # the pen rests: no box moves any more
    expect(page.locator("#pad .pad-boxes i")).to_have_count(3)
    assert page.locator("#pad .pad-boxes b").all_inner_texts() == ["7", "1", "7"]
    assert page.locator("#answer .others").count() == 3
    box = page.locator("#pad .pad-boxes i").nth(1).bounding_box()
    left, top = place(page, 140, 100)
    assert box is not None
    assert box["x"] < left < box["x"] + box["width"]
    assert abs(box["y"] - top) < 25
    screenshot(page, "number")


def test_what_the_network_saw_is_shown_step_by_step_and_explained(page: Page) -> None:
    draw(page, SEVEN)
    seen = page.locator("#seen .step-28x28 img")
    expect(seen).to_be_visible()
    assert seen.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [28, 28]
    captions = page.locator("#seen figcaption").all_inner_texts()
    assert captions == ["28×28", "ink", "box"]  # the others change nothing in a drawing
    page.locator("#seen .step-ink").focus()
    expect(page.locator("#seen .step-ink .tip")).to_be_visible()


def test_why_shows_a_heat_map_and_five_neighbours_when_the_pen_rests(page: Page) -> None:
    draw(page, SEVEN)
    expect(page.locator("#why")).to_contain_text("Why 7?")
    assert page.locator("#why .nearest img").count() == 5
    assert "7" in page.locator("#why .nearest figcaption").all_inner_texts()


def test_a_screen_reader_hears_the_answer_once_when_the_pen_rests(page: Page) -> None:
    page.evaluate("""() => {
        window.heard = [];
        const spoken = document.querySelector("#pad [role=status]");
        const listen = () => window.heard.push(spoken.textContent);
        new MutationObserver(listen).observe(spoken, { childList: true, subtree: true });
    }""")
    draw(page, SEVEN)
    expect(page.locator("#pad [role=status]")).to_have_text("reads as 7")
    page.wait_for_timeout(400)
    assert set(page.evaluate("window.heard.map((text) => text.trim()).filter(Boolean)")) == {"reads as 7"}
    assert page.locator("#answer [aria-live]").count() == 0


def test_blank_unsure_and_no_digit_look_different_and_say_what_to_do(page: Page) -> None:
    panel = page.locator("#answer .answer")
    assert "is-blank" in str(panel.get_attribute("class"))
    draw(page, [(90, 40), (90, 240)])
    draw(page, [(190, 40), (90, 140), (190, 240)])
    expect(panel).to_have_class("answer is-no-digit")
    expect(page.locator("#answer .advice")).to_contain_text("Try a digit")
    screenshot(page, "no-digit")


def test_an_answer_takes_at_most_a_tenth_of_a_second(page: Page) -> None:
    page.evaluate("""() => {
        window.waits = [];
        let asked = null;
        document.querySelector("#pad canvas").addEventListener("pointermove", () => { asked ??= performance.now(); });
        new MutationObserver(() => { if (asked !== null) window.waits.push(performance.now() - asked); asked = null; })
            .observe(document.querySelector("#answer"), { childList: true, subtree: true, attributes: true });
    }""")
    waits: list[float] = []
    for _ in range(30):  # on a busy machine a stroke has fewer answers than on a quiet one
        if len(waits) >= 8:
            break
        draw(page, SEVEN)
        expect(sign(page)).to_have_text("7")
        button(page, "Clear").click()
        expect(sign(page)).to_have_text("–")
        waits = page.evaluate("window.waits")
    # Other work on the machine only adds time: the quickest quarter shows what the page takes. The goal is 100 ms.
    assert statistics.quantiles(waits, n=4)[0] < 200, waits


def test_a_finger_draws_instead_of_scrolling(browser: Browser, url: str) -> None:
    size = {"width": 390, "height": 844}
    with visiting(browser, url, viewport=size, has_touch=True, is_mobile=True) as page:
        session = page.context.new_cdp_session(page)
        for kind, (x, y) in zip(
            ["touchStart", "touchMove", "touchMove"], [(140, 50), (140, 140), (140, 230)], strict=True
        ):
            left, top = place(page, x, y)
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": left, "y": top}]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        expect(sign(page)).to_contain_text("1")
        assert page.evaluate("window.scrollY") == 0
