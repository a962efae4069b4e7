from __future__ import annotations

import re
from html import unescape
from typing import Any

import gradio as gr
import pytest

import app
from tests.helpers.looping import looped
from ui.components.choices import Choices
from ui.components.translate import Translated
from ui.texts import texts
from ui.views.figures import header
from ui.views.mistakes import digits, orders

EN, ZH = texts("en"), texts("zh")


@pytest.fixture
def page() -> Translated:
    """One component of each kind."""
    page = Translated()
    page.html(header, elem_id="header")
    page.choices(header, elem_id="choices")
    page.tab("tab.read", id="read")
    page.button("mistakes.try", elem_id="try")
    page.labelled(gr.Checkbox(elem_id="compare"), "compare")
    page.labelled(gr.File(elem_id="files"), "files", most=50)
    return page


def shown(update: dict[str, Any]) -> dict[str, Any]:
    assert update["__type__"] == "update"
    return {key: value for key, value in update.items() if key != "__type__"}


def test_each_component_is_remembered_in_its_order(page: Translated) -> None:
    kinds = [gr.HTML, Choices, gr.Tab, gr.Button, gr.Checkbox, gr.File]
    assert [type(component) for component in page.components] == kinds


def test_components_are_made_in_english(page: Translated) -> None:
    html, choices, tab, button, compare, files = (component.get_config() for component in page.components)
    assert (html["value"], choices["value"]["html"]) == (header(EN), header(EN))
    labels = (tab["label"], button["value"], compare["label"], files["label"])
    assert labels == (EN("tab.read"), "Read it again", "Compare all models", "Up to 50 pictures")


def test_a_component_keeps_its_other_arguments(page: Translated) -> None:
    ids = [component.get_config().get("elem_id") for component in page.components]
    assert ids == ["header", "choices", None, "try", "compare", "files"]


def test_a_translation_changes_every_component_to_its_own_string(page: Translated) -> None:
    assert [shown(update) for update in page.translate("zh")] == [
        {"value": header(ZH)},
        {"value": header(ZH)},
        {"label": "识别"},
        {"value": "再读一次"},
        {"label": "比较所有模型"},
        {"label": "最多 50 张图片"},
    ]


def test_translated_options_keep_their_values() -> None:
    assert [value for _, value in digits(ZH)] == [value for _, value in digits(EN)]
    assert [value for _, value in orders(ZH)] == [value for _, value in orders(EN)]


def test_back_in_english_all_is_as_it_was(page: Translated) -> None:
    page.translate("zh")
    assert shown(page.translate("en")[2]) == {"label": EN("tab.read")}


def test_an_unknown_language_is_english(page: Translated) -> None:
    assert page.translate("fr") == page.translate("en")


def test_the_whole_page_is_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[Translated] = []

    class Kept(Translated):
        def __init__(self) -> None:
            super().__init__()
            pages.append(self)

    async def build() -> gr.Blocks:  # gradio leaves an event loop open when it finds none
        return app.build_demo()

    monkeypatch.setattr(app, "Translated", Kept)
    looped(build())
    updates = [shown(update) for update in pages[0].translate("zh")]
    labels = [update["label"] for update in updates if "label" in update]
    assert len(updates) == len(pages[0].components) > 10
    assert [label for label in labels if not re.search("[\u4e00-\u9fff]", label)] == ["API"]
    assert {"识别", "手写", "上传", "多个文件", "认错的数字", "模型", "比较所有模型"} <= set(labels)
    assert "写一个数字" in unescape(updates[0]["value"])
