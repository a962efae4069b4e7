"""The upload: file, paste or webcam; its value is the file as it was sent."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.readings import Upload

#: The caller's own picture, in the programs that gradio shows.
EXAMPLE = "photo.jpg"


class Photo(gr.Image):
    """An image input whose value is the uploaded file.

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

    def get_config(self, cls: Any = None) -> dict[str, Any]:
        """The component's configuration: gradio finds its fields in the constructor's signature, here gr.Image's."""
        return super().get_config(cls or gr.Image)

    def example_payload(self) -> Any:
        """What gradio's list of endpoints sends as an example; gr.Image names a bus on another host."""
        return {"path": EXAMPLE, "url": EXAMPLE, "meta": {"_type": "gradio.FileData"}}

    def example_value(self) -> Any:
        """The same as a value of the component."""
        return EXAMPLE

    def preprocess(self, payload: Any) -> Upload | None:  # type: ignore[override] # gr.Image decodes
        """The uploaded file, which is read elsewhere; ``None`` if the visitor cleared it."""
        return Upload(payload.path) if payload and payload.path else None
