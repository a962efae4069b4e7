"""HTML with buttons to choose one of many things: a cell of a table, a picture of a gallery."""

from __future__ import annotations

from typing import Any

import gradio as gr

#: A click on a button with data-choice puts it into the component's value. Of buttons that say whether they are
#: pressed one is, and has the focus; the arrow keys go from one to the next. What a script chooses leaves the focus,
#: and with it the page, where it is.
SCRIPT = """
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-choice]");
  if (!button) return;
  const choice = button.dataset.choice;
  const pressed = button.ariaPressed !== null;
  const focused = event.isTrusted || element.contains(document.activeElement);
  props.value = { html: props.value?.html ?? props.value, choice };
  trigger("select");
  if (pressed) requestAnimationFrame(() => {
    for (const other of element.querySelectorAll("button[aria-pressed]")) {
      other.ariaPressed = String(other.dataset.choice === choice);
      other.tabIndex = other.dataset.choice === choice ? 0 : -1;
      if (other.tabIndex === 0 && focused) other.focus();
    }
  });
});
element.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const buttons = [...element.querySelectorAll("button[aria-pressed]")];
  const place = buttons.indexOf(event.target);
  if (!step || place < 0) return;
  event.preventDefault();
  buttons[(place + step + buttons.length) % buttons.length].focus();
});
"""
#: A value is HTML as handlers give it, or, once something was chosen, HTML with the choice.
TEMPLATE = "${value.html ?? value}"
#: Characters of the longest choice; longer ones are not from this page.
MAX_CHOICE = 20


class Choices(gr.HTML):
    """HTML with buttons that have a ``data-choice``; handlers get the choice, or ``None``, and give new HTML."""

    def __init__(self, value: str = "", **arguments: Any) -> None:
        super().__init__(value=value, html_template=TEMPLATE, js_on_load=SCRIPT, **arguments)

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
