"""The page's process: where it listens, where it keeps uploads for a while, and how it ends."""

from __future__ import annotations

import contextlib
import gc
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

from model.errors import SettingsError, Term
from ui.server.inside import end_tunnels, end_within
from ui.server.oneline import fall_silent

#: Where gradio listens if nothing else is said.
LOCALHOST = "127.0.0.1"
#: Seconds in which the last answers have to be read once the page ends; gradio itself gives up two seconds later.
LAST_ANSWERS = 3
#: Seconds between clean-ups of uploads.
CLEAN_UP_INTERVAL = 600
#: Seconds after which a clean-up deletes an upload: with the interval half an hour at most, as the page promises.
MAX_AGE = 1200


def check_address(host: str | None, port: int | None, *, tunnel: bool = False) -> str | None:
    """Check that the page can listen on an address; return the host as gradio writes it.

    Without this check gradio tries each port for five seconds and then blames the port.
    It also sets ``no_proxy`` and ``FORWARDED_ALLOW_IPS`` for the addresses.

    Args:
        host: name or address; ``None`` for gradio's default.
        port: 1 to 65535; ``None`` for the first free one.
        tunnel: whether visitors also come through a tunnel, which ends on this machine and names their addresses.

    Raises:
        SettingsError: the page can't listen there.
    """
    name = (host or os.environ.get("GRADIO_SERVER_NAME") or LOCALHOST).strip("[]")
    address = f"{name}:{port}" if port else name
    if port and not 0 < port < 65536:  # getaddrinfo would take the last 16 bits
        raise SettingsError("port-out-of-range", address=address)
    try:
        resolved = socket.getaddrinfo(name, port or 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, socket_address = resolved[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(socket_address)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SettingsError("no-listening", address=address, reason=reason) from error
    # Gradio requests its own page to see whether it is up; that must not go through a proxy.
    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    os.environ["no_proxy"] = ",".join(filter(None, (no_proxy, name, "localhost", "127.0.0.1", "::1")))
    if not tunnel:  # by default uvicorn trusts X-Forwarded-For from this machine
        os.environ.setdefault("FORWARDED_ALLOW_IPS", "")
    return f"[{name}]" if ":" in name else host


@contextlib.contextmanager
def uploads() -> Iterator[Path]:
    """A folder for uploads that belongs to this process alone and is deleted when the page ends.

    Gradio's own folder is shared by all pages and users of a machine, stays when a page is killed, and keeps uploads
    that broke off, which gradio doesn't know of.

    Raises:
        SettingsError: no folder can be made.
    """
    given = os.environ.get("GRADIO_TEMP_DIR") or None
    try:
        folder = Path(tempfile.mkdtemp(prefix="digits-", dir=given))
    except OSError as error:
        where = given or Term("temporary-folders")
        raise SettingsError("no-upload-folder", folder=where, reason=error.strerror) from error
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    ended = threading.Event()
    cleaner = threading.Thread(target=_clean_up, args=(folder, ended), daemon=True)
    cleaner.start()
    try:
        yield folder
    finally:
        ended.set()
        cleaner.join()  # else it might make the folder again
        shutil.rmtree(folder, ignore_errors=True)
        if given is None:
            os.environ.pop("GRADIO_TEMP_DIR", None)
        else:
            os.environ["GRADIO_TEMP_DIR"] = given


def _clean_up(folder: Path, ended: threading.Event) -> None:
    """Remove old uploads until the page ends, whatever becomes of the folder meanwhile."""
    while not ended.is_set():
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)  # whoever tidies temporary folders may have taken it
            remove_old(folder, MAX_AGE)
        ended.wait(CLEAN_UP_INTERVAL)


def remove_old(folder: Path, age: float) -> None:
    """Delete files that came into a folder more than ``age`` seconds ago, and folders that are empty for as long."""
    for parent, folders, files in os.walk(folder):  # os.walk ignores it when the folder is deleted meanwhile
        for path in (Path(parent, name) for name in (*folders, *files)):
            with contextlib.suppress(OSError):  # deleted meanwhile, or a folder that isn't empty
                if time.time() - path.stat().st_ctime > age:
                    path.rmdir() if path.is_dir() else path.unlink()


def stop_signal() -> threading.Event:
    """An event that the first Ctrl-C or SIGTERM sets; a second one ends the process at once."""
    stop = threading.Event()

    def set_stop(*_: object) -> None:
        stop.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, set_stop)
    return stop


def serve_until(stop: threading.Event, demo: gr.Blocks) -> None:
    """Wait for ``stop``, then close the page: it answers pending requests, accepts no more, and prints nothing."""
    end_within(demo, LAST_ANSWERS)
    gc.freeze()  # the page is built, and stays
    while not stop.wait(0.5):  # without a timeout Windows doesn't notice Ctrl-C
        pass
    fall_silent()
    with contextlib.redirect_stdout(io.StringIO()):
        demo.close(verbose=False)
        end_tunnels()
