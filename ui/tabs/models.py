"""The tabs of the models and of the programs that call this page."""

from __future__ import annotations

from typing import Any

import gradio as gr

from model.reading.store import DEFAULT_MODEL, load_card, trained_models
from ui import handlers
from ui.components.translate import Translated
from ui.tabs.events import LIVE
from ui.texts import plain_script
from ui.views import models


def build_models(page: Translated, tab: gr.Tab, language: gr.Radio) -> None:
    """A table of all models, and one model in detail, rendered when the tab is opened."""
    names = list(trained_models())
    page.html(lambda t: models.table([load_card(name) for name in names], t), elem_id="models")
    chosen = page.labelled(gr.Radio(names, value=DEFAULT_MODEL, elem_id="look-at"), "models.look")
    detail = gr.HTML(elem_id="model-detail")
    for event in (tab.select, chosen.change, language.change):
        event(handlers.look_at, [chosen, language], detail, **LIVE)


def build_code(language: gr.Radio, load: Any) -> None:
    """Programs that call this page, with the address where the visitor found it."""
    code = gr.HTML(elem_id="code", js_on_load=plain_script("code.js"))
    for event in (load, language.change):
        event(handlers.show_code, language, code, **LIVE)
