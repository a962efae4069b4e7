"""Three challenges to the network, played in the browser; the best scores stay there."""

from __future__ import annotations

from typing import Any

import gradio as gr
from markupsafe import Markup

from ui.texts import embedded, script
from ui.views.render import render

#: The challenges, by the end of their strings' key.
NAMES = ("nine", "all", "clock")
#: Its strings, by the end of their key.
TEXTS = (
    *("title", "start", "stop", "yes", "no", "best", "none", "forget"),
    *("try", "draw", "write", "done", "seconds", "sure", "of"),
    *(f"{name}{part}" for name in NAMES for part in ("", ".text")),
    *("nine.ask", "all.ask"),
)


class Challenges(gr.HTML):
    """A panel that opens; nothing of it is sent beside the drawings that are read anyway."""

    def __init__(self, **arguments: Any) -> None:
        template = render("challenges.html", texts=Markup(embedded("play", TEXTS)), names=NAMES)
        super().__init__(value=None, html_template=template, js_on_load=script("challenges.js"), **arguments)
