"""A page that is served by a process of its own, for the commands and tests that ask it over HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import psutil

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Server:
    """Where a page is served, by which process, where that keeps uploads and writes its errors."""

    port: int
    process: psutil.Process
    uploads: Path
    errors: IO[str]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"

    @cached_property
    def _events(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/config") as answer:
            events: list[dict[str, Any]] = json.load(answer)["dependencies"]
        return events

    @cached_property
    def events(self) -> dict[str, int]:
        """The number of each of the page's events by its name; the page's own script calls them by number."""
        return {event["api_name"]: event["id"] for event in self._events}

    @cached_property
    def queued(self) -> str:
        """The name of the first event that waits in the queue: several files are read."""
        return next(str(event["api_name"]) for event in self._events if event["queue"])

    @property
    def memory(self) -> int:
        """Resident bytes."""
        return int(self.process.memory_info().rss)

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    @property
    def tracebacks(self) -> list[str]:
        """The last line of each that it has written so far."""
        self.errors.seek(0)
        return re.findall(r"^Traceback.*\n(?:[ \n].*\n)+(\S.*)$", self.errors.read(), re.MULTILINE)

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
def serving(*command: str) -> Iterator[Server]:
    """Serve what ``python COMMAND --port PORT`` serves, by default app.py, from a free port until the block ends."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as uploads, tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [sys.executable, *(command or ("app.py",)), "--port", str(port)],
            cwd=ROOT,
            # All requests come from one address, which the page would slow down.
            env={**os.environ, "GRADIO_TEMP_DIR": uploads, "DIGITS_RATE": "0"},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            assert process.stdout is not None
            if not process.stdout.readline().startswith("Open http"):
                process.wait(timeout=30)
                errors.seek(0)
                raise ConnectionError(f"no page was served: {errors.read()}")
            yield Server(port, psutil.Process(process.pid), Path(uploads), errors)
        finally:
            process.terminate()
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise
