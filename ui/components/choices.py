"""HTML in which something can be chosen: a cell of a table, a picture of a gallery."""

from __future__ import annotations

from typing import Any

import gradio as gr

#: A click on a button with data-choice becomes the value's choice.
SCRIPT = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-choice]");
  if (!button) return;
  props.value = { ...props.value, choice: button.dataset.choice };
  trigger("select");
});
"""
#: A longer choice is none of ours.
LONGEST = 20


class Choices(gr.HTML):
    """HTML with buttons that have a ``data-choice``; handlers get the choice, or ``None``, and give new HTML."""

    def __init__(self, value: str = "", **arguments: Any) -> None:
        super().__init__(value=value, html_template="${value.html}", js_on_load=SCRIPT, **arguments)

    def preprocess(self, payload: Any) -> str | None:
        """The choice, which is untrusted: any short string."""
        choice = payload.get("choice") if isinstance(payload, dict) else None
        return choice if isinstance(choice, str) and len(choice) <= LONGEST else None

    def postprocess(self, value: Any) -> Any:
        """New HTML, nothing chosen."""
        return {"html": value or "", "choice": None}


def place_of(choice: str | None, count: int) -> int | None:
    """The place that a choice names in a list of so many, ``None`` when it names none."""
    if choice is None or not choice.isascii() or not choice.isdigit():
        return None
    place = int(choice)
    return place if place < count else None
