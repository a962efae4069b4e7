"""Errors in the server's log as one line of bounded length each, counted: strangers decide how often they come."""

from __future__ import annotations

import itertools
import logging
import sys
import threading
import traceback

#: Characters of the longest line.
LONGEST = 300
#: The loggers that write of what strangers send; the first is the root, by which the package mcp tells some of it.
LOGGERS = ("", "uvicorn.error", "asyncio")
#: Where the names of others begin that do, one for each module of theirs.
BEGINNING = "mcp."
_count = itertools.count(1)
_silent = threading.Event()


def line_of(error: BaseException | None) -> str:
    """What an error is, and where it was raised."""
    # Not traceback.extract_tb, which reads each file that it passes, and keeps it.
    frames = [*traceback.walk_tb(error.__traceback__)] if error is not None else []
    place = f" at {frames[-1][0].f_code.co_filename}:{frames[-1][1]}" if frames else ""
    said = f"error {next(_count)}: {type(error).__name__}{place}: {str(error)!r}"
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


def report(error: BaseException | None) -> None:
    """Write an error's line, unless the page is ending, which breaks off what visitors wait for."""
    if not _silent.is_set():
        print(line_of(error), file=sys.stderr, flush=True)


def print_exc(*_: object, **__: object) -> None:
    """In the place of ``traceback.print_exc``: the error that is being handled."""
    report(sys.exc_info()[1])


class OneLine(logging.Filter):
    """Cuts a record's traceback, and its message, to a line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten a record; all are logged as long as the page is there."""
        message = record.getMessage().splitlines()[0] if record.getMessage() else ""
        if record.exc_info and record.exc_info[1] is not None:
            message = line_of(record.exc_info[1])
        record.msg, record.args = message[:LONGEST], ()
        record.exc_info = record.exc_text = None
        return not _silent.is_set()


def shorten_logs() -> None:
    """Let the loggers of what serves the page, as far as it is imported, write lines alone."""
    for name in (*LOGGERS, *filter(lambda name: name.startswith(BEGINNING), [*logging.root.manager.loggerDict])):
        logger = logging.getLogger(name)
        if not any(isinstance(known, OneLine) for known in logger.filters):
            logger.addFilter(OneLine())


def fall_silent() -> None:
    """Write no more lines, since the page ends."""
    _silent.set()
