"""Uploads, examples, models, the API's snippets and what is kept, in a real browser."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Request, expect

from model.data.__main__ import main as data_command
from model.reading.store import trained_models
from tests.helpers.browsing import SEVEN, button, choose, draw, reload, screenshot, sign, tab
from tests.helpers.running import ROOT

pytestmark = pytest.mark.browser

PHOTO = ROOT / "examples" / "7-ballpoint.jpg"
SCRIBBLE = [
    [(40, 60), (240, 80), (50, 110), (230, 140), (60, 170), (240, 200), (40, 230)],
    [(60, 40), (80, 240), (120, 50), (150, 240), (190, 40), (220, 240)],
]


def test_a_photo_is_read_and_its_digit_framed(page: Page) -> None:
    tab(page, "Upload")
    page.locator("#photo input[type=file]").set_input_files(PHOTO)
    expect(sign(page)).to_have_text("7")
    expect(page.locator("#seen .found i b")).to_have_text("7")
    page.wait_for_timeout(400)
    screenshot(page, "photo-7")


def test_a_file_that_is_no_picture_is_explained(page: Page, tmp_path: Path) -> None:
    fake = tmp_path / "fake.png"
    fake.write_bytes(b"no picture")
    tab(page, "Upload")
    page.locator("#photo input[type=file]").set_input_files(fake)
    expect(page.locator("#answer")).to_contain_text("damaged or no picture")


def test_a_picture_is_pasted(page: Page) -> None:
    tab(page, "Upload")
    paste = page.get_by_label("Paste from clipboard")
    assert paste.count() == 1


def test_an_example_is_read_on_click_and_by_key(page: Page) -> None:
    examples = page.locator("#examples button")
    examples.first.click()
    expect(sign(page)).to_have_text("0")
    expect(page.locator("#photo img")).to_be_visible()
    examples.last.focus()
    page.keyboard.press("Enter")
    expect(sign(page)).to_have_text("9")


def test_several_files_become_a_table_that_downloads_as_csv(page: Page, tmp_path: Path) -> None:
    tab(page, "Several files")
    fake = tmp_path / "fake.png"
    fake.write_bytes(b"no picture")
    page.locator("#files input[type=file]").set_input_files([PHOTO, ROOT / "examples" / "3-drawn.png", fake])
    expect(page.locator("#table tbody tr")).to_have_count(3)
    expect(page.locator("#table")).to_contain_text("damaged or no picture")
    expect(page.locator(".several-count")).to_have_text("3 of 3 read")
    expect(page.locator("#table tbody img")).to_have_count(2)
    names = page.locator("#table tbody th")
    page.locator("#table thead").get_by_role("button", name="file").click()
    assert names.all_inner_texts() == ["3-drawn.png", "7-ballpoint.jpg", "fake.png"]
    page.locator("#table thead").get_by_role("button", name="how sure").click()
    assert names.first.inner_text() == "fake.png"
    expect(page.locator("#table th[data-column=sure]")).to_have_attribute("aria-sort", "ascending")
    page.locator("#table thead").get_by_role("button", name="file").click()
    page.locator("#table thead").get_by_role("button", name="file").click()
    assert names.all_inner_texts() == ["fake.png", "7-ballpoint.jpg", "3-drawn.png"]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[0] == "file,status,number,confidence,problem"
    assert [line.split(",")[2] for line in lines[1:]] == ["", "7", "3"]
    screenshot(page, "several-files")


def test_any_digit_of_a_number_is_chosen_and_its_right_digits_are_kept(page: Page) -> None:
    for place in range(3):
        draw(page, [(30 + 85 * place, 60), (85 + 85 * place, 60), (50 + 85 * place, 200)])
    expect(sign(page)).to_contain_text("777")
    digits = page.locator("#seen .digits button")
    expect(digits).to_have_count(3)
    expect(page.locator("#why h2")).to_be_visible()
    digits.nth(2).click()
    expect(page.locator("#why figcaption").first).to_have_text("digit 3 of 3")
    expect(digits.nth(2)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#why figcaption").first).to_have_text("digit 2 of 3")
    expect(digits.nth(1)).to_have_attribute("aria-pressed", "true")
    assert page.locator("#why ol.bars li").count() == 3
    screenshot(page, "number-chosen")
    button(page, "No").click()
    right = page.get_by_label("The right digits, in order:")
    right.fill("77")
    button(page, "Keep").click()
    expect(page.locator(".feedback-wrong")).to_contain_text("Write 3 digits")
    right.fill("71x")
    page.keyboard.press("Enter")
    expect(page.locator(".feedback-count")).to_have_text("Kept in this browser: 3")
    kept = page.evaluate("JSON.parse(localStorage.getItem('digits')).map((digit) => digit.label)")
    assert kept == ["7", "1", "no-digit"]
    digits.nth(0).click()
    expect(page.locator("#why figcaption").first).to_have_text("digit 1 of 3")
    expect(page.locator(".feedback-ask")).to_be_hidden()  # it has been answered


def test_every_model_can_be_chosen_and_reads_the_same_drawing_again(page: Page) -> None:
    draw(page, SEVEN)
    expect(sign(page)).to_have_text("7")
    choose(page, "model", "logistic")
    expect(sign(page)).to_contain_text("7")
    tab(page, "Mistakes")
    expect(page.locator(".intro")).to_contain_text("logistic")


def test_compare_shows_every_models_answer_in_one_table(page: Page) -> None:
    draw(page, SEVEN)
    page.get_by_label("Compare all models").check()
    expect(page.locator("#others tbody tr")).to_have_count(len(trained_models()))
    assert page.locator("#others tbody th").all_inner_texts() == list(trained_models())
    assert page.locator("#others .reads").first.inner_text() == "7"
    screenshot(page, "compare")


def test_the_models_tab_shows_figures_curves_and_confusion(page: Page) -> None:
    tab(page, "Models")
    expect(page.locator("#models tbody tr")).to_have_count(len(trained_models()))
    page.locator("#look-at label").filter(has_text="logistic").click()
    expect(page.locator("#model-detail h2")).to_have_text("logistic")
    expect(page.locator("#model-detail h3")).to_have_text(
        ["Curves", "Weights", "First test digits", "Confusion matrix"]
    )
    for width in (1280, 1920):
        page.set_viewport_size({"width": width, "height": 960})
        matrix = page.locator("#model-detail .scroll")
        assert matrix.evaluate("region => region.scrollWidth <= region.clientWidth")
        right = matrix.evaluate("region => region.closest('figure').getBoundingClientRect().right")
        assert right == page.locator("#models .scroll").evaluate("table => table.getBoundingClientRect().right")
    screenshot(page, "models")


def test_programs_are_copied_by_a_button_and_stand_side_by_side_where_there_is_room(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab(page, "API")
    copy = page.get_by_role("button", name="Copy curl")
    copy.click()
    expect(copy).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#code pre").nth(1).text_content()
    assert copied.startswith(f"page={page.url}gradio_api")
    expect(copy).to_have_text("Copy")
    page.set_viewport_size({"width": 1920, "height": 1080})
    python, _, script = [program.bounding_box() for program in page.locator("#code pre").all()]
    assert python
    assert script
    assert python["x"] + python["width"] < script["x"]
    assert python["y"] == script["y"]


def test_labelled_digits_stay_in_the_browser_until_they_are_downloaded(page: Page, tmp_path: Path) -> None:
    for digit in ("7", "3", "1"):
        page.locator("#pad canvas").focus()
        page.keyboard.press(digit)
        expect(sign(page)).to_have_text(digit)
        expect(page.locator(".feedback-yes")).to_be_visible()
        button(page, "Yes").click()
    page.keyboard.press("Tab")
    page.locator("#pad canvas").focus()
    page.keyboard.press("4")
    expect(sign(page)).to_have_text("4")
    button(page, "No").click()
    button(page, "9").click()
    expect(page.locator(".feedback-count")).to_have_text("Kept in this browser: 4")
    button(page, "Clear").click()
    for line in SCRIBBLE:
        draw(page, line)
    expect(page.locator("#answer")).to_contain_text("doesn't look like a digit")
    button(page, "Yes").click()
    expect(page.locator(".feedback-count")).to_have_text("Kept in this browser: 5")
    reload(page)
    expect(page.locator(".feedback-count")).to_have_text("Kept in this browser: 5")
    expect(page.locator(".feedback-note code")).to_have_text("python -m model.data make")
    with page.expect_download() as download:
        button(page, "Download your digits").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        assert sorted(name[0] for name in archive.namelist()) == ["1", "3", "7", "9", "n"]
        assert np.asarray(Image.open(io.BytesIO(archive.read(archive.namelist()[0])))).max() > 200
        archive.extractall(tmp_path / "digits")
    assert data_command(["make", str(tmp_path / "digits"), str(tmp_path / "set")]) == 0
    button(page, "Forget them").click()
    expect(page.locator(".feedback-kept")).to_be_hidden()


def test_nothing_is_asked_of_another_host(page: Page, url: str, requests: list[Request]) -> None:
    draw(page, SEVEN)
    for name in ("Mistakes", "Models", "API"):
        tab(page, name)
        page.wait_for_timeout(300)
    foreign = {request.url for request in requests if not request.url.startswith((url, "data:", "blob:"))}
    assert len(requests) > 10
    assert foreign == set()
