"""The upload: file, paste or webcam, handed on as the file's own bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import Block

from ui.readings import GONE


class Photo(gr.Image):
    """An image input whose value is the bytes of the uploaded file.

    Gradio's own decoding drops transparency, and answers a damaged or an enormous file with
    a nameless error; ``model.preprocess.picture.open_picture`` bounds, decodes and explains.
    """

    is_template = True  # the page shows it as the gr.Image that it is

    def __init__(self, **arguments: Any) -> None:
        super().__init__(
            sources=["upload", "clipboard", "webcam"],
            # Gradio mirrors a webcam's picture, and a mirrored digit is another sign.
            webcam_options=gr.WebcamOptions(mirror=False),
            image_mode=None,
            type="filepath",
            **arguments,
        )

    def get_config(self, cls: type[Block] | None = None) -> dict[str, Any]:
        """What the page needs to know: gradio looks for it in the signature, which here is gr.Image's."""
        return super().get_config(cls or gr.Image)

    def preprocess(self, payload: Any) -> bytes | object | None:  # type: ignore[override] # gr.Image decodes
        """The uploaded file's bytes, ``GONE`` when uploads of its age are deleted, ``None`` when it was cleared."""
        if payload is None or not payload.path:
            return None
        try:
            return Path(payload.path).read_bytes()
        except FileNotFoundError:
            return GONE
