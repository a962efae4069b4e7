"""Languages, light and dark, narrow and wide, without a mouse or good eyes: in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.helpers.browsing import SEVEN, draw, reload, screenshot, sign, tab, visiting
from ui.texts import texts

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1280, "height": 960}, {"width": 390, "height": 844}
VISITORS = [
    {"viewport": viewport, "color_scheme": scheme, "locale": locale}
    for viewport in (DESKTOP, PHONE)
    for scheme in ("light", "dark")
    for locale in ("en-GB", "zh-CN")
]


def name_of(visitor: dict[str, Any]) -> str:
    return f"{visitor['locale'][:2]}-{visitor['color_scheme']}-{visitor['viewport']['width']}"


@pytest.fixture
def visit(browser: Browser, url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page as a visitor with these settings finds it."""
    with visiting(browser, url, **request.param) as page:
        yield page


@pytest.mark.parametrize("visit", VISITORS, indirect=True, ids=name_of)
def test_every_part_is_accessible_and_fits_its_screen(visit: Page, request: pytest.FixtureRequest) -> None:
    name = request.node.name.split("[")[1].rstrip("]")
    t = texts(name[:2])
    expect(visit.locator("h1")).to_have_text(t("title"))
    draw(visit, SEVEN)
    expect(sign(visit)).to_have_text("7")
    expect(visit.locator("#why .why")).to_be_visible()
    for part in ("read", "mistakes", "models", "code"):
        tab(visit, t(f"tab.{part}"))
        visit.wait_for_timeout(700)
        screenshot(visit, f"{name}-{part}")
        found = Axe().run(visit).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert visit.evaluate("document.documentElement.scrollWidth") <= visit.viewport_size["width"]  # type: ignore[index]


@pytest.mark.parametrize("visit", [VISITORS[1]], indirect=True, ids=name_of)
def test_a_chinese_visitor_reads_chinese_everywhere(visit: Page) -> None:
    t = texts("zh")
    draw(visit, SEVEN)
    expect(visit.locator("#answer strong")).to_have_text(t("verdict.digit", "7"))
    expect(visit.locator("#pad [role=status]")).to_have_text(t("verdict.digit", "7"))
    expect(visit.locator("#why h2")).to_have_text(t("why.title", "7"))
    assert visit.locator("#seen figcaption").all_inner_texts()[1] == t("step.ink")
    shown = visit.locator("body").inner_text()
    english = texts("en")
    left = {
        english.raw(key) for key in sorted(english.strings) if key.startswith(("tab.", "pad.", "right.", "verdict"))
    } & set(shown.splitlines())
    assert left == {"API"}


@pytest.mark.parametrize("visit", [VISITORS[0]], indirect=True, ids=name_of)
def test_the_switch_changes_the_language_and_is_remembered(visit: Page) -> None:
    draw(visit, SEVEN)
    expect(sign(visit)).to_have_text("7")
    visit.locator("#language label").filter(has_text="中文").click()
    expect(visit.locator("h1")).to_have_text(texts("zh")("title"))
    expect(visit.locator("#answer strong")).to_have_text(texts("zh")("verdict.digit", "7"))
    reload(visit)
    expect(visit.locator("#answer")).to_contain_text(texts("zh")("verdict.blank"))


@pytest.mark.parametrize("visit", [VISITORS[1]], indirect=True, ids=name_of)
def test_problems_are_told_in_the_pages_language(visit: Page) -> None:
    tab(visit, texts("zh")("tab.upload"))
    visit.locator("#photo input[type=file]").set_input_files(
        {"name": "fake.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    expect(visit.locator("#answer")).to_contain_text("图片损坏了")
    tab(visit, texts("zh")("tab.several"))
    files = visit.locator("#files input[type=file]")
    expect(files).to_have_attribute("accept", "image/*")
    files.set_input_files({"name": "notes.md", "mimeType": "text/markdown", "buffer": b"no picture"})
    expect(visit.locator("#table tbody tr")).to_contain_text("图片损坏了")
    assert visit.get_by_text("Invalid file type").count() == 0  # gradio's own words, in English


@pytest.mark.parametrize("visit", VISITORS[:2], indirect=True, ids=name_of)
def test_drawing_moves_nothing_that_is_on_the_screen(visit: Page) -> None:
    parts = ["#pad canvas", "#answer", "#seen", "#language", "#model"]
    before = [visit.locator(part).bounding_box() for part in parts]
    draw(visit, SEVEN)
    expect(visit.locator("#why .why")).to_be_visible()
    after = [visit.locator(part).bounding_box() for part in parts]
    assert [(box["x"], box["y"]) for box in before if box] == [(box["x"], box["y"]) for box in after if box]


def test_reduced_motion_stops_every_transition(browser: Browser, url: str) -> None:
    with visiting(browser, url, reduced_motion="reduce") as page:
        draw(page, SEVEN)
        expect(sign(page)).to_have_text("7")
        bar = page.locator("#answer .track i").first
        assert bar.evaluate("bar => getComputedStyle(bar).transitionDuration") == "0s"


def test_in_the_system_s_own_colours_bars_choices_and_shades_are_seen(browser: Browser, url: str) -> None:
    with visiting(browser, url, forced_colors="active") as page:
        draw(page, SEVEN)
        expect(sign(page)).to_have_text("7")
        tell = """(name) => { const of = getComputedStyle(document.querySelector(name));
            return [of.backgroundColor, of.outlineStyle, of.borderBottomWidth, of.borderTopStyle]; }"""
        page.wait_for_timeout(300)
        first, track = page.evaluate(tell, "#answer .track i"), page.evaluate(tell, "#answer .track")
        assert first[0] != track[0]
        assert track[3] == "solid"
        for width in (390, 820, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            for chosen in ("#inputs [aria-selected=true]", "#language label.selected", ".pad-pen"):
                assert page.evaluate(tell, chosen)[1] == "solid"
            assert page.evaluate(tell, "#inputs [aria-selected=false]")[1] == "none"
            frame = "part => [getComputedStyle(part).borderTopColor, getComputedStyle(document.body).backgroundColor]"
            for other in ("#inputs [aria-selected=false]", "#language label:not(.selected)"):
                border, ground = page.locator(other).first.evaluate(frame)
                assert border == ground  # else all of them would be framed
        tab(page, "Mistakes")
        page.locator("#matrix button").first.wait_for()
        widths = page.evaluate("""() => [...document.querySelectorAll("#matrix td[style]")]
            .map((cell) => [Number(cell.innerText || 0), parseFloat(getComputedStyle(cell).borderBottomWidth)])""")
        assert max(width for _, width in widths) >= min(width for _, width in widths) + 5
        assert max(widths)[1] == max(width for _, width in widths)
        screenshot(page, "forced-colours")


@pytest.mark.parametrize(("width", "height"), [(640, 450), (820, 1180), (844, 390), (1500, 900), (1920, 1080)])
def test_nothing_is_cut_off_or_covered(browser: Browser, url: str, width: int, height: int) -> None:
    with visiting(browser, url, viewport={"width": width, "height": height}) as page:
        draw(page, SEVEN)
        expect(page.locator("#why h2")).to_have_text("Why 7?")
        cut = page.evaluate("""() => [...document.querySelectorAll(
                "#reader :is(p, h2, h3, strong, figcaption, button)")]
            .filter((part) => part.checkVisibility() && !part.closest(".unseen, [aria-hidden=true], .tip"))
            .filter((part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== "inline")
            .map((part) => part.outerHTML.slice(0, 100))""")
        assert cut == []
        cards = [page.locator(name).bounding_box() for name in (".pad", "#answer .answer", "#seen .seen", "#why .why")]
        found = [box for box in cards if box]
        assert len(found) == 4
        for number, box in enumerate(found):
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            for other in found[:number]:
                apart = box["x"] >= other["x"] + other["width"] or other["x"] >= box["x"] + box["width"]
                assert apart or box["y"] >= other["y"] + other["height"] or other["y"] >= box["y"] + box["height"]
        if height <= 500:  # the languages end where the tabs and the answer do
            language, tabs = page.locator("#language").bounding_box(), page.locator(".tab-wrapper").first.bounding_box()
            assert language
            assert tabs
            assert language["x"] + language["width"] == tabs["x"] + tabs["width"]
            assert language["y"] + language["height"] == tabs["y"] + tabs["height"]
        if width >= 1500:  # three columns
            right = max(box["x"] + box["width"] for box in found)
            assert right - min(box["x"] for box in found) > 0.9 * width


#: The parts of each column from above: the left edges, the widths and the gaps must be the same.
COLUMNS = {
    1280: [
        ["#inputs .pad-paper", ".pad-tools", "#examples section"],
        ["#answer", "#choice", "#others", "#seen", "#why"],
    ],
    1500: [
        ["#inputs .pad-paper", ".pad-tools", "#feedback"],
        ["#answer", "#choice", "#others", "#more"],
        ["#seen", "#why"],
    ],
    1920: [["#inputs .pad-paper", ".pad-tools"], ["#answer", "#choice", "#others", "#more"], ["#seen", "#why"]],
}


def test_on_a_desk_columns_have_one_edge_one_gap_and_one_scale_of_type(browser: Browser, url: str) -> None:
    with visiting(browser, url, viewport={"width": 1280, "height": 960}) as page:
        for digits in (1, 2):
            draw(page, [(110 * digits - 70, 60), (110 * digits - 10, 60), (110 * digits - 50, 220)])
            expect(sign(page)).to_have_text("7" * digits)
            expect(page.locator("#why h2")).to_have_text("Why 7?")
            heights = page.locator("#answer, #choice").evaluate_all("parts => parts.map((part) => part.offsetHeight)")
            assert heights == [204, 56]  # as for an empty pad: a number of few digits pushes nothing
            page.get_by_label("Compare all models").check()
            expect(page.locator("#others table")).to_be_visible()
            for width, columns in COLUMNS.items():
                page.set_viewport_size({"width": width, "height": 960})
                for column in columns:
                    boxes = [box for part in column if (box := page.locator(part).bounding_box())]
                    assert len(boxes) == len(column)
                    assert max(box["x"] for box in boxes) - min(box["x"] for box in boxes) < 1, (width, column)
                    assert max(box["width"] for box in boxes) - min(box["width"] for box in boxes) < 1, (width, column)
                    if "#answer" in column or "#seen" in column:
                        gaps = [lower["y"] - upper["y"] - upper["height"] for upper, lower in pairwise(boxes)]
                        assert {round(gap) for gap in gaps} == {16}, (width, column, gaps)
            page.set_viewport_size({"width": 1280, "height": 960})
            page.get_by_label("Compare all models").uncheck()
            expect(page.locator("#others table")).to_have_count(0)
        page.locator(".step").last.hover()
        tip = page.locator(".step .tip").last.bounding_box()
        assert tip
        assert tip["x"] + tip["width"] <= 1280
        sizes: set[str] = set()
        for part in ("Read", "Mistakes", "Models", "API"):
            tab(page, part)
            expect(page.locator("[role=tabpanel]:visible").first).to_be_visible()
            sizes |= set(page.evaluate(SIZES))
            assert page.evaluate(LONG) == []
        assert sizes <= {"12px", "13px", "15px", "18px", "22px", "36px"}


#: The sizes of the letters that are seen, but for an answer's large sign.
SIZES = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const sizes = new Set();
  while (walker.nextNode()) {
    const part = walker.currentNode.parentElement;
    const isSeen = walker.currentNode.data.trim() && part.checkVisibility();
    if (isSeen && !part.matches(".sign, option, .sr-only, svg *")) sizes.add(getComputedStyle(part).fontSize);
  }
  return [...sizes];
}"""
#: Paragraphs of several lines that are wider than 80 letters.
LONG = """() => [...document.querySelectorAll(".advice, .inside-text, figcaption, caption")]
  .filter((part) => part.checkVisibility() && part.offsetHeight > 1.9 * parseFloat(getComputedStyle(part).lineHeight))
  .filter((part) => part.offsetWidth > 39.5 * parseFloat(getComputedStyle(part).fontSize))
  .map((part) => part.outerHTML.slice(0, 120))"""
