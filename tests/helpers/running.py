"""The page in a process of its own, started as a person starts it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

HOST = "127.0.0.1"
ROOT = Path(__file__).parent.parent.parent
#: A 7 on the pad.
DRAWING = {"size": [280, 280], "strokes": [{"width": 16, "points": [[80, 70], [200, 70], [120, 220]]}]}


@dataclass(frozen=True)
class Running:
    """The process, the port where it serves the page, and the file that it writes its errors to."""

    process: subprocess.Popen[str]
    port: int
    errors: IO[str]

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://{HOST}:{self.port}"

    def end(self, number: int) -> tuple[int, str]:
        """Send it a signal: its exit status, and all that it printed since it opened."""
        self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=30)
        return self.process.returncode, out + self.said()

    def said(self) -> str:
        """Its errors so far."""
        self.errors.seek(0)
        return self.errors.read()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def started(*command: str, cwd: Path = ROOT, **environment: str) -> Iterator[Running]:
    """A process that serves a page, from when it says that the page is open until the block ends.

    Args:
        command: takes a ``--port`` and prints "Open http…".
    """
    port = free_port()
    with tempfile.TemporaryFile("a+", encoding="utf-8") as errors:  # a pipe that nobody reads would fill up
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=cwd,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        page = Running(process, port, errors)
        try:
            assert process.stdout is not None
            if not process.stdout.readline().startswith("Open http"):
                process.wait(timeout=30)
                raise ConnectionError(f"no page was served: {page.said()}")
            yield page
        finally:
            process.terminate()
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise


@contextlib.contextmanager
def running(*arguments: str, root: Path = ROOT, cwd: Path | None = None, **environment: str) -> Iterator[Running]:
    """Serve a tree's page on a free port until the block ends."""
    command = [*powerless(), sys.executable, str(root / "app.py"), *arguments]
    with started(*command, cwd=cwd or root, **environment) as page:
        yield page


def powerless() -> list[str]:
    """What goes before a command for root to be held by a file's permissions, as everyone else is."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("setpriv") is None:
        return []
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]
