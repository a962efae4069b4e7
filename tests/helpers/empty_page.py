"""A page whose one endpoint does nothing: what Gradio costs before anything is read.

``python -m tests.helpers.empty_page --port PORT``. In and out go the components of /predict_strokes, and as many bytes.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr

from ui.components.pad import Pad

READING = {
    "status": "digit",
    "digits": [
        {
            "label": "7",
            "confidence": 0.9876,
            "top": [["7", 0.9876], ["1", 0.0101], ["9", 0.0014]],
            "box": [72, 62, 208, 228],
        }
    ],
    "error": None,
}


def answer(_drawing: Any, _model: str) -> dict[str, Any]:
    """The same answer to everything."""
    return READING


def main() -> int:
    """Serve the page until it is ended."""
    parser = argparse.ArgumentParser("python -m tests.helpers.empty_page")
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    with gr.Blocks(analytics_enabled=False) as demo:
        inputs = [Pad(), gr.Dropdown(["cnn"], value="cnn")]
        gr.Button(visible=False).click(answer, inputs, gr.JSON(visible=False), api_name="predict_strokes", queue=False)
    _, url, _ = demo.launch(server_port=port, quiet=True, prevent_thread_lock=True, run_history=False)
    print(f"Open {url}", flush=True)
    demo.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
