"""Where everything is read that a visitor draws or uploads: never in the page's own process, and one after another.

Small drawings go to one process that stays; whatever may take long, such as pictures, long drawings and comparisons,
to two more that start a process for each (``ui.server.reading``).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr

from model import DigitsError
from model.errors import PictureError, StrokesError
from ui import network, readings, replays
from ui.readings import Encoded, Upload
from ui.server.asker import BusyError, LeftError, asker
from ui.server.lane import FailedError, Lane, Reader, SlowError
from ui.server.reading import SECONDS
from ui.server.worker import Worker
from ui.texts import texts

R = TypeVar("R")

#: Strokes of a small drawing: a digit or two.
SMALL_STROKES = 3
#: Points of a small drawing, in all its strokes. Within both bounds the slowest of hundreds of scrawls took 0.3 s.
SMALL_POINTS = 300
#: Questions that the process for small drawings is given at once.
WINDOW = 4
#: Small drawings that may wait, in all.
MOST_SMALL = 256
#: The same of one address.
MOST_SMALL_EACH = 64
#: Other questions that may wait, in all: a class that has its drawings explained.
MOST_LARGE = 64
#: The same of one address.
MOST_LARGE_EACH = 16


class Desk:
    """Takes questions, and gives each to a process that reads.

    Args:
        each: whether the number of questions of one address is bounded, too.
    """

    def __init__(self, *, each: bool = True) -> None:
        self.each = each
        self.small = Lane([Worker(window=WINDOW)], MOST_SMALL, MOST_SMALL_EACH if each else None)
        workers = [Worker("--apart") for _ in range(2)]
        # One of the two is always left for another address.
        self.large = Lane(workers, MOST_LARGE, MOST_LARGE_EACH if each else None, 1 if each else None)
        self._opening: asyncio.Task[None] | None = None

    @property
    def _readers(self) -> tuple[Reader, ...]:
        return (*self.small.readers, *self.large.readers)

    def open(self) -> None:
        """Start the processes, in the running event loop."""
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_task(self._open())

    async def _open(self) -> None:
        """One after another, so that the first drawing soon is read."""
        for reader in self._readers:
            reader.open()
            end = time.monotonic() + SECONDS
            while not reader.has_room and time.monotonic() < end:
                await asyncio.sleep(0.02)

    def close(self) -> None:
        """End them."""
        if self._opening is not None:
            self._opening.cancel()
        for reader in self._readers:
            reader.close()

    async def ask(self, handler: Callable[..., R], source: Any, *values: Any) -> R:
        """Run one of ``ui.server.reading.HANDLERS``; a tuple that it returns comes back as a list.

        Args:
            handler: what it says of a source that can't be read, it also says of one that takes too long.
            source: an upload, a drawing as it was sent, ``None``, or an error that stands for either.
            values: what else the handler takes.

        Raises:
            BusyError: too many ask.
            gr.Error: the visitor has gone, or something went wrong that is no visitor's business.
        """
        if isinstance(source, DigitsError):
            return handler(source, *values)
        compares = handler is readings.show and bool(values[2])
        small = is_small(source) and not compares and handler is not readings.explain
        small = small or handler in (*network.QUICK, *replays.QUESTIONS.values())
        try:
            result: R = await (self.small if small else self.large).ask(handler, source, *values)
        except SlowError:
            slow = PictureError("slow-picture", seconds=SECONDS)
            is_picture = isinstance(source, (Upload, Encoded))
            return handler(slow if is_picture else StrokesError("slow-drawing", seconds=SECONDS), *values)
        except BusyError:
            asker().refused = True
            raise
        except LeftError:
            raise gr.Error("", print_exception=False) from None
        except FailedError:
            raise gr.Error(texts()("serving.failed"), print_exception=False) from None
        return result


def is_small(source: Any) -> bool:
    """Whether this is an empty pad or no longer than a drawing of few strokes and points; it is not checked further."""
    try:
        strokes = source["strokes"]
        return len(strokes) <= SMALL_STROKES and sum(len(stroke["points"]) for stroke in strokes) <= SMALL_POINTS
    except (TypeError, LookupError):
        return source is None
