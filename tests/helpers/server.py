"""A page that is served by a process of its own, for the commands and tests that ask it over HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil

from tests.helpers.running import Running, started

#: Seconds between two looks at a page's memory, looks after which it has settled, and seconds in which it has to.
LOOK, CALM, SETTLED = 0.5, 4, 60.0
#: Bytes by which the memory of a page that nobody asks may change from look to look.
STILL = 200_000


@dataclass(frozen=True)
class Server:
    """A page that is served, by which process, and where that keeps uploads."""

    page: Running
    process: psutil.Process
    uploads: Path

    @property
    def url(self) -> str:
        """Its address."""
        return self.page.url

    @cached_property
    def _events(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/config") as answer:
            events: list[dict[str, Any]] = json.load(answer)["dependencies"]
        return events

    @cached_property
    def events(self) -> dict[str, int]:
        """The number of each of the page's events by its name; the page's own script calls them by number."""
        return {event["api_name"]: event["id"] for event in self._events}

    @property
    def memory(self) -> int:
        """Resident bytes, with those of the processes that it has started."""
        total = 0
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):  # a question's own process ends with it
                total += process.memory_info().rss
        return total

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far."""
        total = 0.0
        for process in self._processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
                if process != self.process:  # and those of the questions that it has answered
                    total += times.children_user + times.children_system
        return total

    def settle(self) -> None:
        """Wait until all its processes are there: it starts those that read after it is open, each of some 80 MB."""
        end = time.monotonic() + SETTLED
        before, calm = self.memory, 0
        while calm < CALM and time.monotonic() < end:
            time.sleep(LOOK)
            now = self.memory
            calm = calm + 1 if abs(now - before) < STILL else 0
            before = now

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    @property
    def tracebacks(self) -> list[str]:
        """The last line of each that it has written so far."""
        return re.findall(r"^Traceback.*\n(?:[ \n].*\n)+(\S.*)$", self.page.said(), re.MULTILINE)

    @property
    def kept(self) -> list[int]:
        """The sizes of the files that are there of what was uploaded and shown."""
        sizes = []
        for folder, _, names in os.walk(self.uploads):
            for name in names:
                with contextlib.suppress(FileNotFoundError):  # it is cleaned up meanwhile
                    sizes.append((Path(folder) / name).stat().st_size)
        return sizes


@contextlib.contextmanager
def serving(*command: str, rate: str = "0") -> Iterator[Server]:
    """Serve what ``python COMMAND --port PORT`` serves, by default app.py, from a free port until the block ends.

    Args:
        command: what is served.
        rate: requests a second of one address; 0 for no limit, as where all requests come from one.
    """
    with tempfile.TemporaryDirectory() as uploads:
        command = (sys.executable, *(command or ("app.py",)))
        with started(*command, GRADIO_TEMP_DIR=uploads, DIGITS_RATE=rate) as page:
            yield Server(page, psutil.Process(page.process.pid), Path(uploads))
