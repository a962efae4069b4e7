"""A choice of one of several names, as the browser's own ``<select>``.

Gradio's Dropdown stays open when the keyboard leaves it, and knows neither the system's colours nor a phone's list.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any

import gradio as gr
from markupsafe import Markup

from ui.texts import Texts, languages, literal, script, texts
from ui.views.render import render

#: Names and values in a language.
Options = list[tuple[str, str]]


class Select(gr.HTML):
    """Handlers get the chosen value and give another; the first is chosen at first."""

    def __init__(self, key: str, options: Callable[[Texts], Options], **arguments: Any) -> None:
        self.values = [value for _, value in options(texts())]
        strings = {
            code: {"label": texts(code)(key), **{value: name for name, value in options(texts(code))}}
            for code in languages()
        }
        quoted = literal(escape(json.dumps(strings, ensure_ascii=False)))
        template = render("select.html", texts=Markup(quoted), values=self.values)
        super().__init__(value=self.values[0], html_template=template, js_on_load=script("select.js"), **arguments)

    def preprocess(self, payload: Any) -> str:
        """The chosen value; the first for anything that can't be chosen, which anyone may send."""
        return next((value for value in self.values if value == payload), self.values[0])

    def postprocess(self, value: Any) -> Any:
        """The value to choose."""
        return value
