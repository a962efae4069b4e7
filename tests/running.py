"""The page in a process of its own, started as a person starts it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Running:
    """The process, and the address that it printed."""

    process: subprocess.Popen[str]
    url: str

    def end(self, number: int) -> tuple[int, str]:
        """Send it a signal: its exit status, and all that it printed since it opened."""
        self.process.send_signal(number)
        out, errors = self.process.communicate(timeout=30)
        return self.process.returncode, out + errors


@contextlib.contextmanager
def running(*arguments: str, root: Path = ROOT, cwd: Path | None = None, **environment: str) -> Iterator[Running]:
    """Serve a tree's page on a free port until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*powerless(), sys.executable, str(root / "app.py"), "--port", str(port), *arguments],
        cwd=cwd or root,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Open http"), process.communicate()
        yield Running(process, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.communicate(timeout=30)


def powerless() -> list[str]:
    """What goes before a command for root to be held by a file's permissions, as everyone else is."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("setpriv") is None:
        return []
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]
