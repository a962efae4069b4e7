"""The drawing pad: a canvas that sends pen strokes while the pen moves.

Gradio's own Sketchpad opens without a tool, so that the first stroke is lost, and speaks
only at the end of a stroke. This one draws at once and sends the strokes' points, which
the server draws again: privacy browsers falsify what a page reads back from a canvas.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

HERE = Path(__file__).parent
#: The canvas measures 280 × 280 units whatever its size on the screen.
SIDE = 280
#: Pen widths in canvas units: MNIST's strokes measure an eighth of their digit's height.
PEN, THINNEST, THICKEST = 16, 4, 32

TEMPLATE = f"""
<div class="pad">
  <canvas width="{SIDE}" height="{SIDE}" tabindex="0" role="img"
    aria-label="Drawing pad: draw a digit with mouse, finger or pen. Delete clears, Ctrl+Z undoes."></canvas>
  <p class="pad-hint" aria-hidden="true">Draw a digit here</p>
  <div class="pad-tools">
    <label>Pen <input type="range" class="pad-width" min="{THINNEST}" max="{THICKEST}" value="{PEN}"></label>
    <button type="button" class="pad-undo" disabled>Undo</button>
    <button type="button" class="pad-clear" disabled>Clear</button>
  </div>
</div>
"""


class Pad(gr.HTML):
    """A pad whose value is a drawing: ``{"size": [280, 280], "strokes": [{"width": 16, "points": [[x, y], …]}]}``.

    The value is untrusted; ``model.strokes.parse_drawing`` checks it.
    """

    def __init__(self, **arguments: Any) -> None:
        script = (HERE / "pad.js").read_text(encoding="utf-8")
        super().__init__(value=None, html_template=TEMPLATE, js_on_load=script, **arguments)

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
            "properties": {"width": {"type": "number"}, "points": {"type": "array", "items": point}},
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
