"""Collections for what gradio remembers of visitors, with bounds, so that memory doesn't grow with the hours.

``ui.server.inside`` puts them in the place of gradio's own.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from types import SimpleNamespace
from typing import Any, TypeVar

import gradio as gr
from gradio import state_holder
from typing_extensions import override

V = TypeVar("V")

#: Uploads whose progress is kept; if one is forgotten while it arrives, only its progress bar stands still.
MAX_PROGRESS = 1000


class Recent(OrderedDict[str, V]):
    """A mapping that forgets the least recently used item, not the oldest, when there are more than ``most``."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: str, value: V) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > self._most:
            del self[next(iter(self))]

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

    @override
    def _update_config(self, key: int) -> None:
        """Keep nothing."""

    @override
    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Keep nothing."""


class AlwaysEmpty(set[str]):
    """A set that stays empty."""

    def add(self, _: str) -> None:
        """Keep nothing."""

    def update(self, *_: Any) -> None:
        """Keep nothing."""
