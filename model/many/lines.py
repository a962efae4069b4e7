"""Reading many pictures by several processes: the answers in the order of the pictures, a bounded number on the way."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from model.errors import PictureError
from model.many.sources import Item
from model.reading.reading import describe
from model.reading.recognizer import Recognizer
from model.reading.store import DEFAULT_MODEL

#: Pictures that a process is sent at once: with fewer it waits for the next ones, with more Ctrl-C does.
EACH = 32
#: The most bytes of pictures that a process is sent at once, but for one larger picture.
MOST_BYTES = 4_000_000
#: Parcels for each process that are read or wait to be: one is always there when a process is done.
AHEAD = 3
#: So few pictures are read before other processes have started.
FEW = 24


@dataclass(frozen=True)
class Line:
    """What is told of one picture.

    Attributes:
        file: its name.
        reading: as ``Reading.to_dict`` gives it; ``None`` if it couldn't be read.
        text: the reading for a person, or the sentence that says why there is none.
    """

    file: str
    reading: dict[str, Any] | None
    text: str

    def to_dict(self) -> dict[str, Any]:
        """The line as JSON has it: file, status, digits, error."""
        if self.reading is None:
            return {"file": self.file, "status": None, "digits": [], "error": self.text}
        return {"file": self.file, **self.reading, "error": None}


def read_item(recognizer: Recognizer, item: Item) -> Line:
    """One picture's line.

    Raises:
        WeightsError: the weights are missing or damaged.
    """
    try:
        if isinstance(item.source, PictureError):
            raise item.source
        reading = recognizer.read(item.source)
    except PictureError as error:
        # Bytes have no name of their own: the archive's member gives it.
        named = {**error.values, "name": item.name} if isinstance(item.source, bytes) else error.values
        return Line(item.name, None, str(type(error)(error.key, **named)))
    return Line(item.name, reading.to_dict(), describe(reading))


def read_all(items: Iterable[Item], model: str = DEFAULT_MODEL, jobs: int = 1) -> Iterator[Line]:
    """The lines of pictures in their order, read by so many processes.

    Every picture goes the way of a single one, so that its answer is the same bits as the page's. (A network that is
    asked of the candidates of many pictures at once takes a fifth less time, a tenth of the whole; but a product of
    larger matrices is rounded otherwise.)

    Args:
        items: are taken when they are needed, ``AHEAD`` parcels before they are read.
        jobs: 1 reads in this process, as are ``FEW`` pictures with any number.

    Raises:
        DigitsError: the weights can't be read, or a process has died.
    """
    items = iter(items)
    first = list(islice(items, FEW + 1)) if jobs > 1 else []
    recognizer = Recognizer.load(model)
    if len(first) > FEW:
        yield from _read_apart(chain(first, items), model, jobs)
        return
    for item in chain(first, items):
        yield read_item(recognizer, item)


def _read_apart(items: Iterable[Item], model: str, jobs: int) -> Iterator[Line]:
    # Started anew, not forked: a fork of a process with threads may hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_ignore_interrupt)
    waiting: deque[Future[list[Line]]] = deque()
    try:
        for parcel in _parcels(items):
            waiting.append(pool.submit(_read_parcel, parcel, model))
            if len(waiting) >= AHEAD * jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool as error:
        raise PictureError("reader-died", jobs=jobs) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _parcels(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items by ``EACH``, fewer where their bytes are many."""
    parcel: list[Item] = []
    size = 0
    for item in items:
        parcel.append(item)
        size += len(item.source) if isinstance(item.source, bytes) else 0
        if len(parcel) >= EACH or size >= MOST_BYTES:
            yield parcel
            parcel, size = [], 0
    if parcel:
        yield parcel


def _ignore_interrupt() -> None:
    """Ctrl-C reaches all processes of a terminal; to end the others is their parent's matter."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _read_parcel(parcel: Sequence[Item], model: str) -> list[Line]:
    recognizer = Recognizer.load(model)  # once a process
    return [read_item(recognizer, item) for item in parcel]
