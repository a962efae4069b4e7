"""The last drawings as a strip, a drawing as a link, and as a card: all in the browser, nothing of it is sent."""

from __future__ import annotations

from typing import Any

import gradio as gr
from markupsafe import Markup

from ui.texts import embedded, script
from ui.views.render import render

#: Its strings, by the end of their key.
TEXTS = ("title", "one", "link", "card", "clear", "copied", "copy", "broken", "note")


class Album(gr.HTML):
    """The strip with its buttons. A link's drawing is untrusted: its length, strokes, points and widths are bounded."""

    def __init__(self, **arguments: Any) -> None:
        template = render("album.html", texts=Markup(embedded("album", TEXTS)))
        scripts = script("link.js", "card.js", "album.js")
        super().__init__(value=None, html_template=template, js_on_load=scripts, **arguments)
