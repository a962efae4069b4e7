"""The drawing pad: a canvas that sends pen strokes while the pen moves.

Gradio's own Sketchpad opens without a tool, so that the first stroke is lost, and sends nothing before the end of a
stroke. This one draws at once and sends the strokes' points, from which the server draws its own picture: some
browsers falsify the pixels that a page reads back from a canvas, for privacy.
"""

from __future__ import annotations

from typing import Any

import gradio as gr
from markupsafe import Markup

from ui.texts import embedded, script
from ui.views.render import render

#: The canvas measures 280 × 280 units whatever its size on the screen.
SIDE = 280
#: The pen's first width in canvas units: MNIST's strokes measure an eighth of their digit's height.
PEN = 16
#: The narrowest pen, in canvas units.
THINNEST = 4
#: The widest pen, in canvas units.
THICKEST = 32
#: Its strings, by the end of their key.
TEXTS = ("label", "hint", "pen", "width", "eraser", "undo", "redo", "clear", "try-between", "try-number", "try-fool")


class Pad(gr.HTML):
    """A pad whose value is a drawing: ``{"size": [280, 280], "strokes": [{"width": 16, "points": [[x, y], …]}]}``.

    The value is untrusted; ``model.preprocess.strokes.parse_drawing`` checks it.
    """

    def __init__(self, **arguments: Any) -> None:
        texts = Markup(embedded("pad", TEXTS))
        template = render("pad.html", texts=texts, thinnest=THINNEST, thickest=THICKEST, pen=PEN)
        super().__init__(
            value=None,
            label="drawing",  # in gradio's list of endpoints; the page itself shows none
            html_template=template,
            js_on_load=script("pad.js", "first.js"),
            **arguments,
        )

    def preprocess(self, payload: Any) -> Any:
        """The drawing as it was sent."""
        return payload

    def postprocess(self, value: Any) -> Any:
        """A drawing, or ``None`` for an empty pad."""
        return value

    def api_info(self) -> dict[str, Any]:
        """The JSON schema of a drawing, for the endpoint's documentation."""
        point = {"type": "array", "items": {"type": "number"}}
        stroke = {
            "type": "object",
            "properties": {
                "width": {"type": "number"},
                "points": {"type": "array", "items": point},
                "erase": {"type": "boolean"},
            },
        }
        return {
            "type": "object",
            "properties": {"size": point, "strokes": {"type": "array", "items": stroke}},
            "description": "pen strokes, in the units of a canvas of that size",
        }

    def example_payload(self) -> Any:
        """A 1, as the endpoint's documentation shows it."""
        return {"size": [SIDE, SIDE], "strokes": [{"width": PEN, "points": [[140, 60], [140, 220]]}]}

    def example_value(self) -> Any:
        """The same 1."""
        return self.example_payload()
