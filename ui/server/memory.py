"""What the server keeps of visitors who have gone: as little as can be, and no more after a day than after an hour."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, TypeVar

import gradio as gr
from gradio import routes, state_holder
from gradio.utils import LRUCache

V = TypeVar("V")

#: Sessions whose queued events are remembered; at most ``ui.server.serving.MOST_WAITING`` of them wait.
MOST_QUEUED = 100
#: Uploads whose progress is remembered; of one that is forgotten while it comes only the bar stands still.
MOST_PROGRESS = 1000


class Recent(LRUCache[str, V]):
    """What was asked for last stays, in place of what was put in last: no session is forgotten while it waits."""

    def __getitem__(self, key: str) -> V:
        self.move_to_end(key)
        return super().__getitem__(key)


class Signals(Recent[asyncio.Event]):
    """Events that are there once they are asked for."""

    def __getitem__(self, key: str) -> asyncio.Event:
        if key not in self:
            self[key] = asyncio.Event()
        return super().__getitem__(key)


class Session(state_holder.SessionState):
    """A visitor's state, without the latest values of every component, in and out: they are for deep links alone."""

    def __init__(self, blocks: gr.Blocks) -> None:
        none: Any = SimpleNamespace(default_config=blocks.default_config, blocks={})  # whose values would be kept
        super().__init__(none)

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        self.config_values.clear()

    def _update_config(self, key: int) -> None:
        """Nothing."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Nothing."""


class Forgetful(set[str]):
    """A set that stays empty."""

    def add(self, _: str) -> None:
        """Nothing."""

    def update(self, *_: Any) -> None:
        """Nothing."""


def bound(demo: gr.Blocks) -> gr.Blocks:
    """A page that has its queue, without what gradio would remember of visitors.

    Of each of the last sessions it would keep the latest value of every component, pictures, too. Until the page ends
    it would keep the path of each upload, twice, to delete it, which ``ui.server.process`` does by the age of files; of
    each session that ever waited in the queue a queue of messages (the last 2,000, 4 kB each) and a set of events; and
    that an upload has begun, or that somebody asked for its progress, 1 kB each.
    """
    demo.upload_file_set = Forgetful()
    for block in demo.blocks.values():
        block.temp_files = Forgetful()
    demo.temp_file_sets = []
    state_holder.SessionState = Session  # type: ignore[misc]
    demo._queue.pending_messages_per_session = Recent(MOST_QUEUED)
    demo._queue.pending_event_ids_session = Recent(MOST_QUEUED)
    progress = routes.file_upload_statuses
    progress._statuses = Recent(MOST_PROGRESS)
    progress._signals = Signals(MOST_PROGRESS)  # type: ignore[assignment]
    return demo
