"""What the page does, on a phone, a tablet and a desk: each visit goes through all three."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from model.reading.store import trained_models
from tests.helpers.browsing import SEVEN, TOO_SMALL, button, choose, draw, reload, sign, tab, visiting
from tests.helpers.running import ROOT
from ui.texts import texts

pytestmark = pytest.mark.browser

#: Of a phone with its browser's bars, a tablet, and a small laptop.
SIZES = [(390, 664), (820, 1180), (1280, 800)]
SEVENS = [[(30 + 85 * place, 60), (85 + 85 * place, 60), (50 + 85 * place, 200)] for place in range(3)]
SCRIBBLE = [[(90, 40), (90, 240)], [(190, 40), (90, 140), (190, 240)]]  # a K
#: Below this width the feedback and the strip's tools have lines of their own.
NARROW = 960


@pytest.fixture
def touched(browser: Browser, url: str) -> Iterator[Page]:
    """The page on a screen for fingers, of a size that the test sets."""
    with visiting(browser, url, viewport={"width": 390, "height": 664}, has_touch=True) as page:
        yield page


def sizes(page: Page) -> Iterator[int]:
    """The widths, each once the page has that size; it fits each of them at the end, and its parts fit a finger."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        page.evaluate("scrollTo(0, 0)")
        yield width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(TOO_SMALL) == []


def whole(*parts: Locator) -> None:
    """The parts are on the screen as they are, without scrolling."""
    for part in parts:
        expect(part).to_be_in_viewport(ratio=1)


def apart(page: Page) -> None:
    """No card of the reader lies on another."""
    overlaps = page.evaluate("""() => {
        const cards = ["input", "answer", "choice", "why", "others", "more", "seen"]
            .map((id) => [id, document.getElementById(id)?.getBoundingClientRect()])
            .filter(([, box]) => box && box.width && box.height);
        const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
        return cards.flatMap(([one, a], place) => cards.slice(place + 1)
            .filter(([, b]) => meet(a, b)).map(([other]) => [one, other]));
    }""")
    assert overlaps == []


def lines(parts: Locator) -> int:
    """How many lines the parts that are seen stand on."""
    return len({round(box["y"]) for part in parts.all() if (box := part.bounding_box())})


def colour(part: Locator) -> str:
    told: str = part.evaluate("part => getComputedStyle(part).color")
    return told


def test_the_answer_stands_beside_the_pen_and_nonsense_is_doubted(touched: Page) -> None:
    page = touched
    for width in sizes(page):
        below = page.locator("#choice" if width < 640 else "#examples")
        draw(page, SEVEN, lift=False)
        expect(sign(page)).to_have_text("7")
        whole(page.locator("#answer .answer"), *page.locator("#answer li").all(), page.locator("#pad canvas"))
        whole(page.locator(".pad-tools"))
        page.mouse.up()
        expect(page.locator("#why h2")).to_have_text("Why 7?")
        assert page.locator("#seen figcaption").all_inner_texts() == ["28×28", "ink", "box"]
        accent, place = colour(sign(page)), below.bounding_box()
        button(page, "Clear").click()
        for stroke in SCRIBBLE:
            draw(page, stroke)
        expect(page.locator("#answer .answer")).to_have_class(re.compile("is-(no-digit|unsure)"))
        expect(page.locator("#pad .spoken")).to_have_text("this doesn't look like a digit")  # it is the whole drawing's
        assert colour(sign(page)) != accent
        expect(button(page, "No")).to_be_visible()
        assert below.bounding_box() == place
        button(page, "No").click()
        expect(page.locator(".feedback-none")).to_be_visible()
        if width < NARROW:
            assert lines(page.locator(".feedback-which .tool")) == 2
        button(page, "Clear").click()
        expect(page.locator("#answer")).to_contain_text("waiting for a digit")


def test_no_card_lies_on_another_whatever_the_width(touched: Page) -> None:
    page = touched
    draw(page, SEVENS[0])
    expect(page.locator("#why h2")).to_have_text("Why 7?")
    for comparing in (False, True):
        page.get_by_label("Compare all models").set_checked(comparing)
        expect(page.locator("#others tbody tr")).to_have_count(len(trained_models()) if comparing else 0)
        for width in (360, 820, 1280, 1499, 1500, 1920):
            page.set_viewport_size({"width": width, "height": 960})
            apart(page)
            shares = page.locator("#others .shares > span").evaluate_all(
                "parts => parts.map((part) => part.getClientRects().length)"
            )
            assert set(shares) <= {1}  # none is broken over lines
    draw(page, SEVENS[1])
    expect(sign(page)).to_have_text("77")
    for width in (360, 820, 1280, 1499, 1500, 1920):
        page.set_viewport_size({"width": width, "height": 960})
        apart(page)


def test_what_is_shown_is_of_the_input_in_view(touched: Page) -> None:
    page = touched
    draw(page, SEVEN)
    for _ in sizes(page):
        expect(sign(page)).to_have_text("7")
        page.locator("#examples button").first.click()
        expect(sign(page)).to_have_text("0")
        expect(page.locator("#why h2")).to_have_text("Why 0?")
        tab(page, "Draw")
        expect(page.locator("#why h2")).to_have_text("Why 7?")


def test_invitations_lie_on_the_pad_and_a_missed_bound_is_marked(browser: Browser, url: str) -> None:
    settings: dict[str, Any] = {"viewport": {"width": 390, "height": 664}, "has_touch": True}
    with visiting(browser, url, is_first=True, reduced_motion="reduce", **settings) as page:
        for _ in sizes(page):
            expect(sign(page)).to_have_text("4")
            whole(*page.locator(".pad-tries button").all(), page.locator("#answer .answer"))
            button(page, "4 or 9?").click()
            expect(page.locator("#answer")).to_contain_text("unsure: 4 or 9")
            expect(page.locator("#answer .advice")).to_contain_text("%")
            ends = "part => [part.getBoundingClientRect().left, part.getBoundingClientRect().right]"
            (left, right), (start, end) = page.locator("#answer .track:has(u), #answer .track u").evaluate_all(
                f"parts => parts.map({ends})"
            )
            assert left < start < end <= right
            page.evaluate("localStorage.clear()")
            reload(page)


def test_digits_of_a_number_are_chosen_and_their_frames_are_told_apart(touched: Page) -> None:
    page = touched
    for stroke in SEVENS:
        draw(page, stroke)
    expect(sign(page)).to_contain_text("777")
    expect(page.locator("#why figcaption").first).to_be_visible()
    # What a script chooses again, because its reason came late, leaves the focus and the page where they are.
    page.locator("#seen .digits button").nth(1).evaluate("button => button.click()")
    expect(page.locator("#seen .digits button").nth(1)).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("[document.activeElement.tagName, scrollY]") == ["CANVAS", 0]
    for place, _ in enumerate(sizes(page)):
        page.locator("#seen .digits button").nth(place).click()
        expect(page.locator("#why figcaption").first).to_have_text(f"digit {place + 1} of 3")
        frames = [box for part in page.locator("#pad .pad-boxes i").all() if (box := part.bounding_box())]
        assert len(frames) == 3
        for one, next_one in pairwise(frames):
            assert one["x"] + one["width"] < next_one["x"]
        if page.locator(".feedback-no[aria-expanded=false]").count():
            button(page, "No").click()
        expect(page.get_by_label("The right digits, in order:")).to_be_visible()


def test_several_files_are_a_sorted_table_of_the_page_s_width(touched: Page, tmp_path: Path) -> None:
    page = touched
    chooser = page.get_by_role("tab", name="Several files")
    before_it = chooser.bounding_box()
    chooser.click()
    expect(page.locator("#answer")).to_be_hidden()
    assert chooser.bounding_box() == before_it  # it doesn't jump under the finger
    fake = tmp_path / "a-name-that-is-as-long-as-those-that-scanners-give.png"
    fake.write_bytes(b"no picture")
    names = ["7-ballpoint.jpg", "3-drawn.png"]
    page.locator("#files input[type=file]").set_input_files([*(ROOT / "examples" / name for name in names), fake])
    expect(page.locator(".several-count")).to_have_text("3 of 3 read")
    expect(page.locator(".several-many")).to_be_empty()
    for width in sizes(page):
        table, first = page.locator("#table table").bounding_box(), page.locator("#table .thumbnail img").first
        assert table
        assert table["width"] > width - 100
        box = first.bounding_box()
        assert box
        assert (box["width"], box["height"]) == (52, 52)
        before = page.locator("#table tbody th").all_inner_texts()
        page.locator("#table thead").get_by_role("button", name="file").click()
        after = page.locator("#table tbody th").all_inner_texts()
        assert after != before
        assert sorted(after) == sorted(before)


@pytest.mark.parametrize("how", ["chosen", "dropped"])
def test_of_too_many_files_the_first_are_read_and_it_is_said(touched: Page, how: str) -> None:
    tab(touched, "Several files")
    content = (ROOT / "examples" / "3-drawn.png").read_bytes()
    if how == "chosen":
        many = [FilePayload(name=f"{number}.png", mimeType="image/png", buffer=content) for number in range(214)]
        touched.locator("#files input[type=file]").set_input_files(many)
    else:
        touched.locator("#files [data-testid=upload-button], #files button").first.evaluate(
            """(place, bytes) => {
              const dropped = new DataTransfer();
              for (let number = 0; number < 60; number++)
                dropped.items.add(new File([new Uint8Array(bytes)], `${number}.png`, { type: "image/png" }));
              place.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
            }""",
            list(content),
        )
    count = 214 if how == "chosen" else 60
    expect(touched.locator(".several-many")).to_contain_text(f"The first 50 of {count} pictures are read")
    expect(touched.locator(".several-count")).to_contain_text("of 50 read")


def test_a_chosen_mistake_is_in_view_and_models_are_drawn_in_the_page_s_language(browser: Browser, url: str) -> None:
    t = texts("zh")
    with visiting(browser, url, locale="zh-CN", viewport={"width": 390, "height": 664}, has_touch=True) as page:
        tab(page, t("tab.mistakes"))
        for place, width in enumerate(sizes(page)):
            tile = page.locator("#gallery button").nth(place)
            tile.scroll_into_view_if_needed()
            tile.click()
            expect(page.locator("#mistake strong")).to_be_visible()
            if width == 390:  # over the gallery; else above it
                whole(page.locator("#mistake img"), page.locator("#mistake ol"), page.locator("#try"))
            page.get_by_role("button", name=t("mistakes.close")).click()
        tab(page, t("tab.models"))
        page.locator("#look-at label").filter(has_text="logistic").click()
        expect(page.locator("#model-detail h2")).to_have_text("logistic")
        for width in sizes(page):
            for accuracy in page.locator("#models .accuracy").all():
                box = accuracy.bounding_box()
                assert box
                assert 0 <= box["x"] < box["x"] + box["width"] <= width
            expect(page.locator("#model-detail .chart svg").first).to_contain_text(t("curves.epoch"))
            expect(page.locator("#model-detail figcaption").first).to_contain_text("logistic")
            weights = page.locator(".grid-of-weights img")
            assert weights.count() == 10
            if width < 1280:
                assert lines(weights) == lines(page.locator(".grid-of-samples img")) == (2 if width == 390 else 1)


def test_each_way_to_look_inside_does_what_it_says(touched: Page) -> None:
    page = touched
    draw(page, SEVEN)
    expect(sign(page)).to_have_text("7")
    choose(page, "model", "quick")  # it answers in a fifth of the time
    tab(page, "Inside")
    inside = page.locator("#inside")
    box = inside.bounding_box()
    assert box
    assert box["y"] + box["height"] >= SIZES[0][1] - 10  # what comes into it doesn't push the page's end before it
    verdict, paper = inside.locator(".inside-verdict"), inside.locator(".inside-paper canvas")
    picture = "canvas => canvas.toDataURL()"
    for width in sizes(page):
        expect(verdict).to_contain_text("reads 7")
        if width == SIZES[0][0]:  # one row, which is moved sideways and fades where there is more of it
            assert lines(inside.locator(".inside-tools > *")) == 1
            fades = "row => ['before', 'after'].map((side) => getComputedStyle(row).getPropertyValue(`--${side}`))"
            tools = inside.locator(".inside-tools")
            expect(tools).to_have_class(re.compile("has-after"))
            assert tools.evaluate(fades) == ["0px", "64px"]
            assert "64px" in tools.evaluate("row => getComputedStyle(row).maskImage")
            tools.evaluate("row => row.scrollTo(row.scrollWidth, 0)")
            expect(tools).to_have_class(re.compile("has-before(?! has-after)"))
            assert tools.evaluate(fades) == ["64px", "0px"]
        part = open_part(page, "layers")
        part.locator(".inside-grid").first.click(position={"x": 20, "y": 20})
        expect(part.locator(".inside-ledger .total").first).to_be_visible()
        expect(part.locator(".inside-answers .is-best th")).to_have_text("7")

        part = open_part(page, "change")
        slider = part.get_by_role("slider", name="Rotate")
        expect(slider).to_be_enabled()
        slider.press("Home")
        expect(part.locator(".inside-axis .advice").first).to_contain_text("At −90° it reads")
        before = paper.evaluate(picture)
        slider.press("End")
        expect(part.locator(".inside-axis .advice").first).to_contain_text("At 90° it reads")
        assert paper.evaluate(picture) != before

        part = open_part(page, "map")
        expect(part.locator(".inside-near button")).to_have_count(5)
        part.get_by_role("button", name="Next mistake").click()
        expect(part.locator(".inside-dot p")).to_contain_text("misread as")

        part = open_part(page, "broken")
        part.get_by_role("button", name="Mute the layer").click()
        expect(part.locator(".inside-tested .is-wrong").nth(100)).to_be_visible()
        part.get_by_role("button", name="Mend all").click()
        expect(part.locator(".inside-tested .is-wrong").nth(20)).to_be_hidden()

        part = open_part(page, "flip")
        part.get_by_role("button", name="9", exact=True).click()
        part.get_by_role("button", name="Turn it into 9").click()
        expect(part.locator(".inside-said")).to_contain_text("It reads 9 now")
        part.get_by_role("button", name="Take it all back").click()

        part = open_part(page, "training")
        slider = part.locator(".inside-scrub input")
        expect(slider).to_be_enabled()
        slider.press("Home")
        expect(part.locator(".inside-replay h3")).to_have_text("Before training")
        weights = part.locator("canvas").evaluate(picture)
        slider.press("End")
        expect(part.locator(".inside-replay h3")).to_contain_text("After epoch")
        assert part.locator("canvas").evaluate(picture) != weights


def open_part(page: Page, name: str) -> Locator:
    """One of the ways to look inside."""
    page.locator(f"#inside-tab-{name}").click()
    part = page.locator(f"#inside-panel-{name}")
    expect(part).to_be_visible()
    return part


def test_drawings_are_kept_shared_and_played_with(touched: Page, tmp_path: Path) -> None:
    page = touched
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    nine = page.locator("#challenges [data-name=nine]")
    for place, width in enumerate(sizes(page)):
        page.locator("#pad canvas").focus()
        page.keyboard.press(str(place + 4))
        expect(sign(page)).to_have_text(str(place + 4))
        expect(page.locator(".album-strip button").nth(2 * place)).to_be_visible()
        if width < NARROW:
            assert lines(page.locator(".album-tools .tool")) == 1
        button(page, "Copy a link").click()
        assert re.fullmatch(r"http.*/#d=[\w-]+", page.locator(".album-address").input_value())
        with page.expect_download() as download:
            button(page, "Save as a picture").click()
        download.value.save_as(tmp_path / f"{width}.png")
        with Image.open(tmp_path / f"{width}.png") as card:
            assert card.size == (1200, 630)
        if not place:
            page.locator("#challenges summary").click()
        nine.get_by_role("button", name="Start").click()
        goal, chooser = page.locator(".challenge-goal"), page.get_by_role("tab", name="Draw")
        expect(goal.get_by_role("button")).to_have_text("✕Stop")
        page.keyboard.press("9")
        expect(nine.locator(".challenge-state")).to_contain_text("It reads a 9")
        whole(page.locator("#pad canvas"), goal)
        expect(goal).to_contain_text("It reads a 9")
        # It stands in the place of the inputs' tabs, whole, and covers nothing of the pad.
        expect(chooser).to_be_hidden()
        asked, pad = goal.bounding_box(), page.locator("#pad canvas").bounding_box()
        assert asked
        assert pad
        assert asked["y"] + asked["height"] <= pad["y"]
        assert goal.locator("> span").evaluate(
            "text => text.scrollWidth <= text.clientWidth && text.offsetHeight <= 44"
        )
        (goal if place else nine).get_by_role("button", name="No").click()
        expect(goal).to_be_hidden()
        expect(chooser).to_be_visible()
        if place:
            expect(page.locator("#pad canvas")).to_be_focused()
        expect(nine.locator(".challenge-ask")).to_be_hidden()
        page.locator("#pad canvas").focus()
        page.keyboard.press("Delete")
        draw(page, [(40 + 50 * place, 40), (40 + 50 * place, 240)])
