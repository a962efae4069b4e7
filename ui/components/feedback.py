"""“Was this right?”: digits that a visitor labels, kept in the browser alone, downloaded as a zip of PNGs."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.texts import embedded, script

TEXTS = ("ask", "yes", "no", "which", "thanks", "download", "forget", "note")

TEMPLATE = """
<section class="feedback" data-texts="${texts}" hidden>
  <div class="feedback-ask"><span data-text="ask"></span>
    <button type="button" class="feedback-yes"><span data-text="yes"></span></button>
    <button type="button" class="feedback-no" aria-expanded="false"><span data-text="no"></span></button></div>
  <div class="feedback-which" hidden><span data-text="which"></span><span class="feedback-digits"></span></div>
  <div class="feedback-kept" hidden><span class="feedback-count" role="status"></span>
    <button type="button" class="feedback-download"><span data-text="download"></span></button>
    <button type="button" class="feedback-forget"><span data-text="forget"></span></button>
    <p class="advice" data-text="note"></p></div>
</section>
"""


class Feedback(gr.HTML):
    """The question and the digits kept so far. The server never hears of either."""

    def __init__(self, **arguments: Any) -> None:
        template = TEMPLATE.replace("${texts}", embedded("right", TEXTS))
        super().__init__(value=None, html_template=template, js_on_load=script("zip.js", "feedback.js"), **arguments)
