"""The page's process: where it listens, where uploads lie meanwhile, and its end."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
from gradio.http_server import LOCALHOST_NAME
from gradio.tunneling import CURRENT_TUNNELS

from model.errors import SettingsError, Term

#: Seconds between clean-ups of uploads, and the age from which they go: nothing a visitor sends is kept.
CLEAN_UP = (600, 1200)


def check_address(host: str | None, port: int | None, *, tunnel: bool = False) -> str | None:
    """A host as gradio writes it, once it is clear that the page can listen there.

    Gradio tries a host that it can't listen on for five seconds a port, and then blames the port.

    Args:
        host: what is asked for; ``None`` for gradio's default.
        port: what is asked for; ``None`` for the first that is free.
        tunnel: visitors come by a tunnel, too, which ends on this machine and says who they are.

    Raises:
        SettingsError: it can't.
    """
    name = (host or LOCALHOST_NAME).strip("[]")
    address = f"{name}:{port}" if port else name
    if port and not 0 < port < 65536:  # of which getaddrinfo takes the last 16 bits
        raise SettingsError("port-out-of-range", address=address)
    try:
        found = socket.getaddrinfo(name, port or 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, place = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SettingsError("no-listening", address=address, reason=reason) from error
    # Gradio asks its own page whether it is up, and would ask a proxy for it.
    kept = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    os.environ["no_proxy"] = ",".join(filter(None, (kept, name, "localhost", "127.0.0.1", "::1")))
    if not tunnel:  # uvicorn would believe whoever is on this machine
        os.environ.setdefault("FORWARDED_ALLOW_IPS", "")
    return f"[{name}]" if ":" in name else host


@contextlib.contextmanager
def uploads() -> Iterator[Path]:
    """A folder of this process alone for what visitors send; it goes when the page ends.

    Gradio's own is shared by all of a machine's pages and users, stays when a page is killed, and keeps uploads that
    broke off, of which gradio knows nothing.

    Raises:
        SettingsError: there is no place to write to.
    """
    given = os.environ.get("GRADIO_TEMP_DIR") or None
    try:
        folder = Path(tempfile.mkdtemp(prefix="digits-", dir=given))
    except OSError as error:
        where = given or Term("temporary-folders")
        raise SettingsError("no-upload-folder", folder=where, reason=error.strerror) from error
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    threading.Thread(target=_clean_up, args=(folder,), daemon=True).start()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clean_up(folder: Path) -> None:
    while folder.is_dir():
        remove_old(folder, CLEAN_UP[1])
        time.sleep(CLEAN_UP[0])


def remove_old(folder: Path, age: float) -> None:
    """Delete every file that came into a folder so many seconds ago, and folders that have been empty for as long."""
    for inside, folders, files in os.walk(folder):  # says nothing when the page ends meanwhile, and with it the folder
        for path in (Path(inside, name) for name in (*folders, *files)):
            with contextlib.suppress(OSError):  # gone meanwhile, or not empty
                if time.time() - path.stat().st_ctime > age:
                    path.rmdir() if path.is_dir() else path.unlink()


def told_to_end() -> threading.Event:
    """What Ctrl-C or SIGTERM sets; the second of them ends the process at once."""
    told = threading.Event()

    def tell(*_: object) -> None:
        told.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, tell)
    return told


def serve_until(told: threading.Event, demo: gr.Blocks) -> None:
    """Wait, then let the page end: it answers what it was asked, takes no more, and says nothing of it."""
    while not told.wait(0.5):  # without a time Windows hears no Ctrl-C
        pass
    with contextlib.redirect_stdout(io.StringIO()):
        demo.close(verbose=False)
        for tunnel in CURRENT_TUNNELS:
            tunnel.kill()
