"""The tab that shows the network at work. Its scripts are loaded when it is first opened."""

from __future__ import annotations

import gradio as gr

from ui.components.inside import Inside
from ui.server.events import Events
from ui.tabs.events import AS_IS, LIVE
from ui.tabs.read import Reader


def build_inside(reader: Reader, tab: gr.Tab, language: gr.Radio, events: Events) -> None:
    """Looks at what was last read each time it is opened; its scripts then ask by the endpoint's name."""
    inside = Inside(elem_id="inside")
    tab.select(events.look, [reader.last, reader.pad, reader.photo, reader.model, language], inside, **LIVE)
    endpoint = gr.Button(visible=False)
    answer = gr.JSON(visible=False)
    endpoint.click(
        events.ask_network, answer, answer, api_name="inside", api_visibility="undocumented", queue=False, **AS_IS
    )
