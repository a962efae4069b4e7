"""What is shown belongs to the input in view."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.helpers.browsing import ONE, SEVEN, button, choose, draw, sign, tab

pytestmark = pytest.mark.browser


def test_back_at_the_pad_the_answer_is_of_the_drawing(page: Page) -> None:
    draw(page, SEVEN)
    expect(page.locator("#why h2")).to_have_text("Why 7?")
    page.locator("#examples button").first.click()
    expect(sign(page)).to_have_text("0")
    expect(page.locator("#why h2")).to_have_text("Why 0?")
    tab(page, "Draw")
    expect(sign(page)).to_have_text("7")
    expect(page.locator("#why h2")).to_have_text("Why 7?")
    choose(page, "model", "logistic")
    expect(sign(page)).to_contain_text("7")
    tab(page, "Upload")
    expect(sign(page)).to_contain_text("0")


def test_an_empty_upload_has_no_answer(page: Page) -> None:
    draw(page, SEVEN)
    expect(page.locator("#why h2")).to_have_text("Why 7?")
    tab(page, "Upload")
    expect(page.locator("#answer")).to_contain_text("waiting for a digit")
    expect(page.locator("#why h2")).to_be_hidden()


def test_a_late_answer_to_the_other_input_does_not_stay(page: Page) -> None:
    late: list[Route] = []
    page.route("**/gradio_api/run/**", lambda route: late.append(route) if late == [] else route.continue_())
    draw(page, SEVEN)
    tab(page, "Upload")
    page.wait_for_timeout(1000)
    late[0].continue_()
    page.wait_for_timeout(1500)
    expect(page.locator("#answer")).to_contain_text("waiting for a digit")


def test_a_late_answer_to_an_older_drawing_does_not_stay(page: Page) -> None:
    late: list[Route] = []

    def hold(route: Route) -> None:
        if late or '"cnn",true' not in (route.request.post_data or ""):
            return route.continue_()
        return late.append(route)

    draw(page, SEVEN)
    expect(sign(page)).to_have_text("7")
    page.route("**/gradio_api/run/**", hold)
    with page.expect_request(lambda request: '"cnn",true' in (request.post_data or "")):
        page.get_by_label("Compare all models").check()
    button(page, "Clear").click()
    draw(page, ONE)
    expect(sign(page)).to_have_text("1")
    expect(page.locator("#why h2")).to_have_text("Why 1?")
    with page.expect_request(lambda request: '"points":[[140,50]' in (request.post_data or "")):
        late[0].continue_()  # the pad sees a 7 come, and asks again
    expect(sign(page)).to_have_text("1")


def test_several_files_have_the_whole_width_and_no_single_answer(page: Page) -> None:
    tab(page, "Several files")
    expect(page.locator("#answer")).to_be_hidden()
    box = page.locator("#table").bounding_box()
    assert box is not None
    assert box["width"] > 1100
