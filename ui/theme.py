"""The page's theme, light and dark, with the system's fonts so that no font is downloaded."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

FOLDER = Path(__file__).parent / "css"


def css() -> str:
    """The style of the page's own parts: the palette, then a file for each part.

    The rules of the parts are nested in one that outweighs those of Gradio's components.
    """
    palette, *parts = (
        (FOLDER / f"{name}.css").read_text(encoding="utf-8")
        for name in ("tokens", "base", "read", "figures", "tables", "mistakes", "play")
    )
    nested = "\n".join(parts)
    return f"{palette}\n.gradio-container.gradio-container.gradio-container {{\n{nested}\n}}\n"


#: The system's own.
FONT = ["ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
#: Of gradio's parts.
THEME = gr.themes.Base(
    primary_hue=gr.themes.colors.indigo,
    neutral_hue=gr.themes.colors.stone,
    radius_size=gr.themes.sizes.radius_lg,
    font=FONT,
    font_mono=["ui-monospace", "Consolas", "monospace"],
).set(body_background_fill="#f7f5f1", body_background_fill_dark="#14121b")
