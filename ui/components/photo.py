"""The upload: file, paste or webcam; its value is the file's own bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import Block

from ui.readings import GONE


class Photo(gr.Image):
    """An image input whose value is the bytes of the uploaded file.

    Gradio's own decoding drops transparency, and raises an unexplained error for a damaged or enormous file;
    ``model.preprocess.picture.open_picture`` checks the size, decodes, and says what is wrong.
    """

    is_template = True  # the page shows it as the gr.Image that it is

    def __init__(self, **arguments: Any) -> None:
        super().__init__(
            sources=["upload", "clipboard", "webcam"],
            # Gradio mirrors the webcam's picture by default, and a mirrored digit is no digit.
            webcam_options=gr.WebcamOptions(mirror=False),
            image_mode=None,
            type="filepath",
            **arguments,
        )

    def get_config(self, cls: type[Block] | None = None) -> dict[str, Any]:
        """The component's configuration: gradio finds its fields in the constructor's signature, here gr.Image's."""
        return super().get_config(cls or gr.Image)

    def preprocess(self, payload: Any) -> bytes | object | None:  # type: ignore[override] # gr.Image decodes
        """The uploaded file's bytes; ``GONE`` if it has been deleted by its age, ``None`` if the visitor cleared it."""
        if payload is None or not payload.path:
            return None
        try:
            return Path(payload.path).read_bytes()
        except FileNotFoundError:
            return GONE
