"""Bounds what gradio remembers of visitors who have gone, so that memory doesn't grow with the hours."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, TypeVar

import gradio as gr
from gradio import routes, state_holder
from gradio.utils import LRUCache

V = TypeVar("V")

#: Sessions whose queued events are kept; at most ``ui.server.serving.MAX_WAITING`` of them wait.
MAX_QUEUED = 100
#: Uploads whose progress is kept; if one is forgotten while it arrives, only its progress bar stands still.
MAX_PROGRESS = 1000


class Recent(LRUCache[str, V]):
    """A mapping that forgets the least recently used item, not the oldest: no session is forgotten while it waits."""

    def __getitem__(self, key: str) -> V:
        self.move_to_end(key)
        return super().__getitem__(key)


class Signals(Recent[asyncio.Event]):
    """Events by upload, made when they are first looked up."""

    def __getitem__(self, key: str) -> asyncio.Event:
        if key not in self:
            self[key] = asyncio.Event()
        return super().__getitem__(key)


class Session(state_holder.SessionState):
    """A visitor's state without every component's latest values, which gradio keeps for deep links alone."""

    def __init__(self, blocks: gr.Blocks) -> None:
        without_blocks: Any = SimpleNamespace(default_config=blocks.default_config, blocks={})  # or it keeps values
        super().__init__(without_blocks)

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        self.config_values.clear()

    def _update_config(self, key: int) -> None:
        """Keep nothing."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Keep nothing."""


class AlwaysEmpty(set[str]):
    """A set that stays empty."""

    def add(self, _: str) -> None:
        """Keep nothing."""

    def update(self, *_: Any) -> None:
        """Keep nothing."""


def forget_visitors(demo: gr.Blocks) -> gr.Blocks:
    """Replace the collections in which gradio remembers visitors; return the same page, which must have its queue.

    Without this gradio keeps of each of the last sessions every component's latest value, pictures included. And until
    the page ends it keeps: the path of each upload, twice, to delete it, which ``ui.server.process`` does by age; of
    each session that ever waited in the queue its messages (the last 2,000, 4 kB each) and its events; and 1 kB for
    each upload that began or whose progress was asked for.
    """
    demo.upload_file_set = AlwaysEmpty()
    for block in demo.blocks.values():
        block.temp_files = AlwaysEmpty()
    demo.temp_file_sets = []
    state_holder.SessionState = Session  # type: ignore[misc]
    demo._queue.pending_messages_per_session = Recent(MAX_QUEUED)
    demo._queue.pending_event_ids_session = Recent(MAX_QUEUED)
    progress = routes.file_upload_statuses
    progress._statuses = Recent(MAX_PROGRESS)
    progress._signals = Signals(MAX_PROGRESS)  # type: ignore[assignment]
    return demo
