"""The drawing pad: a canvas that sends pen strokes while the pen moves.

Gradio's own Sketchpad opens without a tool, so that the first stroke is lost, and speaks
only at the end of a stroke. This one draws at once and sends the strokes' points, which
the server draws again: privacy browsers falsify what a page reads back from a canvas.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.texts import embedded, script

#: The canvas measures 280 × 280 units whatever its size on the screen.
SIDE = 280
#: Pen widths in canvas units: MNIST's strokes measure an eighth of their digit's height.
PEN, THINNEST, THICKEST = 16, 4, 32

TEMPLATE = """
<div class="pad" data-texts="${texts}">
  <div class="pad-paper">
    <canvas width="280" height="280" tabindex="0" role="img" data-text="label"></canvas>
    <p class="pad-hint" aria-hidden="true" data-text="hint"></p>
    <div class="pad-boxes" aria-hidden="true"></div>
  </div>
  <div class="spoken" role="status"></div>
  <div class="pad-tools">
    <button type="button" class="pad-pen" aria-pressed="true"><span data-text="pen"></span></button>
    <button type="button" class="pad-eraser" aria-pressed="false"><span data-text="eraser"></span></button>
    <input type="range" class="pad-width" min="${thinnest}" max="${thickest}" value="${pen}" data-text="width">
  </div>
  <div class="pad-tools">
    <button type="button" class="pad-undo" disabled><span data-text="undo"></span></button>
    <button type="button" class="pad-redo" disabled><span data-text="redo"></span></button>
    <button type="button" class="pad-clear" disabled><span data-text="clear"></span></button>
  </div>
</div>
"""
TEXTS = ("label", "hint", "pen", "width", "eraser", "undo", "redo", "clear")


class Pad(gr.HTML):
    """A pad whose value is a drawing: ``{"size": [280, 280], "strokes": [{"width": 16, "points": [[x, y], …]}]}``.

    The value is untrusted; ``model.preprocess.strokes.parse_drawing`` checks it.
    """

    def __init__(self, **arguments: Any) -> None:
        template = (
            TEMPLATE.replace("${texts}", embedded("pad", TEXTS))
            .replace("${thinnest}", str(THINNEST))
            .replace("${thickest}", str(THICKEST))
            .replace("${pen}", str(PEN))
        )
        super().__init__(value=None, html_template=template, js_on_load=script("pad.js"), **arguments)

    def preprocess(self, payload: Any) -> Any:
        """The drawing as it came."""
        return payload

    def postprocess(self, value: Any) -> Any:
        """A drawing, or ``None`` for an empty pad."""
        return value

    def api_info(self) -> dict[str, Any]:
        """The JSON schema of a drawing, which documents the endpoint and its clients' arguments."""
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
