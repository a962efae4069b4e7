"""The table of several files: it grows part by part, tells how far it is, is sorted and downloaded in the browser."""

from __future__ import annotations

from typing import Any, NamedTuple

import gradio as gr
from markupsafe import Markup

from ui.texts import embedded, script
from ui.views.render import render
from ui.views.several import CSV_HEAD, MAX_FILES

#: Its strings, by the end of their key.
TEXTS = ("table", "progress", "download", "file", "reads", "sure", "choose", "clear", "many")


class Part(NamedTuple):
    """How far a table is: the files and the language that it is of, and the place of the next file."""

    of: int
    next: int


class Several(gr.HTML):
    """Handlers get a ``Part`` and give ``{"of", "first", "next", "total", "rows"}``: HTML rows from ``first`` on.

    The browser asks for the next part while there is one.
    """

    def __init__(self, **arguments: Any) -> None:
        template = render("table.html", texts=Markup(embedded("files", TEXTS)), head=",".join(CSV_HEAD), most=MAX_FILES)
        super().__init__(value=None, html_template=template, js_on_load=script("several.js"), **arguments)

    def preprocess(self, payload: Any) -> Part | None:  # type: ignore[override] # gr.HTML's is a string
        """How far the browser says that it is, which is untrusted; ``None`` for anything else."""
        values = (payload.get("of"), payload.get("next")) if isinstance(payload, dict) else (None, None)
        match values:
            case (int(of), int(place)) if 0 <= place <= MAX_FILES:
                return Part(of, place)
        return None

    def postprocess(self, value: Any) -> Any:
        """The part as it is."""
        return value
