"""HTML with buttons to choose one of many things: a cell of a table, a picture of a gallery."""

from __future__ import annotations

from typing import Any

import gradio as gr

#: A click on a button with data-choice puts it into the component's value.
SCRIPT = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-choice]");
  if (!button) return;
  props.value = { ...props.value, choice: button.dataset.choice };
  trigger("select");
});
"""
#: Characters of the longest choice; longer ones are not from this page.
MAX_CHOICE = 20


class Choices(gr.HTML):
    """HTML with buttons that have a ``data-choice``; handlers get the choice, or ``None``, and give new HTML."""

    def __init__(self, value: str = "", **arguments: Any) -> None:
        super().__init__(value=value, html_template="${value.html}", js_on_load=SCRIPT, **arguments)

    def preprocess(self, payload: Any) -> str | None:
        """The choice, which is untrusted: any string of at most ``MAX_CHOICE`` characters, or ``None``."""
        choice = payload.get("choice") if isinstance(payload, dict) else None
        return choice if isinstance(choice, str) and len(choice) <= MAX_CHOICE else None

    def postprocess(self, value: Any) -> Any:
        """New HTML, in which nothing is chosen."""
        return {"html": value or "", "choice": None}


def place_of(choice: str | None, count: int) -> int | None:
    """The position (0 to ``count`` − 1) that a choice names in a list; ``None`` when it names none."""
    if choice is None or not choice.isascii() or not choice.isdigit():
        return None
    place = int(choice)
    return place if place < count else None
