"""“Was this right?”: digits that a visitor labels, kept in the browser only and downloaded as a zip of PNGs."""

from __future__ import annotations

from typing import Any

import gradio as gr
from markupsafe import Markup

from ui.texts import embedded, script
from ui.views.render import render

#: Its strings, by the end of their key.
TEXTS = ("ask", "yes", "no", "which", "none", "number", "keep", "length", "thanks", "download", "forget", "note")


class Feedback(gr.HTML):
    """The question and the digits kept so far. Neither is sent to the server."""

    def __init__(self, **arguments: Any) -> None:
        template = render("feedback.html", texts=Markup(embedded("right", TEXTS)))
        super().__init__(value=None, html_template=template, js_on_load=script("zip.js", "feedback.js"), **arguments)
